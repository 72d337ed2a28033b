/* secrets.c - finds numbers and words in a text and blanks them; see secrets.h. */
#include "app/model/secrets.h"
#include "engine/base/limits.h"
#include "engine/net/expr.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
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

/* The expression with weights in place of params and the other way round; false if it counts neither, or is too long. */
static bool twin_of(const char *source, char *out, size_t size)
{
    static const char *const names[] = {"weights(", "params("};
    size_t used = 0;
    bool changed = false;
    for (const char *p = source; *p != '\0';) {
        const int name = strncmp(p, names[0], strlen(names[0])) == 0 ? 0 : strncmp(p, names[1], strlen(names[1])) == 0 ? 1 : -1;
        const char *put = name >= 0 ? names[1 - name] : p;
        const size_t bytes = name >= 0 ? strlen(put) : 1;
        if (used + bytes >= size)
            return false;
        memcpy(out + used, put, bytes);
        used += bytes;
        p += name >= 0 ? strlen(names[name]) : 1;
        changed = changed || name >= 0;
    }
    out[used] = '\0';
    return changed;
}

bool secrets_computed(Secrets *s, const ExprScope *scope, const char *expression, Rational number)
{
    char twin[LIMIT_LESSON_EXPRESSION + 1];
    ExprValue value;
    Err err;
    return secrets_number(s, number) && (!twin_of(expression, twin, sizeof twin) || !expr_eval(scope, twin, &value, &err) || value.kind != EXPR_NUMBER ||
                                         rational_compare(value.number, number) == 0 || secrets_number(s, value.number));
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
    bool thousands;             /* it has a unit, K to Gi */
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
    t->step = decimals == 1 ? 0.1 : pow(10, -decimals);
    t->exact = decimals == 0;
    while (is_digit(*p))
        p++;
    return p;
}

/* A unit of thousands after a number, also behind a blank: both meanings of K. One decimal without a unit may stand in a column whose
 * heading is ÷ 1024. */
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
        t->thousands = *at != '%';
        return at + n;
    }
    t->units[0] = 1;
    t->units[1] = t->step == 0.1 && t->value >= 1 ? 1024 : 1;
    t->thousands = false;
    return p;
}

/* Whether the number in a text is this one, rounded or cut; its sign is in front of the token. One digit behind the point says too
 * little: 16 is not told by 0.02 Ki. */
static bool shows(const Token *t, double number, bool whole)
{
    for (int u = 0; u < 2; u++) {
        const double over = fabs(number) / t->units[u] - t->value, step = whole && t->units[u] <= 1 ? 1e-9 : t->step;
        const bool rough = t->units[u] >= 1000 && t->value < 1 && t->value < 9.5 * t->step;
        if (t->value > 0 && !rough && over > -0.5001 * step && over < 0.9999 * step)
            return true;
    }
    return false;
}

/* Whether a whole number is alone or counts something, 0 weights; the end of a range, 0 … 1, does neither. */
static bool counts(const char *text, const char *p, const char *end)
{
    const char *next = end + (*end == ' ');
    return (p == text && *end == '\0') || is_word(*next) || (unsigned char)*next > 0xe2; /* all dots and dashes are below Chinese characters */
}

static bool is_secret(const Secrets *s, const char *text, const char *p, const char *end, const Token *t)
{
    for (int i = 0; i < s->number_count; i++) {
        const Rational r = s->numbers[i];
        const double number = rational_double(r);
        if (t->exact && r.den == 1 && llabs(r.num) == t->whole && (t->whole != 0 || counts(text, p, end)))
            return true;
        if (!t->exact && (shows(t, number, r.den == 1) || (number > 0 && number < 1 && !t->thousands && shows(t, 1 - number, false))))
            return true;
    }
    return false;
}

static bool is_whole_secret(const Secrets *s, int64_t number)
{
    for (int i = 0; number > 0 && i < s->number_count; i++)
        if (s->numbers[i].den == 1 && llabs(s->numbers[i].num) == number)
            return true;
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

/* ---- what says a number without writing it ----------------------------------------------------------------------------------- */

/* A whole number without a unit; its end, or NULL. */
static const char *plain_whole(const char *p, int64_t *number)
{
    Token t;
    const char *end = is_digit(*p) ? digits(p, &t) : NULL;
    if (end == NULL || !t.exact || is_word(*end))
        return NULL;
    *number = t.whole;
    return end;
}

/* Factors with a dot between them; the end. NULL: there is no number, or it does not fit 64 bits. */
static const char *product(const char *p, int64_t *out, int *factors)
{
    const size_t dot = strlen("·");
    int64_t number;
    *out = 1;
    for (*factors = 0; (p = plain_whole(p, &number)) != NULL; p += dot) {
        if (__builtin_mul_overflow(*out, number, out))
            return NULL;
        ++*factors;
        if (strncmp(p, "·", dot) != 0 || !is_digit(p[dot]))
            return p;
    }
    return NULL;
}

/* The end of a sum or product that is a secret, 64 + 128 + 32 or 3·3·96·128; NULL: none begins here. */
static const char *worked_out(const Secrets *s, const char *text, const char *p)
{
    const size_t plus = strlen(" + "), dot = strlen("·");
    if ((size_t)(p - text) >= dot && strncmp(p - dot, "·", dot) == 0)
        return NULL; /* the rest of a product is none */
    int64_t sum = 0, one;
    const char *first_end = NULL;
    for (int terms = 1, factors;; terms++, p += plus) {
        const char *end = product(p, &one, &factors);
        if (end == NULL || __builtin_add_overflow(sum, one, &sum))
            return first_end;
        if (terms == 1 && factors > 1 && is_whole_secret(s, one))
            first_end = end;
        p = end;
        if (strncmp(p, " + ", plus) != 0 || !is_digit(p[plus]))
            return terms > 1 && is_whole_secret(s, sum) ? p : first_end;
    }
}

/* The height of a map, if height times width is a secret; the width follows the cross. */
static bool area_is_secret(const Secrets *s, const char *p)
{
    int64_t height, width, area;
    int count = 0;
    while (is_digit(p[count]))
        count++;
    height = count > 0 && count < 10 ? strtoll(p, NULL, 10) : 0;
    const size_t x = cross(p + count);
    const char *end = x > 0 ? plain_whole(p + count + x, &width) : NULL;
    return end != NULL && cross(end) == 0 && !__builtin_mul_overflow(height, width, &area) && is_whole_secret(s, area);
}

/* The last channel of a range, 192–223: one more is how many there are. */
static bool ends_range(const Secrets *s, const char *text, const char *p)
{
    const size_t dash = strlen("–");
    int64_t last;
    return (size_t)(p - text) > dash && strncmp(p - dash, "–", dash) == 0 && (is_digit(p[-(ptrdiff_t)dash - 1]) || p[-(ptrdiff_t)dash - 1] == '?') &&
           plain_whole(p, &last) != NULL && is_whole_secret(s, last + 1);
}

/* ⌈(112 − 3)/2⌉ + 1 = ?: the brackets say how it is rounded. A square map's side says its area. */
static bool blank_rounding(const Secrets *s, char *text, bool found)
{
    char *equals = strstr(text, "= ");
    int64_t side = 0, area;
    if (equals == NULL || (strstr(text, "⌈") == NULL && strstr(text, "⌊") == NULL))
        return found;
    for (char *next; (next = strstr(equals + 1, "= ")) != NULL;)
        equals = next;
    char *result = equals + 2;
    const char *end = plain_whole(result, &side);
    if (end != NULL && *end == '\0' && !__builtin_mul_overflow(side, side, &area) && is_whole_secret(s, area))
        strcpy(result, "?");
    if (strcmp(result, "?") != 0)
        return found;
    static const struct { const char *bracket; char plain; } brackets[] = {{"⌈", '('}, {"⌊", '('}, {"⌉", ')'}, {"⌋", ')'}};
    for (size_t i = 0; i < sizeof brackets / sizeof brackets[0]; i++)
        for (char *at; (at = strstr(text, brackets[i].bracket)) != NULL;) {
            *at = brackets[i].plain;
            memmove(at + 1, at + strlen("⌈"), strlen(at + strlen("⌈")) + 1);
        }
    return true;
}

/* ---- blanks ------------------------------------------------------------------------------------------------------------------ */

/* Puts a question mark in place of p to end; what follows it. */
static char *blank(char *p, const char *end)
{
    *p = '?';
    memmove(p + 1, end, strlen(end) + 1);
    return p + 1;
}

static bool blank_numbers(const Secrets *s, char *text)
{
    bool found = false, width = false; /* width: the height of the same map has just been blanked */
    for (char *p = text; *p != '\0';) {
        Token t;
        const size_t bytes = (size_t)(name_end(text, p) - p);
        if (!is_digit(*p) || bytes > 0) {
            p += bytes > 0 ? bytes : 1;
            continue;
        }
        const char *bare = digits(p, &t), *end = unit(bare, &t), *whole = worked_out(s, text, p);
        const bool name = end == bare && is_word(*end) && cross(end) == 0 && strncmp(end, "px", 2) != 0;
        const bool height = !width && area_is_secret(s, p);
        const bool secret = !name && (width || height || ends_range(s, text, p) || is_secret(s, text, p, end, &t));
        found = found || secret || whole != NULL;
        p = whole != NULL ? blank(p, whole) : secret ? blank(p, end) : p + (end - p);
        width = height;
    }
    return blank_rounding(s, text, found);
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
