/* lineage.c - see lineage.h. */
#include "app/model/lineage.h"

#include <stdio.h>
#include <string.h>

/* Years of publication: LeCun et al. 1998; Krizhevsky et al. 2012; Zeiler and Fergus (arXiv 1311.2901); Simonyan and Zisserman (1409.1556);
 * Szegedy et al. (1409.4842). */
static const struct { const char *name; int year; } known[] = {
    {"lenet5", 1998}, {"alexnet", 2012}, {"zfnet", 2013}, {"vgg16", 2014}, {"vgg19", 2014}, {"googlenet", 2014},
};
_Static_assert(sizeof known / sizeof known[0] < LINEAGE_MOST, "one row is for the network on the stage");

static LineageRow row_of(const Trace *trace, int year)
{
    const Net *net = trace->net;
    LineageRow row = {.year = year, .classes = net_scores(net, 0), .depth = trace_depth(trace, 0, net->main_count - 1, false),
                      .params = trace->main.params, .macs = trace->main.macs};
    snprintf(row.name, sizeof row.name, "%s", net->name);
    snprintf(row.title, sizeof row.title, "%s", net->title);
    snprintf(row.title_zh, sizeof row.title_zh, "%s", net->title_zh);
    for (int i = 0; i < net->main_count; i++)
        if (net->layers[i].op == OP_FC)
            row.dense += trace->layers[i].counts.params;
    return row;
}

static void add(Lineage *l, const char *name, int year, const char *networks_dir)
{
    Trace trace;
    Net *net = net_open(name, networks_dir, NULL, &l->problem);
    if (net != NULL && trace_make(net, &trace, &l->problem)) {
        l->rows[l->count++] = row_of(&trace, year);
        trace_free(&trace);
    }
    net_free(net);
}

void lineage_make(Lineage *l, const char *networks_dir, const Trace *trace)
{
    if (l->of == trace->net)
        return;
    *l = (Lineage){.of = trace->net};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        add(l, known[i].name, known[i].year, networks_dir);
    l->rows[l->count++] = row_of(trace, 0);
}
