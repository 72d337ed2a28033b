/* view_strip.c - the dark strip under the stage with the lesson: the step's text and question, the choices, the answer once it is
 * shown. While the pointer is over the name of a part of the network, the part is lit on the stage; while it is over the part,
 * the name is lit. */
#include "app/views/exercise_strip.h"
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PAD = 20, CAPTION = 22, BUTTONS = 250, TEXT_MAX = 1040, CHOICE_GAP = 8, CHOICE_NUMBER = 26;

enum { RUNS_MAX = 64 };

/* In a low window, or at presenter size, more is left to the stage. */
static TextStyle strip_style(const Ui *ui)
{
    return ui_style(FACE_SANS, ui->theme->size_body + (ui->height < 700 ? 2 : 4), ui->theme->strip_text);
}

static float text_width(float width)
{
    return fminf(width - 2 * PAD - BUTTONS, TEXT_MAX);
}

/* ---- prose ---------------------------------------------------------------------------------------------------------- */

/* The strip is dark in either theme, so links have the dark theme's colours: the branch's own, or the accent. */
static Color link_color(const Model *m, const char *address)
{
    Address a;
    if (!net_address(model_net(m), address, &a, NULL) || model_net(m)->layers[a.layer].branch == BRANCH_NONE)
        return theme_dark.accent;
    return theme_dark.branch_text[model_net(m)->layers[a.layer].branch];
}

static bool link_pointed(const Model *m, const ViewState *v, const char *address)
{
    Address a;
    return v->lit.layer >= 0 && net_address(model_net(m), address, &a, NULL) && a.layer == v->lit.layer &&
           (a.channel < 0 || a.channel == v->lit.channel);
}

/* v NULL: only measures. */
static int runs_of(const Model *m, const ViewState *v, const Prose *prose, TextStyle style, TextRun out[RUNS_MAX])
{
    int count = 0;
    for (int i = 0; i < prose->span_count; i++) {
        const Span *span = &prose->spans[i];
        if (count == RUNS_MAX) { /* the rest of a text with more pieces has one style */
            out[count - 1].bytes += span->bytes;
            continue;
        }
        TextRun run = {.bytes = span->bytes, .style = style, .underline = span->link[0] != '\0'};
        if (span->styles & SPAN_CODE)
            run.style.face = FACE_MONO;
        else if (span->styles & (SPAN_EMPHASIS | SPAN_STRONG))
            run.style.face = FACE_BOLD;
        if (run.underline) {
            run.style.color = link_color(m, span->link);
            run.style.face = v != NULL && link_pointed(m, v, span->link) ? FACE_BOLD : run.style.face;
        }
        out[count++] = run;
    }
    return count;
}

static float prose_height(Ui *ui, const Model *m, float width, TextStyle style, const LessonField *field)
{
    TextRun runs[RUNS_MAX];
    if (field->source == NULL)
        return 0;
    return ui_runs_height(ui, width, field->prose.text, runs, runs_of(m, NULL, &field->prose, style, runs));
}

/* Draws at the top of r and cuts it off. A link lights its part, and a click goes there. */
static void prose(Ui *ui, Model *m, const ViewState *v, Rect *r, TextStyle style, const LessonField *field)
{
    TextRun runs[RUNS_MAX];
    int hit;
    Address a;
    if (field->source == NULL)
        return;
    const int count = runs_of(m, v, &field->prose, style, runs);
    rect_cut_top(r, ui_runs(ui, *r, field->prose.text, runs, count, &hit));
    if (hit < 0 || !runs[hit].underline || !net_address(model_net(m), field->prose.spans[hit].link, &a, NULL))
        return;
    ui->pointer = POINTER_HAND;
    model_point(m, (Cursor){a.layer, a.channel, -1, -1});
    if (part_pressed(ui)) {
        Err err;
        if (!model_goto(m, field->prose.spans[hit].link, NULL, NULL, &err))
            model_say_here(m, true, "%s", err.text);
        ui->want_frame = true;
    }
}

/* ---- choices -------------------------------------------------------------------------------------------------------- */

/* Side by side while they fit, else on the next line; each is as wide as its text. */
static Rect choice_rect(Ui *ui, const Model *m, Rect all, const LessonField *field, float *x, float *y, float *row)
{
    const TextStyle style = strip_style(ui);
    const float inner = CHOICE_NUMBER + 14, w = fminf(ui_text_width(ui, style, field->prose.text) + inner + 2, all.w);
    const float h = prose_height(ui, m, w - inner, style, field) + 6;
    if (*x > 0 && *x + w > all.w) {
        *x = 0;
        *y += *row + CHOICE_GAP;
        *row = 0;
    }
    const Rect r = {all.x + *x, all.y + *y, w, h};
    *x += w + CHOICE_GAP;
    *row = fmaxf(*row, h);
    return r;
}

static float choices_height(Ui *ui, const Session *session, float width)
{
    const Classroom *room = &session->classroom;
    const LessonStep *step = classroom_step(room);
    int order[LIMIT_LESSON_CHOICES];
    float x = 0, y = 0, row = 0;
    lesson_order(&room->lesson, room->answers.step, room->seed, order);
    for (int i = 0; i < step->choice_count; i++)
        choice_rect(ui, &session->model, (Rect){0, 0, width, 0}, &step->choices[order[i]].field, &x, &y, &row);
    return step->choice_count > 0 ? y + row + 2 * CHOICE_GAP : 0;
}

/* One choice, at its place on the screen. */
static void choice_draw(Ui *ui, Session *session, const ViewState *v, Rect r, const LessonChoice *choice, int shown_at, bool wrong)
{
    const bool right = choice->right && !classroom_asks(&session->classroom);
    const Color mark = right ? theme_dark.good : wrong ? theme_dark.bad : ui->theme->strip_dim;
    char number[8];
    snprintf(number, sizeof number, "%s", right ? "✓" : wrong ? "✗" : "");
    if (number[0] == '\0')
        snprintf(number, sizeof number, "%d", shown_at + 1);
    if (wrong || ui_hover(ui, r))
        ui_round(ui, r, 5, color_alpha(ui->theme->strip_text, 0.10f));
    ui_frame_round(ui, r, 5, right || wrong ? 2 : 1, mark);
    if (ui_click(ui, ui_id("lesson choice", shown_at), r))
        session_choose(session, shown_at);
    Rect text = {r.x + 4, r.y + 3, r.w - 14, r.h - 6};
    ui_text(ui, rect_cut_left(&text, CHOICE_NUMBER), part_colored(ui_style(FACE_BOLD, ui->theme->size_small, 0), mark), ALIGN_CENTER, number);
    prose(ui, &session->model, v, &text, strip_style(ui), &choice->field);
    ui_item(ui, r, "choice", choice->field.prose.text);
}

static void choices(Ui *ui, Session *session, const ViewState *v, Rect *in)
{
    const Classroom *room = &session->classroom;
    const LessonStep *step = classroom_step(room);
    Rect all = rect_cut_top(in, choices_height(ui, session, in->w));
    int order[LIMIT_LESSON_CHOICES];
    float x = 0, y = 0, row = 0;
    lesson_order(&room->lesson, room->answers.step, room->seed, order);
    all.y += CHOICE_GAP;
    for (int i = 0; i < step->choice_count; i++) {
        const LessonChoice *choice = &step->choices[order[i]];
        const Rect r = choice_rect(ui, &session->model, all, &choice->field, &x, &y, &row);
        choice_draw(ui, session, v, r, choice, i, (room->tried & 1u << order[i]) != 0);
    }
}

/* ---- a number that is typed ------------------------------------------------------------------------------------------------- */

static const float NUMBER_ROW = 46, NUMBER_FIELD = 150;

static void number_field(Ui *ui, Session *session, Rect *in)
{
    const Classroom *room = &session->classroom;
    const LessonStep *step = classroom_step(room);
    const TextStyle style = strip_style(ui);
    Rect row = rect_cut_top(in, NUMBER_ROW);
    row = (Rect){row.x, row.y + 8, row.w, 30};
    char text[sizeof room->typed];
    snprintf(text, sizeof text, "%s", room->typed);
    const Rect field = rect_cut_left(&row, NUMBER_FIELD);
    const bool entered = ui_field(ui, ui_id("lesson number", 0), field, model_text(&session->model, STR_TYPE_HINT), text, sizeof text);
    if (strcmp(text, room->typed) != 0)
        session_type(session, text);
    rect_cut_left(&row, 10);
    ui_text(ui, row, style, ALIGN_LEFT, step->number.unit);
    if (entered) {
        session_do(session, VERB_LESSON_NEXT);
        ui_field_focus(ui, 0);
        ui->want_frame = true;
    }
}

/* ---- what is said about the answer ------------------------------------------------------------------------------------------ */

static float remarks_height(Ui *ui, const Model *m, float w, TextStyle style, const LessonStep *step)
{
    const Question kind = lesson_question(step);
    float most = kind == QUESTION_NONE || kind == QUESTION_OPEN ? 0 : ui_paragraph_height(ui, w, style, model_text(m, STR_ANSWER_WRONG));
    if (kind == QUESTION_NUMBER)
        most = fmaxf(most, ui_paragraph_height(ui, w, style, model_text(m, STR_ANSWER_NO_NUMBER)));
    for (int i = 0; i < step->choice_count; i++)
        most = fmaxf(most, prose_height(ui, m, w, style, &step->choices[i].reply));
    return most;
}

static void remark(Ui *ui, Session *session, const ViewState *v, Rect *in, TextStyle style)
{
    const Classroom *room = &session->classroom;
    Model *m = &session->model;
    const LessonStep *step = classroom_step(room);
    const bool asks = classroom_asks(room);
    const TextStyle bad = part_colored(style, color_mix(theme_dark.bad, ui->theme->strip_text, 0.45f));
    const TextStyle good = part_colored(style, color_mix(theme_dark.good, ui->theme->strip_text, 0.55f));
    if (room->remark == REMARK_REPLY)
        prose(ui, m, v, in, asks ? bad : good, &step->choices[room->reply].reply);
    else if (room->remark != REMARK_NONE)
        part_paragraph(ui, in, bad, model_text(m, room->remark == REMARK_WRONG ? STR_ANSWER_WRONG : STR_ANSWER_NO_NUMBER));
    else if (classroom_answer(room) == ANSWER_EARNED)
        part_paragraph(ui, in, good, model_text(m, STR_ANSWER_RIGHT));
    if (!asks)
        prose(ui, m, v, in, good, &step->reveal);
}

/* ---- the strip -------------------------------------------------------------------------------------------------------- */

/* The height of everything in a step, including hidden text: the strip keeps its height when a question is answered. */
float view_strip_height(Ui *ui, const Session *session, float width)
{
    const Model *m = &session->model;
    const Classroom *room = &session->classroom;
    if (session->exercising.open)
        return exercise_strip_height(ui, session, width);
    if (!classroom_is_open(room) || room->bare)
        return 0;
    const LessonStep *step = classroom_step(room);
    const TextStyle style = strip_style(ui);
    const float w = text_width(width);
    const bool number = lesson_question(step) == QUESTION_NUMBER;
    float h = prose_height(ui, m, w, style, &step->say) + prose_height(ui, m, w, style, &step->ask) +
              (number ? NUMBER_ROW : choices_height(ui, session, w)) + remarks_height(ui, m, w, style, step) + prose_height(ui, m, w, style, &step->reveal);
    if (room->broken[0] != '\0')
        h += ui_paragraph_height(ui, w, part_small(ui), room->broken) + CAPTION;
    return fmaxf(CAPTION + h + 26, 112);
}

/* A word at the strip's upper right, `right` its right edge. True if it is clicked. */
static bool word_button(Ui *ui, uint64_t id, float *right, float y, const char *words)
{
    const TextStyle style = ui_style(FACE_SANS, ui->theme->size_small, ui->theme->strip_dim);
    const float w = ui_text_width(ui, style, words);
    const Rect r = {*right - w, y, w, 18};
    ui_text(ui, r, ui_hover(ui, r) ? part_colored(style, ui->theme->strip_text) : style, ALIGN_LEFT, words);
    ui_item(ui, r, "button", words);
    *right -= w + 18;
    return ui_click(ui, id, rect_inset(r, -4));
}

static void leave_button(Ui *ui, Session *session, Rect area)
{
    const Model *m = &session->model;
    float right = area.x + area.w - PAD;
    const bool leave = word_button(ui, ui_id("lesson leave", 0), &right, area.y + 8, model_text(m, STR_LEAVE_LESSON));
    const bool hand_in = word_button(ui, ui_id("lesson hand in", 0), &right, area.y + 8, model_text(m, STR_HAND_IN));
    if (leave)
        session_leave_lesson(session);
    else if (hand_in)
        session_do(session, VERB_HAND_IN);
    ui->want_frame = ui->want_frame || leave || hand_in;
}

static void buttons(Ui *ui, Session *session, Rect area)
{
    const Model *m = &session->model;
    const Classroom *room = &session->classroom;
    const Theme *t = ui->theme;
    const LessonStep *step = classroom_step(room);
    const int at = room->answers.step, count = room->lesson.step_count;
    const bool hidden = classroom_asks(room);
    const char *next = model_text(m, classroom_can_judge(room, m) ? STR_CHECK_BUTTON : hidden ? STR_REVEAL_BUTTON
                                     : at + 1 == count ? STR_DONE_BUTTON : STR_NEXT_BUTTON);
    const float next_w = ui_button_width(ui, next), back_w = ui_button_width(ui, model_text(m, STR_BACK_BUTTON));
    const float y = area.y + floorf(area.h / 2) - 7;
    const Rect next_r = {area.x + area.w - PAD - next_w, y, next_w, 30};
    const bool forth = ui_button(ui, ui_id("lesson next", 0), next_r, next, BUTTON_PRIMARY);
    const bool back = ui_button(ui, ui_id("lesson back", 0), (Rect){next_r.x - 8 - back_w, y, back_w, 30}, model_text(m, STR_BACK_BUTTON), BUTTON_STRIP);
    char hint[64] = "";
    const Question kind = lesson_question(step);
    if (hidden && kind == QUESTION_CHOICE)
        snprintf(hint, sizeof hint, model_text(m, STR_CHOOSE_HINT), step->choice_count);
    else if (hidden && (kind == QUESTION_POINT || kind == QUESTION_MAKE))
        snprintf(hint, sizeof hint, "%s", model_text(m, kind == QUESTION_POINT ? STR_POINT_HINT : STR_MAKE_HINT));
    ui_text(ui, (Rect){area.x + area.w - PAD - BUTTONS + 20, y - 22, BUTTONS - 20, 18}, ui_style(FACE_SANS, t->size_caption, t->strip_dim), ALIGN_RIGHT, hint);
    /* Progress: one dot per step. */
    const float pitch = fminf(12, (BUTTONS - 20) / (float)count);
    float x = next_r.x + next_w - pitch * (float)count;
    for (int i = 0; i < count; i++, x += pitch)
        ui_round(ui, (Rect){x, y + 38, 5, 5}, 2.5f, i <= at ? t->accent : color_alpha(t->strip_text, 0.25f));
    if (forth || back) {
        session_do(session, forth ? VERB_LESSON_NEXT : VERB_LESSON_PREV);
        ui->want_frame = true;
    }
}

void view_strip(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    if (session->exercising.open) {
        exercise_strip(ui, session, v, area);
        return;
    }
    const Classroom *room = &session->classroom;
    const Theme *t = ui->theme;
    const LessonStep *step = classroom_step(room);
    const TextStyle style = strip_style(ui);
    BlankFn *blank = ui->blank; /* the choices say what the stage may not */
    ui->blank = NULL;
    ui_fill(ui, area, t->strip);
    ui->frame_at = ui->in.now + 1; /* an editor may save the file */
    Rect in = {area.x + PAD, area.y + 10, text_width(area.w), area.h - 16};
    char head[160];
    snprintf(head, sizeof head, model_text(m, STR_LESSON_STEP), room->lesson.number, room->lesson.title.prose.text, room->answers.step + 1,
             room->lesson.step_count);
    ui_text(ui, rect_cut_top(&in, CAPTION), ui_style(FACE_SANS, t->size_small, t->strip_dim), ALIGN_LEFT, head);
    if (room->broken[0] != '\0') {
        part_paragraph(ui, &in, part_colored(part_small(ui), theme_dark.bad), room->broken);
        ui_text(ui, rect_cut_top(&in, CAPTION - 2), ui_style(FACE_SANS, t->size_caption, t->strip_dim), ALIGN_LEFT, model_text(m, STR_LAST_GOOD));
    }
    prose(ui, m, v, &in, style, &step->say);
    prose(ui, m, v, &in, style, &step->ask);
    if (lesson_question(step) != QUESTION_NUMBER)
        choices(ui, session, v, &in);
    else if (classroom_asks(room))
        number_field(ui, session, &in);
    remark(ui, session, v, &in, style);
    buttons(ui, session, area);      /* last: they can go to another step, or close the lesson */
    if (classroom_is_open(room))
        leave_button(ui, session, area);
    ui->blank = blank;
}
