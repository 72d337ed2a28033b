/* view_occlusion.c - the occlusion: a square covers part of the picture, and the map shows how much the class's score falls for
 * each square. Pointing at the picture shows the network's answers with the square there. */
#include "app/views/why.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>

/* A square's rows and columns, written as other positions are: "y 96–127", "x 64–95". */
static void square_text(const Model *m, int square, char *rows, char *columns, size_t size)
{
    int y0, x0, y1, x1;
    occlusion_square(&m->occlusion.plan, square, &y0, &x0, &y1, &x1);
    snprintf(rows, size, "y %d–%d", y0, y1 - 1);
    snprintf(columns, size, "x %d–%d", x0, x1 - 1);
}

/* The rectangle of a square on the picture drawn at `place`. */
static Rect square_rect(const Model *m, Rect place, int square)
{
    int y0, x0, y1, x1;
    const Shape s = m->occlusion.plan.input;
    const float fx = place.w / (float)s.w, fy = place.h / (float)s.h;
    occlusion_square(&m->occlusion.plan, square, &y0, &x0, &y1, &x1);
    const float left = roundf(place.x + (float)x0 * fx), top = roundf(place.y + (float)y0 * fy);
    return (Rect){left, top, roundf(place.x + (float)x1 * fx) - left, roundf(place.y + (float)y1 * fy) - top};
}

/* The colour that preprocessing turns into zero. */
static Color baseline(const Preprocess *p)
{
    Color color = 0;
    for (int c = 0; c < 3; c++) {
        const float mean = p->mean[preprocess_colour(p, c)] * (p->unit_scale ? 255 : 1);
        color = color << 8 | (Color)(fminf(fmaxf(mean, 0), 255) + 0.5f);
    }
    return color << 8 | 0xff;
}

/* A square of the picture, enlarged: draws the whole picture, clipped. */
static void square_tile(Ui *ui, const Model *m, Rect tile, int square)
{
    const Image *image = &m->picture.fitted;
    const float scale = tile.w / (float)m->occlusion.plan.square;
    const Rect whole = {tile.x, tile.y, (float)image->w * scale, (float)image->h * scale};
    const Rect at = square_rect(m, whole, square);
    ui_clip_push(ui, tile);
    part_picture(ui, &m->picture, (Rect){tile.x - (at.x - whole.x), tile.y - (at.y - whole.y), whole.w, whole.h}, NULL);
    ui_clip_pop(ui);
}

/* The answers with one square covered and without it, best first. */
static void answers(Ui *ui, const Model *m, Rect *r, int square)
{
    enum { TOP = 5 };
    Guess top[TOP];
    char name[96], before[NUM_MAX], after[NUM_MAX], text[2 * NUM_MAX + 8], rows[64], columns[64];
    part_heading(ui, r, model_text(m, STR_OCCLUSION_THERE));
    square_text(m, square, rows, columns, sizeof rows);
    part_row_styled(ui, r, part_small(ui), rows, part_small(ui), columns);
    const int count = occlusion_top(&m->occlusion, square, top, TOP);
    for (int i = 0; i < count; i++) {
        part_class_name(m, top[i].index, name, sizeof name);
        snprintf(text, sizeof text, "%s → %s", num_probability(before, (double)occlusion_prob(&m->occlusion, -1, top[i].index)),
                 num_probability(after, (double)top[i].prob));
        const TextStyle style = i == 0 ? part_bold(ui) : part_body(ui);
        const bool beside = ui_text_width(ui, style, name) + ui_text_width(ui, part_mono(ui), text) + 12 <= r->w;
        if (r->h < (beside ? 19 : 38))
            break;
        part_row_styled(ui, r, style, name, part_mono(ui), beside ? text : "");
        if (!beside)
            part_row_styled(ui, r, style, "", part_mono(ui), text);
    }
}

/* Returns the square under the pointer, or `focus`. */
static int costly(Ui *ui, Model *m, Rect r, int class_index, int focus)
{
    enum { TOP = 24 };
    Guess top[TOP];
    char rows[64], columns[64], loss[NUM_MAX];
    const float tile = 48;
    const int count = occlusion_costly(&m->occlusion, class_index, top, TOP);
    part_heading(ui, &r, model_text(m, STR_OCCLUSION_COSTLY));
    for (int i = 0; i < count && r.h >= tile && top[i].prob > 0; i++) {
        Rect row = rect_cut_top(&r, tile + 8);
        row.h = tile;
        if (ui_click(ui, ui_id("costly square", top[i].index), row))
            model_choose_square(m, top[i].index);
        if (ui_hover(ui, row))
            focus = top[i].index;
        if (top[i].index == m->occlusion.square)
            ui_round(ui, (Rect){row.x - 4, row.y - 4, row.w + 8, row.h + 8}, 5, ui->theme->accent_soft);
        square_tile(ui, m, rect_cut_left(&row, tile), top[i].index);
        rect_cut_left(&row, 12);
        square_text(m, top[i].index, rows, columns, sizeof rows);
        num_value(loss, (double)top[i].prob);
        ui_text(ui, rect_cut_right(&row, ceilf(ui_text_width(ui, part_mono(ui), loss)) + 2), part_mono(ui), ALIGN_RIGHT, loss);
        ui_text(ui, rect_cut_top(&row, tile / 2), part_small(ui), ALIGN_LEFT, rows);
        ui_text(ui, row, part_small(ui), ALIGN_LEFT, columns);
    }
    return focus;
}

/* The map's cells: all pixels between neighbouring edges of squares are covered by the same squares. */
static void cells(Ui *ui, const Model *m, Rect place, float reach)
{
    const Occlusion *o = &m->occlusion;
    const Shape s = o->plan.input;
    const int step = o->plan.step; /* the default plan's square is a whole number of steps */
    for (int y = 0; y < s.h; y += step)
        for (int x = 0; x < s.w; x += step) {
            const float fx = place.w / (float)s.w, fy = place.h / (float)s.h;
            const float left = roundf(place.x + (float)x * fx), top = roundf(place.y + (float)y * fy);
            const float right = roundf(place.x + fminf((float)(x + step), (float)s.w) * fx);
            const float bottom = roundf(place.y + fminf((float)(y + step), (float)s.h) * fy);
            ui_fill(ui, (Rect){left, top, right - left, bottom - top}, why_color(o->map[y * s.w + x], reach));
        }
}

/* The picture with its map and the square; returns the square under the pointer, or `focus`. */
static int picture(Ui *ui, Model *m, Rect r, float reach, int focus)
{
    const Occlusion *o = &m->occlusion;
    const Image *image = &m->picture.fitted;
    const float scale = fminf(r.w / (float)image->w, r.h / (float)image->h), w = floorf((float)image->w * scale);
    const Rect place = part_picture(ui, &m->picture, (Rect){r.x + floorf((r.w - w) / 2), r.y, r.w, r.h}, NULL);
    ui_item(ui, place, "picture", "occlusion");
    if (ui_hover(ui, place)) {
        const float x = (ui->in.mouse_x - place.x) * (float)image->w / place.w, y = (ui->in.mouse_y - place.y) * (float)image->h / place.h;
        focus = occlusion_nearest(&o->plan, (int)y, (int)x);
    }
    if (ui_click(ui, ui_id("occlusion picture", 0), place))
        model_choose_square(m, focus);
    if (m->look.field)
        cells(ui, m, place, reach);
    if (focus >= 0) {
        const Rect at = square_rect(m, place, focus);
        ui_fill(ui, at, baseline(&model_net(m)->preprocess));
        ui_frame(ui, rect_inset(at, -2), 2, ui->theme->selection);
    }
    return focus;
}

static void score(Ui *ui, const Model *m, Rect *r, int class_index, int focus)
{
    const float *whole = occlusion_scores(&m->occlusion, -1), *covered = focus >= 0 ? occlusion_scores(&m->occlusion, focus) : NULL;
    char text[3 * NUM_MAX + 64], a[NUM_MAX], b[NUM_MAX], by[NUM_MAX];
    if (covered == NULL) {
        snprintf(text, sizeof text, "%s", num_value(a, (double)whole[class_index]));
    } else {
        const double fall = (double)whole[class_index] - (double)covered[class_index];
        snprintf(text, sizeof text, model_text(m, fall < 0 ? STR_OCCLUSION_RISES : STR_OCCLUSION_FALLS), num_value(a, (double)whole[class_index]),
                 num_value(b, (double)covered[class_index]), num_value(by, fabs(fall)));
    }
    const char *label = model_text(m, covered != NULL ? STR_OCCLUSION_SCORE : STR_OCCLUSION_WHOLE);
    if (ui_text_width(ui, part_body(ui), label) + ui_text_width(ui, part_mono(ui), text) + 8 <= r->w) {
        ui_pair(ui, rect_cut_top(r, 24), part_body(ui), label, part_mono(ui), text);
    } else { /* a narrow card: below each other */
        part_paragraph(ui, r, part_body(ui), label);
        part_paragraph(ui, r, part_mono(ui), text);
    }
}

void view_occlusion(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Occlusion *o = &m->occlusion;
    Guess best;
    char name[96], title[160], says[192];
    if (occlusion_top(o, -1, &best, 1) == 0) {
        why_title(ui, m, &area, model_text(m, STR_HELP_OCCLUSION), o->problem.text[0] != '\0' ? o->problem.text : model_text(m, STR_NOT_COMPUTED));
        return;
    }
    const int class_index = m->cam_class >= 0 && m->cam_class < o->classes ? m->cam_class : best.index, count = occlusion_count(&o->plan);
    part_class_name(m, class_index, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_CAM_TITLE), name);
    if (o->done <= count)
        snprintf(says, sizeof says, model_text(m, STR_OCCLUSION_BUSY), o->done, count);
    else
        snprintf(says, sizeof says, model_text(m, STR_OCCLUSION_SAYS), o->plan.square, o->plan.square, count, o->plan.step);
    why_title(ui, m, &area, title, says);
    rect_cut_top(&area, 8);
    const float side_w = why_side_width(area.w);
    why_classes(ui, m, v, rect_cut_left(&area, side_w), class_index);
    const Rect right = rect_cut_right(&area, side_w), middle = {area.x + 14, area.y, area.w - 28, area.h};
    if (!model_occlusion_of(m, class_index))
        return;

    Rect in = part_panel(ui, right);
    Rect there = rect_cut_top(&in, 175); /* the same height with and without a square */
    const int focus = costly(ui, m, in, class_index, o->square);

    ui_panel(ui, middle);
    in = rect_inset(middle, 16);
    Rect foot = rect_cut_bottom(&in, 66);
    const WhyScale scale = {occlusion_most(o, best.index), o->lo, o->hi, best.index};
    const int shown = picture(ui, m, in, scale.reach, focus);
    score(ui, m, &foot, class_index, shown);
    why_legend(ui, m, &foot, class_index, &scale, STR_OCCLUSION_VALUES);
    if (shown >= 0) {
        answers(ui, m, &there, shown);
    } else {
        part_heading(ui, &there, model_text(m, STR_OCCLUSION_THERE));
        part_paragraph(ui, &there, part_small(ui), model_text(m, STR_OCCLUSION_HINT));
    }
}
