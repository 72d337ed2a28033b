/* accuracy_cuts.c - the panel of the accuracy's view in which the network is changed; see accuracy_view.h. */
#include "app/views/accuracy_view.h"
#include "engine/net/quantize.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHOICES_MOST = 6, WORDS = NET_NAME_MAX + 48 };

typedef struct Choices {
    char words[CHOICES_MOST][WORDS];
    int count, selected;        /* selected -1: none */
} Choices;

static void add_choice(Choices *c, bool selected, const char *words)
{
    if (selected)
        c->selected = c->count;
    snprintf(c->words[c->count++], WORDS, "%s", words);
}

/* A row of choices, or several where they do not fit; returns the one that was clicked, or -1. */
static int choose(Ui *ui, Rect *r, const char *id, const Choices *c)
{
    static const float H = 24, PAD = 9;
    Rect row = rect_cut_top(r, H);
    int clicked = -1;
    for (int i = 0; i < c->count; i++) {
        char words[WORDS];
        part_cut(ui, part_small(ui), c->words[i], r->w - 2 * PAD, words, sizeof words);
        const float w = ceilf(ui_text_width(ui, part_small(ui), words)) + 2 * PAD;
        if (w > row.w && row.x > r->x)
            row = rect_cut_top(r, H);
        if (ui_choice(ui, ui_id(id, i), rect_cut_left(&row, w), words, i == c->selected))
            clicked = i;
    }
    return clicked;
}

static void heading(Ui *ui, Rect *r, const Model *m, Str words)
{
    rect_cut_top(r, 6);
    part_paragraph(ui, r, part_bold(ui), model_text(m, words));
}

static bool branches(Ui *ui, const Model *m, Rect *r, Knife *knife)
{
    Choices c = {.selected = -1};
    heading(ui, r, m, STR_ACCURACY_SILENCE);
    add_choice(&c, knife->silenced == BRANCH_NONE, model_text(m, STR_ACCURACY_NONE));
    for (int b = 0; b < BRANCH_COUNT; b++)
        add_choice(&c, knife->silenced == (Branch)b, part_branch_title(m, (Branch)b));
    const int clicked = choose(ui, r, "cut branch", &c);
    if (clicked >= 0)
        knife->silenced = (Branch)(clicked - 1);
    return clicked >= 0;
}

/* The slider between two buttons, which go by the keys' step. */
static bool percentage(Ui *ui, Session *session, Rect row, Knife *knife)
{
    static const struct { Verb verb; const char *word; } steps[] = {{VERB_CUT_MORE, "+"}, {VERB_CUT_LESS, "−"}};
    float percent = (float)knife->pruned;
    for (int i = 0; i < 2; i++) {
        if (ui_button(ui, ui_id("cut step", i), rect_cut_right(&row, 26), steps[i].word, BUTTON_PLAIN)) {
            session_do(session, steps[i].verb);
            ui->want_frame = true;
        }
        rect_cut_right(&row, 4);
    }
    if (!ui_slider(ui, ui_id("cut prune", 0), row, model_text(&session->model, STR_ACCURACY_PRUNE_SLIDER), &percent, 0, 95) ||
        (double)roundf(percent) == knife->pruned)
        return false;
    knife->pruned = (double)roundf(percent);
    return true;
}

static bool pruning(Ui *ui, Session *session, Rect *r, Knife *knife)
{
    const Model *m = &session->model;
    const int here = model_cut_layer(m), layers[] = {-1, here, knife->pruned_layer};
    const int count = here < 0 ? 1 : 2, all = knife->pruned_layer >= 0 && knife->pruned_layer != here ? count + 1 : count;
    char name[NET_NAME_MAX + 32], words[WORDS];
    Choices c = {.selected = -1};
    heading(ui, r, m, STR_ACCURACY_PRUNE);
    const bool changed = percentage(ui, session, rect_cut_top(r, 26), knife);
    for (int i = 0; i < all; i++) {
        const int layer = layers[i < count ? i : 2];
        if (layer >= 0)
            part_layer_address(m, layer, name, sizeof name);
        snprintf(words, sizeof words, model_text(m, layer < 0 ? STR_ACCURACY_ALL_LAYERS : STR_ACCURACY_ONLY), layer < 0 ? "" : name);
        add_choice(&c, layer == knife->pruned_layer, words);
    }
    const int clicked = choose(ui, r, "cut where", &c);
    if (clicked >= 0)
        knife->pruned_layer = layers[clicked < count ? clicked : 2];
    return changed || clicked >= 0;
}

/* The bytes that rounded weights save. */
static void bytes(Ui *ui, const Model *m, Rect *r, int bits)
{
    const Net *net = model_net(m);
    int64_t before = 0, after = 0;
    char a[32], b[32], text[160];
    for (int l = 0; l < net->main_count; l++) {
        const QuantizeBytes q = quantize_bytes(net, l, bits);
        before += q.before;
        after += q.after;
    }
    snprintf(a, sizeof a, "%.2f MB", (double)after / 1e6);
    snprintf(b, sizeof b, "%.2f MB", (double)before / 1e6);
    snprintf(text, sizeof text, model_text(m, STR_ACCURACY_BYTES), a, b);
    part_paragraph(ui, r, part_caption(ui), text);
}

static bool rounding(Ui *ui, const Model *m, Rect *r, Knife *knife)
{
    static const int bits[] = {0, 8, 4, 2};
    char words[32];
    Choices c = {.selected = -1};
    heading(ui, r, m, STR_ACCURACY_BITS);
    for (int i = 0; i < 4; i++) {
        snprintf(words, sizeof words, model_text(m, bits[i] == 0 ? STR_ACCURACY_NONE : STR_ACCURACY_BIT), bits[i]);
        add_choice(&c, knife->bits == bits[i], words);
    }
    const int clicked = choose(ui, r, "cut bits", &c);
    if (knife->bits > 0)
        bytes(ui, m, r, knife->bits);
    if (clicked >= 0)
        knife->bits = bits[clicked];
    return clicked >= 0;
}

static bool channels(Ui *ui, const Model *m, Rect *r, Knife *knife)
{
    Choices c = {.selected = -1};
    heading(ui, r, m, STR_ACCURACY_ORDER);
    add_choice(&c, !knife->swapped, model_text(m, STR_ACCURACY_ORDER_OWN));
    add_choice(&c, knife->swapped, model_text(m, STR_ACCURACY_ORDER_SWAPPED));
    const int clicked = choose(ui, r, "cut order", &c);
    if (clicked >= 0)
        knife->swapped = clicked == 1;
    return clicked >= 0;
}

static bool reductions(Ui *ui, const Model *m, Rect *r, Knife *knife)
{
    const Net *net = model_net(m);
    const int module = net->layers[m->at].module;
    const char *lists[CHOICES_MOST] = {"", "all", "", ""};
    char words[WORDS], now[KNIFE_MODULES];
    Choices c = {.selected = -1};
    snprintf(now, sizeof now, "%s", knife->unreduced);
    heading(ui, r, m, STR_ACCURACY_REDUCTIONS);
    add_choice(&c, now[0] == '\0', model_text(m, STR_ACCURACY_KEPT));
    add_choice(&c, strcmp(now, "all") == 0, model_text(m, STR_ACCURACY_DROPPED_ALL));
    if (module >= 0) {
        lists[c.count] = net->modules[module].title;
        snprintf(words, sizeof words, model_text(m, STR_ACCURACY_DROPPED_IN), lists[c.count]);
        add_choice(&c, strcmp(now, lists[c.count]) == 0, words);
    }
    if (c.selected < 0) {
        lists[c.count] = now;
        snprintf(words, sizeof words, model_text(m, STR_ACCURACY_DROPPED_IN), now);
        add_choice(&c, true, words);
    }
    const int clicked = choose(ui, r, "cut reductions", &c);
    if (now[0] != '\0')
        part_paragraph(ui, r, part_caption(ui), model_text(m, STR_ACCURACY_DROPPED_HOW));
    if (clicked >= 0)
        snprintf(knife->unreduced, sizeof knife->unreduced, "%s", lists[clicked]);
    return clicked >= 0;
}

static void milliseconds(const Model *m, double seconds, int pictures, char *out, size_t size)
{
    snprintf(out, size, model_text(m, STR_ACCURACY_MS), pictures > 0 ? 1000 * seconds / pictures : 0.0);
}

/* What is computed again, and what it takes. */
static void cost(Ui *ui, const Model *m, Rect *r)
{
    const AccuracyModel *a = &m->accuracy;
    const AccuracyCost c = accuracy_cost(a);
    char size[32], each[32], own[32], text[400];
    if (!a->compares || accuracy_done(a, ACCURACY_CHANGED) == 0)
        return;
    snprintf(size, sizeof size, "%.0f MB", (double)c.bytes / 1e6);
    milliseconds(m, c.seconds[ACCURACY_CHANGED], accuracy_done(a, ACCURACY_CHANGED), each, sizeof each);
    milliseconds(m, c.seconds[ACCURACY_OWN], accuracy_done(a, ACCURACY_OWN), own, sizeof own);
    snprintf(text, sizeof text, model_text(m, STR_ACCURACY_COST), c.layers, model_net(m)->main_count - 1, c.kept, accuracy_dataset(a)->count, size, each, own);
    rect_cut_top(r, 8);
    part_paragraph(ui, r, part_caption(ui), text);
}

void accuracy_cuts(Ui *ui, Session *session, ViewState *v, Rect r)
{
    Model *m = &session->model;
    Knife knife = m->accuracy.knife;
    const bool edited = m->what_if.weights != NULL;
    ui_panel(ui, r);
    Rect in = ui_column_begin(ui, ui_id("accuracy cuts", 0), (Rect){r.x + 12, r.y + 4, r.w - 18, r.h - 10}, &v->scroll[SCROLL_FOCUS]);
    const float top = in.y;
    in.w -= 6;
    if (edited || knife_cuts(&knife)) {
        const char *undo = model_text(m, STR_ACCURACY_UNDO);
        rect_cut_top(&in, 3);
        if (ui_button(ui, ui_id("cut undo", 0), rect_cut_top(&in, 28), undo, BUTTON_PLAIN))
            session_do(session, VERB_RESTORE);
    } else {
        part_heading(ui, &in, model_text(m, STR_ACCURACY_WHAT_IF));
    }
    bool changed = false;
    if (model_net(m)->module_count > 0)
        changed = branches(ui, m, &in, &knife);
    changed = pruning(ui, session, &in, &knife) || changed;
    changed = rounding(ui, m, &in, &knife) || changed;
    if (model_net(m)->input.c == 3)
        changed = channels(ui, m, &in, &knife) || changed;
    if (model_net(m)->module_count > 0)
        changed = reductions(ui, m, &in, &knife) || changed;
    if (changed) {
        model_cut(m, &knife);
        ui->want_frame = true;
    }
    if (edited) {
        rect_cut_top(&in, 8);
        part_paragraph(ui, &in, part_small(ui), model_text(m, STR_ACCURACY_FROM_WALK));
    }
    cost(ui, m, &in);
    ui_column_end(ui, in.y - top + 6);
}
