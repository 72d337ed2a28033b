/* explain_share.c - `explain share --at LAYER --class N`: the score as a sum over the places or channels of a layer's map and over the
 * biases behind it. See engine/net/share.h. */
#include "app/cli/explain_forms.h"
#include "app/cli/explain_run.h"
#include "app/cli/heat.h"
#include "app/cli/json_out.h"
#include "engine/net/share.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Wanted {
    const char *at, *out, *image, *how;
    int class_index, against, channels;
    bool json;
} Wanted;

/* A module's biases in one row; JSON has each layer's. */
static void print_biases(const Net *net, const Share *s)
{
    char name[160];
    for (int i = 0; i < s->bias_count;) {
        const int module = net->layers[s->biases[i].layer].module, row = module >= 0 ? net->modules[module].last : s->biases[i].layer;
        double sum = s->biases[i++].sum;
        while (module >= 0 && i < s->bias_count && net->layers[s->biases[i].layer].module == module)
            sum += s->biases[i++].sum;
        net_address_text(net, (Address){.layer = row, .channel = -1}, name, sizeof name);
        printf("biases of %-14s %+.9g\n", name, sum);
    }
}

static void print_text(const Source *source, const Share *s, const int *order, const Wanted *w)
{
    char name[160];
    net_address_text(source->net, (Address){.layer = s->layer, .channel = -1}, name, sizeof name);
    printf("class %d %s", s->class_index, source_label(source, s->class_index));
    if (s->against >= 0)
        printf(", ahead of class %d %s", s->against, source_label(source, s->against));
    printf(": score %.9g\n", s->score);
    printf("maps of %-16s %+.9g\n", name, s->maps);
    print_biases(source->net, s);
    printf("sum                      %+.9g\n", s->maps + s->bias);
    if (share_exact(source->net, s->layer))
        printf("off by                   %+.2g: rounding\n", share_gap(s));
    else
        printf("gap                      %+.6g: not exact, since a normalisation across channels or a softmax comes after this layer\n", share_gap(s));
    printf("\na share adds up to the score; it is not what is lost without it\n\n%-16s%16s\n", "channel", "share");
    for (int i = 0; i < w->channels && i < s->shape.c; i++) {
        net_address_text(source->net, (Address){.layer = s->layer, .channel = order[i]}, name, sizeof name);
        printf("%-16s%+16.6g\n", name, s->channel[order[i]]);
    }
}

static bool print_json(const Source *source, const Share *s, const int *order, const double *place, const Wanted *w)
{
    char name[160];
    net_address_text(source->net, (Address){.layer = s->layer, .channel = -1}, name, sizeof name);
    json_t *biases = json_array(), *channels = json_array(), *places = json_array();
    json_t *root = json_pack("{s:s, s:i, s:f, s:f, s:f, s:f, s:b, s:f}", "layer", name, "class", s->class_index, "score", s->score, "maps", s->maps, "biases_sum", s->bias,
                             "gap", share_gap(s), "exact", share_exact(source->net, s->layer), "magnitude", s->magnitude);
    if (s->against >= 0)
        json_object_set_new(root, "against", json_integer(s->against));
    for (int i = 0; i < s->bias_count; i++) {
        net_address_text(source->net, (Address){.layer = s->biases[i].layer, .channel = -1}, name, sizeof name);
        json_array_append_new(biases, json_pack("{s:s, s:f}", "layer", name, "sum", s->biases[i].sum));
    }
    for (int i = 0; i < w->channels && i < s->shape.c; i++)
        json_array_append_new(channels, json_pack("{s:i, s:f}", "channel", order[i], "sum", s->channel[order[i]]));
    for (int y = 0; y < s->shape.h; y++) {
        json_t *row = json_array();
        for (int x = 0; x < s->shape.w; x++)
            json_array_append_new(row, json_real(place[y * s->shape.w + x]));
        json_array_append_new(places, row);
    }
    json_object_set_new(root, "biases", biases);
    json_object_set_new(root, "channels", channels);
    json_object_set_new(root, "how", json_string(w->how));
    json_object_set_new(root, "places", places);
    return json_out(root, JSON_INDENT(1));
}

static bool draw(const Share *s, const double *place, const Image *fitted, const char *out, Err *err)
{
    const int plane = s->shape.h * s->shape.w;
    float *values = malloc((size_t)plane * sizeof *values), reach = 0;
    if (values == NULL)
        return err_set(err, "not enough memory");
    for (int p = 0; p < plane; p++) {
        values[p] = (float)place[p];
        reach = fmaxf(reach, fabsf(values[p]));
    }
    const bool good = heat_save(out, fitted, &(Heat){values, s->shape.h, s->shape.w, reach}, err);
    if (good)
        fprintf(stderr, "%dx%d places, blue up to %.6g for the class, orange down to -%.6g against it: %s\n", s->shape.h, s->shape.w, (double)reach, (double)reach, out);
    free(values);
    return good;
}

static bool report(const Source *source, const Share *s, const Image *fitted, const Wanted *w, Err *err)
{
    const int plane = s->shape.h * s->shape.w;
    int *order = malloc((size_t)s->shape.c * sizeof *order);
    double *place = malloc((size_t)plane * sizeof *place);
    bool good = (order != NULL && place != NULL && share_rank(s, order)) || err_set(err, "not enough memory");
    if (good) {
        if (strcmp(w->how, "grad-cam") == 0)
            share_grad_cam(s, place);
        else
            memcpy(place, s->place, (size_t)plane * sizeof *place);
        if (w->json)
            good = print_json(source, s, order, place, w) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
        else
            print_text(source, s, order, w);
    }
    good = good && (w->out == NULL || draw(s, place, fitted, w->out, err));
    free(order);
    free(place);
    return good;
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    const Net *net = source->net;
    Address a;
    ExplainRun at = {0};
    Share share;
    if (!net_address(net, w->at, &a, err) || !share_allowed(net, a.layer, err) || (w->class_index != INT_MIN && !net_need_class(net, w->class_index, err)) ||
        (w->against != INT_MIN && !net_need_class(net, w->against, err)) || !explain_run_open(&at, source, w->image, err))
        return false;
    const int class_index = w->class_index != INT_MIN ? w->class_index : at.answer;
    bool good = w->against != class_index || err_set(err, "explain share: --against %d is the class itself; name another one", class_index);
    good = good && share_compute(at.run, source->weights, a.layer, class_index, w->against != INT_MIN ? w->against : -1, &share, err);
    if (good) {
        good = report(source, &share, &at.fitted, w, err);
        share_free(&share);
    }
    explain_run_close(&at);
    return good;
}

int explain_share(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *format = "text", *image;
    Wanted w = {.how = "gradient-x-map", .class_index = INT_MIN, .against = INT_MIN, .channels = 10}; /* INT_MIN: not given */
    int image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL},     {"--network", OPT_STRING, &network, NULL}, {"--at", OPT_STRING, &w.at, NULL},
        {"--class", OPT_INT, &w.class_index, NULL},    {"--against", OPT_INT, &w.against, NULL},  {"--how", OPT_STRING, &w.how, "gradient-x-map|grad-cam"},
        {"--channels", OPT_INT, &w.channels, NULL},    {"--out", OPT_STRING, &w.out, NULL},       {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (w.at == NULL || image_count == 0 || w.channels < 0) {
        cli_complain("explain share: needs --at LAYER (4e) and a picture; --channels takes a number from 0");
        return EXIT_USAGE;
    }
    w.image = image;
    w.json = strcmp(format, "json") == 0;
    return cli_with_main_path(weights, network, explain_in, &w);
}
