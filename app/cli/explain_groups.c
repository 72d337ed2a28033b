/* explain_groups.c - `explain groups --at LAYER`: all maps of a layer as a few groups of channels that are strong at the same places, drawn in
 * one colour each over the picture. See engine/net/groups.h. */
#include "app/cli/explain_forms.h"
#include "app/cli/explain_run.h"
#include "app/cli/json_out.h"
#include "app/ui/ui.h"
#include "engine/net/groups.h"
#include "engine/net/share.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENLARGE = 2, TOP = 5 }; /* the network's 224 x 224 picture on a page; channels named per group */

typedef struct Wanted { const char *at, *out, *image; int groups, class_index; bool json; } Wanted;

typedef struct Report {
    const Source *source;
    int layer, class_index;     /* class -1: the layer is not on the way to scores, so no group gives anything to one */
    Shape shape;
    Groups groups;
    double gives[GROUPS_MAX], share[GROUPS_MAX]; /* to the class's score; of the total strength */
} Report;

/* Each place in the colour of its strongest group, the stronger the more of it, over the picture in grey. */
static bool draw(const Report *r, const Image *picture, const char *path, Err *err)
{
    const int w = picture->w * ENLARGE, h = picture->h * ENLARGE;
    const Groups *g = &r->groups;
    unsigned char *rgb = malloc((size_t)w * (size_t)h * 3);
    double most = 0;
    if (rgb == NULL)
        return err_set(err, "%s: not enough memory for the picture", path);
    for (int i = 0; i < g->count * g->places; i++)
        most = fmax(most, g->strength[i]);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            const unsigned char *p = picture->rgb + 3 * ((size_t)(y / ENLARGE) * (size_t)picture->w + (size_t)(x / ENLARGE));
            const int place = y * r->shape.h / h * r->shape.w + x * r->shape.w / w;
            int best = 0;
            for (int i = 1; i < g->count; i++)
                best = g->strength[i * g->places + place] > g->strength[best * g->places + place] ? i : best;
            const double share = most > 0 ? fmin(0.75, g->strength[best * g->places + place] / most) : 0;
            const double grey = (p[0] * 299 + p[1] * 587 + p[2] * 114) / 1000.0;
            for (int c = 0; c < 3; c++)
                rgb[3 * ((size_t)y * (size_t)w + (size_t)x) + (size_t)c] =
                    (unsigned char)(grey + share * ((double)(group_colors[best] >> (24 - 8 * c) & 0xff) - grey) + 0.5);
        }
    const bool good = image_save_png(path, rgb, w, h, err);
    free(rgb);
    return good;
}

static void print_text(const Report *r)
{
    const Net *net = r->source->net;
    char name[160];
    net_address_text(net, (Address){.layer = r->layer, .channel = -1}, name, sizeof name);
    printf("%s, %dx%dx%d: %d group%s, %.1f %% left over. How many is your choice; a colour means nothing in another picture.\n\n", name, r->shape.c, r->shape.h, r->shape.w,
           r->groups.count, r->groups.count == 1 ? "" : "s", 100 * r->groups.left_over);
    printf("%-8s%-10s%10s", "group", "colour", "strength");
    if (r->class_index >= 0)
        printf("%14s %d", "gives class", r->class_index);
    printf("  strongest channels\n");
    for (int i = 0; i < r->groups.count; i++) {
        int top[TOP];
        const int count = groups_top(&r->groups, i, top, TOP);
        printf("%-8d#%06x   %8.1f %%", i + 1, (unsigned)(group_colors[i] >> 8), 100 * r->share[i]);
        if (r->class_index >= 0)
            printf("%+16.4g", r->gives[i]);
        printf("  ");
        for (int k = 0; k < count; k++)
            printf("%s%d", k > 0 ? ", " : "", top[k]);
        putchar('\n');
    }
}

static json_t *numbers(const double *values, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_real(values[i]));
    return list;
}

static bool print_json(const Report *r)
{
    const Groups *g = &r->groups;
    char name[160];
    net_address_text(r->source->net, (Address){.layer = r->layer, .channel = -1}, name, sizeof name);
    json_t *list = json_array(), *root = json_pack("{s:s, s:[i, i, i], s:f, s:f}", "layer", name, "shape", r->shape.c, r->shape.h, r->shape.w, "norm", g->norm, "left_over", g->left_over);
    for (int i = 0; i < g->count; i++) {
        json_t *o = json_pack("{s:f, s:o, s:o}", "share", r->share[i], "strength", numbers(g->strength + i * g->places, g->places), "direction",
                              numbers(g->direction + i * g->channels, g->channels));
        if (r->class_index >= 0)
            json_object_set_new(o, "gives", json_real(r->gives[i]));
        json_array_append_new(list, o);
    }
    if (r->class_index >= 0)
        json_object_set_new(root, "class", json_integer(r->class_index));
    json_object_set_new(root, "groups", list);
    return json_out(root, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
}

/* The groups of the run's map, and what each gives to the class. */
static bool find(Report *r, Run *run, int k, Err *err)
{
    const size_t size = shape_size(r->shape);
    float *map = malloc(size * sizeof *map);
    double total = 0;
    Share share;
    if (map == NULL)
        return err_set(err, "not enough memory");
    run_activation(run, r->layer, 0, map);
    bool good = groups_find(map, r->shape, k, NULL, &r->groups, err);
    free(map);
    for (int i = 0; good && i < r->groups.count; i++) {
        for (int p = 0; p < r->groups.places; p++)
            r->share[i] += r->groups.strength[i * r->groups.places + p];
        total += r->share[i];
    }
    for (int i = 0; good && i < r->groups.count; i++)
        r->share[i] /= total > 0 ? total : 1;
    if (good && r->class_index >= 0) {
        good = share_compute(run, r->source->weights, r->layer, r->class_index, -1, &share, err);
        for (int i = 0; good && i < r->groups.count; i++)
            r->gives[i] = groups_gives(&r->groups, i, share.gradient);
        if (good)
            share_free(&share);
    }
    return good;
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    const Net *net = source->net;
    Err none;
    Address a;
    ExplainRun at = {0};
    if (!net_address(net, w->at, &a, err) || (w->class_index != INT_MIN && (!net_need_class(net, w->class_index, err) || !share_allowed(net, a.layer, err))) ||
        !explain_run_open(&at, source, w->image, err))
        return false;
    Report r = {.source = source, .layer = a.layer, .shape = net->layers[a.layer].out,
                .class_index = !share_allowed(net, a.layer, &none) ? -1 : w->class_index != INT_MIN ? w->class_index : at.answer};
    bool good = find(&r, at.run, w->groups, err);
    if (good && w->json)
        good = print_json(&r) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
    else if (good)
        print_text(&r);
    good = good && (w->out == NULL || draw(&r, &at.fitted, w->out, err));
    groups_free(&r.groups);
    explain_run_close(&at);
    return good;
}

int explain_groups(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *format = "text", *image;
    Wanted w = {.groups = 4, .class_index = INT_MIN}; /* INT_MIN: not given */
    int image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL}, {"--at", OPT_STRING, &w.at, NULL},
        {"--groups", OPT_INT, &w.groups, NULL},    {"--class", OPT_INT, &w.class_index, NULL}, {"--out", OPT_STRING, &w.out, NULL},
        {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (w.at == NULL || image_count == 0) {
        cli_complain("explain groups: needs --at LAYER (4c) and a picture");
        return EXIT_USAGE;
    }
    if (w.groups < 1 || w.groups > GROUPS_MAX) {
        cli_complain("explain groups: --groups takes a number from 1 to %d, not %d", GROUPS_MAX, w.groups);
        return EXIT_USAGE;
    }
    w.image = image;
    w.json = strcmp(format, "json") == 0;
    return cli_with_main_path(weights, network, explain_in, &w);
}
