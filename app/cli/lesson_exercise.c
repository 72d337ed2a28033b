/* lesson_exercise.c - exercises on the command line; see lesson_exercise.h. */
#include "app/cli/lesson_exercise.h"
#include "app/cli/cli.h"
#include "app/model/exercise.h"
#include "app/model/lesson.h"
#include "app/model/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char ENDING[] = ".exercise";

static bool path_of(const Exercises *x, Lang lang, const char *file, char *out, size_t size)
{
    const int n = snprintf(out, size, "%s/exercises/%s/%s", x->lessons, lang_code(lang), file);
    return n > 0 && (size_t)n < size;
}

/* By its number, its name or a path. */
static void find(const Exercises *x, const char *name, char *out, size_t size)
{
    char folder[4096];
    if (!path_of(x, x->lang, "", folder, sizeof folder) || !lesson_find(folder, ENDING, name, out, size))
        snprintf(out, size, "%s", name);
}

static bool list(const Exercises *x)
{
    char **paths, folder[4096];
    const int count = path_of(x, x->lang, "", folder, sizeof folder) ? lesson_list(folder, ENDING, &paths) : 0;
    bool good = count > 0;
    for (int i = 0; i < count; i++) {
        Exercise e;
        Err err;
        if (exercise_load(paths[i], x->networks, &e, &err)) {
            printf("%2d  %s\n    %s\n", e.number, e.title, e.goal);
            exercise_free(&e);
        } else {
            cli_complain("%s", err.text);
            good = false;
        }
    }
    if (count == 0)
        cli_complain("lesson: no exercises in %s/exercises/%s", x->lessons, lang_code(x->lang));
    else
        lesson_list_free(paths, count);
    return good;
}

/* How many checks hold; -1 if the network cannot be opened. The caller frees *out. */
static int judge(const Exercises *x, const Exercise *e, const char *network, bool tell, Net **out, Err *err)
{
    Trace trace;
    int held = 0;
    *out = NULL;
    Net *net = net_open(network, x->networks, NULL, err);
    if (net == NULL || !trace_make(net, &trace, err)) {
        net_free(net);
        return -1;
    }
    for (int i = 0; i < e->check_count; i++) {
        Err why;
        const bool holds = exercise_holds(e, i, &trace, x->networks, &why);
        held += holds;
        if (!tell)
            continue;
        printf("%s %s\n", holds ? "✓" : "✗", e->checks[i].test);
        if (!holds && e->checks[i].says != NULL)
            printf("    %s\n", e->checks[i].says);
        const char *reason = holds ? NULL : strstr(why.text, ": ");
        if (reason != NULL)
            printf("    (%s)\n", reason + 2);
    }
    trace_free(&trace);
    *out = net;
    return held;
}

/* Trains a network for which all checks hold, and tells what it has learnt. */
static bool learns(const Exercises *x, const Exercise *e, const Net *net, Err *err)
{
    FiguresSeen seen;
    char share[64];
    if (!exercise_train(e, (FiguresTask){.engine = engine_named(NULL), .net = net}, &seen, err))
        return false;
    const bool good = exercise_learnt(e, &seen);
    rational_text(e->accuracy, false, share, sizeof share);
    printf("%s ", good ? "✓" : "✗");
    printf(str(x->lang, STR_EXERCISE_LEARNT), share, e->epochs, seen.val_right, seen.val_count, seen.train_right, seen.train_count);
    putchar('\n');
    return good || err_set(err, "%s", "");
}

static bool show_or_judge(const Exercises *x, const Exercise *e, const char *network)
{
    Err err;
    bool good = true;
    if (network == NULL) {
        printf("%s\n%s\n", e->title, e->goal);
        printf(str(x->lang, STR_EXERCISE_START), e->start, e->hint_count);
        putchar('\n');
    } else {
        Net *net;
        const int held = judge(x, e, network, true, &net, &err);
        good = held == e->check_count && (e->epochs == 0 || learns(x, e, net, &err));
        net_free(net);
        if (!good && (held < 0 || held == e->check_count) && err.text[0] != '\0')
            cli_complain("%s", err.text);
        if (good)
            puts(str(x->lang, STR_EXERCISE_SOLVED));
    }
    for (int i = 0; i < x->hints && i < e->hint_count; i++)
        printf("%d. %s\n", i + 1, e->hints[i]);
    return good;
}

bool lesson_exercise(const Exercises *x, const char *name, const char *network)
{
    char path[4096];
    Exercise e;
    Err err;
    if (name == NULL)
        return list(x);
    find(x, name, path, sizeof path);
    if (!exercise_load(path, x->networks, &e, &err)) {
        cli_complain("%s", err.text);
        return false;
    }
    const bool good = show_or_judge(x, &e, network);
    exercise_free(&e);
    return good;
}

/* ---- lesson check ------------------------------------------------------------------------------------------------------------ */

static bool same(const Exercise *a, const Exercise *b, Err *err)
{
    bool good = strcmp(a->start, b->start) == 0 && a->check_count == b->check_count && a->hint_count == b->hint_count && a->epochs == b->epochs &&
                (a->epochs == 0 || rational_compare(a->accuracy, b->accuracy) == 0);
    for (int i = 0; good && i < a->check_count; i++)
        good = strcmp(a->checks[i].test, b->checks[i].test) == 0 && (a->checks[i].says == NULL) == (b->checks[i].says == NULL);
    return good || err_set(err, "%s:1: start, checks, training or number of hints differ from the other language", b->path);
}

/* The start is not trained here: it must already fail a check. */
static bool one_holds(const Exercises *x, const char *file, Err *err)
{
    Exercise first = {.check_count = 0}, e;
    bool good = true;
    for (int lang = 0; good && lang < LANG_COUNT; lang++) {
        char path[4096];
        good = path_of(x, (Lang)lang, file, path, sizeof path) && exercise_load(path, x->networks, &e, err);
        if (good && lang == 0) {
            Net *net;
            first = e;
            const int held = judge(x, &first, first.start, false, &net, err);
            net_free(net);
            good = held >= 0 && (held < first.check_count || err_set(err, "%s:1: the start solves it already", path));
        } else if (good) {
            good = same(&first, &e, err);
            exercise_free(&e);
        }
    }
    exercise_free(&first);
    return good;
}

bool lesson_exercises_hold(const Exercises *x, int *count)
{
    char **paths, folder[4096];
    bool good = true;
    for (int lang = LANG_EN; lang < LANG_COUNT; lang++) {
        const int there = path_of(x, (Lang)lang, "", folder, sizeof folder) ? lesson_list(folder, ENDING, &paths) : 0;
        *count = lang == LANG_EN ? there : *count;
        if (there != *count)
            cli_complain("lesson: %d exercises in %s, %d in English", there, lang_code((Lang)lang), *count);
        good = good && there == *count;
        for (int i = 0; lang == LANG_EN && i < there; i++) {
            Err err = {""};
            if (one_holds(x, strrchr(paths[i], '/') + 1, &err))
                continue;
            cli_complain("%s", err.text);
            good = false;
        }
        if (there > 0)
            lesson_list_free(paths, there);
    }
    return good;
}
