/* test_products_view.c - the multiplication on the screen: patch, kernel and products as grids; steps through them by product, row, channel and all,
 * by keys and by the mouse; the sum that grows is the engine's; while the kernel moves the rows stay. */
#include "tests/program.h"

static void go(Program *p, const char *address, const char *pos)
{
    Err err;
    CHECK(model_goto(p->model, address, pos, "value", &err), "%s", err.text);
    program_rest(p);
}

static Taken take(const Program *p)
{
    Taken t;
    CHECK(model_taken(p->model, p->model->cursor, &t), "no value");
    return t;
}

/* By what the header says, term by term: steps forwards and backwards end at the same places. */
static void steps_by_hand(void **state)
{
    Program *p = *state;
    go(p, "3a/3x3[5]", "0,3"); /* at the edge: a row of the kernel is in the padding */
    Taken t = take(p);
    const int channels = model_net(p->model)->layers[t.at.layer].in.c;
    assert_int_equal(t.e.term_count, channels * 6);
    for (int step = 0; step < TERM_STEPS; step++) {
        const int size = (int[]){1, 3, 6, t.e.term_count}[step];
        for (int at = 0; at < t.e.term_count; at++)
            CHECK(terms_next(&t.e, t.terms, at, (TermStep)step) == (at / size + 1) * size, "step %d from %d", step, at);
        for (int at = 1; at <= t.e.term_count; at++)
            CHECK(terms_prev(&t.e, t.terms, at, (TermStep)step) == (at - 1) / size * size, "step %d back from %d", step, at);
    }
    CHECK(terms_sum(&t.e, t.terms, 0) == t.e.of.weighted.bias && terms_sum(&t.e, t.terms, t.e.term_count) == t.e.of.weighted.total, "the sums at both ends");
    taken_free(&t);
}

/* The sum so far with all its digits, in the ledger and below the products. */
static void sum_is_shown(Program *p, int at)
{
    Taken t = take(p);
    char number[NUM_MAX];
    int shown = 0;
    CHECK(p->model->term == at, "after %d terms, not %d", p->model->term, at);
    num_exact(number, terms_sum(&t.e, t.terms, at));
    for (size_t i = 0; i < p->ui.item_count; i++)
        shown += strcmp(p->ui.text + p->ui.items[i].text, number) == 0;
    CHECK(shown >= (at > 0 ? 2 : 1), "the sum %s after %d terms is there %d times", number, at, shown);
    taken_free(&t);
}

static void keys_step(void **state)
{
    Program *p = *state;
    go(p, "3a/3x3[5]", "4,3");
    static const struct { const char *key; int term; } steps[] = {{"1", -1}, {"Enter", 1}, {"Enter", 2}, {"2", 2}, {"Enter", 3}, {"Enter", 6}, {"3", 6}, {"Enter", 9},
                                                                 {"Enter", 18}, {"Backspace", 9}, {"2", 9}, {"Backspace", 6}, {"1", 6}, {"Backspace", 5},
                                                                 {"3", 5}, {"Backspace", 0}, {"Backspace", 0}, {"4", 0}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        program_key(p, steps[i].key);
        CHECK(p->model->term == steps[i].term, "%s, number %zu: term %d, not %d", steps[i].key, i, p->model->term, steps[i].term);
        if (steps[i].term >= 0)
            sum_is_shown(p, steps[i].term);
    }
    const int count = model_term_count(p->model);
    program_key(p, "Enter");
    sum_is_shown(p, count);
    program_key(p, "Enter");
    CHECK(p->model->term == -1, "after the last all are shown again");
    program_key(p, "3");
    program_key(p, "Enter");
    program_key(p, "Space");
    CHECK(p->model->term == count && !p->model->playing, "Space plays them to the end: %d of %d", p->model->term, count);
    program_key(p, "Escape");
    CHECK(p->model->term == -1 && p->model->view == VIEW_VALUE, "Escape ends the steps");
    program_key(p, "1");
}

static void click(Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    program_click(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 2);
}

static void the_mouse_steps(void **state)
{
    Program *p = *state;
    go(p, "3a/3x3[5]", "4,3");
    const int count = model_term_count(p->model);
    click(p, "choice", "channel");
    click(p, "button", "one step back");
    sum_is_shown(p, count - 9);
    click(p, "button", "one step on");
    sum_is_shown(p, count);
    const Item *track = program_find(p, "terms", "");
    CHECK(track != NULL, "no track");
    const Rect r = track->rect;
    program_click(p, r.x + r.w / 2, r.y + r.h / 2);
    sum_is_shown(p, count / 2);
    program_click(p, r.x, r.y + r.h / 2);
    sum_is_shown(p, 0);
    click(p, "button", "play the products");
    sum_is_shown(p, count);
    click(p, "choice", "product");
}

/* The texts of the channels' labels, from the top. */
static void labels(const Program *p, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const char *text = p->ui.text + p->ui.items[i].text;
        if (strcmp(p->ui.items[i].role, "text") == 0 && strncmp(text, "3x3_reduce[", 11) == 0 && p->ui.items[i].rect.x > 260)
            snprintf(out + strlen(out), size - strlen(out), "%s ", text);
    }
}

/* The rows are ranked by this place's sums; while the kernel moves they keep their order, though others would come first. */
static void rows_stay(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    char before[512], moving[512], after[512];
    int others = 0;
    go(p, "3a/3x3[5]", "3,1");
    labels(p, before, sizeof before);
    CHECK(strstr(before, "3x3_reduce[") != NULL, "no rows");
    p->app.key(p->app.user, "Space");
    for (int i = 0; i < 6; i++) {
        model_position(m, 4 + i % 3, i); /* as playing does */
        model_play(m, true);
        program_frame(p);
        labels(p, moving, sizeof moving);
        CHECK(strcmp(before, moving) == 0, "'%s', then '%s'", before, moving);
        model_play(m, false);
        const Cursor here = m->cursor;
        Taken t = take(p);
        snprintf(after, sizeof after, "3x3_reduce[%d] ", t.parts[0].channel);
        others += strncmp(before, after, strlen(after)) != 0;
        taken_free(&t);
        model_select(m, here);
        model_play(m, true);
    }
    CHECK(others > 0, "no other order was to be seen");
    model_play(m, false);
    program_rest(p);
    labels(p, moving, sizeof moving);
    Taken t = take(p);
    snprintf(after, sizeof after, "3x3_reduce[%d] ", t.parts[0].channel);
    CHECK(strncmp(moving, after, strlen(after)) == 0, "at rest the largest is first: '%s'", moving);
    taken_free(&t);
}

/* Every number of the grids is that of a term; the maps have the window. */
static void grids_are_the_terms(void **state)
{
    Program *p = *state;
    go(p, "3a/3x3[5]", "4,3");
    Taken t = take(p);
    int products = 0, windows = 0;
    for (size_t i = 0; i < p->ui.item_count; i++)
        windows += strcmp(p->ui.items[i].role, "window") == 0;
    CHECK(windows == t.part_count, "%d windows on %d maps", windows, t.part_count);
    for (int i = 0; i < t.e.term_count; i++) {
        char text[NUM_MAX];
        num_cell(text, t.terms[i].product, true);
        products += t.terms[i].product != 0 && program_find(p, "text", text) != NULL;
        CHECK(t.terms[i].product == 0 || program_find(p, "text", text) != NULL, "the product %s is not on the screen", text);
    }
    CHECK(products > 10, "only %d products", products);
    taken_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_by_hand), cmocka_unit_test(keys_step), cmocka_unit_test(the_mouse_steps), cmocka_unit_test(rows_stay), cmocka_unit_test(grids_are_the_terms),
    };
    return cmocka_run_group_tests(tests, program_small_open, program_group_close);
}
