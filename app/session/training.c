/* training.c - the trainings that the window can show; see training.h. */
#include "app/session/training.h"
#include "engine/base/array.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTED_MAX = 24 };

/* Puts a path on the list once; false if there is no more room. */
static bool add(Trainings *t, const char *path)
{
    for (int i = 0; i < t->count; i++)
        if (strcmp(t->paths[i], path) == 0)
            return true;
    char **grown = t->count < LISTED_MAX ? array_grow(t->paths, t->count, sizeof *grown) : NULL;
    char *copy = grown != NULL ? strdup(path) : NULL;
    if (grown != NULL)
        t->paths = grown;
    if (copy != NULL)
        t->paths[t->count++] = copy;
    return copy != NULL;
}

static void add_history(Trainings *t, const char *path)
{
    if (watch_recognise(path))
        add(t, path);
}

/* Every history in the folder, and that of every training in it. */
static void add_folder(Trainings *t, const char *folder)
{
    DIR *dir = folder != NULL ? opendir(folder) : NULL;
    if (dir == NULL)
        return;
    for (struct dirent *e = readdir(dir); e != NULL && t->count < LISTED_MAX; e = readdir(dir)) {
        char path[1200];
        const char *dot = strrchr(e->d_name, '.');
        if (e->d_name[0] == '.')
            continue;
        const bool table = dot != NULL && strcmp(dot, ".csv") == 0, here = strcmp(folder, ".") == 0;
        const int length = snprintf(path, sizeof path, "%s%s%s%s", here ? "" : folder, here ? "" : "/", e->d_name, table ? "" : "/history.csv");
        if (length < (int)sizeof path)
            add_history(t, path);
    }
    closedir(dir);
}

/* NAME.csv beside NAME.safetensors, as `train --out` writes it, or the history.csv of its folder. */
static void add_beside(Trainings *t, const char *weights)
{
    char path[1200];
    const char *slash = strrchr(weights, '/'), *dot = strrchr(weights, '.');
    const int folder = slash != NULL ? (int)(slash - weights) + 1 : 0, stem = dot != NULL && dot > weights + folder ? (int)(dot - weights) : (int)strlen(weights);
    snprintf(path, sizeof path, "%.*s.csv", stem, weights);
    add_history(t, path);
    snprintf(path, sizeof path, "%.*shistory.csv", folder, weights);
    add_history(t, path);
}

static bool open_history(Trainings *t, const char *path, Err *err)
{
    Watch watch;
    if (!watch_open(&watch, path, err))
        return false;
    watch.version = t->watch.version + 1; /* its kernels are other ones */
    watch_close(&t->watch);
    t->watch = watch;
    t->open = true;
    return true;
}

static void find_all(Trainings *t, const Model *m)
{
    Err err;
    if (m->source->source.info.path[0] != '\0')
        add_beside(t, m->source->source.info.path);
    add_folder(t, t->weights_dir);
    add_folder(t, ".");
    if (!t->open && t->count > 0)
        open_history(t, t->paths[0], &err);
}

void training_close(Trainings *t)
{
    watch_close(&t->watch);
    for (int i = 0; i < t->count; i++)
        free(t->paths[i]);
    free(t->paths);
    *t = (Trainings){.paths = NULL};
}

void training_frame(Trainings *t, const Model *m)
{
    const bool shown = m->view == VIEW_TRAIN;
    if (shown && !t->looked)
        find_all(t, m);
    t->looked = shown;
    t->watch.lang = m->screen.lang;
    t->watch.dark = m->screen.dark;
    if (shown && t->open)
        watch_frame(&t->watch, m->now);
}

void training_show(Trainings *t, Model *m, const char *path)
{
    Err err;
    if (!open_history(t, path, &err)) {
        model_say(m, true, "%s", err.text);
        return;
    }
    add(t, path);
    t->looked = true; /* what was asked for stays */
    model_view(m, VIEW_TRAIN);
}

void training_leave(Trainings *t)
{
    t->open = false;
}

void training_play(Trainings *t, const Model *m)
{
    if (t->open)
        watch_key(&t->watch, "Space", m->now);
}

void training_epoch(Trainings *t, const Model *m, Verb verb)
{
    if (t->open)
        watch_key(&t->watch, verb == VERB_EPOCH_PREV ? "Left" : verb == VERB_EPOCH_NEXT ? "Right" : verb == VERB_EPOCH_FIRST ? "Home" : "End", m->now);
}
