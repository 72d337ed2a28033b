/* explain_value.c - `explain value --at ADDRESS --pos Y,X`: one value taken apart, computed by the reference engine, so that
 * the terms add up to it bit for bit. */
#include "app/cli/explain_forms.h"
#include "app/cli/explain_at.h"
#include "app/cli/explain_print.h"
#include "app/cli/open.h"
#include "engine/net/quantize.h"

#include <stdlib.h>
#include <string.h>

typedef struct Wanted { const char *at, *image; const MapPlace *place; bool json; } Wanted;

/* Fills the report from the maps and prints it. */
static bool report(const Source *source, const float *const *maps, Unit unit, bool pre, const Image *fitted, bool json, Err *err)
{
    enum { PATH_MAX_UNITS = 256 };
    const Net *net = source->net;
    Unit path[PATH_MAX_UNITS];
    size_t most = 1;
    for (int l = 0; l <= unit.layer; l++)
        most = explain_terms_max(net, l) > most ? explain_terms_max(net, l) : most;
    Term *terms = calloc(most, sizeof *terms);
    ChannelPart *parts = calloc((size_t)net->layers[unit.layer].in.c, sizeof *parts);
    ValueReport r = {.net = net, .address = {.layer = unit.layer, .channel = unit.c, .pre = pre}, .terms = terms, .parts = parts, .path = path,
                     .fitted = fitted};
    bool good = terms != NULL && parts != NULL;
    if (good) {
        r.path_count = explain_path(net, source->weights, maps, unit, terms, path, PATH_MAX_UNITS);
        explain_value(net, source->weights, maps, unit, &r.value, terms);
        if (r.value.op == OP_CONV || r.value.op == OP_FC)
            r.part_count = explain_channels(&r.value, terms, parts);
        r.bits = quantize_found(net, source->weights, unit.layer, unit.c, &r.scale);
        unit_field(net, unit, 0, &r.sees);
        if (json)
            good = explain_print_json(&r, stdout);
        else
            explain_print_text(&r, stdout);
    }
    free(terms);
    free(parts);
    return good || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory for the terms"); /* main reports a full disk */
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    const Net *net = source->net;
    Unit unit = {0};
    bool pre = false;
    Image fitted;
    if (!explain_find_unit(net, w->at, w->place, &unit, &pre, err) || !cli_fit_picture(w->image, net, &fitted))
        return false;
    float *input = malloc(shape_size(net->input) * sizeof *input);
    bool good = input != NULL || err_set(err, "not enough memory");
    if (good) {
        image_values(&fitted, net, input);
        float **maps = explain_maps(source, input, unit.layer, err);
        good = maps != NULL && report(source, (const float *const *)maps, unit, pre, &fitted, w->json, err);
        explain_maps_free(net, maps);
    }
    free(input);
    image_free(&fitted);
    return good;
}

int explain_value_form(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *pos = NULL, *format = "text", *image;
    Wanted w = {NULL};
    int image_count;
    MapPlace place = {0, 0};
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL},
        {"--at", OPT_STRING, &w.at, NULL},         {"--pos", OPT_STRING, &pos, NULL},
        {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (w.at == NULL || image_count == 0) {
        cli_complain("explain value: needs --at ADDRESS (3a/3x3[78]), --pos Y,X and a picture");
        return EXIT_USAGE;
    }
    if (pos != NULL && !explain_parse_place(pos, &place)) {
        cli_complain("explain value: --pos takes two whole numbers, row and column, as in 12,15, not '%s'", pos);
        return EXIT_USAGE;
    }
    w.image = image;
    w.place = pos != NULL ? &place : NULL;
    w.json = strcmp(format, "json") == 0;
    return cli_with_source(weights, network, explain_in, &w);
}
