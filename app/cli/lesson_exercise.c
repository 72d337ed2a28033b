/* lesson_exercise.c - exercises on the command line; see lesson_exercise.h. */
#include "app/cli/lesson_exercise.h"
#include "app/cli/cli.h"
#include "app/model/exercise.h"
#include "engine/base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXERCISES_MAX = 99 };

static bool path_of(const Exercises *x, Lang lang, const char *file, char *out, size_t size)
{
    const int n = snprintf(out, size, "%s/exercises/%s/%s", x->lessons, lang_code(lang), file);
    return n > 0 && (size_t)n < size;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The files of the language, sorted; the caller frees each. */
static int files_of(const Exercises *x, Lang lang, char *files[EXERCISES_MAX])
{
    char folder[4096];
    int count = 0;
    DIR *dir = path_of(x, lang, "", folder, sizeof folder) ? opendir(folder) : NULL;
    for (struct dirent *e; dir != NULL && count < EXERCISES_MAX && (e = readdir(dir)) != NULL;)
        if (e->d_name[0] != '.' && text_ends(e->d_name, ".exercise") && (files[count] = strdup(e->d_name)) != NULL)
            count++;
    if (dir != NULL)
        closedir(dir);
    qsort(files, (size_t)count, sizeof *files, by_name);
    return count;
}

/* By its number, its name or a path. */
static void find(const Exercises *x, const char *name, char *out, size_t size)
{
    char *files[EXERCISES_MAX];
    const int count = files_of(x, x->lang, files);
    const bool number = name[0] != '\0' && strspn(name, "0123456789") == strlen(name);
    snprintf(out, size, "%s", name);
    for (int i = 0; i < count; i++) {
        const size_t stem = strcspn(files[i], ".");
        if (number ? strtol(files[i], NULL, 10) == strtol(name, NULL, 10) : strlen(name) == stem && strncmp(files[i], name, stem) == 0)
            path_of(x, x->lang, files[i], out, size);
        free(files[i]);
    }
}

static bool list(const Exercises *x)
{
    char *files[EXERCISES_MAX], path[4096];
    const int count = files_of(x, x->lang, files);
    bool good = count > 0;
    for (int i = 0; i < count; i++) {
        Exercise e;
        Err err;
        if (path_of(x, x->lang, files[i], path, sizeof path) && exercise_load(path, x->networks, &e, &err)) {
            printf("%2ld  %s\n    %s\n", strtol(files[i], NULL, 10), e.title, e.goal);
            exercise_free(&e);
        } else {
            cli_complain("%s", err.text);
            good = false;
        }
        free(files[i]);
    }
    if (count == 0)
        cli_complain("lesson: no exercises in %s/exercises/%s", x->lessons, lang_code(x->lang));
    return good;
}

/* How many checks hold; -1 if the network cannot be opened. */
static int judge(const Exercises *x, const Exercise *e, const char *network, bool tell, Err *err)
{
    Trace trace;
    int held = 0;
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
    net_free(net);
    return held;
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
        const int held = judge(x, e, network, true, &err);
        if (held < 0)
            cli_complain("%s", err.text);
        good = held == e->check_count;
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
    bool good = strcmp(a->start, b->start) == 0 && a->check_count == b->check_count && a->hint_count == b->hint_count;
    for (int i = 0; good && i < a->check_count; i++)
        good = strcmp(a->checks[i].test, b->checks[i].test) == 0 && (a->checks[i].says == NULL) == (b->checks[i].says == NULL);
    return good || err_set(err, "%s:1: start, checks or number of hints differ from the other language", b->path);
}

static bool one_holds(const Exercises *x, const char *file, Err *err)
{
    Exercise first = {.check_count = 0}, e;
    bool good = true;
    for (int lang = 0; good && lang < LANG_COUNT; lang++) {
        char path[4096];
        good = path_of(x, (Lang)lang, file, path, sizeof path) && exercise_load(path, x->networks, &e, err);
        if (good && lang == 0) {
            first = e;
            const int held = judge(x, &first, first.start, false, err);
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
    char *files[EXERCISES_MAX], *others[EXERCISES_MAX];
    bool good = true;
    *count = files_of(x, LANG_EN, files);
    for (int i = 0; i < *count; i++) {
        Err err = {""};
        if (!one_holds(x, files[i], &err)) {
            cli_complain("%s", err.text);
            good = false;
        }
        free(files[i]);
    }
    for (int lang = LANG_EN + 1; lang < LANG_COUNT; lang++) {
        const int there = files_of(x, (Lang)lang, others);
        if (there != *count)
            cli_complain("lesson: %d exercises in %s, %d in English", there, lang_code((Lang)lang), *count);
        good = good && there == *count;
        for (int i = 0; i < there; i++)
            free(others[i]);
    }
    return good;
}
