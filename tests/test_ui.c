/* test_ui.c - widgets, text and map grids with synthetic input: no SDL, every character 10 logical pixels wide at size 20. */
#include "app/ui/ui.h"
#include "app/ui/utf8.h"
#include "tests/check.h"

static float fixed(void *user, Face face, float size, const char *text, size_t bytes)
{
    (void)user;
    (void)face;
    float characters = 0;
    for (size_t i = 0; i < bytes; i++) { /* whole characters only, so that a torn one is seen */
        size_t length = (unsigned char)text[i] < 0x80 ? 1 : (unsigned char)text[i] < 0xe0 ? 2 : 3;
        characters += i + length <= bytes;
        i += length - 1;
    }
    return characters * size / 2;
}

static const TextStyle plain = {FACE_SANS, 20, 0x000000ff};

static void frame_begin(Ui *ui, const Input *in)
{
    ui_begin(ui, in, 800, 600);
}

static const char *item_text(const Ui *ui, size_t i)
{
    return ui->text + ui->items[i].text;
}

static void text_is_aligned_and_cut(void **state)
{
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, fixed, NULL);
    frame_begin(&ui, &(Input){0});
    CHECK_NEAR(ui_text(&ui, (Rect){100, 50, 200, 30}, plain, ALIGN_RIGHT, "abcd"), 40, 0.01, 0, "width");
    CHECK_NEAR(ui.items[0].rect.x, 260, 0.01, 0, "right aligned");
    CHECK(!ui.items[0].clipped, "it fits");
    ui_text(&ui, (Rect){100, 50, 45, 30}, plain, ALIGN_LEFT, "abcdefgh");
    CHECK(strcmp(item_text(&ui, 1), "abc…") == 0, "cut to '%s'", item_text(&ui, 1));
    CHECK(ui.items[1].clipped, "the cut is noted");
    ui_text(&ui, (Rect){100, 50, 45, 30}, plain, ALIGN_LEFT, "网络网络网络");
    CHECK(strcmp(item_text(&ui, 2), "网络网…") == 0, "cut between characters, not bytes: '%s'", item_text(&ui, 2));
    ui_text(&ui, (Rect){100, 50, 200, 30}, plain, ALIGN_LEFT, "a\xff" "b\xe7\xbd");
    CHECK(strcmp(item_text(&ui, 3), "a?b??") == 0, "stray bytes: '%s'", item_text(&ui, 3));
    ui_text(&ui, (Rect){790, 50, 100, 30}, plain, ALIGN_LEFT, "abcd");
    CHECK(ui.items[4].clipped, "text beyond the window's edge is noted");
    ui_end(&ui);
    ui_free(&ui);
}

static void text_outside_the_clip_is_left_out(void **state)
{
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, fixed, NULL);
    frame_begin(&ui, &(Input){0});
    ui_clip_push(&ui, (Rect){0, 0, 100, 100});
    ui_text(&ui, (Rect){0, 200, 100, 20}, plain, ALIGN_LEFT, "below");
    CHECK(ui.item_count == 0, "%zu items", ui.item_count);
    ui_text(&ui, (Rect){0, 90, 100, 20}, plain, ALIGN_LEFT, "half");
    CHECK(ui.items[0].clipped, "cut by a clip that cannot scroll");
    ui_clip_pop(&ui);
    Scroll scroll = {0};
    ui_scroll_begin(&ui, 1, (Rect){0, 0, 100, 100}, &scroll, 300);
    ui_text(&ui, (Rect){0, 90, 90, 20}, plain, ALIGN_LEFT, "half");
    CHECK(!ui.items[1].clipped, "what can be scrolled back is no defect");
    ui_scroll_end(&ui);
    ui_end(&ui);
    ui_free(&ui);
}

static void characters_have_ends(void **state)
{
    (void)state;
    const char *text = "aé中😀";
    size_t end = strlen(text);
    const size_t begins[4] = {6, 3, 1, 0};
    for (int i = 0; i < 4; i++) {
        const size_t before = utf8_before(text, end);
        assert_int_equal(before, begins[i]);
        assert_int_equal(utf8_size(text + before), end - before);
        end = before;
    }
    size_t size;
    assert_int_equal(utf8_code("中", &size), 0x4e2d);
    assert_int_equal(utf8_code("\xc0\x80", &size), 0xfffd); /* an overlong zero */
    assert_int_equal(size, 1);
    assert_int_equal(utf8_size("\xe4\xb8"), 1); /* torn at the end of the text */
}

static void paragraphs_wrap(void **state)
{
    (void)state;
    static const struct { const char *text; float width; int lines; const char *first; } cases[] = {
        {"one two three", 80, 2, "one two"},      {"one two three", 79, 2, "one two"},
        {"one two three", 69, 3, "one"},          {"abcdefghij", 50, 2, "abcde"},
        {"每个分支都保持网格", 50, 2, "每个分支都"}, {"每个分支，都保持", 40, 3, "每个分"}, {"每个分支（都保持）", 50, 2, "每个分支"},
        {"a\n\nb", 100, 3, "a"},                  {"", 100, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Ui ui;
        ui_init(&ui, &theme_light, fixed, NULL);
        frame_begin(&ui, &(Input){0});
        float height = ui_paragraph(&ui, (Rect){0, 0, cases[i].width, 500}, plain, cases[i].text);
        CHECK_NEAR(height, 29 * cases[i].lines, 0.01, 0, "case %zu: lines of 29", i);
        CHECK_NEAR(ui_paragraph_height(&ui, cases[i].width, plain, cases[i].text), height, 0.01, 0, "case %zu", i);
        if (cases[i].lines > 0)
            CHECK(strcmp(item_text(&ui, 0), cases[i].first) == 0, "case %zu begins '%s'", i, item_text(&ui, 0));
        ui_end(&ui);
        ui_free(&ui);
    }
}

/* Press, hold and release in frames of their own, or all at once. */
static void buttons_answer_a_click(void **state)
{
    (void)state;
    const Rect r = {10, 10, 100, 30};
    Ui ui;
    ui_init(&ui, &theme_light, fixed, NULL);
    const Input steps[] = {
        {.mouse_x = 20, .mouse_y = 20, .mouse_inside = true, .pressed = true, .down = true},
        {.mouse_x = 20, .mouse_y = 20, .mouse_inside = true, .released = true},
        {.mouse_x = 20, .mouse_y = 20, .mouse_inside = true, .pressed = true, .released = true},
        {.mouse_x = 20, .mouse_y = 20, .mouse_inside = true, .pressed = true, .down = true},
        {.mouse_x = 300, .mouse_y = 20, .mouse_inside = true, .released = true}, /* let go outside: no click */
        {.mouse_x = 20, .mouse_y = 20, .mouse_inside = true, .released = true},  /* released without a press */
    };
    const bool expected[] = {false, true, true, false, false, false};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        frame_begin(&ui, &steps[i]);
        CHECK(ui_button(&ui, ui_id("go", 0), r, "go", BUTTON_PLAIN) == expected[i], "step %zu", i);
        ui_end(&ui);
    }
    ui_free(&ui);
}

static void overlays_keep_the_pointer(void **state)
{
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, fixed, NULL);
    const Input click = {.mouse_x = 20, .mouse_y = 20, .mouse_inside = true, .pressed = true, .released = true};
    for (int frame = 0; frame < 2; frame++) { /* the overlay's place is known from the frame before */
        frame_begin(&ui, frame == 0 ? &(Input){0} : &click);
        bool below = ui_button(&ui, ui_id("below", 0), (Rect){10, 10, 100, 30}, "below", BUTTON_PLAIN);
        ui_overlay_begin(&ui, (Rect){0, 0, 200, 200});
        bool above = ui_button(&ui, ui_id("above", 0), (Rect){10, 10, 100, 30}, "above", BUTTON_PLAIN);
        ui_overlay_end(&ui);
        CHECK(!below && above == (frame == 1), "frame %d", frame);
        ui_end(&ui);
    }
    ui_free(&ui);
}

static void tooltips_are_on_top(void **state)
{
    (void)state;
    Ui ui;
    ui_init(&ui, &theme_light, fixed, NULL);
    frame_begin(&ui, &(Input){.mouse_x = 100, .mouse_y = 100, .mouse_inside = true});
    ui_clip_push(&ui, (Rect){90, 90, 30, 30});
    ui_tooltip(&ui, "a note");
    ui_clip_pop(&ui);
    ui_text(&ui, (Rect){100, 110, 300, 30}, plain, ALIGN_LEFT, "drawn later");
    ui_end(&ui);
    const Command *last = &ui.commands[ui.command_count - 1];
    CHECK(last->kind == CMD_TEXT && strcmp(ui.text + last->text, "a note") == 0, "something lies over the note");
    CHECK(!ui.items[ui.item_count - 1].clipped && ui.items[ui.item_count - 1].layer == 1, "it is cut by where it was asked for");
    frame_begin(&ui, &(Input){0});
    ui_end(&ui);
    CHECK(ui.item_count == 0, "it stays in the next frame");
    ui_free(&ui);
}

/* A tip waits until the pointer rests on its word, is inside the window, and never over the word; a click ends it. */
static void tips_wait_and_keep_clear(void **state)
{
    static const struct { Rect target; TipSide side; } cases[] = {
        {{10, 10, 60, 20}, TIP_BELOW}, {{730, 10, 60, 20}, TIP_BELOW}, {{300, 575, 60, 20}, TIP_BELOW}, {{0, 300, 200, 20}, TIP_BESIDE},
        {{0, 580, 200, 20}, TIP_BESIDE}, {{640, 300, 150, 20}, TIP_BESIDE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const Rect r = cases[i].target;
        Ui ui;
        ui_init(&ui, &theme_light, fixed, NULL);
        Input in = {.mouse_x = r.x + 5, .mouse_y = r.y + 5, .mouse_inside = true, .now = 10};
        for (int frame = 0; frame < 6; frame++) { /* arrives, moves, rests twice, is pressed, rests */
            static const double times[] = {0, 0.3, 0.6, 0.8, 0.9, 3};
            in.now = 10 + times[frame];
            in.mouse_x += frame == 1 ? 2 : 0;
            in.pressed = in.down = frame == 4;
            ui_begin(&ui, &in, 800, 600);
            ui_tip(&ui, r, cases[i].side, "what it does, in a line of its own · K");
            ui_end(&ui);
            CHECK((ui.item_count > 0) == (frame == 3), "case %zu: %zu items in frame %d", i, ui.item_count, frame);
            CHECK(frame >= 3 || ui.frame_at > in.now, "nothing asks for the frame in which it appears");
            for (size_t k = 0; k < ui.item_count; k++) {
                const Rect tip = ui.items[k].rect;
                CHECK(rect_intersect(tip, r).w <= 0 && tip.x >= 0 && tip.y >= 0 && tip.x + tip.w <= 800 && tip.y + tip.h <= 600, "case %zu: it is at %.0f, %.0f", i,
                      (double)tip.x, (double)tip.y);
            }
        }
        ui_free(&ui);
    }
}

static void fields_take_text_and_keys(void **state)
{
    (void)state;
    char text[8] = "";
    Ui ui;
    ui_init(&ui, &theme_light, fixed, NULL);
    static const struct { const char *typed, *key, *after; bool entered; } steps[] = {
        {"3a", "", "3a", false},       {"é网", "", "3aé网", false},  {"", "Backspace", "3aé", false},
        {"", "Left", "3aé", false},    {"x", "", "3axé", false},    {"toolong", "", "3axé", false},
        {"", "Home", "3axé", false},   {"", "Delete", "axé", false}, {"", "End", "axé", false},
        {"", "Backspace", "ax", false}, {"", "Enter", "ax", true},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        Input in = {0};
        snprintf(in.text, sizeof in.text, "%s", steps[i].typed);
        snprintf(in.key, sizeof in.key, "%s", steps[i].key);
        frame_begin(&ui, &in);
        if (i == 0)
            ui_field_focus(&ui, ui_id("layer", 0));
        CHECK(ui_field(&ui, ui_id("layer", 0), (Rect){0, 0, 300, 30}, "layer", text, sizeof text) == steps[i].entered, "step %zu", i);
        CHECK(strcmp(text, steps[i].after) == 0, "step %zu: '%s' is not '%s'", i, text, steps[i].after);
        ui_end(&ui);
        CHECK(ui.want_text, "step %zu", i);
    }
    frame_begin(&ui, &(Input){0});
    ui_end(&ui);
    CHECK(!ui.want_text, "a field that is gone has no focus");
    ui_free(&ui);
}

static void scrolling_stays_within_the_content(void **state)
{
    (void)state;
    Ui ui;
    Scroll scroll = {0};
    ui_init(&ui, &theme_light, fixed, NULL);
    static const struct { float wheel, offset; } steps[] = {{1, 0}, {-1, 48}, {-100, 200}, {-1, 200}, {2, 104}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        Input in = {.mouse_x = 50, .mouse_y = 50, .mouse_inside = true, .wheel_y = steps[i].wheel};
        frame_begin(&ui, &in);
        ui_scroll_begin(&ui, 7, (Rect){0, 0, 100, 100}, &scroll, 300);
        ui_scroll_end(&ui);
        ui_end(&ui);
        CHECK_NEAR(scroll.offset, steps[i].offset, 0.01, 0, "step %zu", i);
    }
    ui_free(&ui);
}

/* A column's height is what was drawn: where it was another one, a second frame is asked for and then no more. */
static void columns_settle(void **state)
{
    (void)state;
    Ui ui;
    Scroll scroll = {0};
    ui_init(&ui, &theme_light, fixed, NULL);
    static const struct { float used; bool again; } frames[] = {{100, false}, {300, true}, {300, false}, {80, true}, {80, false}};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        frame_begin(&ui, &(Input){0});
        ui_column_begin(&ui, 7, (Rect){0, 0, 100, 100}, &scroll);
        ui_column_end(&ui, frames[i].used);
        ui_end(&ui);
        assert_int_equal(ui.want_frame, frames[i].again);
        CHECK_NEAR(scroll.content, frames[i].used, 0.01, 0, "frame %zu", i);
    }
    ui_scroll_to(&scroll, 100, 150, 180);
    CHECK_NEAR(scroll.offset, 80, 0.01, 0, "below: its end comes in sight");
    ui_scroll_to(&scroll, 100, 90, 120);
    CHECK_NEAR(scroll.offset, 80, 0.01, 0, "in sight: nothing moves");
    ui_scroll_to(&scroll, 100, 30, 60);
    CHECK_NEAR(scroll.offset, 30, 0.01, 0, "above: its top");
    ui_free(&ui);
}

/* Every grid of the network at several sizes: sharp tiles, inside its room unless it must scroll. */
static void grids_fit_their_room(void **state)
{
    (void)state;
    static const struct { int count, h, w; float width, height; } cases[] = {
        {192, 28, 28, 146, 600}, {64, 28, 28, 700, 90},    {1024, 7, 7, 900, 500}, {3, 224, 224, 300, 600},
        {64, 112, 112, 900, 560}, {1000, 1, 1, 500, 300}, {480, 14, 14, 120, 100}, {5, 30, 60, 400, 300},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (float scale = 1; scale <= 2; scale += 0.5f) {
            Ui ui;
            ui_init(&ui, &theme_light, fixed, NULL);
            ui.scale = scale;
            MapGrid grid = {.c = cases[i].count, .count = cases[i].count, .h = cases[i].h, .w = cases[i].w, .gap = 2};
            map_grid_fit(&ui, &grid, cases[i].width, cases[i].height, 12, 300);
            float longer = fmaxf((float)grid.h, (float)grid.w), factor = grid.tile * scale / longer;
            CHECK(grid.tile >= 12 - 0.01f && grid.columns >= 1, "case %zu scale %g", i, (double)scale);
            CHECK(factor < 1 || fabsf(factor - roundf(factor)) < 1e-3f, "case %zu: enlarged %g times", i, (double)factor);
            CHECK(map_grid_width(&grid) <= cases[i].width + 0.01f, "case %zu: too wide", i);
            CHECK(map_grid_height(&grid) <= cases[i].height + 0.01f || grid.tile < 12 + longer / scale, "case %zu", i);
            Rect last = map_tile_rect((Rect){5, 6, 0, 0}, &grid, grid.count - 1);
            CHECK_NEAR(last.y + last.h, 6 + map_grid_height(&grid), 0.01, 0, "case %zu: last tile", i);
            ui_free(&ui);
        }
}

/* 27 pixels and a gap of one are 28 pixels: all of a map. Where there is no pixel to give, or more than a gap is missing, the gap stays. */
static void a_gap_is_given_up_for_a_whole_map(void **state)
{
    (void)state;
    static const struct { float height, tile, gap; } cases[] = {{337, 28, 0}, {335, 27, 1}, {325, 26, 1}, {348, 28, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Ui ui;
        ui_init(&ui, &theme_light, fixed, NULL);
        MapGrid grid = {.c = 128, .count = 128, .h = 28, .w = 28, .gap = 1};
        map_grid_fit(&ui, &grid, 320, cases[i].height, 12, 300);
        CHECK(grid.tile == cases[i].tile && grid.gap == cases[i].gap && grid.columns == 11, "%g high: %d columns of %g, a gap of %g", (double)cases[i].height, grid.columns,
              (double)grid.tile, (double)grid.gap);
        ui_free(&ui);
    }
}

static void the_pointer_finds_its_value(void **state)
{
    (void)state;
    static float data[6 * 4 * 4];
    static const float lo = 0, hi = 1;
    const MapGrid grid = {.data = data, .c = 6, .h = 4, .w = 4, .map = MAP_GREY, .lo = &lo, .hi = &hi, .range_count = 1,
                          .columns = 3, .tile = 40, .gap = 4, .first = 0, .count = 6};
    static const struct { float x, y; MapHit hit; } cases[] = {
        {100, 200, {0, 0, 0}}, {139, 239, {0, 3, 3}}, {141, 200, {-1, -1, -1}}, /* in the gap */
        {144, 200, {1, 0, 0}}, {144 + 15, 244 + 25, {4, 2, 1}}, {99, 200, {-1, -1, -1}}, {144, 290, {-1, -1, -1}},
    };
    Ui ui;
    ui_init(&ui, &theme_light, fixed, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        frame_begin(&ui, &(Input){.mouse_x = cases[i].x, .mouse_y = cases[i].y, .mouse_inside = true});
        MapHit hit = ui_maps(&ui, (Rect){100, 200, 200, 100}, &grid, "3a");
        CHECK(hit.channel == cases[i].hit.channel && hit.y == cases[i].hit.y && hit.x == cases[i].hit.x,
              "case %zu: channel %d at %d,%d", i, hit.channel, hit.y, hit.x);
        CHECK(strcmp(ui.items[0].address, "3a") == 0, "the item carries the address");
        ui_end(&ui);
    }
    frame_begin(&ui, &(Input){0}); /* only rows inside the clip are drawn */
    ui_clip_push(&ui, (Rect){100, 250, 200, 20});
    ui_maps(&ui, (Rect){100, 200, 200, 100}, &grid, "3a");
    ui_clip_pop(&ui);
    CHECK(ui.items[0].first == 3 && ui.items[0].count == 3, "from %d, %d tiles", ui.items[0].first, ui.items[0].count);
    ui_end(&ui);
    ui_free(&ui);
}

/* A grid of chosen channels: where each is, which is under the pointer, and what is left of them inside a clip. */
static void chosen_channels_are_found_by_their_own_numbers(void **state)
{
    (void)state;
    static float data[6 * 4 * 4];
    static const float lo = 0, hi = 1;
    static const int picked[] = {5, 0, 3, 1};
    const MapGrid grid = {.data = data, .c = 6, .h = 4, .w = 4, .map = MAP_GREY, .lo = &lo, .hi = &hi, .range_count = 1,
                          .columns = 2, .tile = 40, .gap = 4, .count = 4, .picked = picked};
    const Rect r = {100, 200, 200, 100}, third = map_tile_rect(r, &grid, 3);
    Ui ui;
    CHECK(map_place(&grid, 5) == 0 && map_place(&grid, 1) == 3 && map_place(&grid, 2) == -1, "places of channels");
    CHECK_NEAR(third.x, 100, 0.01, 0, "channel 3 begins the second row");
    CHECK_NEAR(third.y, 244, 0.01, 0, "channel 3 begins the second row");
    ui_init(&ui, &theme_light, fixed, NULL);
    frame_begin(&ui, &(Input){.mouse_x = 110, .mouse_y = 250, .mouse_inside = true});
    CHECK(ui_maps(&ui, r, &grid, "3a").channel == 3, "under the pointer");
    ui_clip_push(&ui, (Rect){100, 250, 200, 20});
    ui_maps(&ui, r, &grid, "3a");
    ui_clip_pop(&ui);
    const Item *cut = &ui.items[ui.item_count - 1];
    CHECK(cut->count == 2 && cut->picked[0] == 3 && cut->picked[1] == 1, "the second row is left");
    ui_end(&ui);
    ui_free(&ui);
}

/* matplotlib's documented ends, and the fixed zero of the signed map. */
static void colours_mean_what_they_say(void **state)
{
    (void)state;
    static const struct { Colormap map; float value, lo, hi; Color color; } cases[] = {
        {MAP_VIRIDIS, 0, 0, 2, 0x440154ff}, {MAP_VIRIDIS, 2, 0, 2, 0xfde725ff}, {MAP_VIRIDIS, 9, 0, 2, 0xfde725ff},
        {MAP_VIRIDIS, 5, 5, 5, 0x440154ff}, {MAP_GREY, 0.5f, 0, 1, 0x808080ff}, {MAP_SIGNED, 0, -3, 1, 0xffffffff},
        {MAP_SIGNED, 0, 0, 0, 0xffffffff},  {MAP_MAGMA, NAN, 0, 1, 0xff00ffff},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Color got = colormap_color(cases[i].map, cases[i].value, cases[i].lo, cases[i].hi);
        CHECK(got == cases[i].color, "case %zu: %08x is not %08x", i, got, cases[i].color);
    }
    Color less = colormap_color(MAP_SIGNED, 1, -3, 1), more = colormap_color(MAP_SIGNED, 3, -3, 1);
    CHECK(less != more, "both signs share one scale: 1 of 3 is not the end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_aligned_and_cut),      cmocka_unit_test(text_outside_the_clip_is_left_out),
        cmocka_unit_test(characters_have_ends),
        cmocka_unit_test(paragraphs_wrap),              cmocka_unit_test(buttons_answer_a_click),
        cmocka_unit_test(overlays_keep_the_pointer), cmocka_unit_test(tooltips_are_on_top), cmocka_unit_test(tips_wait_and_keep_clear),
          cmocka_unit_test(fields_take_text_and_keys),
        cmocka_unit_test(columns_settle),
        cmocka_unit_test(scrolling_stays_within_the_content), cmocka_unit_test(grids_fit_their_room), cmocka_unit_test(a_gap_is_given_up_for_a_whole_map),
        cmocka_unit_test(the_pointer_finds_its_value),  cmocka_unit_test(colours_mean_what_they_say),
        cmocka_unit_test(chosen_channels_are_found_by_their_own_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
