/* test_values.c - what the one-value view says holds for that op and that engine. Every kind of value of several networks, with both engines, in both
 * languages, is read back from the screen: the headline, the ledger, the terms, the caption and the keys must not contradict each other or the maps. */
#include "tests/program.h"
#include "app/views/value_page.h"

#include <math.h>

enum { TEXT_MOST = 1024 };

/* ---- reading the screen ---- */

/* The texts in one row, from left to right, joined by spaces. */
static void row_text(const Program *p, const Item *in, char out[TEXT_MOST])
{
    out[0] = '\0';
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "text") == 0 && item->rect.x > in->rect.x && fabsf(item->rect.y + item->rect.h / 2 - in->rect.y - in->rect.h / 2) < 4)
            snprintf(out + strlen(out), TEXT_MOST - strlen(out), "%s%s", out[0] != '\0' ? " " : "", p->ui.text + item->text);
    }
}

/* The item with exactly this text right of x, or NULL. */
static const Item *text_item(const Program *p, float x, const char *text)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "text") == 0 && p->ui.items[i].rect.x >= x && strcmp(p->ui.text + p->ui.items[i].text, text) == 0)
            return &p->ui.items[i];
    return NULL;
}

/* What the ledger has at the right of a label, or "". */
static const char *ledger_label(const Program *p, const char *label, char out[TEXT_MOST])
{
    const Item *head = program_find(p, "text", model_text(p->model, STR_LEDGER)), *item = head != NULL ? text_item(p, head->rect.x - 4, label) : NULL;
    out[0] = '\0';
    if (item != NULL)
        row_text(p, item, out);
    return out;
}

static const char *ledger_row(const Program *p, Str label, char out[TEXT_MOST])
{
    return ledger_label(p, model_text(p->model, label), out);
}

/* All text below the view's title, which is below the breadcrumb, and above the cards, as one string. */
static void headline(const Program *p, char out[TEXT_MOST])
{
    const Item *sees = program_find(p, "text", model_text(p->model, STR_WHAT_IT_SEES));
    float title = 0;
    CHECK(sees != NULL, "no card with what it sees");
    out[0] = '\0';
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, "text") != 0 || item->rect.y < 116 || item->rect.y + item->rect.h > sees->rect.y - 4)
            continue;
        if (title > 0 && item->rect.y > title + 4)
            snprintf(out + strlen(out), TEXT_MOST - strlen(out), "%s%s", out[0] != '\0' && p->model->screen.lang == LANG_EN ? " " : "", p->ui.text + item->text);
        title = title > 0 ? title : item->rect.y;
    }
    CHECK(out[0] != '\0', "no headline");
}

static double first_number(const char *text)
{
    char plain[TEXT_MOST];
    size_t n = 0;
    text += strcspn(text, "0123456789");
    for (; (*text >= '0' && *text <= '9') || *text == ','; text++)
        if (*text != ',')
            plain[n++] = *text;
    plain[n] = '\0';
    return atof(plain);
}

static bool says_sum(const char *text)
{
    static const char *const words[] = {"sum", "added", "adds", "总和", "之和", "平方和", "相加", "求和", "加到"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(text, words[i]) != NULL)
            return true;
    return false;
}

/* ---- one value ---- */

typedef struct Where {
    Program *p;
    Taken t;
    const Layer *layer;
    char text[200], head[TEXT_MOST];
    bool fast;
} Where;

static bool copied(Op op)
{
    return op == OP_CONCAT || op == OP_DROPOUT;
}

/* No sum is promised where none is shown; what is chosen or copied has no order that could matter. */
static void check_promise(Where *w)
{
    static const Str sums[] = {STR_SUM_IN_ORDER, STR_SUM_BY_PLACE, STR_SUM_BY_CHANNEL, STR_SUM_PLAIN, STR_SQUARES};
    char text[TEXT_MOST], label[96];
    bool shown = false;
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        shown = shown || ledger_row(w->p, sums[i], text)[0] != '\0';
    snprintf(label, sizeof label, model_text(w->p->model, STR_SUM_CLASSES), w->t.e.term_count);
    shown = shown || ledger_label(w->p, label, text)[0] != '\0';
    CHECK(!says_sum(w->head) || shown, "%s: '%s' promises a sum, the ledger has none", w->text, w->head);
    const bool none = copied(w->t.e.op) || w->t.e.op == OP_MAXPOOL || w->t.e.op == OP_INPUT;
    CHECK(none != says_sum(w->head), "%s: '%s'", w->text, w->head);
    CHECK(!w->fast || strstr(w->head, "exactly") == NULL, "%s: '%s' of the fast engine", w->text, w->head);
}

/* What is said of the engine is what the ledger has and what the map has. */
static void check_stored(Where *w)
{
    const Model *m = w->p->model;
    char text[TEXT_MOST], stored[NUM_MAX], value[NUM_MAX], difference[NUM_MAX];
    const bool same = memcmp(&w->t.stored, &w->t.e.value, sizeof w->t.stored) == 0, computed = !copied(w->t.e.op) && w->t.e.op != OP_MAXPOOL && w->t.e.op != OP_INPUT;
    num_exact(stored, w->t.stored);
    num_exact(value, w->t.e.value);
    snprintf(difference, sizeof difference, "%.2e", (double)strtof(stored, NULL) - (double)strtof(value, NULL));
    CHECK(same || w->fast, "%s: the reference engine stored %s, not %s", w->text, stored, value);
    CHECK(same || computed, "%s: a copy differs: %s and %s", w->text, stored, value);
    if (same) {
        CHECK(strstr(ledger_row(w->p, STR_STORED, text), stored) == text && strstr(text, "✓") != NULL, "%s: stored '%s', not '%s ✓'", w->text, text, stored);
        CHECK(ledger_row(w->p, STR_DIFFERENCE, text)[0] == '\0', "%s: a difference of equal bits", w->text);
    } else {
        CHECK(strcmp(ledger_row(w->p, STR_STORED_FAST, text), stored) == 0, "%s: the fast engine stored '%s', not %s", w->text, text, stored);
        CHECK(strcmp(ledger_row(w->p, STR_DIFFERENCE, text), difference) == 0, "%s: difference '%s', not %s", w->text, text, difference);
        CHECK(strstr(w->head, difference) != NULL, "%s: '%s' does not say %s", w->text, w->head, difference);
    }
    /* The sentence: in the words of this case and of no other one, with the ledger's number. */
    const Str cases[] = {STR_VALUE_EXACT, STR_VALUE_FAST_AGREES, STR_VALUE_FAST_DIFFERS, STR_VALUE_UNLIKE};
    const int right = !computed ? -1 : !same ? 2 : w->fast ? 1 : 0;
    for (int i = 0; i < 4; i++) {
        char said[TEXT_MOST];
        snprintf(said, sizeof said, model_text(m, cases[i]), value, i == 3 ? stored : difference);
        CHECK((strstr(w->head, said) != NULL) == (i == right), "%s: '%s' and case %d, '%s'", w->text, w->head, i, said);
    }
}

/* Bias, terms of either sign and the sum; the number of terms in the sentence and in the ledger. */
static void check_weighted(Where *w)
{
    const Model *m = w->p->model;
    char text[TEXT_MOST], label[96];
    double padding = 0;
    snprintf(label, sizeof label, model_text(m, w->layer->bias ? STR_START_BIAS : STR_START_ZERO), w->t.at.channel);
    const double bias = atof(ledger_label(w->p, label, text)), positive = atof(ledger_row(w->p, STR_POSITIVE_TERMS, text)), negative = atof(ledger_row(w->p, STR_NEGATIVE_TERMS, text));
    const int taps = w->layer->op == OP_CONV ? w->layer->k * w->layer->k : w->layer->in.h * w->layer->in.w;
    const Str sum = taps == 1 ? STR_SUM_BY_CHANNEL : w->layer->op == OP_CONV ? STR_SUM_IN_ORDER : STR_SUM_BY_PLACE;
    const double total = atof(ledger_row(w->p, sum, text));
    CHECK(text[0] != '\0', "%s: no sum", w->text);
    CHECK_NEAR(bias + positive + negative, total, 2e-4 + 1e-5 * (positive - negative), 0, "%s: the ledger does not add up", w->text);
    if (ledger_row(w->p, STR_IN_PADDING, text)[0] != '\0')
        padding = first_number(text);
    const int channels = w->layer->op == OP_CONV ? w->layer->in.c / w->layer->groups : w->layer->in.c;
    if (taps == 1)
        snprintf(label, sizeof label, model_text(m, STR_CHANNELS_N), channels);
    else
        snprintf(label, sizeof label, model_text(m, w->layer->op == OP_CONV ? STR_CHANNELS_TAPS : STR_CHANNELS_PLACES), channels, taps);
    const double terms = first_number(ledger_label(w->p, label, text));
    CHECK(text[0] != '\0' && (int)terms == channels * taps, "%s: '%s' is '%s'", w->text, label, text);
    CHECK((int)(terms - padding) == w->t.e.term_count, "%s: %g terms less %g in the padding are not %d", w->text, terms, padding, w->t.e.term_count);
    const char *said = strchr(w->head, ':'); /* after the place */
    if (w->layer->out.h * w->layer->out.w > 1 && m->screen.lang == LANG_ZH)
        said = strstr(w->head, "：");
    CHECK((int)first_number(said != NULL && w->layer->out.h * w->layer->out.w > 1 ? said : w->head) == w->t.e.term_count, "%s: '%s' of %d terms", w->text, w->head,
          w->t.e.term_count);
    CHECK((strstr(w->head, model_text(m, STR_VALUE_THEN_RELU)) != NULL) == w->layer->relu, "%s: '%s' and ReLU", w->text, w->head);
    CHECK((strstr(w->head, model_text(m, STR_VALUE_THEN_NORM)) != NULL) == w->layer->bn, "%s: '%s' and batch norm", w->text, w->head);
    /* A kernel is named where there is one. */
    CHECK((program_find(w->p, "text", model_text(m, STR_PATCH_KERNEL)) != NULL) == (w->layer->op == OP_CONV && taps > 1), "%s: patch and kernel", w->text);
    CHECK((program_find(w->p, "text", model_text(m, STR_INPUT_WEIGHT_1X1)) != NULL) == (w->layer->op == OP_CONV && taps == 1), "%s: 1×1", w->text);
}

/* The rows of patch and kernel: every number in a place of its own, and where all channels are in sight their sums and the bias are the ledger's. */
static void check_rows(Where *w)
{
    double sum = w->t.e.of.weighted.bias;
    int rows = 0;
    bool products = false;      /* then "=" is before them, and the sum behind a sign of its own */
    for (size_t i = 0; i < w->p->ui.item_count; i++)
        products = products || (strcmp(w->p->ui.items[i].role, "text") == 0 && strcmp(w->p->ui.text + w->p->ui.items[i].text, "Σ") == 0);
    for (size_t i = 0; i < w->p->ui.item_count; i++) {
        const Item *a = &w->p->ui.items[i];
        char text[TEXT_MOST];
        if (strcmp(a->role, "text") != 0)
            continue;
        for (size_t k = 0; k < i; k++) {
            const Item *b = &w->p->ui.items[k];
            const Rect both = rect_intersect(a->rect, b->rect);
            if (strcmp(b->role, "text") == 0 && a->layer == b->layer)
                CHECK(both.w < 1 || both.h < 2, "%s: '%s' lies over '%s'", w->text, w->p->ui.text + a->text, w->p->ui.text + b->text);
        }
        if (strcmp(w->p->ui.text + a->text, products ? "Σ" : "=") != 0)
            continue;
        row_text(w->p, a, text); /* the sum comes first */
        sum += atof(text);
        rows++;
    }
    if (rows == w->t.part_count)
        CHECK_NEAR(sum, w->t.e.of.weighted.total, 6e-5 * (rows + 1), 1e-6, "%s: %d rows", w->text, rows);
}

/* "39×43 px of ...": never more than the picture has. */
static void check_sees(Where *w)
{
    const Model *m = w->p->model;
    const Item *head = program_find(w->p, "text", model_text(m, STR_WHAT_IT_SEES));
    ReceptiveField field = {0};
    char caption[TEXT_MOST] = "", whole[96];
    for (size_t i = 0; i < w->p->ui.item_count; i++) {
        const Item *item = &w->p->ui.items[i];
        if (strcmp(item->role, "text") == 0 && fabsf(item->rect.x - head->rect.x) < 4 && item->rect.y > head->rect.y + 30 && item->rect.y < w->p->height / 2 + 40 &&
            strstr(w->p->ui.text + item->text, model_text(m, STR_OUTPUT_MAP)) == NULL)
            snprintf(caption + strlen(caption), sizeof caption - strlen(caption), "%s%s", caption[0] != '\0' ? " " : "", w->p->ui.text + item->text);
        else if (strstr(w->p->ui.text + item->text, model_text(m, STR_OUTPUT_MAP)) != NULL)
            break;
    }
    CHECK(unit_field(model_net(m), (Unit){w->t.at.layer, w->t.at.channel, w->t.at.y, w->t.at.x}, 0, &field), "%s", w->text);
    const Shape in = model_net(m)->input;
    const int top = field.y0 < 0 ? 0 : field.y0, bottom = field.y1 > in.h ? in.h : field.y1, left = field.x0 < 0 ? 0 : field.x0, right = field.x1 > in.w ? in.w : field.x1;
    snprintf(whole, sizeof whole, "%.*s", (int)strcspn(model_text(m, STR_SEES_WHOLE), "(\xef"), model_text(m, STR_SEES_WHOLE)); /* up to its parenthesis */
    if (bottom - top == in.h && right - left == in.w && field.y1 - field.y0 > in.h) {
        CHECK(strncmp(caption, whole, strlen(whole) - 1) == 0, "%s: '%s' of the whole picture", w->text, caption);
        return;
    }
    const char *digits = caption + strcspn(caption, "0123456789");
    CHECK((int)first_number(digits) == bottom - top, "%s: '%s' of %d rows", w->text, caption, bottom - top);
    CHECK(strstr(digits, "×") != NULL && (int)first_number(strstr(digits, "×")) == right - left, "%s: '%s' of %d columns", w->text, caption, right - left);
}

/* The frame of the field never lies over its caption or its heading. */
static void check_frame(Where *w)
{
    const Item *head = program_find(w->p, "text", model_text(w->p->model, STR_WHAT_IT_SEES)), *picture = NULL;
    for (size_t i = 0; i < w->p->ui.item_count; i++)
        if (strcmp(w->p->ui.items[i].role, "picture") == 0 && w->p->ui.items[i].rect.x < head->rect.x + 20 && w->p->ui.items[i].rect.y > head->rect.y)
            picture = &w->p->ui.items[i];
    CHECK(picture != NULL, "%s: no picture", w->text);
    Rect clip = {0};
    for (size_t i = 0; i < w->p->ui.command_count; i++) {
        const Command *c = &w->p->ui.commands[i];
        if (c->kind == CMD_CLIP)
            clip = c->rect;
        if (c->kind != CMD_FRAME || c->color != w->p->ui.theme->selection)
            continue;
        const Rect seen = rect_intersect(c->rect, clip);
        for (size_t k = 0; k < w->p->ui.item_count; k++) {
            const Item *text = &w->p->ui.items[k];
            const Rect over = rect_intersect(seen, text->rect);
            if (strcmp(text->role, "text") == 0 && text->rect.x < picture->rect.x + picture->rect.w && text->rect.y > head->rect.y - 2)
                CHECK(over.w <= 0 || over.h <= 0, "%s: a frame over '%s'", w->text, w->p->ui.text + text->text);
        }
    }
}

typedef struct State {
    Cursor cursor;
    int term;
    ViewKind view;
} State;

/* Whether something is different in one of the frames after the key. A play that ends at once, at the only place, shows nothing. */
static bool key_does(Program *p, const char *key)
{
    const Model *m = p->model;
    const State before = {m->cursor, m->term, m->view};
    bool did = false;
    p->app.key(p->app.user, key);
    for (int i = 0; i < (strcmp(key, "Space") == 0 ? 12 : 1); i++) {
        program_frame(p);
        did = did || memcmp(&before.cursor, &m->cursor, sizeof before.cursor) != 0 || before.term != m->term || before.view != m->view;
    }
    p->model->playing = false;
    return did;
}

/* The footer names the keys that do something and no others. The place is one with neighbours on all sides, where there are any. */
static void check_keys(Where *w)
{
    static const struct { const char *key; Str hints[4]; } keys[] = {
        {"Enter", {STR_HINT_MULTIPLY, STR_HINT_NEXT_VALUE, STR_HINT_SOURCE, STR_NONE}},
        {"Space", {STR_HINT_PLAY_KERNEL, STR_HINT_PLAY_WINDOW, STR_HINT_PLAY_PLACES, STR_NONE}},
        {"Right", {STR_HINT_ARROWS, STR_NONE}}, {"PageDown", {STR_HINT_CHANNEL, STR_NONE}}, {"Escape", {STR_HINT_BACK, STR_NONE}},
    };
    Model *m = w->p->model;
    char all[512];
    value_hints(m, all, sizeof all);
    const size_t first = strcspn(all, "\xc2"); /* up to the first " · " */
    bool shown = false; /* the line has its beginning, as much as there is room for */
    for (size_t i = 0; i < w->p->ui.item_count; i++) {
        const char *text = w->p->ui.text + w->p->ui.items[i].text;
        shown = shown || (strlen(text) >= first && strncmp(text, all, first) == 0 && strncmp(text, all, strlen(text)) == 0);
    }
    CHECK(shown, "%s: the footer is not '%s'", w->text, all);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        bool named = false;
        const char *hint = "";
        for (int k = 0; keys[i].hints[k] != STR_NONE; k++)
            if (strstr(all, model_text(m, keys[i].hints[k])) != NULL) {
                named = true;
                hint = model_text(m, keys[i].hints[k]);
            }
        const bool last = w->t.at.channel + 1 == w->layer->out.c && strcmp(keys[i].key, "PageDown") == 0;
        const bool does = key_does(w->p, last ? "PageUp" : keys[i].key);
        CHECK(does == named, "%s: %s does %s, the hint is '%s'", w->text, keys[i].key, does ? "something" : "nothing", hint);
        if (model_net(m)->layers[w->t.at.layer].module >= 0)
            model_go(m, w->t.at.layer);
        model_select(m, w->t.at);
        model_view(m, VIEW_VALUE);
        program_rest(w->p);
    }
}

/* Term by term: each is named, what they have come to is another number, and both add up in single precision. */
static void check_steps(Where *w)
{
    Model *m = w->p->model;
    const bool max = w->t.e.op == OP_MAXPOOL, weighted = w->t.e.op == OP_CONV || w->t.e.op == OP_FC;
    char text[TEXT_MOST], label[96];
    if (!max && !weighted && w->t.e.op != OP_AVGPOOL)
        return;
    float sum = weighted ? w->t.e.of.weighted.bias : 0;
    for (int n = 1; n <= w->t.e.term_count; n++) {
        if (n > 4 && n < w->t.e.term_count)
            continue; /* as good as the others; the sum is taken up again at the end */
        if (n > 4)
            m->term = n - 1;
        model_do(m, VERB_DEEPER);
        CHECK(m->term == n, "%s: Enter came to term %d, not %d", w->text, m->term, n);
        program_frame(w->p);
        snprintf(label, sizeof label, model_text(m, weighted ? STR_AT_TERM : STR_AT_VALUE), n, w->t.e.term_count);
        const float term = strtof(weighted ? ledger_row(w->p, STR_THIS_TERM, text) : ledger_label(w->p, label, text), NULL);
        CHECK(text[0] != '\0', "%s: term %d is not named", w->text, n);
        if (weighted) { /* "0.0057 · 0.0201" */
            char *second;
            const double x = strtod(ledger_label(w->p, label, text), &second);
            CHECK(strncmp(second, " · ", 4) == 0, "%s: term %d: '%s'", w->text, n, text);
            CHECK_NEAR(x * atof(second + 4), term, 1e-30, 2.2e-3, "%s: term %d: '%s' is not %g", w->text, n, text, (double)term);
        }
        snprintf(label, sizeof label, model_text(m, max ? STR_LARGEST_AFTER : STR_SUM_AFTER), n, w->t.e.term_count);
        const float said = strtof(ledger_label(w->p, label, text), NULL);
        CHECK(text[0] != '\0', "%s: what %d terms come to is not named", w->text, n);
        for (int k = n > 4 ? 4 : n - 1; k < n; k++)
            sum = max ? (k == 0 ? w->t.terms[k].in : fmaxf(sum, w->t.terms[k].in)) : sum + w->t.terms[k].product;
        CHECK(said == sum, "%s: after %d terms '%s', not %.9g", w->text, n, label, (double)sum);
    }
    if (weighted)
        CHECK(sum == w->t.e.of.weighted.total, "%s: all terms come to %.9g", w->text, (double)sum);
    model_do(m, VERB_DEEPER);
    CHECK(m->term == -1, "%s: beyond the last term: %d", w->text, m->term);
    program_frame(w->p);
}

/* The class that is explained is among the rows, with the ledger's number. */
static void check_softmax(Where *w)
{
    char name[96], text[TEXT_MOST];
    part_class_name(w->p->model, w->t.at.channel, name, sizeof name);
    const Item *row = program_find(w->p, "row", name);
    CHECK(row != NULL, "%s: %s is not among the rows", w->text, name);
    CHECK(row->rect.y + row->rect.h < w->p->height - 26, "%s: %s is below the window", w->text, name);
    char own[TEXT_MOST];
    row_text(w->p, row, own);
    ledger_row(w->p, STR_EXPONENTIATE, text);
    CHECK(text[0] != '\0' && strstr(own, text) != NULL, "%s: the row says '%s', the ledger '%s'", w->text, own, text);
    const double exponential = atof(text);
    snprintf(name, sizeof name, model_text(w->p->model, STR_SUM_CLASSES), w->t.e.term_count);
    CHECK_NEAR(exponential / atof(ledger_label(w->p, name, text)), w->t.e.value, 1e-30, 1e-6, "%s: not the one by the other", w->text);
}

static void check_lrn(Where *w)
{
    char text[TEXT_MOST];
    const double squares = atof(ledger_row(w->p, STR_SQUARES, text)), inner = atof(ledger_row(w->p, STR_DENOMINATOR, text)), power = atof(ledger_row(w->p, STR_TO_THE_POWER, text)),
                 y = atof(ledger_row(w->p, STR_TIMES_FACTOR, text));
    const Layer *l = w->layer;
    CHECK_NEAR(inner, (double)l->lrn_k + (double)l->lrn_alpha / l->lrn_size * squares, 0, 1e-6, "%s: k + α/n × the squares", w->text);
    CHECK_NEAR(power, pow(inner, -(double)l->lrn_beta), 0, 1e-5, "%s: the power", w->text);
    const float x = w->p != NULL ? w->t.maps[l->inputs[0]][at(l->in, 0, w->t.at.channel, w->t.at.y, w->t.at.x)] : 0;
    CHECK_NEAR(y, (double)x * power, 1e-30, 1e-6, "%s: x times that", w->text);
}

static void check_value(Program *p, Cursor at)
{
    Where w = {.p = p, .layer = &model_net(p->model)->layers[at.layer], .fast = strcmp(p->model->engine->name, "fast") == 0};
    model_go(p->model, at.layer);
    model_select(p->model, at);
    model_view(p->model, VIEW_VALUE);
    program_rest(p);
    snprintf(w.text, sizeof w.text, "%s %s[%d] at %d,%d, %s engine, %s", model_net(p->model)->name, w.layer->name, at.channel, at.y, at.x, p->model->engine->name,
             lang_code(p->model->screen.lang));
    CHECK(model_taken(p->model, at, &w.t), "%s: not computed", w.text);
    headline(p, w.head);
    check_promise(&w);
    check_stored(&w);
    check_sees(&w);
    check_frame(&w);
    if (w.t.e.op == OP_CONV || w.t.e.op == OP_FC) {
        check_weighted(&w);
        if (w.fast)
            check_rows(&w);
    }
    if (w.t.e.op == OP_SOFTMAX)
        check_softmax(&w);
    if (w.t.e.op == OP_LRN)
        check_lrn(&w);
    check_steps(&w);
    if (w.fast && p->model->screen.lang == LANG_EN)
        check_keys(&w);
    taken_free(&w.t);
}

/* Layers that look the same to this view. */
static bool alike(const Layer *a, const Layer *b)
{
    return a->op == b->op && a->k == b->k && a->bias == b->bias && a->bn == b->bn && a->relu == b->relu && a->adaptive == b->adaptive &&
           (a->in.h > 1) == (b->in.h > 1) && (a->out.h > 1) == (b->out.h > 1);
}

static void check_network(const char *name, float width, float height)
{
    Program program, *p = &program;
    Err err;
    const bool opened = program_open(p, name, width, height, &err);
    CHECK(opened, "%s", opened ? "" : err.text);
    const Net *net = model_net(p->model);
    for (int engine = 0; engine < 2; engine++) {
        for (int l = 0; l < net->layer_count; l++) {
            bool seen = false;
            for (int k = 0; k < l; k++)
                seen = seen || alike(&net->layers[k], &net->layers[l]);
            if (seen)
                continue;
            const Shape s = net->layers[l].out; /* in the middle, where every key does something, and in a corner */
            const int c = s.c > 7 ? 7 : s.c - 1;
            p->model->screen.lang = LANG_EN;
            check_value(p, (Cursor){l, c, (s.h - 1) / 2, (s.w - 1) / 2});
            p->model->screen.lang = LANG_ZH;
            if (l % 2 == engine)
                check_value(p, (Cursor){l, s.c / 2, 0, 0});
            else
                check_value(p, (Cursor){l, 0, s.h - 1, s.w - 1});
        }
        program_key(p, "e"); /* the other engine */
    }
    program_close(p);
}

static void test_googlenet(void **state)
{
    (void)state;
    check_network("googlenet", 1366, 768);
}

static void test_lrn_and_a_thousand_classes(void **state)
{
    (void)state;
    check_network("bvlc_googlenet", 1280, 720);
}

static void test_batch_norm(void **state)
{
    (void)state;
    check_network("tests/nets/bn.net", 1366, 768);
}

static void test_by_hand(void **state)
{
    (void)state;
    check_network("tiny", 1280, 720);
    check_network("lenet5", 1600, 900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_googlenet), cmocka_unit_test(test_lrn_and_a_thousand_classes), cmocka_unit_test(test_batch_norm),
        cmocka_unit_test(test_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
