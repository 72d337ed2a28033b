/* dump_wants.c - what tests/oracle_wants.py runs: makes one picture and writes the gradient of each of its first two steps and its numbers after it,
 * raw float32. Prints the objective of every step. Not a test by itself.
 *
 *   dump_wants NETWORKS_DIR NETWORK WEIGHTS UNIT ENGINE SIZE SEED STEPS FLAGS OUT
 *
 * FLAGS: letters n (neuron), p (pixels), s (still), or "-". */
#include "engine/io/image.h"
#include "engine/io/weights.h"
#include "engine/train/wants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *text)
{
    fprintf(stderr, "dump_wants: %s\n", text);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 11)
        return fail("NETWORKS_DIR NETWORK WEIGHTS UNIT ENGINE SIZE SEED STEPS FLAGS OUT");
    Err err = {""};
    Net *net;
    float *weights;
    WeightsInfo info;
    Address at;
    Want want;
    if (!weights_load(argv[3], argv[2], argv[1], &net, &weights, &info, &err) || !net_address(net, argv[4], &at, &err))
        return fail(err.text);
    const Engine *engine = strcmp(argv[5], "fast") == 0 ? &fast_engine : &reference_engine;
    WantsNet *wants = wants_open(engine, net, weights, at.layer, atoi(argv[6]), 1, 2, &err);
    const WantOptions options = {.channel = at.channel, .seed = strtoull(argv[7], NULL, 10), .neuron = strchr(argv[9], 'n') != NULL,
                                 .pixels = strchr(argv[9], 'p') != NULL, .still = strchr(argv[9], 's') != NULL};
    FILE *out = fopen(argv[10], "wb");
    if (wants == NULL || out == NULL || !want_start(wants, &options, &want))
        return fail(err.text);
    for (int step = 0; step < atoi(argv[8]); step++) {
        wants_step(wants, &(Want *){&want}, 1);
        printf("%.9g\n", (double)want.value);
        if (step >= 2)
            continue;
        fwrite(want.gradient, sizeof *want.gradient, want.count, out);
        fwrite(want.param, sizeof *want.param, want.count, out);
    }
    want_free(&want);
    wants_close(wants);
    weights_info_free(&info);
    free(weights);
    net_free(net);
    return fclose(out) == 0 ? 0 : fail("the file could not be written");
}
