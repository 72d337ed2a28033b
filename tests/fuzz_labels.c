/* fuzz_labels.c - libFuzzer target of the class name files. */
#include "engine/io/labels.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    char **labels;
    int count;
    Err err;
    if (labels_parse((const char *)bytes, size, "fuzz", &labels, &count, &err))
        labels_free(labels, count);
    return 0;
}
