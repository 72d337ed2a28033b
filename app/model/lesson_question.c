/* lesson_question.c - reads what a lesson's question wants; see lesson_question.h. */
#include "app/model/lesson_question.h"
#include "engine/base/count.h"
#include "engine/base/limits.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- places and deeds --------------------------------------------------------------------------------------------------------- */

static const char *skip_blanks(const char *p)
{
    while (isspace((unsigned char)*p))
        p++;
    return p;
}

/* If the text begins with this word, what follows it; else NULL. */
static const char *after_word(const char *text, const char *word)
{
    const size_t n = strlen(word);
    return strncmp(text, word, n) == 0 && isspace((unsigned char)text[n]) ? skip_blanks(text + n) : NULL;
}

/* [first, end) without the blanks at its ends, as a string; false if it does not fit. */
static bool cut(const char *first, const char *end, char *out, size_t size)
{
    first = skip_blanks(first);
    while (end > first && isspace((unsigned char)end[-1]))
        end--;
    if (end <= first || (size_t)(end - first) >= size)
        return false;
    memcpy(out, first, (size_t)(end - first));
    out[end - first] = '\0';
    return true;
}

static bool spot_parse(const Net *net, const char *text, Spot *out, Err *err)
{
    char name[NET_NAME_MAX + 32];
    int first, last, end = -1;
    Address a;
    Spot spot = {.first = -1, .last = -1};
    const char *rest = after_word(text, "brightest"), *bracket;
    spot.brightest = rest != NULL;
    text = rest != NULL ? rest : text;
    bracket = strrchr(text, '[');
    if (bracket != NULL && sscanf(bracket, "[%d..%d]%n", &first, &last, &end) == 2 && end > 0 && bracket[end] == '\0') {
        if (!cut(text, bracket, name, sizeof name) || !net_address(net, name, &a, err))
            return false;
        if (first < 0 || last < first || last >= net->layers[a.layer].out.c)
            return err_set(err, "%.60s: %s has the channels 0 to %d", text, name, net->layers[a.layer].out.c - 1);
        spot.first = first;
        spot.last = last;
    } else {
        if (!net_address(net, text, &a, err))
            return false;
        spot.first = spot.last = a.channel;
    }
    spot.layer = a.layer;
    *out = spot;
    return !spot.brightest || (spot.first >= 0 && spot.first == spot.last) ||
           err_set(err, "brightest takes one channel, such as brightest 5b[3], not %.60s", text);
}

int spots_parse(const Net *net, const char *text, Spot out[SPOTS_MAX], Err *err)
{
    char one[NET_NAME_MAX + 64];
    int count = 0;
    for (const char *p = text;; p++) {
        const char *end = p + strcspn(p, ",");
        if (count == SPOTS_MAX || !cut(p, end, one, sizeof one)) {
            err_set(err, "expected up to %d places, separated by commas, not '%.60s'", (int)SPOTS_MAX, text);
            return -1;
        }
        if (!spot_parse(net, one, &out[count++], err))
            return -1;
        p = end;
        if (*p == '\0')
            return count;
    }
}

/* "< 0.5" */
static bool compare_parse(const char *text, Deed *deed)
{
    char *end;
    text = skip_blanks(text);
    if (*text == '\0' || strchr("<>=", *text) == NULL)
        return false;
    deed->than = *text;
    deed->number = strtod(text + 1, &end);
    return end != text + 1 && *skip_blanks(end) == '\0';
}

static bool deed_parse(const Net *net, const char *text, Deed *out, Err *err)
{
    static const char *const words[] = {
        [DEED_SILENT] = "silent", [DEED_ANSWER] = "answer", [DEED_PROBABILITY] = "probability", [DEED_VALUE] = "value",
        [DEED_AT] = "at", [DEED_VIEW] = "view", [DEED_SWITCHED] = "without-reductions",
    };
    Deed deed = {.kind = DEED_SILENT};
    const char *rest = NULL;
    for (int k = 0; k <= DEED_SWITCHED && rest == NULL; k++) {
        rest = after_word(text, words[k]);
        deed.kind = (DeedKind)k;
    }
    if (rest == NULL)
        return err_set(err, "expected silent, answer, probability, value, at, view or without-reductions, not '%.60s'", text);
    const char *other = after_word(rest, "not");
    deed.not = other != NULL;
    rest = other != NULL ? other : rest;
    switch (deed.kind) {
    case DEED_SILENT: case DEED_AT: case DEED_SWITCHED:
        if (!spot_parse(net, rest, &deed.spot, err))
            return false;
        break;
    case DEED_VIEW:
        if (!view_parse(rest, &deed.view))
            return err_set(err, "there is no view '%.40s'", rest);
        break;
    case DEED_ANSWER:
        if (!cut(rest, rest + strlen(rest), deed.class_name, sizeof deed.class_name))
            return err_set(err, "expected a class, not '%.60s'", rest);
        break;
    case DEED_PROBABILITY: {
        const char *sign = rest + strcspn(rest, "<>=");
        if (!cut(rest, sign, deed.class_name, sizeof deed.class_name) || !compare_parse(sign, &deed))
            return err_set(err, "expected a class, < or >, and a number, as in 'probability tulips < 0.5', not '%.60s'", rest);
        break;
    }
    case DEED_VALUE:
        if (!compare_parse(rest, &deed))
            return err_set(err, "expected <, > or = and a number, as in 'value = 0', not '%.60s'", rest);
        break;
    }
    *out = deed;
    return true;
}

int deeds_parse(const Net *net, const char *text, Deed out[DEEDS_MAX], Err *err)
{
    char one[NET_NAME_MAX + 96];
    int count = 0;
    for (const char *p = text;;) {
        const char *next = strstr(p, " and "), *end = next != NULL ? next : p + strlen(p);
        if (count == DEEDS_MAX || !cut(p, end, one, sizeof one)) {
            err_set(err, "expected up to %d conditions, joined by 'and', not '%.60s'", (int)DEEDS_MAX, text);
            return -1;
        }
        if (!deed_parse(net, one, &out[count++], err))
            return -1;
        if (next == NULL)
            return count;
        p = next + strlen(" and ");
    }
}

/* ---- numbers -------------------------------------------------------------------------------------------------------------------- */

typedef struct Asking {
    const ExprScope *scope;
    const char *path;
    LessonStep *step;
    Err *err;
} Asking;

static bool fail(const Asking *a, const LessonField *field, const char *reason)
{
    return err_set(a->err, "%s:%d: %s", a->path, field->line, reason);
}

/* {expression} or {expression:decimals} at the beginning of a field, and what follows it. */
static bool number_in(const Asking *a, const LessonField *field, Rational *value, int *decimals, const char **rest)
{
    char text[LIMIT_LESSON_EXPRESSION + 1];
    ExprValue result;
    Err reason;
    const char *open = field->source, *close = strchr(open, '}');
    if (open[0] != '{' || close == NULL || !cut(open + 1, close, text, sizeof text))
        return fail(a, field, "expected an expression in braces, such as {weights(3a)}");
    char *colon = strrchr(text, ':');
    *decimals = -1;
    if (colon != NULL && isdigit((unsigned char)colon[1]) && colon[2] == '\0') {
        *decimals = colon[1] - '0';
        *colon = '\0';
    }
    if (!expr_eval(a->scope, text, &result, &reason))
        return fail(a, field, reason.text);
    if (result.kind != EXPR_NUMBER)
        return fail(a, field, "expected an expression that gives a number");
    if (result.rounded && *decimals < 0)
        return fail(a, field, "this number is rounded; say how many decimals, as in {ln(5):3}");
    *value = result.number;
    *rest = skip_blanks(close + 1);
    return true;
}

/* Half a unit of the last decimal. */
static bool half_unit(int decimals, Rational *out)
{
    int64_t scale = 2;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    return rational_make(1, scale, out);
}

/* `tolerance: 1%` of the answer, or `tolerance: {0.05}`. */
static bool tolerance(const Asking *a)
{
    LessonStep *s = a->step;
    const LessonField *field = &s->tolerance;
    const char *rest;
    char *end;
    int decimals;
    Rational part;
    if (field->source[0] == '{')
        return number_in(a, field, &s->number.tolerance, &decimals, &rest) && (*rest == '\0' || fail(a, field, "nothing may follow the braces"));
    const long percent = strtol(field->source, &end, 10);
    if (percent < 1 || percent > 50 || strcmp(end, "%") != 0)
        return fail(a, field, "a tolerance is 1% to 50%, or an expression in braces");
    return (rational_make(percent, 100, &part) && rational_mul(part, s->number.value, &s->number.tolerance)) || fail(a, field, "does not fit 64 bits");
}

static bool typed(const Asking *a)
{
    LessonStep *s = a->step;
    const char *rest;
    int decimals;
    if (!number_in(a, &s->answer, &s->number.value, &decimals, &rest))
        return false;
    if (strlen(rest) >= sizeof s->number.unit)
        return fail(a, &s->answer, "the unit behind an answer has at most 31 bytes");
    strcpy(s->number.unit, rest);
    s->number.tolerance = (Rational){0, 1};
    if ((decimals >= 0 && !half_unit(decimals, &s->number.tolerance)) || (s->tolerance.source != NULL && !tolerance(a)))
        return false;
    if (s->number.tolerance.num < 0)
        s->number.tolerance.num = -s->number.tolerance.num;
    for (int i = 0; i < s->choice_count; i++) {
        LessonChoice *c = &s->choices[i];
        if (c->right)
            return fail(a, &c->field, "`answer` already is the right one; a typed answer has only `wrong` numbers, each with its `reply`");
        if (!number_in(a, &c->field, &c->number, &decimals, &rest))
            return false;
        if (c->reply.source == NULL)
            return fail(a, &c->field, "this number is not shown; it needs a `reply` for whoever types it");
        if (rational_compare(c->number, s->number.value) == 0)
            return fail(a, &c->field, "this wrong number is the right one");
    }
    char text[LIMIT_LESSON_EXPRESSION + 1];
    const char *open = s->answer.source + 1;
    const bool hidden = cut(open, open + strcspn(open, ":}"), text, sizeof text) && secrets_computed(&s->secrets, a->scope, text, s->number.value);
    return hidden || fail(a, &s->answer, "more than 32 numbers are hidden");
}

/* `hide`: expressions in braces and words, separated by commas. */
static bool hidden(const Asking *a)
{
    LessonStep *s = a->step;
    char one[256];
    for (const char *p = s->hide.source; *p != '\0';) {
        const char *end = p;
        for (int depth = 0; *end != '\0' && !(depth == 0 && (*end == ',' || *end == '\n')); end++)
            depth += *end == '{' ? 1 : *end == '}' ? -1 : 0;
        LessonField part = {.source = one, .line = s->hide.line};
        Rational value;
        const char *rest;
        int decimals;
        if (!cut(p, end, one, sizeof one))
            return fail(a, &s->hide, "expected expressions in braces and words, separated by commas");
        if (one[0] == '{' ? !number_in(a, &part, &value, &decimals, &rest) : strlen(one) >= SECRET_WORD && !fail(a, &s->hide, "a hidden word has at most 63 bytes"))
            return false;
        if (!(one[0] == '{' ? secrets_number(&s->secrets, value) : secrets_word(&s->secrets, one, strlen(one))))
            return fail(a, &s->hide, "more than 32 numbers or words are hidden");
        p = *end != '\0' ? end + 1 : end;
    }
    return true;
}

bool question_evaluate(const ExprScope *scope, const char *path, LessonStep *s, Err *err)
{
    const Asking a = {scope, path, s, err};
    const LessonField *kinds[] = {&s->answer, &s->point, &s->make};
    const LessonField *given = NULL;
    for (int i = 0; i < 3; i++) {
        if (kinds[i]->source == NULL)
            continue;
        if (given != NULL)
            return fail(&a, kinds[i], "a question has one of `answer`, `point` and `make`");
        given = kinds[i];
    }
    if (given != NULL && s->ask.source == NULL)
        return fail(&a, given, "this answers a question; write 'ask: ...' before it");
    if (given != NULL && given != &s->answer && s->choice_count > 0)
        return fail(&a, given, "a question with choices has no `point` and no `make`");
    if (s->tolerance.source != NULL && s->answer.source == NULL)
        return fail(&a, &s->tolerance, "a tolerance belongs to `answer`");
    if (s->hide.source != NULL && s->ask.source == NULL)
        return fail(&a, &s->hide, "something is hidden while a question is open; write 'ask: ...' before it");
    return (s->answer.source == NULL || typed(&a)) && (s->hide.source == NULL || hidden(&a));
}

/* ---- judging a number -------------------------------------------------------------------------------------------------------------- */

static bool near(Rational a, Rational b, Rational tolerance)
{
    Rational off;
    if (!rational_sub(a, b, &off)) /* a rounded number has a long fraction; counts never come here */
        return tolerance.num > 0 && fabs(rational_double(a) - rational_double(b)) <= rational_double(tolerance);
    off.num = off.num < 0 ? -off.num : off.num;
    return rational_compare(off, tolerance) <= 0;
}

/* Digits, thousands separators, one decimal point, a minus sign in front. */
static bool typed_number(const char *text, Rational *out)
{
    int64_t digits = 0, scale = 1;
    bool any = false, point = false;
    const char *p = skip_blanks(text);
    const bool minus = *p == '-' || strncmp(p, "−", strlen("−")) == 0;
    p += minus ? (*p == '-' ? 1 : strlen("−")) : 0;
    for (; *p != '\0'; p++) {
        if (isdigit((unsigned char)*p)) {
            if (digits > 99999999999999999 || scale > 1000000000)
                return false;
            digits = digits * 10 + (*p - '0');
            scale *= point ? 10 : 1;
            any = true;
        } else if (*p == '.' && !point) {
            point = true;
        } else if (*p != ',' && *p != ' ') {
            return false;
        }
    }
    return any && rational_make(minus ? -digits : digits, scale, out);
}

bool lesson_judge(const LessonStep *s, const char *typed_text, int *which)
{
    Rational number;
    if (!typed_number(typed_text, &number))
        return false;
    *which = LESSON_OTHER;
    for (int i = s->choice_count - 1; i >= 0; i--)
        if (near(number, s->choices[i].number, s->number.tolerance))
            *which = i;
    if (near(number, s->number.value, s->number.tolerance))
        *which = LESSON_RIGHT;
    return true;
}

void lesson_number_text(Rational number, char *out, size_t size)
{
    if (number.den == 1)
        format_count(number.num, out, size);
    else
        snprintf(out, size, "%.6g", rational_double(number));
}
