/* inspector_focus.c - the inspector's part about what is under the pointer or selected: its value, its receptive field, the
 * kernels that read it, and changing it. See inspector.h. */
#include "app/views/inspector.h"
#include "app/views/unit_panel.h"
#include "app/views/value_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the pointer ------------------------------------------------------------------------------------------------------------------- */

static void addresses(const Model *m, Cursor c, char *out, size_t size)
{
    const Net *net = model_net(m);
    char one[NET_NAME_MAX + 128], two[NET_NAME_MAX + 32];
    Address twin;
    value_name(m, (Cursor){c.layer, c.channel, -1, -1}, one, sizeof one);
    if (!net_address_twin(net, (Address){.layer = c.layer, .channel = c.channel}, &twin)) {
        snprintf(out, size, "%s", one);
        return;
    }
    net_address_text(net, twin, two, sizeof two);
    snprintf(out, size, "%s = %s", one, two);
}

/* "sees rows 0–223 (+23 in the padding)" */
static void sees_text(const Model *m, const char *format, int first, int end, int padding, char *out, size_t size)
{
    snprintf(out, size, format, first, end - 1);
    if (padding > 0)
        snprintf(out + strlen(out), size - strlen(out), model_text(m, STR_SEES_PADDING), padding);
}

static void pointer_section(Ui *ui, const Model *m, Rect *r)
{
    const Net *net = model_net(m);
    const bool hovering = m->hover.layer >= 0 && m->hover.channel >= 0;
    const Cursor c = part_focus(m);
    char text[320], right[NUM_MAX];
    LayerMap map;
    part_heading(ui, r, model_text(m, hovering || c.channel < 0 ? STR_UNDER_POINTER : STR_SELECTED));
    if (c.channel < 0) {
        part_row_styled(ui, r, part_small(ui), model_text(m, STR_POINT_AT_A_MAP), part_mono(ui), "");
        return;
    }
    addresses(m, c, text, sizeof text);
    part_row_styled(ui, r, part_mono(ui), text, part_mono(ui), "");
    if (c.y < 0)
        return;
    snprintf(text, sizeof text, model_text(m, STR_YX), c.y, c.x);
    if (compute_map(m->compute, c.layer, &map))
        part_row_styled(ui, r, part_body(ui), text, ui_style(FACE_MONO_BOLD, ui->theme->size_small, ui->theme->text),
                        num_exact(right, map.data[at(map.shape, 0, c.channel, c.y, c.x)]));
    ReceptiveField field;
    if (!unit_field(net, (Unit){c.layer, c.channel, c.y, c.x}, 0, &field))
        return;
    snprintf(text, sizeof text, model_text(m, STR_FIELD), field.y1 - field.y0, field.x1 - field.x0);
    part_row_styled(ui, r, part_body(ui), text, part_mono(ui), "");
    if (!m->look.field || c.layer == 0)
        return;
    rect_cut_top(r, 6);
    const Rect place = part_picture(ui, &m->picture, (Rect){r->x, r->y, r->w, fminf(r->w, ui->height < 900 ? 120 : 170)}, &field);
    rect_cut_top(r, place.h + 4);
    const ReceptiveField seen = field_within(field, net->input);
    if (seen.y1 <= seen.y0 || seen.x1 <= seen.x0)
        return; /* only padding */
    sees_text(m, model_text(m, STR_SEES_ROWS), seen.y0, seen.y1, (field.y1 - field.y0) - (seen.y1 - seen.y0), text, sizeof text);
    part_paragraph(ui, r, part_caption(ui), text);
    sees_text(m, model_text(m, STR_SEES_COLUMNS), seen.x0, seen.x1, (field.x1 - field.x0) - (seen.x1 - seen.x0), text, sizeof text);
    part_paragraph(ui, r, part_caption(ui), text);
}

/* One row of the readers: the kernel, the pool or norm that it reads the map through, its weight. True if it was clicked. */
static bool reader_row(Ui *ui, const Model *m, Rect *r, const Reader *reader)
{
    const Net *net = model_net(m);
    char name[NET_NAME_MAX + 64], number[NUM_MAX], via[NET_NAME_MAX + 48] = "";
    cursor_text(net, (Cursor){reader->layer, reader->kernel, -1, -1}, name, sizeof name);
    if (reader->via >= 0) { /* the short name is enough for a module's own pool */
        const char *slash = strchr(net->layers[reader->via].name, '/');
        snprintf(via, sizeof via, model_text(m, STR_READ_VIA), slash != NULL ? slash + 1 : net->layers[reader->via].name);
    }
    if (reader->layer == net_scorer(net, 0) && m->source->source.info.labels != NULL) { /* a class */
        char label[64];
        part_class_name(m, reader->kernel, label, sizeof label);
        if (strlen(label) < 16)
            snprintf(name + strlen(name), sizeof name - strlen(name), " %s", label);
    }
    snprintf(number, sizeof number, "%.4f", (double)reader->weight);
    const Rect row = rect_cut_top(r, 19);
    if (ui_hover(ui, row))
        ui_round(ui, (Rect){row.x - 5, row.y, row.w + 8, row.h}, 4, color_alpha(ui->theme->text, 0.06f));
    const bool go = ui_click(ui, ui_id(name, 1), row); /* a class of this name may be a row on the stage */
    const TextStyle style = part_colored(part_mono(ui), part_layer_text(ui, &net->layers[reader->layer]));
    const float name_w = ui_text_width(ui, style, name), number_w = ui_text_width(ui, part_mono(ui), number);
    ui_pair(ui, row, style, name, part_mono(ui), number);
    if (via[0] != '\0' && name_w + 7 + ui_text_width(ui, part_caption(ui), via) + 8 + number_w <= row.w)
        ui_text(ui, (Rect){row.x + name_w + 7, row.y, row.w, row.h}, part_caption(ui), ALIGN_LEFT, via);
    return go;
}

/* The kernels that read a map, sorted by their weight on it; a click goes to the kernel. */
static void read_section(Ui *ui, Model *m, Rect *r)
{
    enum { MOST = 4 };
    Reader readers[MOST];
    const Cursor c = part_focus(m);
    const int count = c.channel >= 0 ? model_readers(m, c.layer, c.channel, readers, MOST) : 0;
    if (count == 0)
        return;
    part_heading_with(ui, r, model_text(m, STR_READ_MOST_BY), model_text(m, STR_READ_BY_MEAN));
    for (int i = 0; i < count; i++)
        if (reader_row(ui, m, r, &readers[i])) {
            model_select(m, (Cursor){readers[i].layer, readers[i].kernel, -1, -1});
            model_view(m, VIEW_WEIGHTS);
            ui->want_frame = true;
        }
}

/* ---- what if ---------------------------------------------------------------------------------------------------------------------- */

static void what_if_section(Ui *ui, Model *m, ViewState *v, Rect *r)
{
    int layer, channel;
    const bool possible = whatif_target(model_net(m), m->cursor.layer, m->cursor.channel, &layer, &channel);
    const bool weight = m->view == VIEW_WEIGHTS && possible;
    if (!possible && m->what_if.weights == NULL)
        return;
    part_heading(ui, r, model_text(m, STR_WHAT_IF));
    part_scale_channel(ui, m, v, r);
    if (weight && v->weight_layer != layer)
        part_row_styled(ui, r, part_small(ui), model_text(m, STR_CLICK_A_WEIGHT), part_mono(ui), "");
    else if (weight)
        part_edit_weight(ui, m, v, r);
    part_before_after(ui, m, r);
}

/* ---- photos ----------------------------------------------------------------------------------------------------------------------- */

/* A strip of the photos that excite the selected channel most, where a folder of photos was chosen; a click shows all about them. */
static void photos_section(Ui *ui, Session *session, Rect *r)
{
    enum { STRIP = 4, GAP = 6 };
    Model *m = &session->model;
    Cursor shown;
    Address unit;
    if (m->cursor.channel < 0 || !units_channel(m, &shown, &unit))
        return;
    const ExamplesUnit *u = session_unit_photos(session, unit);
    if (u == NULL)
        return;
    part_heading(ui, r, model_text(m, STR_UNITS_STRIP));
    if (u->count == 0) {
        char text[96];
        snprintf(text, sizeof text, model_text(m, STR_UNITS_SILENT), u->photos);
        part_paragraph(ui, r, part_small(ui), text);
        return;
    }
    const float side = floorf((r->w - (STRIP - 1) * GAP) / STRIP);
    const Rect strip = rect_cut_top(r, side + 6);
    for (int i = 0; i < STRIP && i < u->count; i++) {
        const Rect place = {strip.x + (float)i * (side + GAP), strip.y, side, side};
        unit_patch(ui, session, unit.layer, &u->top[i], 2 * (int)side, place);
    }
    if (ui_hover(ui, strip))
        ui_frame_round(ui, rect_inset(strip, -2), 4, 1, ui->theme->accent);
    if (ui_click(ui, ui_id("unit strip", 0), strip)) {
        model_view(m, VIEW_UNITS);
        ui->want_frame = true;
    }
    ui_item(ui, strip, "strip", "photos");
}

void inspector_focus(Ui *ui, Session *session, ViewState *v, Rect *r)
{
    Model *m = &session->model;
    pointer_section(ui, m, r);
    photos_section(ui, session, r);
    read_section(ui, m, r);
    what_if_section(ui, m, v, r);
}
