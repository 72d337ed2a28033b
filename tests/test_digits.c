/* test_digits.c - the values printed into the cells of small maps. tiny.net is convolved here by hand: its picture, its first layer. */
#include "tests/program.h"
#include "tests/wcag.h"

static const int picture[6][6] = {{0}, {0, 2, 2, 2, 2}, {0, 2, 2, 2, 2}, {0, 0, 0, 2, 2}, {0, 0, 0, 2, 2}, {0}};
static const int kernel[2][3][3] = {{{-1, 0, 1}, {-1, 0, 1}, {-1, 0, 1}}, {{1, 1, 1}, {0, 0, 0}, {-1, -1, -1}}}, bias[2] = {0, 1};

static int convolved(int c, int y, int x)
{
    int sum = bias[c];
    for (int i = 0; i < 9; i++)
        sum += kernel[c][i / 3][i % 3] * picture[y + i / 3][x + i % 3];
    return sum > 0 ? sum : 0;
}

static void open_at(Program *p, const char *network, const char *address)
{
    Err err;
    CHECK(program_open(p, network, 1366, 768, &err), "%s", err.text);
    CHECK(model_goto(p->model, address, NULL, NULL, &err), "%s", err.text);
    if (strcmp(network, "tiny") == 0) { /* its own numbers, not a photo */
        Picture own;
        CHECK(picture_given(model_net(p->model), &own, &err), "%s", err.text);
        model_take_picture(p->model, own);
    }
    program_move(p, 3, 3);
}

static const Item *maps_at(const Program *p, const char *address)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "maps") == 0 && strcmp(p->ui.items[i].address, address) == 0)
            return &p->ui.items[i];
    return NULL;
}

/* The text in the middle of this cell, and its colour. */
static const char *text_in(const Program *p, Rect cell, Color *ink)
{
    for (size_t i = 0; i < p->ui.command_count; i++) {
        const Command *c = &p->ui.commands[i];
        if (c->kind == CMD_TEXT && fabsf(c->rect.x + c->rect.w / 2 - cell.x - cell.w / 2) < 2 && c->rect.y >= cell.y - 2 && c->rect.y + c->rect.h <= cell.y + cell.h + 6) {
            *ink = c->style.color;
            return p->ui.text + c->text;
        }
    }
    return "";
}

static void every_cell_has_its_number(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_at(p, "tiny", "conv1");
    for (int dark = 0; dark < 2; dark++) {
        p->model->screen.dark = dark;
        program_rest(p);
        const Item *item = maps_at(p, "conv1");
        CHECK(item != NULL, "no maps");
        const float w = item->tile_w / 4, h = item->tile_h / 4;
        for (int i = 0; i < 2 * 16; i++) {
            const int c = i / 16, y = i % 16 / 4, x = i % 4, column = c % item->columns, row = c / item->columns;
            const Rect cell = {item->rect.x + (float)column * (item->tile_w + item->gap) + (float)x * w, item->rect.y + (float)row * (item->tile_h + item->gap) + (float)y * h, w, h};
            char want[16];
            Color ink = 0;
            snprintf(want, sizeof want, "%d", convolved(c, y, x));
            const char *text = text_in(p, cell, &ink);
            CHECK(strcmp(text, want) == 0, "[%d] (%d, %d) is '%s', not %s", c, y, x, text, want);
            CHECK(wcag_contrast(ink, colormap_color(MAP_VIRIDIS, (float)convolved(c, y, x), 0, 5)) >= 4.5, "[%d] (%d, %d): %08x is not to be read", c, y, x, (unsigned)ink);
        }
    }
    program_close(p);
}

/* In a module the tiles are smaller, and whole numbers still fit: the first map of the input has a 4 in its corner. */
static void small_whole_numbers_fit_too(void **state)
{
    Program program, *p = &program;
    Color ink;
    (void)state;
    open_at(p, "tiny", "1a");
    const Item *item = maps_at(p, "conv1");
    CHECK(item != NULL && item->tile_w < 120, "the tiles are not small");
    const Rect cell = {item->rect.x, item->rect.y, item->tile_w / 4, item->tile_h / 4};
    char want[16];
    snprintf(want, sizeof want, "%d", convolved(item->picked != NULL ? item->picked[0] : 0, 0, 0));
    CHECK(strcmp(text_in(p, cell, &ink), want) == 0, "'%s', not %s", text_in(p, cell, &ink), want);
    program_close(p);
}

/* Large maps stay pictures: no text lies on the maps of 3a. */
static void large_maps_have_none(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_at(p, "googlenet", "3a/3x3");
    const Item *item = maps_at(p, "3a/3x3");
    CHECK(item != NULL, "no maps");
    for (size_t i = 0; i < p->ui.item_count; i++)
        CHECK(strcmp(p->ui.items[i].role, "text") != 0 || rect_intersect(p->ui.items[i].rect, item->rect).w <= 0, "'%s' is on the maps", p->ui.text + p->ui.items[i].text);
    program_close(p);
}

/* Black or white has a contrast of at least 4.5 to any colour. */
static void ink_is_readable_on_any_ground(void **state)
{
    (void)state;
    for (int i = 0; i < 32 * 32 * 32; i++) {
        const Color ground = (Color)(i / 1024 * 255 / 31) << 24 | (Color)(i / 32 % 32 * 255 / 31) << 16 | (Color)(i % 32 * 255 / 31) << 8 | 0xff;
        CHECK(wcag_contrast(color_ink(ground), ground) >= 4.5, "%08x on %08x", (unsigned)color_ink(ground), (unsigned)ground);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(every_cell_has_its_number), cmocka_unit_test(small_whole_numbers_fit_too),
                                          cmocka_unit_test(large_maps_have_none), cmocka_unit_test(ink_is_readable_on_any_ground)};

TEST_MAIN(tests)
