/* test_module.c - a module's stage at every size: all four lanes, all bands of the concat and the input are inside the window, nothing is
 * over anything else, and what is not shown is counted. */
#include "app/model/pick.h"
#include "app/views/module_layout.h"
#include "tests/check.h"

#include <math.h>
#include <string.h>

static float measure(void *user, Face face, float size, const char *text, size_t bytes)
{
    (void)user;
    (void)face;
    (void)text;
    return 0.62f * size * (float)bytes;
}

static bool inside(Rect a, Rect b)
{
    return a.x >= b.x - 0.5f && a.y >= b.y - 0.5f && a.x + a.w <= b.x + b.w + 0.5f && a.y + a.h <= b.y + b.h + 0.5f;
}

static bool apart(Rect a, Rect b)
{
    return a.x + a.w <= b.x + 0.5f || b.x + b.w <= a.x + 0.5f || a.y + a.h <= b.y + 0.5f || b.y + b.h <= a.y + 0.5f;
}

static void check_grid(const char *where, const ModuleGrid *g, Rect in)
{
    CHECK(inside(g->rect, in), "%s: %.0f,%.0f %.0fx%.0f is not in %.0f,%.0f %.0fx%.0f", where, (double)g->rect.x, (double)g->rect.y, (double)g->rect.w,
          (double)g->rect.h, (double)in.x, (double)in.y, (double)in.w, (double)in.h);
    CHECK(g->shown >= 0 && g->shown <= g->count && g->shown <= g->columns * g->rows, "%s: %d of %d", where, g->shown, g->count);
    CHECK((g->shown == g->count) == (g->more.w <= 0), "%s: the rest is said", where);
    CHECK(g->more.w <= 0 || inside(g->more, g->rect), "%s: where the rest is said", where);
    CHECK(g->tile >= 11.9f || g->shown == 0, "%s: tiles of %g", where, (double)g->tile);
}

static void check_module(const char *where, const ModuleLayout *l, Rect area)
{
    check_grid(where, &l->input, area);
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const ModuleLane *lane = &l->lanes[b];
        CHECK(inside(lane->rect, area) && inside(lane->band, area) && lane->band.h >= 26, "%s: lane %d", where, b);
        CHECK(lane->concat.tile == lane->out.tile || !l->whole, "%s: as large in the concat as in the branch", where);
        check_grid(where, &lane->out, lane->rect);
        check_grid(where, &lane->concat, area);
        CHECK(lane->out.shown >= 1 && lane->concat.shown >= 1 && (lane->before.layer < 0 || lane->before.shown >= 1), "%s: lane %d shows %d, %d, %d", where, b,
              lane->before.shown, lane->out.shown, lane->concat.shown);
        CHECK(lane->concat.rect.y + lane->concat.rect.h <= lane->band.y + fmaxf(lane->band.h, lane->concat.tile) + 1, "%s: band %d", where, b);
        if (lane->before.layer >= 0)
            check_grid(where, &lane->before, lane->rect);
        CHECK(apart(lane->before.rect, lane->out.rect), "%s: lane %d", where, b);
        for (int c = 0; c < b; c++)
            CHECK(apart(lane->rect, l->lanes[c].rect) && apart(lane->band, l->lanes[c].band) && apart(lane->concat.rect, l->lanes[c].concat.rect), "%s: %d, %d", where, b, c);
    }
}

static const char *const networks[] = {"googlenet", "bvlc_googlenet", "torchvision_googlenet", "inception_naive", "cs231n_3b", "tiny"};
/* Of the stage at 800x600, in presenter size (twice), 1024x768, 1366x768, 1920x1080 and 3840x2160. */
static const Rect areas[] = {{10, 90, 700, 430}, {10, 90, 600, 480}, {242, 150, 537, 377}, {240, 90, 660, 600}, {242, 92, 832, 630}, {264, 92, 1280, 930}, {264, 92, 3200, 2000}};

static const float scales[] = {1, 1.25f, 2};

static void every_module_is_whole_at_every_size(void **state)
{
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, measure, NULL);
    for (size_t n = 0; n < sizeof networks / sizeof networks[0]; n++) {
        Err err;
        Net *net = net_open(networks[n], "assets/networks", &(NetOptions){0}, &err);
        CHECK(net != NULL, "%s", err.text);
        for (int i = 0; i < net->module_count; i++)
            for (size_t a = 0; a < sizeof areas / sizeof areas[0]; a++)
                for (size_t scale = 0; scale < sizeof scales / sizeof scales[0]; scale++)
                    for (int open = BRANCH_NONE; open < BRANCH_COUNT; open++) {
                        char where[160];
                        ModuleLayout l;
                        ui_begin(&ui, &(Input){0}, 4000, 3000);
                        ui.scale = scales[scale];
                        module_layout(&ui, net, i, areas[a], (Branch)open, &l);
                        snprintf(where, sizeof where, "%s %s in %.0fx%.0f at %gx, branch %d open", networks[n], net->modules[i].title, (double)areas[a].w,
                                 (double)areas[a].h, (double)scales[scale], open);
                        check_module(where, &l, areas[a]);
                        ui_end(&ui);
                    }
        net_free(net);
    }
    ui_free(&ui);
}

/* What a click on a lane's last tile is for: of the open lane more maps are shown than before, and the others stay in sight. */
static void an_open_lane_shows_more(void **state)
{
    (void)state;
    Err err;
    Ui ui;
    Net *net = net_open("googlenet", "assets/networks", &(NetOptions){0}, &err);
    CHECK(net != NULL, "%s", err.text);
    ui_init(&ui, &theme_light, measure, NULL);
    ui_begin(&ui, &(Input){0}, 4000, 3000);
    for (int i = 0; i < net->module_count; i++)
        for (int b = 0; b < BRANCH_COUNT; b++) {
            ModuleLayout shut, open;
            module_layout(&ui, net, i, areas[4], BRANCH_NONE, &shut);
            module_layout(&ui, net, i, areas[4], (Branch)b, &open);
            if (!shut.whole)
                CHECK(open.lanes[b].out.shown > shut.lanes[b].out.shown || shut.lanes[b].out.shown == shut.lanes[b].out.count, "%s, branch %d: %d, open %d",
                      net->modules[i].title, b, shut.lanes[b].out.shown, open.lanes[b].out.shown);
        }
    ui_end(&ui);
    ui_free(&ui);
    net_free(net);
}

static void the_strongest_come_first_and_the_chosen_always(void **state)
{
    (void)state;
    static const float by[] = {9, 1, 5, NAN, 5, 7, 2};
    static const struct { int first, count, want, must[2], must_count, out[4]; } cases[] = {
        {0, 7, 4, {0}, 0, {0, 5, 2, 4}}, {1, 6, 3, {0}, 0, {5, 2, 4}}, {0, 7, 3, {1}, 1, {0, 5, 1}}, {0, 7, 3, {0}, 1, {0, 5, 2}},
        {0, 7, 3, {1, 6}, 2, {0, 6, 1}}, {1, 3, 2, {0}, 1, {2, 1}},      {0, 7, 1, {6, 1}, 2, {6}},      {1, 3, 3, {0}, 0, {2, 1, 3}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int out[7];
        CHECK(pick_channels(by, cases[i].first, cases[i].count, cases[i].must, cases[i].must_count, out, cases[i].want), "case %zu", i);
        CHECK(memcmp(out, cases[i].out, (size_t)cases[i].want * sizeof *out) == 0, "case %zu: %d %d %d", i, out[0], out[1], out[2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_module_is_whole_at_every_size),
        cmocka_unit_test(an_open_lane_shows_more),
        cmocka_unit_test(the_strongest_come_first_and_the_chosen_always),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
