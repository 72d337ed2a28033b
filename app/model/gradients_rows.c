/* gradients_rows.c - turns the gradients of a loss into rows of a list; see gradients_rows.h. */
#include "app/model/gradients_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool gradients_show_heads(const Model *m)
{
    bool some = false;
    for (int h = 1; h < m->gradients.flow.head_count; h++)
        some = some || !m->gradients.choice.silent[h];
    return some && gradients_heads(&m->source->source);
}

/* Sums for a row's mean while its layers are added. */
typedef struct Sum {
    double squares[PASS_COUNT];
    size_t count;
} Sum;

static void add_layer(const Net *net, GradientsRow *row, Sum *sum, const LayerGradients *f, bool of_weights, bool take_map)
{
    if (of_weights && f->weight_norm[PASS_MAIN_ONLY] >= 0) {
        sum->count += loss_gradients_weight_count(net, f->layer);
        for (int p = 0; p < PASS_COUNT; p++) {
            sum->squares[p] += f->weight_norm[p] * f->weight_norm[p];
            row->rms[p] = sqrt(sum->squares[p] / (double)sum->count);
        }
    }
    for (int p = 0; !of_weights && take_map && p < PASS_COUNT; p++)
        row->rms[p] = loss_gradients_map_rms(net, f, p);
    if (f->channels > 0) {
        row->channels += f->channels;
        row->dead += f->dead;
    }
}

/* A module's map is that of its concat. */
int gradients_rows(const Net *net, const Gradients *g, bool heads, GradientsRow *rows)
{
    int count = 0;
    Sum sum = {.count = 0};
    for (int i = 0; i < g->flow.layer_count; i++) {
        const LayerGradients *f = &g->flow.layers[i];
        const Layer *l = &net->layers[f->layer];
        const bool grouped = !g->by_layer && l->module >= 0;
        if ((l->head > 0 && (!heads || g->choice.silent[l->head])) || (l->weight < 0 && !(grouped && l->op == OP_CONCAT)))
            continue;
        const bool more = grouped && count > 0 && net->layers[rows[count - 1].layer].module == l->module;
        if (!more) {
            if (count == GRADIENTS_ROWS_MAX)
                break;
            rows[count++] = (GradientsRow){.name = grouped ? net->modules[l->module].title : net_short_name(l->name), .rms = {-1, -1}};
            sum = (Sum){.count = 0};
        }
        rows[count - 1].layer = f->layer;
        add_layer(net, &rows[count - 1], &sum, f, g->of_weights, !grouped || l->op == OP_CONCAT);
    }
    return count;
}

char *gradients_ratio_text(const GradientsRow *row, char out[NUM_MAX])
{
    out[0] = '\0';
    if (row->rms[PASS_MAIN_ONLY] > 0) { /* seeded weights can give ratios of a million */
        const double ratio = row->rms[PASS_WITH_AUX] / row->rms[PASS_MAIN_ONLY];
        snprintf(out, NUM_MAX, ratio < 100 ? "%.2f" : ratio < 1e5 ? "%.0f" : "%.0e", ratio);
    }
    return out;
}
