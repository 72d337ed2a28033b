/* lesson_text.c - computes the numbers in a lesson's text; see lesson_text.h. */
#include "app/model/lesson_text.h"
#include "engine/base/count.h"
#include "engine/base/limits.h"
#include "engine/base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMALS_MAX = 9 };

typedef struct Writer {
    const ExprScope *scope;
    const Net *stage;
    LessonPlace place;
    const char *source, *p;     /* the whole text, and the position in it */
    char *out;
    size_t used, room;
    Secrets *secrets;
    Err *err;
} Writer;

static bool complain(const Writer *w, const char *at, const char *reason, const char *what, size_t bytes)
{
    int line = w->place.line;
    for (const char *p = w->source; p < at; p++)
        line += *p == '\n';
    return err_set(w->err, "%s:%d: %s%.*s", w->place.path, line, reason, (int)(bytes < 200 ? bytes : 200), what);
}

static bool put(Writer *w, const char *text, size_t bytes)
{
    if (w->used + bytes + 1 > w->room) {
        const size_t room = (w->used + bytes + 1) * 2;
        char *grown = realloc(w->out, room);
        if (grown == NULL)
            return complain(w, w->p, "not enough memory", "", 0);
        w->out = grown;
        w->room = room;
    }
    memcpy(w->out + w->used, text, bytes);
    w->used += bytes;
    w->out[w->used] = '\0';
    return true;
}

/* A fraction with a fixed number of decimals: 2.41. False when it does not fit 64 bits. */
static bool decimals_text(Rational value, int decimals, char *out, size_t size)
{
    int64_t scale = 1;
    char whole[48];
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    Rational scaled;
    if (!rational_mul(value, (Rational){scale, 1}, &scaled))
        return false;
    const int64_t rounded = rational_round(scaled);
    const uint64_t size_of = rounded < 0 ? -(uint64_t)rounded : (uint64_t)rounded;
    format_count((int64_t)(size_of / (uint64_t)scale), whole, sizeof whole);
    snprintf(out, size, "%s%s", rounded < 0 ? "-" : "", whole);
    if (decimals > 0)
        snprintf(out + strlen(out), size - strlen(out), ".%0*" PRIu64, decimals, size_of % (uint64_t)scale);
    return true;
}

/* Whether a rounded number is exact to this many decimals; one digit is kept in reserve for the arithmetic. */
static bool has_digits(Rational value, int decimals)
{
    double digits = rational_double(value);
    for (int i = 0; i < decimals; i++)
        digits *= 10;
    return digits > -1e11 && digits < 1e11;
}

/* A number written in braces would be a digit that nothing checks. */
static bool mere_number(const char *text)
{
    return strpbrk(text, "0123456789") != NULL && strspn(text, " -0123456789.,%KMGi") == strlen(text) && strchr(text + 1, '-') == NULL;
}

/* "256. " would begin a numbered list. */
static bool guard(Writer *w)
{
    return *w->p == '.' || *w->p == ')' ? put(w, "\\", 1) : true;
}

/* {expression} or {expression:decimals}, w->p at the brace. */
static bool expression(Writer *w)
{
    const char *open = w->p, *close = strchr(open, '}');
    char text[LIMIT_LESSON_EXPRESSION + 1], shown[96];
    if (close == NULL)
        return complain(w, open, "no } closes this: ", open, strcspn(open, "\n"));
    if (close - open - 1 > LIMIT_LESSON_EXPRESSION) {
        char reason[80];
        snprintf(reason, sizeof reason, "an expression of at most %d bytes, not ", LIMIT_LESSON_EXPRESSION);
        return complain(w, open, reason, open, strcspn(open, "\n"));
    }
    snprintf(text, sizeof text, "%.*s", (int)(close - open - 1), open + 1);
    int decimals = -1;
    char *colon = strrchr(text, ':');
    if (colon != NULL && isdigit((unsigned char)colon[1]) && colon[2] == '\0') {
        decimals = colon[1] - '0';
        *colon = '\0';
    }
    ExprValue value;
    Err reason;
    if (mere_number(text))
        return complain(w, open, "braces compute; a number that is only given is quoted, [[256]], not ", open, (size_t)(close - open + 1));
    if (!expr_eval(w->scope, text, &value, &reason))
        return complain(w, open, reason.text, "", 0);
    if (value.kind == EXPR_TRUTH || (value.kind == EXPR_SHAPE && decimals >= 0))
        return complain(w, open, "expected an expression that gives a number: ", open, (size_t)(close - open + 1));
    if (value.rounded && (decimals < 0 || !has_digits(value.number, decimals)))
        return complain(w, open, decimals < 0 ? "this number is rounded; say how many decimals, as in {ln(5):3}: " : "more digits than a rounded number has: ",
                        open, (size_t)(close - open + 1));
    if (decimals < 0)
        expr_value_text(&value, true, shown, sizeof shown);
    else if (!decimals_text(value.number, decimals, shown, sizeof shown))
        return complain(w, open, "this number does not fit 64 bits: ", open, (size_t)(close - open + 1));
    w->p = close + 1;
    if (w->secrets != NULL && value.kind == EXPR_NUMBER && !secrets_computed(w->secrets, w->scope, text, value.number))
        return complain(w, open, "more than 32 numbers are hidden while this question is open", "", 0);
    const bool negative = shown[0] == '-';
    if (!put(w, negative ? "−" : "", negative ? strlen("−") : 0) || !put(w, shown + negative, strlen(shown + negative)))
        return false;
    return guard(w);
}

/* [[printed by others]], w->p at the brackets. */
static bool quotation(Writer *w)
{
    const char *open = w->p, *close = strstr(open, "]]");
    if (close == NULL || close == open + 2)
        return complain(w, open, close == NULL ? "no ]] closes this: " : "nothing is quoted: ", open, strcspn(open, "\n"));
    w->p = close + 2;
    return put(w, open + 2, (size_t)(close - open - 2)) && guard(w);
}

static bool is_times(const char *p) { return strncmp(p, "×", strlen("×")) == 0; }

/* Bytes of a word that may be a name: letters, digits and the marks inside addresses and kernel names. */
static size_t word_bytes(const char *p)
{
    size_t n = 0;
    while (isalnum((unsigned char)p[n]) || (p[n] != '\0' && strchr("_/[]:-", p[n]) != NULL) || is_times(p + n))
        n += is_times(p + n) ? strlen("×") : 1;
    return n;
}

static bool is_name(const Writer *w, const char *word)
{
    static const char *const names[] = {"1×1", "3×3", "5×5", "7×7", "LeNet-5", "VGG-16", "VGG-19"};
    Address address;
    bool letters = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(word, names[i]) == 0)
            return true;
    for (const char *p = word; *p != '\0'; p++)
        letters = letters || isalpha((unsigned char)*p);
    return letters && (net_address(w->stage, word, &address, NULL) || net_address(w->scope->trace->net, word, &address, NULL));
}

/* A word with a digit in it must be a name. A character that cannot end a name is not part of it ("3a:" before an explanation,
 * "[conv1]" of a link). */
static bool word(Writer *w, size_t bytes)
{
    char text[128];
    const char *from = w->p;
    size_t first = strspn(from, "[-:/"), end = bytes;
    w->p += bytes;
    if (first < bytes && strcspn(from + first, "0123456789") + first < bytes) {
        while (end > first && strchr(":-/[", from[end - 1]) != NULL)
            end--;
        const bool bare = end - first < sizeof text;
        snprintf(text, sizeof text, "%.*s", (int)(bare ? end - first : 0), from + first);
        bool good = is_name(w, text);
        if (!good && end > first && from[end - 1] == ']') { /* the text of a link ends here */
            text[end - 1 - first] = '\0';
            good = is_name(w, text);
        }
        if (!good)
            return complain(w, from, "a number in a lesson's text must be an expression, {weights(3a)}, or a quotation, [[159K]], not ", from + first, end - first);
    }
    return put(w, from, bytes);
}

/* The digits of Chinese type, U+FF10 to U+FF19, are digits too. */
static bool wide_digit(const char *p)
{
    return (unsigned char)p[0] == 0xef && (unsigned char)p[1] == 0xbc && (unsigned char)p[2] >= 0x90 && (unsigned char)p[2] <= 0x99;
}

static bool substitute(Writer *w)
{
    while (*w->p != '\0') {
        const size_t bytes = word_bytes(w->p);
        if (*w->p == '{') {
            if (!expression(w))
                return false;
        } else if (strncmp(w->p, "[[", 2) == 0) {
            if (!quotation(w))
                return false;
        } else if (*w->p == '}' || wide_digit(w->p)) {
            return *w->p == '}' ? complain(w, w->p, "no { opens this: ", w->p, 1)
                                : complain(w, w->p, "a number in a lesson's text must be an expression in ASCII digits, not ", w->p, 3);
        } else if (bytes > 0) {
            const char *quoted = strstr(w->p, "[["); /* "VGG[[16]]": the quotation is not part of the word */
            if (!word(w, quoted != NULL && (size_t)(quoted - w->p) < bytes && quoted > w->p ? (size_t)(quoted - w->p) : bytes))
                return false;
        } else {
            if (!put(w, w->p, 1))
                return false;
            w->p++;
        }
    }
    return put(w, "", 0);
}

bool lesson_text(const ExprScope *scope, const Net *stage, LessonPlace place, const char *source, Secrets *secrets, Prose *out, Err *err)
{
    Writer w = {.scope = scope, .stage = stage, .place = place, .source = source, .p = source, .secrets = secrets, .err = err};
    Prose prose = {0};
    Err reason;
    Address address;
    bool good = substitute(&w);
    if (good && !prose_make(w.out, &prose, &reason))
        good = complain(&w, source, reason.text, "", 0);
    for (int i = 0; good && i < prose.span_count; i++)
        if (prose.spans[i].link[0] != '\0' && !net_address(stage, prose.spans[i].link, &address, &reason))
            good = complain(&w, source, "a link: ", reason.text, strlen(reason.text));
    free(w.out);
    if (good)
        *out = prose;
    else
        prose_free(&prose);
    return good;
}

bool lesson_expect(const ExprScope *scope, LessonPlace place, const char *source, Err *err)
{
    ExprValue value, left, right;
    char got[96], wanted[96];
    Err reason;
    if (!expr_eval(scope, source, &value, &reason))
        return err_set(err, "%s:%d: %s", place.path, place.line, reason.text);
    if (value.kind != EXPR_TRUTH)
        return err_set(err, "%s:%d: '%s' compares nothing; expected something such as weights(3a) = 163328", place.path, place.line, source);
    if (value.truth)
        return true;
    if (!expr_sides(scope, source, &left, &right, &reason))
        return err_set(err, "%s:%d: %s", place.path, place.line, reason.text);
    expr_value_text(&left, true, got, sizeof got);
    expr_value_text(&right, true, wanted, sizeof wanted);
    return err_set(err, "%s:%d: '%s' does not hold: the left side is %s, the right side %s", place.path, place.line, source, got, wanted);
}

/* Why a line cannot be read; NULL if it can. */
static const char *line_flaw(const char *line, size_t bytes)
{
    if (memchr(line, '\0', bytes) != NULL)
        return "contains a zero byte, so this is not a text file";
    return text_is_utf8(line, bytes) ? NULL : "is not UTF-8 text (GBK or Latin-1, perhaps); save the file as UTF-8";
}

bool lesson_lines(const char *text, size_t length, LessonPlace *place, bool (*take)(void *user, char *line), void *user, Err *err)
{
    char line[LIMIT_LESSON_LINE + 1];
    for (size_t at = text_mark(text, length); at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        const size_t n = (end != NULL ? (size_t)(end - text) : length) - at;
        const char *flaw = line_flaw(text + at, n);
        place->line++;
        if (n > LIMIT_LESSON_LINE)
            return err_set(err, "%s:%d: longer than %d bytes; shorten it, or in a lesson break it into several lines and indent all but the first",
                           place->path, place->line, LIMIT_LESSON_LINE);
        if (flaw != NULL)
            return err_set(err, "%s:%d: %s", place->path, place->line, flaw);
        memcpy(line, text + at, n);
        line[n] = '\0';
        if (!take(user, line))
            return false;
        at += n + 1;
    }
    return true;
}
