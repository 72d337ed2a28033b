/* labels_numbers.c - see labels_numbers.h. */
#include "engine/io/labels_numbers.h"

#include <stdlib.h>
#include <string.h>

/* A number beside a name. */
typedef struct Numbered {
    long number;                /* -1: none */
    char *name;                 /* begins here; `end` is its length */
    size_t end;
} Numbered;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool separates(char c)
{
    return c != '\0' && strchr(" \t,:;|.)=", c) != NULL;
}

/* "985: daisy" */
static Numbered number_before(char *text)
{
    char *p = text;
    long number = 0;
    while (is_digit(*p) && p - text < 8)
        number = number * 10 + (*p++ - '0');
    if (p == text || !separates(*p))
        return (Numbered){-1, text, strlen(text)};
    p += strspn(p, " \t,:;|.)=");
    return (Numbered){*p != '\0' ? number : -1, p, strlen(p)};
}

/* "daisy,985" */
static Numbered number_behind(char *text)
{
    const size_t size = strlen(text);
    size_t start = size;
    while (start > 0 && is_digit(text[start - 1]) && size - start < 8)
        start--;
    size_t end = start;
    while (end > 0 && separates(text[end - 1]))
        end--;
    if (start == size || end == start || end == 0)
        return (Numbered){-1, text, size};
    return (Numbered){strtol(text + start, NULL, 10), text, end};
}

/* The list has each number of first to first + count - 1 once. */
static bool is_order(const Numbered *list, int count, int first)
{
    bool *seen = calloc((size_t)count, sizeof *seen);
    bool good = seen != NULL;
    for (int i = 0; good && i < count; i++) {
        const long place = list[i].number - first;
        good = list[i].number >= 0 && place >= 0 && place < count && !seen[place];
        if (good)
            seen[place] = true;
    }
    free(seen);
    return good;
}

/* "tench, Tinca tinca" in quotes, as CSV has it. */
static void unquote(char *text)
{
    size_t size = strlen(text), out = 0;
    if (size < 2 || (text[0] != '"' && text[0] != '\'') || text[size - 1] != text[0])
        return;
    const char quote = text[0];
    for (size_t i = 1; i + 1 < size; i++) {
        text[out++] = text[i];
        i += text[i] == quote && text[i + 1] == quote && i + 2 < size;
    }
    text[out] = '\0';
}

static void place(char **labels, const Numbered *list, int count, int first, char **sorted)
{
    for (int i = 0; i < count; i++) {
        char *text = labels[i];
        memmove(text, list[i].name, list[i].end);
        text[list[i].end] = '\0';
        unquote(text);
        sorted[list[i].number - first] = text;
    }
    memcpy(labels, sorted, (size_t)count * sizeof *labels);
}

/* Tries one reading of `count` lines. 1: done; 0: not of this form. */
static bool take(char **labels, int count, Numbered (*read)(char *text), Numbered *list, char **sorted)
{
    for (int i = 0; i < count; i++)
        list[i] = read(labels[i]);
    const int first = is_order(list, count, 0) ? 0 : is_order(list, count, 1) ? 1 : -1;
    if (count < 2 || first < 0)
        return false;
    place(labels, list, count, first, sorted);
    return true;
}

/* Lines whose own number, from 0 or from 1, is before the name; *other: one that has none of them. */
static int count_own(char **labels, int count, int *other)
{
    int from_0 = 0, from_1 = 0, without = -1;
    for (int i = 0; i < count; i++) {
        const long number = number_before(labels[i]).number;
        from_0 += number == i;
        from_1 += number == i + 1;
        if (number < 0)
            without = i;
    }
    *other = without;
    return from_0 > from_1 ? from_0 : from_1;
}

bool labels_take_numbers(char **labels, int *count, const char *name, Err *err)
{
    static Numbered (*const forms[])(char *) = {number_before, number_behind};
    Numbered *list = malloc((size_t)*count * sizeof *list);
    char **sorted = malloc((size_t)*count * sizeof *sorted);
    bool done = false;
    if (list == NULL || sorted == NULL) {
        free(list);
        free(sorted);
        return err_set(err, "%s: not enough memory for the class names", name);
    }
    for (size_t f = 0; !done && f < sizeof forms / sizeof forms[0]; f++)
        done = take(labels, *count, forms[f], list, sorted);
    for (size_t f = 0; !done && *count > 2 && f < sizeof forms / sizeof forms[0]; f++)
        if (forms[f](labels[0]).number < 0 && take(labels + 1, *count - 1, forms[f], list, sorted)) {
            free(labels[0]);
            memmove(labels, labels + 1, (size_t)--*count * sizeof *labels);
            labels[*count] = NULL;
            done = true;
        }
    free(list);
    free(sorted);
    int other = -1;
    const int own = done ? 0 : count_own(labels, *count, &other);
    if (own * 2 <= *count) /* some names begin with a number of their own */
        return true;
    if (other >= 0)
        return err_set(err, "%s:%d: '%.60s' has no number, but other lines have their own; number all lines or none", name, other + 1, labels[other]);
    return err_set(err, "%s: its lines begin with numbers that are not 0 to %d, each once; number them so, or remove the numbers", name, *count - 1);
}
