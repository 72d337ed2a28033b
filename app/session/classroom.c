/* classroom.c - runs the open lesson; see classroom.h. */
#include "app/session/classroom.h"
#include "engine/io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double LOOK_SECONDS = 1;

bool classroom_init(Classroom *c, const char *lessons_dir, bool keep)
{
    *c = (Classroom){.lessons_dir = strdup(lessons_dir), .keep = keep};
    return c->lessons_dir != NULL;
}

void classroom_free(Classroom *c)
{
    lesson_free(&c->lesson);
    free(c->lessons_dir);
    *c = (Classroom){.lessons_dir = NULL};
}

bool classroom_is_open(const Classroom *c)
{
    return c->lesson.step_count > 0;
}

static void keep(const Classroom *c)
{
    if (c->keep)
        answers_save(c->lesson.path, &c->answers);
}

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

bool classroom_show(Model *m, const LessonStep *step, Err *err)
{
    light(m, step);
    return step->at.source == NULL || model_goto(m, step->at.source, step->pos.source, step->view.source, err);
}

/* Goes to the step's place. A step without one has the place of the last step before it that has one, so that forward and back
 * look the same. */
static void show_step(Classroom *c, Model *m)
{
    Err err;
    int s = c->answers.step;
    while (c->lesson.steps[s].at.source == NULL)
        s--;
    const LessonStep *step = &c->lesson.steps[s];
    if (!model_goto(m, step->at.source, step->pos.source, step->view.source, &err))
        model_say(m, true, "%s:%d: %s", c->lesson.path, step->at.line, err.text);
    light(m, classroom_step(c));
    model_point(m, (Cursor){-1, -1, -1, -1});
    c->at = m->at;
    c->cursor = m->cursor;
    c->view = m->view;
}

bool classroom_return(Classroom *c, Model *m)
{
    const Cursor a = c->cursor, b = m->cursor;
    if (m->at == c->at && m->view == c->view && a.layer == b.layer && a.channel == b.channel && a.y == b.y && a.x == b.x)
        return false;
    show_step(c, m);
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
    lesson_free(&c->lesson);
    *c = (Classroom){.lessons_dir = c->lessons_dir, .keep = c->keep};
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
    answers_clear(&c->answers, lesson.step_count);
    if (c->keep && answers_load(path, lesson.step_count, &c->answers) && c->answers.step < 0)
        answers_clear(&c->answers, lesson.step_count); /* it was finished: start again from the beginning */
    show_step(c, m);
}

const LessonStep *classroom_step(const Classroom *c)
{
    return &c->lesson.steps[c->answers.step];
}

char classroom_answer(const Classroom *c)
{
    return c->answers.given[c->answers.step];
}

void classroom_next(Classroom *c, Model *m)
{
    Answers *a = &c->answers;
    if (!classroom_is_open(c))
        return;
    if (lesson_asks(classroom_step(c)) && a->given[a->step] == ANSWER_OPEN) {
        a->given[a->step] = ANSWER_SHOWN;
    } else if (a->step + 1 < c->lesson.step_count) {
        a->step++;
        show_step(c, m);
    } else {
        a->step = -1;
        keep(c);
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
    } else if (a->step > 0) {
        a->step--;
        show_step(c, m);
    }
    keep(c);
}

void classroom_choose(Classroom *c, int choice)
{
    Answers *a = &c->answers;
    if (!classroom_is_open(c) || choice < 0 || choice >= classroom_step(c)->choice_count)
        return;
    a->given[a->step] = (char)(ANSWER_FIRST_CHOICE + choice);
    keep(c);
}

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
        a->given[i] = ANSWER_OPEN;
    a->given[lesson.step_count] = '\0';
    a->step = a->step < lesson.step_count ? a->step : lesson.step_count - 1;
    for (int i = 0; i < lesson.step_count; i++) /* a choice that no longer exists */
        if (a->given[i] >= ANSWER_FIRST_CHOICE + lesson.steps[i].choice_count)
            a->given[i] = ANSWER_OPEN;
    show_step(c, m);
}

void classroom_frame(Classroom *c, Model *m)
{
    if (!classroom_is_open(c) || m->now < c->checked + LOOK_SECONDS)
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
    if (!classroom_is_open(c))
        return;
    if (lesson_fits(&c->lesson, model_net(m), &err)) {
        light(m, classroom_step(c));
        return;
    }
    classroom_close(c, m);
    model_say(m, true, "%s", err.text);
}
