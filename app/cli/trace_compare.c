/* trace_compare.c - compares two networks, layer by layer, matching layers by name. */
#include "app/cli/trace_print.h"
#include "app/model/strings.h"

#include <inttypes.h>
#include <string.h>

static const TableColumn columns[] = {
    {"layer", false}, {"A window", false}, {"B window", false}, {"A output", false}, {"B output", false}, {"A params", true}, {"B params", true},
    {"B - A", true}, {"A MAC", true}, {"B MAC", true}, {"B - A", true}, {"", false},
};

static int find(const Net *net, const char *name, int end)
{
    for (int i = 0; i < end; i++)
        if (strcmp(net->layers[i].name, name) == 0)
            return i;
    return -1;
}

/* A count of a layer that one of the two may lack (index -1). */
static void put_count(Table *t, const Trace *trace, int index, bool macs)
{
    if (index < 0)
        table_text(t, "%s", "");
    else
        table_count(t, macs ? trace->layers[index].counts.macs : trace->layers[index].counts.params);
}

static void put_difference(Table *t, int64_t a, int64_t b)
{
    if (a == b)
        table_text(t, "%s", "");
    else
        table_count(t, b - a);
}

static Counts counts_at(const Trace *trace, int index)
{
    return index < 0 ? (Counts){0} : trace->layers[index].counts;
}

static void put_pair(Table *t, const Trace *a, int ia, const Trace *b, int ib)
{
    const Layer *la = ia < 0 ? NULL : &a->net->layers[ia], *lb = ib < 0 ? NULL : &b->net->layers[ib];
    char window[2][64] = {"", ""}, out[2][48] = {"", ""};
    if (la != NULL) {
        trace_window(la, window[0], sizeof window[0]);
        shape_text(la->out, out[0], sizeof out[0]);
    }
    if (lb != NULL) {
        trace_window(lb, window[1], sizeof window[1]);
        shape_text(lb->out, out[1], sizeof out[1]);
    }
    Counts ca = counts_at(a, ia), cb = counts_at(b, ib);
    table_text(t, "%s", la != NULL ? la->name : lb->name);
    for (int i = 0; i < 2; i++)
        table_text(t, "%s", window[i]);
    for (int i = 0; i < 2; i++)
        table_text(t, "%s", out[i]);
    put_count(t, a, ia, false);
    put_count(t, b, ib, false);
    put_difference(t, ca.params, cb.params);
    put_count(t, a, ia, true);
    put_count(t, b, ib, true);
    put_difference(t, ca.macs, cb.macs);
    bool same = la != NULL && lb != NULL && strcmp(window[0], window[1]) == 0 && strcmp(out[0], out[1]) == 0 && la->op == lb->op &&
                ca.params == cb.params && ca.macs == cb.macs;
    table_text(t, "%s", la == NULL ? "only B" : lb == NULL ? "only A" : same ? "" : "differs");
}

static void put_totals(Table *t, const char *name, const Counts *a, const Counts *b)
{
    table_text(t, "%s", name);
    for (int i = 0; i < 4; i++)
        table_text(t, "%s", "");
    table_count(t, a->params);
    table_count(t, b->params);
    put_difference(t, a->params, b->params);
    table_count(t, a->macs);
    table_count(t, b->macs);
    put_difference(t, a->macs, b->macs);
    table_text(t, "%s", "");
}

bool trace_print_compare(const Trace *a, const Trace *b, TableFormat format, bool aux)
{
    Table t = table_make(format, columns, sizeof columns / sizeof columns[0]);
    int end_a = aux ? a->net->layer_count : a->net->main_count, end_b = aux ? b->net->layer_count : b->net->main_count, next_b = 0;
    if (format != TABLE_CSV) {
        const Net *nets[2] = {a->net, b->net};
        for (int i = 0; i < 2; i++) {
            char input[48];
            shape_text(nets[i]->input, input, sizeof input);
            printf("%c = %s (%s), input %s\n%s", "AB"[i], nets[i]->name, nets[i]->title, input, format == TABLE_MARKDOWN ? "\n" : "");
        }
        printf("%s\n", str(LANG_EN, STR_COUNTING_RULE));
    }
    for (int i = 0; i < end_a; i++) {
        int match = find(b->net, a->net->layers[i].name, end_b);
        /* Layers that only B has are listed where B has them: before the next pair. */
        for (; match >= next_b && next_b < match; next_b++)
            if (find(a->net, b->net->layers[next_b].name, end_a) < 0)
                put_pair(&t, a, -1, b, next_b);
        if (match >= next_b)
            next_b = match + 1;
        put_pair(&t, a, i, b, match);
    }
    for (; next_b < end_b; next_b++)
        if (find(a->net, b->net->layers[next_b].name, end_a) < 0)
            put_pair(&t, a, -1, b, next_b);
    table_rule(&t);
    put_totals(&t, "main path", &a->main, &b->main);
    if (aux)
        put_totals(&t, "in training", &a->training, &b->training);
    return table_print(&t, stdout);
}
