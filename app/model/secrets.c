/* secrets.c - finds numbers and words in a text and blanks them; see secrets.h. */
#include "app/model/secrets.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool secrets_number(Secrets *s, Rational number)
{
    if (s->number_count == SECRETS_MAX)
        return false;
    s->numbers[s->number_count++] = number;
    return true;
}

bool secrets_word(Secrets *s, const char *word, size_t bytes)
{
    if (s->word_count == SECRETS_MAX || bytes == 0 || bytes >= SECRET_WORD)
        return false;
    memcpy(s->words[s->word_count], word, bytes);
    s->words[s->word_count++][bytes] = '\0';
    return true;
}

bool secrets_any(const Secrets *s)
{
    return s->number_count > 0 || s->word_count > 0;
}

/* ---- numbers in a text ------------------------------------------------------------------------------------------------------ */

typedef struct Token {
    const char *end;
    int64_t whole;              /* its value without a decimal point or unit */
    double value, step;         /* before the unit; one unit of its last digit */
    bool exact;                 /* a whole number without a unit: no rounding */
    double units[2];            /* what it may be multiplied by */
} Token;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word(char c) { return isalpha((unsigned char)c) || c == '_'; }
static size_t cross(const char *p) { return *p == 'x' ? 1 : strncmp(p, "×", strlen("×")) == 0 ? strlen("×") : 0; }

/* Digits with thousands separators and decimals; the end of the number. */
static const char *digits(const char *p, Token *t)
{
    char plain[32];
    size_t n = 0;
    int decimals = 0;
    for (; n < sizeof plain - 1; p++)
        if (is_digit(*p))
            plain[n++] = *p;
        else if (!(*p == ',' && is_digit(p[1]) && is_digit(p[2]) && is_digit(p[3]) && !is_digit(p[4])))
            break;
    if (*p == '.' && is_digit(p[1])) {
        plain[n++] = *p++;
        for (; is_digit(*p) && n < sizeof plain - 1; p++, decimals++)
            plain[n++] = *p;
    }
    plain[n] = '\0';
    t->whole = strtoll(plain, NULL, 10);
    t->value = strtod(plain, NULL);
    t->step = pow(10, -decimals);
    t->exact = decimals == 0;
    while (is_digit(*p))
        p++;
    return p;
}

/* A unit of thousands after a number, also behind a blank: both meanings of K. */
static const char *unit(const char *p, Token *t)
{
    static const struct { const char *name; double units[2]; } table[] = {
        {"Ki", {1024, 1024}}, {"Mi", {1048576, 1048576}}, {"Gi", {1073741824, 1073741824}},
        {"K", {1000, 1024}},  {"M", {1e6, 1048576}},      {"G", {1e9, 1073741824}}, {"%", {0.01, 1}},
    };
    const char *at = p + (*p == ' ');
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const size_t n = strlen(table[i].name);
        if (strncmp(at, table[i].name, n) != 0 || is_word(at[n]))
            continue;
        memcpy(t->units, table[i].units, sizeof t->units);
        t->exact = false;
        return at + n;
    }
    t->units[0] = t->units[1] = 1;
    return p;
}

static bool is_secret(const Secrets *s, const Token *t)
{
    for (int i = 0; i < s->number_count; i++) {
        const Rational r = s->numbers[i];
        if (t->exact && r.den == 1 && llabs(r.num) == t->whole)
            return true;
        for (int u = 0; !t->exact && u < 2; u++) { /* its sign is in front of the token */
            const double over = fabs(rational_double(r)) / t->units[u] - t->value, step = r.den == 1 && t->units[u] <= 1 ? 1e-9 : t->step;
            if (over > -0.5001 * step && over < 0.9999 * step)
                return true;
        }
    }
    return false;
}

/* KxK of a kernel's name, which is also that of a branch; not the first sizes of a shape, 3x3x64, nor an area, 11x11 px. */
static size_t kernel_name(const char *p)
{
    const size_t x = is_digit(*p) ? cross(p + 1) : 0;
    const char *second = p + 1 + x;
    if (x == 0 || *second != *p || strchr("1357", *p) == NULL || is_digit(second[1]) || cross(second + 1) > 0)
        return 0;
    return strncmp(second + 1 + (second[1] == ' '), "px", 2) == 0 ? 0 : 2 + x;
}

/* Behind the cross of a shape, 64x56: the number before it may be blank already. */
static bool in_shape(const char *text, const char *p)
{
    for (size_t x = 1; x <= strlen("×"); x++)
        if ((size_t)(p - text) > x && cross(p - x) == x && (is_digit(p[-(ptrdiff_t)x - 1]) || p[-(ptrdiff_t)x - 1] == '?'))
            return true;
    return false;
}

/* The end of the digits of a name, "conv1" or "1x1"; p itself if a number begins there. */
static const char *name_end(const char *text, const char *p)
{
    const char *end = p;
    if (in_shape(text, p))
        return p;
    while (is_digit(*end))
        end++;
    return p > text && is_word(p[-1]) ? end : p + kernel_name(p);
}

static bool blank_numbers(const Secrets *s, char *text)
{
    bool found = false;
    for (char *p = text; *p != '\0';) {
        Token t;
        size_t bytes = (size_t)(name_end(text, p) - p);
        if (!is_digit(*p) || bytes > 0) {
            p += bytes > 0 ? bytes : 1;
            continue;
        }
        const char *bare = digits(p, &t), *end = unit(bare, &t);
        const bool name = end == bare && is_word(*end) && cross(end) == 0 && strncmp(end, "px", 2) != 0;
        if (!name && is_secret(s, &t)) {
            *p++ = '?';
            memmove(p, bare, strlen(bare) + 1);
            found = true;
        } else {
            p += end - p;
        }
    }
    return found;
}

static bool blank_words(const Secrets *s, char *text)
{
    bool found = false;
    for (int i = 0; i < s->word_count; i++) {
        const size_t n = strlen(s->words[i]);
        for (char *at = text; (at = strstr(at, s->words[i])) != NULL; at++) {
            *at = '?';
            memmove(at + 1, at + n, strlen(at + n) + 1);
            found = true;
        }
    }
    return found;
}

bool secrets_blank(const Secrets *s, char *text)
{
    const bool words = blank_words(s, text);
    return blank_numbers(s, text) || words;
}
