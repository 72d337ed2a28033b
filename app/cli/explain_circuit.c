/* explain_circuit.c - `explain circuit --at ADDRESS --pos Y,X`: one value of a convolution through the 1x1 reduction (or the pool) before
 * it, as a sum over the channels of the layer before that. See engine/net/circuit.h. */
#include "app/cli/explain_at.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "engine/net/circuit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Report {
    const Net *net;
    Circuit circuit;
    CircuitSource *sources; int source_count;
    double *kernels; int taps;  /* (channels, k, k); taps = k * k */
    int top;                    /* sources to print */
} Report;

static void layer_name(const Net *net, int layer, char out[160])
{
    net_address_text(net, (Address){.layer = layer, .channel = -1}, out, 160);
}

static void source_name(const Report *r, const CircuitSource *s, char out[160])
{
    net_address_text(r->net, (Address){.layer = r->circuit.path.from, .channel = s->channel}, out, 160);
}

static void print_sources(const Report *r)
{
    const bool pool = r->circuit.path.kind == CIRCUIT_POOL;
    printf("%-16s%16s%16s\n", "channel", "gives here", pool ? "winner at" : "expanded");
    for (int i = 0; i < r->top && i < r->source_count; i++) {
        const CircuitSource *s = &r->sources[i];
        char name[160], place[48];
        source_name(r, s, name);
        snprintf(place, sizeof place, "%d,%d", s->y, s->x);
        if (pool)
            printf("%-16s%+16.6g%16s\n", name, s->sum, place);
        else
            printf("%-16s%+16.6g%+16.6g\n", name, s->sum, s->expanded);
    }
}

static void print_text(const Report *r)
{
    const Circuit *c = &r->circuit;
    char name[160], through[160], from[160];
    net_address_text(r->net, (Address){.layer = c->unit.layer, .channel = c->unit.c}, name, sizeof name);
    layer_name(r->net, c->path.through, through);
    layer_name(r->net, c->path.from, from);
    printf("%s at %d,%d through %s, for this picture and this place\n\n", name, c->unit.y, c->unit.x, through);
    printf("stored before ReLU  %.9g\n", (double)c->pre);
    printf("%-20s%.9g = biases %.9g + %d channels of %s %.9g; off by %.2g\n", c->path.kind == CIRCUIT_POOL ? "through the pool" : "with the open gates", c->sum, c->bias,
           r->source_count, from, c->sum - c->bias, c->sum - (double)c->pre);
    if (c->path.kind == CIRCUIT_REDUCTION) {
        printf("expanded weights    %.9g, as if every gate were open\n", c->expanded);
        printf("open gates          %d of %d (%.1f %%)\n", c->open, c->gates, c->gates > 0 ? 100 * (double)c->open / (double)c->gates : 0);
    }
    printf("the five strongest channels hold %.1f %% of the total magnitude\n\n", 100 * circuit_share(c, r->sources, r->source_count, 5));
    print_sources(r);
}

static json_t *kernel_json(const Report *r, int channel)
{
    json_t *list = json_array();
    for (int t = 0; t < r->taps; t++)
        json_array_append_new(list, json_real(r->kernels[(size_t)channel * (size_t)r->taps + (size_t)t]));
    return list;
}

static bool print_json(const Report *r)
{
    const Circuit *c = &r->circuit;
    char name[160], through[160], from[160];
    net_address_text(r->net, (Address){.layer = c->unit.layer, .channel = c->unit.c}, name, sizeof name);
    layer_name(r->net, c->path.through, through);
    layer_name(r->net, c->path.from, from);
    json_t *root = json_pack("{s:s, s:[i, i], s:s, s:s, s:f, s:f, s:f, s:f}", "address", name, "pos", c->unit.y, c->unit.x, "through", through, "from", from, "pre",
                             (double)c->pre, "value", (double)c->value, "sum", c->sum, "bias", c->bias), *list = json_array();
    if (c->path.kind == CIRCUIT_REDUCTION)
        json_object_update_new(root, json_pack("{s:f, s:f, s:i, s:i}", "expanded", c->expanded, "expanded_bias", c->expanded_bias, "gates", c->gates, "open", c->open));
    json_object_set_new(root, "magnitude", json_real(c->magnitude));
    json_object_set_new(root, "share_of_five", json_real(circuit_share(c, r->sources, r->source_count, 5)));
    for (int i = 0; i < r->top && i < r->source_count; i++) {
        const CircuitSource *s = &r->sources[i];
        json_t *o = json_pack("{s:i, s:f, s:f}", "channel", s->channel, "sum", s->sum, "expanded", s->expanded);
        if (c->path.kind == CIRCUIT_POOL)
            json_object_set_new(o, "winner", json_pack("[i, i]", s->y, s->x));
        json_object_set_new(o, "kernel", kernel_json(r, s->channel));
        json_array_append_new(list, o);
    }
    json_object_set_new(root, "channels", list);
    return json_out(root, JSON_INDENT(1));
}

/* ---- without a picture -------------------------------------------------------------------------------------------------------- */

typedef struct Weighed { int channel; double norm2; } Weighed;

static int by_norm(const void *a, const void *b)
{
    const Weighed *p = a, *q = b;
    return p->norm2 > q->norm2 ? -1 : p->norm2 < q->norm2 ? 1 : p->channel - q->channel;
}

/* Expanded weights alone, ranked by their norm: what other tools show. */
static bool weights_only(Report *r, const float *weights, bool json, Err *err)
{
    Circuit *c = &r->circuit;
    Weighed *ranked = calloc((size_t)r->source_count, sizeof *ranked);
    double total = 0;
    char name[160], through[160], channel[160];
    if (ranked == NULL)
        return err_set(err, "not enough memory");
    circuit_expanded(r->net, weights, &c->path, c->unit.c, r->kernels);
    for (int i = 0; i < r->source_count; i++) {
        ranked[i].channel = i;
        for (int t = 0; t < r->taps; t++)
            ranked[i].norm2 += r->kernels[i * r->taps + t] * r->kernels[i * r->taps + t];
        total += ranked[i].norm2;
    }
    qsort(ranked, (size_t)r->source_count, sizeof *ranked, by_norm);
    net_address_text(r->net, (Address){.layer = c->unit.layer, .channel = c->unit.c}, name, sizeof name);
    layer_name(r->net, c->path.through, through);
    json_t *list = json_array();
    if (!json)
        printf("%s through %s: expanded weights, as if every gate were open; a picture closes many of them, so this is no sum of any value\n\n%-16s%16s%16s\n", name,
               through, "channel", "norm", "of the square");
    for (int i = 0; i < r->top && i < r->source_count; i++) {
        source_name(r, &(CircuitSource){.channel = ranked[i].channel}, channel);
        if (!json)
            printf("%-16s%16.6g%14.1f %%\n", channel, sqrt(ranked[i].norm2), total > 0 ? 100 * ranked[i].norm2 / total : 0);
        else
            json_array_append_new(list, json_pack("{s:i, s:f, s:o}", "channel", ranked[i].channel, "norm", sqrt(ranked[i].norm2), "kernel", kernel_json(r, ranked[i].channel)));
    }
    json_t *root = json_pack("{s:s, s:s, s:f, s:o}", "address", name, "through", through, "squares", total, "channels", list);
    if (json)
        json_dumpf(root, stdout, JSON_INDENT(1)), putchar('\n');
    json_decref(root);
    free(ranked);
    return true;
}

/* ---- the form ------------------------------------------------------------------------------------------------------------------ */

typedef struct Wanted { const char *at, *image; const MapPlace *place; int top; bool weights_only, json; } Wanted;

static bool of_picture(const Source *source, const Wanted *w, Report *r, Err *err)
{
    ExplainMaps at;
    if (!explain_maps_open(&at, source, w->image, r->circuit.unit.layer, err))
        return false;
    bool good = circuit_compute(source->net, source->weights, (const float *const *)at.maps, &r->circuit.path, r->circuit.unit, &r->circuit, r->sources, r->kernels, err);
    if (good && w->json)
        good = print_json(r) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
    else if (good)
        print_text(r);
    explain_maps_close(&at);
    return good;
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    const Net *net = source->net;
    Report r = {.net = net, .top = w->top};
    bool pre;
    const MapPlace any = {0, 0}; /* weights have no place */
    bool good = explain_find_unit(net, w->at, w->weights_only && w->place == NULL ? &any : w->place, &r.circuit.unit, &pre, err) &&
                circuit_path(net, r.circuit.unit.layer, &r.circuit.path, err);
    if (good) {
        const Layer *l = &net->layers[r.circuit.path.layer];
        r.source_count = net->layers[r.circuit.path.from].out.c;
        r.taps = l->k * l->k;
        r.sources = calloc((size_t)r.source_count, sizeof *r.sources);
        r.kernels = calloc((size_t)r.source_count * (size_t)r.taps, sizeof *r.kernels);
        good = (r.sources != NULL && r.kernels != NULL) || err_set(err, "not enough memory");
    }
    if (good)
        good = w->weights_only ? weights_only(&r, source->weights, w->json, err) : of_picture(source, w, &r, err);
    free(r.sources);
    free(r.kernels);
    return good;
}

int explain_circuit_form(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *pos = NULL, *format = "text", *image;
    Wanted w = {.top = 8};
    int image_count;
    MapPlace place;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL}, {"--at", OPT_STRING, &w.at, NULL},
        {"--pos", OPT_STRING, &pos, NULL},         {"--top", OPT_INT, &w.top, NULL},          {"--weights-only", OPT_FLAG, &w.weights_only, NULL},
        {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (w.at == NULL || (image_count == 0 && !w.weights_only)) {
        cli_complain("explain circuit: needs --at ADDRESS (3b/3x3[72]), --pos Y,X and a picture, or --at ADDRESS --weights-only");
        return EXIT_USAGE;
    }
    if (pos != NULL && !explain_parse_place(pos, &place)) {
        cli_complain("explain circuit: --pos takes two whole numbers, row and column, as in 12,15, not '%s'", pos);
        return EXIT_USAGE;
    }
    if (w.top < 1) {
        cli_complain("explain circuit: --top takes a number of channels from 1, not %d", w.top);
        return EXIT_USAGE;
    }
    w.image = image;
    w.place = pos != NULL ? &place : NULL;
    w.json = strcmp(format, "json") == 0;
    return cli_with_source(weights, network, explain_in, &w);
}
