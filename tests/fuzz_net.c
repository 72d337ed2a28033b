/* fuzz_net.c - libFuzzer target of the network descriptions: reading, counting, judging the claims. */
#include "engine/net/audit.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

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
            trace_free(&trace);
        }
        net_free(net);
    }
    return 0;
}
