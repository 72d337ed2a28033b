/* fuzz_net.c - libFuzzer target of the network descriptions: reading, counting, judging the claims, and computing the small ones. */
#include "engine/net/audit.h"
#include "engine/net/run.h"

#include <stdlib.h>

enum { MACS_MOST = 2000000, VALUES_MOST = 4000000 };

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

/* One forward pass with the numbers that the description gives, or with zeros. */
static void compute(const Net *net, const Trace *trace)
{
    Err err;
    const RunOptions options = {.batch = 1, .threads = 1, .heads = true};
    const size_t input = shape_size(net->input);
    if (trace->training.macs > MACS_MOST || trace->training.values > VALUES_MOST || input > VALUES_MOST || net->weight_count > VALUES_MOST)
        return;
    Run *run = run_new(&reference_engine, net, &options, &err);
    float *zeros = calloc(net->weight_count + input + 1, sizeof *zeros);
    if (run != NULL && zeros != NULL) {
        run_weights(run, net->given_weights != NULL ? net->given_weights : zeros);
        run_input(run, net->given_input != NULL ? net->given_input : zeros, 1);
        run_forward(run);
    }
    run_free(run);
    free(zeros);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const NetOptions options[] = {{.classes = 0}, {.classes = 3, .no_heads = true}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        Err err;
        Trace trace;
        Audit audit;
        Net *net = net_parse((const char *)bytes, size, "fuzz", &options[i], &err);
        if (net == NULL)
            continue;
        net_need_losses(net, &err);
        for (int h = 0; h < net->head_count; h++)
            assert(net_scorer(net, h) < net->layer_count);
        if (trace_make(net, &trace, &err)) {
            if (audit_make(&trace, NULL, &audit, &err))
                audit_free(&audit);
            if (run_takes(net, &err))
                compute(net, &trace);
            trace_free(&trace);
        }
        net_free(net);
    }
    return 0;
}
