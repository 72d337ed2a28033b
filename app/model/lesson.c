/* lesson.c - checks and resolves a lesson's numbers, addresses and steps, and lists lessons. See lesson.h. */
#include "app/model/lesson_private.h"
#include "app/model/lesson_question.h"
#include "app/model/lesson_text.h"
#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/base/rng.h"
#include "engine/base/text.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- networks ------------------------------------------------------------------------------------------------------- */

typedef struct Opened {
    const char *name;           /* borrowed */
    int classes;                /* 0: as in the description */
    Net *net;
    Trace trace;
} Opened;

/* What a lesson is read with: the networks that it names, each opened once, and the one that the window shows. */
typedef struct Reading {
    Lesson *lesson;
    const char *networks_dir;
    const Net *stage;           /* of the steps that name no network */
    const Trace *numbers;       /* what these are about */
    Opened opened[LIMIT_LESSON_NETWORKS];
    int count;
} Reading;

/* A named network with so many classes (0: as in its description) and its trace, opened if it is the first to ask; the message begins with
 * the line that names it. NULL on failure. */
static const Opened *open_network(Reading *r, const char *name, int classes, int line, Err *err)
{
    Err reason;
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->opened[i].name, name) == 0 && r->opened[i].classes == classes)
            return &r->opened[i];
    if (r->count == LIMIT_LESSON_NETWORKS) {
        err_set(err, "%s:%d: a lesson can have at most %d networks", r->lesson->path, line, LIMIT_LESSON_NETWORKS);
        return NULL;
    }
    Opened *o = &r->opened[r->count];
    *o = (Opened){.name = name, .classes = classes, .net = net_open(name, r->networks_dir, &(NetOptions){.classes = classes}, &reason)};
    if (o->net == NULL || !trace_make(o->net, &o->trace, &reason)) {
        net_free(o->net);
        err_set(err, "%s:%d: %s", r->lesson->path, line, reason.text);
        return NULL;
    }
    r->count++;
    return o;
}

static void close_networks(Reading *r)
{
    for (int i = 0; i < r->count; i++) {
        trace_free(&r->opened[i].trace);
        net_free(r->opened[i].net);
    }
}

const LessonField *lesson_network(const Lesson *lesson, const LessonStep *step)
{
    return step->network.source != NULL ? &step->network : &lesson->stage;
}

const LessonField *lesson_picture(const Lesson *lesson, const LessonStep *step)
{
    return step->picture.source != NULL ? &step->picture : &lesson->picture;
}

int lesson_classes(const LessonStep *step)
{
    return step->classes.source != NULL ? (int)strtol(step->classes.source, NULL, 10) : 0;
}

int lesson_stage_step(const Lesson *lesson, int s)
{
    while (s > 0 && lesson->steps[s].at.source == NULL)
        s--;
    return s;
}

/* ---- numbers -------------------------------------------------------------------------------------------------------- */

/* One text's network: that of its step. */
typedef struct Texts {
    const char *path;
    ExprScope scope;
    const Net *stage;
} Texts;

static bool resolve(const Texts *t, LessonField *field, Secrets *secrets, Err *err)
{
    return field->source == NULL || lesson_text(&t->scope, t->stage, (LessonPlace){t->path, field->line}, field->source, secrets, &field->prose, err);
}

/* A right choice that says zero in words. */
static bool says_none(const char *text) { return strcmp(text, "none") == 0 || strcmp(text, "没有") == 0; }

/* The choices and replies; the numbers of the right choice are secrets. With a typed answer the wrong numbers are no texts. */
static bool resolve_choices(const Texts *t, LessonStep *s, Err *err)
{
    int right = 0;
    for (int i = 0; i < s->choice_count; i++) {
        LessonChoice *c = &s->choices[i];
        if (!resolve(t, &c->field, c->right ? &s->secrets : NULL, err) || !resolve(t, &c->reply, NULL, err))
            return false;
        if (c->right && says_none(c->field.prose.text) && !secrets_number(&s->secrets, (Rational){0, 1}))
            return err_set(err, "%s:%d: more than 32 numbers are hidden while this question is open", t->path, c->field.line);
        right += c->right;
    }
    if (s->choice_count > 0 && right != 1 && s->answer.source == NULL)
        return err_set(err, "%s:%d: %s of the choices is right; exactly one must be", t->path, s->ask.line, right == 0 ? "none" : "more than one");
    return true;
}

static bool resolve_step(const Texts *t, LessonStep *s, Err *err)
{
    bool good = resolve(t, &s->title, NULL, err) && resolve(t, &s->say, NULL, err) && resolve(t, &s->ask, NULL, err) && resolve_choices(t, s, err) &&
                resolve(t, &s->reveal, NULL, err) && question_evaluate(&t->scope, t->path, s, err);
    if (good && s->reveal.source != NULL && s->ask.source == NULL)
        good = err_set(err, "%s:%d: a reveal answers a question; write 'ask: ...' before it", t->path, s->reveal.line);
    if (good && s->ask.source != NULL && !lesson_asks(s))
        good = err_set(err, "%s:%d: nothing answers this question; write 'reveal: ...', 'right: ...', 'answer: ...', 'point: ...' or 'make: ...' after it",
                       t->path, s->ask.line);
    for (int i = 0; good && i < s->expect_count; i++)
        good = lesson_expect(&t->scope, (LessonPlace){t->path, s->expects[i].line}, s->expects[i].source, err);
    return good;
}

/* A whole number of a lesson, or nothing. */
static bool whole(const Lesson *l, const LessonField *field, const char *name, Err *err)
{
    return field->source == NULL || strspn(field->source, "0123456789") == strlen(field->source) ||
           err_set(err, "%s:%d: %s is a whole number, not '%.40s'", l->path, field->line, name, field->source);
}

/* The number of classes of a step's network, which must be one that the description leaves open. */
static bool classes_fit(const Lesson *l, const LessonStep *s, const Net *net, Err *err)
{
    const LessonField *field = &s->classes;
    if (field->source == NULL)
        return true;
    if (net == NULL)
        return err_set(err, "%s:%d: classes needs `network` in the same step, or `stage` in the lesson", l->path, field->line);
    return net_scores(net, 0) == lesson_classes(s) ||
           err_set(err, "%s:%d: %s has %d classes whatever is asked for; its description does not say `classes` in the last row", l->path, field->line, net->name, net_scores(net, 0));
}

static bool step_fits(const Lesson *l, const LessonStep *s, const Net *net, Err *err);

/* Every text, and the steps that have a network of their own; a step without a place shows the stage of the step before. */
static bool resolve_all(Reading *r, Err *err)
{
    Lesson *l = r->lesson;
    const Texts usual = {l->path, {.trace = r->numbers, .networks_dir = r->networks_dir}, r->stage};
    if (!whole(l, &l->minutes, "minutes", err) || !whole(l, &l->seed, "seed", err) || !resolve(&usual, &l->title, NULL, err) ||
        !resolve(&usual, &l->teaches, NULL, err) || !resolve(&usual, &l->board, NULL, err) || !resolve(&usual, &l->slips, NULL, err))
        return false;
    for (int i = 0; i < l->step_count; i++) {
        LessonStep *s = &l->steps[i];
        const LessonStep *shown = &l->steps[lesson_stage_step(l, i)];
        const LessonField *network = lesson_network(l, shown);
        Texts own = usual;
        if (!whole(l, &s->classes, "classes", err) || (network->source == NULL && s == shown && !classes_fit(l, s, NULL, err)))
            return false;
        if (network->source != NULL) {
            const Opened *o = open_network(r, network->source, lesson_classes(shown), network->line, err);
            if (o == NULL)
                return false;
            own = (Texts){l->path, {.trace = &o->trace, .networks_dir = r->networks_dir}, o->net};
            if (s == shown && !classes_fit(l, s, o->net, err))
                return false;
        }
        if (!resolve_step(&own, s, err) || (network->source != NULL && !step_fits(l, s, own.stage, err)))
            return false;
    }
    return true;
}

bool lesson_evaluate(Lesson *lesson, const char *networks_dir, const Net *stage, Err *err)
{
    static const char usual[] = "googlenet";
    Reading r = {.lesson = lesson, .networks_dir = networks_dir};
    const LessonField *named = &lesson->network;
    const Opened *numbers = open_network(&r, named->source != NULL ? named->source : usual, 0, named->source != NULL ? named->line : 1, err);
    const Opened *shown = numbers != NULL && stage == NULL ? open_network(&r, usual, 0, 1, err) : numbers;
    bool good = numbers != NULL && shown != NULL;
    if (good) {
        r.numbers = &numbers->trace;
        r.stage = stage != NULL ? stage : shown->net;
        good = resolve_all(&r, err) && lesson_fits(lesson, r.stage, err);
    }
    close_networks(&r);
    return good;
}

/* ---- steps ------------------------------------------------------------------------------------------------------------ */

Question lesson_question(const LessonStep *step)
{
    if (step->answer.source != NULL)
        return QUESTION_NUMBER;
    if (step->point.source != NULL || step->make.source != NULL)
        return step->point.source != NULL ? QUESTION_POINT : QUESTION_MAKE;
    return step->choice_count > 0 ? QUESTION_CHOICE : step->reveal.source != NULL ? QUESTION_OPEN : QUESTION_NONE;
}

bool lesson_asks(const LessonStep *step)
{
    return lesson_question(step) != QUESTION_NONE;
}

void lesson_order(const Lesson *lesson, int step, uint64_t seed, int order[LIMIT_LESSON_CHOICES])
{
    size_t bytes;
    const char *stem = lesson_stem(lesson->path, &bytes);
    const uint64_t name = hash_bytes(HASH_START, stem, bytes);
    if (seed == 0 && lesson->seed.source != NULL)
        seed = strtoull(lesson->seed.source, NULL, 10);
    Rng rng = rng_make(seed ^ name, (uint64_t)step);
    for (int i = 0; i < LIMIT_LESSON_CHOICES; i++)
        order[i] = i;
    rng_shuffle(&rng, order, lesson->steps[step].choice_count);
}

bool lesson_shown(const LessonStep *step, int i, char *out, size_t size)
{
    const char *p = step->show.source;
    for (; p != NULL && i > 0; i--) {
        p = strchr(p, ',');
        p = p != NULL ? p + 1 : NULL;
    }
    if (p == NULL)
        return false;
    while (isspace((unsigned char)*p))
        p++;
    size_t n = strcspn(p, ",");
    while (n > 0 && isspace((unsigned char)p[n - 1]))
        n--;
    snprintf(out, size, "%.*s", (int)n, p);
    return true;
}

/* An address of the stage. */
static bool address_fits(const Lesson *l, int line, const Net *stage, const char *text, Address *a, Err *err)
{
    Err reason;
    if (net_address(stage, text, a, &reason))
        return true;
    const bool other = l->network.source != NULL && strcmp(l->network.source, stage->name) != 0;
    return err_set(err, "%s:%d: %s%s%s%s", l->path, line, reason.text, other ? "; `network:` changes only the numbers; write `stage: " : "",
                   other ? l->network.source : "", other ? "` for what the steps show" : "");
}

static bool links_fit(const Lesson *l, const LessonField *field, const Net *net, Err *err)
{
    Address a;
    for (int i = 0; i < field->prose.span_count; i++)
        if (field->prose.spans[i].link[0] != '\0' && !address_fits(l, field->line, net, field->prose.spans[i].link, &a, err))
            return false;
    return true;
}

/* The stage's look: a colour map, a range, switches. */
static bool look_fits(const Lesson *l, const LessonStep *s, const Net *net, Err *err)
{
    Look look = {0};
    Err reason;
    if (s->map.source != NULL && !look_parse_map(s->map.source, &look))
        return err_set(err, "%s:%d: there is no colour map '%.40s'", l->path, s->map.line, s->map.source);
    if (s->range.source != NULL && !look_parse_range(s->range.source, &look))
        return err_set(err, "%s:%d: a range is map, layer, module or LOW,HIGH, not '%.40s'", l->path, s->range.line, s->range.source);
    if (s->switches.source != NULL && !net_check_modules(net, s->switches.source, &reason))
        return err_set(err, "%s:%d: %s", l->path, s->switches.line, reason.text);
    return true;
}

/* What belongs to a place needs one. */
static bool has_place(const Lesson *l, const LessonStep *s, Err *err)
{
    const LessonField *fields[] = {&s->pos, &s->view, &s->network, &s->classes, &s->picture, &s->chosen, &s->map, &s->range, &s->switches};
    static const char *const names[] = {"pos", "view", "network", "classes", "picture", "class", "map", "range", "switches"};
    for (size_t i = 0; s->at.source == NULL && i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i]->source != NULL)
            return err_set(err, "%s:%d: %s needs `at` in the same step", l->path, fields[i]->line, names[i]);
    return true;
}

static bool question_fits(const Lesson *l, const LessonStep *s, const Net *net, Err *err)
{
    Spot spots[SPOTS_MAX];
    Deed deeds[DEEDS_MAX];
    Err reason;
    if (s->point.source != NULL && spots_parse(net, s->point.source, spots, &reason) < 0)
        return err_set(err, "%s:%d: %s", l->path, s->point.line, reason.text);
    if (s->make.source != NULL && deeds_parse(net, s->make.source, deeds, &reason) < 0)
        return err_set(err, "%s:%d: %s", l->path, s->make.line, reason.text);
    return true;
}

static bool step_fits(const Lesson *l, const LessonStep *s, const Net *net, Err *err)
{
    Address a, shown;
    int y, x;
    char rest, part[NET_NAME_MAX + 32];
    ViewKind view;
    if (!has_place(l, s, err) || (s->at.source != NULL && !address_fits(l, s->at.line, net, s->at.source, &a, err)))
        return false;
    if (s->pos.source != NULL && (sscanf(s->pos.source, "%d,%d%c", &y, &x, &rest) != 2 || y < 0 || x < 0 || y >= net->layers[a.layer].out.h ||
                                  x >= net->layers[a.layer].out.w))
        return err_set(err, "%s:%d: pos '%.40s' is not a row,column of %s", l->path, s->pos.line, s->pos.source, s->at.source);
    if (s->view.source != NULL && !view_parse(s->view.source, &view))
        return err_set(err, "%s:%d: there is no view '%s'", l->path, s->view.line, s->view.source);
    for (int i = 0; lesson_shown(s, i, part, sizeof part); i++)
        if (!address_fits(l, s->show.line, net, part, &shown, err))
            return false;
    return look_fits(l, s, net, err) && question_fits(l, s, net, err) && links_fit(l, &s->say, net, err) && links_fit(l, &s->ask, net, err) &&
           links_fit(l, &s->reveal, net, err);
}

bool lesson_fits(const Lesson *lesson, const Net *stage, Err *err)
{
    if (lesson->steps[0].at.source == NULL)
        return err_set(err, "%s:%d: the first step says where the lesson begins; write 'at: ...'", lesson->path, lesson->steps[0].title.line);
    for (int s = 0; s < lesson->step_count; s++)
        if (lesson_network(lesson, &lesson->steps[lesson_stage_step(lesson, s)])->source == NULL && !step_fits(lesson, &lesson->steps[s], stage, err))
            return false;
    return true;
}

/* ---- two languages ------------------------------------------------------------------------------------------------------ */

static bool same_field(const Lesson *b, int step_line, const LessonField *x, const LessonField *y, const char *key, Err *err)
{
    const char *p = x->source != NULL ? x->source : "", *q = y->source != NULL ? y->source : "";
    return strcmp(p, q) == 0 || err_set(err, "%s:%d: %s is '%.60s' here and '%.60s' in the other language", b->path,
                                        y->source != NULL ? y->line : step_line, key, q, p);
}

/* The expressions of two texts: the same ones in the same order, whatever the words are. */
static bool same_numbers(const Lesson *b, const LessonField *x, const LessonField *y, const char *key, Err *err)
{
    const char *p = x->source, *q = y->source;
    while (p != NULL && q != NULL) {
        p = strchr(p, '{');
        q = strchr(q, '{');
        const size_t n = p != NULL ? strcspn(p, "}") : 0, k = q != NULL ? strcspn(q, "}") : 0;
        if (n != k || strncmp(p != NULL ? p : "", q != NULL ? q : "", n) != 0)
            return err_set(err, "%s:%d: %s computes %.*s here and %.*s in the other language", b->path, y->line, key, q != NULL ? (int)k + 1 : 7,
                           q != NULL ? q : "nothing", p != NULL ? (int)n + 1 : 7, p != NULL ? p : "nothing");
        p = p != NULL ? p + n : NULL;
        q = q != NULL ? q + k : NULL;
    }
    return true;
}

static bool same_choices(const Lesson *b, const LessonStep *x, const LessonStep *y, Err *err)
{
    for (int i = 0; i < x->choice_count; i++) {
        const LessonChoice *c = &x->choices[i], *d = &y->choices[i];
        if (c->right != d->right)
            return err_set(err, "%s:%d: in the other language a different choice is right", b->path, d->field.line);
        if ((c->reply.source != NULL) != (d->reply.source != NULL))
            return err_set(err, "%s:%d: this choice has %s reply; in the other language it has %s", b->path, d->field.line,
                           d->reply.source != NULL ? "a" : "no", c->reply.source != NULL ? "one" : "none");
        if (!same_numbers(b, &c->field, &d->field, "this choice", err))
            return false;
    }
    return true;
}

static bool same_step(const Lesson *b, const LessonStep *x, const LessonStep *y, Err *err)
{
    static const struct { const char *name; size_t offset; } same[] = {
        {"at", offsetof(LessonStep, at)},           {"pos", offsetof(LessonStep, pos)},         {"view", offsetof(LessonStep, view)},
        {"show", offsetof(LessonStep, show)},       {"network", offsetof(LessonStep, network)}, {"picture", offsetof(LessonStep, picture)},
        {"class", offsetof(LessonStep, chosen)},    {"map", offsetof(LessonStep, map)},         {"range", offsetof(LessonStep, range)},
        {"switches", offsetof(LessonStep, switches)}, {"point", offsetof(LessonStep, point)},   {"make", offsetof(LessonStep, make)},
        {"tolerance", offsetof(LessonStep, tolerance)}, {"classes", offsetof(LessonStep, classes)},
    };
    const int line = y->title.line;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (!same_field(b, line, (const LessonField *)(const void *)((const char *)x + same[i].offset),
                        (const LessonField *)(const void *)((const char *)y + same[i].offset), same[i].name, err))
            return false;
    if (x->expect_count != y->expect_count || x->choice_count != y->choice_count || lesson_question(x) != lesson_question(y))
        return err_set(err, "%s:%d: this step has %d choices and %d expectations; in the other language it has %d and %d", b->path, line,
                       y->choice_count, y->expect_count, x->choice_count, x->expect_count);
    if (!same_numbers(b, &x->answer, &y->answer, "the answer", err) || !same_numbers(b, &x->hide, &y->hide, "hide", err) ||
        !same_choices(b, x, y, err))
        return false;
    for (int i = 0; i < x->expect_count; i++)
        if (!same_field(b, line, &x->expects[i], &y->expects[i], "expect", err))
            return false;
    return true;
}

bool lesson_same_steps(const Lesson *a, const Lesson *b, Err *err)
{
    for (int i = 0; i < a->step_count && i < b->step_count; i++)
        if (!same_step(b, &a->steps[i], &b->steps[i], err))
            return false;
    if ((a->board.source == NULL) != (b->board.source == NULL) || (a->slips.source == NULL) != (b->slips.source == NULL))
        return err_set(err, "%s:1: only one language has a plan of the board, or only one says what goes wrong", b->path);
    if (a->step_count == b->step_count)
        return same_field(b, 1, &a->minutes, &b->minutes, "minutes", err) && same_field(b, 1, &a->network, &b->network, "network", err) &&
               same_field(b, 1, &a->stage, &b->stage, "stage", err) && same_field(b, 1, &a->picture, &b->picture, "picture", err) &&
               same_field(b, 1, &a->seed, &b->seed, "seed", err);
    return err_set(err, "%s:%d: %d steps here, %d in the other language", b->path, b->steps[b->step_count - 1].title.line, b->step_count, a->step_count);
}

/* ---- lists -------------------------------------------------------------------------------------------------------------- */

const char *lesson_stem(const char *path, size_t *bytes)
{
    const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path;
    *bytes = strcspn(file, ".");
    return file;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int lesson_list(const char *folder, const char *ending, char ***paths)
{
    int count = 0;
    *paths = NULL;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return 0;
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (e->d_name[0] == '.' || !text_ends(e->d_name, ending))
            continue;
        char **grown = realloc(*paths, (size_t)(count + 1) * sizeof *grown);
        char *path = malloc(strlen(folder) + strlen(e->d_name) + 2);
        if (grown != NULL)
            *paths = grown;
        if (grown == NULL || path == NULL) {
            free(path);
            break;
        }
        sprintf(path, "%s/%s", folder, e->d_name);
        grown[count++] = path;
    }
    closedir(dir);
    if (count > 0)
        qsort(*paths, (size_t)count, sizeof **paths, compare_names);
    return count;
}

void lesson_list_free(char **paths, int count)
{
    for (int i = 0; i < count; i++)
        free(paths[i]);
    free(paths);
}

bool lesson_find(const char *folder, const char *ending, const char *name, char *path, size_t size)
{
    char **paths;
    const int count = lesson_list(folder, ending, &paths), number = (int)strtol(name, NULL, 10);
    bool found = false;
    for (int i = 0; i < count && !found; i++) {
        const char *file = strrchr(paths[i], '/') + 1;
        const size_t stem = strcspn(file, "."), digits = strspn(file, "0123456789");
        const char *words = file + digits + (file[digits] == '-');
        found = (strlen(name) == stem && strncmp(file, name, stem) == 0) ||
                (strlen(name) == stem - (size_t)(words - file) && strncmp(words, name, strlen(name)) == 0) ||
                (number > 0 && strspn(name, "0123456789") == strlen(name) && (int)strtol(file, NULL, 10) == number);
        if (found)
            snprintf(path, size, "%s", paths[i]);
    }
    lesson_list_free(paths, count);
    return found;
}
