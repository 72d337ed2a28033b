/* test_layer_kernels.c - weights as the weights view shows them: groups of input channels, means of slices, colours in their places. */
#include "app/model/layer_kernels.h"
#include "tests/check.h"

static Net *small_net(void)
{
    Err err = {""};
    Net *net = net_open("tests/nets/small.net", "tests/nets", &(NetOptions){0}, &err);
    CHECK(net != NULL, "%s", err.text);
    return net;
}

static int layer_named(const Net *net, const char *name)
{
    for (int i = 0; i < net->layer_count; i++)
        if (strcmp(net->layers[i].name, name) == 0)
            return i;
    CHECK(false, "no layer %s", name);
    return -1;
}

/* inception_3a puts out 4 + 8 + 4 + 3 channels. */
static void groups_are_the_branches(void **state)
{
    static const struct { int first, count; const char *from; } want[BRANCH_COUNT] = {
        {0, 4, "inception_3a/1x1"}, {4, 8, "inception_3a/3x3"}, {12, 4, "inception_3a/5x5"}, {16, 3, "inception_3a/pool_proj"}};
    (void)state;
    Net *net = small_net();
    float *weights = calloc(net->weight_count, sizeof *weights);
    const int layer = layer_named(net, "inception_3b/3x3_reduce");
    LayerKernels k = layer_kernels(net, weights, layer);
    CHECK(k.count == 5 && k.channels == 19 && k.k == 1 && k.taps == 1, "%d kernels of %d channels, k %d", k.count, k.channels, k.k);
    assert_ptr_equal(k.w, weights + net->params[net->layers[layer].weight].offset);
    assert_int_equal(k.group_count, BRANCH_COUNT);
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const KernelGroup *g = &k.group[b];
        CHECK(g->first == want[b].first && g->count == want[b].count && g->branch == (Branch)b, "branch %d: %d + %d", b, g->first, g->count);
        assert_string_equal(net->layers[g->layer].name, want[b].from);
    }
    k = layer_kernels(net, weights, layer_named(net, "conv1"));
    CHECK(k.count == 8 && k.channels == 3 && k.k == 7 && k.group_count == 1 && k.group[0].branch == BRANCH_NONE, "conv1: %d groups", k.group_count);
    k = layer_kernels(net, weights, layer_named(net, "fc")); /* behind an average and dropout channels keep their places */
    CHECK(k.count == 7 && k.k == 1 && k.group_count == BRANCH_COUNT && k.group[1].first == 7, "fc: %d groups", k.group_count);
    free(weights);
    net_free(net);
}

/* Two kernels of three channels with two by two taps; the first channel is a group of its own. */
static const float numbers[2 * 3 * 4] = {
    1, -1, 1, -1, /**/ 2, 2, -2, 2, /**/ 0, 0, 0, 4,
    0, 0, 0, 0,   /**/ 1, 0, 0, 0,  /**/ -8, 0, 0, 0,
};

static LayerKernels by_hand(void)
{
    return (LayerKernels){.w = numbers, .groups = 1, .count = 2, .channels = 3, .k = 2, .taps = 4, .group_count = 2,
                          .group = {{0, 1, BRANCH_1X1, 1}, {1, 2, BRANCH_3X3, 2}}};
}

/* The kernels have 16 and 9 in all, their slices 4, 8, 4 and 0, 1, 8: of equal ones the first comes first. */
static void ranks_are_by_the_sum(void **state)
{
    static const int inputs[2][3] = {{1, 0, 2}, {2, 1, 0}};
    const LayerKernels k = by_hand();
    WeightRanks r = {0};
    (void)state;
    for (int kernel = 0; kernel < 2; kernel++) {
        assert_true(rank_inputs(&k, kernel, (uint64_t)kernel + 1, &r));
        for (int i = 0; i < 3; i++)
            CHECK(r.count == 3 && r.order[i] == inputs[kernel][i], "kernel %d: place %d has input %d", kernel, i, r.order[i]);
    }
    assert_true(rank_inputs(&k, 0, 2, &r) && r.order[0] == 2); /* the same version: nothing is made again */
    assert_true(rank_kernels(&k, 9, &r) && r.count == 2);
    CHECK(r.order[0] == 0 && r.order[1] == 1 && r.sum[0] <= 16 && r.sum[0] >= 16 && r.sum[1] <= 9, "sums %g and %g", (double)r.sum[0], (double)r.sum[1]);
    CHECK(r.strongest[0] == 1 && r.strongest[1] == 5, "the strongest slices are %d and %d", r.strongest[0], r.strongest[1]);
    CHECK(r.largest <= 8 && r.largest >= 8 && r.peak <= 5 && r.peak >= 5, "the largest is %g, the mean of 2 and 8 %g", (double)r.largest, (double)r.peak);
    weight_ranks_free(&r);
    LayerKernels grouped = k;
    grouped.groups = 2;
    CHECK(kernel_input(&grouped, 0, 2) == 2 && kernel_input(&grouped, 1, 2) == 5, "the second group reads the second half of the channels");
}

static void sizes_of_one_kernel(void **state)
{
    (void)state;
    const LayerKernels k = by_hand();
    const KernelSize first = kernel_size(&k, 0), second = kernel_size(&k, 1);
    CHECK(first.reach == 4 && first.sum[0] == 4 && first.sum[1] == 12 && first.total == 16, "%g, %g", (double)first.reach, first.total);
    CHECK(second.reach == 8 && second.sum[0] == 0 && second.sum[1] == 9 && second.total == 9, "%g, %g", (double)second.reach, second.total);
    assert_true(weights_reach(numbers, 4) == 1 && weights_reach(numbers, 0) == 0);
}

static void cells_are_means_of_slices(void **state)
{
    static const float want[6] = {1, 0, /**/ 2, 1, 0.25f, 2}; /* group by group, kernel by kernel */
    (void)state;
    const LayerKernels k = by_hand();
    WeightCells cells = {0};
    assert_true(weight_cells_make(&k, 5, &cells));
    for (int i = 0; i < 6; i++)
        CHECK_NEAR(cells.cells[i], want[i], 0, 0, "cell %d", i);
    CHECK(cells.largest == 2 && cells.sum[0] == 4 && cells.sum[1] == 21, "largest %g", (double)cells.largest);
    CHECK_NEAR(cells.reach, 2, 0, 0, "four times the mean of 25/24 is more than the largest");
    cells.cells[0] = 77;
    assert_true(weight_cells_make(&k, 5, &cells)); /* the same version: nothing is made anew */
    assert_true(cells.cells[0] == 77);
    assert_true(weight_cells_make(&k, 6, &cells));
    assert_true(cells.cells[0] == 1);
    weight_cells_free(&cells);

    const LayerKernels single = {.w = numbers, .count = 24, .channels = 1, .k = 1, .taps = 1, .group_count = 1, .group = {{0, 1, BRANCH_NONE, 0}}};
    assert_true(weight_cells_make(&single, 7, &cells)); /* one tap: the weight with its sign */
    CHECK(cells.cells[20] == -8 && cells.largest == 8, "%g", (double)cells.cells[20]);
    CHECK_NEAR(cells.reach, 4 * 25 / 24.0, 0, 1e-6, "one large weight does not darken the others");
    weight_cells_free(&cells);
}

static void colours_are_in_their_places(void **state)
{
    static const int from[2][3] = {{0, 1, 2}, {2, 1, 0}}; /* plane of red, green, blue among the channels */
    (void)state;
    const LayerKernels k = by_hand();
    for (int bgr = 0; bgr < 2; bgr++)
        for (int own = 0; own < 2; own++) {
            float rgb[24], lo[2], hi[2];
            kernels_as_colours(&k, &(Preprocess){.bgr = bgr}, own, rgb, lo, hi);
            for (int o = 0; o < 2; o++) {
                for (int c = 0; c < 3; c++)
                    assert_memory_equal(rgb + (o * 3 + c) * 4, numbers + (o * 3 + from[bgr][c]) * 4, 4 * sizeof(float));
                CHECK(hi[o] == (own && o == 0 ? 4 : 8) && lo[o] == -hi[o], "kernel %d, own %d: %g", o, own, (double)hi[o]);
            }
        }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(groups_are_the_branches), cmocka_unit_test(sizes_of_one_kernel), cmocka_unit_test(ranks_are_by_the_sum),
                                          cmocka_unit_test(cells_are_means_of_slices), cmocka_unit_test(colours_are_in_their_places)};

TEST_MAIN(tests)
