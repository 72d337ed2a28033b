/* exercise_strip.c - see exercise_strip.h. */
#include "app/views/exercise_strip.h"
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PAD = 20, CAPTION = 22, BUTTONS = 230, TEXT_MAX = 1100, MARK = 22, GAP = 3, TWO_COLUMNS = 640;

static TextStyle text_style(const Ui *ui)
{
    return ui_style(FACE_SANS, ui->theme->size_body + (ui->height < 700 ? 0 : 1), ui->theme->strip_text);
}

static TextStyle good_style(const Ui *ui)
{
    return part_colored(text_style(ui), color_mix(theme_dark.good, ui->theme->strip_text, 0.55f));
}

static TextStyle bad_style(const Ui *ui)
{
    return part_colored(text_style(ui), color_mix(theme_dark.bad, ui->theme->strip_text, 0.45f));
}

static float text_width(float width)
{
    return fminf(width - 2 * PAD - BUTTONS, TEXT_MAX);
}

/* ---- texts -------------------------------------------------------------------------------------------------------------------------- */

/* "weights(3a) < 100*1000   163,328 < 100,000   Still too heavy." */
static void check_text(const Exercising *x, int i, char *out, size_t size)
{
    const ExerciseVerdict *v = &x->verdicts[i];
    const ExerciseCheck *c = &x->exercise.checks[i];
    const char *says = !v->holds && c->says != NULL ? c->says : "", *numbers = v->sides[0] != '\0' ? v->sides : v->lacks;
    snprintf(out, size, "%s%s%s%s%s", c->test, numbers[0] != '\0' ? "   " : "", numbers, says[0] != '\0' ? "   " : "", says);
}

/* The training's row; the mark says whether it is reached. */
static void training_text(const Model *m, const Exercising *x, char *out, size_t size, const char **mark)
{
    const FiguresSeen *s = &x->seen;
    char wanted[NUM_MAX], train[NUM_MAX] = "–", val[NUM_MAX] = "–";
    num_percent(wanted, rational_double(x->exercise.accuracy));
    if (s->epoch > 0) {
        num_percent(train, (double)s->train_right / s->train_count);
        num_percent(val, (double)s->val_right / s->val_count);
    }
    *mark = "·";
    if (x->training != NULL) {
        snprintf(out, size, model_text(m, STR_EXERCISE_TRAINING), s->epoch + 1 < x->exercise.epochs ? s->epoch + 1 : x->exercise.epochs, x->exercise.epochs, train, val);
    } else if (s->epoch == x->exercise.epochs) {
        *mark = exercise_learnt(&x->exercise, s) ? "✓" : "✗";
        snprintf(out, size, model_text(m, STR_EXERCISE_TRAINED), wanted, val, s->val_right, s->val_count, train);
    } else {
        snprintf(out, size, model_text(m, STR_EXERCISE_TO_TRAIN), wanted, x->exercise.epochs);
    }
}

static void verdict_text(const Model *m, const Exercising *x, char *out, size_t size)
{
    if (exercising_solved(x))
        snprintf(out, size, "%s", model_text(m, STR_EXERCISE_DONE));
    else if (x->held == x->exercise.check_count && x->training == NULL && x->seen.epoch == x->exercise.epochs)
        snprintf(out, size, "%s", model_text(m, STR_EXERCISE_NOT_YET));
    else if (x->held == x->exercise.check_count)
        snprintf(out, size, "%s", model_text(m, STR_EXERCISE_NOW_TRAIN));
    else if (strncmp(model_net(m)->source, m->networks_dir, strlen(m->networks_dir)) == 0)
        snprintf(out, size, model_text(m, STR_EXERCISE_BEGIN), x->held, x->exercise.check_count);
    else
        snprintf(out, size, model_text(m, STR_EXERCISE_HELD), x->held, x->exercise.check_count, part_file_name(model_net(m)->source));
}

/* ---- rows: drawn, or only measured; the height is the same ------------------------------------------------------------------------------ */

static float marked(Ui *ui, Rect r, TextStyle style, const char *mark, const char *text, bool draw)
{
    if (!draw)
        return ui_paragraph_height(ui, r.w - MARK, style, text) + GAP;
    ui_text(ui, (Rect){r.x, r.y, MARK, style.size * 1.45f}, style, ALIGN_LEFT, mark);
    const float h = ui_paragraph(ui, (Rect){r.x + MARK, r.y, r.w - MARK, 0}, style, text) + GAP;
    ui_item(ui, (Rect){r.x, r.y, r.w, h}, "check", mark);
    return h;
}

/* In two columns where there is room. */
static float checks(Ui *ui, const Exercising *x, Rect r, bool draw)
{
    const int columns = r.w >= TWO_COLUMNS ? 2 : 1, rows = (x->exercise.check_count + columns - 1) / columns;
    const float w = floorf((r.w - (float)(columns - 1) * 24) / (float)columns);
    float most = 0;
    char text[800];
    for (int c = 0; c < columns; c++) {
        float y = 0;
        for (int i = c * rows; i < (c + 1) * rows && i < x->exercise.check_count; i++) {
            check_text(x, i, text, sizeof text);
            y += marked(ui, (Rect){r.x + (float)c * (w + 24), r.y + y, w, 0}, x->verdicts[i].holds ? good_style(ui) : bad_style(ui), x->verdicts[i].holds ? "✓" : "✗", text, draw);
        }
        most = fmaxf(most, y);
    }
    return most;
}

static float paragraph(Ui *ui, Rect r, TextStyle style, const char *text, bool draw)
{
    return (draw ? ui_paragraph(ui, r, style, text) : ui_paragraph_height(ui, r.w, style, text)) + GAP;
}

/* Some of the pictures that are learnt. */
static float samples(Ui *ui, const Exercising *x, Rect r, bool draw)
{
    static const float SIDE = 32, PITCH = 38;
    for (int i = 0; draw && i < EXERCISE_SAMPLES && (float)i * PITCH + SIDE <= r.w; i++) {
        const Rect place = {r.x + (float)i * PITCH, r.y, SIDE, SIDE};
        ui_picture(ui, place, x->samples[i], EXERCISE_SAMPLE_SIDE, EXERCISE_SAMPLE_SIDE, 0xf16u + (uint64_t)i, false);
        ui_item(ui, place, "picture", "sample");
    }
    return SIDE + 8;
}

static float content(Ui *ui, const Session *session, Rect r, bool draw)
{
    const Model *m = &session->model;
    const Exercising *x = &session->exercising;
    const float top = r.y;
    const char *mark;
    char text[800];
    r.y += paragraph(ui, r, text_style(ui), x->exercise.goal, draw) + 4;
    if (x->exercise.epochs > 0)
        r.y += samples(ui, x, r, draw);
    r.y += checks(ui, x, r, draw);
    if (x->exercise.epochs > 0) {
        training_text(m, x, text, sizeof text, &mark);
        r.y += marked(ui, r, mark[0] == '\xc2' ? text_style(ui) : strcmp(mark, "✓") == 0 ? good_style(ui) : bad_style(ui), mark, text, draw);
    }
    verdict_text(m, x, text, sizeof text);
    TextStyle bold = exercising_solved(x) ? good_style(ui) : text_style(ui);
    bold.face = FACE_BOLD;
    r.y += 4;
    r.y += paragraph(ui, r, bold, text, draw);
    if (x->problem.text[0] != '\0')
        r.y += paragraph(ui, r, bad_style(ui), x->problem.text, draw);
    for (int i = 0; i < x->hints; i++) {
        snprintf(text, sizeof text, model_text(m, STR_EXERCISE_HINT_N), i + 1, x->exercise.hints[i]);
        r.y += paragraph(ui, r, part_colored(text_style(ui), ui->theme->strip_dim), text, draw);
    }
    return r.y - top;
}

float exercise_strip_height(Ui *ui, const Session *session, float width)
{
    return fmaxf(CAPTION + content(ui, session, (Rect){0, 0, text_width(width), 0}, false) + 22, 150);
}

/* ---- buttons -------------------------------------------------------------------------------------------------------------------------- */

static void buttons(Ui *ui, Session *session, Rect area)
{
    const Model *m = &session->model;
    const Exercising *x = &session->exercising;
    const bool trains = x->exercise.epochs > 0;
    char hint[64];
    snprintf(hint, sizeof hint, model_text(m, STR_EXERCISE_HINT), x->hints, x->exercise.hint_count);
    const struct { Verb verb; const char *words; ButtonKind kind; bool shown; } all[] = {
        {VERB_EXERCISE_COPY, model_text(m, STR_EXERCISE_COPY), trains && x->held == x->exercise.check_count ? BUTTON_STRIP : BUTTON_PRIMARY, true},
        {VERB_EXERCISE_TRAIN, model_text(m, x->training != NULL ? STR_EXERCISE_STOP : STR_EXERCISE_TRAIN), x->held == x->exercise.check_count ? BUTTON_PRIMARY : BUTTON_STRIP, trains},
        {VERB_EXERCISE_HINT, hint, BUTTON_STRIP, x->exercise.hint_count > 0}};
    Rect column = {area.x + area.w - PAD - BUTTONS + 20, area.y + 36, BUTTONS - 20, area.h - 40};
    Verb chosen = VERB_NONE;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!all[i].shown)
            continue;
        Rect row = rect_cut_top(&column, 34);
        row = rect_cut_right(&row, fminf(ui_button_width(ui, all[i].words), row.w));
        row.h = 30;
        if (ui_button(ui, ui_id("exercise button", (int)i), row, all[i].words, all[i].kind))
            chosen = all[i].verb;
    }
    const TextStyle style = ui_style(FACE_SANS, ui->theme->size_small, ui->theme->strip_dim);
    const char *leave = model_text(m, STR_EXERCISE_LEAVE);
    const float w = ui_text_width(ui, style, leave);
    const Rect r = {area.x + area.w - PAD - w, area.y + 8, w, 18};
    ui_text(ui, r, ui_hover(ui, r) ? part_colored(style, ui->theme->strip_text) : style, ALIGN_LEFT, leave);
    ui_item(ui, r, "button", leave);
    if (ui_click(ui, ui_id("exercise leave", 0), rect_inset(r, -4))) {
        session_leave_exercise(session);
        ui->want_frame = true;
    } else if (chosen != VERB_NONE) {
        session_do(session, chosen);
        ui->want_frame = true;
    }
}

void exercise_strip(Ui *ui, Session *session, ViewState *v, Rect area)
{
    const Model *m = &session->model;
    const Exercising *x = &session->exercising;
    char head[200];
    ui_fill(ui, area, ui->theme->strip);
    ui->frame_at = ui->in.now + 1; /* an editor may save the network's file */
    Rect in = {area.x + PAD, area.y + 10, text_width(area.w), area.h - 16};
    snprintf(head, sizeof head, model_text(m, STR_EXERCISE_N), x->exercise.number, x->exercise.title);
    ui_text(ui, rect_cut_top(&in, CAPTION), ui_style(FACE_SANS, ui->theme->size_small, ui->theme->strip_dim), ALIGN_LEFT, head);
    const Rect list = ui_column_begin(ui, ui_id("exercise", 0), in, &v->scroll[SCROLL_STRIP]);
    ui_column_end(ui, content(ui, session, list, true) + 2);
    buttons(ui, session, area); /* last: one closes the exercise */
}
