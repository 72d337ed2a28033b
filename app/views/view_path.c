/* view_path.c - from a score, or any value, down to a pixel: the path through the network, its steps with the share that each explains, and
 * the step that is looked at in full, with the terms that could be followed instead. */
#include "app/model/path_words.h"
#include "app/views/path_strip.h"
#include "app/views/value_cells.h"
#include "app/views/value_page.h"
#include "app/views/value_words.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHOICES_SHOWN = 12 };
static const float LINE = 18, ROW = 48, CHOICE_ROW = 34, NARROW = 640, BAR = 120, BAR_FROM_RIGHT = 170, BAR_LEAST = 470;

static PathScene scene_of(const Model *m)
{
    return (PathScene){model_net(m), exact_shown(&m->exact), &m->picture.fitted, m->screen.lang};
}

static void unit_name(const Model *m, Unit u, char *out, size_t size)
{
    cursor_text(model_net(m), (Cursor){u.layer, u.c, -1, -1}, out, size);
    if (model_net(m)->layers[u.layer].out.h > 1)
        snprintf(out + strlen(out), size - strlen(out), "  %d, %d", u.y, u.x);
}

/* The class whose score the value is, or NULL. */
static const char *label_of(const Model *m, Unit u, char *out, size_t size)
{
    const Net *net = model_net(m);
    if (u.layer != net->heads[0].logits || net_scores(net, 0) == 0)
        return NULL;
    part_class_name(m, u.c, out, size);
    return out;
}

/* ---- the steps -------------------------------------------------------------------------------------------------------------------------- */

/* What the step is, its share in words, and between them as a bar where there is room. */
static void share_row(Ui *ui, Rect r, const char *text, const char *share, const PathStep *s)
{
    const TextStyle style = part_colored(part_caption(ui), ui->theme->text);
    ui_pair(ui, r, part_caption(ui), text, style, share);
    const Rect bar = {r.x + r.w - BAR_FROM_RIGHT - BAR, r.y + 6, BAR, 6};
    if (share[0] == '\0' || r.w < BAR_LEAST || r.x + ui_text_width(ui, part_caption(ui), text) + 10 > bar.x)
        return;
    const float w = fminf(fabsf((float)s->share), 1) * bar.w;
    ui_fill(ui, bar, color_alpha(ui->theme->text, 0.08f));
    ui_fill(ui, (Rect){bar.x, bar.y, w, bar.h}, s->share < 0 ? ui->theme->negative : ui->theme->positive);
}

static void step_row(Ui *ui, Model *m, Rect row, int i)
{
    const PathModel *p = &m->path;
    const PathStep *s = &p->steps[i];
    const PathScene scene = scene_of(m);
    const bool here = i == p->at, reached = path_reached(p, i);
    const Theme *t = ui->theme;
    char name[NET_NAME_MAX + 64], number[NUM_MAX], text[128], share[2 * NUM_MAX + 8], a[NUM_MAX];
    const Rect all = {row.x - 6, row.y, row.w + 8, row.h - 4};
    if (here || ui_hover(ui, all))
        ui_round(ui, all, 5, here ? t->accent_soft : color_alpha(t->text, 0.05f));
    unit_name(m, s->e.unit, name, sizeof name);
    row.y += 4;
    const Color color = here ? t->accent : reached ? part_layer_text(ui, &model_net(m)->layers[s->e.unit.layer]) : t->text_dim;
    ui_pair(ui, rect_cut_top(&row, LINE), part_colored(part_mono(ui), color), name, part_colored(part_mono(ui), t->text), num_value(number, (double)s->e.value));
    path_short_text(&scene, s, text, sizeof text);
    share[0] = '\0';
    if (s->end == PATH_GOES_ON && (s->share != 1 || s->rank > 0))
        snprintf(share, sizeof share, "%s · %.3g %%", num_percent(a, s->share), 100 * s->whole);
    if (s->rank > 0)
        snprintf(share + strlen(share), sizeof share - strlen(share), "  (%d)", s->rank + 1);
    Rect below = rect_cut_top(&row, LINE);
    if (ui_text_width(ui, part_caption(ui), text) + ui_text_width(ui, part_caption(ui), share) + 12 > below.w)
        ui_text(ui, below, part_caption(ui), ALIGN_LEFT, share[0] != '\0' ? share : text);
    else
        share_row(ui, below, text, share, s);
    ui_item(ui, all, "step", name);
    if (ui_click(ui, ui_id("path step", i), all)) {
        model_play(m, false);
        model_path_to(m, i);
    }
}

static void steps(Ui *ui, Model *m, ViewState *v, Rect area)
{
    const PathModel *p = &m->path;
    char head[64];
    snprintf(head, sizeof head, model_text(m, STR_PATH_STEPS), p->count);
    Rect in = value_terms_card(ui, area, head, area.w > 320 ? model_text(m, STR_PATH_OF_FIRST) : "");
    const Rect seen = {in.x - 8, in.y, in.w + 14, in.h};
    if (v->path_step != p->at) { /* only then: the list can also be scrolled by hand */
        ui_scroll_to(&v->scroll[SCROLL_VALUE], seen.h, (float)p->at * ROW - ROW, (float)p->at * ROW + 2 * ROW);
        v->path_step = p->at;
    }
    Rect body = ui_scroll_begin(ui, ui_id("path steps", 0), seen, &v->scroll[SCROLL_VALUE], (float)p->count * ROW + 4);
    for (int i = 0; i < p->count; i++) {
        const Rect row = {body.x + 8, body.y + (float)i * ROW, body.w - 18, ROW};
        if (row.y + row.h > in.y && row.y < in.y + in.h)
            step_row(ui, m, row, i);
    }
    ui_scroll_end(ui);
}

/* ---- the step that is looked at ------------------------------------------------------------------------------------------------------- */

static void directions(Ui *ui, Model *m, Rect *r)
{
    static const Str words[] = {STR_PATH_DOWN, STR_PATH_UP};
    for (int up = 0; up < 2; up++) {
        const char *word = model_text(m, words[up]);
        if (ui_choice(ui, ui_id("path way", up), rect_cut_top(r, 26), word, m->path.up == (up == 1)))
            model_path_up(m, up == 1);
    }
    const char *largest = model_text(m, STR_PATH_LARGEST);
    if (m->path.ranks.count > 0) {
        rect_cut_top(r, 2);
        if (ui_button(ui, ui_id("path reset", 0), (Rect){r->x, r->y, ui_button_width(ui, largest), 26}, largest, BUTTON_PLAIN))
            model_do(m, VERB_PATH_RESET);
        rect_cut_top(r, 28);
    }
    rect_cut_top(r, 4);
}

static void choice_row(Ui *ui, Model *m, Rect row, const PathStep *s, int rank, double reach)
{
    const PathModel *p = &m->path;
    const Term *t = &p->terms[p->order[rank]];
    const Layer *l = &model_net(m)->layers[s->e.unit.layer];
    const bool followed = rank == s->rank;
    char name[NET_NAME_MAX + 64], text[NET_NAME_MAX + 80], number[NUM_MAX];
    const Rect all = {row.x - 6, row.y, row.w + 8, row.h - 3};
    if (followed || ui_hover(ui, all))
        ui_round(ui, all, 5, followed ? ui->theme->accent_soft : color_alpha(ui->theme->text, 0.05f));
    unit_name(m, (Unit){l->inputs[0], t->c, t->y, t->x}, name, sizeof name);
    snprintf(text, sizeof text, "%d  %s", rank + 1, name);
    row.y += 2;
    const TextStyle style = part_colored(part_mono(ui), followed ? ui->theme->accent : ui->theme->text);
    ui_pair(ui, rect_cut_top(&row, LINE), style, text, part_colored(part_mono(ui), ui->theme->text), num_signed(number, (double)t->product));
    value_bar(ui, (Rect){row.x, row.y + 2, row.w, 6}, (double)t->product, reach);
    ui_item(ui, all, "term", text);
    if (ui_click(ui, ui_id("path choice", rank), all))
        model_path_choose(m, rank);
}

static void choices(Ui *ui, Model *m, Rect *r, const PathStep *s)
{
    const PathModel *p = &m->path;
    if (s->end != PATH_GOES_ON || p->terms_of != p->at || s->e.op == OP_CONCAT || s->e.op == OP_DROPOUT)
        return;
    const int count = s->e.term_count, most = count - CHOICES_SHOWN, before = s->rank - CHOICES_SHOWN / 2;
    const int first = before > most ? (most > 0 ? most : 0) : before > 0 ? before : 0;
    double reach = 0;
    for (int i = 0; i < count; i++)
        reach = fmax(reach, fabs((double)p->terms[i].product));
    rect_cut_top(r, 6);
    part_heading(ui, r, model_text(m, STR_PATH_CHOICES));
    for (int i = first; i < count && i < first + CHOICES_SHOWN; i++)
        choice_row(ui, m, rect_cut_top(r, CHOICE_ROW), s, i, reach);
}

static void right_column(Ui *ui, Model *m, ViewState *v, Rect area, const PathStep *s)
{
    const PathModel *p = &m->path;
    const PathScene scene = scene_of(m);
    char text[PATH_LINE_MAX], label[128];
    ui_panel(ui, area);
    Rect body = ui_column_begin(ui, ui_id("path right", 0), (Rect){area.x + 14, area.y + 8, area.w - 20, area.h - 12}, &v->scroll[SCROLL_EXTRA]);
    body.w -= 10;
    Rect row = {body.x, body.y, body.w, 10000};
    directions(ui, m, &row);
    snprintf(text, sizeof text, model_text(m, STR_PATH_STEP_OF), p->at + 1, p->count);
    part_heading(ui, &row, text);
    path_head_text(&scene, s, label_of(m, s->e.unit, label, sizeof label), text, sizeof text);
    part_paragraph(ui, &row, part_bold(ui), text);
    if (p->terms_of == p->at) {
        PathLines lines;
        path_lines(&scene, s, p->terms, p->order, &lines);
        for (int i = 0; i < lines.count; i++) {
            rect_cut_top(&row, 4);
            part_paragraph(ui, &row, part_body(ui), lines.text[i]);
        }
    }
    path_followed_text(&scene, s, text, sizeof text);
    if (text[0] == '\0')
        path_end_text(&scene, s, text, sizeof text);
    rect_cut_top(&row, 4);
    if (text[0] != '\0')
        part_paragraph(ui, &row, part_colored(part_body(ui), ui->theme->accent), text);
    choices(ui, m, &row, s);
    ui_column_end(ui, row.y - body.y + 12);
}

/* ---- what the step sees -------------------------------------------------------------------------------------------------------------- */

static void pixel_mark(Ui *ui, const Model *m, Rect place, Unit u)
{
    const float sx = place.w / (float)m->picture.fitted.w, sy = place.h / (float)m->picture.fitted.h;
    const Rect pixel = {place.x + (float)u.x * sx, place.y + (float)u.y * sy, fmaxf(sx, 3), fmaxf(sy, 3)};
    ui_frame(ui, rect_inset(pixel, -4), 1, 0x000000ff);
    ui_frame(ui, rect_inset(pixel, -3), 2, 0xffffffff);
}

static void left_column(Ui *ui, Model *m, ViewState *v, Rect area, const PathStep *s)
{
    const Unit u = s->e.unit;
    ReceptiveField field;
    LayerMap map;
    char text[160] = "", name[NET_NAME_MAX + 64], head[NET_NAME_MAX + 80];
    const bool known = unit_field(model_net(m), u, 0, &field);
    if (known)
        value_sees(m, &field, text, sizeof text);
    const bool below = compute_map(m->compute, u.layer, &map) && map.shape.h > 1 && u.layer > 0 && area.h > 380;
    Rect card = rect_cut_top(&area, fminf(area.h, below ? floorf(area.h * 0.52f) : area.w + 60));
    Rect in = value_terms_card(ui, card, model_text(m, STR_WHAT_IT_SEES), "");
    const float words = ui_paragraph_height(ui, in.w, part_caption(ui), text);
    ui_paragraph(ui, rect_cut_bottom(&in, words), part_caption(ui), text);
    rect_cut_bottom(&in, 6);
    const Rect place = part_picture(ui, &m->picture, in, known && u.layer > 0 ? &field : NULL);
    if (s->end == PATH_PIXEL)
        pixel_mark(ui, m, place, u);
    if (!below)
        return;
    rect_cut_top(&area, 14);
    unit_name(m, u, name, sizeof name);
    snprintf(head, sizeof head, "%s", name);
    in = value_terms_card(ui, area, head, "");
    MapGrid grid = part_grid(m, v, u.layer, &map, u.c, 1);
    grid.columns = 1;
    grid.tile = map_tile_sharp(ui, map.shape.h, map.shape.w, fminf(in.w, in.h));
    cursor_text(model_net(m), (Cursor){u.layer, -1, -1, -1}, name, sizeof name);
    ui_maps(ui, in, &grid, name);
    const Rect cell = map_cell_rect(in, &grid, u.c, u.y, u.x);
    ui_frame(ui, rect_inset(cell, -2), 1, 0x000000ff);
    ui_frame(ui, rect_inset(cell, -1), 1, 0xffffffff);
}

/* ---- the view ------------------------------------------------------------------------------------------------------------------------- */

void view_path(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const PathStep *s = exact_shown(&m->exact) != NULL && !m->path.stale ? path_shown(&m->path) : NULL;
    value_title(ui, m, &area);
    if (s == NULL) {
        value_waiting(ui, m, area, m->exact.problem.text[0] != '\0' ? &m->exact.problem : &m->path.problem);
        return;
    }
    part_paragraph(ui, &area, part_small(ui), model_text(m, STR_PATH_SAYS));
    rect_cut_top(&area, 8);
    path_strip(ui, m, v, rect_cut_top(&area, PATH_STRIP_H));
    rect_cut_top(&area, 8);
    Rect left, middle, right;
    value_columns(area, &left, &middle, &right);
    if (area.w < NARROW) { /* the steps need the room more than the picture */
        middle.w += middle.x - left.x;
        middle.x = left.x;
    } else {
        left_column(ui, m, v, left, s);
    }
    steps(ui, m, v, middle);
    right_column(ui, m, v, right, s);
}

void path_hints(const Model *m, char *out, size_t size)
{
    snprintf(out, size, "%s · %s", model_text(m, STR_HINT_PATH), model_text(m, STR_HINT_BACK));
}
