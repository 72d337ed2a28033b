/* lesson_run.c - a lesson in class: its verbs, what is kept of it, and the file being edited meanwhile. */
#include "app/model/model_private.h"
#include "engine/io/file.h"

#include <stdio.h>
#include <string.h>

static const double LOOK_SECONDS = 1;

static void keep(const Model *m)
{
    if (m->recent.keep)
        answers_save(m->lesson.path, &m->class.answers);
}

/* The parts that the step wants lit. */
static void light(Model *m, const LessonStep *step)
{
    char part[NET_NAME_MAX + 32];
    Address a;
    m->class.lit_count = 0;
    for (int i = 0; i < LESSON_LIT_MAX && lesson_shown(step, i, part, sizeof part); i++)
        if (net_address(model_net(m), part, &a, NULL))
            m->class.lit[m->class.lit_count++] = (Cursor){a.layer, a.channel, -1, -1};
}

bool model_lesson_show(Model *m, const LessonStep *step, Err *err)
{
    light(m, step);
    return step->at.source == NULL || model_goto(m, step->at.source, step->pos.source, step->view.source, err);
}

/* Where the step stands, or else the last one before it that says so: the same on the way forth and back. */
static void stand(Model *m)
{
    Err err;
    int s = m->class.answers.step;
    while (m->lesson.steps[s].at.source == NULL)
        s--;
    const LessonStep *step = &m->lesson.steps[s];
    if (!model_goto(m, step->at.source, step->pos.source, step->view.source, &err))
        model_say(m, true, "%s:%d: %s", m->lesson.path, step->at.line, err.text);
    light(m, &m->lesson.steps[m->class.answers.step]);
    m->hover = (Cursor){-1, -1, -1, -1};
}

static bool load(const Model *m, const char *path, Lesson *out, Err *err)
{
    return lesson_load(path, m->networks_dir, model_net(m), out, err);
}

static void take(Model *m, Lesson lesson)
{
    lesson_free(&m->lesson);
    m->lesson = lesson;
    m->class.broken[0] = '\0';
    m->class.modified = file_time(lesson.path, NULL);
}

static void close_lesson(Model *m)
{
    lesson_free(&m->lesson);
    m->class = (Classroom){.lit_count = 0};
}

void model_lesson_open(Model *m, const char *path)
{
    Lesson lesson;
    Err err;
    m->overlay = OVERLAY_NONE;
    if (path == NULL) {
        close_lesson(m);
        return;
    }
    if (!load(m, path, &lesson, &err)) {
        model_say(m, true, "%s", err.text);
        return;
    }
    close_lesson(m);
    take(m, lesson);
    answers_clear(&m->class.answers, lesson.step_count);
    if (m->recent.keep && answers_load(path, lesson.step_count, &m->class.answers) && m->class.answers.step < 0)
        answers_clear(&m->class.answers, lesson.step_count); /* finished: once more from the beginning */
    stand(m);
}

char model_lesson_answer(const Model *m)
{
    return m->class.answers.given[m->class.answers.step];
}

void model_lesson_next(Model *m)
{
    Answers *a = &m->class.answers;
    if (m->lesson.step_count == 0)
        return;
    if (lesson_asks(&m->lesson.steps[a->step]) && a->given[a->step] == ANSWER_OPEN) {
        a->given[a->step] = ANSWER_SHOWN;
    } else if (a->step + 1 < m->lesson.step_count) {
        a->step++;
        stand(m);
    } else {
        a->step = -1;
        keep(m);
        close_lesson(m);
        return;
    }
    keep(m);
}

void model_lesson_prev(Model *m)
{
    Answers *a = &m->class.answers;
    if (m->lesson.step_count == 0)
        return;
    if (a->given[a->step] != ANSWER_OPEN) {
        a->given[a->step] = ANSWER_OPEN;
    } else if (a->step > 0) {
        a->step--;
        stand(m);
    }
    keep(m);
}

void model_lesson_choose(Model *m, int choice)
{
    Answers *a = &m->class.answers;
    if (m->lesson.step_count == 0 || choice < 0 || choice >= m->lesson.steps[a->step].choice_count)
        return;
    a->given[a->step] = (char)(ANSWER_FIRST_CHOICE + choice);
    keep(m);
}

/* Reads the lesson again, from the same file or that of another language: the class stays where it is. */
static void read_again(Model *m, const char *path)
{
    Lesson lesson;
    Err err;
    Answers *a = &m->class.answers;
    if (!load(m, path, &lesson, &err)) {
        snprintf(m->class.broken, sizeof m->class.broken, "%s", err.text);
        return;
    }
    take(m, lesson);
    for (int i = (int)strlen(a->given); i < lesson.step_count; i++)
        a->given[i] = ANSWER_OPEN;
    a->given[lesson.step_count] = '\0';
    a->step = a->step < lesson.step_count ? a->step : lesson.step_count - 1;
    for (int i = 0; i < lesson.step_count; i++) /* a choice that is no longer there */
        if (a->given[i] >= ANSWER_FIRST_CHOICE + lesson.steps[i].choice_count)
            a->given[i] = ANSWER_OPEN;
    stand(m);
}

void model_lesson_watch(Model *m)
{
    if (m->lesson.step_count == 0 || m->now < m->class.checked + LOOK_SECONDS)
        return;
    m->class.checked = m->now;
    const int64_t modified = file_time(m->lesson.path, NULL);
    if (modified == m->class.modified || modified == 0)
        return;
    m->class.modified = modified; /* asked for once, also when it is broken */
    read_again(m, m->lesson.path);
}

void model_lesson_translate(Model *m)
{
    char path[1200];
    const size_t n = strlen(m->lessons_dir);
    const char *file = strrchr(m->lesson.path, '/');
    if (m->lesson.step_count == 0 || file == NULL || strncmp(m->lesson.path, m->lessons_dir, n) != 0)
        return; /* a teacher's own file has one language */
    snprintf(path, sizeof path, "%s/%s%s", m->lessons_dir, lang_code(m->screen.lang), file);
    if (file_time(path, NULL) != 0)
        read_again(m, path);
}

void model_lesson_refit(Model *m)
{
    Err err;
    if (m->lesson.step_count == 0)
        return;
    if (lesson_fits(&m->lesson, model_net(m), &err)) {
        light(m, &m->lesson.steps[m->class.answers.step]);
        return;
    }
    close_lesson(m);
    model_say(m, true, "%s", err.text);
}
