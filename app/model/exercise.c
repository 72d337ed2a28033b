/* exercise.c - reads and judges an exercise; see exercise.h. */
#include "app/model/exercise.h"
#include "app/model/lesson_text.h"
#include "engine/base/limits.h"
#include "engine/base/text.h"
#include "engine/io/file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct ExerciseReader {
    Exercise *e;
    LessonPlace place;          /* its line is the one that is read */
    char *epochs, *accuracy;    /* as written; owned */
    Err *err;
} ExerciseReader;

static bool fail(const ExerciseReader *r, const char *reason, const char *what)
{
    return err_set(r->err, "%s:%d: %s%.60s", r->place.path, r->place.line, reason, what);
}

/* Where a key's text belongs; NULL with a message if it may not stand here. */
static char **place_of(ExerciseReader *r, const char *key)
{
    Exercise *e = r->e;
    struct { const char *name; char **text; } once[] = {{"title", &e->title}, {"goal", &e->goal}, {"start", &e->start},
                                                        {"epochs", &r->epochs}, {"accuracy", &r->accuracy}};
    for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
        if (strcmp(key, once[i].name) == 0)
            return *once[i].text == NULL ? once[i].text : (fail(r, "given twice: ", key), NULL);
    if (strcmp(key, "check") == 0 && e->check_count < EXERCISE_CHECKS_MAX) {
        e->checks[e->check_count].line = r->place.line;
        return &e->checks[e->check_count++].test;
    }
    if (strcmp(key, "says") == 0 && e->check_count > 0 && e->checks[e->check_count - 1].says == NULL)
        return &e->checks[e->check_count - 1].says;
    if (strcmp(key, "hint") == 0 && e->hint_count < EXERCISE_HINTS_MAX)
        return &e->hints[e->hint_count++];
    fail(r, "expected title, goal, start, check (at most 12), says behind a check, epochs, accuracy, or hint (at most 8), not ", key);
    return NULL;
}

static bool read_line(void *user, char *line)
{
    ExerciseReader *r = user;
    char *text = text_trim(line), *colon = strchr(text, ':');
    if (text[0] == '\0' || text[0] == '#')
        return true;
    if (colon == NULL)
        return fail(r, "expected 'key: text', found ", text);
    *colon = '\0';
    char **place = place_of(r, text_trim(text));
    if (place == NULL)
        return false;
    *place = strdup(text_trim(colon + 1));
    return *place != NULL ? (*place)[0] != '\0' || fail(r, "nothing follows the colon", "") : fail(r, "not enough memory", "");
}

/* epochs and accuracy: both or none. */
static bool read_training(const ExerciseReader *r)
{
    ExprValue share;
    Err reason;
    if (r->epochs == NULL && r->accuracy == NULL)
        return true;
    if (r->epochs == NULL || r->accuracy == NULL)
        return fail(r, "epochs and accuracy belong together", "");
    r->e->epochs = strspn(r->epochs, "0123456789") == strlen(r->epochs) ? (int)strtol(r->epochs, NULL, 10) : 0;
    if (r->e->epochs < 1 || r->e->epochs > EXERCISE_EPOCHS_MAX)
        return fail(r, "epochs is a whole number from 1 to 100, not ", r->epochs);
    if (strspn(r->accuracy, "0123456789.%/") != strlen(r->accuracy) || !expr_eval(&(ExprScope){.trace = NULL}, r->accuracy, &share, &reason) || share.kind != EXPR_NUMBER || share.rounded || share.number.num < 0 ||
        rational_compare(share.number, (Rational){1, 1}) > 0)
        return fail(r, "accuracy is a share such as 90%, not ", r->accuracy);
    r->e->accuracy = share.number;
    return true;
}

/* The path of a start that is a file of its own: FOLDER/en/04-x.exercise has it as FOLDER/nets/x.net. */
static bool find_start(const ExerciseReader *r)
{
    Exercise *e = r->e;
    char path[1200];
    if (!text_ends(e->start, ".net") || strchr(e->start, '/') != NULL)
        return true;
    const char *slash = strrchr(e->path, '/'), *parent = slash;
    while (parent != NULL && parent > e->path && parent[-1] == '/')
        parent--; /* of several */
    while (parent != NULL && parent > e->path && parent[-1] != '/')
        parent--;
    snprintf(path, sizeof path, "%.*s%snets/%.80s", parent != NULL ? (int)(parent - e->path) : 0, e->path, slash == NULL ? "../" : "", e->start);
    free(e->start);
    return (e->start = strdup(path)) != NULL || fail(r, "not enough memory", "");
}

static bool read_all(ExerciseReader *r, const char *text, size_t size)
{
    if (!lesson_lines(text, size, &r->place, read_line, r, r->err))
        return false;
    const Exercise *e = r->e;
    return (e->title != NULL && e->goal != NULL && e->start != NULL && e->check_count > 0 && read_training(r) && find_start(r)) ||
           (r->err->text[0] == '\0' && fail(r, "an exercise needs a title, a goal, a start and a check", ""));
}

/* Computes a text's numbers and takes its Markdown away. */
static bool compute(const ExerciseReader *r, const ExprScope *scope, char **text)
{
    Prose prose;
    if (*text == NULL)
        return true;
    if (!lesson_text(scope, scope->trace->net, (LessonPlace){r->e->path, 1}, *text, NULL, &prose, r->err))
        return false;
    free(*text);
    *text = strdup(prose.text);
    prose_free(&prose);
    return *text != NULL || fail(r, "not enough memory", "");
}

static bool compute_all(const ExerciseReader *r, const char *networks_dir)
{
    Exercise *e = r->e;
    Trace trace;
    Net *net = net_open(e->start, networks_dir, NULL, r->err);
    if (net == NULL || !trace_make(net, &trace, r->err)) {
        net_free(net);
        return false;
    }
    const ExprScope scope = {.trace = &trace, .networks_dir = networks_dir};
    bool good = compute(r, &scope, &e->title) && compute(r, &scope, &e->goal);
    for (int i = 0; good && i < e->check_count; i++)
        good = compute(r, &scope, &e->checks[i].says);
    for (int i = 0; good && i < e->hint_count; i++)
        good = compute(r, &scope, &e->hints[i]);
    trace_free(&trace);
    net_free(net);
    return good;
}

bool exercise_load(const char *path, const char *networks_dir, Exercise *out, Err *err)
{
    unsigned char *text;
    size_t size;
    Exercise e = {.check_count = 0};
    ExerciseReader r = {.e = &e, .place = {e.path, 0}, .err = err};
    const char *slash = strrchr(path, '/');
    snprintf(e.path, sizeof e.path, "%s", path);
    e.number = (int)strtol(slash != NULL ? slash + 1 : path, NULL, 10);
    err->text[0] = '\0';
    if (!file_read(path, LIMIT_EXERCISE_KB << 10, NULL, &text, &size, err))
        return false;
    const bool good = read_all(&r, (const char *)text, size) && compute_all(&r, networks_dir);
    free(text);
    free(r.epochs);
    free(r.accuracy);
    if (good)
        *out = e;
    else
        exercise_free(&e);
    return good;
}

void exercise_free(Exercise *e)
{
    free(e->title);
    free(e->goal);
    free(e->start);
    for (int i = 0; i < e->check_count; i++) {
        free(e->checks[i].test);
        free(e->checks[i].says);
    }
    for (int i = 0; i < e->hint_count; i++)
        free(e->hints[i]);
    *e = (Exercise){.check_count = 0};
}

bool exercise_holds(const Exercise *e, int i, const Trace *trace, const char *networks_dir, Err *err)
{
    const ExprScope scope = {.trace = trace, .networks_dir = networks_dir};
    return lesson_expect(&scope, (LessonPlace){e->path, e->checks[i].line}, e->checks[i].test, err);
}

void exercise_sides(const Exercise *e, int i, const Trace *trace, const char *networks_dir, char *out, size_t size)
{
    static const char *const signs[] = {"<=", ">=", "!=", "==", "<", ">", "="};
    const ExprScope scope = {.trace = trace, .networks_dir = networks_dir};
    ExprValue left, right;
    Err err;
    char got[96], wanted[96];
    const char *test = e->checks[i].test, *sign = "";
    out[0] = '\0';
    for (size_t k = 0; sign[0] == '\0' && k < sizeof signs / sizeof signs[0]; k++)
        if (strstr(test, signs[k]) != NULL)
            sign = signs[k];
    if (!expr_sides(&scope, test, &left, &right, &err))
        return;
    expr_value_text(&left, true, got, sizeof got);
    expr_value_text(&right, true, wanted, sizeof wanted);
    snprintf(out, size, "%s %s %s", got, sign, wanted);
}

bool exercise_train(const Exercise *e, FiguresTask task, FiguresSeen *out, Err *err)
{
    task.epochs = e->epochs;
    task.seed = EXERCISE_SEED;
    return figures_train(&task, out, err);
}

bool exercise_learnt(const Exercise *e, const FiguresSeen *seen)
{
    Rational share;
    return seen->epoch == e->epochs && rational_make(seen->val_right, seen->val_count, &share) && rational_compare(share, e->accuracy) >= 0;
}
