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
static bool report(const Source *source, const ExplainMaps *at, Unit unit, bool pre, bool json, Err *err)
{
    enum { PATH_MAX_UNITS = 256 };
    const Net *net = source->net;
    const float *const *maps = (const float *const *)at->maps;
    Unit path[PATH_MAX_UNITS];
    Term *terms = calloc(explain_terms_most(net, unit.layer), sizeof *terms);
    ChannelPart *parts = calloc((size_t)net->layers[unit.layer].in.c, sizeof *parts);
    ValueReport r = {.net = net, .address = {.layer = unit.layer, .channel = unit.c, .pre = pre}, .terms = terms, .parts = parts, .path = path,
                     .fitted = &at->fitted};
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
    Unit unit = {0};
    bool pre = false;
    ExplainMaps at;
    if (!explain_find_unit(source->net, w->at, w->place, &unit, &pre, err) || !explain_maps_open(&at, source, w->image, unit.layer, err))
        return false;
    const bool good = report(source, &at, unit, pre, w->json, err);
    explain_maps_close(&at);
    return good;
}

int explain_value_form(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *pos = NULL, *format = "text", *image;
    Wanted w = {0};
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
