/* seeded.h - the weights and the picture of tests/oracle.py, made again in C from the same integers, so that nothing big
 * is committed. For test files. */
#ifndef INCEPTOSCOPE_TESTS_SEEDED_H
#define INCEPTOSCOPE_TESTS_SEEDED_H

#include "engine/io/image.h"
#include "engine/io/weights.h"
#include "engine/io/weights_names.h"
#include "tests/check.h"

static inline uint64_t seeded_name_hash(const char *name)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++)
        value = (value ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return value;
}

/* The rule of `seeded` in oracle_nets.py; from malloc. */
static inline float *seeded_weights(const Net *net, uint64_t seed)
{
    float *weights = malloc(net->weight_count * sizeof *weights);
    assert_non_null(weights);
    for (int p = 0; p < net->param_count; p++) {
        const Param *param = &net->params[p];
        char name[160];
        param_torch_name(net, p, name, sizeof name);
        const Rng rng = rng_make(seed, seeded_name_hash(name));
        int fan_in = 1;
        for (int d = 1; d < param->dim_count; d++)
            fan_in *= param->dims[d];
        const double bound = sqrt(6.0 / fan_in);
        for (size_t i = 0; i < param->count; i++) {
            const double u = rng_uniform_at(rng, i);
            double value = (u - 0.5) * 0.2;
            if (param->dim_count > 1)
                value = (u - 0.5) * 2 * bound;
            else if (param->kind == PARAM_BN_GAMMA || param->kind == PARAM_BN_VAR)
                value = u + 0.5;
            weights[param->offset + i] = (float)value;
        }
    }
    return weights;
}

/* `picture` of oracle.py, taken through the decoder and the network's preprocessing; from malloc. */
static inline float *seeded_input(const Net *net)
{
    enum { W = 310, H = 230 };
    static unsigned char file[32 + W * H * 3];
    size_t size = (size_t)snprintf((char *)file, 32, "P6\n%d %d\n255\n", W, H);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            file[size++] = (unsigned char)((128 + ((x - W / 2) * (x - W / 2) + (y - H / 2) * (y - H / 2)) / 97) % 256);
            file[size++] = (unsigned char)((x * 3 + y) % 256);
            file[size++] = (unsigned char)((x / 16 + y / 16) % 2 * 200 + x * y % 56);
        }
    Err err = {""};
    Image image, fitted;
    CHECK(image_decode(file, size, "picture.ppm", &image, &err), "%s", err.text);
    CHECK(image_fit(&image, net, &fitted, NULL, &err), "%s", err.text);
    float *x = malloc(shape_size(net->input) * sizeof *x);
    assert_non_null(x);
    image_values(&fitted, net, x);
    image_free(&image);
    image_free(&fitted);
    return x;
}

/* The published BVLC weights and their network; the test is skipped where they are not. */
static inline float *published_weights(Net **net)
{
    const char *path = test_data("weights/bvlc_googlenet.safetensors");
    Err err = {""};
    float *weights;
    WeightsInfo info;
    if (path == NULL)
        skip();
    CHECK(weights_load(path, NULL, "assets/networks", net, &weights, &info, &err), "%s", err.text);
    weights_info_free(&info);
    assert_string_equal((*net)->name, "bvlc_googlenet");
    return weights;
}

static inline Net *seeded_net(const char *name)
{
    Err err = {""};
    Net *net = net_open(name, "assets/networks", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    return net;
}

#endif
