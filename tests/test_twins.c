/* test_twins.c - layers that keep their channels (pools, norms, dropout) show the same grid before and after: the same columns, order and
 * places; what is pointed at or selected is framed in both; an unchanged value has an unchanged colour. */
#include "app/views/twin.h"
#include "tests/check.h"
#include "tests/program.h"

#include <math.h>

static const char *const networks[] = {"googlenet", "bvlc_googlenet", "torchvision_googlenet"};
/* The last two are presenter type size in 1280x720 and 1920x1080. */
static const struct { float w, h, scale; } sizes[] = {{800, 600, 1}, {1024, 768, 1}, {1366, 768, 1}, {1920, 1080, 1}, {3840, 2160, 1}, {1120, 630, 8.0f / 7}, {1536, 864, 1.25f}};

/* The largest grid of a layer's maps on the stage. */
static const Item *grid_of(const Program *p, int layer)
{
    char address[NET_NAME_MAX + 32];
    const Item *best = NULL;
    net_address_text(model_net(p->model), (Address){.layer = layer, .channel = -1}, address, sizeof address);
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "maps") == 0 && strcmp(item->address, address) == 0 && (best == NULL || item->count > best->count))
            best = item;
    }
    return best;
}

static int count_of(const Program *p, const char *role, const char *address)
{
    int count = 0;
    for (size_t i = 0; i < p->ui.item_count; i++)
        count += strcmp(p->ui.items[i].role, role) == 0 && strcmp(p->ui.items[i].address, address) == 0;
    return count;
}

static void check_twins(const Program *p, const char *where, int before, int after)
{
    const Item *a = grid_of(p, before), *b = grid_of(p, after);
    CHECK(a != NULL && b != NULL, "%s: two grids", where);
    CHECK(a->columns == b->columns && a->first == b->first && a->count == b->count && a->picked == NULL && b->picked == NULL,
          "%s: %d columns from %d, %d maps; after it %d columns from %d, %d maps", where, a->columns, a->first, a->count, b->columns, b->first, b->count);
    CHECK(fabsf(a->rect.y - b->rect.y) < 0.01f && fabsf(a->tile + a->gap - b->tile - b->gap) < 0.01f, "%s: rows at %g and %g, %g + %g and %g + %g", where,
          (double)a->rect.y, (double)b->rect.y, (double)a->tile, (double)a->gap, (double)b->tile, (double)b->gap);
    CHECK(a->tile >= 11.99f && b->tile >= 11.99f, "%s: tiles of %g and %g", where, (double)a->tile, (double)b->tile);
    /* In these networks one size is always a whole multiple of the other, or there is no sharp size at all. */
    CHECK(fabsf(a->tile - b->tile) < 0.01f || model_net(p->model)->layers[before].out.h % model_net(p->model)->layers[after].out.h != 0, "%s: tiles of %g and %g", where, (double)a->tile,
          (double)b->tile);
}

static void every_layer_that_keeps_its_channels(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof networks / sizeof networks[0]; n++) {
        Program program, *p = &program;
        Err err;
        int seen = 0;
        CHECK(program_open(p, networks[n], 800, 600, &err), "%s", err.text);
        const Net *net = model_net(p->model);
        for (int l = 0; l < net->layer_count; l++) {
            const Op op = net->layers[l].op;
            if (op != OP_MAXPOOL && op != OP_AVGPOOL && op != OP_LRN && op != OP_DROPOUT)
                continue;
            const int before = net->layers[l].inputs[0];
            if (net->layers[before].op == OP_FC) /* bars, not maps */
                continue;
            model_go(p->model, l);
            for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
                char where[128];
                p->width = sizes[s].w;
                p->height = sizes[s].h;
                p->ui.scale = sizes[s].scale;
                snprintf(where, sizeof where, "%s %s %gx%g at %g", networks[n], net->layers[l].name, (double)p->width, (double)p->height, (double)p->ui.scale);
                program_rest(p);
                check_twins(p, where, before, l);
            }
            seen++;
        }
        /* 4 pools between the modules, 9 in them, the average at the end and its dropout, an average in each head; and 2 norms in Caffe's,
         * or a dropout right behind each head's convolution in the tutorial's. */
        const int want = strcmp(networks[n], "torchvision_googlenet") == 0 ? 17 : 19;
        CHECK(seen == want, "%s: %d layers, not %d", networks[n], seen, want);
        program_close(p);
    }
}

/* A wheel over either side scrolls both. */
static void they_scroll_together(void **state)
{
    Program *p = *state;
    const int avgpool = program_layer(p, "avgpool"), before = program_layer(p, "5b");
    model_go(p->model, avgpool);
    program_rest(p);
    for (int side = 0; side < 2; side++) {
        const Item *grid = grid_of(p, side == 0 ? before : avgpool);
        program_move(p, grid->rect.x + 20, grid->rect.y + 100);
        p->in.wheel_y = -4;
        program_rest(p);
        check_twins(p, side == 0 ? "scrolled at the left" : "scrolled at the right", before, avgpool);
        CHECK(grid_of(p, avgpool)->first > 0, "scrolled: begins with %d", grid_of(p, avgpool)->first);
        CHECK(side == 0 || grid_of(p, avgpool)->first > avgpool, "the right side scrolls further");
    }
}

static void both_are_framed(void **state)
{
    Program *p = *state;
    const int pool = program_layer(p, "4e/pool"), before = program_layer(p, "4d");
    p->height = 1000; /* so that there is room for more than the grids */
    model_go(p->model, pool);
    program_rest(p);
    const Item *grid = grid_of(p, pool);
    const int second_row = grid->columns; /* the first channel of the second row */
    char own[64], twin[64];
    snprintf(own, sizeof own, "4e/pool[%d]", second_row);
    snprintf(twin, sizeof twin, "4d[%d]", second_row);
    program_move(p, grid->rect.x + 5, grid->rect.y + grid->tile + grid->gap + 5);
    CHECK(count_of(p, "lit", own) >= 1 && count_of(p, "lit", own) == count_of(p, "lit", twin), "pointed at: %d and %d frames", count_of(p, "lit", own), count_of(p, "lit", twin));
    program_move(p, 2, 2);
    model_select(p->model, (Cursor){pool, second_row, -1, -1});
    program_rest(p);
    CHECK(count_of(p, "selected", own) >= 1 && count_of(p, "selected", twin) >= 1, "selected: %d and %d frames", count_of(p, "selected", own), count_of(p, "selected", twin));
    CHECK(program_find(p, "text", model_text(p->model, STR_SAME_BEFORE)) != NULL, "what is at the left is named");
    model_select(p->model, (Cursor){before, second_row + 1, -1, -1});
    program_rest(p);
    snprintf(own, sizeof own, "4e/pool[%d]", second_row + 1);
    CHECK(count_of(p, "selected", own) >= 1, "selected at the left, framed at the right");
}

/* What dropout leaves as it is looks so: with every range. */
static void unchanged_looks_unchanged(void **state)
{
    Program *p = *state;
    const int dropout = program_layer(p, "dropout"), before = program_layer(p, "avgpool");
    model_go(p->model, dropout);
    program_rest(p);
    for (int range = RANGE_MAP; range <= RANGE_MODULE; range++) {
        LayerMap map[2];
        const float *lo[2], *hi[2];
        float pair[2][2];
        int count[2];
        model_range_kind(p->model, (RangeKind)range);
        for (int side = 0; side < 2; side++) {
            CHECK(compute_map(p->model->compute, side == 0 ? before : dropout, &map[side]), "computed");
            model_range(p->model, side == 0 ? before : dropout, &map[side], &lo[side], &hi[side], &count[side], pair[side]);
        }
        assert_int_equal(count[0], count[1]);
        assert_memory_equal(lo[0], lo[1], (size_t)count[0] * sizeof *lo[0]);
        assert_memory_equal(hi[0], hi[1], (size_t)count[0] * sizeof *hi[0]);
        assert_memory_equal(map[0].data, map[1].data, shape_size(map[0].shape) * sizeof *map[0].data);
    }
    model_range_kind(p->model, RANGE_LAYER);
}

/* Sizes without a common measure: the same places, each map sharp in its own. */
static void sizes_that_do_not_divide(void **state)
{
    (void)state;
    Ui ui = {.scale = 1};
    const MapGrid large = {.c = 8, .h = 27, .w = 27, .columns = 4, .count = 8, .tile = 54, .gap = 1};
    const MapGrid small = twin_grid(&ui, &large, (Shape){1, 8, 13, 13});
    assert_int_equal(small.columns, 4);
    CHECK(small.tile == 52 && small.gap == 3, "four pixels for each of 13 values in a place of 55: a tile of %g, a gap of %g", (double)small.tile, (double)small.gap);
    const MapGrid same = twin_grid(&ui, &large, (Shape){1, 8, 27, 27});
    CHECK(same.tile == 54 && same.gap == 1, "equal sizes: a tile of %g", (double)same.tile);
    assert_int_equal(twin_larger((Shape){1, 8, 13, 13}, (Shape){1, 8, 27, 27}).h, 27);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_that_keeps_its_channels), cmocka_unit_test(sizes_that_do_not_divide),
        cmocka_unit_test(they_scroll_together), cmocka_unit_test(both_are_framed), cmocka_unit_test(unchanged_looks_unchanged),
    };
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
