/* view_value.c - one value taken apart: its receptive field and its place in the map on the left, its terms in the middle, the
 * ledger, the formula and its readers on the right. */
#include "app/model/walk.h"
#include "app/views/value_page.h"
#include "app/views/value_words.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PAD = 14, GAP = 14;

static Rect value_card(Ui *ui, Rect r, const char *heading)
{
    ui_panel(ui, r);
    Rect in = rect_inset(r, PAD);
    in.y -= 10;
    in.h += 10;
    part_heading(ui, &in, heading);
    return in;
}

/* ---- left: receptive field, position --------------------------------------------------------------------------------------- */

/* The step of a position, of `count` equal ones from `start` to `start + length`; outside them the first or the last. */
static int step_at(float position, float start, float length, int count)
{
    const int step = length > 0 ? (int)floorf((position - start) / length * (float)count) : 0;
    return step < 0 ? 0 : step >= count ? count - 1 : step;
}

/* While the pointer drags over `place`: moves to the position of the layer's map under it. */
static void drag_window(Ui *ui, Model *m, const char *name, Rect place)
{
    const Shape out = model_net(m)->layers[m->cursor.layer].out;
    if (!ui_drag(ui, ui_id(name, 0), place))
        return;
    Cursor c = m->cursor;
    c.y = step_at(ui->in.mouse_y, place.y, place.h, out.h);
    c.x = step_at(ui->in.mouse_x, place.x, place.w, out.w);
    model_play(m, false);
    model_select(m, c);
}

static void sees_card(Ui *ui, Model *m, Rect r, const Taken *t)
{
    char text[128] = "";
    ReceptiveField field = {0};
    const Cursor c = t->at;
    const bool known = unit_field(model_net(m), (Unit){c.layer, c.channel, c.y, c.x}, 0, &field);
    if (known)
        value_sees(m, &field, text, sizeof text);
    Rect in = value_card(ui, r, model_text(m, STR_WHAT_IT_SEES));
    const float caption_h = ui_paragraph_height(ui, in.w, part_caption(ui), text);
    ui_paragraph(ui, rect_cut_bottom(&in, caption_h), part_caption(ui), text);
    rect_cut_bottom(&in, 6); /* the frame of a field at the picture's edge */
    const Rect place = part_picture(ui, &m->picture, in, known && c.layer > 0 ? &field : NULL);
    if (t->path_count > 0 && t->path[t->path_count - 1].layer == 0) { /* the pixel at the end of the winner's path */
        const Unit end = t->path[t->path_count - 1];
        const float sx = place.w / (float)m->picture.fitted.w, sy = place.h / (float)m->picture.fitted.h;
        const Rect pixel = {place.x + (float)end.x * sx, place.y + (float)end.y * sy, fmaxf(sx, 3), fmaxf(sy, 3)};
        ui_frame(ui, rect_inset(pixel, -3), 2, 0xffffffff);
    }
    if (c.layer == 0) {
        const float sx = place.w / (float)m->picture.fitted.w, sy = place.h / (float)m->picture.fitted.h;
        ui_frame(ui, rect_inset((Rect){place.x + (float)c.x * sx, place.y + (float)c.y * sy, sx, sy}, -3), 2, ui->theme->selection);
    }
    drag_window(ui, m, "value picture", place);
}

static void map_card(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    LayerMap map;
    char head[96];
    const Cursor c = t->at;
    if (!compute_map(m->compute, c.layer, &map))
        return;
    snprintf(head, sizeof head, "%s · %d×%d", model_text(m, STR_OUTPUT_MAP), map.shape.h, map.shape.w);
    const float head_h = 31 + 2 * PAD - 10, whole = ui_paragraph_height(ui, r.w - 2 * PAD, part_caption(ui), model_text(m, STR_HOVER_MOVES));
    const bool hints = r.h - head_h - whole - 8 >= 48; /* a low window has the map in its place */
    const float hint_h = hints ? whole : 0;
    MapGrid grid = part_grid(m, v, c.layer, &map, c.channel, 1);
    grid.columns = 1;
    grid.tile = map_tile_sharp(ui, map.shape.h, map.shape.w, fminf(r.w - 2 * PAD, r.h - head_h - hint_h - 8));
    r.h = fminf(r.h, head_h + map_grid_height(&grid) + 8 + hint_h);
    Rect in = value_card(ui, r, head);
    const Rect hint = {in.x, in.y + map_grid_height(&grid) + 8, in.w, hint_h};
    char address[NET_NAME_MAX + 32];
    cursor_text(model_net(m), c, address, sizeof address);
    const MapHit hit = ui_maps(ui, in, &grid, address);
    part_digits(ui, in, &grid);
    if (m->playing && m->term < 0) { /* what the kernel has not reached yet is empty */
        const Rect row = map_cell_rect(in, &grid, c.channel, c.y, c.x), tile = map_tile_rect(in, &grid, c.channel);
        ui_fill(ui, (Rect){row.x + row.w, row.y, tile.x + tile.w - row.x - row.w, row.h}, ui->theme->tile_back);
        ui_fill(ui, (Rect){tile.x, row.y + row.h, tile.w, tile.y + tile.h - row.y - row.h}, ui->theme->tile_back);
    }
    const Rect cell = map_cell_rect(in, &grid, c.channel, c.y, c.x);
    ui_frame(ui, rect_inset(cell, -2), 1, 0x000000ff);
    ui_frame(ui, rect_inset(cell, -1), 1, 0xffffffff);
    if (hints)
        ui_paragraph(ui, hint, part_caption(ui), model_text(m, STR_HOVER_MOVES));
    if (hit.channel >= 0)
        model_point(m, (Cursor){c.layer, c.channel, hit.y, hit.x});
    drag_window(ui, m, "value map", map_tile_rect(in, &grid, c.channel));
}

/* ---- right: ledger, formula, readers --------------------------------------------------------------------------------------- */

static void stored_rows(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    const Theme *theme = ui->theme;
    char value[NUM_MAX + 8], number[NUM_MAX];
    const bool same = value_agrees(t);
    const bool fast = strcmp(m->engine->name, "fast") == 0;
    num_exact(number, t->stored);
    if (same || !fast) {
        snprintf(value, sizeof value, "%s %s", number, same ? "✓" : "≠");
        const TextStyle style = part_colored(part_mono(ui), same ? theme->good : theme->bad);
        part_row_styled(ui, r, part_colored(part_body(ui), style.color), model_text(m, STR_STORED), style, value);
        if (fast) /* the row of a difference is kept free: what is below must not jump when a change brings one */
            part_row(ui, r, "", "");
        return;
    }
    part_row(ui, r, model_text(m, STR_STORED_FAST), number);
    part_row_styled(ui, r, part_small(ui), model_text(m, STR_DIFFERENCE), part_colored(part_mono(ui), theme->text_dim), value_difference(number, t));
}

/* Names of the layers that read this one, or its concat; at most a few. */
static void readers(const Net *net, int layer, char *out, size_t size)
{
    const Layer *l = &net->layers[layer];
    out[0] = '\0';
    int named = 0, more = 0;
    for (int i = layer + 1; i < net->layer_count; i++)
        for (int k = 0; k < net->layers[i].input_count; k++) {
            if (net->layers[i].inputs[k] != layer || (net->layers[i].op == OP_CONCAT && l->module == net->layers[i].module))
                continue;
            char name[NET_NAME_MAX + 32];
            cursor_text(net, (Cursor){i, -1, -1, -1}, name, sizeof name);
            if (named++ < 4)
                snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] != '\0' ? ", " : "", name);
            else
                more++;
        }
    if (more > 0)
        snprintf(out + strlen(out), size - strlen(out), ", …");
}

static void goes_section(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    const Net *net = model_net(m);
    const Cursor c = t->at;
    Address twin;
    char text[256], names[192];
    const bool twin_there = net_address_twin(net, (Address){.layer = c.layer, .channel = c.channel}, &twin);
    readers(net, twin_there ? net->modules[net->layers[c.layer].module].last : c.layer, names, sizeof names);
    if (!twin_there && names[0] == '\0')
        return; /* the last layer */
    part_heading(ui, r, model_text(m, STR_WHERE_IT_GOES));
    if (twin_there) {
        const bool up = net->layers[c.layer].op != OP_CONCAT;
        const Module *module = &net->modules[net->layers[c.layer].module];
        const Branch b = up ? net->layers[c.layer].branch : net->layers[twin.layer].branch;
        const int inner = up ? c.channel : twin.channel;
        snprintf(text, sizeof text, model_text(m, STR_GOES_BRANCH), inner, branch_name(b));
        part_paragraph(ui, r, part_colored(part_body(ui), ui->theme->branch_text[b]), text);
        snprintf(text, sizeof text, model_text(m, STR_GOES_CONCAT), module->offset[b], inner, module->offset[b] + inner);
        part_paragraph(ui, r, part_body(ui), text);
    }
    if (names[0] != '\0') {
        snprintf(text, sizeof text, model_text(m, STR_READ_BY), names);
        part_paragraph(ui, r, part_body(ui), text);
    }
}

/* The weight that was clicked, to be changed; what that does to the prediction; one key to put all back. */
static void edit_section(Ui *ui, Model *m, ViewState *v, Rect *r, const Taken *t)
{
    const int layer = value_page(t->e.op)->copies ? t->e.of.source.unit.layer : t->at.layer; /* of the kernel that is shown */
    if (v->weight_layer != layer && m->what_if.weights == NULL)
        return;
    part_heading(ui, r, model_text(m, STR_WHAT_IF));
    if (v->weight_layer == layer)
        part_edit_weight(ui, m, v, r);
    part_before_after(ui, m, r);
}

static void right_column(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    const ValuePage *page = value_page(t->e.op);
    char formula[320];
    ui_panel(ui, r);
    Rect in = {r.x + PAD, r.y + 4, r.w - 2 * PAD + 8, r.h - 8};
    Rect body = ui_column_begin(ui, ui_id("value right", 0), in, &v->scroll[SCROLL_EXTRA]);
    body.w -= 8;
    Rect row = {body.x, body.y, body.w, 10000};
    part_heading(ui, &row, model_text(m, STR_LEDGER));
    page->ledger(ui, m, &row, t);
    stored_rows(ui, m, &row, t);
    edit_section(ui, m, v, &row, t);
    rect_cut_top(&row, 6);
    page->formula(m, t, formula, sizeof formula);
    if (formula[0] != '\0') {
        part_heading(ui, &row, model_text(m, STR_FORMULA));
        part_paragraph(ui, &row, ui_style(FACE_MONO, ui->theme->size_small, ui->theme->text), formula);
        rect_cut_top(&row, 6);
    }
    goes_section(ui, m, &row, t);
    ui_column_end(ui, row.y - body.y + 12);
}

void value_title(Ui *ui, Model *m, Rect *area)
{
    static const struct { ViewKind view; Str name; Verb verb; } ways[] = {
        {VIEW_ORDER, STR_ORDER_WAY, VERB_VIEW_ORDER}, {VIEW_PATH, STR_PATH_WAY, VERB_VIEW_PATH}, {VIEW_BACKWARD, STR_BACKWARD_WAY, VERB_VIEW_BACKWARD}, {VIEW_CIRCUIT, STR_CIRCUIT_THROUGH, VERB_VIEW_CIRCUIT}, {VIEW_VALUE, STR_CIRCUIT_TERMS, VERB_NONE},
    };
    char title[256], name[NET_NAME_MAX + 128];
    Rect row = rect_cut_top(area, 30);
    const Cursor c = m->cursor;
    const bool conv = c.channel >= 0 && model_net(m)->layers[circuit_unit(model_net(m), c).layer].op == OP_CONV;
    const bool sums = c.channel >= 0 && order_allowed(model_net(m), circuit_unit(model_net(m), c).layer);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) { /* from the right */
        const char *word = model_text(m, ways[i].name);
        if ((ways[i].view == VIEW_CIRCUIT && !conv && m->view != VIEW_CIRCUIT) || (ways[i].view == VIEW_ORDER && !sums && m->view != VIEW_ORDER))
            continue;
        if (!ui_choice(ui, ui_id("way of value", (int)i), rect_cut_right(&row, ui_text_width(ui, part_bold(ui), word) + 20), word, m->view == ways[i].view))
            continue;
        if (ways[i].view == VIEW_VALUE || m->view == ways[i].view)
            model_view(m, VIEW_VALUE);
        else
            model_do(m, ways[i].verb);
    }
    value_name(m, c, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_ONE_VALUE), name);
    const bool fits = ui_text_width(ui, part_title(ui), title) <= row.w;
    ui_text(ui, row, part_title(ui), ALIGN_LEFT, fits ? title : name);
}

void value_left(Ui *ui, Model *m, ViewState *v, Rect left, const Taken *t)
{
    const float top_h = floorf(fminf((left.h - GAP) * 0.48f, left.w + 40));
    sees_card(ui, m, rect_cut_top(&left, top_h), t);
    rect_cut_top(&left, GAP);
    if (t->maps[m->cursor.layer] != NULL && model_net(m)->layers[m->cursor.layer].out.h > 1)
        map_card(ui, m, v, left, t);
}

void value_columns(Rect area, Rect *left, Rect *middle, Rect *right)
{
    const float whole = area.w;
    *left = rect_cut_left(&area, fminf(fmaxf(whole * 0.2f, 216), 340));
    *right = rect_cut_right(&area, fminf(fmaxf(whole * 0.25f, 300), 380));
    *middle = (Rect){area.x + GAP, area.y, area.w - 2 * GAP, area.h};
}

void value_waiting(Ui *ui, const Model *m, Rect area, const Err *problem)
{
    const int layers = model_net(m)->layer_count, done = exact_layers(&m->exact);
    char text[160];
    snprintf(text, sizeof text, model_text(m, STR_PATH_COMPUTING), done, layers);
    part_paragraph(ui, &area, part_small(ui), problem->text[0] != '\0' ? problem->text : text);
    const Rect bar = {area.x, area.y + 6, fminf(area.w, 360), 4};
    ui_fill(ui, bar, ui->theme->panel_edge);
    ui_fill(ui, (Rect){bar.x, bar.y, bar.w * (float)done / (float)layers, bar.h}, ui->theme->accent);
}

void view_value(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    char says[640];
    Taken t;
    value_title(ui, m, &area);
    if (!model_taken(m, m->cursor, &t)) {
        ui_text(ui, area, part_small(ui), ALIGN_CENTER, model_text(m, STR_NOT_COMPUTED));
        return;
    }
    value_says(m, &t, says, sizeof says);
    part_paragraph(ui, &area, part_small(ui), says);
    rect_cut_top(&area, 8);
    Rect left, middle, right;
    value_columns(area, &left, &middle, &right);
    value_left(ui, m, v, left, &t);
    value_page(t.e.op)->terms(ui, m, v, middle, &t);
    right_column(ui, m, v, right, &t);
    taken_free(&t);
}
