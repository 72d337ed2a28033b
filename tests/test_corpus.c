/* test_corpus.c - the fuzz targets on their seeds and on some mutations of them, the same ones every time; `make fuzz` goes on from there. What a
 * sanitizer would say is this test's failure. */
#include "tests/check.h"

#include <glob.h>

#define LLVMFuzzerTestOneInput fuzz_weights
#include "tests/fuzz_weights.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_image
#include "tests/fuzz_image.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_labels
#include "tests/fuzz_labels.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_net
#include "tests/fuzz_net.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_logs
#include "tests/fuzz_logs.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_lesson
#include "tests/fuzz_lesson.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_expr
#include "tests/fuzz_expr.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_state
#include "tests/fuzz_state.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_fit
#define LLVMFuzzerCustomMutator mutate_fit
#include "tests/fuzz_fit.c"
#undef LLVMFuzzerTestOneInput
#undef LLVMFuzzerCustomMutator
#define LLVMFuzzerTestOneInput fuzz_checkpoint
#define LLVMFuzzerCustomMutator mutate_checkpoint
#include "tests/fuzz_checkpoint.c"
#undef LLVMFuzzerTestOneInput
#undef LLVMFuzzerCustomMutator

#include "engine/base/rng.h"

enum { INPUT_MOST = 16384 };

/* The fuzzer's own mutation, in its place: a byte changes, goes, or comes. */
size_t LLVMFuzzerMutate(unsigned char *bytes, size_t size, size_t most)
{
    static Rng rng; /* the same sequence in every run */
    if (size == 0)
        return 0;
    const size_t at = rng_below(&rng, (uint32_t)size);
    switch (rng_below(&rng, 3)) {
    case 0:
        bytes[at] = (unsigned char)rng_below(&rng, 256);
        return size;
    case 1:
        memmove(bytes + at, bytes + at + 1, size - at - 1);
        return size > 1 ? size - 1 : size;
    default:
        if (size == most)
            return size;
        memmove(bytes + at + 1, bytes + at, size - at);
        bytes[at] = (unsigned char)"0919-.{}\xff"[rng_below(&rng, 9)];
        return size + 1;
    }
}

static size_t mutate_plain(unsigned char *bytes, size_t size, size_t most, unsigned seed)
{
    (void)seed;
    return LLVMFuzzerMutate(bytes, size, most);
}

static const struct {
    int (*target)(const unsigned char *bytes, size_t size);
    size_t (*mutate)(unsigned char *bytes, size_t size, size_t most, unsigned seed);
    const char *seeds[3];
    unsigned mutations;         /* of each seed */
} rows[] = {
    {fuzz_weights, mutate_plain, {"tests/corpus/good_*", "tests/corpus/bad_*"}, 20},
    {fuzz_fit, mutate_fit, {"tests/corpus/good_*"}, 40},
    {fuzz_checkpoint, mutate_checkpoint, {"tests/corpus/state_recent"}, 200}, /* it makes its own seed */
    {fuzz_image, mutate_plain, {"tests/corpus/*.jpg", "tests/corpus/*.png", "tests/pictures/*"}, 1},
    {fuzz_labels, mutate_plain, {"tests/corpus/labels_*"}, 60},
    {fuzz_net, mutate_plain, {"tests/nets/*.net", "assets/networks/tiny.net"}, 60},
    {fuzz_logs, mutate_plain, {"tests/corpus/log_*", "assets/weights/flowers.confusion.csv"}, 100},
    {fuzz_lesson, mutate_plain, {"lessons/exercises/en/*", "lessons/en/12*"}, 12},
    {fuzz_expr, mutate_plain, {"tests/corpus/expr_*"}, 100},
    {fuzz_state, mutate_plain, {"tests/corpus/state_*"}, 100},
};

static int run(size_t row, const char *path)
{
    static unsigned char bytes[INPUT_MOST];
    Err err;
    unsigned char *seed;
    size_t seed_size;
    CHECK(file_read(path, 64 << 20, NULL, &seed, &seed_size, &err), "%s", err.text);
    rows[row].target(seed, seed_size);
    int count = 1;
    for (unsigned i = 0; i < rows[row].mutations && seed_size <= INPUT_MOST / 2; i++, count++) {
        memcpy(bytes, seed, seed_size);
        size_t size = seed_size;
        for (unsigned k = 0; k <= i % 3; k++)
            size = rows[row].mutate(bytes, size, INPUT_MOST, i * 2654435761u + k * 977);
        rows[row].target(bytes, size);
    }
    free(seed);
    return count;
}

static void every_target(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        int inputs = 0;
        for (size_t s = 0; s < 3 && rows[r].seeds[s] != NULL; s++) {
            glob_t found;
            CHECK(glob(rows[r].seeds[s], 0, NULL, &found) == 0, "no %s", rows[r].seeds[s]);
            for (size_t i = 0; i < found.gl_pathc; i++)
                inputs += run(r, found.gl_pathv[i]);
            globfree(&found);
        }
        assert_true(inputs > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_target)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
