/* view_fool.c - one small step that fools the network: the picture, the signs and their sum, with the network's answer; below it the
 * same with random signs; and a track of all amounts, which is also the slider. See app/model/fool_model.h. */
#include "app/views/why.h"
#include "app/views/views.h"
#include "engine/io/labels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One of the two rows. */
typedef struct FoolRow {
    StepKind kind;
    FoolPicture signs, sum;
    Str title;
} FoolRow;
static const FoolRow rows[] = {{STEP_SIGN, FOOL_SIGNS, FOOL_SUM, STR_FOOL_SIGNS}, {STEP_RANDOM, FOOL_RANDOM_SIGNS, FOOL_RANDOM_SUM, STR_FOOL_RANDOM}};

static double amount(const Fool *f)
{
    return (double)step_amount(f->position);
}

/* ---- the pictures and the answers ----------------------------------------------------------------------------------------------- */

/* A picture with its caption below, if it has one. */
static void captioned(Ui *ui, const Image *image, uint64_t version, Rect r, const char *caption, const char *name)
{
    const Rect place = part_image(ui, image, version, r);
    ui_item(ui, place, "picture", name);
    if (caption[0] != '\0')
        ui_text(ui, (Rect){r.x, place.y + place.h + 1, r.w, 16}, part_caption(ui), ALIGN_LEFT, caption);
}

/* A class with its bar; the answer before the step keeps its colour. */
static void answer_row(Ui *ui, const Model *m, Rect r, const Guess *guess, bool before)
{
    const Theme *t = ui->theme;
    char name[96], number[NUM_MAX];
    part_class_name(m, guess->index, name, sizeof name);
    Rect bar = {r.x, r.y + 19, r.w, 5};
    ui_pair(ui, (Rect){r.x, r.y, r.w, 18}, part_means(ui, m, before ? part_bold(ui) : part_body(ui)), name, part_means(ui, m, part_mono(ui)),
            num_probability(number, (double)guess->prob));
    ui_round(ui, bar, 2, color_mix(t->panel, t->text, 0.05f));
    bar.w = fmaxf(bar.w * guess->prob, 2);
    ui_round(ui, bar, 2, before ? t->accent : t->histogram);
    ui_item(ui, r, "row", name);
}

static void answers(Ui *ui, const Model *m, Rect r, const float *logits)
{
    enum { TOP = 5 };
    static const float ROW = 28;
    const Fool *f = &m->fool;
    Guess top[TOP];
    char name[96], text[160];
    if (logits == NULL) {
        part_paragraph(ui, &r, part_small(ui), model_text(m, STR_NOT_COMPUTED));
        return;
    }
    int count = fool_top(f, logits, top, TOP);
    const int fits = (int)((r.h - 24) / ROW);
    count = count < fits ? count : fits < 1 ? 1 : fits;
    bool seen = false;
    for (int i = 0; i < count; i++)
        seen = seen || top[i].index == f->step.answer;
    if (!seen && count > 1)
        top[count - 1] = (Guess){f->step.answer, fool_prob(f, logits, f->step.answer)};
    part_class_name(m, top[0].index, name, sizeof name);
    const bool still = top[0].index == f->step.answer;
    snprintf(text, sizeof text, model_text(m, still ? STR_FOOL_STILL : STR_FOOL_NOW), name);
    ui_text(ui, rect_cut_top(&r, 24), part_colored(part_bold(ui), still ? ui->theme->text : ui->theme->bad), ALIGN_LEFT, text);
    for (int i = 0; i < count; i++)
        answer_row(ui, m, rect_cut_top(&r, ROW), &top[i], top[i].index == f->step.answer);
}

static void row(Ui *ui, Model *m, Rect r, const FoolRow *row)
{
    static const float OP = 24, CAPTION = 18, CAPTIONED = 60; /* smaller pictures, as above a lesson's text, take the caption's place */
    const Fool *f = &m->fool;
    char text[96];
    snprintf(text, sizeof text, model_text(m, STR_FOOL_RANDOM_SEED), f->made_seed);
    Rect in = part_card(ui, r, model_text(m, row->title), row->kind == STEP_RANDOM ? text : "", 0);
    const Image *photo = &m->picture.fitted;
    const bool named = in.h >= CAPTIONED + CAPTION;
    const float bars = fminf(fmaxf(in.w * 0.27f, 132), 260), room = in.w - bars - 2 * OP - 14;
    const float scale = fminf(room / 3 / (float)photo->w, (named ? in.h - CAPTION : in.h) / (float)photo->h);
    const float w = floorf((float)photo->w * scale), h = floorf((float)photo->h * scale);
    const char *const ops[] = {amount(f) > 0 ? "+" : "", "="};
    for (int i = 0; i < 3; i++) {
        Rect place = rect_cut_left(&in, w);
        place.h = h;
        snprintf(text, sizeof text, model_text(m, STR_FOOL_SIGN_PICTURE), amount(f));
        if (i == 0)
            captioned(ui, photo, m->picture.version, place, named ? model_text(m, STR_FOOL_PHOTO) : "", "photo");
        else if (i == 1)
            captioned(ui, &f->pictures[row->signs], f->versions[row->signs], place, named ? text : "", "signs");
        else
            captioned(ui, &f->pictures[row->sum], f->versions[row->sum], place, named ? model_text(m, STR_FOOL_SUM) : "", "sum");
        if (i < 2)
            ui_text(ui, (Rect){in.x, place.y, OP, h}, part_title(ui), ALIGN_CENTER, ops[i]);
        rect_cut_left(&in, i < 2 ? OP : 14);
    }
    answers(ui, m, (Rect){in.x, in.y, fminf(in.w, 320), in.h}, fool_scores(f, f->position, row->kind));
}

/* ---- the track ---------------------------------------------------------------------------------------------------------------------- */

static Color track_color(const Ui *ui, const Fool *f, int position, StepKind kind)
{
    const Theme *t = ui->theme;
    const float *logits = fool_scores(f, position, kind);
    if (logits == NULL)
        return t->tile_back;
    const int answer = sign_step_answer(&f->step, logits);
    return answer == f->step.answer ? t->histogram : answer == f->step.target ? t->branch[3] : t->selection;
}

static void legend(Ui *ui, const Model *m, Rect r)
{
    const Theme *t = ui->theme;
    const struct { Color color; Str says; bool shown; } marks[] = {
        {t->histogram, STR_FOOL_SAME, true}, {t->selection, STR_FOOL_OTHER, true}, {t->branch[3], STR_FOOL_TARGET, m->fool.step.target >= 0}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *says = model_text(m, marks[i].says);
        const float w = ui_text_width(ui, part_caption(ui), says) + 16;
        if (!marks[i].shown || w > r.w)
            continue;
        ui_round(ui, (Rect){r.x, r.y + r.h / 2 - 5, 10, 10}, 2, marks[i].color);
        rect_cut_left(&r, 16);
        rect_cut_left(&r, ui_text(ui, r, part_caption(ui), ALIGN_LEFT, says) + 16);
    }
}

/* All amounts, a cell each, coloured by the answer; a drag chooses one. */
static void track(Ui *ui, Model *m, Rect *r)
{
    static const float LINE = 17;
    const Fool *f = &m->fool;
    const Theme *t = ui->theme;
    char text[32];
    const float label = ceilf(fmaxf(ui_text_width(ui, part_caption(ui), model_text(m, STR_FOOL_TRACK_SIGNS)),
                                    ui_text_width(ui, part_caption(ui), model_text(m, STR_FOOL_TRACK_RANDOM)))) + 10;
    Rect all = rect_cut_top(r, 2 * LINE + 18);
    const Rect labels = rect_cut_left(&all, label);
    const float cell = all.w / STEP_POSITIONS;
    const Rect held = {all.x, all.y, all.w, 2 * LINE};
    if (ui_drag(ui, ui_id("fool levels", 0), held))
        model_choose_step(m, (int)floorf((ui->in.mouse_x - all.x) / cell));
    for (int k = 0; k < 2; k++) {
        ui_text(ui, (Rect){labels.x, labels.y + LINE * (float)k, label, LINE}, part_caption(ui), ALIGN_LEFT, model_text(m, k == 0 ? STR_FOOL_TRACK_SIGNS : STR_FOOL_TRACK_RANDOM));
        for (int i = 0; i < STEP_POSITIONS; i++) {
            const Rect place = rect_cell(held, 1, STEP_POSITIONS, 0, i);
            ui_fill(ui, (Rect){place.x, all.y + LINE * (float)k + 2, place.w - 1, LINE - 4}, track_color(ui, f, i, rows[k].kind));
        }
    }
    const float at = roundf(all.x + cell * (float)f->position);
    ui_frame_round(ui, (Rect){at - 2, all.y - 1, ceilf(cell) + 3, 2 * LINE + 2}, 3, 2, t->text);
    for (int i = 0; i < STEP_POSITIONS; i++) {
        snprintf(text, sizeof text, "%g", (double)step_amount(i));
        ui_text(ui, (Rect){all.x + cell * (float)i, all.y + 2 * LINE, cell, 16}, part_caption(ui), ALIGN_CENTER, text);
        ui_item(ui, (Rect){all.x + cell * (float)i, held.y, cell, held.h}, "level", text);
    }
    ui_item(ui, held, "slider", "levels");
}

/* ---- what it says ---------------------------------------------------------------------------------------------------------------------- */

static void least_text(const Model *m, StepKind kind, char *out, size_t size)
{
    const Fool *f = &m->fool;
    const int least = fool_least(f, kind);
    char name[96];
    if (f->step.target < 0) {
        if (least < 0)
            snprintf(out, size, model_text(m, STR_FOOL_NEVER), STEP_MOST);
        else
            snprintf(out, size, model_text(m, STR_FOOL_LEAST), (double)step_amount(least));
        return;
    }
    part_class_name(m, f->step.target, name, sizeof name);
    if (least < 0)
        snprintf(out, size, model_text(m, STR_FOOL_NEVER_TARGET), STEP_MOST, name);
    else
        snprintf(out, size, model_text(m, STR_FOOL_LEAST_TARGET), name, (double)step_amount(least));
}

static void rounded_text(const Model *m, char *out, size_t size)
{
    const Fool *f = &m->fool;
    const float *logits = fool_scores(f, f->position, STEP_ROUNDED);
    char name[96];
    Guess back;
    if (logits == NULL) {
        snprintf(out, size, "%s", model_text(m, STR_NOT_COMPUTED));
        return;
    }
    if (f->saved[0] != '\0' && f->saved_position == f->position && strcmp(m->other.path, f->saved) == 0 && model_top_other(m, &back, 1) == 1) {
        char number[NUM_MAX];
        part_class_name(m, back.index, name, sizeof name);
        snprintf(out, size, model_text(m, STR_FOOL_READ_BACK), m->other.name, name, num_probability(number, (double)back.prob));
        return;
    }
    const int answer = sign_step_answer(&f->step, logits);
    part_class_name(m, answer, name, sizeof name);
    snprintf(out, size, model_text(m, answer == f->step.answer ? STR_FOOL_ROUNDED_STILL : STR_FOOL_ROUNDED_NOW), name);
}

static void label_text(const Model *m, char *out, size_t size)
{
    const Source *source = &m->source->source;
    char name[96];
    const int label = labels_of_folder(source->info.labels, net_scores(source->net, 0), m->picture.path);
    if (label < 0) {
        snprintf(out, size, "%s", model_text(m, STR_FOOL_NO_LABEL));
        return;
    }
    part_class_name(m, label, name, sizeof name);
    snprintf(out, size, model_text(m, label == m->fool.step.answer ? STR_FOOL_RIGHT : STR_FOOL_WRONG), name);
}

/* What was found, in words. */
static void sentences(Ui *ui, Session *session, ViewState *v, Rect r)
{
    const Model *m = &session->model;
    const Fool *f = &m->fool;
    char text[320];
    ui_panel(ui, r);
    Rect in = ui_column_begin(ui, ui_id("fool says", 0), (Rect){r.x + 12, r.y + 4, r.w - 24, r.h - 12}, &v->scroll[SCROLL_EXTRA]);
    const float top = in.y;
    for (int k = 0; k < 2; k++) {
        part_heading(ui, &in, model_text(m, rows[k].title));
        least_text(m, rows[k].kind, text, sizeof text);
        part_paragraph(ui, &in, part_body(ui), text);
        if (k == 0) {
            rounded_text(m, text, sizeof text);
            part_paragraph(ui, &in, part_body(ui), text);
        }
        rect_cut_top(&in, 6);
    }
    if (f->done < STEP_POSITIONS) {
        snprintf(text, sizeof text, model_text(m, STR_FOOL_SO_FAR), f->done, STEP_POSITIONS);
        part_paragraph(ui, &in, part_small(ui), text);
    }
    label_text(m, text, sizeof text);
    part_paragraph(ui, &in, part_small(ui), text);
    ui_column_end(ui, in.y - top);
}

static void buttons(Ui *ui, Session *session, Rect r)
{
    static const struct { Verb verb; Str words; ButtonKind kind; } all[] = {
        {VERB_FOOL_SAVE, STR_FOOL_SAVE, BUTTON_PRIMARY}, {VERB_FOOL_COMPARE, STR_FOOL_COMPARE, BUTTON_PLAIN}, {VERB_FOOL_SIGNS, STR_FOOL_OTHER_SIGNS, BUTTON_PLAIN}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const char *words = model_text(&session->model, all[i].words);
        if (ui_button(ui, ui_id("fool button", (int)i), rect_cut_left(&r, ui_button_width(ui, words)), words, all[i].kind))
            session_do(session, all[i].verb);
        rect_cut_left(&r, 8);
    }
}

void view_fool(Ui *ui, Session *session, ViewState *v, Rect area)
{
    static const float GAP = 10, TRACK = 122, SAYS = 210;
    Model *m = &session->model;
    const Fool *f = &m->fool;
    char name[96], title[160], says[256];
    snprintf(title, sizeof title, model_text(m, STR_FOOL_TITLE), amount(f));
    if (!fool_draw(&m->fool)) {
        part_stage_title(ui, &area, title, f->problem.text[0] != '\0' ? f->problem.text : model_text(m, STR_NOT_COMPUTED));
        return;
    }
    part_class_name(m, f->step.target < 0 ? f->step.answer : f->step.target, name, sizeof name);
    snprintf(says, sizeof says, model_text(m, f->step.target < 0 ? STR_FOOL_AWAY : STR_FOOL_TOWARDS), name);
    part_stage_title(ui, &area, title, says);
    rect_cut_top(&area, 8);
    Rect side = rect_cut_left(&area, why_side_width(area.w));
    sentences(ui, session, v, rect_cut_bottom(&side, fminf(SAYS, side.h * 0.55f)));
    rect_cut_bottom(&side, GAP);
    why_classes(ui, m, v, side, f->step.target < 0 ? f->step.answer : f->step.target);
    rect_cut_left(&area, GAP + 4);
    Rect foot = rect_cut_bottom(&area, TRACK);
    rect_cut_bottom(&area, GAP);
    row(ui, m, rect_cut_top(&area, floorf((area.h - GAP) / 2)), &rows[0]);
    rect_cut_top(&area, GAP);
    row(ui, m, area, &rows[1]);
    ui_panel(ui, foot);
    Rect in = rect_inset(foot, 10);
    track(ui, m, &in);
    legend(ui, m, rect_cut_top(&in, 18));
    rect_cut_top(&in, 4);
    buttons(ui, session, rect_cut_top(&in, 28));
}
