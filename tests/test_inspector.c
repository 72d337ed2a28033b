/* test_inspector.c - the column at the right: how the shape of a module comes about and of which branch, and what one value sees of the
 * picture, with what lies in the padding. */
#include "tests/program.h"

static bool beside(const Program *p, const char *left, const char *right)
{
    const Item *a = program_find(p, "text", right);
    for (size_t i = 0; i < p->ui.item_count && a != NULL; i++) {
        const Item *item = &p->ui.items[i];
        if (item->rect.x > p->width * 0.7f && item->rect.x < a->rect.x && fabsf(item->rect.y + item->rect.h / 2 - a->rect.y - a->rect.h / 2) < 4 &&
            strcmp(p->ui.text + item->text, left) == 0)
            return true;
    }
    return false;
}

static void go_to(Program *p, const char *address, const char *pos)
{
    Err err;
    CHECK(model_goto(p->model, address, pos, NULL, &err), "%s", err.text);
    program_move(p, 3, 3);
}

static void the_shape_says_of_which_layer(void **state)
{
    Program *p = *state;
    go_to(p, "3a", NULL);
    CHECK(program_find(p, "text", "192×28×28 → 256×28×28") != NULL, "what goes in and what comes out of the module");
    CHECK(program_find(p, "text", "256 = 64 + 128 + 32 + 32") != NULL, "how the channels add up");
    CHECK(beside(p, "3×3", "⌊(28 + 2·1 − 3)/1⌋ + 1 = 28"), "the formula names its branch");
}

static const char *const places[][4] = {
    {"3a/3x3[7]", "0,15", "sees rows 0–27 (+15 in the padding)", "sees columns 105–147"},
    {"conv1[0]", "0,111", "sees rows 0–3 (+3 in the padding)", "sees columns 219–223 (+2 in the padding)"},
    {"3a[7]", "12,15", "sees rows 89–115", "sees columns 113–139"}, /* the 1x1 branch's, not that of the 5x5 */
};

static void what_lies_in_the_padding_is_said(void **state)
{
    Program *p = *state;
    p->width = 1920; /* each sentence in one line */
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        go_to(p, places[i][0], places[i][1]);
        const Item *rows = program_find(p, "text", "sees rows"), *columns = program_find(p, "text", "sees columns");
        CHECK(rows != NULL && columns != NULL, "%s: nothing is said", places[i][0]);
        CHECK(strcmp(p->ui.text + rows->text, places[i][2]) == 0 && strcmp(p->ui.text + columns->text, places[i][3]) == 0, "%s at %s: '%s', '%s'", places[i][0],
              places[i][1], p->ui.text + rows->text, p->ui.text + columns->text);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(the_shape_says_of_which_layer), cmocka_unit_test(what_lies_in_the_padding_is_said)};

int main(void)
{
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
