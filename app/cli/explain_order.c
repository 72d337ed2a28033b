/* explain_order.c - `explain order`: one value, added up in the orders of both engines and in random ones; and how far the engines' maps
 * are apart, layer by layer. */
#include "app/cli/explain_at.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "app/model/strings.h"
#include "engine/net/order_page.h"

#include <stdlib.h>
#include <string.h>

enum { SHUFFLES_MAX = 100000 };

static const Str ways[ORDER_WAYS] = {STR_ORDER_AS_REFERENCE, STR_ORDER_FUSED, STR_ORDER_TILES, STR_ORDER_TILES_FUSED};

typedef struct OrderReport {
    const Source *source;
    Unit unit;
    OrderPage page;
    int64_t seed; int shuffles;
    float *shuffled;            /* by seed */
} OrderReport;

/* ---- computing ---- */

static bool shuffle(OrderReport *r, Err *err)
{
    int *order = calloc((size_t)r->page.e.term_count + 1, sizeof *order);
    r->shuffled = calloc((size_t)r->shuffles + 1, sizeof *r->shuffled);
    for (int i = 0; order != NULL && r->shuffled != NULL && i < r->shuffles; i++) {
        order_shuffled(r->page.e.term_count, (uint64_t)(r->seed + i), order);
        r->shuffled[i] = order_sum(&r->page.e, r->page.terms, order, false, NULL);
    }
    const bool good = order != NULL && r->shuffled != NULL;
    free(order);
    return good || err_set(err, "not enough memory for the sums");
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
    const bool good = order_page(source->net, source->weights, (const float *const *)maps, fast, r->unit, &r->page, err);
    run_free(fast);
    return good && shuffle(r, err);
}

static int by_value(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* ---- printing ---- */

static void print_fast(const OrderReport *r)
{
    const OrderPage *p = &r->page;
    const int count = p->e.term_count;
    printf("fast engine on the same inputs  %18.9g  %lld away\n", (double)p->other, (long long)ulps_between(p->e.value, p->other));
    printf("  %s: %s\n", p->kernels, p->kernel);
    if (p->way == ORDER_UNKNOWN) {
        printf("  %s\n", str(LANG_EN, STR_ORDER_UNKNOWN));
        return;
    }
    printf("  adds %s\n", str(LANG_EN, ways[p->way]));
    const int term = order_parts_at(p), sum = order_sums_part_at(p);
    fputs("  ", stdout);
    if (term < count) {
        const Term *a = &p->terms[term], *b = &p->terms[p->other_order[term]];
        printf(str(LANG_EN, STR_ORDER_PARTS), term + 1, a->c, a->y, a->x, b->c, b->y, b->x);
    } else {
        printf("%s", str(LANG_EN, STR_ORDER_SAME));
    }
    putchar('\n');
    fputs("  ", stdout);
    if (sum < count)
        printf(str(LANG_EN, STR_ORDER_SUMS_PART), sum + 1, (double)p->sums[sum], (double)p->other_sums[sum]);
    else
        printf("%s", str(LANG_EN, STR_ORDER_SUMS_SAME));
    putchar('\n');
}

static void print_shuffled(const OrderReport *r)
{
    const float total = r->page.e.of.weighted.total;
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
        const MapDifference *d = &r->page.layers[l];
        printf("%-26s %9zu %9zu %6.1f%% %9zu %15lld %12.1e\n", net->layers[l].name, d->count, d->differ, 100 * (double)d->differ / (double)d->count, d->by_one,
               (long long)d->most, d->share);
    }
}

static void print_answer(const OrderReport *r)
{
    const Source *s = r->source;
    if (r->page.answers[0] < 0)
        return;
    for (int i = 0; i < 2; i++) {
        const int c = r->page.answers[i];
        printf("%s: class %d%s%s, score %.9g\n", i == 0 ? "answer of the reference engine" : "answer of the fast engine", c, c < s->info.label_count ? ", " : "",
               c < s->info.label_count ? s->info.labels[c] : "", (double)r->page.scores[i]);
    }
    printf(r->page.answers[0] == r->page.answers[1] ? "the answer stays\n" : "the answer changes\n");
}

static void print_text(const OrderReport *r)
{
    char name[160];
    net_address_text(r->source->net, (Address){.layer = r->unit.layer, .channel = r->unit.c}, name, sizeof name);
    printf("%s at %d,%d: %d products and the bias; distances are counted in float32 numbers\n", name, r->unit.y, r->unit.x, r->page.e.term_count);
    printf("sum in the reference's order    %18.9g\n", (double)r->page.e.of.weighted.total);
    printf("exact sum, rounded once         %18.9g  %lld away\n", (double)order_exact(&r->page.e, r->page.terms),
           (long long)ulps_between(r->page.e.of.weighted.total, order_exact(&r->page.e, r->page.terms)));
    print_shuffled(r);
    printf("reference engine stores         %18.9g\n", (double)r->page.e.value);
    print_fast(r);
    printf("fast engine, in its own run     %18.9g  %lld away\n", (double)r->page.other_own, (long long)ulps_between(r->page.e.value, r->page.other_own));
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
        const MapDifference *d = &r->page.layers[l];
        json_array_append_new(layers, json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "name", net->layers[l].name, "values", (json_int_t)d->count, "differ",
                                                (json_int_t)d->differ, "by_one", (json_int_t)d->by_one, "most", (json_int_t)d->most, "of_largest",
                                                json_finite(d->share)));
    }
    json_t *root = json_pack("{s:s, s:[i, i], s:i, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:I, s:o, s:o}", "address", name, "pos", r->unit.y, r->unit.x, "terms",
                             r->page.e.term_count, "total", json_finite((double)r->page.e.of.weighted.total), "exact", json_finite((double)order_exact(&r->page.e, r->page.terms)), "value",
                             json_finite((double)r->page.e.value), "fast", json_finite((double)r->page.other), "fast_own", json_finite((double)r->page.other_own), "kernel", r->page.kernel,
                             "fast_adds", r->page.way != ORDER_UNKNOWN ? json_string(str(LANG_EN, ways[r->page.way])) : json_null(), "seed", (json_int_t)r->seed, "shuffled", shuffled, "layers",
                             layers);
    if (r->page.way != ORDER_UNKNOWN) {
        json_object_set_new(root, "orders_part_at", order_parts_at(&r->page) < r->page.e.term_count ? json_integer(order_parts_at(&r->page)) : json_null());
        json_object_set_new(root, "sums_part_at", order_sums_part_at(&r->page) < r->page.e.term_count ? json_integer(order_sums_part_at(&r->page)) : json_null());
    }
    if (r->page.answers[0] >= 0)
        json_object_set_new(root, "answers", json_pack("[i, i]", r->page.answers[0], r->page.answers[1]));
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
    bool good = compute(r, at->input, at->maps, err);
    if (good && json)
        good = print_json(r) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
    else if (good)
        print_text(r);
    order_page_free(&r->page);
    free(r->shuffled);
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
