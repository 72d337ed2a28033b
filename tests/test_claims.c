/* Printed numbers in the window: everything that `audit` knows is to be read in the ledger, in both languages, and the inspector leads there. */
#include "tests/check.h"
#include "tests/program.h"

#include "app/model/phrases.h"
#include "app/model/reason.h"
#include "app/views/views.h"



/* One frame of the ledger alone. */
static void draw(Program *p, ViewState *v, float x, float y)
{
    p->in.mouse_inside = true;
    p->in.mouse_x = x;
    p->in.mouse_y = y;
    ui_begin(&p->ui, &p->in, p->width, p->height);
    view_ledger(&p->ui, p->session, v, (Rect){230, 50, p->width - 250, p->height - 90});
    ui_end(&p->ui);
    p->in.pressed = p->in.released = false;
}

static void press(Program *p, ViewState *v, float x, float y)
{
    p->in.down = p->in.pressed = true;
    draw(p, v, x, y);
    p->in.down = false;
    p->in.released = true;
    draw(p, v, x, y);
    for (int i = 0; i < 4; i++)
        draw(p, v, x, y);
}

/* All that is written, without blanks: lines may be broken anywhere. */
static char *written(const Program *p)
{
    size_t size = 1;
    for (size_t i = 0; i < p->ui.item_count; i++)
        size += strlen(p->ui.text + p->ui.items[i].text);
    char *all = malloc(size), *to = all;
    assert_non_null(all);
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "text") == 0)
            for (const char *c = p->ui.text + p->ui.items[i].text; *c != '\0'; c++)
                if (*c != ' ' && *c != '\n')
                    *to++ = *c;
    *to = '\0';
    return all;
}

static bool holds(const char *all, const char *text)
{
    char plain[4096], *to = plain;
    for (const char *c = text; *c != '\0' && to < plain + sizeof plain - 1; c++)
        if (*c != ' ' && *c != '\n')
            *to++ = *c;
    *to = '\0';
    return strstr(all, plain) != NULL;
}

static bool says(const Program *p, const char *text)
{
    char *all = written(p);
    const bool found = holds(all, text);
    free(all);
    return found;
}

static void check_list(Program *p, Lang lang, float width, float height)
{
    ViewState v = {.ledger = {.row = -1, .claims = true}};
    const char *network = model_net(p->model)->name;
    p->width = width;
    p->height = height;
    p->model->screen.lang = lang;
    const Audit *audit = &model_ledger(p->model)->audit;
    const Phrases phrases = phrases_in(lang);
    for (int i = 0; i < audit->count; i++) {
        const AuditLine *line = &audit->lines[i];
        char text[REASON_MAX];
        v.ledger.claim = i + 1;
        draw(p, &v, 0, 0);
        char *all = written(p);
        CHECK(holds(all, line->printed) && holds(all, line->value) && holds(all, reason_source(lang, line->claim->source)), "%s: %s", network, line->claim->what);
        reason_verdict(lang, line, text, sizeof text);
        CHECK(holds(all, text), "%s: the verdict '%s' is not there", network, text);
        audit_formula(audit, line, &phrases, text, sizeof text);
        CHECK(holds(all, text), "%s: the formula '%s' is not there", network, text);
        reason_text(lang, audit, line, true, text, sizeof text);
        CHECK(holds(all, text), "%s: '%s' is not there", network, text);
        free(all);
    }
    for (int i = 0; i < audit->tried_count; i++) { /* each hypothesis is with some line */
        char text[REASON_MAX], reason[REASON_MAX];
        bool found = false;
        reason_tried(lang, audit, &audit->tried[i], text, sizeof text);
        for (int k = 0; k < audit->count && !found; k++) {
            reason_text(lang, audit, &audit->lines[k], true, reason, sizeof reason);
            found = strstr(reason, text) != NULL;
        }
        CHECK(found, "%s: no line says '%s'", network, text);
    }
    view_state_free(&v);
    p->model->screen.lang = LANG_EN;
}

static void test_every_claim_is_in_the_list(void **state)
{
    Program lenet;
    Err err;
    check_list(*state, LANG_EN, 1280, 720);
    check_list(*state, LANG_ZH, 1920, 1080);
    CHECK(program_open(&lenet, "lenet5", 1280, 720, &err), "%s", err.text);
    check_list(&lenet, LANG_ZH, 1280, 720);
    program_close(&lenet);
}

/* No word of the table or the list is cut where there is room for it. */
static void test_nothing_is_cut(void **state)
{
    static const struct { float w, h; Lang lang; } sizes[] = {{1280, 720, LANG_EN}, {1280, 720, LANG_ZH}, {1920, 1080, LANG_EN}, {1920, 1080, LANG_ZH}};
    Program *p = *state;
    for (int s = 0; s < 4; s++)
        for (int claims = 0; claims < 2; claims++) {
            ViewState v = {.ledger = {.row = -1, .claims = claims > 0, .claim = claims > 0 ? 4 : 0}};
            p->width = sizes[s].w;
            p->height = sizes[s].h;
            p->model->screen.lang = sizes[s].lang;
            draw(p, &v, 0, 0);
            for (size_t i = 0; i < p->ui.item_count; i++)
                CHECK(!p->ui.items[i].clipped, "%gx%g: '%s' is cut", (double)sizes[s].w, (double)sizes[s].h, p->ui.text + p->ui.items[i].text);
            view_state_free(&v);
            p->model->screen.lang = LANG_EN;
        }
}

/* A verdict in the table says why when it is pressed, and beside the pointer; the switch beside it makes the row another one. */
static void test_a_row_of_the_table(void **state)
{
    Program *p = *state;
    ViewState v = {.ledger = {.row = -1}};
    p->width = 1280;
    p->height = 720;
    draw(p, &v, 0, 0);
    const Item *verdict = program_find(p, "text", "differs +5.3%");
    CHECK(verdict != NULL, "5a has no verdict");
    const float x = verdict->rect.x + 10, y = verdict->rect.y + 5;
    draw(p, &v, x, y);
    CHECK(program_find(p, "tooltip", "every printed cell of the row matches") != NULL, "no reason beside the pointer");
    draw(p, &v, 0, 0);
    CHECK(!says(p, "every printed cell of the row matches"), "nothing is selected yet");
    press(p, &v, x, y);
    CHECK(says(p, "every printed cell of the row matches: params 1,097,728 agrees in Ki"), "no reason below the table");
    const Item *row = program_find(p, "row", "inception_5a");
    CHECK(row != NULL, "the selected row went out of sight");

    const Item *toggle = program_find(p, "switch", "without");
    CHECK(toggle != NULL, "5a has no switch");
    press(p, &v, toggle->rect.x + 10, toggle->rect.y + 14);
    CHECK(model_ledger(p->model) != &p->model->ledger, "it switches nothing");
    CHECK(program_find(p, "text", "* changed") != NULL && says(p, "a switch has changed it: as described 1,042,432, now 5,378,048"), "a switched row is changed, not wrong");
    CHECK(program_find(p, "text", "differs +5.3%") == NULL, "the verdict on the row as it was");
    toggle = program_find(p, "switch", "without");
    press(p, &v, toggle->rect.x + 10, toggle->rect.y + 14);
    CHECK(model_ledger(p->model) == &p->model->ledger && program_find(p, "text", "differs +5.3%") != NULL, "and back");

    /* From the row to all that was printed about it. */
    const Item *more = program_find(p, "button", "its printed numbers: 10");
    CHECK(more != NULL, "no way to the others");
    press(p, &v, more->rect.x + 10, more->rect.y + 14);
    CHECK(v.ledger.claims && program_find(p, "claim", "5x5_reduce") != NULL && program_find(p, "claim", "depth_pools") == NULL, "the row's claims alone");
    const Item *one = program_find(p, "claim", "ops");
    press(p, &v, one->rect.x + 10, one->rect.y + 10);
    CHECK(says(p, "the two printed cells agree with each other: 1072K x 7 x 7 = 53,788,672 with K = 1024, agrees in M"), "the pair");
    view_state_free(&v);
}

static void test_nobody_printed_anything(void **state)
{
    Program program, *p = &program;
    ViewState v = {.ledger = {.row = -1, .claims = true}};
    Err err;
    (void)state;
    CHECK(program_open(p, "tiny", 1280, 720, &err), "%s", err.text);
    draw(p, &v, 0, 0);
    CHECK(says(p, str(LANG_EN, STR_AUDIT_NOBODY)) && program_find(p, "choice", "printed numbers") == NULL && program_find(p, "text", "verdict") == NULL,
          "no words for it, or empty columns");
    view_state_free(&v);
    program_close(p);
}

static void test_the_inspector_leads_to_the_ledger(void **state)
{
    Program *p = *state;
    p->width = 1280;
    p->height = 800;
    model_go(p->model, program_layer(p, "4c"));
    program_rest(p);
    const Item *verdict = program_find(p, "text", "differs -6.9%");
    CHECK(verdict != NULL, "no verdict in the inspector");
    const float x = verdict->rect.x + 4, y = verdict->rect.y + 4;
    program_move(p, x, y);
    CHECK(program_find(p, "tooltip", "none of 7,161 settings gives params 463K and ops 100M") != NULL, "no reason beside the pointer");
    program_click(p, x, y);
    assert_int_equal(p->model->view, VIEW_LEDGER);
    CHECK(says(p, "none of 7,161 settings gives params 463K and ops 100M") && program_find(p, "row", "inception_4c") != NULL, "the ledger's row");
    program_key(p, "Escape");
}

/* googlenet in the place of what the other tests open. */
static int open_group(void **state)
{
    Program *p = malloc(sizeof *p);
    Err err;
    *state = p;
    return p != NULL && program_open(p, "googlenet", 1280, 720, &err) ? 0 : -1;
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_every_claim_is_in_the_list), cmocka_unit_test(test_nothing_is_cut), cmocka_unit_test(test_a_row_of_the_table),
    cmocka_unit_test(test_nobody_printed_anything), cmocka_unit_test(test_the_inspector_leads_to_the_ledger),
};

int main(void) { return cmocka_run_group_tests(table, open_group, program_group_close); }
