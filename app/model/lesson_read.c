/* lesson_read.c - reads a lesson's lines; see lesson.h for the format. lesson.c checks what they mean. */
#include "app/model/lesson_private.h"
#include "app/model/lesson_text.h"
#include "engine/base/limits.h"
#include "engine/base/size.h"
#include "engine/base/text.h"
#include "engine/io/file.h"
#include "engine/net/words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum KeyKind { KEY_ONCE, KEY_STEP, KEY_CHOICE, KEY_REPLY, KEY_EXPECT } KeyKind;

/* The table of keys: what each begins, and for a key that is given once the offset of its field in the lesson or step. */
typedef struct LessonKey {
    const char *name;
    KeyKind kind;
    bool in_step;               /* a key of both, such as `picture`, belongs to the step once there is one */
    size_t offset;              /* of a LessonField */
} LessonKey;

#define OF_LESSON(name) {#name, KEY_ONCE, false, offsetof(Lesson, name)}
#define OF_STEP(name) {#name, KEY_ONCE, true, offsetof(LessonStep, name)}

static const LessonKey lesson_keys[] = {
    OF_LESSON(title), OF_LESSON(teaches), OF_LESSON(minutes), OF_LESSON(board), OF_LESSON(slips), OF_LESSON(network), OF_LESSON(stage), OF_LESSON(picture), OF_LESSON(seed),
    {"step", KEY_STEP, false, 0},
    OF_STEP(at), OF_STEP(pos), OF_STEP(view), OF_STEP(show), OF_STEP(network), OF_STEP(classes), OF_STEP(picture),
    {"class", KEY_ONCE, true, offsetof(LessonStep, chosen)}, OF_STEP(map), OF_STEP(range), OF_STEP(switches),
    OF_STEP(say), OF_STEP(ask), OF_STEP(answer), OF_STEP(tolerance), OF_STEP(point), OF_STEP(make), OF_STEP(hide), OF_STEP(reveal),
    {"right", KEY_CHOICE, true, 0}, {"wrong", KEY_CHOICE, true, 0}, {"reply", KEY_REPLY, true, 0}, {"expect", KEY_EXPECT, true, 0},
};
enum { KEY_COUNT = sizeof lesson_keys / sizeof lesson_keys[0] };

typedef struct Parser {
    Lesson *lesson;
    LessonPlace place;          /* its line is the one that is read */
    LessonField *last;          /* the field that a continued line belongs to */
    Err *err;
} Parser;

static bool fail(const Parser *p, const char *reason, const char *what)
{
    return err_set(p->err, "%s:%d: %s%s", p->place.path, p->place.line, reason, what);
}

static bool too_many(const Parser *p, int most, const char *what)
{
    return err_set(p->err, "%s:%d: at most %d %s", p->place.path, p->place.line, most, what);
}

static bool fail_unknown(const Parser *p, const char *key)
{
    const char *names[KEY_COUNT];
    char all[512] = "";
    for (int i = 0; i < KEY_COUNT; i++) {
        names[i] = lesson_keys[i].name;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i > 0 ? ", " : "", names[i]);
    }
    const char *near = word_nearest(key, names, KEY_COUNT);
    return err_set(p->err, "%s:%d: unknown key '%.40s'%s%s%s", p->place.path, p->place.line, key, near != NULL ? "; did you mean '" : "; keys are ",
                   near != NULL ? near : all, near != NULL ? "'?" : "");
}

/* Adds text to a field, on a new line if the field has text already. */
static bool append(Parser *p, LessonField *field, const char *text)
{
    const size_t old = field->source != NULL ? strlen(field->source) : 0, added = strlen(text);
    if (field->source == NULL)
        field->line = p->place.line;
    char *grown = realloc(field->source, old + added + 2);
    if (grown == NULL)
        return fail(p, "not enough memory", "");
    if (old > 0)
        grown[old] = '\n';
    memcpy(grown + old + (old > 0), text, added + 1);
    field->source = grown;
    p->last = field;
    return true;
}

static bool add_step(Parser *p, const char *title)
{
    Lesson *l = p->lesson;
    if (l->step_count == LIMIT_LESSON_STEPS)
        return too_many(p, LIMIT_LESSON_STEPS, "steps in a lesson");
    LessonStep *grown = realloc(l->steps, (size_t)(l->step_count + 1) * sizeof *grown);
    if (grown == NULL)
        return fail(p, "not enough memory", "");
    l->steps = grown;
    LessonStep *step = &l->steps[l->step_count++];
    *step = (LessonStep){.choice_count = 0};
    return append(p, &step->title, title);
}

static bool add_choice(Parser *p, LessonStep *step, const char *key, const char *text)
{
    if (step->ask.source == NULL)
        return fail(p, "a choice answers a question; write 'ask: ...' before it: ", key);
    if (step->choice_count == LIMIT_LESSON_CHOICES)
        return too_many(p, LIMIT_LESSON_CHOICES, "choices, for the keys 1 to 5");
    LessonChoice *choice = &step->choices[step->choice_count++];
    choice->right = strcmp(key, "right") == 0;
    return append(p, &choice->field, text);
}

static bool add_reply(Parser *p, LessonStep *step, const char *text)
{
    LessonChoice *choice = step->choice_count > 0 ? &step->choices[step->choice_count - 1] : NULL;
    if (choice == NULL || choice->reply.source != NULL)
        return fail(p, choice == NULL ? "a reply belongs to a choice; write 'wrong: ...' before it" : "this choice has a reply already", "");
    return append(p, &choice->reply, text);
}

static bool add_expect(Parser *p, LessonStep *step, const char *text)
{
    if (step->expect_count == LIMIT_LESSON_EXPECTS)
        return too_many(p, LIMIT_LESSON_EXPECTS, "expect lines in a step");
    return append(p, &step->expects[step->expect_count++], text);
}

static bool set_key(Parser *p, const char *name, const char *value)
{
    Lesson *l = p->lesson;
    const LessonKey *key = NULL;
    for (int i = 0; i < KEY_COUNT; i++)
        if (strcmp(lesson_keys[i].name, name) == 0 && (key == NULL || l->step_count > 0))
            key = &lesson_keys[i]; /* the step's is behind the lesson's in the table */
    if (key == NULL)
        return fail_unknown(p, name);
    if (key->in_step && l->step_count == 0)
        return fail(p, "this belongs to a step; write 'step: its title' before it: ", name);
    if (value[0] == '\0')
        return fail(p, "nothing follows the colon of ", name);
    LessonStep *step = l->step_count > 0 ? &l->steps[l->step_count - 1] : NULL;
    if (key->kind == KEY_STEP)
        return add_step(p, value);
    if (key->kind == KEY_CHOICE)
        return add_choice(p, step, name, value);
    if (key->kind == KEY_REPLY)
        return add_reply(p, step, value);
    if (key->kind == KEY_EXPECT)
        return add_expect(p, step, value);
    char *base = key->in_step ? (char *)step : (char *)l;
    LessonField *field = (LessonField *)(void *)(base + key->offset);
    return field->source == NULL ? append(p, field, value) : fail(p, "given twice: ", name);
}

static bool parse_line(void *user, char *line)
{
    Parser *p = user;
    const bool indented = line[0] == ' ' || line[0] == '\t';
    char *text = text_trim(line);
    if (text[0] == '\0' || text[0] == '#') {
        p->last = NULL;
        return true;
    }
    if (indented)
        return p->last != NULL ? append(p, p->last, text) : fail(p, "an indented line continues the line before, but there is none: ", text);
    char *colon = strchr(text, ':');
    if (colon == NULL)
        return fail(p, "expected 'key: value', found: ", text);
    *colon = '\0';
    return set_key(p, text_trim(text), text_trim(colon + 1));
}

static bool parse_all(Parser *p, const char *text, size_t length)
{
    if (!lesson_lines(text, length, &p->place, parse_line, p, p->err))
        return false;
    if (p->lesson->title.source == NULL)
        return fail(p, "a lesson needs a line 'title: ...'", "");
    if (p->lesson->step_count == 0)
        return fail(p, "a lesson needs at least one 'step: ...'", "");
    return true;
}

bool lesson_parse(const char *text, size_t length, const char *path, const char *networks_dir, const Net *stage, Lesson *out, Err *err)
{
    Lesson lesson = {.step_count = 0};
    Parser p = {.lesson = &lesson, .place = {path, 0}, .err = err};
    snprintf(lesson.path, sizeof lesson.path, "%s", path);
    const char *slash = strrchr(path, '/');
    lesson.number = (int)strtol(slash != NULL ? slash + 1 : path, NULL, 10);
    if (!parse_all(&p, text, length) || !lesson_evaluate(&lesson, networks_dir, stage, err)) {
        lesson_free(&lesson);
        return false;
    }
    *out = lesson;
    return true;
}

bool lesson_load(const char *path, const char *networks_dir, const Net *stage, Lesson *out, Err *err)
{
    unsigned char *text;
    size_t size;
    if (!file_read(path, size_limit(LIMIT_LESSON_MB, 20), NULL, &text, &size, err))
        return false;
    const bool good = lesson_parse((const char *)text, size, path, networks_dir, stage, out, err);
    free(text);
    return good;
}

static void field_free(LessonField *field)
{
    free(field->source);
    prose_free(&field->prose);
}

/* Those that are given once, of a lesson or of a step. */
static void fields_free(void *base, bool in_step)
{
    for (int i = 0; i < KEY_COUNT; i++)
        if (lesson_keys[i].in_step == in_step && lesson_keys[i].kind == KEY_ONCE)
            field_free((LessonField *)(void *)((char *)base + lesson_keys[i].offset));
}

void lesson_free(Lesson *lesson)
{
    for (int s = 0; s < lesson->step_count; s++) {
        LessonStep *step = &lesson->steps[s];
        for (int i = 0; i < step->choice_count; i++) {
            field_free(&step->choices[i].field);
            field_free(&step->choices[i].reply);
        }
        for (int i = 0; i < step->expect_count; i++)
            field_free(&step->expects[i]);
        field_free(&step->title);
        fields_free(step, true);
    }
    free(lesson->steps);
    fields_free(lesson, false);
    *lesson = (Lesson){.step_count = 0};
}
