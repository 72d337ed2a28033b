/* explain_value.c - `explain value --at ADDRESS --pos Y,X`: one value taken apart, computed by the reference engine, so that
 * the terms add up to it bit for bit. */
#include "app/cli/explain_forms.h"
#include "app/cli/explain_print.h"
#include "app/cli/open.h"

#include <stdlib.h>
#include <string.h>

/* "12,15" */
static bool parse_position(const char *text, int *y, int *x)
{
    char *end;
    const long row = strtol(text, &end, 10);
    if (end == text || *end != ',')
        return false;
    const char *second = end + 1;
    const long column = strtol(second, &end, 10);
    if (end == second || *end != '\0' || row < -1000000 || row > 1000000 || column < -1000000 || column > 1000000)
        return false;
    *y = (int)row;
    *x = (int)column;
    return true;
}

/* The unit that --at and --pos name; a map with one position needs no --pos. */
static bool find_unit(const Net *net, const char *at_text, const char *pos, int y, int x, Unit *unit, bool *pre, Err *err)
{
    Address a;
    char name[160];
    if (!net_address(net, at_text, &a, err))
        return false;
    const Shape s = net->layers[a.layer].out;
    net_address_text(net, (Address){.layer = a.layer, .channel = -1}, name, sizeof name);
    if (a.channel < 0 && s.c > 1)
        return err_set(err, "--at %s: name one of its %d channels, %s[0] to %s[%d]", at_text, s.c, name, name, s.c - 1);
    if (pos == NULL && s.h * s.w > 1)
        return err_set(err, "%s is %d rows by %d columns: name a position with --pos Y,X", name, s.h, s.w);
    if (y < 0 || y >= s.h || x < 0 || x >= s.w)
        return err_set(err, "--pos %d,%d lies outside %s: rows 0 to %d, columns 0 to %d", y, x, name, s.h - 1, s.w - 1);
    *unit = (Unit){a.layer, a.channel < 0 ? 0 : a.channel, y, x};
    *pre = a.pre;
    return true;
}

static void free_maps(const Net *net, float **maps)
{
    for (int l = 0; maps != NULL && l < net->layer_count; l++)
        free(maps[l]);
    free(maps);
}

/* All maps up to `last`, by the reference engine. NULL and a message if out of memory. */
static float **compute_maps(const Source *source, const float *x, int last, Err *err)
{
    const Net *net = source->net;
    const int head = net->layers[last].head;
    const RunOptions options = {.batch = 1, .heads = head > 0};
    Run *run = run_new(&reference_engine, net, &options, err);
    float **maps = calloc((size_t)net->layer_count, sizeof *maps);
    bool good = run != NULL && maps != NULL;
    if (good) {
        run_weights(run, source->weights);
        run_input(run, x, 1);
    }
    for (int l = 0; good && l <= last; l++) {
        if (net->layers[l].head != 0 && net->layers[l].head != head)
            continue;
        run_forward_layer(run, l);
        maps[l] = malloc(shape_size(net->layers[l].out) * sizeof **maps);
        good = maps[l] != NULL;
        if (good)
            run_activation(run, l, 0, maps[l]);
    }
    if (!good) {
        if (run != NULL)
            err_set(err, "not enough memory for the maps of %s", net->name);
        free_maps(net, maps);
        maps = NULL;
    }
    run_free(run);
    return maps;
}

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

static bool explain_in(const Source *source, const char *at_text, const char *pos, int y, int x, const char *image, bool json)
{
    const Net *net = source->net;
    Err err = {""};
    Unit unit = {0};
    bool pre = false;
    Image fitted;
    if (!find_unit(net, at_text, pos, y, x, &unit, &pre, &err)) {
        cli_complain("%s", err.text);
        return false;
    }
    if (!cli_fit_picture(image, net, &fitted))
        return false;
    float *input = malloc(shape_size(net->input) * sizeof *input);
    bool good = input != NULL || err_set(&err, "not enough memory");
    if (good) {
        image_values(&fitted, net, input);
        float **maps = compute_maps(source, input, unit.layer, &err);
        good = maps != NULL && report(source, (const float *const *)maps, unit, pre, &fitted, json, &err);
        free_maps(net, maps);
    }
    if (!good && err.text[0] != '\0')
        cli_complain("%s", err.text);
    free(input);
    image_free(&fitted);
    return good;
}

int explain_value_form(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *at_text = NULL, *pos = NULL, *format = "text", *image;
    int image_count, y = 0, x = 0;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL},
        {"--at", OPT_STRING, &at_text, NULL},      {"--pos", OPT_STRING, &pos, NULL},
        {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (at_text == NULL || image_count == 0) {
        cli_complain("explain value: needs --at ADDRESS (3a/3x3[78]), --pos Y,X and a picture");
        return EXIT_USAGE;
    }
    if (pos != NULL && !parse_position(pos, &y, &x)) {
        cli_complain("explain value: --pos takes two whole numbers, row and column, as in 12,15, not '%s'", pos);
        return EXIT_USAGE;
    }
    Source source;
    if (!cli_open_source(&source, weights, network))
        return EXIT_INPUT;
    const bool good = explain_in(&source, at_text, pos, y, x, image, strcmp(format, "json") == 0);
    source_free(&source);
    return good ? EXIT_OK : EXIT_INPUT;
}
