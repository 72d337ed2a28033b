/* fuzz_net.c - libFuzzer target of the network descriptions. */
#include "engine/net/net.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    Err err;
    net_free(net_parse((const char *)bytes, size, "fuzz", NULL, &err));
    return 0;
}
