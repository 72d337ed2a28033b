/* accuracy_matrix.c - the confusion matrix of the accuracy's view, and the pictures of one of its cells; see accuracy_view.h. */
#include "app/views/accuracy_view.h"
#include "app/views/confusion_grid.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAIRS = 12, THUMB = 96 };
static const float ROW_H = 58;

/* Pictures of a label that got an answer, both as classes of the set; answer -1: any other class. */
static int cell_count(const AccuracyModel *a, int label, int answer)
{
    const Dataset *set = accuracy_dataset(a);
    const Accuracy *counts = accuracy_of(a, a->shown.side);
    const int *class_of = accuracy_class_of(a);
    if (answer >= 0)
        return counts->confusion[(size_t)class_of[label] * (size_t)counts->classes + (size_t)class_of[answer]];
    int rest = accuracy_pictures_of(counts, class_of[label]);
    for (int k = 0; k < set->classes.count; k++)
        rest -= cell_count(a, label, k);
    return rest;
}

static const char *label_name(const Model *m, int label)
{
    const Dataset *set = accuracy_dataset(&m->accuracy);
    return str_class(m->screen.lang, set->classes.items, set->classes.count, label);
}

static void cell_text(const Model *m, int label, int answer, char *out, size_t size)
{
    const char *name = label_name(m, label);
    const int count = cell_count(&m->accuracy, label, answer);
    if (label == answer)
        snprintf(out, size, model_text(m, STR_ACCURACY_CELL_RIGHT), name, count);
    else
        snprintf(out, size, model_text(m, STR_ACCURACY_CELL), name, answer >= 0 ? label_name(m, answer) : model_text(m, STR_ACCURACY_OTHER), count);
}

static void pick(Ui *ui, Model *m, int label, int answer)
{
    AccuracyShown shown = m->accuracy.shown;
    const bool again = shown.pick == PICK_CELL && shown.label == label && shown.answer == answer;
    shown.pick = again ? PICK_NONE : PICK_CELL;
    shown.label = label;
    shown.answer = answer;
    model_accuracy_show(m, shown);
    ui->want_frame = true;
}

static int grid_count(const void *user, int label, int answer)
{
    return cell_count(&((const Model *)user)->accuracy, label, answer);
}

static void grid_text(const void *user, int label, int answer, char *out, size_t size)
{
    cell_text(user, label, answer, out, size);
}

/* With hundreds of classes: the pairs that are confused most. */
static void pairs(Ui *ui, Model *m, Rect *in)
{
    typedef struct Pair { int label, answer, count; } Pair;
    const AccuracyModel *a = &m->accuracy;
    const int n = accuracy_dataset(a)->classes.count;
    Pair top[PAIRS];
    int count = 0;
    char text[240];
    for (int label = 0; label < n; label++)
        for (int k = 0; k < n; k++) {
            const Pair p = {label, k, k != label ? cell_count(a, label, k) : 0};
            if (p.count == 0 || (count == PAIRS && p.count <= top[count - 1].count))
                continue;
            int i = count < PAIRS ? count++ : PAIRS - 1;
            for (; i > 0 && top[i - 1].count < p.count; i--)
                top[i] = top[i - 1];
            top[i] = p;
        }
    part_heading(ui, in, model_text(m, STR_ACCURACY_PAIRS));
    for (int i = 0; i < count; i++) {
        char cut[240];
        cell_text(m, top[i].label, top[i].answer, text, sizeof text);
        part_cut(ui, part_small(ui), text, in->w - 20, cut, sizeof cut);
        if (ui_choice(ui, ui_id("confusion", top[i].label * (n + 1) + top[i].answer + 1), rect_cut_top(in, 24), cut,
                      a->shown.pick == PICK_CELL && a->shown.label == top[i].label && a->shown.answer == top[i].answer))
            pick(ui, m, top[i].label, top[i].answer);
    }
}

/* Whose matrix it is. */
static void side_choice(Ui *ui, Model *m, Rect row)
{
    static const Str names[ACCURACY_SIDES] = {STR_ACCURACY_AS_IT_IS, STR_ACCURACY_CHANGED};
    AccuracyShown shown = m->accuracy.shown;
    for (int side = 0; side < ACCURACY_SIDES; side++) {
        const char *word = model_text(m, names[side]);
        const float w = ceilf(ui_text_width(ui, part_small(ui), word)) + 20;
        if (ui_choice(ui, ui_id("accuracy side", side), rect_cut_left(&row, w), word, (int)shown.side == side)) {
            shown.side = (AccuracySide)side;
            model_accuracy_show(m, shown);
            ui->want_frame = true;
        }
    }
}

void accuracy_matrix(Ui *ui, Model *m, Rect *r)
{
    const AccuracyModel *a = &m->accuracy;
    const Dataset *set = accuracy_dataset(a);
    const int n = set->classes.count;
    if (accuracy_of(a, a->shown.side) == NULL) {
        part_paragraph(ui, r, part_small(ui), model_text(m, STR_NOT_COMPUTED));
        return;
    }
    const bool others = n < accuracy_of(a, ACCURACY_OWN)->classes, drawn = n <= CONFUSION_DRAWN, compares = accuracy_of(a, ACCURACY_CHANGED) != NULL;
    const AccuracyShown *shown = &a->shown;
    const ConfusionGrid grid = {.names = set->classes.items, .lang = m->screen.lang, .classes = n, .others = others ? model_text(m, STR_ACCURACY_OTHER) : NULL, .count = grid_count, .text = grid_text,
                                .user = m, .chosen = shown->pick == PICK_CELL, .label = shown->label, .answer = shown->answer};
    const float matrix = drawn ? confusion_grid_height(&grid, r->w - 2 * PART_CARD_PAD) : 24 * PAIRS + 30;
    int label, answer;
    Rect in = part_card(ui, rect_cut_top(r, matrix + (compares ? 28 : 0) + 48), model_text(m, STR_ACCURACY_MATRIX), "", 0);
    if (compares)
        side_choice(ui, m, (Rect){in.x, in.y, in.w, 24});
    rect_cut_top(&in, compares ? 28 : 0);
    if (!drawn)
        pairs(ui, m, &in);
    else if (confusion_grid(ui, in, &grid, &label, &answer))
        pick(ui, m, label, answer);
}

/* ---- the pictures of a cell ---- */

void accuracy_list_title(const Model *m, char *out, size_t size)
{
    const AccuracyShown *s = &m->accuracy.shown;
    switch (s->pick) {
    case PICK_CELL: cell_text(m, s->label, s->answer, out, size); break;
    case PICK_LOST: snprintf(out, size, "%s", model_text(m, STR_ACCURACY_LIST_LOST)); break;
    case PICK_WON: snprintf(out, size, "%s", model_text(m, STR_ACCURACY_LIST_WON)); break;
    case PICK_BIN:
        snprintf(out, size, model_text(m, STR_ACCURACY_LIST_BIN), model_text(m, s->bin_side == ACCURACY_OWN ? STR_ACCURACY_AS_IT_IS : STR_ACCURACY_CHANGED), 10 * s->bin,
                 10 * s->bin + 10);
        break;
    case PICK_NONE: out[0] = '\0'; break;
    }
}

/* "daisy → tulips 81 %", and below it what it is when changed. */
static void answer_texts(const Model *m, int picture, char first[240], char second[160])
{
    const AccuracyModel *a = &m->accuracy;
    const Dataset *set = accuracy_dataset(a);
    const Accuracy *own = accuracy_of(a, ACCURACY_OWN), *changed = accuracy_of(a, ACCURACY_CHANGED);
    char name[96], number[NUM_MAX];
    part_class_name(m, own->pictures[picture].answer, name, sizeof name);
    snprintf(first, 240, "%s → %s %s", label_name(m, set->samples[picture].label), name,
             num_probability(number, (double)own->pictures[picture].prob));
    second[0] = '\0';
    if (changed == NULL || picture >= a->over[ACCURACY_CHANGED])
        return;
    part_class_name(m, changed->pictures[picture].answer, name, sizeof name);
    snprintf(second, 160, model_text(m, STR_ACCURACY_ANSWER_CHANGED), name, num_probability(number, (double)changed->pictures[picture].prob));
}

static void picture_row(Ui *ui, Session *session, Rect r, int picture)
{
    Model *m = &session->model;
    const char *path = accuracy_dataset(&m->accuracy)->samples[picture].path;
    char first[240], second[160], cut[240];
    const Rect place = {r.x + 4, r.y + 4, ROW_H - 8, ROW_H - 8};
    const Patch *patch = accuracy_patch(&m->accuracy, picture, THUMB);
    if (ui_hover(ui, r))
        ui_round(ui, r, 5, color_alpha(ui->theme->text, 0.05f));
    if (patch != NULL && patch->image.w > 0)
        ui_picture(ui, place, patch->image.rgb, patch->image.w, patch->image.h, patch->version, true);
    else
        ui_round(ui, place, 3, ui->theme->tile_back);
    Rect text = {place.x + place.w + 10, r.y + 4, r.w - place.w - 18, 17};
    answer_texts(m, picture, first, second);
    const char *const lines[] = {part_file_name(path), first, second};
    for (int i = 0; i < 3; i++, text.y += 17) {
        const TextStyle style = i == 0 ? part_bold(ui) : part_small(ui);
        part_cut(ui, style, lines[i], text.w, cut, sizeof cut);
        ui_text(ui, text, style, ALIGN_LEFT, cut);
    }
    ui_item(ui, r, "judged", path);
    if (ui_click(ui, ui_id("judged", picture), r)) {
        session_open_judged(session, picture);
        ui->want_frame = true;
    }
}

/* Only the rows in sight are drawn, however many there are. */
void accuracy_list(Ui *ui, Session *session, ViewState *v, Rect r)
{
    Model *m = &session->model;
    const AccuracyModel *a = &m->accuracy;
    char title[300], cut[300];
    int count = 0, row = 0;
    accuracy_list_title(m, title, sizeof title);
    Rect in = part_card(ui, r, "", "", 0), line = {in.x, r.y + 8, in.w, 26};
    const char *back = model_text(m, STR_ACCURACY_BACK);
    if (ui_button(ui, ui_id("accuracy back", 0), rect_cut_right(&line, ui_button_width(ui, back)), back, BUTTON_PLAIN)) {
        AccuracyShown shown = a->shown;
        shown.pick = PICK_NONE;
        model_accuracy_show(m, shown);
        ui->want_frame = true;
        return;
    }
    part_cut(ui, part_bold(ui), title, line.w - 8, cut, sizeof cut);
    ui_text(ui, line, part_bold(ui), ALIGN_LEFT, cut);
    rect_cut_top(&in, fmaxf(line.y + line.h - in.y, 0) + 2);
    ui_text(ui, rect_cut_top(&in, 18), part_caption(ui), ALIGN_LEFT, model_text(m, STR_ACCURACY_OPEN));
    for (int i = 0; i < accuracy_dataset(a)->count; i++)
        count += accuracy_picked(a, i);
    const Rect list = ui_scroll_begin(ui, ui_id("judged pictures", 0), in, &v->scroll[SCROLL_OUTPUT], ROW_H * (float)count);
    const int first = (int)(v->scroll[SCROLL_OUTPUT].offset / ROW_H), last = first + (int)(in.h / ROW_H) + 2;
    for (int i = 0; i < accuracy_dataset(a)->count && row < last; i++)
        if (accuracy_picked(a, i) && row++ >= first)
            picture_row(ui, session, (Rect){list.x, list.y + ROW_H * (float)(row - 1), list.w, ROW_H}, i);
    ui_scroll_end(ui);
}
