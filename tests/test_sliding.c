/* test_sliding.c - the window of one output value: where it is at the borders, which channels contribute most, what the stage draws of it,
 * and how it slides. Places and sums are computed here, in double and from the layer's numbers alone. */
#include "app/model/sliding.h"
#include "tests/check.h"
#include "tests/program.h"

#include <math.h>

static const char *const layers[] = {"conv1", "maxpool1", "conv3", "3a/3x3", "3a/5x5", "3a/5x5_reduce", "3a/pool", "maxpool3", "4e/3x3", "maxpool4", "5b/1x1", "5b/5x5", "avgpool"};
enum { LAYERS = sizeof layers / sizeof layers[0], CHANNELS_MAX = 1024 };

/* The sum of products that each input channel gives to one value of a convolution without groups. */
static void sums_of(const Program *p, const Layer *l, Cursor at, double sums[CHANNELS_MAX])
{
    const Net *net = model_net(p->model);
    LayerMap map;
    CHECK(compute_map(p->model->compute, l->inputs[0], &map), "%s: the input is computed", l->name);
    const float *w = model_weights(p->model) + net->params[l->weight].offset + (size_t)at.channel * (size_t)(l->in.c * l->k * l->k);
    for (int c = 0; c < l->in.c; c++) {
        sums[c] = 0;
        for (int ky = 0; ky < l->k; ky++)
            for (int kx = 0; kx < l->k; kx++, w++) {
                const int y = at.y * l->stride - l->pad + ky, x = at.x * l->stride - l->pad + kx;
                if (y >= 0 && y < l->in.h && x >= 0 && x < l->in.w)
                    sums[c] += (double)map.data[((size_t)c * (size_t)l->in.h + (size_t)y) * (size_t)l->in.w + (size_t)x] * (double)*w;
            }
    }
}

static void check_conv(const Program *p, const char *where, const Layer *l, const SlidingWindow *w)
{
    double sums[CHANNELS_MAX], size = 0;
    sums_of(p, l, w->at, sums);
    for (int c = 0; c < l->in.c; c++)
        size = fmax(size, fabs(sums[c]));
    CHECK(w->count == (l->in.c < SLIDING_TOP ? l->in.c : SLIDING_TOP), "%s: %d channels", where, w->count);
    for (int i = 0; i < w->count; i++) {
        int larger = 0;
        CHECK(fabs(w->top[i].sum - sums[w->top[i].channel]) <= 1e-5 * size, "%s: channel %d gives %g, not %g", where, w->top[i].channel, sums[w->top[i].channel], w->top[i].sum);
        for (int c = 0; c < l->in.c; c++)
            larger += fabs(sums[c]) > fabs(w->top[i].sum) + 1e-5 * size;
        CHECK(larger <= i, "%s: %d channels give more than the %d-th", where, larger, i);
        for (int k = 0; k < i; k++)
            CHECK(w->top[k].channel != w->top[i].channel, "%s: channel %d twice", where, w->top[i].channel);
    }
}

static void check_pool(const Program *p, const char *where, const Layer *l, const SlidingWindow *w)
{
    LayerMap map;
    double largest = -INFINITY, sum = 0;
    int count = 0;
    CHECK(compute_map(p->model->compute, l->inputs[0], &map), "%s", where);
    for (int y = w->place.y0; y < w->place.y1; y++)
        for (int x = w->place.x0; x < w->place.x1; x++) {
            if (y < 0 || x < 0 || y >= l->in.h || x >= l->in.w)
                continue;
            const double value = (double)map.data[((size_t)w->at.channel * (size_t)l->in.h + (size_t)y) * (size_t)l->in.w + (size_t)x];
            largest = fmax(largest, value);
            sum += value;
            count++;
        }
    const double want = l->op == OP_MAXPOOL ? largest : sum / count;
    CHECK(w->count == 1 && w->top[0].channel == w->at.channel && fabs(w->top[0].sum - want) <= 1e-5 * (fabs(want) + 1), "%s: %g, not %g", where, w->top[0].sum, want);
}

/* At the four corners, the edges and inside. */
static void windows_and_contributors(void **state)
{
    Program *p = *state;
    for (int i = 0; i < LAYERS; i++) {
        const int layer = program_layer(p, layers[i]);
        const Layer *l = &model_net(p->model)->layers[layer];
        const int ys[] = {0, 1, l->out.h / 2, l->out.h - 1}, xs[] = {0, l->out.w / 3, l->out.w - 2, l->out.w - 1};
        for (int k = 0; k < 16; k++) {
            const int y = ys[k / 4] < l->out.h ? ys[k / 4] : 0, x = xs[k % 4] >= 0 ? xs[k % 4] : 0;
            const Cursor at = {layer, (7 * i + k) % l->out.c, y, x};
            SlidingWindow w;
            char where[128];
            snprintf(where, sizeof where, "%s[%d] at %d, %d", layers[i], at.channel, y, x);
            CHECK(sliding_window(p->model, at, at, &w), "%s: has a window", where);
            const int top = y * l->stride - l->pad, left = x * l->stride - l->pad;
            CHECK(w.input == l->inputs[0] && w.place.y0 == top && w.place.y1 == top + l->k && w.place.x0 == left && w.place.x1 == left + l->k,
                  "%s: rows %d..%d, columns %d..%d; not from %d and %d", where, w.place.y0, w.place.y1, w.place.x0, w.place.x1, top, left);
            if (l->op == OP_CONV)
                check_conv(p, where, l, &w);
            else
                check_pool(p, where, l, &w);
        }
    }
}

/* Ranked at another place: the same channels as there, with the sums of this place. */
static void channels_stay_while_it_slides(void **state)
{
    Program *p = *state;
    const Cursor at = {program_layer(p, "3a/3x3"), 5, 0, 0}, peak = model_brightest(p->model, (Cursor){at.layer, 5, -1, -1});
    SlidingWindow here, there;
    double sums[CHANNELS_MAX];
    CHECK(sliding_window(p->model, at, peak, &here) && sliding_window(p->model, peak, peak, &there), "two windows");
    sums_of(p, &model_net(p->model)->layers[at.layer], at, sums);
    for (int i = 0; i < here.count; i++) {
        CHECK(here.top[i].channel == there.top[i].channel, "channel %d: %d and %d", i, here.top[i].channel, there.top[i].channel);
        CHECK(fabs(here.top[i].sum - sums[here.top[i].channel]) < 1e-3, "%g, not %g", here.top[i].sum, sums[here.top[i].channel]);
    }
    CHECK(here.place.y0 == -1 && here.place.x0 == -1, "where it is now");
}

static void what_has_no_window(void **state)
{
    Program *p = *state;
    SlidingWindow w;
    static const char *const names[] = {"input", "norm1", "3a", "dropout", "fc", "softmax"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const Cursor at = {program_layer(p, names[i]), 0, 0, 0};
        CHECK(!sliding_window(p->model, at, at, &w), "%s", names[i]);
    }
    const Cursor none = {program_layer(p, "3a/3x3"), -1, -1, -1}, outside = {program_layer(p, "3a/3x3"), 0, 28, 0};
    CHECK(!sliding_window(p->model, none, none, &w) && !sliding_window(p->model, outside, outside, &w), "no value, no window");
}

/* ---- on the stage ---------------------------------------------------------------------------------------------------------------- */

static int count_role(const Program *p, const char *role)
{
    int count = 0;
    for (size_t i = 0; i < p->ui.item_count; i++)
        count += strcmp(p->ui.items[i].role, role) == 0;
    return count;
}

/* The largest grid with this address. */
static const Item *grid_of(const Program *p, const char *address)
{
    const Item *best = NULL;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "maps") == 0 && strcmp(item->address, address) == 0 && (best == NULL || item->count > best->count))
            best = item;
    }
    CHECK(best != NULL, "no grid of %s", address);
    return best;
}

/* Points at a value of the first channel: the window is drawn on the strongest channels' maps, as large as its k x k values. */
static void pointing_draws_it(void **state)
{
    static const struct { const char *layer, *input; int y, x; bool padded; } cases[] = {
        {"conv1", "input", 0, 0, true}, {"maxpool1", "conv1", 20, 30, false}, {"3a/3x3", "3a/3x3_reduce", 27, 27, true}, {"3a/5x5", "3a/5x5_reduce", 14, 3, false},
        {"4e/pool", "4d", 13, 0, true}, {"maxpool3", "3b", 13, 13, true}, {"5b/3x3", "5b/3x3_reduce", 3, 3, false},
    };
    Program *p = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int layer = program_layer(p, cases[i].layer);
        const Layer *l = &model_net(p->model)->layers[layer];
        SlidingWindow w;
        const Cursor at = {layer, 0, cases[i].y, cases[i].x};
        p->width = 1920;
        p->height = 1080;
        model_go(p->model, layer);
        program_move(p, 2, 2);
        CHECK(count_role(p, "window") == 0, "%s: nothing pointed at", cases[i].layer);
        const Item *grid = grid_of(p, cases[i].layer);
        const float cell = grid->tile / (float)l->out.h;
        program_move(p, grid->rect.x + ((float)cases[i].x + 0.5f) * cell, grid->rect.y + ((float)cases[i].y + 0.5f) * cell);
        CHECK(sliding_window(p->model, at, at, &w), "%s", cases[i].layer);
        CHECK(count_role(p, "window line") == 1 && count_role(p, "window") >= w.count, "%s: %d windows of %d", cases[i].layer, count_role(p, "window"), w.count);
        CHECK((count_role(p, "outside") > 0) == cases[i].padded, "%s: %d parts outside", cases[i].layer, count_role(p, "outside"));
        const float in_cell = grid_of(p, cases[i].input)->tile / (float)l->in.h;
        bool sized = false;
        for (size_t k = 0; k < p->ui.item_count; k++) {
            const Item *item = &p->ui.items[k];
            if (strcmp(item->role, "window") == 0)
                sized = sized || (fabsf(item->rect.w - (float)l->k * in_cell) < 0.01f && fabsf(item->rect.h - (float)l->k * in_cell) < 0.01f);
        }
        CHECK(sized, "%s: no window of %d x %d values", cases[i].layer, l->k, l->k);
        p->width = 1280;
        p->height = 720;
    }
    program_move(p, 2, 2);
}

/* ---- sliding ------------------------------------------------------------------------------------------------------------------------ */

static void pass(Program *p, double seconds)
{
    for (double end = p->in.now + seconds; p->in.now < end;)
        program_frame(p);
}

static void click_slide(Program *p)
{
    const Item *button = program_find(p, "button", model_text(p->model, STR_HELP_SLIDE));
    CHECK(button != NULL, "no button");
    program_tap(p, button->rect.x + button->rect.w / 2, button->rect.y + button->rect.h / 2);
}

/* Half a second for a row; Space pauses and goes on; it ends at the last place; a second click ends it; without animations it does not begin. */
static void it_slides_once(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    const int layer = program_layer(p, "4e/3x3"); /* 14 x 14 */
    m->screen.still = false;
    model_go(m, layer);
    program_rest(p);
    click_slide(p);
    CHECK(m->playing && m->cursor.layer == layer && m->cursor.y == 0 && m->cursor.channel == model_brightest(m, (Cursor){layer, -1, -1, -1}).channel, "it begins");
    pass(p, 1.2);
    CHECK(m->cursor.y == 2, "after 1.2 s in row %d", m->cursor.y);
    CHECK(count_role(p, "window") > 0, "the window is drawn");
    p->app.key(p->app.user, "Space");
    const int y = m->cursor.y, x = m->cursor.x;
    pass(p, 1);
    CHECK(!m->playing && m->cursor.y == y && m->cursor.x == x, "Space pauses");
    CHECK(program_find(p, "text", model_text(m, STR_PAUSED)) != NULL, "and the line says so");
    p->app.key(p->app.user, "Space");
    p->app.key(p->app.user, "+");
    pass(p, 1);
    CHECK(m->cursor.y == y + 4 || (m->cursor.y == y + 3 && x < 3), "twice as fast, from row %d to row %d", y, m->cursor.y);
    pass(p, 4);
    CHECK(!m->playing && m->cursor.y == 13 && m->cursor.x == 13 && m->at == layer, "it ends at %d, %d", m->cursor.y, m->cursor.x);
    p->app.key(p->app.user, "-");
    click_slide(p);
    pass(p, 0.3);
    CHECK(m->playing && m->cursor.y == 0, "again from the start");
    click_slide(p);
    pass(p, 0.3);
    CHECK(!m->playing && !play_slides(&p->session->play, m), "another click ends it");
    click_slide(p);
    p->app.key(p->app.user, "Right");
    pass(p, 0.3);
    CHECK(!m->playing && m->at != layer, "elsewhere it ends");
    m->screen.still = true;
    model_go(m, layer);
    program_rest(p);
    click_slide(p);
    CHECK(!m->playing && model_status(m) != NULL, "without animations it does not begin, and says so");
    program_move(p, 2, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_and_contributors), cmocka_unit_test(channels_stay_while_it_slides), cmocka_unit_test(what_has_no_window),
        cmocka_unit_test(pointing_draws_it), cmocka_unit_test(it_slides_once),
    };
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
