/* verdict.c - see verdict.h. */
#include "engine/net/verdict.h"

#include "engine/net/expr.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *verdict_name(VerdictKind kind)
{
    static const char *const names[VERDICT_COUNT] = {
        [VERDICT_EXACT] = "exact", [VERDICT_KI] = "agrees in Ki", [VERDICT_K] = "agrees in K", [VERDICT_ROUNDING] = "rounding",
        [VERDICT_DIFFERS] = "differs", [VERDICT_CHANGED] = "changed", [VERDICT_MEASURED] = "measured",
    };
    _Static_assert(VERDICT_COUNT == 7, "a verdict without a name");
    return names[kind];
}

const char *verdict_mark(VerdictKind kind)
{
    static const char *const marks[VERDICT_COUNT] = {
        [VERDICT_EXACT] = "=", [VERDICT_KI] = "≈", [VERDICT_K] = "≈", [VERDICT_ROUNDING] = "±",
        [VERDICT_DIFFERS] = "≠", [VERDICT_CHANGED] = "*", [VERDICT_MEASURED] = "·",
    };
    _Static_assert(VERDICT_COUNT == 7, "a verdict without a mark");
    return marks[kind];
}

/* -------------------------------------------------------------------- printed numbers */

typedef struct Printed {
    Rational value;             /* digits as written, without the suffix */
    int64_t scale;              /* 10^decimals: the last digit is worth 1/scale */
    int power;                  /* 0, or 1, 2, 3 for K, M, G */
    char letter;                /* 'K', 'M', 'G', 'B', or 0 */
} Printed;

static bool parse_suffixed(const char *text, Printed *out, Err *err)
{
    Printed p = {.scale = 1};
    int64_t digits = 0;
    bool decimals = false, any = false;
    const char *c = text;
    for (; *c != '\0'; c++) {
        if (*c == ',' && !decimals)
            continue;
        if (*c == '.' && !decimals) {
            decimals = true;
            continue;
        }
        if (!isdigit((unsigned char)*c))
            break;
        any = true;
        if (__builtin_mul_overflow(digits, (int64_t)10, &digits) || __builtin_add_overflow(digits, (int64_t)(*c - '0'), &digits) ||
            (decimals && __builtin_mul_overflow(p.scale, (int64_t)10, &p.scale)))
            return err_set(err, "the printed number '%s' overflows 64 bits", text);
    }
    static const char letters[] = "KMG";
    if (*c == 'B') { /* billion */
        p.power = 3;
        p.letter = *c++;
    } else if (*c != '\0' && strchr(letters, *c) != NULL) {
        p.power = (int)(strchr(letters, *c) - letters) + 1;
        p.letter = *c++;
    }
    int64_t denominator = p.scale;
    if (*c == '%' && p.power == 0) {
        if (__builtin_mul_overflow(p.scale, (int64_t)100, &denominator))
            return err_set(err, "the printed number '%s' overflows 64 bits", text);
        c++;
    }
    if (!any || *c != '\0' || !rational_make(digits, denominator, &p.value))
        return err_set(err, "the printed '%s' is not a number; expected one such as 2.7K, 163,328, 112.5 or 40%%", text);
    *out = p;
    return true;
}

/* "28*28*64" too. */
static bool parse_printed(const char *text, Printed *out, Err *err)
{
    ExprValue value;
    if (strchr(text, '*') == NULL)
        return parse_suffixed(text, out, err);
    if (!expr_eval(&(ExprScope){0}, text, &value, err) || value.kind != EXPR_NUMBER)
        return false;
    *out = (Printed){.value = value.number, .scale = 1};
    return true;
}

static int64_t step(bool binary, int power)
{
    int64_t value = 1;
    for (int i = 0; i < power; i++)
        value *= binary ? 1024 : 1000;
    return value;
}

bool printed_parts(const char *printed, Rational *digits, char *suffix, Err *err)
{
    Printed p;
    if (!parse_printed(printed, &p, err))
        return false;
    *digits = p.value;
    *suffix = p.letter;
    return true;
}

int64_t printed_step(const char *printed, bool binary)
{
    Printed p;
    return parse_printed(printed, &p, NULL) ? step(binary, p.power) : 1;
}

/* -------------------------------------------------------------------- numbers that are close */

/* The candidate in units of the last printed digit. For "2.7K", 163,328 is 1,595 such units, tenths of a Ki. */
static bool in_units(Rational candidate, const Printed *p, bool binary, Rational *out)
{
    return rational_mul(candidate, (Rational){p->scale, 1}, out) && rational_div(*out, (Rational){step(binary, p->power), 1}, out);
}

/* The range [from, to) of values, in those units, that may be printed as n: rounded at the last digit, or cut there. A cut may
 * lose at most a tenth: 1.9 is not printed as 1. False for n = 0, which only the value 0 matches. */
static bool reach(const Printed *p, Rational *from, Rational *to)
{
    Rational n, half_above, next, tenth;
    if (!rational_mul(p->value, (Rational){p->scale, 1}, &n) || n.den != 1 || n.num <= 0 || !rational_add(n, (Rational){-1, 2}, from) ||
        !rational_add(n, (Rational){1, 2}, &half_above) || !rational_add(n, (Rational){1, 1}, &next) || !rational_mul(n, (Rational){10, 9}, &tenth))
        return false;
    *to = rational_compare(tenth, next) < 0 ? tenth : next;
    if (rational_compare(*to, half_above) < 0)
        *to = half_above;
    return true;
}

/* Whether a value is off by at most one unit and at most a hundredth of itself: 2 is not about 1. */
static bool near_by(Rational units, Rational printed)
{
    Rational off, share;
    if (!rational_sub(printed, units, &off) || units.num <= 0 || !rational_div(off, units, &share))
        return false;
    const Rational magnitude = {off.num < 0 ? -off.num : off.num, off.den}, part = {share.num < 0 ? -share.num : share.num, share.den};
    return rational_compare(magnitude, (Rational){1, 1}) <= 0 && rational_compare(part, (Rational){1, 100}) <= 0;
}

static void name_unit(const Printed *p, bool binary, char *out, size_t size)
{
    if (p->power == 0)
        out[0] = '\0';
    else
        snprintf(out, size, "%c%s", p->letter == 'B' ? 'G' : p->letter, binary ? "i" : "");
}

static bool try_exact(const Printed *p, Rational candidate, Verdict *out)
{
    Rational whole;
    if (!rational_mul(p->value, (Rational){step(false, p->power), 1}, &whole) || rational_compare(whole, candidate) != 0)
        return false;
    out->kind = VERDICT_EXACT;
    snprintf(out->text, sizeof out->text, "exact");
    return true;
}

/* slack 0: is `printed` the value rounded or cut at the last digit? slack 1: or is it within one unit of that digit? */
static bool try_close(const Printed *p, Rational candidate, bool binary, int slack, Verdict *out)
{
    Rational units, printed, from, to;
    if (!in_units(candidate, p, binary, &units) || !rational_mul(p->value, (Rational){p->scale, 1}, &printed) || !reach(p, &from, &to))
        return false;
    const bool agrees = rational_compare(units, from) >= 0 && rational_compare(units, to) < 0;
    if (!agrees && (slack == 0 || !near_by(units, printed)))
        return false;
    name_unit(p, binary, out->unit, sizeof out->unit);
    out->binary = binary && p->power > 0;
    if (slack == 0 && p->power > 0) {
        out->kind = binary ? VERDICT_KI : VERDICT_K;
        snprintf(out->text, sizeof out->text, "agrees in %s", out->unit);
        return true;
    }
    rational_text((Rational){1, p->scale}, false, out->slack, sizeof out->slack);
    out->kind = VERDICT_ROUNDING;
    out->side = slack == 0 ? 0 : rational_compare(printed, units) < 0 ? -1 : 1;
    const char *gap = p->power > 0 ? " " : "";
    if (out->side == 0)
        snprintf(out->text, sizeof out->text, "rounding: within %s%s%s", out->slack, gap, out->unit);
    else
        snprintf(out->text, sizeof out->text, "rounding: %s%s%s %s", out->slack, gap, out->unit, out->side < 0 ? "less" : "more");
    return true;
}

/* How far off, in the unit that is tried first. This is the only non-integer here; no verdict depends on it. */
static void differs(const Printed *p, Rational candidate, bool binary, Verdict *out)
{
    char in[16] = "";
    const double value = (double)candidate.num / (double)candidate.den / (double)step(binary, p->power);
    *out = (Verdict){.kind = VERDICT_DIFFERS, .binary = binary, .zero = candidate.num == 0, .off = (double)NAN};
    name_unit(p, binary, out->unit, sizeof out->unit);
    if (out->zero) {
        snprintf(out->text, sizeof out->text, "differs: the value is 0");
        return;
    }
    if (p->power > 0)
        snprintf(in, sizeof in, " in %s", out->unit);
    out->off = ((double)p->value.num / (double)p->value.den / value - 1) * 100;
    snprintf(out->text, sizeof out->text, "differs: %+.1f%%%s", out->off, in);
}

bool audit_verdict_in(int unit, const char *printed, const Rational *candidates, int count, Verdict *out, Err *err)
{
    Printed p;
    if (!parse_printed(printed, &p, err))
        return false;
    *out = (Verdict){.off = (double)NAN};
    const bool first = unit != 0 ? unit == 1024 : p.power == 1; /* 1024 is tried before 1000 only for K */
    for (int slack = -1; slack <= 1; slack++)
        for (int i = 0; i < count; i++) {
            out->candidate = i;
            if (slack < 0 ? try_exact(&p, candidates[i], out)
                          : try_close(&p, candidates[i], first, slack, out) ||
                                (unit == 0 && p.power > 0 && try_close(&p, candidates[i], !first, slack, out)))
                return true;
        }
    differs(&p, candidates[0], first, out);
    return true;
}

bool audit_verdict(const char *printed, const Rational *candidates, int count, Verdict *out, Err *err)
{
    return audit_verdict_in(0, printed, candidates, count, out, err);
}

void verdict_not_exact(const char *printed, Verdict *v)
{
    Printed p;
    if (v->kind != VERDICT_EXACT || !parse_printed(printed, &p, NULL))
        return;
    rational_text((Rational){1, p.scale}, false, v->slack, sizeof v->slack);
    name_unit(&p, false, v->unit, sizeof v->unit);
    v->kind = VERDICT_ROUNDING;
    snprintf(v->text, sizeof v->text, "rounding: within %s%s%s", v->slack, p.power > 0 ? " " : "", v->unit);
}

Verdict verdict_of_text(bool same)
{
    Verdict v = {.kind = same ? VERDICT_EXACT : VERDICT_DIFFERS, .off = (double)NAN};
    snprintf(v.text, sizeof v.text, "%s", same ? "exact" : "differs");
    return v;
}

/* -------------------------------------------------------------------- the inverse: values for a printed number */

static int64_t rational_ceil(Rational a)
{
    const int64_t floor = rational_floor(a);
    return a.den == 1 ? floor : floor + 1;
}

int printed_spans(int unit, const char *printed, NumberSpan out[3], Err *err)
{
    Printed p;
    Rational whole, from, to;
    int count = 0;
    if (!parse_printed(printed, &p, err))
        return -1;
    if (rational_mul(p.value, (Rational){step(false, p.power), 1}, &whole) && whole.den == 1)
        out[count++] = (NumberSpan){whole.num, whole.num + 1};
    for (int binary = 0; p.power > 0 && binary < 2; binary++) {
        Rational one, first, last;
        if ((unit != 0 && (unit == 1024) != binary) || !reach(&p, &from, &to) || !rational_make(step(binary, p.power), p.scale, &one) ||
            !rational_mul(from, one, &first) || !rational_mul(to, one, &last))
            continue;
        out[count++] = (NumberSpan){rational_ceil(first), rational_ceil(last)};
    }
    return count;
}
