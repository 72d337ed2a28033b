/* dump_maps.c - what tests/oracle.py runs: computes one picture and writes every layer's map, and on request every
 * parameter's gradient, as raw float32 in the order that OUT.txt lists. Not a test by itself.
 *
 *   dump_maps NETWORKS_DIR NETWORK WEIGHTS IMAGE ENGINE OUT [LABEL AUX_WEIGHT DROPOUT_SEED]
 *
 * OUT.txt: a line "map INDEX NAME C H W" per layer, then "grad TENSOR_NAME COUNT" per parameter. With LABEL the network is
 * also run backward from the cross-entropy of every head; DROPOUT_SEED 0 leaves dropout off. */
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

int main(int argc, char **argv)
{
    if (argc != 7 && argc != 10)
        return fail("NETWORKS_DIR NETWORK WEIGHTS IMAGE ENGINE OUT [LABEL AUX_WEIGHT DROPOUT_SEED]");
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
    const RunOptions options = {.batch = 1, .threads = 2, .training = backward, .heads = info.heads};
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
