/* value_input.c - shows how a pixel of the file becomes a number of the network's input, in three steps. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "app/views/value_words.h"

#include <math.h>
#include <stdio.h>

/* n x n pixels of an image around a framed one. */
static void pixel_patch(Ui *ui, Rect r, const Image *image, int cy, int cx, int n)
{
    const float side = floorf(r.w / (float)n);
    for (int i = 0; i < n * n; i++) {
        const int y = cy - n / 2 + i / n, x = cx - n / 2 + i % n;
        const Rect place = {r.x + side * (float)(i % n), r.y + side * (float)(i / n), side, side};
        Color color = ui->theme->tile_back;
        if (y >= 0 && x >= 0 && y < image->h && x < image->w) {
            const unsigned char *p = image->rgb + ((size_t)y * (size_t)image->w + (size_t)x) * 3;
            color = (Color)p[0] << 24 | (Color)p[1] << 16 | (Color)p[2] << 8 | 0xff;
        }
        ui_fill(ui, place, color);
    }
    const Rect middle = {r.x + side * (float)(n / 2), r.y + side * (float)(n / 2), side, side};
    ui_frame(ui, rect_inset(middle, -2), 1, 0x000000ff);
    ui_frame(ui, rect_inset(middle, -1), 2, ui->theme->selection);
}

/* The same place as the numbers that the network receives. */
static void value_patch(Ui *ui, Rect r, const float *plane, Shape shape, int cy, int cx, float reach)
{
    const int n = r.w >= 240 ? 5 : 3;
    const float side = floorf(r.w / (float)n);
    for (int i = 0; i < n * n; i++) {
        const int y = cy - n / 2 + i / n, x = cx - n / 2 + i % n;
        const Rect place = {r.x + side * (float)(i % n), r.y + side * (float)(i / n), side, side};
        if (y >= 0 && x >= 0 && y < shape.h && x < shape.w)
            value_cell(ui, place, plane[y * shape.w + x], reach, true, false);
        else
            value_no_cell(ui, place);
    }
    ui_frame_round(ui, (Rect){r.x + side * (float)(n / 2) - 1, r.y + side * (float)(n / 2) - 1, side + 2, side + 2}, 4, 2, ui->theme->selection);
}

void input_fitting_text(const Model *m, char *out, size_t size)
{
    const Preprocess *p = &model_net(m)->preprocess;
    const int w = m->picture.fitted.w, h = m->picture.fitted.h, side = w > h ? w : h;
    switch (picture_fitting(&m->picture)) {
    case FITTED_AS_IT_IS: snprintf(out, size, "%s", model_text(m, STR_AS_IT_IS)); break;
    case FITTED_RESIZED: snprintf(out, size, model_text(m, STR_RESIZED), w, h); break;
    case FITTED_SQUEEZED: snprintf(out, size, model_text(m, STR_SQUEEZED), w, h); break;
    case FITTED_CROPPED: snprintf(out, size, model_text(m, STR_CROPPED), p->resize > side ? p->resize : side, w, h); break;
    }
}

void input_channel_formula(const Net *net, int c, char *out, size_t size)
{
    const Preprocess *p = &net->preprocess;
    const float mean = p->mean[c], std = p->std[c];
    if (p->unit_scale && fabsf(mean - 0.5f) < 1e-6f && fabsf(std - 0.5f) < 1e-6f)
        snprintf(out, size, "2·v/255 − 1");
    else if (p->unit_scale && fabsf(mean) < 1e-6f && fabsf(std - 1) < 1e-6f)
        snprintf(out, size, "v/255");
    else if (p->unit_scale)
        snprintf(out, size, "(v/255 − %g)/%g", (double)mean, (double)std);
    else
        snprintf(out, size, fabsf(mean) > 0 ? "v − %g" : "v", (double)mean);
}

void input_steps(Ui *ui, const Model *m, Rect in, const float *x, Cursor at_pixel)
{
    enum { STEPS = 3, PIXELS = 13 };
    const Picture *p = &m->picture;
    const Net *net = model_net(m);
    const int channel = at_pixel.channel;
    const float fx = p->crop[0] + ((float)at_pixel.x + 0.5f) * p->crop[2] / (float)p->fitted.w;
    const float fy = p->crop[1] + ((float)at_pixel.y + 0.5f) * p->crop[3] / (float)p->fitted.h;
    const int ox = (int)fminf(fmaxf(fx, 0), (float)(p->original.w - 1)), oy = (int)fminf(fmaxf(fy, 0), (float)(p->original.h - 1));
    const unsigned char *file = p->original.rgb + ((size_t)oy * (size_t)p->original.w + (size_t)ox) * 3;
    const unsigned char *fit = p->fitted.rgb + ((size_t)at_pixel.y * (size_t)p->fitted.w + (size_t)at_pixel.x) * 3;
    char where[STEPS][NUM_MAX], what[STEPS][NUM_MAX], fitting[96];
    const char *const heads[STEPS] = {model_text(m, STR_IN_FILE), fitting, model_text(m, STR_FED)};
    const bool given = p->path[0] == '\0'; /* the description's own picture: its numbers are used unchanged */
    input_fitting_text(m, fitting, sizeof fitting);
    snprintf(where[0], NUM_MAX, model_text(m, STR_YX), oy, ox);
    snprintf(what[0], NUM_MAX, "(%d, %d, %d)", file[0], file[1], file[2]);
    snprintf(where[1], NUM_MAX, model_text(m, STR_YX), at_pixel.y, at_pixel.x);
    snprintf(what[1], NUM_MAX, "(%d, %d, %d)", fit[0], fit[1], fit[2]);
    if (!given)
        snprintf(where[2], NUM_MAX, "%s = %d", net->input.c == 1 ? "L" : image_byte_name(net, channel), image_byte(fit, net, channel));
    else
        snprintf(where[2], NUM_MAX, model_text(m, STR_YX), at_pixel.y, at_pixel.x);
    const float *plane = x + at(net->input, 0, channel, 0, 0);
    num_exact(what[2], plane[at_pixel.y * net->input.w + at_pixel.x]);
    const float gap = 40, side = floorf(fminf(fminf((in.w - gap * (STEPS - 1)) / STEPS, in.h - 74), 360));
    /* Small pictures are further apart: their numbers need the room. */
    const float pitch = fmaxf(side + gap, fminf(floorf((in.w + gap) / STEPS), 150));
    float reach = 0;
    for (int i = 0; i < net->input.h * net->input.w; i++)
        reach = fmaxf(reach, fabsf(plane[i]));
    const int first = given ? 2 : 0; /* no file, no bytes */
    for (int i = first; i < STEPS; i++) {
        Rect column = {in.x + pitch * (float)(i - first), in.y + 2, side, in.h};
        part_text_fit(ui, (Rect){column.x, column.y, fminf(pitch, in.x + in.w - column.x), 22}, part_body(ui), heads[i]);
        rect_cut_top(&column, 24);
        const Rect place = rect_cut_top(&column, side);
        if (i == 2)
            value_patch(ui, place, plane, net->input, at_pixel.y, at_pixel.x, reach);
        else
            pixel_patch(ui, place, i == 0 ? &p->original : &p->fitted, i == 0 ? oy : at_pixel.y, i == 0 ? ox : at_pixel.x, PIXELS);
        if (i + 1 < STEPS)
            ui_arrow(ui, place.x + side + 8, place.y + side / 2, place.x + pitch - 8, place.y + side / 2, 2, ui->theme->text_faint);
        column = (Rect){column.x, column.y + 4, pitch - 6, column.h};
        ui_text(ui, rect_cut_top(&column, 19), part_small(ui), ALIGN_LEFT, where[i]);
        TextStyle style = ui_style(FACE_MONO_BOLD, ui->theme->size_small, ui->theme->text);
        if (ui_text_width(ui, style, what[i]) > column.w)
            style = ui_style(FACE_MONO, ui->theme->size_caption, ui->theme->text);
        ui_text(ui, rect_cut_top(&column, 19), style, ALIGN_LEFT, what[i]);
    }
}

/* ---- as one value ----------------------------------------------------------------------------------------------------------------------- */

static void input_terms(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *t)
{
    (void)v;
    const bool given = m->picture.path[0] == '\0'; /* its numbers are unchanged */
    input_steps(ui, m, value_terms_card(ui, r, given ? "" : model_text(m, STR_PREPROCESSING), ""), t->maps[0], t->at);
}

static void input_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    (void)m;
    value_sum_row(ui, r, "x", t->e.value); /* made from a pixel */
}

static void input_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    char formula[96];
    input_channel_formula(model_net(m), t->at.channel % 3, formula, sizeof formula);
    if (m->picture.path[0] == '\0')
        out[0] = '\0'; /* given by the description */
    else
        snprintf(out, size, "x = %s", formula);
}

static void input_says(const Model *m, const Taken *t, char *out, size_t size)
{
    char formula[112];
    input_formula(m, t, formula, sizeof formula);
    if (m->picture.path[0] == '\0')
        snprintf(out, size, "%s", model_text(m, STR_VALUE_OF_GIVEN));
    else if (value_has_colours(m))
        snprintf(out, size, model_text(m, STR_VALUE_OF_COLOUR), model_text(m, part_input_colour(model_net(m), t->at.channel)), formula);
    else
        snprintf(out, size, model_text(m, STR_VALUE_OF_GREY), formula);
}

const ValuePage value_input = {.terms = input_terms, .ledger = input_ledger, .says = input_says, .formula = input_formula,
                               .hint_play = STR_HINT_PLAY_PLACES};
