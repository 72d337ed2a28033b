/* watch.c - reading a training's files while it runs; see watch.h. */
#include "app/model/watch.h"

#include "engine/io/file.h"
#include "engine/io/weights.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const double LOOK_EVERY = 1.0, PLAY_EVERY = 0.35;

static void set_path(WatchFile *f, const char *folder, const char *name)
{
    snprintf(f->path, sizeof f->path, "%s%s", folder, name);
    f->stamp = ~0ull;
}

/* Whether the file exists in a version that was not read yet. */
static bool changed(WatchFile *f)
{
    int64_t size;
    const int64_t time = file_time(f->path, &size);
    if (time == 0)
        return false;
    /* Unsigned, so that it may wrap; multiplied, so that size and time do not cancel. */
    const unsigned long long stamp = (unsigned long long)time + (unsigned long long)size * 0x9e3779b97f4a7c15ull;
    if (stamp == f->stamp)
        return false;
    f->stamp = stamp;
    return true;
}

/* Reads the first layer's kernels from a weight file: the first tensor with four dimensions and three input channels. */
static bool best_kernels(const char *path, Filters *out)
{
    TensorFile *file = tensor_file_open(path, NULL);
    bool ok = false;
    for (int i = 0; file != NULL && !ok && i < file->count; i++) {
        const FileTensor *t = &file->tensors[i];
        if (t->dim_count != 4 || t->dims[1] != 3 || t->dims[2] != t->dims[3] || t->count > 1 << 20)
            continue;
        Filters f = {.epochs = 1, .o = (int)t->dims[0], .c = 3, .k = (int)t->dims[2], .values = malloc(t->count * sizeof(float))};
        if (f.values == NULL)
            break;
        tensor_copy(t, f.values);
        *out = f;
        ok = true;
    }
    tensor_file_free(file);
    return ok;
}

static void look(Watch *w)
{
    Err err = {""};
    History history;
    StepRows steps;
    Filters filters;
    Confusion confusion;
    if (changed(&w->history_file)) {
        w->problem[0] = '\0';
        if (history_load(w->history_file.path, &history, &err)) {
            history_free(&w->history);
            w->history = history;
            w->version++;
        } else {
            snprintf(w->problem, sizeof w->problem, "%s", err.text);
        }
    }
    if (changed(&w->steps_file) && step_rows_load(w->steps_file.path, &steps, NULL)) {
        step_rows_free(&w->steps);
        w->steps = steps;
        w->version++;
    }
    if (changed(&w->filters_file) && filters_load(w->filters_file.path, &filters, NULL)) {
        filters_free(&w->filters);
        w->filters = filters;
        w->filters_are_best = false;
        w->version++;
    }
    if ((w->filters.epochs == 0 || w->filters_are_best) && changed(&w->best_file) && best_kernels(w->best_file.path, &filters)) {
        filters_free(&w->filters);
        w->filters = filters;
        w->filters_are_best = true;
        w->version++;
    }
    if (changed(&w->confusion_file) && confusion_load(w->confusion_file.path, &confusion, NULL)) {
        confusion_free(&w->confusion);
        w->confusion = confusion;
        w->version++;
    }
    if (w->follow)
        w->epoch = watch_last(w);
    if (w->epoch > watch_last(w))
        w->epoch = watch_last(w);
}

/* The best weights and their confusion matrix: best.safetensors and confusion.csv in a training's folder, or NAME.safetensors and
 * NAME.confusion.csv beside NAME.csv. */
static void set_best_paths(Watch *w, const char *folder, bool is_folder)
{
    const char *path = w->history_file.path, *dot = strrchr(path, '.');
    const char *slash = strrchr(path, '/');
    set_path(&w->best_file, folder, "best.safetensors");
    set_path(&w->confusion_file, folder, "confusion.csv");
    if (is_folder || dot == NULL || (slash != NULL && dot < slash) || strcmp(slash == NULL ? path : slash + 1, "history.csv") == 0)
        return;
    snprintf(w->best_file.path, sizeof w->best_file.path, "%.*s.safetensors", (int)(dot - path), path);
    snprintf(w->confusion_file.path, sizeof w->confusion_file.path, "%.*s.confusion.csv", (int)(dot - path), path);
}

bool watch_open(Watch *w, const char *path, Err *err)
{
    *w = (Watch){.follow = true, .version = 1};
    struct stat info;
    if (stat(path, &info) != 0)
        return err_set(err, "%s: cannot read this file: %s", path, strerror(errno));
    char folder[1024];
    if (strlen(path) + 32 > sizeof folder)
        return err_set(err, "%.200s...: the path is too long", path);
    if (S_ISDIR(info.st_mode)) {
        snprintf(folder, sizeof folder, "%s/", path);
        set_path(&w->history_file, folder, "history.csv");
    } else {
        const char *slash = strrchr(path, '/');
        snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 0 : (int)(slash - path) + 1, path);
        set_path(&w->history_file, path, "");
    }
    set_best_paths(w, folder, S_ISDIR(info.st_mode));
    set_path(&w->steps_file, folder, "steps.csv");
    set_path(&w->filters_file, folder, "filters.npy");
    look(w);
    if (w->problem[0] != '\0') {
        err_set(err, "%s", w->problem);
        watch_close(w);
        return false;
    }
    return true;
}

bool watch_recognise(const char *path)
{
    static const char first[] = "# inceptoscope training history";
    struct stat info;
    char line[sizeof first], inside[1200];
    if (stat(path, &info) != 0)
        return false;
    if (S_ISDIR(info.st_mode)) {
        const int length = snprintf(inside, sizeof inside, "%s/history.csv", path);
        return length < (int)sizeof inside && stat(inside, &info) == 0 && S_ISREG(info.st_mode) && watch_recognise(inside);
    }
    FILE *file = S_ISREG(info.st_mode) ? fopen(path, "rb") : NULL; /* never a pipe: it could wait for ever */
    const bool good = file != NULL && fgets(line, sizeof line, file) != NULL && strcmp(line, first) == 0;
    if (file != NULL)
        fclose(file);
    return good;
}

void watch_close(Watch *w)
{
    history_free(&w->history);
    step_rows_free(&w->steps);
    filters_free(&w->filters);
    confusion_free(&w->confusion);
}

double watch_frame(Watch *w, double now)
{
    if (now - w->checked >= LOOK_EVERY) {
        look(w);
        w->checked = now;
    }
    if (w->playing && now >= w->play_next) {
        if (w->epoch < watch_last(w))
            w->epoch++;
        w->playing = w->epoch < watch_last(w);
        w->follow = !w->playing;
        w->play_next = now + PLAY_EVERY;
    }
    return w->playing ? w->play_next : w->checked + LOOK_EVERY;
}

void watch_go(Watch *w, int epoch)
{
    const int last = watch_last(w);
    w->epoch = epoch < 0 ? 0 : epoch > last ? last : epoch;
    w->follow = w->epoch == last;
    w->playing = false;
}

void watch_key(Watch *w, const char *key, double now)
{
    if (strcmp(key, "Left") == 0)
        watch_go(w, w->epoch - 1);
    else if (strcmp(key, "Right") == 0)
        watch_go(w, w->epoch + 1);
    else if (strcmp(key, "Home") == 0)
        watch_go(w, 0);
    else if (strcmp(key, "End") == 0)
        watch_go(w, watch_last(w));
    else if (strcmp(key, "Space") == 0) {
        w->playing = !w->playing;
        w->follow = false;
        w->play_next = now;
        if (w->playing && w->epoch == watch_last(w))
            w->epoch = 0; /* back to the start */
    } else if (strcmp(key, "t") == 0)
        w->dark = !w->dark;
    else if (strcmp(key, "f") == 0)
        w->fullscreen = !w->fullscreen;
    else if (strcmp(key, "Escape") == 0)
        w->fullscreen = false;
    else if (strcmp(key, "q") == 0)
        w->quit = true;
}

int watch_last(const Watch *w)
{
    return w->history.count == 0 ? 0 : w->history.rows[w->history.count - 1].epoch;
}

const HistoryRow *watch_row(const Watch *w)
{
    for (int i = 0; i < w->history.count; i++)
        if (w->history.rows[i].epoch == w->epoch)
            return &w->history.rows[i];
    return NULL;
}

const float *watch_kernels(const Watch *w, float pair[2])
{
    const Filters *f = &w->filters;
    const int snapshot = w->filters_are_best ? 0 : w->epoch;
    if (snapshot >= f->epochs)
        return NULL;
    const size_t one = (size_t)f->o * (size_t)f->c * (size_t)f->k * (size_t)f->k;
    const float *values = f->values + (size_t)snapshot * one;
    float largest = 0;
    for (size_t i = 0; i < one; i++) {
        if (isnan(values[i]))
            return NULL;
        largest = fmaxf(largest, fabsf(values[i]));
    }
    pair[0] = -largest;
    pair[1] = largest;
    return values;
}

int watch_best(const Watch *w, double *accuracy)
{
    int epoch = 0;
    *accuracy = -1;
    for (int i = 0; i < w->history.count; i++) {
        const HistoryRow *r = &w->history.rows[i];
        double best = fmax(r->val_accuracy, r->ema_accuracy);
        if (best > *accuracy) {
            *accuracy = best;
            epoch = r->epoch;
        }
    }
    return epoch;
}

double watch_steps_per_epoch(const Watch *w)
{
    if (w->history.count == 0)
        return 0;
    const HistoryRow *r = &w->history.rows[w->history.count - 1];
    return r->epoch > 0 ? (double)r->step / r->epoch : 0;
}

void watch_chance(const Watch *w, double *one, double *total)
{
    const History *h = &w->history;
    *one = *total = h->classes > 1 ? log(h->classes) : 0;
    double others = 0;
    for (int i = 1; h->count > 0 && i < h->head_count; i++)
        others += h->rows[0].train_head[i];
    if (others > 0)
        *total += *one * (h->head_count - 1) * (h->rows[0].train_total - h->rows[0].train_head[0]) / others;
}
