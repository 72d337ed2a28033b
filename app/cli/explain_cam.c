/* explain_cam.c - `explain cam --class N --out F.png`: the class activation map over the picture. */
#include "app/cli/explain_forms.h"
#include "app/cli/heat.h"
#include "app/cli/open.h"
#include "engine/net/cam.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Wanted { const char *out, *image; int class_index; } Wanted;

typedef struct ClassMap {
    Shape shape;                /* of the map, c is 1 */
    float *values;
    float bias, score;
    double mean;
    float reach;                /* the largest magnitude: both ends of the colour map */
} ClassMap;

static bool compute(const Source *source, const Image *fitted, int class_index, int layer, ClassMap *cam, Err *err)
{
    const Net *net = source->net;
    const Shape s = net->layers[layer].out;
    const size_t plane = (size_t)s.h * (size_t)s.w;
    const RunOptions options = {.batch = 1};
    float *x = malloc(shape_size(net->input) * sizeof *x), *map = malloc(shape_size(s) * sizeof *map);
    float *scores = malloc((size_t)net_scores(net, 0) * sizeof *scores);
    cam->values = malloc(plane * sizeof *cam->values);
    Run *run = NULL;
    bool good = x != NULL && map != NULL && scores != NULL && cam->values != NULL;
    if (!good)
        err_set(err, "not enough memory");
    else
        good = (run = run_new(engine_named(NULL), net, &options, err)) != NULL;
    if (good) {
        image_values(fitted, net, x);
        run_weights(run, source->weights);
        run_input(run, x, 1);
        run_forward(run);
        run_activation(run, layer, 0, map);
        run_activation(run, net->heads[0].logits, 0, scores);
        cam->shape = (Shape){1, 1, s.h, s.w};
        cam->score = scores[class_index];
        cam->bias = cam_compute(net, source->weights, map, class_index, cam->values);
        for (size_t i = 0; i < plane; i++) {
            cam->mean += (double)cam->values[i] / (double)plane;
            cam->reach = fmaxf(cam->reach, fabsf(cam->values[i]));
        }
    }
    run_free(run);
    free(x);
    free(map);
    free(scores);
    return good;
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    const Net *net = source->net;
    Image fitted;
    ClassMap cam = {.reach = 0};
    const int layer = cam_layer(net, err);
    if (layer < 0 || !net_need_class(net, w->class_index, err) || !cli_fit_picture(w->image, net, &fitted))
        return false;
    const bool good = compute(source, &fitted, w->class_index, layer, &cam, err) &&
                      heat_save(w->out, &fitted, &(Heat){cam.values, cam.shape.h, cam.shape.w, cam.reach}, err);
    if (good) {
        const char *label = source_label(source, w->class_index);
        printf("class %d %s\nscore %.6g = bias %.6g + mean of the map %.6g\nmap %dx%d, blue up to %.6g for the class, white 0, orange down to -%.6g against it: %s\n", w->class_index,
               label, (double)cam.score, (double)cam.bias, cam.mean, cam.shape.h, cam.shape.w, (double)cam.reach, (double)cam.reach, w->out);
    }
    free(cam.values);
    image_free(&fitted);
    return good;
}

int explain_cam(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *image;
    Wanted w = {.class_index = INT_MIN}; /* not given */
    int image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL},
        {"--class", OPT_INT, &w.class_index, NULL}, {"--out", OPT_STRING, &w.out, NULL},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (w.class_index == INT_MIN || w.out == NULL || image_count == 0) {
        cli_complain("explain cam: needs --class N, --out F.png and a picture");
        return EXIT_USAGE;
    }
    w.image = image;
    return cli_with_main_path(weights, network, explain_in, &w);
}
