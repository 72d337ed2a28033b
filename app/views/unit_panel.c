/* unit_panel.c - the photos of one channel; see unit_panel.h. */
#include "app/views/unit_panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ACROSS = 3, CLASSES_SHOWN = 6, PATCH_SIDE = 256 };

Rect unit_patch(Ui *ui, Session *session, int layer, const Example *x, int pixels, Rect place)
{
    const Patch *patch = x->photo >= 0 ? session_patch(session, layer, x, pixels) : NULL;
    ui_round(ui, place, 3, ui->theme->tile_back);
    if (patch == NULL || patch->image.w == 0)
        return (Rect){0};
    const Image *image = &patch->image;
    const float scale = fminf(place.w / (float)image->w, place.h / (float)image->h), w = floorf((float)image->w * scale), h = floorf((float)image->h * scale);
    const Rect in = {place.x + floorf((place.w - w) / 2), place.y + floorf((place.h - h) / 2), w, h};
    ui_picture(ui, in, image->rgb, image->w, image->h, patch->version, true);
    return in;
}

/* A ring around the middle of what the value sees, which is not the patch's middle where the picture's border cuts it. */
static void mark_place(Ui *ui, const Net *net, int layer, const Example *x, Rect patch)
{
    ReceptiveField whole;
    const ReceptiveField cut = examples_field(net, layer, x->y, x->x);
    if (!receptive_field(net, layer, (ReceptiveField){x->y, x->y + 1, x->x, x->x + 1}, 0, &whole))
        return;
    const float cx = ((float)(whole.x0 + whole.x1) / 2 - (float)cut.x0) / (float)(cut.x1 - cut.x0), cy = ((float)(whole.y0 + whole.y1) / 2 - (float)cut.y0) / (float)(cut.y1 - cut.y0);
    const Rect ring = {roundf(patch.x + fminf(fmaxf(cx, 0), 1) * patch.w) - 5, roundf(patch.y + fminf(fmaxf(cy, 0), 1) * patch.h) - 5, 10, 10};
    ui_clip_push(ui, patch);
    ui_frame_round(ui, rect_inset(ring, -1), 6, 3, 0x000000b0);
    ui_frame_round(ui, ring, 5, 1.5f, 0xffffffff);
    ui_clip_pop(ui);
}

/* One of the strongest photos: the patch, its value, its class. */
static void photo_cell(Ui *ui, Session *session, Rect cell, Address unit, const Example *x, int rank)
{
    const Model *m = &session->model;
    const Examples *e = unit_photos_examples(&session->units.photos);
    const Photo *photo = &e->photos.items[x->photo];
    char value[NUM_MAX], name[96];
    const Rect whole = cell, place = rect_cut_top(&cell, cell.w);
    const Rect patch = unit_patch(ui, session, unit.layer, x, PATCH_SIDE, place);
    if (patch.w > 0)
        mark_place(ui, model_net(m), unit.layer, x, patch);
    num_value(value, (double)x->value);
    ui_text(ui, rect_cut_top(&cell, 18), part_mono(ui), ALIGN_CENTER, value);
    if (photo->label >= 0) {
        part_cut(ui, part_caption(ui), str_class(m->screen.lang, e->photos.classes.items, e->photos.classes.count, photo->label), cell.w, name, sizeof name);
        ui_text(ui, rect_cut_top(&cell, 16), part_caption(ui), ALIGN_CENTER, name);
    }
    if (ui_hover(ui, whole)) {
        ui_frame(ui, rect_inset(place, -2), 2, ui->theme->accent);
        ui_tooltip(ui, photos_name(&e->photos, x->photo));
    }
    if (ui_click(ui, ui_id("unit photo", rank), whole)) {
        session_open_photo(session, rank);
        ui->want_frame = true;
    }
    ui_item(ui, whole, "photo", photos_name(&e->photos, x->photo));
}

static void photos(Ui *ui, Session *session, Rect *r, Address unit, const ExamplesUnit *u)
{
    const Examples *e = unit_photos_examples(&session->units.photos);
    const float gap = 8, w = floorf((r->w - (ACROSS - 1) * gap) / ACROSS), h = w + (e->photos.classes.count > 0 ? 36 : 20);
    for (int i = 0; i < u->count; i++)
        photo_cell(ui, session, (Rect){r->x + (float)(i % ACROSS) * (w + gap), r->y + (float)(i / ACROSS) * (h + gap), w, h}, unit, &u->top[i], i);
    rect_cut_top(r, (float)((u->count + ACROSS - 1) / ACROSS) * (h + gap));
}

/* How many photos have their largest value where. */
static void histogram(Ui *ui, const Model *m, Rect *r, const ExamplesUnit *u)
{
    char lo[NUM_MAX], hi[NUM_MAX], text[2 * NUM_MAX + 64];
    int most = 1, under = -1;
    part_heading(ui, r, model_text(m, STR_UNITS_HISTOGRAM));
    const Rect plot = rect_cut_top(r, 64);
    const float w = plot.w / EXAMPLES_BINS;
    for (int i = 0; i < EXAMPLES_BINS; i++)
        most = u->bins[i] > most ? u->bins[i] : most;
    for (int i = 0; i < EXAMPLES_BINS; i++) {
        const float left = roundf(plot.x + (float)i * w), right = roundf(plot.x + (float)(i + 1) * w);
        const float h = u->bins[i] > 0 ? fmaxf(1, roundf((plot.h - 2) * (float)u->bins[i] / (float)most)) : 0;
        const bool hover = ui_hover(ui, (Rect){left, plot.y, right - left, plot.h});
        under = hover ? i : under;
        ui_fill(ui, (Rect){left, plot.y + plot.h - h, fmaxf(1, right - left - 1), h}, hover ? ui->theme->selection : ui->theme->accent);
    }
    ui_fill(ui, (Rect){plot.x, plot.y + plot.h, plot.w, 1}, ui->theme->panel_edge);
    Rect row = rect_cut_top(r, 18);
    num_value(lo, (double)u->lo);
    num_value(hi, (double)u->hi);
    ui_text(ui, rect_cut_right(&row, ui_text_width(ui, part_caption(ui), hi) + 1), part_caption(ui), ALIGN_RIGHT, hi);
    ui_text(ui, row, part_caption(ui), ALIGN_LEFT, lo);
    if (under < 0)
        return;
    const double step = ((double)u->hi - (double)u->lo) / EXAMPLES_BINS;
    snprintf(text, sizeof text, model_text(m, STR_UNITS_BIN), u->bins[under], num_value(lo, (double)u->lo + step * under), num_value(hi, (double)u->lo + step * (under + 1)));
    ui_tooltip(ui, text);
}

/* The class with the most photos among the strongest that is not taken yet; -1: none is left. */
static int next_class(const int *counts, const bool *taken, int classes)
{
    int best = -1;
    for (int c = 0; c < classes; c++)
        if (!taken[c] && counts[c] > 0 && (best < 0 || counts[c] > counts[best]))
            best = c;
    return best;
}

/* The classes of the strongest photos, each beside how many of as many photos drawn at random would be of it. */
static void classes(Ui *ui, ViewState *v, const Model *m, const Examples *e, Rect *r, const ExamplesUnit *u)
{
    const int all = e->photos.classes.count;
    int *counts = view_scratch(v, (size_t)all * sizeof *counts);
    bool *taken = view_scratch(v, (size_t)all * sizeof *taken);
    char text[96], name[96];
    if (all == 0 || counts == NULL || taken == NULL)
        return;
    memset(counts, 0, (size_t)all * sizeof *counts);
    memset(taken, 0, (size_t)all * sizeof *taken);
    for (int i = 0; i < u->count; i++)
        if (e->photos.items[u->top[i].photo].label >= 0)
            counts[e->photos.items[u->top[i].photo].label]++;
    snprintf(text, sizeof text, model_text(m, STR_UNITS_CLASSES), u->count);
    part_heading(ui, r, text);
    for (int i = 0, c; i < CLASSES_SHOWN && (c = next_class(counts, taken, all)) >= 0; i++) {
        const double random = examples_random(e, c, u->count);
        taken[c] = true;
        snprintf(text, sizeof text, model_text(m, STR_UNITS_CLASS), counts[c], random);
        part_cut(ui, part_body(ui), str_class(m->screen.lang, e->photos.classes.items, e->photos.classes.count, c), r->w - ui_text_width(ui, part_small(ui), text) - 10, name, sizeof name);
        part_row_styled(ui, r, part_body(ui), name, part_small(ui), text);
        const Rect bar = rect_cut_top(r, 8);
        ui_round(ui, (Rect){bar.x, bar.y, bar.w, 5}, 2, ui->theme->tile_back);
        ui_round(ui, (Rect){bar.x, bar.y, bar.w * (float)counts[c] / (float)u->count, 5}, 2, ui->theme->accent);
        ui_fill(ui, (Rect){roundf(bar.x + bar.w * (float)(random / u->count)), bar.y - 2, 2, 9}, ui->theme->text);
    }
}

static void name_channel(const Model *m, Cursor shown, Address unit, char *out, size_t size)
{
    char one[160], two[160];
    net_address_text(model_net(m), (Address){.layer = shown.layer, .channel = shown.channel}, one, sizeof one);
    net_address_text(model_net(m), unit, two, sizeof two);
    snprintf(out, size, strcmp(one, two) != 0 ? "%s · %s" : "%s", one, two);
}

void unit_panel(Ui *ui, Session *session, ViewState *v, Rect r, Cursor shown, Address unit)
{
    Model *m = &session->model;
    const Examples *e = unit_photos_examples(&session->units.photos);
    const ExamplesUnit *u = session_unit_photos(session, unit);
    int most, label;
    char name[400], says[400] = "";
    name_channel(m, shown, unit, name, sizeof name);
    if (u != NULL)
        snprintf(says, sizeof says, model_text(m, u->count > 0 ? STR_UNITS_ABOVE : STR_UNITS_SILENT), u->count > 0 ? u->above : u->photos, u->photos);
    if (u != NULL && (most = examples_purity(e, u->top, u->count, &label)) > 0)
        snprintf(says + strlen(says), sizeof says - strlen(says), model_text(m, STR_UNITS_PURITY), most, u->count, str_class(m->screen.lang, e->photos.classes.items, e->photos.classes.count, label),
                 examples_random(e, label, u->count));
    const Rect card = part_card(ui, r, name, says, 0);
    if (u == NULL || u->count == 0)
        return;
    Rect in = ui_column_begin(ui, ui_id("unit panel", 0), card, &v->scroll[SCROLL_VALUE]);
    const float top = in.y;
    in.w -= 12;
    in.h = 4000;
    rect_cut_top(&in, 4);
    photos(ui, session, &in, unit, u);
    part_paragraph(ui, &in, part_caption(ui), model_text(m, STR_UNITS_OPEN));
    histogram(ui, m, &in, u);
    classes(ui, v, m, e, &in, u);
    ui_column_end(ui, in.y - top + 4);
}
