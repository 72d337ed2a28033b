/* lesson_punctuation.c - finds ASCII punctuation in Chinese text, which needs full-width punctuation (GB/T 15834). */
#include "app/model/lesson.h"

#include <ctype.h>
#include <string.h>

static const char half_width[] = ",:;?!()";
static const char *const full_width[] = {"，", "：", "；", "？", "！", "（", "）"};

/* A CJK ideograph, U+3400 to U+9FFF: three bytes of UTF-8 that begin with E3 90 or more. */
static bool is_ideograph(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (u[0] == 0xe3 && u[1] >= 0x90) || (u[0] >= 0xe4 && u[0] <= 0xe9);
}

static bool has_ideograph(const char *text)
{
    for (; *text != '\0'; text++)
        if (is_ideograph(text))
            return true;
    return false;
}

/* Emphasis, code marks and blanks are skipped: *步长*, ... */
static bool is_mark(char c) { return c == '*' || c == '`' || isspace((unsigned char)c); }

static bool beside_ideograph(const char *text, const char *p)
{
    const char *before = p, *after = p + 1;
    while (before > text && is_mark(before[-1]))
        before--;
    while (is_mark(*after))
        after++;
    return is_ideograph(after) || (before - text >= 3 && is_ideograph(before - 3));
}

/* If something that is not Chinese text begins at p (an expression, a quotation, the address of a link), its end; else p. */
static const char *skip(const char *p)
{
    static const struct { const char *open, *close; } parts[] = {{"{", "}"}, {"[[", "]]"}, {"](", ")"}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strncmp(p, parts[i].open, strlen(parts[i].open)) == 0) {
            const char *close = strstr(p, parts[i].close);
            return close != NULL ? close + strlen(parts[i].close) : p + strlen(p);
        }
    return p;
}

static int line_of(const LessonField *field, const char *at)
{
    int line = field->line;
    for (const char *p = field->source; p < at; p++)
        line += *p == '\n';
    return line;
}

static bool field_good(const Lesson *l, const LessonField *field, Err *err)
{
    const char *p = field->source;
    while (p != NULL && *p != '\0') {
        const char *next = skip(p), *half = strchr(half_width, *p);
        if (next == p && half != NULL && beside_ideograph(field->source, p))
            return err_set(err, "%s:%d: next to Chinese characters write '%s', not '%c'", l->path, line_of(field, p), full_width[half - half_width], *p);
        p = next != p ? next : p + 1;
    }
    return true;
}

static bool step_good(const Lesson *l, const LessonStep *s, Err *err)
{
    bool good = field_good(l, &s->title, err) && field_good(l, &s->say, err) && field_good(l, &s->ask, err);
    for (int i = 0; good && i < s->choice_count; i++)
        good = field_good(l, &s->choices[i].field, err);
    return good && field_good(l, &s->reveal, err);
}

bool lesson_punctuation(const Lesson *lesson, Err *err)
{
    if (!has_ideograph(lesson->title.source))
        return true;
    bool good = field_good(lesson, &lesson->title, err) && field_good(lesson, &lesson->teaches, err);
    for (int i = 0; good && i < lesson->step_count; i++)
        good = step_good(lesson, &lesson->steps[i], err);
    return good;
}
