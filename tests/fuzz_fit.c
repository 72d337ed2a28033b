/* fuzz_fit.c - libFuzzer target of a weight file's whole way: recognised, parsed, fitted to tiny.net, and taken for a training. Mutations keep
 * the containers whole (fuzz_mutate.h), so that what comes behind the parsers is reached. */
#include "engine/io/weights.h"
#include "tests/fuzz_file.h"
#include "tests/fuzz_mutate.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);
size_t LLVMFuzzerCustomMutator(unsigned char *bytes, size_t size, size_t most, unsigned seed);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    FuzzFile file = fuzz_file(bytes, size);
    Err err;
    Net *net;
    float *weights;
    WeightsInfo info;
    if (weights_load(file.path, "tiny", "assets/networks", &net, &weights, &info, &err)) {
        volatile float last = 0;
        for (size_t i = 0; i < net->weight_count; i++)
            last = weights[i]; /* each is there to be read */
        (void)last;
        weights_info_free(&info);
        free(weights);
        net_free(net);
    }
    WeightsTaken taken;
    const NetOptions options = {.classes = 3};
    char *classes[] = {"a", "b", "c"};
    if (weights_take(file.path, "tiny", "assets/networks", &options, classes, &taken, &err))
        weights_taken_free(&taken);
    fuzz_file_end(&file);
    return 0;
}

size_t LLVMFuzzerCustomMutator(unsigned char *bytes, size_t size, size_t most, unsigned seed)
{
    size_t changed = 0;
    if (seed % 8 != 0) { /* one in eight is plain */
        if (size > 4 && memcmp(bytes, "PK\3\4", 4) == 0)
            changed = mutate_zip(bytes, size, most, seed / 8, mutate_pickle);
        else if (size > 2 && bytes[0] == 0x80)
            changed = mutate_pickle(bytes, size, most, seed / 8);
        else if ((changed = mutate_safetensors(bytes, size, most, seed / 8)) == 0)
            changed = mutate_wire(bytes, size, most, seed / 8);
    }
    return changed > 0 ? changed : LLVMFuzzerMutate(bytes, size, most);
}
