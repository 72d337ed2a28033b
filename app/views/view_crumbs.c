/* view_crumbs.c - the breadcrumb: where one is, each part of the way to be clicked, and at its end the steps to the layers before and
 * after. */
#include "app/model/walk.h"
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A part of the way; true when it was clicked. The last one is where one is. */
static bool crumb(Ui *ui, const Model *m, Rect *r, int index, const char *text, bool last, Str tip, Verb verb)
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
    part_verb_tip(ui, m, place, tip, verb);
    if (!last)
        rect_cut_left(r, ui_text(ui, *r, part_small(ui), ALIGN_LEFT, " › ") + 2);
    return clicked;
}

/* "‹" or "›", cut off the right end. */
static void step(Ui *ui, Session *session, Rect *r, const char *sign, Str tip, Verb verb)
{
    const Rect place = rect_inset(rect_cut_right(r, 26), 1);
    if (ui_button(ui, ui_id("step", (int)verb), place, sign, BUTTON_PLAIN))
        session_do(session, verb);
    part_verb_tip(ui, &session->model, place, tip, verb);
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
    const bool training = m->view == VIEW_TRAIN; /* there the steps are epochs */
    step(ui, session, &r, "›", training ? STR_HELP_EPOCH : STR_HELP_NEXT, training ? VERB_EPOCH_NEXT : VERB_NEXT);
    step(ui, session, &r, "‹", training ? STR_HELP_EPOCH : STR_HELP_PREV, training ? VERB_EPOCH_PREV : VERB_PREV);
    if (crumb(ui, m, &r, 0, str_title(m->screen.lang, net->title, net->title_zh), false, STR_HELP_OVERVIEW, VERB_VIEW_OVERVIEW))
        model_view(m, VIEW_OVERVIEW);
    part_layer_title(m, inner && l->head == 0 ? out : c.layer, text, sizeof text);
    if (l->head > 0)
        snprintf(text, sizeof text, "aux %d", l->head);
    const int stage = l->head > 0 ? net->heads[l->head].first : inner ? out : c.layer;
    if (crumb(ui, m, &r, 1, text, !inner && !channel, inner ? STR_HELP_OUT : STR_HELP_STAGE, inner ? VERB_OUT : VERB_VIEW_STAGE))
        model_go(m, stage);
    if (inner && crumb(ui, m, &r, 2, slash != NULL ? slash + 1 : l->name, !channel, STR_HELP_STAGE, VERB_VIEW_STAGE))
        model_go(m, c.layer);
    snprintf(text, sizeof text, "[%d]", c.channel);
    if (channel && crumb(ui, m, &r, 3, text, !place, STR_CRUMB_CHANNEL, place ? VERB_BACK : VERB_VIEW_STAGE)) {
        model_view(m, VIEW_STAGE);
        model_select(m, (Cursor){c.layer, c.channel, -1, -1});
    }
    snprintf(text, sizeof text, "y %d, x %d", c.y, c.x);
    if (place && crumb(ui, m, &r, 4, text, true, STR_CRUMB_PLACE, VERB_DEEPER))
        model_do(m, VERB_DEEPER);
}
