/* cmd_activations.c - writes one layer's map as a NumPy file. */
#include "app/cli/open.h"
#include "engine/io/npy.h"

#include <stdlib.h>

/* The map that the address names, C x H x W, or one channel of it; from malloc. */
static float *compute(const Source *source, const Engine *engine, Address address, const float *x, Shape *shape, Err *err)
{
    const Layer *layer = &source->net->layers[address.layer];
    RunOptions options = {.batch = 1, .heads = layer->head > 0};
    Run *run = run_new(engine, source->net, &options, err);
    if (run == NULL)
        return NULL;
    run_weights(run, source->weights);
    run_input(run, x, 1);
    run_forward(run);
    *shape = layer->out;
    float *map = malloc(shape_size(layer->out) * sizeof *map);
    if (map == NULL)
        err_set(err, "not enough memory for the map");
    else
        run_activation(run, address.layer, 0, map);
    run_free(run);
    return map;
}

int cmd_activations(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *engine = NULL, *layer = NULL, *out = NULL, *image;
    int image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL},       {"--network", OPT_STRING, &network, NULL},
        {"--engine", OPT_STRING, &engine, engine_names}, {"--layer", OPT_STRING, &layer, NULL},
        {"--out", OPT_STRING, &out, NULL},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (layer == NULL || out == NULL || image_count == 0) {
        cli_complain("activations: needs --layer NAME, --out F.npy and a picture");
        return EXIT_USAGE;
    }
    Source source;
    if (!cli_open_source(&source, weights, network))
        return EXIT_INPUT;
    Err err;
    Address address;
    Shape shape;
    float *x = NULL, *map = NULL;
    bool good = net_address(source.net, layer, &address, &err);
    if (!good)
        cli_complain("%s", err.text);
    else
        good = (x = cli_read_picture(image, source.net)) != NULL;
    if (good) {
        map = compute(&source, engine_named(engine), address, x, &shape, &err);
        size_t plane = map != NULL ? (size_t)shape.h * (size_t)shape.w : 0;
        bool one = address.channel >= 0;
        good = map != NULL && npy_save(out, map + (one ? (size_t)address.channel * plane : 0), one ? 1 : shape.c, shape.h, shape.w, &err);
        if (!good)
            cli_complain("%s", err.text);
    }
    free(x);
    free(map);
    source_free(&source);
    return good ? EXIT_OK : EXIT_INPUT;
}
