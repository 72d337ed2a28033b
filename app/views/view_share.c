/* view_share.c - what the score of a class is made of at the layer where one is: the places over the picture, the channels, and one bar that
 * adds the maps and the biases behind them up to the score. A channel's share is beside what silencing it really costs. */
#include "app/views/why.h"
#include "app/views/views.h"
#include "engine/net/cam.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- left: the class, and the one that is subtracted --------------------------------------------------------------------------- */

static void classes(Ui *ui, Model *m, ViewState *v, Rect r, const Share *share)
{
    ui_panel(ui, r);
    Rect in = rect_inset(r, 12), row = rect_cut_top(&in, 26);
    in.y -= 6;
    in.h += 6;
    for (int minus = 0; minus < 2; minus++) {
        const char *word = model_text(m, minus ? STR_SHARE_MINUS : STR_SHARE_FOR);
        if (ui_choice(ui, ui_id("share classes", minus), rect_cut_left(&row, ui_text_width(ui, part_bold(ui), word) + 20), word, v->share_minus == (minus == 1)))
            v->share_minus = minus == 1;
    }
    const int picked = why_class_list(ui, m, v, in, v->share_minus ? STR_SHARE_PICK_MINUS : STR_CAM_PICK, v->share_minus ? share->against : share->class_index);
    if (picked >= 0 && !v->share_minus)
        model_choose_class(m, picked);
    else if (picked >= 0 && picked != share->class_index)
        model_choose_against(m, picked);
}

/* ---- right: the channels --------------------------------------------------------------------------------------------------------- */

/* A channel: its map, its share, and what silencing it costs or the button that computes that. */
static void channel_row(Ui *ui, Model *m, ViewState *v, Rect row, const ShareLayer *l, const LayerMap *map, int channel, float tile)
{
    enum { LINE = 18 };
    const int layer = l->share.layer;
    char name[NET_NAME_MAX + 32], number[NUM_MAX];
    double cost;
    MapGrid grid = part_grid(m, v, layer, map, channel, 1);
    grid.columns = 1;
    grid.tile = tile;
    if (part_channel_here(m, m->cursor, layer) == channel)
        ui_round(ui, (Rect){row.x - 4, row.y - 4, row.w + 6, row.h}, 5, ui->theme->accent_soft);
    part_maps(ui, m, v, row, layer, map, &grid);
    rect_cut_left(&row, tile + 10);
    row.w -= 6;
    cursor_text(model_net(m), (Cursor){layer, channel, -1, -1}, name, sizeof name);
    const Rect words = {row.x, row.y, row.w, 2 * LINE};
    if (ui_hover(ui, words))
        model_point(m, (Cursor){layer, channel, -1, -1});
    if (ui_click(ui, ui_id("share channel", channel), words))
        model_select(m, (Cursor){layer, channel, -1, -1});
    ui_text(ui, rect_cut_top(&row, LINE), ui_style(FACE_MONO, ui->theme->size_small, ui->theme->text), ALIGN_LEFT, name);
    ui_pair(ui, rect_cut_top(&row, LINE), part_small(ui), model_text(m, STR_SHARE_PART), part_mono(ui), num_signed(number, l->share.channel[channel]));
    if (share_cost(&m->share, l, channel, &cost)) {
        const char *label = model_text(m, STR_SHARE_COSTS);
        num_signed(number, cost);
        if (ui_text_width(ui, part_small(ui), label) + ui_text_width(ui, part_mono(ui), number) + 14 > row.w)
            label = model_text(m, STR_SHARE_COSTS_SHORT);
        ui_pair(ui, rect_cut_top(&row, LINE), part_small(ui), label, part_mono(ui), number);
        return;
    }
    const char *word = model_text(m, STR_SHARE_TRY);
    const Rect button = {row.x, row.y, ui_text_width(ui, part_caption(ui), word) + 4, LINE};
    const bool over = ui_hover(ui, button);
    ui_text(ui, button, part_colored(part_caption(ui), ui->theme->accent), ALIGN_LEFT, word);
    ui_item(ui, button, "button", name);
    if (over) {
        ui_line(ui, button.x, button.y + button.h - 2, button.x + button.w - 4, button.y + button.h - 2, 1, ui->theme->accent);
        ui_tooltip(ui, model_text(m, STR_SHARE_TRY_TIP));
    }
    if (ui_click(ui, ui_id("share try", channel), button))
        model_share_try(m, channel);
}

static void channels(Ui *ui, Model *m, ViewState *v, Rect r, const ShareLayer *l)
{
    LayerMap map;
    Rect in = part_panel(ui, r);
    const char *note = model_text(m, STR_UNITS_NUMBERS);
    ui_paragraph(ui, rect_cut_bottom(&in, ui_paragraph_height(ui, in.w, part_caption(ui), note)), part_caption(ui), note);
    rect_cut_bottom(&in, 4);
    part_heading(ui, &in, model_text(m, STR_SHARE_CHANNELS));
    rect_cut_top(&in, 4);
    if (!compute_map(m->compute, l->share.layer, &map))
        return;
    const float tile = map_tile_sharp(ui, map.shape.h, map.shape.w, 56), step = fmaxf(tile, 54) + 10;
    const int selected = part_channel_here(m, m->cursor, l->share.layer);
    for (int i = 0; i < map.shape.c && selected >= 0 && selected != v->share_channel; i++) /* a channel that was just selected comes in sight */
        if (l->order[i] == selected)
            ui_scroll_to(&v->scroll[SCROLL_EXTRA], in.h, (float)i * step, (float)(i + 1) * step + 4);
    v->share_channel = selected;
    Rect body = ui_scroll_begin(ui, ui_id("share channels", 0), (Rect){in.x - 4, in.y, in.w + 8, in.h}, &v->scroll[SCROLL_EXTRA], step * (float)map.shape.c + 4);
    for (int i = 0; i < map.shape.c; i++) {
        const Rect row = {body.x + 4, body.y + 4 + (float)i * step, body.w - 8, step};
        if (row.y + row.h > in.y && row.y < in.y + in.h)
            channel_row(ui, m, v, row, l, &map, l->order[i], tile);
    }
    ui_scroll_end(ui);
}

/* ---- the bar ------------------------------------------------------------------------------------------------------------------------ */

/* One part of the sum: the maps, or the biases of a later layer or module. */
typedef struct Piece { int layer; double sum; } Piece;

static int pieces_of(const Net *net, const Share *s, Piece *pieces)
{
    int count = 0;
    pieces[count++] = (Piece){s->layer, s->maps};
    for (int i = 0; i < s->bias_count; i++) {
        const int layer = share_layer_at(net, s->biases[i].layer);
        if (count == 1 || pieces[count - 1].layer != layer)
            pieces[count++] = (Piece){layer, 0};
        pieces[count - 1].sum += s->biases[i].sum;
    }
    return count;
}

/* All pieces side by side: what counts for the class goes to the right of 0, what counts against it to the left; the mark is their sum. */
static void sum_bar(Ui *ui, const Model *m, ViewState *v, Rect r, const Share *s)
{
    Piece *pieces = view_scratch(v, ((size_t)s->bias_count + 1) * sizeof *pieces);
    double right = 0, left = 0;
    if (pieces == NULL)
        return;
    const int count = pieces_of(model_net(m), s, pieces);
    for (int i = 0; i < count; i++)
        *(pieces[i].sum < 0 ? &left : &right) += fabs(pieces[i].sum);
    const double scale = right + left > 0 ? (double)r.w / (right + left) : 0;
    double at[2] = {left * scale, left * scale}; /* where the next piece begins, to the right and to the left */
    const float zero = roundf(r.x + (float)at[0]);
    ui_round(ui, r, 3, color_mix(ui->theme->panel, ui->theme->text, 0.05f));
    for (int i = 0; i < count; i++) {
        char name[NET_NAME_MAX + 32], number[NUM_MAX], text[NET_NAME_MAX + NUM_MAX + 96];
        const double w = fabs(pieces[i].sum) * scale;
        const bool minus = pieces[i].sum < 0;
        const double from = minus ? at[1] - w : at[0];
        *(minus ? &at[1] : &at[0]) += minus ? -w : w;
        const float x0 = roundf(r.x + (float)from), x1 = roundf(r.x + (float)(from + w));
        const Rect place = {x0, r.y + 3, fmaxf(x1 - x0 - (x1 - x0 > 3 ? 1 : 0), 1), r.h - 6};
        const Color maps = minus ? ui->theme->negative : ui->theme->positive;
        ui_fill(ui, place, i == 0 ? maps : color_mix(ui->theme->panel, ui->theme->text, i % 2 == 1 ? 0.45f : 0.3f));
        part_layer_address(m, pieces[i].layer, name, sizeof name);
        snprintf(text, sizeof text, model_text(m, i == 0 ? STR_SHARE_MAPS_PIECE : STR_SHARE_BIAS_PIECE), name, num_signed(number, pieces[i].sum));
        ui_item(ui, place, "share", text);
        if (ui_hover(ui, place)) {
            ui_frame(ui, place, 1, ui->theme->text);
            ui_tooltip(ui, text);
        }
    }
    const float score = roundf(r.x + (float)((left + s->maps + s->bias) * scale));
    ui_fill(ui, (Rect){zero, r.y, 1, r.h}, ui->theme->text_dim);
    ui_fill(ui, (Rect){fminf(score, r.x + r.w - 2), r.y - 2, 2, r.h + 4}, ui->theme->text);
}

/* ---- the middle ----------------------------------------------------------------------------------------------------------------------- */

static void biases_text(const Model *m, const Share *s, char *out, size_t size)
{
    char number[NUM_MAX];
    if (s->bias_count == 0)
        snprintf(out, size, "%s", model_text(m, STR_SHARE_NO_BIASES));
    else if (s->bias * s->score >= 0)
        snprintf(out, size, model_text(m, STR_SHARE_BIASES), num_percent(number, fabs(s->score) > 0 ? s->bias / s->score : 0));
    else
        snprintf(out, size, model_text(m, STR_SHARE_BIASES_MINUS), num_signed(number, s->bias));
}

/* What must be said beside the map, sentence by sentence, each in `text`; returns false after the last. */
static bool sentence(const Model *m, const ShareLayer *l, int number, char *text, size_t size)
{
    const Share *s = &l->share;
    Err none;
    char score[NUM_MAX], gap[NUM_MAX];
    text[0] = '\0';
    if (number == 0 && m->share.cam)
        snprintf(text, size, "%s", model_text(m, STR_SHARE_CAM_SAYS));
    else if (number == 0 && cam_layer(model_net(m), &none) == s->layer)
        snprintf(text, size, model_text(m, STR_SHARE_IS_CAM), s->shape.h * s->shape.w);
    else if (number == 1)
        biases_text(m, s, text, size);
    else if (number == 2 && !share_exact(model_net(m), s->layer))
        snprintf(text, size, model_text(m, STR_SHARE_GAP), num_value(score, s->score), num_value(gap, share_gap(s)));
    return number < 3;
}

static float sentences(Ui *ui, const Model *m, Rect r, const ShareLayer *l, bool draw)
{
    char text[320];
    float used = 0;
    for (int i = 0; sentence(m, l, i, text, sizeof text); i++) {
        if (text[0] == '\0')
            continue;
        const Rect place = {r.x, r.y + used, r.w, r.h - used};
        used += draw ? ui_paragraph(ui, place, part_body(ui), text) : ui_paragraph_height(ui, r.w, part_body(ui), text);
    }
    return used;
}

static void middle(Ui *ui, Model *m, ViewState *v, Rect r, const ShareLayer *l)
{
    enum { BAR = 24, LEGEND = 42, ROW = 20 };
    const Share *s = &l->share;
    const int which = m->share.cam ? 1 : 0;
    char sum[96];
    ui_panel(ui, r);
    Rect in = rect_inset(r, 14), row = rect_cut_top(&in, 24);
    for (int cam = 0; cam < 2; cam++) {
        const char *word = model_text(m, cam ? STR_SHARE_CAM : STR_SHARE_MAP);
        if (ui_choice(ui, ui_id("share how", cam), rect_cut_left(&row, ui_text_width(ui, part_bold(ui), word) + 20), word, which == cam))
            model_share_how(m, cam == 1);
    }
    rect_cut_top(&in, 6);
    why_sum_text(s->maps, s->bias, sum, sizeof sum);
    const char *label = model_text(m, STR_SHARE_SUM);
    const bool beside = ui_text_width(ui, part_body(ui), label) + 16 + ui_text_width(ui, part_mono(ui), sum) <= in.w;
    const float below = ui_paragraph_height(ui, in.w, part_body(ui), label) + ui_paragraph_height(ui, in.w, part_mono(ui), sum);
    const float words = sentences(ui, m, in, l, false);
    Rect foot = rect_cut_bottom(&in, words + BAR + LEGEND + (beside ? ROW : below) + 10);
    const float side = fmaxf(fminf(in.w, in.h - 4), 0);
    const Rect place = part_picture(ui, &m->picture, (Rect){in.x + floorf((in.w - side) / 2), in.y, side, side}, NULL);
    ui_item(ui, place, "picture", "share");
    if (m->look.field)
        why_map(ui, place, l->shown[which], s->shape.h, s->shape.w, l->reach[which]);
    sentences(ui, m, rect_cut_top(&foot, words), l, true);
    sum_bar(ui, m, v, rect_cut_top(&foot, BAR), s);
    if (beside) {
        ui_pair(ui, rect_cut_top(&foot, ROW), part_body(ui), label, part_mono(ui), sum);
    } else {
        rect_cut_top(&foot, ui_paragraph(ui, foot, part_body(ui), label));
        rect_cut_top(&foot, ui_paragraph(ui, foot, part_mono(ui), sum));
    }
    rect_cut_top(&foot, 8);
    WhyScale scale = {l->reach[which], l->shown[which][0], l->shown[which][0], s->class_index};
    for (int i = 1; i < s->shape.h * s->shape.w; i++) {
        scale.lo = fminf(scale.lo, l->shown[which][i]);
        scale.hi = fmaxf(scale.hi, l->shown[which][i]);
    }
    why_legend(ui, m, &foot, s->class_index, &scale, STR_SHARE_VALUES);
}

/* Why there is nothing to show: no scores, not all of them pass through this layer, or it is still being computed. */
static const char *reason(const Model *m, int layer, Err *err)
{
    if (m->share.problem.text[0] != '\0')
        return m->share.problem.text;
    return share_allowed(model_net(m), layer, err) ? model_text(m, STR_NOT_COMPUTED) : err->text;
}

void view_share(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const int layer = share_layer_at(model_net(m), m->at);
    const ShareLayer *l = share_layer(&m->share, layer);
    char at[NET_NAME_MAX + 32], whole[128], name[128], other[128], title[320];
    Err err = {""};
    part_layer_address(m, layer, at, sizeof at);
    if (l == NULL) {
        why_title(ui, m, &area, at, reason(m, layer, &err));
        return;
    }
    part_class_name(m, l->share.class_index, whole, sizeof whole);
    part_cut(ui, part_title(ui), whole, area.w * 0.2f, name, sizeof name);
    if (l->share.against >= 0) {
        part_class_name(m, l->share.against, whole, sizeof whole);
        part_cut(ui, part_title(ui), whole, area.w * 0.15f, other, sizeof other);
        snprintf(title, sizeof title, model_text(m, STR_SHARE_TITLE_MINUS), at, name, other);
    } else {
        snprintf(title, sizeof title, model_text(m, STR_SHARE_TITLE), at, name);
    }
    why_title(ui, m, &area, title, model_text(m, STR_SHARE_SAYS));
    rect_cut_top(&area, 8);
    const float side_w = why_side_width(area.w);
    classes(ui, m, v, rect_cut_left(&area, side_w), &l->share);
    channels(ui, m, v, rect_cut_right(&area, side_w), l);
    middle(ui, m, v, (Rect){area.x + 14, area.y, area.w - 28, area.h}, l);
}
