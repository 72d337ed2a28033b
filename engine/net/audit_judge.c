/* audit_judge.c - the verdict on one claim. See audit_judge.h. */
#include "engine/net/audit_judge.h"

#include "engine/base/count.h"

#include <stdio.h>

static bool judge_shape(AuditLine *line, const char *value)
{
    line->verdict = verdict_of_text(strcmp(line->claim->printed, value) == 0);
    snprintf(line->value, sizeof line->value, "%s", value);
    return true;
}

static bool judge_counts(AuditLine *line, const Stretch *s, Err *err)
{
    bool params = claim_is(line->claim, "params");
    const Counts c = trace_sum(s->trace, s->first, s->last);
    const Rational candidates[2] = {{params ? c.weights : c.macs, 1}, {params ? c.params : c.macs + c.bias_adds, 1}};
    if (!audit_verdict_in(line->claim->unit, line->printed, candidates, 2, &line->verdict, err))
        return false;
    line->counts = c;
    line->has_counts = true;
    line->with_biases = line->verdict.candidate == 1 && candidates[0].num != candidates[1].num;
    format_count(candidates[line->verdict.candidate].num, line->value, sizeof line->value);
    return true;
}

static bool judge_number(AuditLine *line, int64_t number, Err *err)
{
    const Rational value = {number, 1};
    format_count(number, line->value, sizeof line->value);
    return audit_verdict_in(line->claim->unit, line->printed, &value, 1, &line->verdict, err);
}

/* patch: the window of the row's largest kernel, as Table 1 prints it. */
static bool judge_patch(AuditLine *line, const Stretch *s)
{
    const Layer *largest = &s->trace->net->layers[s->last];
    char value[32] = "none";
    for (int i = s->first; i <= s->last; i++)
        if (s->trace->net->layers[i].k > largest->k)
            largest = &s->trace->net->layers[i];
    if (largest->k > 0)
        snprintf(value, sizeof value, "%dx%d/%d", largest->k, largest->k, largest->stride);
    return judge_shape(line, value);
}

/* A column of Table 1: one of a module's six numbers. A row of two convolutions has two such columns: a reduction and a 3x3. */
static bool judge_column(AuditLine *line, const Stretch *s, int number, Err *err)
{
    const Net *net = s->trace->net;
    const Layer *last = &net->layers[s->last];
    int channels = 0;
    if (last->module >= 0) {
        channels = net->modules[last->module].channels[number - 1];
    } else {
        const bool second = last->op == OP_CONV && s->last > s->first;
        if (number == NUMBER_3X3 && last->op == OP_CONV && last->k == 3)
            channels = last->out.c;
        else if (number == NUMBER_3X3_REDUCE && second && last->k == 3 && net->layers[s->last - 1].k == 1)
            channels = net->layers[s->last - 1].out.c;
    }
    if (channels > 0)
        return judge_number(line, channels, err);
    line->verdict = verdict_of_text(false);
    snprintf(line->value, sizeof line->value, "none");
    return true;
}

static bool judge_expression(AuditLine *line, const ExprScope *scope, Err *err)
{
    const char *what = line->claim->what;
    ExprValue value;
    char text[sizeof line->value];
    if (!expr_eval(scope, what, &value, err))
        return false;
    if (value.kind == EXPR_TRUTH)
        return err_set(err, "'%s' is a comparison; a claim writes the printed number after its own =", what);
    if (value.kind == EXPR_SHAPE) {
        expr_value_text(&value, true, text, sizeof text);
        return judge_shape(line, text);
    }
    expr_value_text(&value, true, line->value, sizeof line->value);
    if (!audit_verdict_in(line->claim->unit, line->printed, &value.number, 1, &line->verdict, err))
        return false;
    if (value.rounded)
        verdict_not_exact(line->printed, &line->verdict);
    return true;
}

int audit_column(const char *what)
{
    for (int i = NUMBER_1X1; i < NUMBER_COUNT; i++)
        if (strcmp(what, number_name(i)) == 0)
            return i;
    return -1;
}

bool audit_judge(AuditLine *line, const Stretch *s, Err *err)
{
    const Claim *claim = line->claim;
    const ExprScope scope = audit_scope(s);
    const int column = audit_column(claim->what);
    if (claim_is(claim, "params") || claim_is(claim, "ops"))
        return judge_counts(line, s, err);
    if (claim_is(claim, "output")) {
        char value[64];
        Shape out = s->trace->net->layers[s->last].out;
        snprintf(value, sizeof value, "%dx%dx%d", out.h, out.w, out.c); /* the papers write height x width x channels */
        return judge_shape(line, value);
    }
    if (claim_is(claim, "depth"))
        return judge_number(line, trace_depth(s->trace, s->first, s->last, false), err);
    if (claim_is(claim, "patch"))
        return judge_patch(line, s);
    if (column >= 0)
        return judge_column(line, s, column, err);
    if (claim_is(claim, "measured")) {
        line->verdict = (Verdict){.kind = VERDICT_MEASURED, .text = "measured"};
        return true;
    }
    return judge_expression(line, &scope, err);
}

Stretch audit_stretch(const Trace *trace, const char *networks_dir, int row)
{
    const Net *net = trace->net;
    return (Stretch){trace, networks_dir, row < 0 ? 0 : net->rows[row].first, row < 0 ? net->main_count - 1 : net->rows[row].last};
}
