/* audit_words.c - writes how the value of a claim is computed, and the remarks, with the numbers put in. See audit.h. */
#include "engine/net/audit_judge.h"

#include "engine/base/count.h"

#include <stdio.h>

typedef struct Text {
    char *out;
    size_t size;
} Text;

static void append(Text t, const char *text)
{
    size_t used = strlen(t.out);
    snprintf(t.out + used, t.size - used, "%s", text);
}

/* " = 388,736; / 1024 = 379.6": the value, then the same in the printed unit. */
static void append_value(Text t, const AuditLine *line, Rational value)
{
    char text[64], unit[96];
    rational_text(value, true, text, sizeof text);
    append(t, " = ");
    append(t, text);
    const int64_t by = printed_step(line->printed, line->verdict.binary);
    if (by == 1)
        return;
    format_count(by, text, sizeof text);
    snprintf(unit, sizeof unit, "; / %s = %.2f", text, (double)value.num / (double)value.den / (double)by);
    append(t, unit);
}

/* If the expression is one function of one layer, writes that layer's formula. */
static bool layer_formula(Text t, const Trace *trace, const char *what, const Phrases *p)
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
        char formula[192];
        trace_formula(trace, a.layer, known[i].of, p, formula, sizeof formula);
        append(t, formula);
        return formula[0] != '\0';
    }
    return false;
}

static void counts_formula(Text t, const AuditLine *line, const Stretch *s, const Phrases *p)
{
    const bool params = claim_is(line->claim, "params");
    const Counts *c = &line->counts;
    const int64_t plain = params ? c->weights : c->macs, biased = params ? c->params : c->macs + c->bias_adds;
    trace_sum_formula(s->trace, s->first, s->last, params ? FORMULA_WEIGHTS : FORMULA_MACS, p, t.out, t.size);
    if (line->with_biases) {
        char count[32], extra[96];
        format_count(biased - plain, count, sizeof count);
        snprintf(extra, sizeof extra, !params ? p->and_bias_adds : c->bn > 0 ? p->and_biases_bn : p->and_biases, count);
        append(t, extra);
    }
    append_value(t, line, (Rational){line->with_biases ? biased : plain, 1});
}

static void expression_formula(Text t, const AuditLine *line, const ExprScope *scope, const Phrases *p)
{
    const char *what = line->claim->what;
    char text[512];
    ExprValue value;
    append(t, what);
    append(t, " = ");
    if (layer_formula(t, scope->trace, what, p) || !expr_eval(scope, what, &value, NULL))
        return;
    if (value.kind == EXPR_SHAPE) {
        append(t, line->value);
        return;
    }
    if (!expr_substitute(scope, what, text, sizeof text, NULL))
        return;
    if (strcmp(text, line->value) == 0)
        t.out[strlen(t.out) - strlen(" = ")] = '\0';
    else
        append(t, text);
    append_value(t, line, value.number);
}

void audit_formula(const Audit *audit, const AuditLine *line, const Phrases *p, char *out, size_t size)
{
    const Claim *claim = line->claim;
    const Stretch s = audit_stretch(&audit->judged, audit->networks_dir, claim->row);
    const ExprScope scope = audit_scope(&s);
    const Text t = {out, size};
    out[0] = '\0';
    if (line->has_counts)
        counts_formula(t, line, &s, p);
    else if (claim_is(claim, "output"))
        trace_formula(&audit->judged, s.last, FORMULA_OUTPUT, p, out, size);
    else if (strchr(claim->what, '(') != NULL)
        expression_formula(t, line, &scope, p);
}

void audit_own(const Audit *audit, const AuditLine *line, char *out, size_t size)
{
    const Stretch s = audit_stretch(&audit->judged, audit->networks_dir, line->claim->row);
    const ExprScope scope = audit_scope(&s);
    ExprValue value;
    char text[256], number[64];
    out[0] = '\0';
    if (line->claim->own[0] == '\0' || !expr_substitute(&scope, line->claim->own, text, sizeof text, NULL) ||
        !expr_eval(&scope, line->claim->own, &value, NULL))
        return;
    rational_text(value.number, true, number, sizeof number);
    snprintf(out, size, "%s = %s", text, number);
}

bool audit_note(const Audit *audit, const char *note, char *out, size_t size, Err *err)
{
    const ExprScope scope = {.trace = &audit->judged, .networks_dir = audit->networks_dir};
    size_t used = 0;
    out[0] = '\0';
    for (const char *p = note; *p != '\0';) {
        const size_t plain = strcspn(p, "{}");
        used += (size_t)snprintf(out + used, size - used, "%.*s", (int)plain, p);
        if (used >= size)
            return err_set(err, "the note '%.40s' is too long", note);
        p += plain;
        if (*p == '\0')
            break;
        char text[128], shown[128];
        const char *close = strchr(p, '}');
        if (*p == '}' || close == NULL || (size_t)(close - p - 1) >= sizeof text)
            return err_set(err, "the note '%.40s' has an unpaired brace", note);
        ExprValue value;
        snprintf(text, sizeof text, "%.*s", (int)(close - p - 1), p + 1);
        if (!expr_eval(&scope, text, &value, err))
            return false;
        expr_value_text(&value, true, shown, sizeof shown);
        used += (size_t)snprintf(out + used, size - used, "%s", shown);
        if (used >= size)
            return err_set(err, "the note '%.40s' is too long", note);
        p = close + 1;
    }
    return true;
}
