/* test_groups.c - neuron groups against numpy (oracle_groups.py prints the lines below), and their edges: an empty map, one place, more
 * groups than the map has directions, stopping. */
#include "engine/net/groups.h"
#include "tests/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct { int h, w, c, k, count; double left_over, strength[8]; } golden[] = {
    {5, 6, 9, 3, 3, 0.432309217, {0.923545838, 2.15085157, 3.07209374, 1.87772403, 2.87717572, 3.60225978e-15, 1.74561486, 0.41967565}},
    {7, 7, 20, 4, 4, 0.450787153, {2.37733064, 3.32497882, 0.264833763, 1.52872176, 2.63997549, 3.461925, 6.24187311e-24, 1.63191057}},
    {4, 3, 2, 6, 6, 0.00426303354, {0, 0.00325043466, 0.595278218, 1.86777656, 0, 0.260008815, 0.377442227, 0}},
    {1, 1, 12, 4, 1, 1.76476084e-13, {4.24632194, 4.24632194, 4.24632194, 4.24632194}},
    {9, 8, 31, 8, 8, 0.335403617, {3.20478651, 4.17318451e-39, 2.77451512e-42, 2.94740466, 1.75704367, 2.57599015, 3.22376367e-05, 3.08657611}},
};

/* `map_of` of oracle_groups.py, as (C, H, W). */
static float *map_of(int h, int w, int c)
{
    float *map = malloc((size_t)h * (size_t)w * (size_t)c * sizeof *map);
    for (int i = 0; i < c; i++)
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                const int v = (y * 7 + x * 3 + i * i * 5 + y * x * (i % 3)) % 23 - 6;
                map[(i * h + y) * w + x] = v > 0 ? (float)v / 8 : 0;
            }
    return map;
}

static void test_against_numpy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        const int h = golden[i].h, w = golden[i].w, c = golden[i].c;
        float *map = map_of(h, w, c);
        Groups g;
        Err err;
        CHECK(groups_find(map, (Shape){1, c, h, w}, golden[i].k, NULL, &g, &err), "%s", err.text);
        CHECK(g.count == golden[i].count && fabs(g.left_over - golden[i].left_over) <= 1e-6, "%zu: %d groups, %.9g left over", i, g.count, g.left_over);
        for (int k = 0; k < 8 && k / 4 < g.count; k++) {
            const double got = g.strength[(k / 4) * h * w + (k % 4) * h * w / 4];
            CHECK(fabs(got - golden[i].strength[k]) <= 1e-4 * fabs(golden[i].strength[k]) + 1e-6, "%zu: strength %d is %.9g, not %.9g", i, k, got, golden[i].strength[k]);
        }
        for (int k = 0; k < g.count; k++) {
            double square = 0, total = 0, before = 0;
            for (int j = 0; j < c; j++)
                square += g.direction[k * c + j] * g.direction[k * c + j];
            for (int p = 0; p < h * w; p++) {
                CHECK(g.strength[k * h * w + p] >= 0, "a strength below 0");
                total += g.strength[k * h * w + p];
                before += k > 0 ? g.strength[(k - 1) * h * w + p] : 0;
            }
            CHECK(fabs(square - 1) < 1e-9 && (k == 0 || before >= total), "%zu: group %d, length %g, %g after %g", i, k, square, total, before);
        }
        groups_free(&g);
        free(map);
    }
}

/* More updates never fit worse: the golden values are after 200; what is left over is at most the start's. And the same bits each time. */
static void test_repeats(void **state)
{
    (void)state;
    float *map = map_of(9, 8, 31);
    Groups a, b;
    Err err;
    CHECK(groups_find(map, (Shape){1, 31, 9, 8}, 5, NULL, &a, &err) && groups_find(map, (Shape){1, 31, 9, 8}, 5, NULL, &b, &err), "%s", err.text);
    CHECK(memcmp(a.strength, b.strength, (size_t)(5 * (72 + 31)) * sizeof *a.strength) == 0, "twice the same");
    for (int k = 1; k < 5; k++) {
        Groups fewer;
        CHECK(groups_find(map, (Shape){1, 31, 9, 8}, k, NULL, &fewer, &err), "%s", err.text);
        CHECK(fewer.left_over > a.left_over, "%d groups leave %g, 5 leave %g", k, fewer.left_over, a.left_over);
        groups_free(&fewer);
    }
    groups_free(&a);
    groups_free(&b);
    free(map);
}

static void test_edges(void **state)
{
    (void)state;
    Groups g;
    Err err;
    int top[3];
    Stop stop = {0};
    const float nothing[12] = {0}, one_direction[8] = {1, 2, 3, 4, 2, 4, 6, 8}, one[3] = {4, 0, 3};
    CHECK(groups_find(nothing, (Shape){1, 3, 2, 2}, 4, NULL, &g, &err) && g.count == 0 && g.left_over == 0 && g.norm == 0, "an empty map");
    groups_free(&g);
    CHECK(groups_find(one_direction, (Shape){1, 2, 2, 2}, 4, NULL, &g, &err) && g.count == 1 && g.left_over < 0.01, "%d groups of one direction, %g", g.count, g.left_over);
    groups_free(&g);
    CHECK(groups_find(one, (Shape){1, 3, 1, 1}, 4, NULL, &g, &err) && g.count == 1 && fabs(g.strength[0] - 5) < 1e-6, "one place: %d groups", g.count);
    CHECK(groups_top(&g, 0, top, 3) >= 2 && top[0] == 0 && top[1] == 2, "%d, %d", top[0], top[1]);
    CHECK(groups_top(&g, 0, top, 1) == 1 && top[0] == 0, "the strongest channel");
    const float gradient[3] = {1, 10, 2};
    CHECK(fabs(groups_gives(&g, 0, gradient) - 10) < 0.2, "4*1 + 3*2: %g", groups_gives(&g, 0, gradient));
    groups_free(&g);
    stop_ask(&stop);
    CHECK(!groups_find(one, (Shape){1, 3, 1, 1}, 1, &stop, &g, &err) && strcmp(err.text, "stopped") == 0, "'%s'", err.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_numpy), cmocka_unit_test(test_repeats), cmocka_unit_test(test_edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
