/* expr.c - a recursive descent parser that evaluates as it reads; see expr.h. */
#include "engine/net/expr.h"

#include "engine/net/expr_functions.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct ExprParser {
    const ExprScope *scope;
    const char *text, *p;       /* the whole text and the current position in it */
    int depth;
    char *written;              /* expr_substitute's output, or NULL */
    size_t written_size;
    Err *err;
} ExprParser;

static bool complain(ExprParser *s, const char *at, const char *message)
{
    return err_set(s->err, "'%s': %s at position %d", s->text, message, (int)(at - s->text) + 1);
}

static bool sum(ExprParser *s, ExprValue *out);

/* Counts one more parenthesis or sign; the sum that is the whole expression is counted too. */
static bool deeper(ExprParser *s)
{
    return s->depth++ <= LIMIT_EXPRESSION_DEPTH ||
           err_set(s->err, "too many parentheses and signs one inside another; at most %d, up to position %d", LIMIT_EXPRESSION_DEPTH, (int)(s->p - s->text) + 1);
}

/* Appends to the substituted text. */
static void write_text(ExprParser *s, const char *text, size_t length)
{
    if (s->written == NULL)
        return;
    size_t used = strlen(s->written);
    if (used + length < s->written_size) {
        memcpy(s->written + used, text, length);
        s->written[used + length] = '\0';
    }
}

static void blanks(ExprParser *s)
{
    const char *from = s->p;
    while (isspace((unsigned char)*s->p))
        s->p++;
    write_text(s, from, (size_t)(s->p - from));
}

/* Skips `token` if it comes next. */
static bool take(ExprParser *s, const char *token)
{
    size_t length = strlen(token);
    if (strncmp(s->p, token, length) != 0)
        return false;
    write_text(s, s->p, length);
    s->p += length;
    blanks(s);
    return true;
}

static bool digits(ExprParser *s, int64_t *value, int64_t *scale)
{
    const char *from = s->p;
    bool decimals = false;
    *value = 0;
    *scale = 1;
    for (;; s->p++) {
        bool separator = *s->p == ',' && !decimals && s->p > from && isdigit((unsigned char)s->p[1]) && isdigit((unsigned char)s->p[2]) &&
                         isdigit((unsigned char)s->p[3]) && !isdigit((unsigned char)s->p[4]);
        if (separator)
            continue;
        if (*s->p == '.' && !decimals) {
            decimals = true;
            continue;
        }
        if (!isdigit((unsigned char)*s->p))
            break;
        if (__builtin_mul_overflow(*value, (int64_t)10, value) || __builtin_add_overflow(*value, (int64_t)(*s->p - '0'), value) ||
            (decimals && __builtin_mul_overflow(*scale, (int64_t)10, scale)))
            return complain(s, from, "a number overflows 64 bits");
    }
    return s->p > from + decimals ? true : complain(s, from, "expected a number");
}

/* One of the three sizes of a shape; its text is from `from` to here. */
static bool size(ExprParser *s, const char *from, int64_t value, int *out)
{
    if (memchr(from, '.', (size_t)(s->p - from)) != NULL)
        return complain(s, from, "a size is a whole number, without decimals,");
    if (value > INT_MAX)
        return complain(s, from, "a size is too large");
    *out = (int)value;
    return true;
}

/* The rest of a shape, CxHxW, after its first size. */
static bool shape(ExprParser *s, const char *from, int64_t value, Shape *out)
{
    int64_t scale;
    int *const sizes[3] = {&out->c, &out->h, &out->w};
    const char *at = from;
    *out = (Shape){.n = 1};
    for (int i = 0; i < 3; i++) {
        if (i > 0) {
            if (*s->p != 'x')
                return complain(s, from, "a shape has three sizes, such as 64x56x56");
            at = ++s->p;
            if (!digits(s, &value, &scale))
                return false;
        }
        if (!size(s, at, value, sizes[i]))
            return false;
    }
    return true;
}

static bool number(ExprParser *s, ExprValue *out)
{
    const char *from = s->p;
    int64_t value, scale;
    if (!digits(s, &value, &scale))
        return false;
    *out = (ExprValue){.kind = EXPR_NUMBER};
    if (*s->p == 'x' && isdigit((unsigned char)s->p[1])) {
        out->kind = EXPR_SHAPE;
        if (!shape(s, from, value, &out->shape))
            return false;
    } else {
        static const struct { const char *suffix; int64_t factor; } suffixes[] = {
            {"Ki", 1024}, {"Mi", 1048576}, {"K", 1000}, {"M", 1000000}, {"%", 0}, {"", 1}};
        int i = 0;
        while (strncmp(s->p, suffixes[i].suffix, strlen(suffixes[i].suffix)) != 0)
            i++;
        s->p += strlen(suffixes[i].suffix);
        Rational factor = {suffixes[i].factor, 1}, plain;
        if (factor.num == 0)
            factor = (Rational){1, 100};
        if (!rational_make(value, scale, &plain) || !rational_mul(plain, factor, &out->number))
            return complain(s, from, "a number overflows 64 bits");
    }
    write_text(s, from, (size_t)(s->p - from));
    blanks(s);
    return true;
}

/* ---- functions of a sum: floor(7/2), ln(5) ------------------------------------------------------------------------------ */

typedef enum SumFunction { SUM_FLOOR, SUM_CEIL, SUM_ROUND, SUM_LN, SUM_EXP, SUM_SQRT, SUM_FUNCTIONS } SumFunction;

static const char *const sum_functions[SUM_FUNCTIONS] = {
    [SUM_FLOOR] = "floor", [SUM_CEIL] = "ceil", [SUM_ROUND] = "round", [SUM_LN] = "ln", [SUM_EXP] = "exp", [SUM_SQRT] = "sqrt",
};
_Static_assert(SUM_FUNCTIONS == 6, "a function without a name");

/* The nearest decimal fraction of DIGITS_KEPT significant digits, or of as many as fit in 64 bits; false if fewer than
 * EXPR_DIGITS fit. */
static bool rounded_fraction(double value, Rational *out)
{
    enum { DIGITS_KEPT = 15, DECIMALS_MAX = 18 };
    if (!(fabs(value) < 9e18))
        return false;
    const int leading = value == 0 ? 0 : (int)floor(log10(fabs(value))); /* the power of ten of its first digit */
    int decimals = leading > DIGITS_KEPT - 1 ? 0 : DIGITS_KEPT - 1 - leading;
    decimals = decimals > DECIMALS_MAX ? DECIMALS_MAX : decimals;
    if (decimals + leading < EXPR_DIGITS - 1)
        return false;
    int64_t scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    return rational_make((int64_t)llround(value * (double)scale), scale, out);
}

/* Near 1, the distance to 1 is exact in integers; rounding num / den first would lose it. */
static double natural_logarithm(Rational x)
{
    return x.num / 2 < x.den && x.den / 2 < x.num ? log1p((double)(x.num - x.den) / (double)x.den) : log(rational_double(x));
}

static bool round_whole(ExprParser *s, const char *from, SumFunction f, ExprValue *v)
{
    if (v->rounded)
        return complain(s, from, "ln, exp and sqrt give rounded numbers; floor, ceil and round take only exact ones");
    const int64_t below = rational_floor(v->number);
    v->number = (Rational){f == SUM_ROUND ? rational_round(v->number) : f == SUM_CEIL && v->number.den != 1 ? below + 1 : below, 1};
    return true;
}

static bool round_real(ExprParser *s, const char *from, SumFunction f, ExprValue *v)
{
    const Rational x = v->number;
    if ((f == SUM_LN && x.num <= 0) || (f == SUM_SQRT && x.num < 0))
        return complain(s, from, f == SUM_LN ? "ln needs a number above 0" : "sqrt needs a number that is not negative");
    const double value = f == SUM_LN ? natural_logarithm(x) : f == SUM_EXP ? exp(rational_double(x)) : sqrt(rational_double(x));
    v->rounded = true;
    return ((f != SUM_EXP || value > 0) && rounded_fraction(value, &v->number)) ||
           complain(s, from, "the result is too large or too small for 64 bits");
}

/* f(SUM); s->p is after the opening parenthesis. */
static bool call_sum(ExprParser *s, const char *from, SumFunction f, ExprValue *out)
{
    if (!sum(s, out))
        return false;
    if (!take(s, ")"))
        return complain(s, s->p, "expected ')'");
    if (out->kind != EXPR_NUMBER)
        return complain(s, from, "a shape cannot be rounded");
    return f <= SUM_ROUND ? round_whole(s, from, f, out) : round_real(s, from, f, out);
}

static bool name_call(ExprParser *s, ExprValue *out)
{
    const char *from = s->p;
    char name[32], what[EXPR_NAME_MAX + 1], value[64];
    while (isalnum((unsigned char)*s->p) || *s->p == '_')
        s->p++;
    size_t length = (size_t)(s->p - from);
    const char *open = s->p;
    while (isspace((unsigned char)*open))
        open++;
    if (length >= sizeof name || length == 0 || *open != '(')
        return complain(s, from, "expected a number or a function such as weights(3a)");
    snprintf(name, sizeof name, "%.*s", (int)length, from);
    for (int f = 0; f < SUM_FUNCTIONS; f++)
        if (strcmp(name, sum_functions[f]) == 0) {
            s->p = open + 1;
            write_text(s, from, (size_t)(s->p - from));
            blanks(s);
            return call_sum(s, from, (SumFunction)f, out);
        }
    const char *close = strchr(open, ')');
    const char *nearest = NULL;
    if (!expr_function_known(name, &nearest))
        return err_set(s->err, "'%s': there is no function '%s'%s%s%s", s->text, name, nearest != NULL ? "; did you mean '" : "",
                       nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "; see eval --list");
    if (close == NULL || (size_t)(close - open - 1) > EXPR_NAME_MAX)
        return complain(s, open, close == NULL ? "the parenthesis is not closed" : "the name is too long");
    snprintf(what, sizeof what, "%.*s", (int)(close - open - 1), open + 1);
    Err reason = {""};
    if (!expr_function_call(s->scope, name, what, out, &reason))
        return err_set(s->err, "'%s': %s", s->text, reason.text);
    s->p = close + 1;
    expr_value_text(out, true, value, sizeof value);
    write_text(s, value, strlen(value));
    blanks(s);
    return true;
}

static bool factor(ExprParser *s, ExprValue *out)
{
    if (take(s, "(")) {
        if (!sum(s, out))
            return false;
        return take(s, ")") ? true : complain(s, s->p, "expected ')'");
    }
    if (isdigit((unsigned char)*s->p) || *s->p == '.')
        return number(s, out);
    if (*s->p == '\0')
        return complain(s, s->p, "the expression ends too early");
    return name_call(s, out);
}

static bool power(ExprParser *s, ExprValue *out)
{
    const char *from = s->p;
    if (take(s, "-")) { /* binds less tightly than ^, as in mathematics: -2^2 = -4 */
        if (!deeper(s) || !power(s, out))
            return false;
        s->depth--;
        if (out->kind != EXPR_NUMBER)
            return complain(s, from, "a shape has no sign");
        out->number.num = -out->number.num; /* cannot overflow: rational_make keeps |num| <= INT64_MAX */
        return true;
    }
    if (!factor(s, out))
        return false;
    if (!take(s, "^"))
        return true;
    ExprValue exponent;
    if (!power(s, &exponent))
        return false;
    if (out->kind != EXPR_NUMBER || exponent.kind != EXPR_NUMBER || exponent.rounded || exponent.number.den != 1 || exponent.number.num < 0 ||
        exponent.number.num > 63)
        return complain(s, from, "a power needs a number and a whole exponent from 0 to 63");
    Rational base = out->number, result = {1, 1};
    bool good = true;
    for (int64_t i = 0; good && i < exponent.number.num; i++)
        good = rational_mul(result, base, &result);
    if (!good && out->rounded)
        good = rounded_fraction(pow(rational_double(base), (double)exponent.number.num), &result);
    out->number = result;
    return good ? true : complain(s, from, "a power overflows 64 bits");
}

/* Computes left OPERATION right; chains of operations associate to the left. */
static bool combine(ExprParser *s, ExprValue *left, char operation, const ExprValue *right, const char *at)
{
    if (left->kind != EXPR_NUMBER || right->kind != EXPR_NUMBER)
        return complain(s, at, "a shape cannot be used in arithmetic; use out_c, out_h or out_w");
    if (operation == '/' && right->number.num == 0)
        return complain(s, at, "a division by zero");
    bool (*const apply)(Rational, Rational, Rational *) = operation == '+' ? rational_add : operation == '-' ? rational_sub
                                                        : operation == '*' ? rational_mul : rational_div;
    left->rounded = left->rounded || right->rounded;
    if (apply(left->number, right->number, &left->number))
        return true;
    const double a = rational_double(left->number), b = rational_double(right->number);
    return (left->rounded && rounded_fraction(operation == '+' ? a + b : operation == '-' ? a - b : operation == '*' ? a * b : a / b, &left->number)) ||
           complain(s, at, "the result overflows 64 bits");
}

static bool product(ExprParser *s, ExprValue *out)
{
    if (!power(s, out))
        return false;
    for (;;) {
        const char *at = s->p;
        char operation = *at;
        ExprValue right;
        if (!take(s, "*") && !take(s, "/"))
            return true;
        if (!power(s, &right) || !combine(s, out, operation, &right, at))
            return false;
    }
}

static bool sum(ExprParser *s, ExprValue *out)
{
    if (!deeper(s) || !product(s, out))
        return false;
    for (;;) {
        const char *at = s->p;
        char operation = *at;
        ExprValue right;
        if (!take(s, "+") && !take(s, "-")) {
            s->depth--;
            return true;
        }
        if (!product(s, &right) || !combine(s, out, operation, &right, at))
            return false;
    }
}

static bool same_shape(Shape a, Shape b) { return a.c == b.c && a.h == b.h && a.w == b.w; }

/* The whole text. *compared: whether it was a comparison. */
static bool comparison(ExprParser *s, ExprValue *left, ExprValue *right, ExprValue *out, bool *compared)
{
    static const struct { const char *sign; bool less, equal, more; } signs[] = {
        {"==", false, true, false}, {"!=", true, false, true}, {"<=", true, true, false}, {">=", false, true, true},
        {"=", false, true, false},  {"<", true, false, false}, {">", false, false, true},
    };
    blanks(s);
    if (!sum(s, left))
        return false;
    *out = *left;
    *compared = false;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0] && !*compared; i++) {
        const char *at = s->p;
        if (!take(s, signs[i].sign))
            continue;
        *compared = true;
        if (!sum(s, right))
            return false;
        if (left->kind != right->kind)
            return complain(s, at, "a shape is compared with a number");
        bool ordered = signs[i].less != signs[i].more;
        if (left->kind == EXPR_SHAPE && ordered)
            return complain(s, at, "shapes can only be equal or not equal");
        if ((left->rounded || right->rounded) && !ordered)
            return complain(s, at, "ln, exp and sqrt give rounded numbers, which cannot be compared exactly; use < or >");
        int order = left->kind == EXPR_SHAPE ? !same_shape(left->shape, right->shape) : rational_compare(left->number, right->number);
        *out = (ExprValue){.kind = EXPR_TRUTH, .truth = order < 0 ? signs[i].less : order > 0 ? signs[i].more : signs[i].equal};
    }
    return *s->p == '\0' ? true : complain(s, s->p, "expected the end or an operator");
}

static bool run(const ExprScope *scope, const char *text, ExprValue *left, ExprValue *right, ExprValue *out, bool *compared,
                char *written, size_t written_size, Err *err)
{
    ExprParser s = {.scope = scope, .text = text, .p = text, .written = written, .written_size = written_size, .err = err};
    if (strlen(text) > LIMIT_EXPRESSION)
        return err_set(err, "an expression of %zu letters is too long; at most %d", strlen(text), LIMIT_EXPRESSION);
    return comparison(&s, left, right, out, compared);
}

bool expr_eval(const ExprScope *scope, const char *text, ExprValue *out, Err *err)
{
    ExprValue left, right, value;
    bool compared;
    if (!run(scope, text, &left, &right, &value, &compared, NULL, 0, err))
        return false;
    *out = value;
    return true;
}

bool expr_sides(const ExprScope *scope, const char *text, ExprValue *left, ExprValue *right, Err *err)
{
    ExprValue a, b, value;
    bool compared;
    if (!run(scope, text, &a, &b, &value, &compared, NULL, 0, err))
        return false;
    if (left != NULL)
        *left = a;
    if (compared && right != NULL)
        *right = b;
    return compared ? true : err_set(err, "'%s' compares nothing", text);
}

bool expr_substitute(const ExprScope *scope, const char *text, char *out, size_t size, Err *err)
{
    ExprValue left, right, value;
    bool compared;
    out[0] = '\0';
    return run(scope, text, &left, &right, &value, &compared, out, size, err);
}

void expr_value_text(const ExprValue *value, bool commas, char *out, size_t size)
{
    if (value->kind == EXPR_NUMBER && value->rounded)
        snprintf(out, size, "%.*g", EXPR_DIGITS, rational_double(value->number));
    else if (value->kind == EXPR_NUMBER)
        rational_text(value->number, commas, out, size);
    else if (value->kind == EXPR_SHAPE)
        snprintf(out, size, "%dx%dx%d", value->shape.c, value->shape.h, value->shape.w);
    else
        snprintf(out, size, "%s", value->truth ? "true" : "false");
}
