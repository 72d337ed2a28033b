/* audit_make.c - all claims and hypotheses of a network. See audit.h. */
#include "engine/net/audit_judge.h"
#include "engine/net/audit_tried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int find_row(const Net *net, const char *name)
{
    for (int i = 0; i < net->row_count; i++)
        if (strcmp(net->rows[i].name, name) == 0)
            return i;
    return AUDIT_NOWHERE;
}

/* -------------------------------------------------------------------- sums, and a source's own expressions */

/* params=sum: adds up the cells of the same source and column: "6,797.7K". */
static bool add_cells(const Net *net, AuditLine *line, Err *err)
{
    const Claim *sum = line->claim;
    Rational total = {0, 1}, digits;
    char suffix = 0, first = 0, text[40];
    int count = 0;
    for (int i = 0; i < net->claim_count; i++) {
        const Claim *c = &net->claims[i];
        if (c->row < 0 || strcmp(c->what, sum->what) != 0 || strcmp(c->source, sum->source) != 0)
            continue;
        if (!printed_parts(c->printed, &digits, &suffix, err))
            return false;
        if (count++ > 0 && suffix != first)
            return err_set(err, "the cells are printed in different units: %s has another than the first", c->printed);
        first = suffix;
        if (!rational_add(total, digits, &total))
            return err_set(err, "the sum of the cells overflows 64 bits");
    }
    if (count == 0)
        return err_set(err, "%s printed no %s of any row, so there is nothing to add up", sum->source, sum->what);
    rational_text(total, true, text, sizeof text);
    snprintf(line->printed, sizeof line->printed, "%s%.1s", text, first != 0 ? &first : "");
    return true;
}

/* The claim's own expression must give exactly the printed number; otherwise the file is wrong. */
static bool check_own(const AuditLine *line, const ExprScope *scope, Err *err)
{
    ExprValue value;
    Verdict verdict;
    char text[64];
    if (line->claim->own[0] == '\0')
        return true;
    if (!expr_eval(scope, line->claim->own, &value, err))
        return false;
    if (value.kind != EXPR_NUMBER || value.rounded)
        return err_set(err, "own=%s is not an exact number", line->claim->own);
    if (!audit_verdict(line->printed, &value.number, 1, &verdict, err))
        return false;
    rational_text(value.number, true, text, sizeof text);
    return verdict.kind == VERDICT_EXACT || err_set(err, "own=%s gives %s, which is not what was printed", line->claim->own, text);
}

/* Multiplies the printed parameters of the same row and source by the number of outputs per channel; see AuditLine.pair. */
static void pair_cells(const Audit *a, AuditLine *ops)
{
    if (!claim_is(ops->claim, "ops") || ops->verdict.kind != VERDICT_DIFFERS || ops->claim->row < 0)
        return;
    const Net *net = a->judged.net;
    const Shape out = net->layers[net->rows[ops->claim->row].last].out;
    for (int i = 0; i < a->count; i++) {
        const AuditLine *params = &a->lines[i];
        Rational digits, product;
        char suffix;
        if (params->claim->row != ops->claim->row || !claim_is(params->claim, "params") || params->verdict.kind != VERDICT_DIFFERS ||
            strcmp(params->claim->source, ops->claim->source) != 0 || !printed_parts(params->printed, &digits, &suffix, NULL))
            continue;
        for (int binary = 1; binary >= 0; binary--) {
            const Rational places = {(int64_t)out.h * out.w, 1}, step = {printed_step(params->printed, binary), 1};
            if (!rational_mul(digits, step, &product) || !rational_mul(product, places, &product) ||
                !audit_verdict(ops->printed, &product, 1, &ops->pair.verdict, NULL) || !verdict_agrees(ops->pair.verdict.kind))
                continue;
            ops->pair.step = binary ? 1024 : 1000;
            ops->pair.h = out.h;
            ops->pair.w = out.w;
            ops->pair.params = params->printed;
            rational_text(product, true, ops->pair.product, sizeof ops->pair.product);
            return;
        }
    }
}

/* -------------------------------------------------------------------- the whole audit */

/* The titles of the modules that have one of the switches set, "3a,4c", or NULL; from malloc. False if out of memory. */
static bool switched_titles(const Net *net, bool third, char **out)
{
    char *list = calloc((size_t)net->module_count + 1, NET_NAME_MAX + 1);
    *out = list;
    for (int i = 0; list != NULL && i < net->module_count; i++)
        if (third ? net->modules[i].third_3x3 : net->modules[i].without_reductions) {
            if (list[0] != '\0')
                strcat(list, ",");
            strcat(list, net->modules[i].title);
        }
    return list != NULL;
}

/* Opens the description with only the net's switches as options. */
static Net *open_switched(const Net *net, const char *networks_dir, Err *err)
{
    char *without = NULL, *third = NULL;
    Net *out = NULL;
    if (switched_titles(net, false, &without) && switched_titles(net, true, &third)) {
        const NetOptions options = {.without_reductions = without[0] != '\0' ? without : NULL, .third_3x3 = third[0] != '\0' ? third : NULL,
                                    .claims_dir = networks_dir};
        out = net_again(net, &options, err);
    } else {
        err_set(err, "not enough memory to audit %s", net->name);
    }
    free(without);
    free(third);
    return out;
}

/* Judges the line's claim again on another network than the described one. False if that network has no such row or value. */
static bool judge_again(const AuditLine *line, const char *row, const Trace *trace, const char *networks_dir, char *value, size_t size)
{
    const int at = line->claim->row < 0 ? AUDIT_NETWORK : find_row(trace->net, row);
    AuditLine again = {.claim = line->claim};
    memcpy(again.printed, line->printed, sizeof again.printed);
    value[0] = '\0';
    if (at == AUDIT_NOWHERE)
        return false;
    const Stretch s = audit_stretch(trace, networks_dir, at);
    if (!audit_judge(&again, &s, NULL))
        return false;
    snprintf(value, size, "%s", again.value);
    return true;
}

/* Compares with the audited network, which is not as described: its value, and whether a switch causes the difference. switched:
 * the described network with the audited network's switches, or NULL. */
static void compare(AuditLine *line, const Trace *trace, const Trace *switched, const char *networks_dir)
{
    char value[sizeof line->here];
    line->elsewhere = !judge_again(line, line->row, trace, networks_dir, line->here, sizeof line->here) || strcmp(line->here, line->value) != 0;
    if (switched == NULL || (judge_again(line, line->row, switched, networks_dir, value, sizeof value) && strcmp(value, line->value) == 0))
        return;
    line->verdict = (Verdict){.kind = VERDICT_CHANGED, .text = "changed"};
}

static bool judge_claims(Audit *a, Err *err)
{
    const Net *net = a->judged.net;
    a->lines = calloc((size_t)net->claim_count + 1, sizeof *a->lines);
    if (a->lines == NULL)
        return err_set(err, "not enough memory to audit %s", net->name);
    for (int i = 0; i < net->claim_count; i++) {
        const Claim *claim = &net->claims[i];
        AuditLine *line = &a->lines[a->count++];
        Err reason = {""};
        char note[1024];
        *line = (AuditLine){.claim = claim, .row = claim->row < 0 ? net->name : net->rows[claim->row].name};
        line->row_index = claim->row < 0 ? AUDIT_NETWORK : find_row(a->net, line->row);
        snprintf(line->printed, sizeof line->printed, "%s", claim->printed);
        const Stretch s = audit_stretch(&a->judged, a->networks_dir, claim->row);
        const ExprScope scope = audit_scope(&s);
        if ((strcmp(claim->printed, "sum") == 0 && !add_cells(net, line, &reason)) || !audit_judge(line, &s, &reason) ||
            !check_own(line, &scope, &reason) || !audit_note(a, claim->note, note, sizeof note, &reason) ||
            !audit_note(a, claim->note_zh, note, sizeof note, &reason))
            return err_set(err, "%s:%d: claim %s=%s: %s", claim->shared ? net->claims_source : net->source, claim->line, claim->what, claim->printed,
                           reason.text);
    }
    for (int i = 0; i < a->count; i++)
        pair_cells(a, &a->lines[i]);
    return true;
}

/* Compares all claims with the audited network, which is not as described. */
static bool compare_all(Audit *a, const Trace *trace, Err *err)
{
    Net *with_switches = NULL;
    Trace switched = {0};
    bool good = true;
    if (a->net->switched) {
        with_switches = open_switched(a->net, a->networks_dir, err);
        good = with_switches != NULL && trace_make(with_switches, &switched, err);
    }
    for (int i = 0; good && i < a->count; i++)
        compare(&a->lines[i], trace, with_switches != NULL ? &switched : NULL, a->networks_dir);
    if (switched.layers != NULL)
        trace_free(&switched);
    net_free(with_switches);
    return good;
}

bool audit_make(const Trace *trace, const char *networks_dir, Audit *out, Err *err)
{
    Audit a = {.net = trace->net, .judged = *trace, .networks_dir = networks_dir};
    bool good = true;
    if (!a.net->as_described) {
        a.judged.layers = NULL;
        a.described = net_again(a.net, &(NetOptions){.claims_dir = networks_dir}, err);
        good = a.described != NULL && trace_make(a.described, &a.judged, err);
    }
    good = good && judge_claims(&a, err) && audit_try_all(&a, err) && (a.described == NULL || compare_all(&a, trace, err));
    for (int i = 0; good && i < a.count; i++)
        a.kinds[a.lines[i].verdict.kind]++;
    if (good)
        *out = a;
    else
        audit_free(&a);
    return good;
}

void audit_free(Audit *audit)
{
    if (audit->described != NULL && audit->judged.layers != NULL)
        trace_free(&audit->judged);
    net_free(audit->described);
    free(audit->lines);
    free(audit->tried);
    *audit = (Audit){0};
}
