/* fuzz_weights.c - libFuzzer target of every weight format: whatever the bytes are, parsing stays inside them, leaks
 * nothing, and every tensor that comes out can be read. `make fuzz` runs it; the corpus is tests/corpus. */
#include "engine/io/weights.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    unsigned char *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL || size == 0) {
        free(copy);
        return 0;
    }
    memcpy(copy, bytes, size);
    Err err;
    TensorFile *file = tensor_file_parse(copy, size, "fuzz", &err);
    for (int i = 0; file != NULL && i < file->count; i++) {
        const FileTensor *t = &file->tensors[i];
        if (t->count == 0 || t->dtype == DTYPE_OTHER)
            continue;
        volatile float first = tensor_element(t, 0), last = tensor_element(t, t->count - 1);
        (void)first;
        (void)last;
    }
    tensor_file_free(file);
    return 0;
}
