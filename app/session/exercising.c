/* exercising.c - see exercising.h. */
#include "app/session/exercising.h"
#include "app/session/save.h"
#include "app/model/lesson.h"
#include "engine/base/safe_file.h"
#include "engine/io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double LOOK_SECONDS = 1;

void exercising_open(Exercising *x, Model *m, const char *path)
{
    Exercise e;
    Err err;
    if (!exercise_load(path, m->networks_dir, &e, &err)) {
        model_say(m, true, "%s", err.text);
        return;
    }
    exercising_close(x);
    *x = (Exercising){.open = true, .exercise = e};
    for (int i = 0; e.epochs > 0 && i < EXERCISE_SAMPLES; i++)
        figures_sample(i, EXERCISE_SAMPLE_SIDE, EXERCISE_SAMPLE_SIDE, x->samples[i]);
}

static void forget_training(Exercising *x)
{
    exercise_training_leave(x->training);
    x->training = NULL;
    x->seen = (FiguresSeen){.epoch = 0};
    x->problem.text[0] = '\0';
}

void exercising_close(Exercising *x)
{
    if (!x->open)
        return;
    forget_training(x);
    exercise_free(&x->exercise);
    *x = (Exercising){.open = false};
}

static void judge(Exercising *x, const Model *m)
{
    Err why;
    x->held = 0;
    for (int i = 0; i < x->exercise.check_count; i++) {
        ExerciseVerdict *v = &x->verdicts[i];
        v->holds = exercise_holds(&x->exercise, i, &m->trace, m->networks_dir, &why);
        exercise_sides(&x->exercise, i, &m->trace, m->networks_dir, v->sides, sizeof v->sides);
        v->lacks[0] = '\0';
        const char *reason = !v->holds && v->sides[0] == '\0' ? strstr(why.text, ": ") : NULL;
        if (reason != NULL)
            snprintf(v->lacks, sizeof v->lacks, "%.190s", reason + 2);
        x->held += v->holds;
    }
}

/* The network's own file, if it was made from a description. */
static const char *file_of(const Model *m)
{
    const Source *s = &m->source->source;
    return s->info.path[0] == '\0' || strcmp(s->info.path, s->net->source) == 0 ? s->net->source : "";
}

static void watch_file(Exercising *x, Model *m, Opening *opening)
{
    const char *path = file_of(m);
    if (opening->job != NULL || m->now < x->checked + LOOK_SECONDS || path[0] == '\0')
        return;
    x->checked = m->now;
    const int64_t now = file_time(path, NULL);
    if (now != x->modified && now != 0)
        opening_start(opening, m, path, false);
    x->modified = now != 0 ? now : x->modified;
}

void exercising_frame(Exercising *x, Model *m, Opening *opening)
{
    if (!x->open)
        return;
    if (x->judged != model_net(m)) {
        forget_training(x);
        x->judged = model_net(m);
        x->modified = file_time(file_of(m), NULL);
        judge(x, m);
    }
    watch_file(x, m, opening);
    if (x->training == NULL)
        return;
    exercise_training_seen(x->training, &x->seen);
    if (exercise_training_done(x->training)) {
        exercise_training_end(x->training, &x->seen, &x->problem);
        x->training = NULL;
    }
}

void exercising_translate(Exercising *x, Model *m)
{
    char path[sizeof x->exercise.path];
    Exercise e;
    Err err;
    if (!x->open)
        return;
    char *folder = NULL;
    snprintf(path, sizeof path, "%s", x->exercise.path);
    for (char *p = path; (p = strchr(p, '/')) != NULL; p++)
        if (p[1] != '\0' && p[2] != '\0' && p[3] == '/')
            folder = p + 1; /* the last folder of two letters is that of the language */
    if (folder == NULL)
        return;
    memcpy(folder, lang_code(m->screen.lang), 2);
    if (!exercise_load(path, m->networks_dir, &e, &err)) {
        model_say(m, true, "%s", err.text);
        return;
    }
    exercise_free(&x->exercise);
    x->exercise = e;
    x->hints = x->hints < e.hint_count ? x->hints : e.hint_count;
    x->judged = x->judged != NULL && e.check_count > 0 ? x->judged : NULL;
    judge(x, m);
}

bool exercising_busy(const Exercising *x)
{
    return x->training != NULL;
}

void exercising_hint(Exercising *x)
{
    if (x->open)
        x->hints = x->hints < x->exercise.hint_count ? x->hints + 1 : 0;
}

void exercising_train(Exercising *x, Model *m)
{
    if (!x->open || x->exercise.epochs == 0)
        return;
    if (x->training != NULL) {
        forget_training(x);
        return;
    }
    if (x->held < x->exercise.check_count) {
        model_say(m, true, "%s", model_text(m, STR_EXERCISE_FIRST));
        return;
    }
    forget_training(x);
    x->training = exercise_training_start(&x->exercise, m->source, m->wake, m->wake_user, &x->problem);
    if (x->training == NULL)
        model_say(m, true, "%s", x->problem.text);
}

void exercising_copy(Exercising *x, Model *m, Opening *opening)
{
    char name[128], path[256];
    size_t bytes;
    Err err;
    if (!x->open)
        return;
    const char *stem = lesson_stem(x->exercise.path, &bytes);
    Net *net = net_open(x->exercise.start, m->networks_dir, NULL, &err);
    if (net == NULL) {
        model_say(m, true, "%s", err.text);
        return;
    }
    snprintf(name, sizeof name, "exercise-%.*s", (int)(bytes < 100 ? bytes : 100), stem);
    save_numbered(&(Saving){NULL}, name, ".net", path, sizeof path);
    const bool good = safe_file_put(path, net->text, net->text_length, &err);
    net_free(net);
    if (good)
        opening_start(opening, m, path, false);
    saving_said(m, good, path, &err);
}

bool exercising_solved(const Exercising *x)
{
    return x->open && x->held == x->exercise.check_count && (x->exercise.epochs == 0 || (x->training == NULL && exercise_learnt(&x->exercise, &x->seen)));
}
