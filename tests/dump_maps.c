/* dump_maps.c - what tests/oracle.py runs: computes one picture and writes every layer's map, and on request every
 * parameter's gradient or the gradients by every map, as raw float32 in the order that OUT.txt lists. Not a test by itself.
 *
 *   dump_maps NETWORKS_DIR NETWORK WEIGHTS IMAGE ENGINE OUT [LABEL AUX_WEIGHT DROPOUT_SEED | REQUESTS]
 *
 * OUT.txt: a line "map INDEX NAME C H W" per layer, then "grad TENSOR_NAME COUNT" per parameter. With LABEL the network is
 * also run backward from the cross-entropy of every head; DROPOUT_SEED 0 leaves dropout off. Each line of REQUESTS is what run_gradient
 * begins with, LAYER BEFORE_RELU and then INDEX VALUE of the seed's elements that are not 0; request R gives lines
 * "request-map R NAME C H W" and "request-shift R NAME C". */
#include "engine/io/image.h"
#include "engine/io/weights.h"
#include "engine/io/weights_names.h"
#include "engine/net/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *text)
{
    fprintf(stderr, "dump_maps: %s\n", text);
    return 1;
}

static void write_maps(Run *run, bool heads, FILE *list, FILE *data)
{
    for (int l = 0; l < run->net->layer_count; l++) {
        const Layer *layer = &run->net->layers[l];
        if (layer->head > 0 && !heads)
            continue;
        const size_t count = shape_size(layer->out);
        float *map = malloc(count * sizeof *map);
        if (map == NULL)
            exit(fail("no memory"));
        run_activation(run, l, 0, map);
        fprintf(list, "map %d %s %d %d %d\n", l, layer->name, layer->out.c, layer->out.h, layer->out.w);
        fwrite(map, sizeof *map, count, data);
        free(map);
    }
}

static void write_gradients(Run *run, int label, float aux_weight, FILE *list, FILE *data)
{
    const Net *net = run->net;
    float *dlogits[HEADS_MAX] = {NULL};
    float *grads = calloc(net->weight_count, sizeof *grads);
    for (int h = 0; h < net->head_count; h++) {
        const float weight = h == 0 ? 1 : aux_weight;
        const int classes = net_scores(net, h);
        float *logits = malloc((size_t)classes * sizeof *logits);
        if (logits == NULL || grads == NULL)
            exit(fail("no memory"));
        run_activation(run, net->heads[h].logits, 0, logits);
        if (weight > 0 && (dlogits[h] = calloc((size_t)classes, sizeof *dlogits[h])) != NULL)
            cross_entropy_backward(dlogits[h], logits, &label, 1, classes, 0, weight);
        free(logits);
    }
    run_backward(run, dlogits, grads);
    for (int p = 0; p < net->param_count; p++) {
        char name[160];
        param_torch_name(net, p, name, sizeof name);
        fprintf(list, "grad %s %zu\n", name, net->params[p].count);
        fwrite(grads + net->params[p].offset, sizeof *grads, net->params[p].count, data);
    }
    for (int h = 0; h < net->head_count; h++)
        free(dlogits[h]);
    free(grads);
}

static void write_request(Run *run, int request, const Gradient *gradient, FILE *list, FILE *data)
{
    run_gradient(run, gradient);
    for (int l = 0; l < run->net->layer_count; l++) {
        const Layer *layer = &run->net->layers[l];
        if (!run->way[l])
            continue;
        float *values = malloc(shape_size(layer->out) * sizeof *values);
        if (values == NULL)
            exit(fail("no memory"));
        run_map_gradient(run, l, 0, values);
        fprintf(list, "request-map %d %s %d %d %d\n", request, layer->name, layer->out.c, layer->out.h, layer->out.w);
        fwrite(values, sizeof *values, shape_size(layer->out), data);
        if (layer->op == OP_CONV || layer->op == OP_FC) {
            run_shift_gradient(run, l, 0, values);
            fprintf(list, "request-shift %d %s %d\n", request, layer->name, layer->out.c);
            fwrite(values, sizeof *values, (size_t)layer->out.c, data);
        }
        free(values);
    }
}

static void write_requests(Run *run, const char *path, FILE *list, FILE *data)
{
    FILE *file = fopen(path, "r");
    char *line = NULL, *rest, *word;
    size_t room = 0;
    if (file == NULL)
        exit(fail("cannot read the requests"));
    for (int request = 0; getline(&line, &room, file) > 0; request++) {
        Address address;
        if ((word = strtok_r(line, " \n", &rest)) == NULL || !net_address(run->net, word, &address, NULL))
            exit(fail("a request does not begin with a layer"));
        float *seed = calloc(shape_size(run->net->layers[address.layer].out), sizeof *seed);
        if (seed == NULL)
            exit(fail("no memory"));
        const bool before = atoi(strtok_r(NULL, " \n", &rest)) != 0;
        while ((word = strtok_r(NULL, " \n", &rest)) != NULL)
            seed[atoi(word)] = strtof(strtok_r(NULL, " \n", &rest), NULL);
        write_request(run, request, &(Gradient){.from = address.layer, .before_relu = before, .seed = seed}, list, data);
        free(seed);
    }
    free(line);
    fclose(file);
}

int main(int argc, char **argv)
{
    if (argc < 7 || argc > 10 || argc == 9)
        return fail("NETWORKS_DIR NETWORK WEIGHTS IMAGE ENGINE OUT [LABEL AUX_WEIGHT DROPOUT_SEED | REQUESTS]");
    Err err = {""};
    Net *net;
    float *weights;
    WeightsInfo info;
    Image image, fitted;
    if (!weights_load(argv[3], argv[2], argv[1], &net, &weights, &info, &err) || !image_load(argv[4], &image, &err) ||
        !image_fit(&image, net, &fitted, NULL, &err))
        return fail(err.text);
    float *x = malloc(shape_size(net->input) * sizeof *x);
    if (x == NULL)
        return fail("no memory");
    image_values(&fitted, net, x);

    const bool backward = argc == 10;
    const RunOptions options = {.batch = 1, .threads = 2, .training = backward, .heads = info.heads, .gradients = argc == 8};
    Run *run = run_new(strcmp(argv[5], "fast") == 0 ? &fast_engine : &reference_engine, net, &options, &err);
    if (run == NULL)
        return fail(err.text);
    run_weights(run, weights);
    run_input(run, x, 1);
    const uint64_t dropout_seed = backward ? strtoull(argv[9], NULL, 10) : 0;
    run->dropout = dropout_seed != 0;
    run->dropout_rng = rng_make(dropout_seed, 0);
    run_forward(run);

    char path[4096];
    snprintf(path, sizeof path, "%s.txt", argv[6]);
    FILE *list = fopen(path, "w");
    snprintf(path, sizeof path, "%s.bin", argv[6]);
    FILE *data = fopen(path, "wb");
    if (list == NULL || data == NULL)
        return fail("cannot write the output");
    write_maps(run, info.heads, list, data);
    if (backward)
        write_gradients(run, atoi(argv[7]), strtof(argv[8], NULL), list, data);
    else if (argc == 8)
        write_requests(run, argv[7], list, data);
    const bool written = fclose(list) == 0 && fclose(data) == 0;
    run_free(run);
    free(x);
    image_free(&image);
    image_free(&fitted);
    weights_info_free(&info);
    free(weights);
    net_free(net);
    return written ? 0 : fail("cannot write the output");
}
