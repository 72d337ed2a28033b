/* explain_order.c - `explain order`: one value, added up in the orders of both engines and in random ones; and how far the engines' maps
 * are apart, layer by layer. */
#include "app/cli/explain_at.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "engine/fast/measure.h"
#include "engine/net/order.h"

#include <stdlib.h>
#include <string.h>

enum { SHUFFLES_MAX = 100000, WAYS = 4 };

/* A way in which the fast engine may add; which one it is shows in its bits. */
typedef struct Way {
    const char *name;
    int channels;               /* a block's; 1: the reference's order */
    bool fused;
} Way;

static const Way ways[WAYS] = {
    {"by channel, row, column, as the reference", 1, false},
    {"by channel, row, column, each product added unrounded (fused multiply-add)", 1, true},
    {"by 16 channels, row, column, channel", 16, false},
    {"by 16 channels, row, column, channel, each product added unrounded (fused multiply-add)", 16, true},
};

typedef struct OrderReport {
    const Source *source;
    Unit unit;
    Explanation e;
    Term *terms;
    int *order;
    float *sums, *fast_sums;    /* after each addition: the reference's, the fast engine's if `way` is known */
    int *fast_order;
    float fast, fast_own;       /* the fast engine's value: of the reference's inputs, and of its own */
    const Way *way;             /* NULL: not a sum of these products */
    char kernel[128], kernels[32];
    int64_t seed; int shuffles;
    float *shuffled;            /* by seed */
    MapDifference *layers;      /* of the main path */
    Guess answer[2];            /* reference, fast; prob is the score; index -1: no scores */
} OrderReport;

/* ---- computing ---- */

/* Computes the layer with the reference's map as input, so that only its own order of additions can show. map: the layer's. */
static void run_alone(OrderReport *r, Run *fast, float *const *maps, float *map)
{
    const Layer *layer = &r->source->net->layers[r->unit.layer];
    if (layer->inputs[0] > 0)
        run_put(fast, layer->inputs[0], 0, maps[layer->inputs[0]]);
    run_forward_layer(fast, r->unit.layer);
    run_activation(fast, r->unit.layer, 0, map);
    r->fast = map[at(layer->out, 0, r->unit.c, r->unit.y, r->unit.x)];
}

static void order_of(const OrderReport *r, const Way *way, int count, int *order)
{
    if (way->channels == 1)
        order_reference(count, order);
    else
        order_tiles(r->terms, count, way->channels, order);
}

/* Whether this way gives the fast engine's bits for values all over the map. One value could agree by chance. */
static bool way_fits(OrderReport *r, const Way *way, float *const *maps, const float *fast)
{
    enum { TRIES = 48, ENOUGH = 4 };
    const Net *net = r->source->net;
    const Shape s = net->layers[r->unit.layer].out;
    int seen = 0;
    for (int i = 0; i < TRIES; i++) {
        const Unit u = {r->unit.layer, (r->unit.c + 7 * i) % s.c, (r->unit.y + 5 * i) % s.h, (r->unit.x + 3 * i) % s.w};
        explain_value(net, r->source->weights, (const float *const *)maps, u, &r->e, r->terms);
        order_of(r, way, r->e.term_count, r->fast_order);
        const float sum = order_sum(&r->e, r->terms, r->fast_order, way->fused, NULL);
        if ((net->layers[u.layer].relu && sum < 0 ? 0.0f : sum) != fast[at(s, 0, u.c, u.y, u.x)])
            return false;
        seen += r->e.value != 0; /* a zero behind a ReLU says nothing about the sum */
    }
    return seen >= ENOUGH;
}

static void find_way(OrderReport *r, float *const *maps, const float *fast)
{
    const bool may = !r->source->net->layers[r->unit.layer].bn && strstr(r->kernel, "Winograd") == NULL;
    for (int i = 0; may && i < WAYS && r->way == NULL; i++)
        r->way = way_fits(r, &ways[i], maps, fast) ? &ways[i] : NULL;
}

/* Both engines on the whole picture: the maps compared, and the answers. */
static bool compare_runs(OrderReport *r, Run *fast, float *const *maps, Err *err)
{
    const Net *net = r->source->net;
    const int scores = net_scores(net, 0), logits = net->heads[0].logits;
    size_t most = 1;
    for (int l = 0; l < net->main_count; l++)
        most = shape_size(net->layers[l].out) > most ? shape_size(net->layers[l].out) : most;
    float *map = malloc(most * sizeof *map);
    if (map == NULL)
        return err_set(err, "not enough memory for the maps");
    run_forward(fast);
    r->answer[0].index = r->answer[1].index = -1;
    for (int l = 0; l < net->main_count; l++) {
        run_activation(fast, l, 0, map);
        r->layers[l] = order_difference(maps[l], map, shape_size(net->layers[l].out));
        if (l == r->unit.layer)
            r->fast_own = map[at(net->layers[l].out, 0, r->unit.c, r->unit.y, r->unit.x)];
        if (l == logits && scores > 0) {
            top_guesses(maps[l], scores, &r->answer[0], 1);
            top_guesses(map, scores, &r->answer[1], 1);
        }
    }
    fast_kernel_text(fast, r->unit.layer, r->kernel, sizeof r->kernel);
    snprintf(r->kernels, sizeof r->kernels, "%s", fast_kernels_name(fast));
    run_alone(r, fast, maps, map);
    find_way(r, maps, map);
    free(map);
    return true;
}

static bool compute(OrderReport *r, const float *input, float *const *maps, Err *err)
{
    const Source *source = r->source;
    const RunOptions options = {.batch = 1};
    Run *fast = run_new(&fast_engine, source->net, &options, err);
    if (fast == NULL)
        return false;
    run_weights(fast, source->weights);
    run_input(fast, input, 1);
    const bool good = compare_runs(r, fast, maps, err);
    run_free(fast);
    if (!good)
        return false;
    explain_value(source->net, source->weights, (const float *const *)maps, r->unit, &r->e, r->terms);
    order_reference(r->e.term_count, r->order);
    order_sum(&r->e, r->terms, r->order, false, r->sums);
    if (r->way != NULL) {
        order_of(r, r->way, r->e.term_count, r->fast_order);
        order_sum(&r->e, r->terms, r->fast_order, r->way->fused, r->fast_sums);
    }
    for (int i = 0; i < r->shuffles; i++) {
        order_shuffled(r->e.term_count, (uint64_t)(r->seed + i), r->order);
        r->shuffled[i] = order_sum(&r->e, r->terms, r->order, false, NULL);
    }
    return true;
}

/* The first addition that takes another term, and the first after which the sums differ; the count if there is none. */
static int parts_at(const OrderReport *r)
{
    int i = 0;
    while (i < r->e.term_count && r->fast_order[i] == i)
        i++;
    return i;
}

static int sums_part_at(const OrderReport *r)
{
    int i = 0;
    while (i < r->e.term_count && r->sums[i] == r->fast_sums[i])
        i++;
    return i;
}

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* ---- printing ---- */

static void print_fast(const OrderReport *r)
{
    const int count = r->e.term_count, term = r->way != NULL ? parts_at(r) : 0, sum = r->way != NULL ? sums_part_at(r) : 0;
    printf("fast engine on the same inputs  %18.9g  %lld away\n", (double)r->fast, (long long)ulps_between(r->e.value, r->fast));
    printf("  %s: %s\n", r->kernels, r->kernel);
    if (r->way == NULL) {
        printf("  adds other products than these (Winograd's algorithm, or batch norm folded in), or too few values show how; so the two part at the first\n");
        return;
    }
    printf("  adds %s\n", r->way->name);
    if (term < count) {
        const Term *a = &r->terms[term], *b = &r->terms[r->fast_order[term]];
        printf("  the orders part at addition %d: the reference takes channel %d at %d,%d, the fast engine channel %d at %d,%d\n", term + 1, a->c, a->y, a->x,
               b->c, b->y, b->x);
    } else {
        printf("  the order is the same\n");
    }
    if (sum < count)
        printf("  after addition %d the sums are first different: %.9g and %.9g\n", sum + 1, (double)r->sums[sum], (double)r->fast_sums[sum]);
    else
        printf("  the sums never differ\n");
}

static void print_shuffled(const OrderReport *r)
{
    const float total = r->e.of.weighted.total;
    int different = 0;
    int64_t most = 0;
    if (r->shuffles == 0)
        return;
    qsort(r->shuffled, (size_t)r->shuffles, sizeof *r->shuffled, by_value);
    for (int i = 0; i < r->shuffles; i++) {
        different += i == 0 || r->shuffled[i] != r->shuffled[i - 1];
        most = ulps_between(total, r->shuffled[i]) > most ? ulps_between(total, r->shuffled[i]) : most;
    }
    printf("%d shuffled order%s, seed %lld on: %d different sum%s, from %.9g to %.9g, at most %lld away\n", r->shuffles, r->shuffles == 1 ? "" : "s",
           (long long)r->seed, different, different == 1 ? "" : "s", (double)r->shuffled[0], (double)r->shuffled[r->shuffles - 1], (long long)most);
}

static void print_layers(const OrderReport *r)
{
    const Net *net = r->source->net;
    printf("\nboth engines on the whole picture\n%-26s %9s %9s %7s %9s %15s %12s\n", "layer", "values", "differ", "", "by one", "most, in floats",
           "of largest");
    for (int l = 1; l < net->main_count; l++) {
        const MapDifference *d = &r->layers[l];
        printf("%-26s %9zu %9zu %6.1f%% %9zu %15lld %12.1e\n", net->layers[l].name, d->count, d->differ, 100 * (double)d->differ / (double)d->count, d->by_one,
               (long long)d->most, d->share);
    }
}

static void print_answer(const OrderReport *r)
{
    const Source *s = r->source;
    if (r->answer[0].index < 0)
        return;
    for (int i = 0; i < 2; i++) {
        const int c = r->answer[i].index;
        printf("%s: class %d%s%s, score %.9g\n", i == 0 ? "answer of the reference engine" : "answer of the fast engine", c, c < s->info.label_count ? ", " : "",
               c < s->info.label_count ? s->info.labels[c] : "", (double)r->answer[i].prob);
    }
    printf(r->answer[0].index == r->answer[1].index ? "the answer stays\n" : "the answer changes\n");
}

static void print_text(const OrderReport *r)
{
    char name[160];
    net_address_text(r->source->net, (Address){.layer = r->unit.layer, .channel = r->unit.c}, name, sizeof name);
    printf("%s at %d,%d: %d products and the bias; distances are counted in float32 numbers\n", name, r->unit.y, r->unit.x, r->e.term_count);
    printf("sum in the reference's order    %18.9g\n", (double)r->e.of.weighted.total);
    printf("exact sum, rounded once         %18.9g  %lld away\n", (double)order_exact(&r->e, r->terms),
           (long long)ulps_between(r->e.of.weighted.total, order_exact(&r->e, r->terms)));
    print_shuffled(r);
    printf("reference engine stores         %18.9g\n", (double)r->e.value);
    print_fast(r);
    printf("fast engine, in its own run     %18.9g  %lld away\n", (double)r->fast_own, (long long)ulps_between(r->e.value, r->fast_own));
    print_layers(r);
    putchar('\n');
    print_answer(r);
}

static bool print_json(const OrderReport *r)
{
    const Net *net = r->source->net;
    char name[160];
    json_t *shuffled = json_array(), *layers = json_array();
    net_address_text(net, (Address){.layer = r->unit.layer, .channel = r->unit.c}, name, sizeof name);
    for (int i = 0; i < r->shuffles; i++)
        json_array_append_new(shuffled, json_finite((double)r->shuffled[i]));
    for (int l = 1; l < net->main_count; l++) {
        const MapDifference *d = &r->layers[l];
        json_array_append_new(layers, json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "name", net->layers[l].name, "values", (json_int_t)d->count, "differ",
                                                (json_int_t)d->differ, "by_one", (json_int_t)d->by_one, "most", (json_int_t)d->most, "of_largest",
                                                json_finite(d->share)));
    }
    json_t *root = json_pack("{s:s, s:[i, i], s:i, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:I, s:o, s:o}", "address", name, "pos", r->unit.y, r->unit.x, "terms",
                             r->e.term_count, "total", json_finite((double)r->e.of.weighted.total), "exact", json_finite((double)order_exact(&r->e, r->terms)), "value",
                             json_finite((double)r->e.value), "fast", json_finite((double)r->fast), "fast_own", json_finite((double)r->fast_own), "kernel", r->kernel,
                             "fast_adds", r->way != NULL ? json_string(r->way->name) : json_null(), "seed", (json_int_t)r->seed, "shuffled", shuffled, "layers",
                             layers);
    if (r->way != NULL) {
        json_object_set_new(root, "orders_part_at", parts_at(r) < r->e.term_count ? json_integer(parts_at(r)) : json_null());
        json_object_set_new(root, "sums_part_at", sums_part_at(r) < r->e.term_count ? json_integer(sums_part_at(r)) : json_null());
    }
    if (r->answer[0].index >= 0)
        json_object_set_new(root, "answers", json_pack("[i, i]", r->answer[0].index, r->answer[1].index));
    return json_out(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
}

/* ---- the command ---- */

static bool find_sum(const Net *net, const char *at_text, const MapPlace *place, Unit *unit, Err *err)
{
    bool pre;
    if (!explain_find_unit(net, at_text, place, unit, &pre, err))
        return false;
    const Layer *layer = &net->layers[unit->layer];
    if (layer->head > 0)
        return err_set(err, "--at %s: the fast engine leaves out the auxiliary heads when it answers; name a value of the main path", at_text);
    return layer->op == OP_CONV || layer->op == OP_FC ||
           err_set(err, "--at %s: a %s adds no products; name a value of a convolution or a fully connected layer", at_text, op_name(layer->op));
}

typedef struct Wanted { const char *at, *image; const MapPlace *place; int seed, shuffles; bool json; } Wanted;

static bool report(OrderReport *r, const ExplainMaps *at, bool json, Err *err)
{
    const Net *net = r->source->net;
    const size_t most = explain_terms_max(net, r->unit.layer);
    r->terms = calloc(most, sizeof *r->terms);
    r->order = calloc(most, sizeof *r->order);
    r->fast_order = calloc(most, sizeof *r->fast_order);
    r->sums = calloc(most, sizeof *r->sums);
    r->fast_sums = calloc(most, sizeof *r->fast_sums);
    r->shuffled = calloc((size_t)r->shuffles + 1, sizeof *r->shuffled);
    r->layers = calloc((size_t)net->main_count, sizeof *r->layers);
    bool good = r->terms != NULL && r->order != NULL && r->fast_order != NULL && r->sums != NULL && r->fast_sums != NULL && r->shuffled != NULL && r->layers != NULL;
    good = good ? compute(r, at->input, at->maps, err) : err_set(err, "not enough memory for the terms");
    if (good && json)
        good = print_json(r) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
    else if (good)
        print_text(r);
    free(r->terms);
    free(r->order);
    free(r->fast_order);
    free(r->sums);
    free(r->fast_sums);
    free(r->shuffled);
    free(r->layers);
    return good;
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    OrderReport r = {.source = source, .seed = w->seed, .shuffles = w->shuffles};
    ExplainMaps at;
    if (!find_sum(source->net, w->at, w->place, &r.unit, err) || !explain_maps_open(&at, source, w->image, source->net->main_count - 1, err))
        return false;
    const bool good = report(&r, &at, w->json, err);
    explain_maps_close(&at);
    return good;
}

int explain_order(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *pos = NULL, *format = "text", *image;
    Wanted w = {.seed = 1, .shuffles = 100};
    int image_count;
    MapPlace place = {0, 0};
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL},   {"--at", OPT_STRING, &w.at, NULL},
        {"--pos", OPT_STRING, &pos, NULL},         {"--seed", OPT_INT, &w.seed, NULL},          {"--shuffles", OPT_INT, &w.shuffles, NULL},
        {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (w.at == NULL || image_count == 0 || (pos != NULL && !explain_parse_place(pos, &place))) {
        cli_complain("explain order: needs --at ADDRESS (3a/3x3[78]), --pos Y,X (two whole numbers) and a picture");
        return EXIT_USAGE;
    }
    if (w.seed < 0 || w.shuffles < 0 || w.shuffles > SHUFFLES_MAX) {
        cli_complain("explain order: --seed takes 0 or more, --shuffles 0 to %d", SHUFFLES_MAX);
        return EXIT_USAGE;
    }
    w.image = image;
    w.place = pos != NULL ? &place : NULL;
    w.json = strcmp(format, "json") == 0;
    return cli_with_main_path(weights, network, explain_in, &w);
}
