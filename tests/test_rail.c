/* The rail: kinds of layers that everybody can tell apart, the open module with its seven layers, where one is always in sight. */
#include "tests/check.h"
#include "tests/program.h"
#include "app/model/walk.h"
#include "app/views/rail_rows.h"

#include <math.h>

/* ---- colours --------------------------------------------------------------------------------------------------------------------- */

static double linear(Color c, int shift)
{
    const double v = (double)((c >> shift) & 0xff) / 255;
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1: (L1 + 0.05) / (L2 + 0.05) of the relative luminances. */
static double luminance(Color c)
{
    return 0.2126 * linear(c, 24) + 0.7152 * linear(c, 16) + 0.0722 * linear(c, 8);
}

static double contrast(Color a, Color b)
{
    const double la = luminance(a), lb = luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

static double cube_root(double t)
{
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

/* CIE Lab (D65) of a colour as eyes see it that lack cones: matrices of Machado, Oliveira, Fernandes 2009, severity 1, for linear RGB. */
static void seen(Color c, const double m[9], double lab[3])
{
    const double rgb[3] = {linear(c, 24), linear(c, 16), linear(c, 8)};
    double s[3];
    for (int i = 0; i < 3; i++)
        s[i] = fmin(fmax(m[3 * i] * rgb[0] + m[3 * i + 1] * rgb[1] + m[3 * i + 2] * rgb[2], 0), 1);
    const double x = cube_root((0.4124564 * s[0] + 0.3575761 * s[1] + 0.1804375 * s[2]) / 0.95047);
    const double y = cube_root(0.2126729 * s[0] + 0.7151522 * s[1] + 0.0721750 * s[2]);
    const double z = cube_root((0.0193339 * s[0] + 0.1191920 * s[1] + 0.9503041 * s[2]) / 1.08883);
    lab[0] = 116 * y - 16;
    lab[1] = 500 * (x - y);
    lab[2] = 200 * (y - z);
}

static void test_colours(void **state)
{
    static const struct { const char *name; double m[9]; } eyes[] = {
        {"all cones", {1, 0, 0, 0, 1, 0, 0, 0, 1}},
        {"no L cones", {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998}},
        {"no M cones", {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881}},
        {"no S cones", {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900}},
    };
    (void)state;
    for (int theme = 0; theme < 2; theme++) {
        const Theme *t = theme == 0 ? &theme_light : &theme_dark;
        for (int k = 0; k < LAYER_KINDS; k++) {
            CHECK(contrast(t->kind[k], t->rail) >= 3 && contrast(t->kind[k], t->rail_selected) >= 3, "%s: kind %d is hard to see", t->name, k);
            for (int o = 0; o < k; o++)
                for (size_t e = 0; e < sizeof eyes / sizeof eyes[0]; e++) {
                    double a[3], b[3];
                    seen(t->kind[k], eyes[e].m, a);
                    seen(t->kind[o], eyes[e].m, b);
                    const double far = sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
                    CHECK(far >= 10, "%s: kinds %d and %d are %.1f apart with %s", t->name, o, k, far, eyes[e].name);
                }
        }
    }
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------------ */

static const Item *row_of(const Program *p, const char *name)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "row") == 0 && strcmp(p->ui.items[i].address, name) == 0)
            return &p->ui.items[i];
    return NULL;
}

/* The rows of the module or head that one is in, and no other's; where one is is marked and whole in sight. */
static void check_rail(Program *p, int layer)
{
    const Net *net = model_net(p->model);
    const Layer *here = &net->layers[layer];
    const Item *mark = program_find(p, "mark", here->name), *row = row_of(p, here->name);
    CHECK(mark != NULL && row != NULL, "%.0fx%.0f: no row of %s", (double)p->width, (double)p->height, here->name);
    CHECK(fabsf(mark->rect.y - row->rect.y) < 1 && row->rect.y >= 80 && row->rect.y + row->rect.h <= p->height - 26 - 34 + 0.5f, "%.0fx%.0f: %s is at %.0f",
          (double)p->width, (double)p->height, here->name, (double)row->rect.y);
    for (int l = 0; l < net->layer_count; l++) {
        const Layer *other = &net->layers[l];
        if (walk_is_stop(net, l))
            continue;
        const bool open = other->head > 0 ? other->head == here->head : here->head == 0 && other->module == here->module;
        CHECK((row_of(p, other->name) != NULL) == open || (open && row_of(p, other->name) == NULL && p->height < 500), "at %s the row of %s is %s", here->name,
              other->name, open ? "missing" : "there");
    }
}

static void test_unfolds(void **state)
{
    static const struct { float w, h; } sizes[] = {{1366, 768}, {800, 600}, {1120, 630}, {700, 420}};
    static const char *const places[] = {"conv1", "3a", "3a/3x3_reduce", "4d/pool_proj", "4d", "aux2/conv", "5b/5x5", "softmax"};
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1366, 768, &err), "%s", err.text);
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            p->width = sizes[s].w;
            p->height = sizes[s].h;
            model_go(p->model, program_layer(p, places[i]));
            program_rest(p);
            check_rail(p, p->model->at);
        }
    program_close(p);
}

/* A click on an unfolded row goes to its layer; on the module's own stage the name lights its maps. */
static void test_row_clicks(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1366, 768, &err), "%s", err.text);
    model_go(p->model, program_layer(p, "4b"));
    program_rest(p);
    const int layer = program_layer(p, "4b/5x5_reduce");
    const Rect row = row_of(p, model_net(p->model)->layers[layer].name)->rect;
    program_move(p, row.x + row.w / 2, row.y + row.h / 2);
    CHECK(p->model->hover.layer == layer && p->model->hover.channel < 0, "its maps are not lit");
    p->in.now += 1;
    program_rest(p);
    const Item *tip = program_find(p, "tooltip", "convolution");
    CHECK(tip != NULL && rect_intersect(tip->rect, row).w <= 0, "the legend is missing or covers its row");
    program_click(p, row.x + row.w / 2, row.y + row.h / 2);
    CHECK(p->model->at == layer, "the click did not go there");
    program_close(p);
}

/* In the middle of a move the part that is left folds and the one that is entered unfolds; nothing jumps. */
static void test_folding(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1366, 768, &err), "%s", err.text);
    const Net *net = model_net(p->model);
    RailRow *rows = calloc((size_t)(net->layer_count + net->head_count), sizeof *rows);
    p->model->screen.still = false;
    const int from = program_layer(p, "3a"), to = program_layer(p, "4e");
    model_go(p->model, from);
    program_rest(p);
    model_go(p->model, to);
    float last = -1;
    for (int i = 0; i < 40; i++) {
        program_frame(p);
        const int count = rail_rows(p->model, 20, rows);
        float inner = 0;
        for (int r = 0; r < count; r++)
            inner += rows[r].kind == RAIL_INNER ? rows[r].h : 0;
        const float end = rows[count - 1].y;
        CHECK(inner > 90 && inner < 125, "%.0f pixels of unfolded rows in sum", (double)inner);
        CHECK(last < 0 || fabsf(end - last) < 20, "the last row jumps by %.0f", (double)(end - last));
        last = end;
    }
    const int count = rail_rows(p->model, 20, rows);
    CHECK(rail_find(net, rows, count, program_layer(p, "4e/3x3")) >= 0 && rows[rail_find(net, rows, count, program_layer(p, "3a/3x3"))].layer == from,
          "4e is not unfolded, or 3a not folded");
    free(rows);
    program_close(p);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_colours), cmocka_unit_test(test_unfolds), cmocka_unit_test(test_row_clicks), cmocka_unit_test(test_folding),
};
TEST_MAIN(tests)
