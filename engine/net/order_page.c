/* order_page.c - see order_page.h. */
#include "engine/net/order_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Making {
    const Net *net;
    const float *weights;
    const float *const *maps;
    Run *other;
    OrderPage *page;
    float *map;                 /* room for the largest one of the main path */
    int *order; Term *terms;    /* room for the layer's terms */
} Making;

bool order_allowed(const Net *net, int layer)
{
    return net->layers[layer].head == 0 && (net->layers[layer].op == OP_CONV || net->layers[layer].op == OP_FC);
}

static bool is_fused(OrderWay way)
{
    return way == ORDER_FUSED || way == ORDER_TILES_FUSED;
}

static void order_of(OrderWay way, const Term *terms, int count, int *order)
{
    enum { TILE = 16 };         /* channels of the fast engine's blocks */
    if (way == ORDER_AS_REFERENCE || way == ORDER_FUSED)
        order_reference(count, order);
    else
        order_tiles(terms, count, TILE, order);
}

/* Whether this way gives the engine's bits for values all over the map. One value could agree by chance. */
static bool way_fits(const Making *m, OrderWay way)
{
    enum { TRIES = 48, ENOUGH = 4 };
    const Unit from = m->page->unit;
    const Layer *layer = &m->net->layers[from.layer];
    const Shape s = layer->out;
    int seen = 0;
    for (int i = 0; i < TRIES; i++) {
        const Unit u = {from.layer, (from.c + 7 * i) % s.c, (from.y + 5 * i) % s.h, (from.x + 3 * i) % s.w};
        Explanation e;
        explain_value(m->net, m->weights, m->maps, u, &e, m->terms);
        order_of(way, m->terms, e.term_count, m->order);
        const float sum = order_sum(&e, m->terms, m->order, is_fused(way), NULL);
        if ((layer->relu && sum < 0 ? 0.0f : sum) != m->map[at(s, 0, u.c, u.y, u.x)])
            return false;
        seen += e.value != 0; /* a zero behind a ReLU says nothing about the sum */
    }
    return seen >= ENOUGH;
}

/* Computes the layer with the reference's map as input, so that only the engine's own order of additions can show; then `map` is the layer's. */
static void run_alone(const Making *m)
{
    const Unit u = m->page->unit;
    const Layer *layer = &m->net->layers[u.layer];
    if (layer->inputs[0] > 0)
        run_put(m->other, layer->inputs[0], 0, m->maps[layer->inputs[0]]);
    run_forward_layer(m->other, u.layer);
    run_activation(m->other, u.layer, 0, m->map);
    m->page->other = m->map[at(layer->out, 0, u.c, u.y, u.x)];
}

static void find_way(const Making *m)
{
    OrderPage *p = m->page;
    const bool may = !m->net->layers[p->unit.layer].bn && strstr(p->kernel, "Winograd") == NULL;
    p->way = ORDER_UNKNOWN;
    for (int way = 0; may && way < ORDER_WAYS && p->way == ORDER_UNKNOWN; way++)
        p->way = way_fits(m, (OrderWay)way) ? (OrderWay)way : ORDER_UNKNOWN;
}

static int likeliest(const float *scores, int count)
{
    int best = 0;
    for (int c = 1; c < count; c++)
        best = scores[c] > scores[best] ? c : best;
    return best;
}

/* Both engines on the whole picture: the maps compared, and the answers. */
static void compare_runs(const Making *m)
{
    OrderPage *p = m->page;
    const Net *net = m->net;
    const int scores = net_scores(net, 0), logits = net->heads[0].logits;
    p->answers[0] = p->answers[1] = -1;
    run_forward(m->other);
    for (int l = 0; l < net->main_count; l++) {
        run_activation(m->other, l, 0, m->map);
        p->layers[l] = order_difference(m->maps[l], m->map, shape_size(net->layers[l].out));
        if (l == p->unit.layer)
            p->other_own = m->map[at(net->layers[l].out, 0, p->unit.c, p->unit.y, p->unit.x)];
        if (l != logits || scores == 0)
            continue;
        p->answers[0] = likeliest(m->maps[l], scores);
        p->answers[1] = likeliest(m->map, scores);
        p->scores[0] = m->maps[l][p->answers[0]];
        p->scores[1] = m->map[p->answers[1]];
    }
    if (m->other->engine->kernel != NULL)
        m->other->engine->kernel(m->other, p->unit.layer, p->kernel, sizeof p->kernel);
    if (m->other->engine->kernels != NULL)
        snprintf(p->kernels, sizeof p->kernels, "%s", m->other->engine->kernels(m->other));
}

static void fill(const Making *m)
{
    OrderPage *p = m->page;
    compare_runs(m);
    run_alone(m);
    find_way(m);
    explain_value(m->net, m->weights, m->maps, p->unit, &p->e, p->terms);
    order_reference(p->e.term_count, m->order);
    order_sum(&p->e, p->terms, m->order, false, p->sums);
    if (p->way == ORDER_UNKNOWN)
        return;
    order_of(p->way, p->terms, p->e.term_count, p->other_order);
    order_sum(&p->e, p->terms, p->other_order, is_fused(p->way), p->other_sums);
}

bool order_page(const Net *net, const float *weights, const float *const *maps, Run *other, Unit unit, OrderPage *out, Err *err)
{
    const size_t most = explain_terms_max(net, unit.layer);
    size_t largest = 1;
    assert(order_allowed(net, unit.layer));
    for (int l = 0; l < net->main_count; l++)
        largest = shape_size(net->layers[l].out) > largest ? shape_size(net->layers[l].out) : largest;
    *out = (OrderPage){.unit = unit, .terms = malloc(most * sizeof *out->terms), .sums = malloc(most * sizeof *out->sums),
                       .other_sums = malloc(most * sizeof *out->other_sums), .other_order = malloc(most * sizeof *out->other_order),
                       .layers = calloc((size_t)net->main_count, sizeof *out->layers)};
    Making m = {net, weights, maps, other, out, malloc(largest * sizeof *m.map), malloc(most * sizeof *m.order), malloc(most * sizeof *m.terms)};
    const bool good = out->terms != NULL && out->sums != NULL && out->other_sums != NULL && out->other_order != NULL && out->layers != NULL && m.map != NULL &&
                      m.order != NULL && m.terms != NULL;
    if (good)
        fill(&m);
    else
        order_page_free(out);
    free(m.map);
    free(m.order);
    free(m.terms);
    return good || err_set(err, "not enough memory for the terms and maps");
}

void order_page_free(OrderPage *p)
{
    free(p->terms);
    free(p->sums);
    free(p->other_sums);
    free(p->other_order);
    free(p->layers);
    *p = (OrderPage){.terms = NULL};
}

int order_parts_at(const OrderPage *p)
{
    int i = 0;
    while (i < p->e.term_count && p->other_order[i] == i)
        i++;
    return i;
}

int order_sums_part_at(const OrderPage *p)
{
    int i = 0;
    while (i < p->e.term_count && p->sums[i] == p->other_sums[i])
        i++;
    return i;
}
