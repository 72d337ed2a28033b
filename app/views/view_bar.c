/* view_bar.c - the bar with words: every view by name with its key, and playing; below it the breadcrumb, which says where one is and leads
 * back to each part of the way. */
#include "app/model/walk.h"
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct BarWord {
    Verb verb;
    Str word, tip;
} BarWord;

static const BarWord words[] = {
    {VERB_VIEW_OVERVIEW, STR_BAR_NETWORK, STR_HELP_OVERVIEW},    {VERB_LESSONS, STR_BAR_LESSONS, STR_HELP_LESSONS},
    {VERB_VIEW_CAM, STR_BAR_WHY, STR_HELP_CAM},                  {VERB_VIEW_OCCLUSION, STR_BAR_OCCLUSION, STR_HELP_OCCLUSION},
    {VERB_VIEW_WEIGHTS, STR_BAR_WEIGHTS, STR_HELP_WEIGHTS},      {VERB_VIEW_COMPARE, STR_BAR_COMPARE, STR_HELP_COMPARE},
    {VERB_VIEW_LEDGER, STR_BAR_LEDGER, STR_HELP_LEDGER},         {VERB_VIEW_GRADIENTS, STR_BAR_GRADIENTS, STR_HELP_GRADIENTS},
    {VERB_SEARCH, STR_BAR_SEARCH, STR_HELP_SEARCH},              {VERB_PICTURES, STR_BAR_PICTURES, STR_HELP_PICTURES},
};
enum { WORDS = sizeof words / sizeof words[0] };

/* The word of what is shown. The network's own is that of its stages and values too. */
static bool is_shown(const Model *m, Verb verb)
{
    switch (m->view) {
    case VIEW_OVERVIEW:
    case VIEW_STAGE:
    case VIEW_VALUE: return verb == VERB_VIEW_OVERVIEW;
    case VIEW_WEIGHTS: return verb == VERB_VIEW_WEIGHTS;
    case VIEW_CAM: return verb == VERB_VIEW_CAM;
    case VIEW_OCCLUSION: return verb == VERB_VIEW_OCCLUSION;
    case VIEW_COMPARE: return verb == VERB_VIEW_COMPARE;
    case VIEW_LEDGER: return verb == VERB_VIEW_LEDGER;
    case VIEW_GRADIENTS: return verb == VERB_VIEW_GRADIENTS;
    case VIEW_COUNT: break;
    }
    return false;
}

static float word_width(Ui *ui, const Model *m, const BarWord *w, bool keys, float pad)
{
    char key[PART_KEY_MAX];
    part_key_text(verb_key(w->verb), key);
    return ui_text_width(ui, part_bold(ui), model_text(m, w->word)) + 2 * pad + (keys ? ui_text_width(ui, part_caption(ui), key) + 6 : 0);
}

static void draw_word(Ui *ui, Session *session, Rect place, const BarWord *w, bool keys, float pad)
{
    const Model *m = &session->model;
    const Theme *t = ui->theme;
    const bool shown = is_shown(m, w->verb);
    char key[PART_KEY_MAX];
    const Rect button = {place.x + 1, place.y + 4, place.w - 2, place.h - 8};
    if (shown || ui_hover(ui, button))
        ui_round(ui, button, 6, shown ? t->accent_soft : color_alpha(t->text, 0.06f));
    if (ui_click(ui, ui_id("bar", (int)w->verb), button))
        session_do(session, w->verb);
    ui_item(ui, button, "choice", model_text(m, w->word));
    Rect in = {place.x + pad, place.y, place.w - 2 * pad, place.h};
    const TextStyle style = shown ? part_colored(part_bold(ui), t->accent) : part_body(ui);
    rect_cut_left(&in, ui_text(ui, in, style, ALIGN_LEFT, model_text(m, w->word)) + 6);
    part_key_text(verb_key(w->verb), key);
    if (keys)
        ui_text(ui, in, part_caption(ui), ALIGN_LEFT, key);
    part_verb_tip(ui, m, button, w->tip, w->verb);
}

/* A round button: a triangle, or two bars while it plays. */
static void play_button(Ui *ui, Session *session, Rect *area)
{
    const Model *m = &session->model;
    const Theme *t = ui->theme;
    const float w = ui_text_width(ui, part_bold(ui), model_text(m, STR_BAR_PLAY));
    const bool word = area->w > w + 52;
    Rect place = rect_cut_right(area, word ? w + 48 : 40);
    const Rect button = {place.x + 2, place.y + 3, place.w - 8, place.h - 6};
    const float r = 11, x = button.x + r + 3, y = roundf(button.y + button.h / 2);
    if (ui_hover(ui, button))
        ui_round(ui, button, 8, color_alpha(t->text, 0.06f));
    ui_round(ui, (Rect){x - r, y - r, 2 * r, 2 * r}, r, t->accent);
    if (m->playing) {
        ui_fill(ui, (Rect){x - 4, y - 5, 3, 10}, t->accent_text);
        ui_fill(ui, (Rect){x + 1, y - 5, 3, 10}, t->accent_text);
    } else {
        ui_poly(ui, (const float[]){x - 3, y - 5, x + 6, y, x - 3, y + 5}, 3, t->accent_text);
    }
    if (ui_click(ui, ui_id("bar", VERB_PLAY), button))
        session_do(session, VERB_PLAY);
    ui_item(ui, button, "button", model_text(m, STR_BAR_PLAY));
    if (word)
        ui_text(ui, (Rect){x + r + 7, place.y, w + 2, place.h}, part_colored(part_bold(ui), t->accent), ALIGN_LEFT, model_text(m, STR_BAR_PLAY));
    part_verb_tip(ui, m, button, STR_HELP_PLAY, VERB_PLAY);
}

void view_bar(Ui *ui, Session *session, ViewState *v, Rect area)
{
    const Model *m = &session->model;
    (void)v;
    ui_fill(ui, area, ui->theme->panel);
    ui_fill(ui, (Rect){area.x, area.y + area.h - 1, area.w, 1}, ui->theme->panel_edge);
    rect_cut_left(&area, 8);
    play_button(ui, session, &area);
    bool keys = true;
    float pad = 10, total = 0;
    for (int tries = 0; tries < 4; tries++) { /* first the keys go, then the air */
        total = 0;
        for (int i = 0; i < WORDS; i++)
            total += word_width(ui, m, &words[i], keys, pad);
        if (total <= area.w)
            break;
        pad = keys ? pad : pad - 3;
        keys = false;
    }
    for (int i = 0; i < WORDS; i++) {
        const float w = word_width(ui, m, &words[i], keys, pad);
        if (w > area.w)
            break;
        draw_word(ui, session, rect_cut_left(&area, w), &words[i], keys, pad);
    }
}

/* ---- the breadcrumb --------------------------------------------------------------------------------------------------------------- */

/* A part of the way; true when it was clicked. The last one is where one is. */
static bool crumb(Ui *ui, Rect *r, int index, const char *text, bool last)
{
    const Theme *t = ui->theme;
    const TextStyle style = last ? part_bold(ui) : part_colored(part_body(ui), t->accent);
    const float w = ui_text_width(ui, style, text);
    if (w > r->w)
        return false;
    const Rect place = rect_cut_left(r, w + 2);
    if (!last && ui_hover(ui, place))
        ui_fill(ui, (Rect){place.x, place.y + place.h - 4, w, 1}, t->accent);
    const bool clicked = ui_click(ui, ui_id("crumb", index), place);
    ui_text(ui, place, style, ALIGN_LEFT, text);
    ui_item(ui, place, "crumb", text);
    if (!last)
        rect_cut_left(r, ui_text(ui, *r, part_small(ui), ALIGN_LEFT, " › ") + 2);
    return clicked;
}

void view_crumbs(Ui *ui, Session *session, ViewState *v, Rect r)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    (void)v;
    const Cursor c = m->cursor;
    const Layer *l = &net->layers[c.layer];
    const bool inner = walk_is_inner(net, c.layer) || l->head > 0, channel = c.channel >= 0, place = channel && c.y >= 0 && l->out.h * l->out.w > 1;
    const int out = walk_out(net, c.layer);
    const char *slash = strchr(l->name, '/');
    char text[NET_NAME_MAX + 32];
    if (crumb(ui, &r, 0, net->title[0] != '\0' ? net->title : net->name, false))
        model_view(m, VIEW_OVERVIEW);
    part_layer_title(m, inner && l->head == 0 ? out : c.layer, text, sizeof text);
    if (l->head > 0)
        snprintf(text, sizeof text, "aux %d", l->head);
    const int stage = l->head > 0 ? net->heads[l->head].first : inner ? out : c.layer;
    if (crumb(ui, &r, 1, text, !inner && !channel))
        model_go(m, stage);
    if (inner && crumb(ui, &r, 2, slash != NULL ? slash + 1 : l->name, !channel))
        model_go(m, c.layer);
    snprintf(text, sizeof text, "[%d]", c.channel);
    if (channel && crumb(ui, &r, 3, text, !place)) {
        model_view(m, VIEW_STAGE);
        model_select(m, (Cursor){c.layer, c.channel, -1, -1});
    }
    snprintf(text, sizeof text, "y %d, x %d", c.y, c.x);
    if (place && crumb(ui, &r, 4, text, true))
        model_view(m, VIEW_STAGE);
}
