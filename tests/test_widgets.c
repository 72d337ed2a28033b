/* test_widgets.c - every kind of widget is pressed, dragged and typed into while the layout moves under it: between the press and the
 * release other rows may appear, lists may be sorted anew, words may change. Then the sliders of the real program, at four window sizes. */
#include "tests/program.h"

#include <math.h>

static const Rect PLACE = {100, 100, 120, 30};

static Rect moved(float dx, float dy)
{
    return (Rect){PLACE.x + dx, PLACE.y + dy, PLACE.w, PLACE.h};
}

static void begin(Ui *ui, Input in, float x, float y)
{
    in.mouse_inside = true;
    in.mouse_x = x;
    in.mouse_y = y;
    ui_begin(ui, &in, 800, 600);
}

static const Input rest = {0}, press = {.pressed = true, .down = true}, held = {.down = true}, release = {.released = true};

/* ---- what is clicked ---- */

typedef enum Kind { KIND_BUTTON, KIND_CHOICE, KIND_CLICK, KIND_COUNT } Kind;

static bool clickable(Ui *ui, Kind kind, int index, Rect r, const char *label)
{
    const uint64_t id = ui_id("thing", index);
    switch (kind) {
    case KIND_BUTTON: return ui_button(ui, id, r, label, BUTTON_PLAIN);
    case KIND_CHOICE: return ui_choice(ui, id, r, label, false);
    default: return ui_click(ui, id, r);
    }
}

/* Where the widget is when the button is let go at (150, 115), and what is written on it. */
static void test_clicks(void **state)
{
    static const struct { float dx, dy; const char *label; bool clicked; } cases[] = {
        {0, 0, "go", true}, {0, 14, "go", true}, {-40, -12, "go", true}, {30, 10, "stop", true}, {0, 60, "go", false}, {80, 0, "go", false},
    };
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            Ui ui;
            ui_init(&ui, &theme_light, program_measure, NULL);
            begin(&ui, press, 150, 115);
            CHECK(!clickable(&ui, (Kind)kind, 0, PLACE, "go"), "kind %d case %zu: clicked by the press", kind, i);
            ui_end(&ui);
            begin(&ui, held, 150, 115);
            CHECK(!clickable(&ui, (Kind)kind, 0, moved(0, 300), "go"), "kind %d case %zu: clicked while held", kind, i);
            ui_end(&ui);
            begin(&ui, release, 150, 115);
            const bool clicked = clickable(&ui, (Kind)kind, 0, moved(cases[i].dx, cases[i].dy), cases[i].label);
            CHECK(clicked == cases[i].clicked, "kind %d case %zu: clicked %d", kind, i, clicked);
            ui_end(&ui);
            ui_free(&ui);
        }
}

/* A list is sorted anew while the button is down: the row that was pressed is clicked where it is now, and no other one is. */
static void test_sorted_rows(void **state)
{
    static const struct { float y; int clicked; } cases[] = {{115, -1}, {145, 0}, {175, -1}}; /* rows of 30 from 100 on */
    static const int before[3] = {0, 1, 2}, after[3] = {2, 0, 1};
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            int clicked = -1;
            Ui ui;
            ui_init(&ui, &theme_light, program_measure, NULL);
            for (int frame = 0; frame < 2; frame++) {
                begin(&ui, frame == 0 ? press : release, 150, frame == 0 ? 115 : cases[i].y);
                for (int row = 0; row < 3; row++) {
                    const int index = frame == 0 ? before[row] : after[row];
                    if (clickable(&ui, (Kind)kind, index, moved(0, 30 * (float)row), "the same words"))
                        clicked = index;
                }
                ui_end(&ui);
            }
            CHECK(clicked == cases[i].clicked, "kind %d, released at %g: row %d", kind, (double)cases[i].y, clicked);
            ui_free(&ui);
        }
}

/* ---- what is dragged ---- */

static void slider(Ui *ui, Input in, float x, Rect r, const char *label, float *value)
{
    begin(ui, in, x, 115);
    ui_slider(ui, ui_id("scale", 0), r, label, value, 0, 1);
    ui_end(ui);
}

static void test_slider(void **state)
{
    float value = 1, here = 0.5f;
    const Rect wide = {100, 100, 420, 24};
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, program_measure, NULL);
    slider(&ui, press, 300, wide, "scale", &value);
    here = value;
    CHECK(here > 0.2f && here < 0.8f, "the press sets it to %g", (double)here);
    const Rect elsewhere[] = {{100, 21, 420, 24}, {160, 100, 420, 24}, {40, 500, 420, 24}};
    for (size_t i = 0; i < 3; i++) { /* the pointer rests: nothing changes, wherever the slider goes */
        slider(&ui, held, 300, elsewhere[i], i == 1 ? "scale" : "系数", &value);
        CHECK_NEAR(value, here, i == 1 ? 1e-6 : 0.06, 0, "place %zu: a resting pointer", i);
        CHECK(ui.active == ui_id("scale", 0), "place %zu: it was lost", i);
    }
    slider(&ui, held, 340, elsewhere[0], "scale", &value);
    CHECK(value > here + 0.08f, "dragged to the right: %g", (double)value);
    slider(&ui, held, 20, elsewhere[2], "scale", &value);
    CHECK(value <= 0, "dragged beyond the beginning: %g", (double)value);
    slider(&ui, release, 790, elsewhere[1], "scale", &value);
    CHECK(value >= 1, "let go beyond the end: %g", (double)value);
    slider(&ui, rest, 300, wide, "scale", &value);
    CHECK(value >= 1 && ui.active == 0, "it is still held");
    ui_free(&ui);
}

static bool area(Ui *ui, Input in, float x, float y, Rect r)
{
    begin(ui, in, x, y);
    const bool on = ui_drag(ui, ui_id("area", 0), r);
    ui_end(ui);
    return on;
}

static void test_drag(void **state)
{
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, program_measure, NULL);
    CHECK(!area(&ui, rest, 150, 115, PLACE), "a pointer over it");
    CHECK(area(&ui, press, 150, 115, PLACE), "the press");
    CHECK(area(&ui, held, 150, 115, moved(0, 200)), "it moves away");
    CHECK(area(&ui, held, 700, 500, moved(0, 0)), "the pointer moves away");
    CHECK(area(&ui, release, 700, 500, PLACE), "the frame of the release is the drag's last one");
    CHECK(!area(&ui, held, 150, 115, PLACE), "a button that went down elsewhere");
    ui_free(&ui);
}

static float scrolled(Ui *ui, Input in, float x, float y, Rect r, Scroll *scroll, float content)
{
    begin(ui, in, x, y);
    ui_scroll_begin(ui, ui_id("list", 0), r, scroll, content);
    ui_scroll_end(ui);
    ui_end(ui);
    return scroll->offset;
}

static void test_scroll_bar(void **state)
{
    (void)state;
    Ui ui;
    Scroll scroll = {0};
    const Rect r = {100, 100, 200, 200}, lower = {100, 250, 200, 200};
    ui_init(&ui, &theme_light, program_measure, NULL);
    scrolled(&ui, press, 295, 110, r, &scroll, 600);
    const float taken = scroll.offset;
    CHECK_NEAR(taken, 0, 0.01, 0, "taking hold of the bar moves nothing");
    CHECK_NEAR(scrolled(&ui, held, 295, 110, lower, &scroll, 600), taken, 0.01, 0, "the area moves under a resting pointer");
    const float half = scrolled(&ui, held, 295, 177, lower, &scroll, 600);
    CHECK_NEAR(half, 67.0f / (200 - 200 * 200 / 600.0f) * 400, 0.5, 0, "the pointer goes on by 67 pixels");
    CHECK_NEAR(scrolled(&ui, held, 20, 177, r, &scroll, 600), half, 0.01, 0, "beside the bar it stays held");
    CHECK(scrolled(&ui, held, 295, 177, r, &scroll, 1200) > half, "there is more to scroll through: the bar stays at the pointer");
    CHECK_NEAR(scrolled(&ui, held, 295, 177, r, &scroll, 150), 0, 0.01, 0, "all fits: no bar");
    CHECK(scrolled(&ui, held, 295, 900, r, &scroll, 600) >= 400, "it is back, and still held");
    scrolled(&ui, release, 295, 900, r, &scroll, 600);
    CHECK_NEAR(scrolled(&ui, rest, 295, 110, r, &scroll, 600), 400, 0.01, 0, "let go");
    /* A wheel turns what is under the pointer now. */
    CHECK_NEAR(scrolled(&ui, (Input){.wheel_y = 1}, 150, 150, lower, &scroll, 600), 400, 0.01, 0, "the area is elsewhere");
    CHECK(scrolled(&ui, (Input){.wheel_y = 1}, 150, 300, lower, &scroll, 600) < 400, "the area is here");
    ui_free(&ui);
}

/* ---- what is typed into ---- */

static void test_field(void **state)
{
    static const struct { Input in; float y; const char *hint, *text; bool entered; } steps[] = {
        {{.pressed = true, .down = true}, 100, "layer", "", false}, {{.down = true}, 300, "layer", "", false},
        {{.released = true}, 20, "层", "", false},                  {{.text = "3"}, 300, "layer", "3", false},
        {{.text = "b"}, 20, "层", "3b", false},                     {{.key = "Backspace"}, 100, "layer", "3", false},
        {{.text = "a"}, 500, "", "3a", false},                      {{.key = "Home"}, 0, "layer", "3a", false},
        {{.key = "Enter"}, 400, "layer", "3a", true},
    };
    char text[16] = "", other[16] = "";
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, program_measure, NULL);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        begin(&ui, steps[i].in, 150, 115);
        ui_field(&ui, ui_id("other", 0), moved(0, steps[i].y + 40 - 100), steps[i].hint, other, sizeof other); /* the same words in it */
        const bool entered = ui_field(&ui, ui_id("layer", 0), moved(0, steps[i].y - 100), steps[i].hint, text, sizeof text);
        ui_end(&ui);
        CHECK(entered == steps[i].entered, "step %zu: entered %d", i, entered);
        CHECK(strcmp(text, steps[i].text) == 0 && other[0] == '\0', "step %zu: '%s' and '%s'", i, text, other);
        CHECK(ui.want_text, "step %zu: the focus is lost", i);
    }
    begin(&ui, press, 150, 115); /* a press beside it ends the typing */
    ui_field(&ui, ui_id("layer", 0), moved(0, 200), "layer", text, sizeof text);
    ui_end(&ui);
    CHECK(!ui.want_text, "it keeps the focus");
    ui_free(&ui);
}

/* ---- maps: they answer to the press, so what counts is what is under the pointer in that frame ---- */

static void test_maps(void **state)
{
    static const float data[6 * 2 * 2] = {0}, lo = 0, hi = 1;
    MapGrid grid = {.data = data, .c = 6, .h = 2, .w = 2, .map = MAP_GREY, .lo = &lo, .hi = &hi, .range_count = 1, .columns = 3, .tile = 40, .gap = 0, .count = 6};
    static const struct { float dx, dy; int columns, channel, y, x; } cases[] = {
        {0, 0, 3, 0, 0, 0}, {-40, 0, 3, 1, 0, 0}, {-60, -60, 3, 4, 1, 1}, {0, -40, 2, 2, 0, 0}, {50, 0, 3, -1, -1, -1},
    };
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, program_measure, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        grid.columns = cases[i].columns;
        begin(&ui, press, 105, 105);
        const MapHit hit = ui_maps(&ui, moved(cases[i].dx, cases[i].dy), &grid, "maps");
        CHECK(hit.channel == cases[i].channel && hit.y == cases[i].y && hit.x == cases[i].x, "case %zu: %d at %d,%d", i, hit.channel, hit.y, hit.x);
        ui_end(&ui);
    }
    begin(&ui, press, 150, 115); /* while something else is dragged, no map is pointed at */
    ui_drag(&ui, ui_id("area", 0), PLACE);
    CHECK(ui_maps(&ui, moved(20, 0), &grid, "maps").channel < 0, "two things at one press");
    ui_end(&ui);
    ui_free(&ui);
}

/* ---- the program's sliders ---- */

static const Item *item_of(const Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    return item;
}

/* Presses at the right end, drags to the left end over several frames, each with what it starts computed, and lets go. */
static void drag_left(Program *p, const char *label, const char *where)
{
    const Rect at = item_of(p, "slider", label)->rect;
    const float y = at.y + at.h / 2, from = at.x + at.w * 0.72f, to = at.x + at.w * 0.35f;
    program_move(p, from, y);
    p->in.pressed = p->in.down = true;
    program_frame(p);
    for (int i = 0; i <= 4; i++) {
        p->in.mouse_x = from + (to - from) * (float)i / 4;
        program_rest(p);
        const Rect now = item_of(p, "slider", label)->rect;
        CHECK_NEAR(now.y, at.y, 0.01, 0, "%s: the slider jumps at step %d", where, i);
    }
    p->in.down = false;
    p->in.released = true;
    program_rest(p);
}

static float scale_now(const Program *p)
{
    int layer, channel;
    CHECK(whatif_target(model_net(p->model), p->model->cursor.layer, p->model->cursor.channel, &layer, &channel), "nothing to scale");
    return whatif_scale_of(&p->model->what_if, model_net(p->model), layer, channel);
}

static void test_what_if(void **state)
{
    static const struct { const char *network; float w, h; } cases[] = {
        {"googlenet", 1366, 768}, {"googlenet", 1280, 720}, {"googlenet", 1600, 900}, {"googlenet", 1920, 1080}, {"tiny", 1280, 720}, {"bvlc_googlenet", 1366, 768},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Program program, *p = &program;
        Err err;
        char where[96];
        snprintf(where, sizeof where, "%s at %.0fx%.0f", cases[i].network, (double)cases[i].w, (double)cases[i].h);
        CHECK(program_open(p, cases[i].network, cases[i].w, cases[i].h, &err), "%s", err.text);
        p->model->screen.lang = i % 2 == 0 ? LANG_EN : LANG_ZH;
        const int layer = model_net(p->model)->modules[0].last;
        model_go(p->model, layer);
        model_select(p->model, (Cursor){layer, 2, -1, -1});
        program_rest(p);
        const char *scale = model_text(p->model, STR_SILENCE_SCALE);
        const Rect slid = item_of(p, "slider", scale)->rect;
        drag_left(p, scale, where);
        const float value = scale_now(p);
        CHECK(value > 0.01f && value < 0.5f, "%s: one drag to the left sets %g", where, (double)value);
        CHECK(p->model->what_if.before != NULL, "%s: no prediction before", where);
        program_key(p, "u");
        CHECK_NEAR(item_of(p, "slider", scale)->rect.y, slid.y, 0.01, 0, "%s: putting back moves it", where);
        CHECK(p->model->what_if.weights == NULL, "%s: not put back", where);
        program_close(p);
    }
}

/* The slider of one weight in the one-value view: a press on a cell of the kernel brings it. */
static void test_weight(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1366, 768, &err), "%s", err.text);
    const int layer = program_layer(p, "conv3");
    model_go(p->model, layer);
    model_select(p->model, (Cursor){layer, 3, 20, 20});
    model_view(p->model, VIEW_VALUE);
    program_rest(p);
    const Item *dot = item_of(p, "text", "·"); /* between patch and kernel */
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.text + p->ui.items[i].text, "·") == 0 && p->ui.items[i].rect.y > dot->rect.y)
            dot = &p->ui.items[i];
    program_click(p, dot->rect.x + 40, dot->rect.y);
    drag_left(p, "w", "conv3");
    CHECK(p->model->what_if.weights != NULL, "the first drag of a weight is lost");
    size_t changed = 0;
    for (size_t i = 0; i < model_net(p->model)->weight_count; i++)
        changed += p->model->what_if.weights[i] < p->model->source->source.weights[i] || p->model->what_if.weights[i] > p->model->source->source.weights[i];
    CHECK(changed == 1, "%zu weights changed", changed);
    program_close(p);
}

/* Dragging over the map in the one-value view selects, wherever the pointer goes afterwards; the rest of the window does not feel it. */
static void test_value_map(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1366, 768, &err), "%s", err.text);
    const int layer = program_layer(p, "3a/3x3");
    model_go(p->model, layer);
    model_select(p->model, (Cursor){layer, 72, 25, 17});
    model_view(p->model, VIEW_VALUE);
    program_rest(p);
    const Item *map = NULL;
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "maps") == 0 && (map == NULL || p->ui.items[i].rect.w > map->rect.w))
            map = &p->ui.items[i];
    CHECK(map != NULL, "no map"); /* the inputs' maps are smaller */
    const Rect r = map->rect;
    program_move(p, r.x + r.w * 0.5f, r.y + r.h * 0.5f);
    p->in.pressed = p->in.down = true;
    program_rest(p);
    CHECK(p->model->cursor.y == 14 && p->model->cursor.x == 14, "the press: %d, %d", p->model->cursor.y, p->model->cursor.x);
    const float to[][2] = {{r.x + 1, r.y + 1}, {r.x - 300, r.y - 200}, {r.x + r.w + 400, r.y + r.h * 0.5f}};
    const int place[][2] = {{0, 0}, {0, 0}, {14, 27}};
    for (int i = 0; i < 3; i++) { /* the picture above and the terms beside it lie under the pointer */
        p->in.mouse_x = to[i][0];
        p->in.mouse_y = to[i][1];
        program_rest(p);
        CHECK(p->model->cursor.layer == layer && p->model->cursor.y == place[i][0] && p->model->cursor.x == place[i][1], "dragged to %d: %d, %d", i, p->model->cursor.y,
              p->model->cursor.x);
    }
    p->in.down = false;
    p->in.released = true;
    program_rest(p);
    program_move(p, r.x + 1, r.y + 1);
    CHECK(p->model->cursor.x == 27, "let go, it still follows");
    program_close(p);
}

/* Every view, overlay and lesson is drawn once: program_frame looks for two widgets with one id. */
static void test_ids(void **state)
{
    static const char *const networks[] = {"tiny", "lenet5", "googlenet"};
    static const char *const keys[] = {"w", "c", "Shift+c", "d", "l", "g", "g", "h", "Escape", "/", "Escape", "o", "Escape", "n", "Enter", "Space", "End", "w", "Escape"};
    (void)state;
    for (size_t n = 0; n < sizeof networks / sizeof networks[0]; n++) {
        Program program, *p = &program;
        Err err;
        size_t most = 0;
        CHECK(program_open(p, networks[n], 1366, 768, &err), "%s", err.text);
        const bool large = model_net(p->model)->layer_count > 50;
        for (int stop = large ? 1 : 0; stop < (model_net(p->model)->module_count > 0 ? 2 : 1); stop++) {
            model_go(p->model, stop == 0 ? 1 : model_net(p->model)->modules[0].last);
            model_select(p->model, (Cursor){p->model->at, 0, 0, 0});
            program_key(p, "x"); /* with what changes weights open, too */
            for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
                if (large && (strcmp(keys[i], "g") == 0 || strcmp(keys[i], "Shift+c") == 0))
                    continue; /* seconds of computing, for what the small ones show, too */
                program_key(p, keys[i]);
                most = p->ui.id_count > most ? p->ui.id_count : most;
            }
        }
        CHECK(most > 30, "%s: %zu widgets at the most", networks[n], most);
        program_close(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clicks), cmocka_unit_test(test_sorted_rows), cmocka_unit_test(test_slider),  cmocka_unit_test(test_drag),
        cmocka_unit_test(test_scroll_bar), cmocka_unit_test(test_field),   cmocka_unit_test(test_maps),    cmocka_unit_test(test_what_if),
        cmocka_unit_test(test_weight), cmocka_unit_test(test_value_map), cmocka_unit_test(test_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
