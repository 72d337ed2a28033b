/* trace_print.c - a network's trace for people (text and Markdown) and for spreadsheets (CSV). */
#include "app/cli/trace_print.h"
#include "app/model/strings.h"
#include "engine/base/count.h"

#include <inttypes.h>
#include <string.h>

bool table_format(const char *name, TableFormat *format)
{
    static const char *const names[] = {[TABLE_TEXT] = "table", [TABLE_CSV] = "csv", [TABLE_MARKDOWN] = "markdown"};
    _Static_assert(sizeof names / sizeof *names == TABLE_MARKDOWN + 1, "every format has a name");
    for (int i = 0; i <= TABLE_MARKDOWN; i++)
        if (strcmp(name, names[i]) == 0) {
            *format = (TableFormat)i;
            return true;
        }
    return false;
}

void shape_text(Shape s, char *out, size_t size)
{
    snprintf(out, size, "%dx%dx%d", s.c, s.h, s.w);
}

/* -------------------------------------------------------------------- for people */

enum { COLUMN_COUNT = 14 };

static const TableColumn columns[COLUMN_COUNT] = {
    {"layer", false}, {"op", false}, {"window", false}, {"input", false}, {"output", false}, {"weights", true},
    {"of branch", true}, {"biases", true}, {"bn", true}, {"params so far", true}, {"MAC", true}, {"multiplied", true},
    {"field", true}, {"stride", true},
};

/* A zero is an empty cell: most layers have nothing to count, and the table is easier to read without zeros. */
static void count_or_blank(Table *t, int64_t count)
{
    if (count == 0)
        table_text(t, "%s", "");
    else
        table_count(t, count);
}

static void put_layer(Table *t, const Trace *trace, int index, const char *indent, int64_t *so_far)
{
    const Net *net = trace->net;
    const Layer *layer = &net->layers[index];
    const LayerTrace *l = &trace->layers[index];
    char window[64], in[48], out[48];
    trace_window(layer, window, sizeof window);
    shape_text(layer->in, in, sizeof in);
    shape_text(layer->out, out, sizeof out);
    *so_far += l->counts.params;
    table_text(t, "%s%s", indent, layer->name);
    table_text(t, "%s", op_name(layer->op));
    table_text(t, "%s", window);
    table_text(t, "%s", layer->op == OP_INPUT ? "" : in);
    table_text(t, "%s", out);
    count_or_blank(t, l->counts.weights);
    bool ends_branch = layer->module >= 0 && layer->branch != BRANCH_NONE &&
                       net->layers[net->modules[layer->module].last].inputs[layer->branch] == index;
    count_or_blank(t, ends_branch ? trace_branch(trace, layer->module, layer->branch).weights : 0);
    count_or_blank(t, l->counts.biases);
    count_or_blank(t, l->counts.bn);
    count_or_blank(t, l->counts.params > 0 ? *so_far : 0);
    count_or_blank(t, l->counts.macs);
    count_or_blank(t, l->counts.multiplications);
    table_text(t, "%" PRId64, l->field);
    if (l->stride > 0)
        table_text(t, "%" PRId64, l->stride);
    table_end_row(t);
}

/* The module as one row, then its layers; the row also represents the concat. */
static void put_module(Table *t, const Trace *trace, const Module *module, int64_t *so_far)
{
    const Net *net = trace->net;
    const Layer *concat = &net->layers[module->last];
    Counts sum = trace_sum(trace, module->first, module->last);
    char in[48], out[48], branches[96];
    shape_text(net->layers[module->input].out, in, sizeof in);
    shape_text(concat->out, out, sizeof out);
    const int *o = module->offset;
    snprintf(branches, sizeof branches, "%d+%d+%d+%d", o[1] - o[0], o[2] - o[1], o[3] - o[2], o[4] - o[3]);
    table_text(t, "%s", module->name);
    table_text(t, "%s", op_name(OP_CONCAT));
    table_text(t, "%s", branches);
    table_text(t, "%s", in);
    table_text(t, "%s", out);
    count_or_blank(t, sum.weights);
    table_text(t, "%s", "");
    count_or_blank(t, sum.biases);
    count_or_blank(t, sum.bn);
    count_or_blank(t, *so_far + sum.params);
    count_or_blank(t, sum.macs);
    count_or_blank(t, sum.multiplications);
    const LayerTrace *l = &trace->layers[module->last];
    if (l->field == l->field_min)
        table_text(t, "%" PRId64, l->field);
    else
        table_text(t, "%" PRId64 "-%" PRId64, l->field_min, l->field);
    table_text(t, "%" PRId64, l->stride);
    for (int i = module->first; i < module->last; i++)
        put_layer(t, trace, i, t->format == TABLE_MARKDOWN ? "" : "  ", so_far);
}

static void put_total(Table *t, const char *name, const Counts *c)
{
    table_text(t, "%s", name);
    for (int i = 0; i < 4; i++)
        table_text(t, "%s", "");
    table_count(t, c->weights);
    table_text(t, "%s", "");
    table_count(t, c->biases);
    count_or_blank(t, c->bn);
    table_count(t, c->params);
    table_count(t, c->macs);
    table_count(t, c->multiplications);
    table_end_row(t);
}

/* "  main path      6,998,552 parameters = 6,990,272 weights + 8,280 biases; ..." */
static void print_summary(const char *name, const Counts *c)
{
    char params[32], weights[32], biases[32], bn[32], macs[32], with_bias[32], flop[32], values[32];
    format_count(c->params, params, sizeof params);
    format_count(c->weights, weights, sizeof weights);
    format_count(c->biases, biases, sizeof biases);
    format_count(c->bn, bn, sizeof bn);
    format_count(c->macs, macs, sizeof macs);
    format_count(c->macs + c->bias_adds, with_bias, sizeof with_bias);
    format_count(2 * c->macs, flop, sizeof flop);
    format_count(c->values, values, sizeof values);
    printf("%s: %s parameters = %s weights + %s biases", name, params, weights, biases);
    if (c->bn > 0)
        printf(" + %s batch norm", bn);
    printf("\n  %s MAC (%.2f million), %s MAC + bias, %s FLOP\n", macs, (double)c->macs / 1e6, with_bias, flop);
    printf("  parameters %.1f MiB as float32, all maps of one picture %s values (%.1f MiB)\n", (double)c->params * 4 / 1048576,
           values, (double)c->values * 4 / 1048576);
}

bool trace_print_table(const Trace *trace, TableFormat format, bool aux)
{
    const Net *net = trace->net;
    Table t = table_make(format, columns, COLUMN_COUNT);
    int last = aux ? net->layer_count : net->main_count;
    int64_t so_far = 0;
    char input[48];
    shape_text(net->input, input, sizeof input);
    printf(format == TABLE_MARKDOWN ? "## %s\n\n" : "%s\n", net->title);
    printf("%s, input %s", net->name, input);
    if (net_scores(net, 0) > 0)
        printf(", %d classes", net_scores(net, 0));
    printf("%s\n%s%s", format == TABLE_MARKDOWN ? "\n" : "", str(LANG_EN, STR_COUNTING_RULE), format == TABLE_MARKDOWN ? "\n" : "");
    if (net->heads_note[0] != '\0')
        printf("Left out: %s\n%s", net->heads_note, format == TABLE_MARKDOWN ? "\n" : "");
    if (format == TABLE_TEXT)
        putchar('\n');
    for (int i = 0; i < last; i++) {
        const Layer *layer = &net->layers[i];
        if (i > 0 && layer->head != net->layers[i - 1].head)
            table_rule(&t);
        if (layer->module < 0) {
            put_layer(&t, trace, i, "", &so_far);
        } else {
            put_module(&t, trace, &net->modules[layer->module], &so_far);
            i = net->modules[layer->module].last;
        }
    }
    table_rule(&t);
    put_total(&t, "main path", &trace->main);
    if (aux && net->head_count > 1) {
        put_total(&t, "auxiliary heads", &trace->aux);
        put_total(&t, "in training", &trace->training);
    }
    bool good = table_print(&t, stdout);
    putchar('\n');
    if (format == TABLE_MARKDOWN)
        return good;
    print_summary("main path", &trace->main);
    if (net->head_count > 1)
        print_summary(aux ? "with the auxiliary heads" : "with the auxiliary heads (--aux lists them)", &trace->training);
    return good && !ferror(stdout);
}

/* -------------------------------------------------------------------- for spreadsheets */

static const TableColumn csv_columns[] = {
    {"name", false}, {"op", false}, {"module", false}, {"branch", false}, {"head", false}, {"in", false}, {"out", false},
    {"kernel", true}, {"stride", true}, {"pad", true}, {"rounding", false}, {"groups", true}, {"weights", true}, {"biases", true},
    {"bn", true}, {"params", true}, {"macs", true}, {"multiplications", true}, {"receptive_field", true}, {"effective_stride", true},
    {"values", true},
};

static void csv_total(Table *t, const char *name, const Counts *c)
{
    const int64_t counts[] = {c->weights, c->biases, c->bn, c->params, c->macs, c->multiplications};
    table_text(t, "%s", name);
    table_text(t, "total");
    for (int i = 2; i < 12; i++)
        table_text(t, "%s", "");
    for (int i = 0; i < 6; i++)
        table_count(t, counts[i]);
    table_text(t, "%s", "");
    table_text(t, "%s", "");
    table_count(t, c->values);
}

bool trace_print_csv(const Trace *trace, bool aux)
{
    const Net *net = trace->net;
    Table t = table_make(TABLE_CSV, csv_columns, sizeof csv_columns / sizeof csv_columns[0]);
    for (int i = 0; i < (aux ? net->layer_count : net->main_count); i++) {
        const Layer *layer = &net->layers[i];
        const LayerTrace *l = &trace->layers[i];
        const Counts *c = &l->counts;
        const int64_t counts[] = {c->weights, c->biases, c->bn, c->params, c->macs, c->multiplications, l->field, l->stride, c->values};
        bool pool = layer->op == OP_MAXPOOL || layer->op == OP_AVGPOOL, window = (layer->op == OP_CONV || pool) && layer->k > 0;
        char in[48], out[48];
        shape_text(layer->in, in, sizeof in);
        shape_text(layer->out, out, sizeof out);
        table_text(&t, "%s", layer->name);
        table_text(&t, "%s", op_name(layer->op));
        table_text(&t, "%s", layer->module >= 0 ? net->modules[layer->module].name : "");
        table_text(&t, "%s", layer->branch != BRANCH_NONE ? branch_name(layer->branch) : "");
        table_text(&t, "%s", net->heads[layer->head].name);
        table_text(&t, "%s", layer->op == OP_INPUT ? "" : in);
        table_text(&t, "%s", out);
        const int geometry[3] = {layer->k, layer->stride, layer->pad};
        for (int g = 0; g < 3; g++) {
            if (window)
                table_count(&t, geometry[g]);
            else
                table_text(&t, "%s", "");
        }
        table_text(&t, "%s", pool && !layer->adaptive ? rounding_name(layer->rounding) : "");
        if (layer->op == OP_CONV)
            table_count(&t, layer->groups);
        else
            table_text(&t, "%s", "");
        for (size_t n = 0; n < sizeof counts / sizeof counts[0]; n++)
            table_count(&t, counts[n]);
    }
    csv_total(&t, "main", &trace->main);
    if (aux && net->head_count > 1) {
        csv_total(&t, "aux", &trace->aux);
        csv_total(&t, "training", &trace->training);
    }
    return table_print(&t, stdout);
}
