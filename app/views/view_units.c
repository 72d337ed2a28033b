/* view_units.c - the photos of a folder that excite the channels of a layer most: a patch for each channel, and all about the selected one
 * beside them (unit_panel.c). */
#include "app/model/walk.h"
#include "app/views/parts.h"
#include "app/views/unit_panel.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { TILE_PIXELS = 128 };
static const float TILE_LEAST = 62, TILE_GAP = 8, TILE_LABEL = 18, PANEL_LEAST = 236, PANEL_MOST = 420;

static const char *folder_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static void choose_folder(Session *session)
{
    session_do(session, VERB_PICTURES);
}

/* The title row: what is shown, and at its right how far it is and what can be done about it. */
static void title(Ui *ui, Session *session, Rect *area)
{
    Model *m = &session->model;
    const UnitPhotos *u = &session->units.photos;
    const Examples *e = unit_photos_examples(u);
    const bool filling = unit_photos_filling(u) && !u->stopped;
    Rect row = {area->x, area->y, area->w, 30}, rest = *area;
    char text[1200] = "";
    if (u->folder[0] != '\0') {
        const char *choose = model_text(m, STR_UNITS_CHOOSE);
        if (!ui->in_page && ui_button(ui, ui_id("units folder", 0), rect_cut_right(&row, ui_button_width(ui, choose)), choose, BUTTON_PLAIN))
            choose_folder(session);
        rect_cut_right(&row, 8);
        const bool waits = !filling && (e != NULL ? !examples_complete(e) : u->stopped);
        const char *other = filling ? model_text(m, STR_UNITS_STOP) : waits ? model_text(m, STR_UNITS_GO_ON) : "";
        if (other[0] != '\0') {
            if (ui_button(ui, ui_id("units stop", filling), rect_cut_right(&row, ui_button_width(ui, other)), other, BUTTON_PLAIN)) {
                if (filling)
                    session_stop_photos(session);
                else
                    session_go_on_with_photos(session);
                ui->want_frame = true;
            }
            rect_cut_right(&row, 8);
        }
        if (e == NULL)
            snprintf(text, sizeof text, "%s", filling ? model_text(m, STR_UNITS_LISTING) : "");
        else if (!examples_complete(e))
            snprintf(text, sizeof text, model_text(m, STR_UNITS_FILLING), atomic_load(&e->finished), e->photos.count);
        else
            snprintf(text, sizeof text, model_text(m, STR_UNITS_OF), e->photos.count, folder_name(u->folder));
    }
    rest.w = row.w - 8;
    part_stage_title(ui, &rest, model_text(m, STR_UNITS_TITLE), text);
    rect_cut_top(area, fmaxf(rest.y - area->y, 34));
    if (filling && e != NULL) {
        const Rect bar = rect_cut_top(area, 6);
        ui_round(ui, (Rect){bar.x, bar.y, bar.w, 3}, 1.5f, ui->theme->panel_edge);
        ui_round(ui, (Rect){bar.x, bar.y, bar.w * (float)atomic_load(&e->finished) / (float)e->photos.count, 3}, 1.5f, ui->theme->accent);
    }
}

/* What must be known about these photos. */
static void warnings(Ui *ui, const Session *session, Rect *area)
{
    const Model *m = &session->model;
    const UnitPhotos *u = &session->units.photos;
    const char *first;
    char text[1200];
    const int broken = unit_photos_broken(u, &first);
    const TextStyle bad = ui_style(FACE_SANS, ui->theme->size_small, ui->theme->bad);
    if (unit_photos_problem(u)[0] != '\0')
        part_paragraph(ui, area, bad, unit_photos_problem(u));
    if (unit_photos_training(u))
        part_paragraph(ui, area, bad, model_text(m, STR_UNITS_TRAINING));
    if (broken > 0) {
        snprintf(text, sizeof text, model_text(m, STR_UNITS_BROKEN), broken, first);
        part_paragraph(ui, area, bad, text);
    }
    if (u->folder[0] != '\0') {
        const bool means = source_trained(&m->source->source, 0);
        snprintf(text, sizeof text, "%s%s%s", means ? "" : model_text(m, STR_NO_MEANING), means ? "" : " · ", model_text(m, STR_UNITS_NUMBERS));
        part_paragraph(ui, area, part_caption(ui), text);
    }
    rect_cut_top(area, 4);
}

/* Without a folder: what this is, and how it begins. */
static void invite(Ui *ui, Session *session, Rect area)
{
    const Model *m = &session->model;
    const char *choose = model_text(m, STR_UNITS_CHOOSE);
    const float w = fminf(area.w, 560);
    Rect card = {area.x + floorf((area.w - w) / 2), area.y + 24, w, fminf(area.h - 24, 210)};
    Rect in = part_card(ui, card, model_text(m, STR_UNITS_TITLE), "", 0);
    part_paragraph(ui, &in, part_body(ui), model_text(m, ui->in_page ? STR_UNITS_INVITE_PAGE : STR_UNITS_INVITE));
    rect_cut_top(&in, 12);
    if (!ui->in_page && ui_button(ui, ui_id("units folder", 0), (Rect){in.x, in.y, ui_button_width(ui, choose), 30}, choose, BUTTON_PRIMARY))
        choose_folder(session);
}

/* One channel's tile: its strongest patch, or nothing if it is silent. */
static void tile(Ui *ui, Session *session, Rect r, Cursor at, Address unit, const Example *x)
{
    Model *m = &session->model;
    const Theme *t = ui->theme;
    char number[24];
    const Rect place = {r.x, r.y, r.w, r.w};
    const bool chosen = m->cursor.layer == at.layer && m->cursor.channel == at.channel;
    unit_patch(ui, session, unit.layer, x, TILE_PIXELS, place);
    if (x->photo < 0)
        ui_text(ui, place, part_caption(ui), ALIGN_CENTER, "0");
    snprintf(number, sizeof number, "%d", at.channel);
    ui_text(ui, (Rect){r.x, r.y + r.w, r.w, TILE_LABEL}, chosen ? part_bold(ui) : part_caption(ui), ALIGN_CENTER, number);
    if (chosen)
        ui_frame(ui, rect_inset(place, -2), 2, t->selection);
    else if (ui_hover(ui, r))
        ui_frame(ui, rect_inset(place, -1), 1, t->accent);
    if (ui_click(ui, ui_id("unit tile", at.channel), r)) {
        model_select(m, at);
        ui->want_frame = true;
    }
    ui_item(ui, r, "unit", number);
}

/* All channels of the layer that is shown, in their order; a module's come from four branches. */
static void grid(Ui *ui, Session *session, ViewState *v, Rect r)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const int channels = net->layers[m->at].out.c, columns = (int)fmaxf(1, floorf((r.w - 14 + TILE_GAP) / (TILE_LEAST + TILE_GAP))), rows = (channels + columns - 1) / columns;
    const float side = floorf((r.w - 14 + TILE_GAP) / (float)columns - TILE_GAP), row_h = side + TILE_LABEL + TILE_GAP;
    Scroll *scroll = &v->scroll[SCROLL_EXTRA];
    const int chosen = m->cursor.layer == m->at ? m->cursor.channel : -1;
    if (chosen != v->unit_followed) {
        v->unit_followed = chosen;
        if (chosen >= 0)
            ui_scroll_to(scroll, r.h, (float)(chosen / columns) * row_h, (float)(chosen / columns + 1) * row_h);
    }
    const Rect list = ui_scroll_begin(ui, ui_id("units", 0), r, scroll, (float)rows * row_h + 2);
    const int first = (int)(scroll->offset / row_h), last = first + (int)(r.h / row_h) + 2;
    const Example *strongest = NULL;
    int of_layer = -1;
    for (int c = first * columns; c < channels && c < last * columns; c++) {
        const Cursor at = {m->at, c, -1, -1};
        Address unit;
        Err none;
        if (!examples_unit(net, (Address){.layer = at.layer, .channel = c}, true, &unit, &none))
            continue;
        if (unit.layer != of_layer)
            strongest = session_strongest_photos(session, unit.layer);
        of_layer = unit.layer;
        const Example empty = {.photo = -1};
        tile(ui, session, (Rect){list.x + 2 + (float)(c % columns) * (side + TILE_GAP), list.y + 2 + (float)(c / columns) * row_h, side, side + TILE_LABEL}, at, unit,
             strongest != NULL ? &strongest[unit.channel] : &empty);
    }
    ui_scroll_end(ui);
}

/* The left card: the layer. */
static void layer_card(Ui *ui, Session *session, ViewState *v, Rect r, bool has_units)
{
    const Model *m = &session->model;
    const Net *net = model_net(m);
    char name[160], says[400] = "", source[160];
    Address copied;
    Err none;
    part_layer_title(m, m->at, name, sizeof name);
    if (!has_units) {
        Rect in = part_card(ui, r, name, "", 0);
        part_paragraph(ui, &in, part_body(ui), model_text(m, STR_UNITS_NONE));
        return;
    }
    snprintf(says, sizeof says, model_text(m, STR_UNITS_LAYER), net->layers[m->at].out.c);
    if (!examples_unit(net, (Address){.layer = m->at, .channel = 0}, false, &copied, &none)) {
        net_address_text(net, (Address){.layer = walk_channels_of(net, m->at), .channel = -1}, source, sizeof source);
        snprintf(says + strlen(says), sizeof says - strlen(says), model_text(m, STR_UNITS_BEHIND), source);
    }
    const Rect in = part_card(ui, r, name, says, 0);
    grid(ui, session, v, in);
}

void view_units(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    Cursor shown;
    Address unit;
    Err none;
    title(ui, session, &area);
    warnings(ui, session, &area);
    const float wants = view_wants_width(session, area.w);
    if (wants > 0) {
        view_wants(ui, session, rect_cut_right(&area, wants));
        rect_cut_right(&area, 12);
    }
    if (session->units.photos.folder[0] == '\0') {
        invite(ui, session, area);
        return;
    }
    const bool has_units = examples_unit(model_net(m), (Address){.layer = m->at, .channel = 0}, true, &unit, &none);
    if (has_units && units_channel(m, &shown, &unit)) {
        const float w = fminf(fmaxf(floorf(area.w * 0.4f), PANEL_LEAST), PANEL_MOST);
        unit_panel(ui, session, v, rect_cut_right(&area, w), shown, unit);
        rect_cut_right(&area, 12);
    }
    layer_card(ui, session, v, area, has_units);
}
