/* explain_path.c - `explain path`: from a score, or any value, down to a pixel along the terms that make it, by the reference engine's
 * arithmetic, so that every step adds up to the stored value bit for bit. */
#include "app/cli/explain_at.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "app/model/path_words.h"

#include <stdlib.h>
#include <string.h>

typedef struct Wanted {
    const char *at, *image;
    const MapPlace *place;
    int class_index;            /* -1: not given */
    PathRanks ranks;
    bool json;
} Wanted;

typedef struct PathReport {
    const Source *source;
    const Wanted *wanted;
    const float *const *maps;
    const Image *fitted;
    Term *terms;
    int *order;
    json_t *steps;              /* NULL: print text */
} PathReport;

/* The class whose score the value is; NULL if it is none, or no name is known. */
static const char *label_of(const PathReport *r, Unit u)
{
    return u.layer == r->source->net->heads[0].logits && u.c < r->source->info.label_count ? r->source->info.labels[u.c] : NULL;
}

static PathScene scene_of(const PathReport *r)
{
    return (PathScene){r->source->net, r->maps, r->fitted, LANG_EN};
}

/* ---- text ---- */

static void print_step(const PathReport *r, const PathStep *s)
{
    const PathScene scene = scene_of(r);
    char text[PATH_LINE_MAX];
    PathLines lines;
    path_head_text(&scene, s, label_of(r, s->e.unit), text, sizeof text);
    puts(text);
    path_lines(&scene, s, r->terms, r->order, &lines);
    for (int i = 0; i < lines.count; i++)
        printf("  %s\n", lines.text[i]);
    path_followed_text(&scene, s, text, sizeof text);
    if (text[0] != '\0')
        printf("  %s\n", text);
    path_end_text(&scene, s, text, sizeof text);
    if (text[0] != '\0')
        puts(text);
}

/* ---- JSON ---- */

/* What a reader needs to add the value up in float32: the start, the products in order, and what comes after. */
static void add_sum(json_t *o, const PathReport *r, const PathStep *s, const Layer *layer)
{
    const Explanation *e = &s->e;
    const WeightedSum *w = &e->of.weighted;
    const bool average = e->op == OP_AVGPOOL;
    json_t *products = json_array();
    for (int i = 0; i < e->term_count; i++)
        json_array_append_new(products, json_finite((double)r->terms[i].product));
    json_object_set_new(o, "start", json_finite(average ? 0 : (double)w->bias));
    json_object_set_new(o, "products", products);
    json_object_set_new(o, "total", json_finite((double)(average ? e->of.average.total : w->total)));
    if (average)
        json_object_set_new(o, "divisor", json_integer(e->of.average.divisor));
    if (!average && layer->bn)
        json_object_set_new(o, "bn", json_pack("{s:f, s:f, s:f, s:f}", "mean", (double)w->mean, "deviation", (double)w->deviation, "gamma",
                                               (double)w->gamma, "beta", (double)w->beta));
    if (!average)
        json_object_set_new(o, "relu", json_boolean(layer->relu));
}

static void add_step(PathReport *r, const PathStep *s)
{
    static const char *const ends[] = {[PATH_GOES_ON] = NULL, [PATH_PIXEL] = "pixel", [PATH_ZERO] = "zero", [PATH_CONSTANT] = "constant"};
    _Static_assert(sizeof ends / sizeof *ends == PATH_END_COUNT, "every end has a word");
    const Layer *layer = &r->source->net->layers[s->e.unit.layer];
    char name[160];
    net_address_text(r->source->net, (Address){.layer = s->e.unit.layer, .channel = s->e.unit.c}, name, sizeof name);
    json_t *o = json_pack("{s:s, s:s, s:[i, i], s:o}", "address", name, "op", op_name(s->e.op), "pos", s->e.unit.y, s->e.unit.x, "value",
                          json_finite((double)s->e.value));
    const char *label = label_of(r, s->e.unit);
    if (label != NULL)
        json_object_set_new(o, "label", json_string(label));
    if (s->e.op == OP_CONV || s->e.op == OP_FC || s->e.op == OP_AVGPOOL)
        add_sum(o, r, s, layer);
    if (s->e.op == OP_LRN)
        json_object_set_new(o, "factor", json_finite((double)s->e.of.lrn.factor));
    if (s->end == PATH_GOES_ON) {
        json_object_set_new(o, "choice", json_integer(s->rank + 1));
        json_object_set_new(o, "choices", json_integer(s->e.term_count));
        json_object_set_new(o, "term", json_integer(s->term));
        json_object_set_new(o, "x", json_finite((double)s->followed.in));
        json_object_set_new(o, "w", json_finite((double)s->followed.w));
        json_object_set_new(o, "product", json_finite((double)s->followed.product));
        json_object_set_new(o, "share", json_finite(s->share));
        json_object_set_new(o, "of_first", json_finite(s->whole));
    } else {
        json_object_set_new(o, "end", json_string(ends[s->end]));
    }
    json_array_append_new(r->steps, o);
}

/* ---- the walk ---- */

/* Whether every choice is one of a step's terms, so that nothing is printed when one of them is wrong. */
static bool fits(const PathReport *r, const PathRanks *ranks, const PathStep *steps, int count, Err *err)
{
    const PathStep *last = &steps[count - 1];
    char name[200];
    explain_unit_text(r->source->net, last->e.unit, name);
    if (last->end == PATH_GOES_ON && last->rank < last->e.term_count)
        return err_set(err, "not enough memory for the terms");
    if (last->end == PATH_GOES_ON)
        return err_set(err, "--choose: step %d, %s, has %d term%s to choose from, not %d", count, name, last->e.term_count, last->e.term_count == 1 ? "" : "s", last->rank + 1);
    if (last->rank > 0)
        return err_set(err, "--choose: the path ends at %s, its step %d, so there is nothing to choose", name, count);
    return count >= ranks->count || err_set(err, "--choose has %d numbers, but the path has %d steps", ranks->count, count);
}

static bool walk(PathReport *r, Unit unit, Err *err)
{
    const Net *net = r->source->net;
    const float *weights = r->source->weights;
    PathStep *steps = calloc((size_t)net->layer_count, sizeof *steps);
    if (steps == NULL)
        return err_set(err, "not enough memory for the steps");
    const int count = path_walk(net, weights, r->maps, unit, &r->wanted->ranks, r->terms, r->order, steps);
    bool good = fits(r, &r->wanted->ranks, steps, count, err);
    for (int i = 0; good && i < count; i++) {
        PathStep s;
        good = path_step(net, weights, r->maps, steps[i].e.unit, steps[i].rank, i > 0 ? steps[i - 1].whole : 1, r->terms, r->order, &s) ||
               err_set(err, "not enough memory for the terms");
        if (good && r->steps != NULL)
            add_step(r, &s);
        else if (good)
            print_step(r, &s);
    }
    free(steps);
    return good;
}

/* The unit that --at, or --class, names; without both the largest score, which needs maps. */
static bool find_start(const Net *net, const Wanted *w, const float *const *maps, Unit *unit, Err *err)
{
    const int class = w->class_index;
    bool pre = false;
    if (w->at != NULL) {
        if (!explain_find_unit(net, w->at, w->place, unit, &pre, err))
            return false;
        return !pre || err_set(err, "--at %s: a path begins at a value, not before its ReLU; leave out :pre", w->at);
    }
    if (!net_need_scores(net, err) || (class >= 0 && !net_need_class(net, class, err)))
        return false;
    *unit = (Unit){net->heads[0].logits, class >= 0 ? class : 0, 0, 0};
    for (int c = 1; class < 0 && maps != NULL && c < net_scores(net, 0); c++)
        if (maps[unit->layer][c] > maps[unit->layer][unit->c])
            unit->c = c;
    return true;
}

static bool report(PathReport *r, Unit unit, Err *err)
{
    const bool json = r->wanted->json;
    const size_t most = explain_terms_most(r->source->net, unit.layer);
    r->terms = calloc(most, sizeof *r->terms);
    r->order = calloc(most, sizeof *r->order);
    r->steps = json ? json_array() : NULL;
    bool good = (r->terms != NULL && r->order != NULL && (!json || r->steps != NULL)) || err_set(err, "not enough memory for the terms");
    good = good && walk(r, unit, err);
    if (good && json)
        good = json_out(r->steps, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
    else
        json_decref(r->steps);
    free(r->terms);
    free(r->order);
    return good;
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    Unit unit = {0};
    ExplainMaps at;
    if (!find_start(source->net, w, NULL, &unit, err) || !explain_maps_open(&at, source, w->image, unit.layer, err))
        return false;
    PathReport r = {.source = source, .wanted = w, .maps = (const float *const *)at.maps, .fitted = &at.fitted};
    const bool good = find_start(source->net, w, r.maps, &unit, err) && report(&r, unit, err);
    explain_maps_close(&at);
    return good;
}

int explain_path_form(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *pos = NULL, *format = "text", *choose = NULL, *image;
    Wanted w = {.class_index = -1};
    int image_count;
    MapPlace place = {0, 0};
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL}, {"--at", OPT_STRING, &w.at, NULL},
        {"--pos", OPT_STRING, &pos, NULL},         {"--class", OPT_INT, &w.class_index, NULL}, {"--choose", OPT_STRING, &choose, NULL},
        {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (image_count == 0 || (w.at != NULL && w.class_index >= 0)) {
        cli_complain(image_count == 0 ? "explain path: needs a picture" : "explain path: --at and --class both name where the path begins; give one of them");
        return EXIT_USAGE;
    }
    if (pos != NULL && !explain_parse_place(pos, &place)) {
        cli_complain("explain path: --pos takes two whole numbers, row and column, as in 12,15, not '%s'", pos);
        return EXIT_USAGE;
    }
    if (choose != NULL && !path_ranks_parse(choose, &w.ranks)) {
        cli_complain("explain path: --choose takes numbers from 1 on, one for each step, as in 1,2,1, not '%s'", choose);
        return EXIT_USAGE;
    }
    w.image = image;
    w.place = pos != NULL ? &place : NULL;
    w.json = strcmp(format, "json") == 0;
    return cli_with_source(weights, network, explain_in, &w);
}
