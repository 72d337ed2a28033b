/* ledger.c - see ledger.h. */
#include "engine/net/ledger.h"

#include "engine/base/array.h"
#include "engine/base/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -------------------------------------------------------------------- building */

static LedgerRow *add_row(Ledger *l, const char *name, int first, int last, int parent, Err *err)
{
    LedgerRow *rows = array_grow(l->rows, l->count, sizeof *rows);
    if (rows == NULL) {
        err_set(err, "not enough memory for the ledger of %s", l->trace->net->name);
        return NULL;
    }
    l->rows = rows;
    const Layer *layer = &l->trace->net->layers[last];
    LedgerRow *row = &l->rows[l->count++];
    snprintf(row->name, sizeof row->name, "%s", name);
    row->parent = parent;
    row->first = first;
    row->last = row->layer = last;
    row->module = layer->module;
    row->branch = BRANCH_NONE;
    row->head = layer->head;
    row->counts = trace_sum(l->trace, first, last);
    row->params_claim = row->ops_claim = -1;
    return row;
}

static bool add_parts(Ledger *l, int parent, const Row *from, Err *err)
{
    const Net *net = l->trace->net;
    int module = net->layers[from->last].module;
    for (int b = 0; module >= 0 && b < BRANCH_COUNT; b++) {
        int last = net->layers[net->modules[module].last].inputs[b], first = last;
        while (net->layers[first - 1].branch == (Branch)b && net->layers[first - 1].module == module)
            first--;
        LedgerRow *row = add_row(l, branch_name((Branch)b), first, last, parent, err);
        if (row == NULL)
            return false;
        row->branch = (Branch)b;
    }
    for (int i = from->first; module < 0 && i <= from->last; i++)
        if (add_row(l, net->layers[i].name, i, i, parent, err) == NULL)
            return false;
    return true;
}

/* The first claim of a kind about a row of the network. */
static int find_claim(const Audit *audit, int row, const char *what)
{
    for (int i = 0; i < audit->count; i++)
        if (audit->lines[i].row_index == row && strcmp(audit->lines[i].claim->what, what) == 0)
            return i;
    return -1;
}

bool ledger_make(const Trace *trace, const char *networks_dir, Ledger *out, Err *err)
{
    const Net *net = trace->net;
    Ledger l = {.trace = trace};
    if (!audit_make(trace, networks_dir, &l.audit, err))
        return false;
    for (int r = 0; r < net->row_count; r++) {
        const Row *from = &net->rows[r];
        int parent = l.count;
        LedgerRow *row = add_row(&l, from->name, from->first, from->last, -1, err);
        if (row == NULL) {
            ledger_free(&l);
            return false;
        }
        if (row->module >= 0)
            snprintf(row->name, sizeof row->name, "%s", net->modules[row->module].name);
        row->params_claim = find_claim(&l.audit, r, "params");
        row->ops_claim = find_claim(&l.audit, r, "ops");
        row->has_parts = from->last > from->first;
        if (row->has_parts && !add_parts(&l, parent, from, err)) {
            ledger_free(&l);
            return false;
        }
    }
    *out = l;
    return true;
}

bool ledger_of(const Net *net, const char *networks_dir, Trace *trace, Ledger *out, Err *err)
{
    if (!trace_make(net, trace, err))
        return false;
    if (ledger_make(trace, networks_dir, out, err))
        return true;
    trace_free(trace);
    return false;
}

void ledger_free(Ledger *ledger)
{
    audit_free(&ledger->audit);
    free(ledger->rows);
    ledger->rows = NULL;
    ledger->count = 0;
}

/* -------------------------------------------------------------------- cells */

typedef struct ColumnInfo {
    const char *title;
    bool number;
} ColumnInfo;

_Static_assert(LEDGER_COLUMN_COUNT == 18, "a column without a title");
static const ColumnInfo infos[LEDGER_COLUMN_COUNT] = {
    [LEDGER_NAME] = {"row", false},
    [LEDGER_WINDOW] = {"window", false},
    [LEDGER_OUTPUT] = {"output", false},
    [LEDGER_WEIGHTS] = {"weights", true},
    [LEDGER_PARAMS] = {"weights + biases", true},
    [LEDGER_K] = {"K", true},
    [LEDGER_KI] = {"Ki", true},
    [LEDGER_PRINTED] = {"printed", true},
    [LEDGER_VERDICT] = {"verdict", false},
    [LEDGER_MACS] = {"MAC", true},
    [LEDGER_MACS_BIAS] = {"MAC + bias", true},
    [LEDGER_FLOPS] = {"FLOP", true},
    [LEDGER_MULTIPLICATIONS] = {"multiplied", true},
    [LEDGER_PRINTED_OPS] = {"printed ops", true},
    [LEDGER_VERDICT_OPS] = {"verdict on ops", false},
    [LEDGER_FIELD] = {"field", true},
    [LEDGER_STRIDE] = {"stride", true},
    [LEDGER_BYTES] = {"map bytes", true},
};

const char *ledger_title(LedgerColumn column) { return infos[column].title; }
bool ledger_is_number(LedgerColumn column) { return infos[column].number; }

const AuditLine *ledger_claim(const Ledger *l, int row, LedgerColumn column)
{
    const LedgerRow *r = &l->rows[row];
    int claim = column == LEDGER_PRINTED || column == LEDGER_VERDICT           ? r->params_claim
                : column == LEDGER_PRINTED_OPS || column == LEDGER_VERDICT_OPS ? r->ops_claim
                                                                               : -1;
    return claim < 0 ? NULL : &l->audit.lines[claim];
}

bool ledger_verdict(const Ledger *l, int row, LedgerColumn column, VerdictKind *kind)
{
    const AuditLine *line = ledger_claim(l, row, column);
    if (line != NULL)
        *kind = line->verdict.kind;
    return line != NULL;
}

/* Orders by verdict; those that differ are ordered by how much. */
static int64_t how_far(const AuditLine *line)
{
    const int64_t one = 1000000000;
    if (line == NULL)
        return -1;
    const double off = fabs(line->verdict.off);
    return line->verdict.kind * one + (line->verdict.kind == VERDICT_DIFFERS && off < 100000 ? (int64_t)(off * 1000) : 0);
}

/* The number of a column: for sorting and for shares. */
static int64_t value_of(const Ledger *l, int row, LedgerColumn column)
{
    const LedgerRow *r = &l->rows[row];
    const Counts *c = &r->counts;
    const LayerTrace *t = &l->trace->layers[r->last];
    switch (column) {
    case LEDGER_OUTPUT: return shape_values(l->trace->net->layers[r->last].out);
    case LEDGER_WEIGHTS:
    case LEDGER_K:
    case LEDGER_KI: return c->weights;
    case LEDGER_PARAMS: return c->params;
    case LEDGER_MACS: return c->macs;
    case LEDGER_MACS_BIAS: return c->macs + c->bias_adds;
    case LEDGER_FLOPS: return 2 * c->macs;
    case LEDGER_MULTIPLICATIONS: return c->multiplications;
    case LEDGER_FIELD: return t->field;
    case LEDGER_STRIDE: return t->stride;
    case LEDGER_BYTES: return 4 * c->values;
    case LEDGER_PRINTED: return c->weights;
    case LEDGER_PRINTED_OPS: return c->macs;
    case LEDGER_VERDICT:
    case LEDGER_VERDICT_OPS: return how_far(ledger_claim(l, row, column));
    case LEDGER_NAME:
    case LEDGER_WINDOW:
    case LEDGER_COLUMN_COUNT: return row;
    }
    return row;
}

/* Writes one cell. plain: for CSV, without separators. */
static void cell(const Ledger *l, int row, LedgerColumn column, bool plain, char *out, size_t size)
{
    const LedgerRow *r = &l->rows[row];
    const Layer *layer = &l->trace->net->layers[r->last];
    const LayerTrace *t = &l->trace->layers[r->last];
    const AuditLine *line = ledger_claim(l, row, column);
    int64_t value = value_of(l, row, column);
    out[0] = '\0';
    switch (column) {
    case LEDGER_NAME: snprintf(out, size, "%s", r->name); break;
    case LEDGER_WINDOW:
        if (r->has_parts)
            snprintf(out, size, "%s", r->module >= 0 ? "4 branches" : "");
        else
            trace_window(layer, out, size);
        break;
    case LEDGER_OUTPUT: snprintf(out, size, "%dx%dx%d", layer->out.c, layer->out.h, layer->out.w); break;
    case LEDGER_K:
    case LEDGER_KI:
        if (value > 0)
            snprintf(out, size, "%.1f", (double)value / (column == LEDGER_K ? 1000 : 1024));
        break;
    case LEDGER_PRINTED:
    case LEDGER_PRINTED_OPS: snprintf(out, size, "%s", line != NULL ? line->printed : ""); break;
    case LEDGER_VERDICT:
    case LEDGER_VERDICT_OPS:
        if (line != NULL)
            snprintf(out, size, "%s%s%s%s", line->verdict.text, line->with_biases && column == LEDGER_VERDICT ? ", with biases" : "",
                     line->elsewhere && line->verdict.kind != VERDICT_CHANGED ? ", as described: " : "",
                     line->elsewhere && line->verdict.kind != VERDICT_CHANGED ? line->value : "");
        break;
    case LEDGER_FIELD:
        if (t->field_min != t->field)
            snprintf(out, size, "%" PRId64 "-%" PRId64, t->field_min, t->field);
        else
            snprintf(out, size, "%" PRId64, t->field);
        break;
    case LEDGER_WEIGHTS:
    case LEDGER_PARAMS:
    case LEDGER_MACS:
    case LEDGER_MACS_BIAS:
    case LEDGER_FLOPS:
    case LEDGER_MULTIPLICATIONS:
    case LEDGER_STRIDE:
    case LEDGER_BYTES:
        if (value > 0 && plain)
            snprintf(out, size, "%" PRId64, value);
        else if (value > 0)
            format_count(value, out, size);
        break;
    case LEDGER_COLUMN_COUNT: break;
    }
}

void ledger_text(const Ledger *l, int row, LedgerColumn column, char *out, size_t size)
{
    cell(l, row, column, false, out, size);
}

void ledger_formula(const Ledger *l, int row, LedgerColumn column, const Phrases *p, char *out, size_t size)
{
    const LedgerRow *r = &l->rows[row];
    const AuditLine *line = ledger_claim(l, row, column);
    char total[40];
    out[0] = '\0';
    if (line != NULL) {
        audit_formula(&l->audit, line, p, out, size);
    } else if (column == LEDGER_OUTPUT || column == LEDGER_WINDOW) {
        trace_formula(l->trace, r->last, FORMULA_OUTPUT, p, out, size);
    } else if (column == LEDGER_FIELD || column == LEDGER_STRIDE) {
        trace_formula(l->trace, r->last, FORMULA_FIELD, p, out, size);
    } else if (column == LEDGER_WEIGHTS || column == LEDGER_K || column == LEDGER_KI) {
        trace_sum_formula(l->trace, r->first, r->last, FORMULA_WEIGHTS, p, out, size);
        format_count(r->counts.weights, total, sizeof total);
        size_t used = strlen(out);
        snprintf(out + used, size - used, " = %s", total);
        used = strlen(out);
        if (column != LEDGER_WEIGHTS)
            snprintf(out + used, size - used, "; / %s = %.2f", column == LEDGER_K ? "1,000" : "1,024",
                     (double)r->counts.weights / (column == LEDGER_K ? 1000 : 1024));
    } else if (column == LEDGER_PARAMS) {
        char weights[40], rest[40];
        format_count(r->counts.weights, weights, sizeof weights);
        format_count(r->counts.params - r->counts.weights, rest, sizeof rest);
        format_count(r->counts.params, total, sizeof total);
        snprintf(out, size, r->counts.bn > 0 ? p->params_bn : p->params, weights, rest, total);
    } else if (column == LEDGER_MACS || column == LEDGER_MACS_BIAS || column == LEDGER_FLOPS) {
        char extra[96] = "";
        trace_sum_formula(l->trace, r->first, r->last, FORMULA_MACS, p, out, size);
        format_count(value_of(l, row, column), total, sizeof total);
        if (column == LEDGER_MACS_BIAS) {
            char adds[40];
            format_count(r->counts.bias_adds, adds, sizeof adds);
            snprintf(extra, sizeof extra, p->and_bias_adds, adds);
        }
        size_t used = strlen(out);
        snprintf(out + used, size - used, "%s%s = %s", extra, column == LEDGER_FLOPS ? p->times_two : "", total);
    } else if (column == LEDGER_MULTIPLICATIONS) {
        char padded[40];
        format_count(r->counts.multiplications, total, sizeof total);
        format_count(r->counts.macs - r->counts.multiplications, padded, sizeof padded);
        snprintf(out, size, p->without_padding, padded, total);
    } else if (column == LEDGER_BYTES) {
        char values[40];
        format_count(r->counts.values, values, sizeof values);
        format_count(4 * r->counts.values, total, sizeof total);
        snprintf(out, size, p->bytes, values, total);
    }
}

/* -------------------------------------------------------------------- what to show */

static bool matches(const Ledger *l, int row, const char *search)
{
    if (search == NULL || strcasestr(l->rows[row].name, search) != NULL)
        return true;
    for (int i = l->rows[row].first; i <= l->rows[row].last; i++)
        if (strcasestr(l->trace->net->layers[i].name, search) != NULL)
            return true;
    return false;
}

/* Appends the rows below `parent` (-1: the top level) in order; stable insertion, a ledger has tens of rows. */
static int arrange_level(const Ledger *l, const LedgerView *view, int parent, LedgerShown *shown, int count)
{
    int from = count;
    for (int row = 0; row < l->count; row++) {
        const LedgerRow *r = &l->rows[row];
        if (r->parent != parent || (r->head > 0 && !view->heads) || (parent < 0 && !matches(l, row, view->search)))
            continue;
        int64_t value = value_of(l, row, view->sort);
        int place = count++;
        for (; place > from; place--) {
            int64_t above = value_of(l, shown[place - 1].row, view->sort);
            if (view->descending ? above >= value : above <= value)
                break;
            shown[place] = shown[place - 1];
        }
        shown[place] = (LedgerShown){.row = row};
    }
    return count;
}

static void add_shares(const Ledger *l, const LedgerView *view, LedgerShown *shown, int count)
{
    int64_t total = 0, so_far = 0, in_parent = 0;
    for (int row = 0; row < l->count; row++)
        if (l->rows[row].parent < 0 && (l->rows[row].head == 0 || view->heads))
            total += value_of(l, row, view->share);
    for (int i = 0; i < count; i++) {
        int64_t value = value_of(l, shown[i].row, view->share);
        bool part = l->rows[shown[i].row].parent >= 0;
        in_parent = part ? in_parent + value : 0;
        so_far += part ? 0 : value;
        shown[i].share = total > 0 ? (double)value / (double)total : 0;
        shown[i].cumulative = total > 0 ? (double)(part ? in_parent : so_far) / (double)total : 0;
    }
}

int ledger_arrange(const Ledger *l, const LedgerView *view, LedgerShown *shown)
{
    int count = arrange_level(l, view, -1, shown, 0);
    for (int i = 0; view->open != NULL && i < count; i++) {
        int row = shown[i].row, parts = 0;
        if (l->rows[row].parent >= 0 || !l->rows[row].has_parts || !view->open[row])
            continue;
        for (int j = 0; j < l->count; j++)
            parts += l->rows[j].parent == row;
        /* Makes room below the parent, and sorts its parts in there. */
        memmove(shown + i + 1 + parts, shown + i + 1, (size_t)(count - i - 1) * sizeof *shown);
        arrange_level(l, view, row, shown, i + 1);
        count += parts;
    }
    add_shares(l, view, shown, count);
    return count;
}

char *ledger_csv(const Ledger *l, const LedgerShown *shown, int count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (f == NULL)
        return NULL;
    for (int i = -1; i < count; i++)
        for (int c = 0; c < LEDGER_COLUMN_COUNT; c++) {
            char value[128];
            if (i < 0)
                snprintf(value, sizeof value, "%s", ledger_title((LedgerColumn)c));
            else
                cell(l, shown[i].row, (LedgerColumn)c, true, value, sizeof value);
            bool quote = strchr(value, ',') != NULL;
            int parent = i < 0 || c > 0 ? -1 : l->rows[shown[i].row].parent;
            fprintf(f, "%s%s%s%s%s%c", quote ? "\"" : "", parent >= 0 ? l->rows[parent].name : "", parent >= 0 ? "/" : "", value,
                    quote ? "\"" : "", c + 1 == LEDGER_COLUMN_COUNT ? '\n' : ',');
        }
    if (fclose(f) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
