/* view_crops.c - the picture as a training sees it: at the left the photo with the crops' frames, at the right what becomes of each crop and
 * the network's answer to it. See app/model/crops_model.h. */
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

static const float GAP = 10, LINE = 17;

static int best_of(const float *probs, int count)
{
    int best = 0;
    for (int i = 1; i < count; i++)
        best = probs[i] > probs[best] ? i : best;
    return best;
}

/* "roses 68.5 %", or "" without an answer. */
static void answer_text(const Model *m, int variant, char *out, size_t size)
{
    const Crops *c = &m->crops;
    const float *probs = crops_probs(c, variant);
    char name[96], number[NUM_MAX];
    out[0] = '\0';
    if (probs == NULL)
        return;
    const int best = best_of(probs, c->scores);
    part_class_name(m, best, name, sizeof name);
    snprintf(out, size, "%s %s", name, num_probability(number, (double)probs[best]));
}

/* The same answer as that of the picture as it is. */
static bool keeps(const Crops *c, int variant)
{
    const float *own = crops_probs(c, -1), *probs = crops_probs(c, variant);
    return own != NULL && probs != NULL && best_of(own, c->scores) == best_of(probs, c->scores);
}

/* ---- the crops ------------------------------------------------------------------------------------------------------------------------ */

/* One crop in its cell: the picture, what was done, the answer. */
static void variant(Ui *ui, const Model *m, Rect cell, int i, float side, bool lit)
{
    const Crops *c = &m->crops;
    const CropSeen *seen = &c->seen[i];
    char text[160], share[NUM_MAX], cut[160];
    const Rect place = part_image(ui, &seen->image, seen->version, (Rect){cell.x, cell.y, side, side});
    snprintf(text, sizeof text, model_text(m, seen->crop.flip ? STR_CROPS_MIRRORED : STR_CROPS_PLAIN), i + 1, num_percent(share, seen->area));
    ui_item(ui, place, "picture", text);
    if (lit)
        ui_frame(ui, rect_inset(place, -2), 2, ui->theme->selection);
    Rect words = {cell.x, place.y + place.h + 2, cell.w - 6, LINE};
    part_text_fit(ui, words, part_caption(ui), text);
    answer_text(m, i, text, sizeof text);
    words.y += LINE - 1;
    const TextStyle style = part_means(ui, m, keeps(c, i) ? part_body(ui) : part_colored(part_bold(ui), ui->theme->bad));
    part_cut(ui, style, text, words.w, cut, sizeof cut);
    ui_text(ui, words, style, ALIGN_LEFT, cut);
}

/* Columns with which the pictures are largest. */
static int columns_for(Rect r, float *side)
{
    int best = 1;
    *side = 0;
    for (int columns = 1; columns <= CROPS_COUNT; columns++) {
        const int rows = (CROPS_COUNT + columns - 1) / columns;
        const float fits = floorf(fminf((r.w + GAP) / (float)columns - GAP, (r.h + GAP) / (float)rows - GAP - 2 * LINE - 2));
        if (fits > *side) {
            *side = fits;
            best = columns;
        }
    }
    return best;
}

/* Returns the crop under the pointer, or -1. */
static int grid(Ui *ui, const Model *m, Rect r)
{
    const Crops *c = &m->crops;
    float side;
    const int columns = columns_for(r, &side), rows = (CROPS_COUNT + columns - 1) / columns;
    const float pitch_x = floorf((r.w + GAP) / (float)columns), pitch_y = floorf((r.h + GAP) / (float)rows);
    int pointed = -1;
    for (int i = 0; i + 1 < c->done; i++) {
        const Rect cell = {r.x + pitch_x * (float)(i % columns), r.y + pitch_y * (float)(i / columns), pitch_x - GAP, pitch_y - GAP};
        const bool lit = ui_hover(ui, cell);
        pointed = lit ? i : pointed;
        variant(ui, m, cell, i, fminf(side, cell.w), lit);
    }
    return pointed;
}

/* ---- the photo ------------------------------------------------------------------------------------------------------------------------- */

static void photo(Ui *ui, const Model *m, Rect *r, float room, int pointed)
{
    const Crops *c = &m->crops;
    const Image *image = &m->picture.original;
    const float scale = fminf(r->w / (float)image->w, room / (float)image->h);
    Rect place = rect_cut_top(r, (float)image->h * scale + 4);
    place = part_image(ui, image, m->picture.version ^ 0x5eedu, (Rect){place.x, place.y, (float)image->w * scale + 1, place.h - 3});
    ui_item(ui, place, "picture", "photo");
    const float s = place.w / (float)image->w;
    for (int i = 0; i + 1 < c->done; i++) {
        const Crop *crop = &c->seen[i].crop;
        const Rect frame = {place.x + (float)crop->x * s, place.y + (float)crop->y * s, (float)crop->w * s, (float)crop->h * s};
        if (pointed < 0 || pointed == i)
            ui_frame(ui, frame, pointed == i ? 3 : 1, pointed == i ? ui->theme->selection : 0xffffffd0);
    }
}

/* "← seed 1 →" */
static void seeds(Ui *ui, Session *session, Rect *r)
{
    const Model *m = &session->model;
    char text[64];
    Rect row = rect_cut_top(r, 30);
    if (ui_button(ui, ui_id("crops seed", 0), rect_cut_left(&row, 30), "←", BUTTON_PLAIN))
        session_do(session, VERB_CROPS_PREV);
    snprintf(text, sizeof text, model_text(m, STR_CROPS_SEED), m->crops.seed);
    ui_text(ui, rect_cut_left(&row, ui_text_width(ui, part_body(ui), text) + 20), part_body(ui), ALIGN_CENTER, text);
    if (ui_button(ui, ui_id("crops seed", 1), rect_cut_left(&row, 30), "→", BUTTON_PLAIN))
        session_do(session, VERB_CROPS_NEXT);
}

static void left(Ui *ui, Session *session, ViewState *v, Rect r, int pointed)
{
    const Model *m = &session->model;
    const Crops *c = &m->crops;
    char text[400], answer[160], how[400], least[NUM_MAX];
    snprintf(how, sizeof how, model_text(m, STR_CROPS_HOW), num_percent(least, crops_scale_least()), model_net(m)->input.w, model_net(m)->input.h);
    const float words = ui_paragraph_height(ui, r.w - 24, part_small(ui), how) + 120; /* the answer, the crops that keep it, the seeds */
    ui_panel(ui, r);
    Rect in = ui_column_begin(ui, ui_id("crops says", 0), (Rect){r.x + 12, r.y + 10, r.w - 24, r.h - 18}, &v->scroll[SCROLL_EXTRA]);
    const float top = in.y;
    photo(ui, m, &in, fmaxf(fminf(r.h * 0.45f, r.h - 18 - words), 90), pointed);
    answer_text(m, -1, answer, sizeof answer);
    part_paragraph(ui, &in, part_caption(ui), model_text(m, STR_CROPS_VALIDATION));
    if (answer[0] != '\0')
        part_paragraph(ui, &in, part_means(ui, m, part_bold(ui)), answer);
    int kept = 0;
    for (int i = 0; i < CROPS_COUNT; i++)
        kept += keeps(c, i);
    if (c->done == CROPS_COUNT + 1 && c->scores > 0) {
        snprintf(text, sizeof text, model_text(m, STR_CROPS_KEPT), kept, CROPS_COUNT);
        part_paragraph(ui, &in, part_means(ui, m, part_body(ui)), text);
    }
    rect_cut_top(&in, 6);
    seeds(ui, session, &in);
    rect_cut_top(&in, 6);
    part_paragraph(ui, &in, part_small(ui), how);
    ui_column_end(ui, in.y - top + 4);
}

void view_crops(Ui *ui, Session *session, ViewState *v, Rect area)
{
    const Model *m = &session->model;
    const Crops *c = &m->crops;
    const char *title = model_text(m, STR_CROPS_TITLE);
    if (c->problem.text[0] != '\0' || c->done == 0) {
        part_stage_title(ui, &area, title, c->problem.text[0] != '\0' ? c->problem.text : model_text(m, STR_NOT_COMPUTED));
        return;
    }
    part_stage_title(ui, &area, title, model_text(m, STR_CROPS_SAYS));
    rect_cut_top(&area, 8);
    const Rect side = rect_cut_left(&area, fminf(fmaxf(floorf(area.w * 0.27f), 230), 420));
    rect_cut_left(&area, GAP + 6);
    const int pointed = grid(ui, m, area);
    left(ui, session, v, side, pointed);
}
