/* value_ops.c - the table of the one-value view's pages, one for each op; the page of copied values; the texts that all ops
 * share. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "app/views/value_words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- copies ----------------------------------------------------------------------------------------------------------------------------- */

static void copy_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    char name[NET_NAME_MAX + 32], head[128], text[512];
    const Unit u = t->e.of.source.unit;
    cursor_text(model_net(m), (Cursor){u.layer, u.c, u.y, u.x}, name, sizeof name);
    snprintf(head, sizeof head, model_text(m, STR_COPIED_FROM), name);
    Rect in = value_terms_card(ui, r, head, "");
    value_unit_row(ui, m, &in, t, u, 0);
    rect_cut_top(&in, 8);
    if (l->op == OP_DROPOUT) {
        snprintf(text, sizeof text, model_text(m, STR_DROPOUT_WHY), 1 - (double)l->dropout_p);
        part_paragraph(ui, &in, part_body(ui), text);
        rect_cut_top(&in, 8);
    }
    Taken inner; /* the source value, taken apart in the remaining room */
    if (in.h < 160 || !model_taken(m, (Cursor){u.layer, u.c, u.y, u.x}, &inner))
        return;
    if (!value_page(inner.e.op)->copies)
        value_page(inner.e.op)->terms(ui, m, v, (Rect){r.x, in.y, r.w, r.y + r.h - in.y}, &inner);
    taken_free(&inner);
}

static void copy_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    (void)m;
    value_sum_row(ui, r, "y", t->e.value);
}

static void source_name(const Model *m, const Taken *t, char *out, size_t size)
{
    const Unit from = t->e.of.source.unit;
    cursor_text(model_net(m), (Cursor){from.layer, from.c, from.y, from.x}, out, size);
}

static void concat_says(const Model *m, const Taken *t, char *out, size_t size)
{
    char name[NET_NAME_MAX + 32];
    source_name(m, t, name, sizeof name);
    snprintf(out, size, model_text(m, STR_VALUE_OF_CONCAT), name);
}

static void dropout_says(const Model *m, const Taken *t, char *out, size_t size)
{
    char name[NET_NAME_MAX + 32];
    source_name(m, t, name, sizeof name);
    snprintf(out, size, model_text(m, STR_VALUE_OF_DROPOUT), name, 1 - (double)model_net(m)->layers[t->at.layer].dropout_p);
}

static void copy_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    (void)m;
    snprintf(out, size, "y[%d,%d,%d] = x[%d,%d,%d]", t->at.channel, t->at.y, t->at.x, t->e.of.source.unit.c, t->at.y, t->at.x);
}

static const ValuePage concat = {.terms = copy_terms, .ledger = copy_ledger, .says = concat_says, .formula = copy_formula, .copies = true,
                                 .hint = STR_HINT_SOURCE, .hint_play = STR_HINT_PLAY_PLACES};
static const ValuePage dropout = {.terms = copy_terms, .ledger = copy_ledger, .says = dropout_says, .formula = copy_formula, .copies = true,
                                  .hint = STR_HINT_SOURCE, .hint_play = STR_HINT_PLAY_PLACES};

/* ---- all ops ---------------------------------------------------------------------------------------------------------------------------- */

const ValuePage *value_page(Op op)
{
    static const ValuePage *const pages[] = {
        [OP_INPUT] = &value_input, [OP_CONV] = &value_conv, [OP_MAXPOOL] = &value_maxpool, [OP_AVGPOOL] = &value_avgpool, [OP_LRN] = &value_lrn,
        [OP_CONCAT] = &concat, [OP_DROPOUT] = &dropout, [OP_FC] = &value_fc, [OP_SOFTMAX] = &value_softmax,
    };
    _Static_assert(OP_COUNT == 9, "a new op has its page in this table");
    assert(op < OP_COUNT);
    return pages[op];
}

/* Whether the engine stored exactly this value. Empty for chosen or copied values: they do not depend on the order of adding. */
static void of_engine(const Model *m, const Taken *t, char *out, size_t size)
{
    char value[NUM_MAX], other[NUM_MAX];
    const bool fast = strcmp(m->engine->name, "fast") == 0;
    out[0] = '\0';
    num_exact(value, t->e.value);
    if (!value_page(t->e.op)->rounds)
        return;
    if (value_agrees(t))
        snprintf(out, size, model_text(m, fast ? STR_VALUE_FAST_AGREES : STR_VALUE_EXACT), value);
    else if (fast)
        snprintf(out, size, model_text(m, STR_VALUE_FAST_DIFFERS), value, value_difference(other, t));
    else
        snprintf(out, size, model_text(m, STR_VALUE_UNLIKE), value, num_exact(other, t->stored));
}

void value_says(const Model *m, const Taken *t, char *out, size_t size)
{
    const Shape s = model_net(m)->layers[t->at.layer].out;
    char op[256], engine[256] = "";
    size_t used = 0;
    value_page(t->e.op)->says(m, t, op, sizeof op);
    if (!m->playing) /* a number that changes at every step cannot be read */
        of_engine(m, t, engine, sizeof engine);
    if (s.h * s.w > 1)
        used = (size_t)snprintf(out, size, model_text(m, STR_VALUE_AT), t->at.y, t->at.x);
    snprintf(out + used, size - used, "%s%s", op, engine);
}

void value_hints(const Model *m, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[m->cursor.layer];
    const ValuePage *page = value_page(l->op);
    const bool places = l->out.h * l->out.w > 1;
    Str hints[5];
    int count = 0;
    if (page->hint != STR_NONE)
        hints[count++] = page->hint;
    if (model_terms_stepped(m))
        hints[count++] = STR_HINT_TERMS;
    else if (places)
        hints[count++] = page->hint_play;
    hints[count++] = STR_HINT_BACK;
    if (places)
        hints[count++] = STR_HINT_ARROWS;
    if (l->out.c > 1)
        hints[count++] = STR_HINT_CHANNEL;
    out[0] = '\0';
    for (int i = 0; i < count; i++)
        snprintf(out + strlen(out), size - strlen(out), "%s%s", i > 0 ? " · " : "", model_text(m, hints[i]));
}
