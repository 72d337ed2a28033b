/* test_looks.c - what the screen says about ranges, where a channel comes from and goes to, and what changing it does; each number is found
 * again from the maps and weights. */
#include "tests/check.h"
#include "tests/program.h"
#include "app/model/walk.h"

#include <stdlib.h>

static void go_to(Program *p, const char *address, const char *view)
{
    Err err;
    CHECK(model_goto(p->model, address, NULL, view, &err), "%s", err.text);
    program_move(p, 3, 3);
}

/* ---- ranges ---- */

/* That the status line's legend has these two numbers at its ends. */
static void legend_says(const Program *p, float lo, float hi, const char *where)
{
    char low[NUM_MAX], high[NUM_MAX];
    num_value(low, (double)lo);
    num_value(high, (double)hi);
    const char *before = NULL, *after = NULL;
    for (size_t i = 2; i < p->ui.item_count; i++) /* two texts, then the bar */
        if (strcmp(p->ui.items[i].role, "legend") == 0 && p->ui.items[i].rect.y > p->height - 26) {
            before = p->ui.text + p->ui.items[i - 2].text;
            after = p->ui.text + p->ui.items[i - 1].text;
        }
    CHECK(before != NULL, "%s: no legend", where);
    CHECK(strcmp(before, low) == 0 && strcmp(after, high) == 0, "%s: %s … %s instead of %s … %s", where, before, after, low, high);
}

static void true_range(const Program *p, int layer, int channel, float *lo, float *hi)
{
    LayerMap map;
    CHECK(compute_map(p->model->compute, layer, &map), "no map");
    const size_t plane = (size_t)map.shape.h * (size_t)map.shape.w, first = channel < 0 ? 0 : plane * (size_t)channel;
    const size_t end = channel < 0 ? plane * (size_t)map.shape.c : first + plane;
    for (size_t i = first; i < end; i++) {
        *lo = fminf(*lo, map.data[i]);
        *hi = fmaxf(*hi, map.data[i]);
    }
}

/* With the range of the layer a branch's output has its concat's, so that the same map has the same colours in both places; a reduction has
 * its own. */
static void test_same_map_same_colours(void **state)
{
    Program *p = *state;
    const Net *net = model_net(p->model);
    p->model->look = (Look){.range = RANGE_LAYER, .field = true, .clip_outliers = true};
    for (int i = 0; i < net->module_count; i++) {
        const Module *module = &net->modules[i];
        const float *lo, *hi;
        float pair[2], concat[2];
        LayerMap map;
        int count;
        CHECK(compute_map(p->model->compute, module->last, &map), "%s", module->title);
        model_range(p->model, module->last, &map, &lo, &hi, &count, pair);
        concat[0] = lo[0];
        concat[1] = hi[0];
        for (int l = module->first; l < module->last; l++) {
            bool stacked = false;
            for (int k = 0; k < net->layers[module->last].input_count; k++)
                stacked = stacked || net->layers[module->last].inputs[k] == l;
            CHECK(compute_map(p->model->compute, l, &map), "%s", net->layers[l].name);
            model_range(p->model, l, &map, &lo, &hi, &count, pair);
            const bool own = lo[0] == map.stats->clip_lo && hi[0] == map.stats->clip_hi;
            CHECK(stacked ? lo[0] == concat[0] && hi[0] == concat[1] : own, "%s: %g to %g, the concat %g to %g", net->layers[l].name, (double)lo[0],
                  (double)hi[0], (double)concat[0], (double)concat[1]);
            const RangeShown shown = model_range_shown(p->model, l, &map, 0);
            CHECK(shown.lo == lo[0] && shown.hi == hi[0] && shown.true_hi >= map.stats->max, "%s: what the legend says", net->layers[l].name);
        }
    }
}

static void test_range_modes(void **state)
{
    Program *p = *state;
    Look *look = &p->model->look;
    const int layer = program_layer(p, "3a");
    char note[160], a[NUM_MAX], b[NUM_MAX];
    look->clip_outliers = false;
    look->range = RANGE_LAYER;
    go_to(p, "3a", NULL);
    float lo = 0, hi = 0;
    true_range(p, layer, -1, &lo, &hi);
    legend_says(p, lo, hi, "layer");
    const float layer_hi = hi;

    look->range = RANGE_MODULE;
    program_rest(p);
    const Module *module = &model_net(p->model)->modules[model_net(p->model)->layers[layer].module];
    for (int l = module->first; l <= module->last; l++)
        true_range(p, l, -1, &lo, &hi);
    CHECK(hi > layer_hi, "the module's range is no wider than its concat's: the test says nothing");
    legend_says(p, lo, hi, "module");

    look->range = RANGE_MAP;
    program_rest(p);
    snprintf(note, sizeof note, model_text(p->model, STR_LEGEND_EACH), num_value(a, 0), num_value(b, (double)layer_hi));
    CHECK(program_find(p, "text", note) != NULL, "map, nothing chosen: '%s' is not said", note);
    go_to(p, "3a[70]", NULL);
    lo = INFINITY, hi = -INFINITY;
    true_range(p, layer, 70, &lo, &hi);
    legend_says(p, lo, hi, "map of one channel");

    look->range = RANGE_LAYER;
    go_to(p, "3a", NULL);
    program_key(p, "k");
    CHECK(look->range == RANGE_LOCKED, "K does not lock");
    go_to(p, "conv1", NULL);
    legend_says(p, 0, layer_hi, "locked to another layer's range");
    lo = 0, hi = 0;
    true_range(p, program_layer(p, "conv1"), -1, &lo, &hi);
    snprintf(note, sizeof note, model_text(p->model, STR_LEGEND_LOCKED), num_value(a, (double)lo), num_value(b, (double)hi));
    CHECK(program_find(p, "text", note) != NULL, "locked: '%s' is not said", note);
    program_key(p, "k");
    CHECK(look->range == RANGE_LAYER, "K does not unlock");
}

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* With outliers clipped the legend says the share, where the colours end and the true maximum; the inspector how many values that leaves out. */
static void test_clipping(void **state)
{
    Program *p = *state;
    LayerMap map;
    char note[160], a[NUM_MAX], b[NUM_MAX];
    const float height = p->height;
    p->height = 800; /* the inspector's rows in sight */
    p->model->look = (Look){.range = RANGE_LAYER, .field = true};
    go_to(p, "3a", NULL);
    CHECK(program_find(p, "text", "clipped") == NULL, "clipping is said while nothing is clipped");
    program_key(p, "y");
    p->model->status_until = 0;
    program_rest(p);
    CHECK(compute_map(p->model->compute, program_layer(p, "3a"), &map), "no map");
    float *sorted = malloc(map.stats->count * sizeof *sorted);
    size_t count = 0, beyond = 0;
    for (size_t i = 0; i < map.stats->count; i++)
        if (map.data[i] > 0)
            sorted[count++] = map.data[i];
    qsort(sorted, count, sizeof *sorted, ascending);
    const float clip = map.stats->clip_hi, bin = (map.stats->max - map.stats->min) / 512;
    for (size_t i = 0; i < count; i++)
        beyond += sorted[i] > clip;
    CHECK(clip < map.stats->max && clip >= sorted[count * 99 / 100] - 1e-3f * bin && clip <= sorted[count * 99 / 100] + 1.01f * bin, "%g is not the 99th percentile %g",
          (double)clip, (double)sorted[count * 99 / 100]);
    free(sorted);
    legend_says(p, 0, clip, "clipped");
    snprintf(note, sizeof note, model_text(p->model, STR_LEGEND_TOP_CLIPPED), 1, num_value(a, (double)map.stats->max));
    CHECK(program_find(p, "text", note) != NULL, "'%s' is not said", note);
    snprintf(note, sizeof note, "clipped: %s of %s", num_count(a, (int64_t)beyond), num_count(b, (int64_t)count));
    CHECK(beyond > 0 && program_find(p, "text", note) != NULL, "the inspector does not say '%s'", note);
    snprintf(note, sizeof note, "%s … %s", num_value(a, 0), num_value(b, (double)clip));
    CHECK(program_find(p, "text", note) != NULL, "the inspector does not say '%s'", note);
    p->model->look.map = LOOK_SIGNED;
    go_to(p, "input", NULL); /* signed values: both ends */
    CHECK(compute_map(p->model->compute, 0, &map), "no map");
    const float reach = fmaxf(fabsf(map.stats->clip_lo), fabsf(map.stats->clip_hi));
    legend_says(p, -reach, reach, "signed, clipped");
    p->height = height;
    p->model->look.map = LOOK_VIRIDIS;
    program_key(p, "y");
}

/* The same where each map has its own range: its own outliers are left out, where it has enough values to have any. */
static void test_clipping_each(void **state)
{
    Program *p = *state;
    LayerMap map;
    char note[160], a[NUM_MAX], b[NUM_MAX];
    p->model->look = (Look){.range = RANGE_MAP, .field = true, .clip_outliers = true};
    go_to(p, "conv1", NULL);
    CHECK(compute_map(p->model->compute, p->model->at, &map), "no map");
    const size_t plane = (size_t)map.shape.h * (size_t)map.shape.w;
    float *sorted = malloc(plane * sizeof *sorted);
    int clipped = 0;
    for (int c = 0; c < map.shape.c; c++) {
        const float *values = map.data + (size_t)c * plane, hi = map.channels->hi[c], clip = map.channels->clip_hi[c], bin = hi / 512;
        size_t count = 0;
        for (size_t i = 0; i < plane; i++)
            if (values[i] > 0)
                sorted[count++] = values[i];
        qsort(sorted, count, sizeof *sorted, ascending);
        if (count < 100) {
            CHECK(memcmp(&clip, &hi, sizeof hi) == 0, "[%d] has %zu values and no outliers", c, count);
            continue;
        }
        const float percentile = sorted[(size_t)ceil((double)count * 0.99) - 1];
        CHECK(clip >= percentile - 1e-3f * bin && clip <= percentile + 1.01f * bin, "[%d]: %g is not the 99th percentile %g", c, (double)clip, (double)percentile);
        clipped += clip < hi;
    }
    free(sorted);
    CHECK(clipped > map.shape.c / 2, "%d channels are clipped", clipped);
    snprintf(note, sizeof note, model_text(p->model, STR_LEGEND_EACH_CLIPPED), 1, num_value(a, (double)map.stats->min), num_value(b, (double)map.stats->max));
    CHECK(program_find(p, "text", note) != NULL, "'%s' is not said", note);
    go_to(p, "conv1[5]", NULL);
    legend_says(p, 0, map.channels->clip_hi[5], "one map, clipped");
    p->model->status_until = 0;
    go_to(p, "5b", NULL); /* maps of 49 values */
    const Item *said = program_find(p, "text", "clipped");
    CHECK(said == NULL, "clipping is said where nothing is clipped: %s", p->ui.text + said->text);
    CHECK(program_find(p, "text", "each map has its own range, within") != NULL, "the legend does not say whose range it is");
}

/* Two pictures have one range, which is not that of the first one's layer: the legend has its numbers. */
static void test_compared_range(void **state)
{
    Program *p = *state;
    LayerMap a, b;
    const int layer = program_layer(p, "3a");
    p->model->look = (Look){.range = RANGE_LAYER, .field = true};
    go_to(p, "3a", NULL);
    session_open_other(p->session, "assets/images/gratings.png");
    for (int i = 0; i < 400 && (p->model->view != VIEW_COMPARE || session_busy(p->session)); i++)
        program_rest(p);
    CHECK(p->model->view == VIEW_COMPARE && compute_map(p->model->compute, layer, &a) && compute_map(p->model->other_compute, layer, &b), "no second picture");
    CHECK(fabsf(a.stats->max - b.stats->max) > 1e-3f, "both have one range anyhow: the test says nothing");
    legend_says(p, 0, fmaxf(a.stats->max, b.stats->max), "two pictures");
    program_key(p, "d");
    legend_says(p, 0, a.stats->max, "one picture again");
}

static void test_colour_maps(void **state)
{
    static const Colormap order[LOOK_MAPS] = {MAP_VIRIDIS, MAP_MAGMA, MAP_GREY, MAP_CIVIDIS, MAP_SIGNED};
    Program *p = *state;
    go_to(p, "3a", NULL);
    p->model->look.map = 0;
    for (int i = 0; i < LOOK_MAPS; i++) {
        program_rest(p);
        CHECK(program_find(p, "legend", look_map_name((int)order[i])) != NULL, "no legend in %s", look_map_name((int)order[i]));
        int grids = 0;
        for (size_t c = 0; c < p->ui.command_count; c++)
            if (p->ui.commands[c].kind == CMD_MAPS) {
                CHECK(p->ui.commands[c].maps.map == order[i], "a map is not drawn in %s", look_map_name((int)order[i]));
                grids++;
            }
        CHECK(grids > 8, "%d grids", grids);
        program_key(p, "m");
    }
    CHECK(p->model->look.map == 0, "the fifth step leads back");
    go_to(p, "input", NULL); /* a photo: its own colours unless a map was chosen */
    CHECK(program_find(p, "legend", "tint") != NULL, "the planes of a photo are not drawn in their colours");
}

/* ---- provenance ---- */

static const Item *addressed(const Program *p, const char *role, const char *address)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, role) == 0 && strcmp(p->ui.items[i].address, address) == 0)
            return &p->ui.items[i];
    return NULL;
}

/* Moves over tile `i` of the grid that begins with channel `first` of a layer. */
static void over(Program *p, const char *layer, int first, int i)
{
    for (size_t k = 0; k < p->ui.item_count; k++) {
        const Item *item = &p->ui.items[k];
        if (strcmp(item->role, "maps") != 0 || strcmp(item->address, layer) != 0)
            continue;
        if (item->picked != NULL) { /* the strongest only: the tile with that channel, if it is among them */
            for (int place = 0; place < item->count; place++)
                if (item->picked[place] == first + i) {
                    program_move(p, item->rect.x + ((float)(place % item->columns) + 0.5f) * (item->tile_w + item->gap),
                                 item->rect.y + ((float)(place / item->columns) + 0.5f) * (item->tile_h + item->gap));
                    return;
                }
        } else if (item->first == first) {
            const float x = item->rect.x + ((float)(i % item->columns) + 0.5f) * (item->tile_w + item->gap), y = item->rect.y + ((float)(i / item->columns) + 0.5f) * (item->tile_h + item->gap);
            program_move(p, x, y);
            return;
        }
    }
    CHECK(false, "%s from %d on is not on the screen", layer, first);
}

static void test_provenance(void **state)
{
    static const struct { const char *stage, *over; int first, i; const char *lit; } cases[] = {
        {"3a", "3a", 64, 31, "3a/3x3[31]"},      {"3a", "3a/3x3", 0, 31, "3a[95]"},      {"3a", "3a", 0, 7, "3a/1x1[7]"},
        {"3a", "3a/1x1", 0, 7, "3a[7]"},         {"3a", "3a", 192, 2, "3a/5x5[2]"},      {"3a", "3a/5x5", 0, 2, "3a[194]"},
        {"3b", "3a", 0, 3, "3b/pool[3]"},        {"3b", "3b/pool", 0, 4, "3a[4]"}, /* a pool keeps its channels apart */
        {"3a", "maxpool2", 0, 2, "3a/pool[2]"},  {"4e", "4e", 0, 5, "4e/1x1[5]"},      {"4e", "4e/1x1", 0, 5, "4e[5]"},
    };
    Program *p = *state;
    const float width = p->width, height = p->height;
    p->width = 1920; /* room for every map of a module */
    p->height = 1200;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        go_to(p, cases[i].stage, NULL);
        CHECK(addressed(p, "lit", cases[i].lit) == NULL, "%s is lit without the pointer", cases[i].lit);
        over(p, cases[i].over, cases[i].first, cases[i].i);
        CHECK(addressed(p, "lit", cases[i].lit) != NULL, "%s, over %s: %s is not lit", cases[i].stage, cases[i].over, cases[i].lit);
    }
    p->width = width;
    p->height = height;
    go_to(p, "3a/3x3[31]", NULL);
    go_to(p, "3a", NULL);
    model_select(p->model, (Cursor){program_layer(p, "3a/3x3"), 31, -1, -1});
    program_rest(p);
    CHECK(addressed(p, "selected", "3a/3x3[31]") != NULL && addressed(p, "selected", "3a[95]") != NULL, "the same value is selected at both places");
}

/* The largest mean |w| that any kernel of a layer gives an input channel, found in another way; -1 where the layer reads others. */
static float largest_mean(const Program *p, const char *layer, int channel, int *kernel)
{
    const Net *net = model_net(p->model);
    const Layer *l = &net->layers[program_layer(p, layer)];
    const Param *w = &net->params[l->weight];
    const int taps = w->dim_count == 4 ? w->dims[2] * w->dims[3] : w->dims[1] / l->in.c;
    float most = -1;
    for (int o = 0; o < w->dims[0]; o++) {
        float sum = 0;
        for (int t = 0; t < taps; t++)
            sum += fabsf(model_weights(p->model)[w->offset + (size_t)((o * l->in.c + channel) * taps + t)]);
        if (sum / (float)taps > most) {
            most = sum / (float)taps;
            *kernel = o;
        }
    }
    return most;
}

/* Which kernel weighs a channel most, named with its number, on the screen at its smallest: of the next module, also behind a pool or LRN. */
static void test_read_most_by(void **state)
{
    static const struct { const char *at; int channel; const char *readers[5]; } cases[] = {
        {"3a[95]", 95, {"3b/1x1", "3b/3x3_reduce", "3b/5x5_reduce", "3b/pool_proj", NULL}},
        {"3b[300]", 300, {"4a/1x1", "4a/3x3_reduce", "4a/5x5_reduce", "4a/pool_proj", NULL}},
        {"maxpool3[300]", 300, {"4a/1x1", "4a/3x3_reduce", "4a/5x5_reduce", "4a/pool_proj", NULL}},
        {"conv1[5]", 5, {"conv2", NULL}},
        {"3a/3x3_reduce[9]", 9, {"3a/3x3", NULL}},
        {"5b[17]", 17, {"fc", NULL}},
        {"4a[100]", 100, {"4b/1x1", "4b/3x3_reduce", "4b/5x5_reduce", "4b/pool_proj", NULL}}, /* the head that reads 4a is another story */
        {"aux1/conv[4]", 4, {"aux1/fc1", NULL}}, /* at 4 x 4 places */
        {"3a/pool[4]", 4, {"3a/pool_proj", NULL}},
        {"fc[4]", 4, {NULL}},
    };
    Program *p = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        float most = -1;
        int kernel = 0, found = 0;
        const char *layer = NULL;
        for (int k = 0; cases[i].readers[k] != NULL; k++) {
            const float w = largest_mean(p, cases[i].readers[k], cases[i].channel, &found);
            if (w > most) {
                most = w;
                kernel = found;
                layer = cases[i].readers[k];
            }
        }
        go_to(p, cases[i].at, NULL);
        char name[96], number[32];
        const Item *head = program_find(p, "text", model_text(p->model, STR_READ_MOST_BY));
        if (layer == NULL) {
            CHECK(head == NULL, "%s: somebody reads it", cases[i].at);
            continue;
        }
        snprintf(name, sizeof name, "%s[%d]", layer, kernel);
        snprintf(number, sizeof number, "%.4f", (double)most);
        const Item *row = program_find(p, "text", name), *value = program_find(p, "text", number);
        CHECK(head != NULL && row != NULL && value != NULL, "%s: '%s %s' is not said", cases[i].at, name, number);
        CHECK(program_find(p, "text", model_text(p->model, STR_READ_BY_MEAN)) != NULL, "%s: that it is a mean is not said", cases[i].at);
        CHECK(row->rect.y > head->rect.y && row->rect.y < p->height - 40, "%s: not in sight", cases[i].at);
        program_click(p, row->rect.x + 3, row->rect.y + 6);
        CHECK(p->model->view == VIEW_WEIGHTS && p->model->cursor.layer == program_layer(p, layer) && p->model->cursor.channel == kernel, "%s: a click does not lead to %s",
              cases[i].at, name);
    }
}

/* ---- what if ---- */

/* Enters text into the field with this label. */
static void enter(Program *p, Str field, const char *text)
{
    const Item *item = program_find(p, "field", model_text(p->model, field));
    CHECK(item != NULL, "no field '%s'", model_text(p->model, field));
    program_click(p, item->rect.x + 5, item->rect.y + 5);
    snprintf(p->in.text, sizeof p->in.text, "%s", text);
    program_frame(p);
    snprintf(p->in.key, sizeof p->in.key, "Enter");
    program_frame(p);
    program_rest(p);
}

static void clear(Program *p, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(p->in.key, sizeof p->in.key, "Backspace");
        program_frame(p);
    }
}

static void test_entry(void **state)
{
    static const char *const nonsense[] = {"", "half", "2", "-0.1", "0.5x", "nan", "inf", "1e99", "0,5"};
    Program *p = *state;
    WhatIf *what_if = &p->model->what_if;
    int layer, channel;
    go_to(p, "4e/3x3[7]", NULL);
    CHECK(whatif_target(model_net(p->model), p->model->cursor.layer, p->model->cursor.channel, &layer, &channel), "no channel");
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        p->model->status[0] = '\0';
        enter(p, STR_SCALE_FIELD, nonsense[i]);
        CHECK(p->model->status_bad && strstr(p->model->status, nonsense[i]) != NULL && strstr(p->model->status, "0 (off) to 1 (unchanged)") != NULL, "'%s': '%s'", nonsense[i],
              p->model->status);
        CHECK(what_if->weights == NULL, "'%s' changed something", nonsense[i]);
        clear(p, strlen(nonsense[i]));
    }
    p->model->status_bad = false;
    enter(p, STR_SCALE_FIELD, "0.25");
    CHECK(!p->model->status_bad, "%s", p->model->status);
    CHECK_NEAR(whatif_scale_of(what_if, model_net(p->model), layer, channel), 0.25, 0, 0, "the scale entered");
    CHECK(p->ui.focus == 0, "the field keeps the focus, and with it the keys");
    program_key(p, "u");

    go_to(p, "4e/3x3[7]", "weights");
    CHECK(program_find(p, "text", model_text(p->model, STR_CLICK_A_WEIGHT)) != NULL, "how a weight is changed is not said");
    const Item *item = addressed(p, "maps", "weights");
    CHECK(item != NULL, "no slices");
    const int input = item->picked[0]; /* the strongest comes first */
    char named[32];
    snprintf(named, sizeof named, "w[7, %d, 1, 1]", input);
    program_click(p, item->rect.x + 0.5f * item->tile_w, item->rect.y + 0.5f * item->tile_h);
    CHECK(program_find(p, "text", named) != NULL, "the weight that was clicked is not named");
    const size_t index = model_net(p->model)->params[model_net(p->model)->layers[layer].weight].offset + (size_t)(7 * 160 + input) * 9 + 4;
    enter(p, STR_WEIGHT_FIELD, "1e9");
    CHECK(p->model->status_bad && strstr(p->model->status, "1e9") != NULL && what_if->weights == NULL, "'%s'", p->model->status);
    clear(p, 3);
    enter(p, STR_WEIGHT_FIELD, "-0.75");
    CHECK(what_if->weights != NULL, "nothing was changed");
    CHECK_NEAR(model_weights(p->model)[index], -0.75, 0, 0, "the weight entered");
    program_key(p, "u");
    CHECK(what_if->weights == NULL && p->model->view == VIEW_WEIGHTS, "U puts it back");
}

/* The classes before and after have one row each, with both numbers. */
static void test_side_by_side(void **state)
{
    Program *p = *state;
    Guess before[3];
    char number[NUM_MAX];
    go_to(p, "5b[3]", NULL);
    CHECK(model_top(p->model, before, 3) == 3, "no prediction");
    LayerMap map;
    program_key(p, "Shift+x");
    CHECK(compute_map(p->model->compute, model_net(p->model)->heads[0].last, &map) && map.current, "not computed");
    const Item *head = program_find(p, "text", model_text(p->model, STR_PREDICTION_HEAD));
    CHECK(head != NULL && program_find(p, "text", model_text(p->model, STR_RESTORE_KEY)) != NULL, "no table");
    const float head_y = head->rect.y;
    int rows = 0;
    for (size_t i = 0; i + 2 < p->ui.item_count; i++) { /* name, before, after */
        const char *name = p->ui.text + p->ui.items[i].text;
        if (strncmp(name, "class ", 6) != 0 || strcmp(p->ui.items[i].role, "text") != 0 || p->ui.items[i].rect.x < p->width - 262)
            continue;
        const int class = atoi(name + 6);
        CHECK(strcmp(p->ui.text + p->ui.items[i + 1].text, num_probability(number, (double)p->model->what_if.before[class])) == 0, "%s before", name);
        CHECK(strcmp(p->ui.text + p->ui.items[i + 2].text, num_probability(number, (double)map.data[class])) == 0, "%s after", name);
        CHECK_NEAR(p->ui.items[i + 1].rect.y, p->ui.items[i + 2].rect.y, 1, 0, "%s: side by side", name);
        rows++;
    }
    CHECK(rows == 4, "%d rows", rows);
    program_key(p, "u"); /* the rows stay in their places, with nothing to put back and the same number twice */
    CHECK(program_find(p, "text", model_text(p->model, STR_RESTORE_KEY)) == NULL, "there is something to put back");
    CHECK_NEAR(program_find(p, "text", model_text(p->model, STR_PREDICTION_HEAD))->rect.y, head_y, 0.01, 0, "the table moved");
    int same = 0;
    for (size_t i = 0; i + 2 < p->ui.item_count; i++) {
        const char *name = p->ui.text + p->ui.items[i].text;
        if (strncmp(name, "class ", 6) != 0 || strcmp(p->ui.items[i].role, "text") != 0 || p->ui.items[i].rect.x < p->width - 262)
            continue;
        CHECK(strcmp(p->ui.text + p->ui.items[i + 1].text, p->ui.text + p->ui.items[i + 2].text) == 0, "%s: not the same before and after", name);
        same++;
    }
    CHECK(same == rows, "%d rows, then %d", rows, same);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_same_map_same_colours), cmocka_unit_test(test_range_modes), cmocka_unit_test(test_clipping), cmocka_unit_test(test_clipping_each), cmocka_unit_test(test_compared_range), cmocka_unit_test(test_colour_maps), cmocka_unit_test(test_provenance),
    cmocka_unit_test(test_read_most_by), cmocka_unit_test(test_entry), cmocka_unit_test(test_side_by_side),
};

int main(void)
{
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
