/* view_status.c - the status line at the bottom: the address of the view, a message or a hint, and the legend. */
#include "app/model/walk.h"
#include "app/views/class_bars.h"
#include "app/views/parts.h"
#include "app/views/play_line.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PLAY_LONGEST = 640, PLAY_BESIDE = 470; /* the line of what plays, and what is beside it: legend and address */
/* Cut off r's right end: a photo's own colours, from black to full, and what they mean. Without a channel the numbers are those of all
 * three, or the bytes themselves if the channels differ. */
static void tint_legend(Ui *ui, const Model *m, Rect *r, int channel)
{
    enum { STEPS = 32 };
    RangeShown range[3];
    char low[NUM_MAX] = "0", high[NUM_MAX] = "255";
    LayerMap map;
    if (!compute_map(m->compute, 0, &map))
        return;
    for (int c = 0; c < 3; c++)
        range[c] = model_range_shown(m, 0, &map, c);
    if (!model_range_shown(m, 0, &map, channel).each) {
        num_value(low, (double)range[channel < 0 ? 0 : channel].lo);
        num_value(high, (double)range[channel < 0 ? 0 : channel].hi);
    }
    const TextStyle mono = ui_style(FACE_MONO, ui->theme->size_caption, ui->theme->text_dim);
    Rect all = rect_cut_right(r, 190);
    rect_cut_left(&all, ui_text(ui, all, mono, ALIGN_LEFT, low) + 6);
    rect_cut_right(&all, ui_text(ui, all, mono, ALIGN_RIGHT, high) + 6);
    const Rect bar = {all.x, all.y + floorf(all.h / 2) - 5, all.w, 10};
    for (int c = 0; c < 3; c++) /* one below the other, or the channel's alone */
        for (int i = 0; i < STEPS; i++) {
            const float x0 = roundf(bar.w * (float)i / STEPS), x1 = roundf(bar.w * (float)(i + 1) / STEPS), h = bar.h / 3;
            ui_fill(ui, (Rect){bar.x + x0, bar.y + h * (float)c, x1 - x0, h},
                    colormap_color(part_colormap(m, 0, &map, channel < 0 ? c : channel), (float)i, 0, STEPS - 1));
        }
    ui_item(ui, bar, "legend", "tint");
    rect_cut_right(r, 12);
    const char *note = model_text(m, m->look.range == RANGE_LOCKED ? STR_TINT_LOCKED : STR_TINT_IS);
    ui_text(ui, rect_cut_right(r, ui_text_width(ui, part_caption(ui), note) + 2), part_caption(ui), ALIGN_LEFT, note);
    rect_cut_right(r, 16);
}

/* Cut off r's right end: the colours' two numbers, and before them a note about values outside. */
static void legend(Ui *ui, const Model *m, const ViewState *v, bool noted, Rect *r)
{
    LayerMap map;
    char note[160] = "";
    const Net *net = model_net(m);
    Cursor focus = part_focus(m);
    /* Bars have no colour scale; the maps that they come from may be beside them. */
    if (class_bars_for(net, focus.layer) && focus.layer > 0)
        focus = (Cursor){net->layers[focus.layer].inputs[0], -1, -1, -1};
    if (class_bars_for(net, focus.layer) || !compute_map(m->compute, focus.layer, &map))
        return;
    if (!v->drawn_set && model_tinted(m, focus.layer)) {
        tint_legend(ui, m, r, focus.channel);
        return;
    }
    const RangeShown range = v->drawn_set ? part_signed_range(m, focus.layer, &map, v->drawn) : part_range(m, focus.layer, &map, focus.channel);
    if (noted)
        part_range_note(m, &range, note, sizeof note);
    if (!range.each) {
        const Rect scale = rect_cut_right(r, note[0] != '\0' ? 190 : 250);
        part_legend(ui, scale, part_colormap(m, focus.layer, &map, focus.channel), range.lo, range.hi);
        part_verb_tip(ui, m, scale, STR_TIP_RANGE, VERB_RANGE);
        rect_cut_right(r, 12);
    }
    if (note[0] != '\0') {
        const Rect place = rect_cut_right(r, ui_text_width(ui, part_caption(ui), note) + 2);
        ui_text(ui, place, part_caption(ui), ALIGN_LEFT, note);
        part_verb_tip(ui, m, place, STR_HELP_OUTLIERS, VERB_OUTLIERS);
        rect_cut_right(r, 16);
    }
}

static Str hints(const Model *m)
{
    return m->view == VIEW_STAGE && walk_is_module(model_net(m), m->at) ? STR_HINTS_MODULE : STR_HINTS;
}

/* A message that does not fit the line is drawn above it, wrapped, until its time is over or it is clicked. */
static void long_message(Ui *ui, Model *m, Rect area)
{
    const TextStyle style = part_colored(part_small(ui), m->status_bad ? ui->theme->bad : ui->theme->text);
    const float w = fminf(floorf(area.w * 0.6f), 1000), h = ui_paragraph_height(ui, w - 32, style, m->status) + 22;
    const Rect box = {area.x + floorf((area.w - w) / 2), area.y - h - 10, w, h};
    ui_overlay_begin(ui, box);
    ui_shadow(ui, box, 8, 12, ui->theme->shadow);
    ui_round(ui, box, 8, ui->theme->panel);
    ui_frame_round(ui, box, 8, 1, m->status_bad ? ui->theme->bad : ui->theme->panel_edge);
    ui_paragraph(ui, (Rect){box.x + 16, box.y + 10, w - 32, h - 20}, style, m->status);
    if (ui_click(ui, ui_id("long message", 0), box))
        model_status_read(m);
    ui_item(ui, box, "button", "message");
    ui_overlay_end(ui);
}

void view_status(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Theme *t = ui->theme;
    const bool plays = session->play.begun;
    const bool in_class = classroom_is_open(&session->classroom);
    const ViewPage *page = view_page(m->view);
    char address[192];
    ui_fill(ui, area, t->panel);
    ui_fill(ui, (Rect){area.x, area.y, area.w, 1}, t->panel_edge);
    Rect row = {area.x + 14, area.y + 1, area.w - 28, area.h - 1};
    if (page->maps != NULL && page->maps(m))
        legend(ui, m, v, !plays, &row);
    if (plays) /* it must not move while it is dragged, so it comes first, and its width is the window's alone */
        play_line(ui, session, rect_cut_left(&row, fminf(PLAY_LONGEST, area.w - PLAY_BESIDE)));
    model_address(m, address, sizeof address);
    const TextStyle mono = ui_style(FACE_MONO, t->size_caption, t->text_dim);
    const float w = ui_text_width(ui, mono, address) + 4;
    const Rect place = {row.x, row.y, w, row.h};
    if (w <= row.w) {
        if (ui_click(ui, ui_id("address", 0), place))
            session_do(session, VERB_COPY_ADDRESS);
        ui_text(ui, rect_cut_left(&row, w), part_colored(mono, ui_hover(ui, place) ? t->text : t->text_dim), ALIGN_LEFT, address);
        ui_item(ui, place, "button", "address");
        part_verb_tip(ui, m, place, STR_HELP_COPY_ADDRESS, VERB_COPY_ADDRESS);
        rect_cut_left(&row, 18);
    }
    if (session->opening.job != NULL) {
        char text[400], name[300];
        part_cut(ui, part_caption(ui), part_file_name(open_job_path(session->opening.job)), row.w * 0.5f, name, sizeof name);
        snprintf(text, sizeof text, model_text(m, STR_LOADING), name);
        const Rect words = {row.x, row.y, fminf(ui_text_width(ui, part_caption(ui), text) + 2, row.w), row.h};
        if (ui_click(ui, ui_id("stop opening", 0), words))
            session_stop_opening(session);
        ui_item(ui, words, "button", "stop opening");
        ui_text(ui, words, part_caption(ui), ALIGN_LEFT, text);
    } else if (model_status(m) != NULL) {
        const TextStyle style = part_colored(part_caption(ui), m->status_bad ? t->bad : t->text);
        if (ui_text_width(ui, style, m->status) > row.w && m->overlay == OVERLAY_NONE)
            long_message(ui, m, area);
        else
            ui_text(ui, row, style, ALIGN_LEFT, m->status);
    } else if (plays) {
        /* the line has the place of the hints */
    } else if (!in_class && page->hints != NULL) {
        char text[384];
        page->hints(m, text, sizeof text);
        part_text_fit(ui, row, part_colored(part_caption(ui), t->text_faint), text);
    } else if (!in_class) {
        const char *text = model_text(m, hints(m));
        if (ui_text_width(ui, part_caption(ui), text) > row.w)
            text = model_text(m, STR_HINTS_SHORT);
        part_text_fit(ui, row, part_colored(part_caption(ui), t->text_faint), text);
    }
}
