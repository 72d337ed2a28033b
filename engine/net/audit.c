/* audit.c - see audit.h. */
#include "engine/net/audit.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *verdict_name(VerdictKind kind)
{
    static const char *const names[VERDICT_COUNT] = {"exact", "agrees in Ki", "agrees in K", "rounding", "differs"};
    return names[kind];
}

/* -------------------------------------------------------------------- printed numbers */

typedef struct Printed {
    Rational value;             /* digits as written, without the suffix */
    int64_t scale;              /* 10^decimals: the last digit is worth 1/scale */
    int power;                  /* 0, or 1, 2, 3 for K, M, G */
    char letter;                /* 'K', 'M', 'G', or 0 */
} Printed;

static bool parse_printed(const char *text, Printed *out, Err *err)
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
        denominator = p.scale * 100;
        c++;
    }
    if (!any || *c != '\0' || !rational_make(digits, denominator, &p.value))
        return err_set(err, "the printed '%s' is no number; expected such as 2.7K, 163,328, 112.5 or 40%%", text);
    *out = p;
    return true;
}

/* "28*28*64" */
static bool parse_product(const char *text, Printed *out, Err *err)
{
    ExprValue value;
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

/* The candidate in units of the last printed digit: 163,328 beside "2.7K" is 1,595 tenths of a Ki. */
static bool in_units(Rational candidate, const Printed *p, bool binary, Rational *out)
{
    return rational_mul(candidate, (Rational){p->scale, 1}, out) && rational_div(*out, (Rational){step(binary, p->power), 1}, out);
}

static void name_unit(const Printed *p, bool binary, char *out, size_t size)
{
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

/* slack 0: is it the value rounded or cut at the last printed digit? slack 1: or within one unit of that digit? */
static bool try_close(const Printed *p, Rational candidate, bool binary, int slack, Verdict *out)
{
    Rational units, printed;
    char unit[8];
    if (!in_units(candidate, p, binary, &units) || !rational_mul(p->value, (Rational){p->scale, 1}, &printed) || printed.den != 1)
        return false;
    Rational off;
    bool agrees = printed.num == rational_floor(units) || printed.num == rational_round(units);
    bool near = rational_sub(printed, units, &off) && rational_compare(off, (Rational){1, 1}) <= 0 && rational_compare(off, (Rational){-1, 1}) >= 0;
    if (!agrees && (slack == 0 || !near))
        return false;
    name_unit(p, binary, unit, sizeof unit);
    out->binary = binary && p->power > 0;
    if (slack == 0 && p->power > 0) {
        out->kind = binary ? VERDICT_KI : VERDICT_K;
        snprintf(out->text, sizeof out->text, "agrees in %s", unit);
        return true;
    }
    char last[32];
    rational_text((Rational){1, p->scale}, false, last, sizeof last);
    out->kind = VERDICT_ROUNDING;
    snprintf(out->text, sizeof out->text, slack == 0 ? "rounding: within %s%s%s" : "rounding: %s%s%s %s", last, p->power > 0 ? " " : "", unit,
             rational_compare(printed, units) < 0 ? "less" : "more");
    return true;
}

bool audit_verdict(const char *printed, const Rational *candidates, int count, Verdict *out, Err *err)
{
    Printed p;
    if (!(strchr(printed, '*') != NULL ? parse_product(printed, &p, err) : parse_printed(printed, &p, err)))
        return false;
    *out = (Verdict){0};
    bool first = p.power == 1; /* 1024 before 1000 in K only */
    for (int slack = -1; slack <= 1; slack++)
        for (int i = 0; i < count; i++) {
            out->candidate = i;
            if (slack < 0 ? try_exact(&p, candidates[i], out)
                          : try_close(&p, candidates[i], first, slack, out) || (p.power > 0 && try_close(&p, candidates[i], !first, slack, out)))
                return true;
        }
    /* How far off, in the unit that would have been tried first. The only number here that is no integer and decides nothing. */
    char unit[8] = "";
    name_unit(&p, first, unit, sizeof unit);
    double value = (double)candidates[0].num / (double)candidates[0].den / (double)step(first, p.power);
    double off = ((double)p.value.num / (double)p.value.den / value - 1) * 100;
    out->kind = VERDICT_DIFFERS;
    out->candidate = 0;
    out->binary = first;
    if (candidates[0].num == 0)
        snprintf(out->text, sizeof out->text, "differs: the value is 0");
    else
        snprintf(out->text, sizeof out->text, "differs: %+.1f%%%s%s", off, p.power > 0 ? " in " : "", p.power > 0 ? unit : "");
    return true;
}

/* -------------------------------------------------------------------- formulas */

typedef struct Text {
    char *out;
    size_t size;
} Text;

static void append(Text t, const char *text)
{
    size_t used = strlen(t.out);
    snprintf(t.out + used, t.size - used, "%s", text);
}

/* " = 388,736; / 1024 = 379.6": the value, and how it reads in the printed unit. */
static void append_value(Text t, const AuditLine *line, Rational value)
{
    char text[64], unit[80];
    rational_text(value, true, text, sizeof text);
    append(t, " = ");
    append(t, text);
    Printed p;
    if (!parse_printed(line->claim->printed, &p, NULL) || p.power == 0)
        return;
    int64_t by = step(line->verdict.binary, p.power);
    format_count(by, text, sizeof text);
    snprintf(unit, sizeof unit, "; / %s = %.2f", text, (double)value.num / (double)value.den / (double)by);
    append(t, unit);
}

/* An expression that is one function of one layer gets that layer's formula. */
static bool layer_formula(Text t, const Trace *trace, const char *what)
{
    static const struct { const char *name; FormulaOf of; } known[] = {
        {"weights", FORMULA_WEIGHTS}, {"macs", FORMULA_MACS}, {"out", FORMULA_OUTPUT}, {"rf", FORMULA_FIELD}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t length = strlen(known[i].name);
        const char *close = strchr(what, ')');
        if (strncmp(what, known[i].name, length) != 0 || what[length] != '(' || close == NULL || close[1] != '\0')
            continue;
        char name[96];
        Address a;
        snprintf(name, sizeof name, "%.*s", (int)(close - what - (long)length - 1), what + length + 1);
        if (!net_address(trace->net, name, &a, NULL) || a.channel >= 0 || trace->net->layers[a.layer].op == OP_CONCAT)
            return false;
        char formula[128];
        trace_formula(trace, a.layer, known[i].of, formula, sizeof formula);
        append(t, formula);
        return formula[0] != '\0';
    }
    return false;
}

/* -------------------------------------------------------------------- one claim */

static bool judge_shape(AuditLine *line, const char *value)
{
    bool same = strcmp(line->claim->printed, value) == 0;
    line->verdict.kind = same ? VERDICT_EXACT : VERDICT_DIFFERS;
    snprintf(line->verdict.text, sizeof line->verdict.text, "%s", same ? "exact" : "differs");
    snprintf(line->value, sizeof line->value, "%s", value);
    return true;
}

/* params and ops: [first, last] is the claim's row or the main path. */
static bool judge_counts(AuditLine *line, const Trace *trace, int first, int last, Err *err)
{
    bool params = strcmp(line->claim->what, "params") == 0;
    const Counts c = trace_sum(trace, first, last);
    const Rational candidates[2] = {{params ? c.weights : c.macs, 1}, {params ? c.params : c.macs + c.bias_adds, 1}};
    if (!audit_verdict(line->claim->printed, candidates, 2, &line->verdict, err))
        return false;
    line->counts = c;
    line->has_counts = true;
    line->with_biases = line->verdict.candidate == 1 && candidates[0].num != candidates[1].num;
    Text t = {line->formula, sizeof line->formula};
    char extra[64];
    trace_sum_formula(trace, first, last, params ? FORMULA_WEIGHTS : FORMULA_MACS, line->formula, sizeof line->formula);
    if (line->with_biases) {
        char count[32];
        format_count(candidates[1].num - candidates[0].num, count, sizeof count);
        snprintf(extra, sizeof extra, " + %s %s", count, !params ? "bias additions" : c.bn > 0 ? "biases and BN" : "biases");
        append(t, extra);
    }
    append_value(t, line, candidates[line->verdict.candidate]);
    format_count(candidates[line->verdict.candidate].num, line->value, sizeof line->value);
    return true;
}

static bool judge_expression(AuditLine *line, const ExprScope *scope, Err *err)
{
    const char *what = line->claim->what;
    ExprValue value;
    char text[512];
    if (!expr_eval(scope, what, &value, err))
        return false;
    if (value.kind == EXPR_TRUTH)
        return err_set(err, "'%s' is a comparison; a claim names what was printed after its own =", what);
    Text t = {line->formula, sizeof line->formula};
    append(t, what);
    append(t, " = ");
    if (value.kind == EXPR_SHAPE) {
        expr_value_text(&value, true, text, sizeof text);
        if (!layer_formula(t, scope->trace, what))
            append(t, text);
        return judge_shape(line, text);
    }
    if (!audit_verdict(line->claim->printed, &value.number, 1, &line->verdict, err))
        return false;
    rational_text(value.number, true, line->value, sizeof line->value);
    if (layer_formula(t, scope->trace, what))
        return true;
    if (!expr_substitute(scope, what, text, sizeof text, err))
        return false;
    if (strcmp(text, line->value) == 0) {
        t.out[strlen(t.out) - strlen(" = ")] = '\0';
        append_value(t, line, value.number);
    } else {
        append(t, text);
        append_value(t, line, value.number);
    }
    return true;
}

static bool judge(AuditLine *line, const ExprScope *scope, Err *err)
{
    const Net *net = scope->trace->net;
    const Claim *claim = line->claim;
    bool network = claim->row < 0;
    int first = network ? 0 : net->rows[claim->row].first, last = network ? net->main_count - 1 : net->rows[claim->row].last;
    line->row = network ? net->name : net->rows[claim->row].name;
    if (strcmp(claim->what, "params") == 0 || strcmp(claim->what, "ops") == 0)
        return judge_counts(line, scope->trace, first, last, err);
    if (strcmp(claim->what, "output") == 0) {
        char value[64];
        Shape s = net->layers[last].out;
        snprintf(value, sizeof value, "%dx%dx%d", s.h, s.w, s.c); /* the papers write height x width x channels */
        trace_formula(scope->trace, last, FORMULA_OUTPUT, line->formula, sizeof line->formula);
        return judge_shape(line, value);
    }
    if (strcmp(claim->what, "depth") == 0) {
        int64_t depth = trace_depth(scope->trace, first, last, false);
        const Rational value = {depth, 1};
        snprintf(line->value, sizeof line->value, "%" PRId64, depth);
        return audit_verdict(claim->printed, &value, 1, &line->verdict, err);
    }
    return judge_expression(line, scope, err);
}

bool audit_make(const Trace *trace, const char *networks_dir, Audit *out, Err *err)
{
    const Net *net = trace->net;
    Audit audit = {.net = net, .lines = calloc((size_t)net->claim_count + 1, sizeof *audit.lines)};
    const ExprScope scope = {.trace = trace, .networks_dir = networks_dir};
    if (audit.lines == NULL)
        return err_set(err, "not enough memory to audit %s", net->name);
    for (int i = 0; i < net->claim_count; i++) {
        AuditLine *line = &audit.lines[audit.count];
        Err reason = {""};
        *line = (AuditLine){.claim = &net->claims[i]};
        if (!judge(line, &scope, &reason)) {
            if (net->switched) /* about a layer that the switches took away */
                continue;
            err_set(err, "%s:%d: claim %s=%s: %s", net->source, line->claim->line, line->claim->what, line->claim->printed, reason.text);
            free(audit.lines);
            return false;
        }
        audit.kinds[line->verdict.kind]++;
        audit.count++;
    }
    *out = audit;
    return true;
}

void audit_free(Audit *audit)
{
    free(audit->lines);
    audit->lines = NULL;
    audit->count = 0;
}
