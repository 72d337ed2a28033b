/* audit_tried.c - builds the altered row of each hypothesis and judges its cells like those of the row itself. See audit.h. */
#include "engine/net/audit_tried.h"

#include "engine/net/audit_judge.h"

#include <stdio.h>
#include <stdlib.h>

/* A cell of a table: a claim that is neither an expression nor a measurement. */
static bool is_cell(const AuditLine *line) { return strchr(line->claim->what, '(') == NULL && !claim_is(line->claim, "measured"); }

static bool same_cells(const AuditLine *line, const Hypothesis *h)
{
    return line->claim->row == h->row && strcmp(line->claim->source, h->source) == 0 && is_cell(line);
}

/* Builds the altered row and judges every cell. */
static bool try_setting(const Audit *a, const Hypothesis *h, const int numbers[NUMBER_COUNT], Tried *out, Err *err)
{
    Trace trace;
    Net *altered = hypothesis_build(a->judged.net, h, numbers, err);
    if (altered == NULL)
        return false;
    const bool traced = trace_make(altered, &trace, err);
    bool good = traced;
    out->cell_count = out->gained = out->lost = out->still = 0;
    const Stretch s = {&trace, a->networks_dir, 1, altered->layer_count - 1};
    for (int i = 0; good && i < a->count && out->cell_count < TRIED_CELLS_MAX; i++) {
        if (!same_cells(&a->lines[i], h))
            continue;
        AuditLine line = {.claim = a->lines[i].claim};
        memcpy(line.printed, a->lines[i].printed, sizeof line.printed);
        good = audit_judge(&line, &s, err);
        TriedCell *cell = &out->cells[out->cell_count++];
        const int column = audit_column(line.claim->what);
        *cell = (TriedCell){.line = &a->lines[i], .verdict = line.verdict, .with_biases = line.with_biases};
        cell->premise = h->as[0] == '\0' && column >= 0 && numbers[column] != hypothesis_now(a->judged.net, h, column);
        memcpy(cell->value, line.value, sizeof cell->value);
        cell->agreed = verdict_agrees(a->lines[i].verdict.kind);
        const bool before = cell->agreed, after = verdict_agrees(line.verdict.kind);
        out->gained += !cell->premise && !before && after;
        out->lost += !cell->premise && before && !after;
        out->still += !cell->premise && !before && !after;
    }
    if (traced)
        trace_free(&trace);
    net_free(altered);
    return good;
}

/* Values of params or ops for which one printed number agrees; a search looks for settings that have them. */
typedef struct Wanted {
    bool params;
    NumberSpan spans[3];
    int count;
} Wanted;

static int wanted_of(const Audit *a, const Hypothesis *h, Wanted *out, Err *err)
{
    int count = 0;
    for (int i = 0; i < a->count && count < TRIED_CELLS_MAX; i++) {
        const Claim *c = a->lines[i].claim;
        if (!same_cells(&a->lines[i], h) || !(claim_is(c, "params") || claim_is(c, "ops")))
            continue;
        out[count] = (Wanted){.params = claim_is(c, "params")};
        out[count].count = printed_spans(c->unit, a->lines[i].printed, out[count].spans, err);
        if (out[count++].count < 0)
            return -1;
    }
    if (count == 0)
        err_set(err, "%s printed no params and no ops of this row, so there is nothing to search for", h->source);
    return count > 0 ? count : -1;
}

static bool in_spans(const Wanted *w, int64_t value)
{
    for (int i = 0; i < w->count; i++)
        if (value >= w->spans[i].from && value < w->spans[i].to)
            return true;
    return false;
}

static bool fits(const Wanted *wanted, int count, const Counts *c)
{
    for (int i = 0; i < count; i++)
        if (!in_spans(&wanted[i], wanted[i].params ? c->weights : c->macs) &&
            !in_spans(&wanted[i], wanted[i].params ? c->params : c->macs + c->bias_adds))
            return false;
    return true;
}

/* Examples of settings that give every cell replace those that only fit. */
static void keep_example(Tried *t, bool all, const int numbers[NUMBER_COUNT])
{
    if (all && t->gives == 1)
        t->example_count = 0;
    if ((all || t->gives == 0) && t->example_count < TRIED_EXAMPLES_MAX)
        memcpy(t->examples[t->example_count++], numbers, sizeof t->examples[0]);
}

static bool search(const Audit *a, const Hypothesis *h, Tried *t, Err *err)
{
    Wanted wanted[TRIED_CELLS_MAX];
    const int wanted_count = wanted_of(a, h, wanted, err);
    if (wanted_count < 0)
        return false;
    const int64_t count = hypothesis_settings(a->judged.net, h);
    for (int64_t i = 0; i < count; i++) {
        int numbers[NUMBER_COUNT];
        Counts counts;
        if (!hypothesis_setting(a->judged.net, h, i, numbers))
            continue;
        t->settings++;
        if (!hypothesis_counts(a->judged.net, h, numbers, &counts) || !fits(wanted, wanted_count, &counts))
            continue;
        Tried one;
        if (!try_setting(a, h, numbers, &one, err))
            return false;
        t->fits++;
        t->gives += tried_gives_all(&one);
        keep_example(t, tried_gives_all(&one), numbers);
    }
    return true;
}

static bool try_hypothesis(const Audit *a, const Hypothesis *h, Tried *out, Err *err)
{
    *out = (Tried){.hypothesis = h};
    bool any = false;
    for (int i = 0; i < a->count && !any; i++)
        any = same_cells(&a->lines[i], h);
    if (!any)
        return err_set(err, "%s printed nothing about this row", h->source);
    out->search = h->one.step > 0 || hypothesis_settings(a->judged.net, h) > 1;
    if (out->search)
        return search(a, h, out, err);
    out->same = !hypothesis_setting(a->judged.net, h, 0, out->numbers);
    return out->same || try_setting(a, h, out->numbers, out, err);
}

int audit_hypothesis(const Audit *audit, const AuditLine *line, int from)
{
    for (int i = from; i < audit->tried_count; i++)
        if (same_cells(line, audit->tried[i].hypothesis))
            return i;
    return -1;
}

bool audit_leads(const Audit *audit, const AuditLine *line)
{
    for (const AuditLine *l = audit->lines; l <= line; l++)
        if (!verdict_agrees(l->verdict.kind) && is_cell(l) && l->claim->row == line->claim->row && strcmp(l->claim->source, line->claim->source) == 0)
            return l == line;
    return false;
}

bool audit_try_all(Audit *a, Err *err)
{
    const Net *net = a->judged.net;
    a->tried = calloc((size_t)net->hypothesis_count + 1, sizeof *a->tried);
    if (a->tried == NULL)
        return err_set(err, "not enough memory to audit %s", net->name);
    for (int i = 0; i < net->hypothesis_count; i++) {
        const Hypothesis *h = &net->hypotheses[i];
        Err reason = {""};
        char note[1024];
        if (!try_hypothesis(a, h, &a->tried[a->tried_count++], &reason) || !audit_note(a, h->note, note, sizeof note, &reason) ||
            !audit_note(a, h->note_zh, note, sizeof note, &reason))
            return err_set(err, "%s:%d: hypothesis about %s: %s", h->shared ? net->claims_source : net->source, h->line, net->rows[h->row].name, reason.text);
    }
    return true;
}
