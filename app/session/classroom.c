/* classroom.c - runs the open lesson; see classroom.h. */
#include "app/session/classroom.h"
#include "app/session/lesson_judge.h"
#include "engine/io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double LOOK_SECONDS = 1;

bool classroom_init(Classroom *c, const char *lessons_dir, const char *images_dir, Opening *opening, bool keep)
{
    *c = (Classroom){.lessons_dir = strdup(lessons_dir), .keep = keep};
    return lesson_stage_init(&c->stage, images_dir, opening) && c->lessons_dir != NULL;
}

void classroom_free(Classroom *c)
{
    lesson_free(&c->lesson);
    lesson_stage_free(&c->stage);
    free(c->lessons_dir);
    *c = (Classroom){.lessons_dir = NULL};
}

bool classroom_is_open(const Classroom *c)
{
    return c->lesson.step_count > 0;
}

bool classroom_busy(const Classroom *c)
{
    return c->due;
}

static void keep(const Classroom *c)
{
    if (c->keep)
        answers_save(c->lesson.path, &c->answers);
}

/* ---- the stage --------------------------------------------------------------------------------------------------------------- */

/* Lights up the step's parts. */
static void light(Model *m, const LessonStep *step)
{
    char part[NET_NAME_MAX + 32];
    Cursor parts[LIT_MAX];
    Address a;
    int count = 0;
    for (int i = 0; i < LIT_MAX && lesson_shown(step, i, part, sizeof part); i++)
        if (net_address(model_net(m), part, &a, NULL))
            parts[count++] = (Cursor){a.layer, a.channel, -1, -1};
    model_light(m, parts, count);
}

/* Goes to the step's place once its network and picture are there. */
static void place_step(Classroom *c, Model *m)
{
    Err err;
    const LessonStep *step = &c->lesson.steps[lesson_stage_step(&c->lesson, c->answers.step)];
    const StageState state = lesson_stage_ready(&c->stage, m, &c->lesson, step);
    c->due = state == STAGE_WAITING;
    if (c->due)
        return;
    if (!model_goto(m, step->at.source, step->pos.source, step->view.source, &err))
        model_say(m, true, "%s:%d: %s", c->lesson.path, step->at.line, err.text);
    lesson_stage_look(&c->stage, m, step);
    if (m->view == VIEW_GRADIENTS)
        model_gradients_page(m, true); /* lessons speak of its rows */
    light(m, classroom_step(c));
    model_point(m, (Cursor){-1, -1, -1, -1});
    c->at = m->at;
    c->cursor = c->pointed = m->cursor;
    c->view = m->view;
}

/* Shows the current step as one comes to it: nothing typed, nothing tried. */
static void show_step(Classroom *c, Model *m)
{
    c->typed[0] = c->judged[0] = '\0';
    c->tried = 0;
    c->remark = REMARK_NONE;
    place_step(c, m);
}

/* What a student made happen belongs to its step. */
static void leave_step(Classroom *c, Model *m)
{
    if (classroom_step(c)->make.source != NULL)
        model_restore(m);
}

static bool same_place(Cursor a, Cursor b)
{
    return a.layer == b.layer && a.channel == b.channel && a.y == b.y && a.x == b.x;
}

bool classroom_return(Classroom *c, Model *m)
{
    if (m->at == c->at && m->view == c->view && same_place(m->cursor, c->cursor))
        return false;
    place_step(c, m);
    return true;
}

static bool load(const Model *m, const char *path, Lesson *out, Err *err)
{
    return lesson_load(path, m->networks_dir, model_net(m), out, err);
}

static void take(Classroom *c, Lesson lesson)
{
    lesson_free(&c->lesson);
    c->lesson = lesson;
    c->broken[0] = '\0';
    c->modified = file_time(lesson.path, NULL);
}

void classroom_close(Classroom *c, Model *m)
{
    if (classroom_is_open(c)) {
        leave_step(c, m);
        lesson_stage_end(&c->stage, m);
    }
    lesson_free(&c->lesson);
    *c = (Classroom){.lessons_dir = c->lessons_dir, .stage = c->stage, .keep = c->keep, .seed = c->seed, .bare = c->bare};
    model_light(m, NULL, 0);
}

void classroom_open(Classroom *c, Model *m, const char *path)
{
    Lesson lesson;
    Err err;
    model_overlay(m, OVERLAY_NONE);
    if (!load(m, path, &lesson, &err)) {
        model_say(m, true, "%s", err.text);
        return;
    }
    classroom_close(c, m);
    take(c, lesson);
    lesson_stage_begin(&c->stage, m);
    answers_clear(&c->answers, lesson.step_count);
    if (c->keep && answers_load(path, lesson.step_count, &c->answers) && c->answers.step < 0)
        answers_clear(&c->answers, lesson.step_count); /* it was finished: start again from the beginning */
    show_step(c, m);
}

void classroom_turn(Classroom *c, Model *m, int step, bool answered)
{
    leave_step(c, m);
    c->answers.step = step;
    c->answers.given[step] = answered ? ANSWER_SHOWN : ANSWER_OPEN;
    show_step(c, m);
}

/* ---- questions --------------------------------------------------------------------------------------------------------------- */

const LessonStep *classroom_step(const Classroom *c)
{
    return &c->lesson.steps[c->answers.step];
}

char classroom_answer(const Classroom *c)
{
    return c->answers.given[c->answers.step];
}

bool classroom_asks(const Classroom *c)
{
    return classroom_is_open(c) && lesson_asks(classroom_step(c)) && classroom_answer(c) == ANSWER_OPEN;
}

const Secrets *classroom_secrets(const Classroom *c)
{
    return classroom_asks(c) && secrets_any(&classroom_step(c)->secrets) ? &classroom_step(c)->secrets : NULL;
}

/* The first answer of all is kept, whatever follows. */
static void tried(Classroom *c, char first)
{
    char *kept = &c->answers.first[c->answers.step];
    if (*kept == ANSWER_OPEN)
        *kept = first;
}

static void solve(Classroom *c, char answer)
{
    c->answers.given[c->answers.step] = answer;
    c->typed[0] = '\0';
    if (c->remark != REMARK_REPLY || answer == ANSWER_SHOWN)
        c->remark = REMARK_NONE;
    tried(c, answer);
}

static void reply(Classroom *c, int choice)
{
    const bool has = choice < classroom_step(c)->choice_count && classroom_step(c)->choices[choice].reply.source != NULL;
    c->remark = has ? REMARK_REPLY : REMARK_WRONG;
    c->reply = choice;
}

static void judge_number(Classroom *c)
{
    int which;
    snprintf(c->judged, sizeof c->judged, "%s", c->typed);
    if (!lesson_judge(classroom_step(c), c->typed, &which)) {
        c->remark = REMARK_NO_NUMBER;
    } else if (which == LESSON_RIGHT) {
        c->remark = REMARK_NONE;
        solve(c, ANSWER_EARNED);
    } else {
        tried(c, which == LESSON_OTHER ? ANSWER_OTHER : (char)(ANSWER_FIRST_CHOICE + which));
        reply(c, which);
    }
}

static void judge_place(Classroom *c, const Model *m)
{
    c->pointed = m->cursor;
    if (judge_point(m, classroom_step(c))) {
        c->remark = REMARK_NONE;
        solve(c, ANSWER_EARNED);
    } else {
        tried(c, ANSWER_OTHER);
        c->remark = REMARK_WRONG;
    }
}

bool classroom_can_judge(const Classroom *c, const Model *m)
{
    if (!classroom_asks(c))
        return false;
    switch (lesson_question(classroom_step(c))) {
    case QUESTION_NUMBER: return c->typed[0] != '\0' && strcmp(c->typed, c->judged) != 0;
    case QUESTION_POINT: return !c->due && !same_place(m->cursor, c->pointed);
    default: return false;
    }
}

void classroom_next(Classroom *c, Model *m)
{
    Answers *a = &c->answers;
    if (!classroom_is_open(c))
        return;
    if (classroom_can_judge(c, m)) {
        if (lesson_question(classroom_step(c)) == QUESTION_NUMBER)
            judge_number(c);
        else
            judge_place(c, m);
    } else if (classroom_asks(c)) {
        solve(c, ANSWER_SHOWN);
    } else if (a->step + 1 < c->lesson.step_count) {
        leave_step(c, m);
        a->step++;
        show_step(c, m);
    } else {
        a->step = -1;
        keep(c);
        a->step = c->lesson.step_count - 1;
        classroom_close(c, m);
        return;
    }
    keep(c);
}

void classroom_prev(Classroom *c, Model *m)
{
    Answers *a = &c->answers;
    if (!classroom_is_open(c))
        return;
    if (a->given[a->step] != ANSWER_OPEN) {
        a->given[a->step] = ANSWER_OPEN;
        c->remark = REMARK_NONE;
        c->tried = 0;
    } else if (a->step > 0) {
        leave_step(c, m);
        a->step--;
        show_step(c, m);
    }
    keep(c);
}

void classroom_choose(Classroom *c, int shown)
{
    int order[LIMIT_LESSON_CHOICES];
    if (!classroom_asks(c) || lesson_question(classroom_step(c)) != QUESTION_CHOICE || shown < 0 || shown >= classroom_step(c)->choice_count)
        return;
    lesson_order(&c->lesson, c->answers.step, c->seed, order);
    const int choice = order[shown];
    const LessonChoice *taken = &classroom_step(c)->choices[choice];
    tried(c, (char)(ANSWER_FIRST_CHOICE + choice));
    reply(c, choice);
    if (taken->right) {
        c->remark = taken->reply.source != NULL ? REMARK_REPLY : REMARK_NONE;
        solve(c, (char)(ANSWER_FIRST_CHOICE + choice));
    } else {
        c->tried |= 1u << choice;
    }
    keep(c);
}

void classroom_type(Classroom *c, const char *text)
{
    if (classroom_asks(c) && lesson_question(classroom_step(c)) == QUESTION_NUMBER)
        snprintf(c->typed, sizeof c->typed, "%s", text);
}

/* A number has just been entered rightly: another Enter, or one that is held, does not lead away from the step's place. */
static bool entered(const Classroom *c, const Model *m)
{
    return classroom_is_open(c) && lesson_question(classroom_step(c)) == QUESTION_NUMBER && classroom_answer(c) == ANSWER_EARNED && c->judged[0] != '\0' &&
           m->overlay == OVERLAY_NONE && m->at == c->at && m->view == c->view && same_place(m->cursor, c->cursor);
}

bool classroom_key(Classroom *c, Model *m, const char *key)
{
    size_t n = strlen(c->typed);
    if (strcmp(key, "Enter") == 0 && entered(c, m))
        return true;
    if (!classroom_asks(c) || lesson_question(classroom_step(c)) != QUESTION_NUMBER || m->overlay != OVERLAY_NONE)
        return false;
    if (key[0] != '\0' && key[1] == '\0' && strchr("0123456789.,-", key[0]) != NULL) {
        if (c->remark != REMARK_NONE && strcmp(c->typed, c->judged) == 0)
            n = 0; /* another try begins anew */
        if (n + 1 < sizeof c->typed)
            snprintf(c->typed + n, sizeof c->typed - n, "%s", key);
        return true;
    }
    if (n > 0 && strcmp(key, "Backspace") == 0)
        c->typed[n - 1] = '\0';
    else if (n > 0 && strcmp(key, "Enter") == 0)
        classroom_next(c, m);
    else
        return false;
    return true;
}

/* ---- the file ---------------------------------------------------------------------------------------------------------------- */

/* Reads the lesson again, from the same file or that of another language. The class stays at its step. */
static void read_again(Classroom *c, Model *m, const char *path)
{
    Lesson lesson;
    Err err;
    Answers *a = &c->answers;
    if (!load(m, path, &lesson, &err)) {
        snprintf(c->broken, sizeof c->broken, "%s", err.text);
        return;
    }
    take(c, lesson);
    for (int i = (int)strlen(a->given); i < lesson.step_count; i++)
        a->given[i] = a->first[i] = ANSWER_OPEN;
    a->given[lesson.step_count] = a->first[lesson.step_count] = '\0';
    a->step = a->step < lesson.step_count ? a->step : lesson.step_count - 1;
    for (int i = 0; i < lesson.step_count; i++) /* a choice that no longer exists */
        if (a->given[i] >= ANSWER_FIRST_CHOICE + lesson.steps[i].choice_count && a->given[i] != ANSWER_EARNED)
            a->given[i] = ANSWER_OPEN;
    show_step(c, m);
}

/* The frame in which it happens answers the question. */
static void see(Classroom *c, Model *m)
{
    if (!classroom_asks(c) || lesson_question(classroom_step(c)) != QUESTION_MAKE || c->due || !judge_make(m, classroom_step(c)))
        return;
    solve(c, ANSWER_EARNED);
    keep(c);
}

void classroom_frame(Classroom *c, Model *m)
{
    if (!classroom_is_open(c))
        return;
    if (c->due)
        place_step(c, m);
    see(c, m);
    if (m->now < c->checked + LOOK_SECONDS)
        return;
    c->checked = m->now;
    const int64_t modified = file_time(c->lesson.path, NULL);
    if (modified == c->modified || modified == 0)
        return;
    c->modified = modified; /* read once, even if it is broken */
    read_again(c, m, c->lesson.path);
}

void classroom_translate(Classroom *c, Model *m)
{
    char path[1200];
    const size_t n = strlen(c->lessons_dir);
    const char *file = strrchr(c->lesson.path, '/');
    if (!classroom_is_open(c) || file == NULL || strncmp(c->lesson.path, c->lessons_dir, n) != 0)
        return; /* a teacher's own file has only one language */
    snprintf(path, sizeof path, "%s/%s%s", c->lessons_dir, lang_code(m->screen.lang), file);
    if (file_time(path, NULL) != 0)
        read_again(c, m, path);
}

void classroom_refit(Classroom *c, Model *m)
{
    Err err;
    if (!classroom_is_open(c) || lesson_stage_came(&c->stage, m))
        return;
    if (lesson_fits(&c->lesson, model_net(m), &err)) {
        light(m, classroom_step(c));
        return;
    }
    classroom_close(c, m);
    model_say(m, true, "%s", err.text);
}
