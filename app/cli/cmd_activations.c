/* cmd_activations.c - writes one layer's map as a NumPy file. */
#include "app/cli/open.h"
#include "engine/io/npy.h"
#include "engine/net/explain.h"

#include <stdlib.h>

/* `NAME:pre`: the map before ReLU, from the map of the layer's input. */
static bool before_relu(const Source *source, Run *run, int layer, float *out, Err *err)
{
    const Net *net = source->net;
    int below = net->layers[layer].inputs[0];
    const float **maps = calloc((size_t)net->layer_count, sizeof *maps);
    float *input = malloc(shape_size(net->layers[below].out) * sizeof *input);
    bool good = maps != NULL && input != NULL;
    if (good) {
        run_activation(run, below, 0, input);
        maps[below] = input;
        explain_pre_map(net, source->weights, maps, layer, out);
    }
    free(maps);
    free(input);
    return good || err_set(err, "not enough memory for the map");
}

/* The map that the address names, C x H x W; from malloc. */
static float *compute(const Source *source, const Engine *engine, Address address, const float *x, Err *err)
{
    const Layer *layer = &source->net->layers[address.layer];
    RunOptions options = {.batch = 1, .heads = layer->head > 0};
    Run *run = run_new(engine, source->net, &options, err);
    if (run == NULL)
        return NULL;
    run_weights(run, source->weights);
    run_input(run, x, 1);
    run_forward(run);
    float *map = malloc(shape_size(layer->out) * sizeof *map);
    if (map == NULL) {
        err_set(err, "not enough memory for the map");
    } else if (address.pre && layer->relu) {
        if (!before_relu(source, run, address.layer, map, err)) {
            free(map);
            map = NULL;
        }
    } else {
        run_activation(run, address.layer, 0, map);
    }
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
    float *x = NULL, *map = NULL;
    bool good = net_address(source.net, layer, &address, &err);
    if (!good)
        cli_complain("%s", err.text);
    else
        good = (x = cli_read_picture(image, source.net)) != NULL;
    if (good) {
        Shape shape = source.net->layers[address.layer].out;
        map = compute(&source, engine_named(engine), address, x, &err);
        size_t plane = map != NULL ? (size_t)shape.h * (size_t)shape.w : 0;
        bool one = address.channel >= 0;
        good = map != NULL && npy_save(out, map + (one ? (size_t)address.channel * plane : 0), one ? 1 : shape.c,
                                       shape.h, shape.w, &err);
        if (!good)
            cli_complain("%s", err.text);
    }
    free(x);
    free(map);
    source_free(&source);
    return good ? EXIT_OK : EXIT_INPUT;
}
