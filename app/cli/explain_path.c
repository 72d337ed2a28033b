/* explain_path.c - `explain path`: from a score, or any value, down to a pixel along the terms that make it, by the reference engine's
 * arithmetic, so that every step adds up to the stored value bit for bit. */
#include "app/cli/explain_at.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "engine/net/path.h"

#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 256, OTHERS = 3 };

typedef struct Wanted {
    const char *at, *image;
    const MapPlace *place;
    int class_index;            /* -1: not given */
    int choices[CHOICES_MAX], choice_count; /* ranks, from 1 */
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

/* ---- text ---- */

static void print_norm(const Explanation *e, const Layer *layer)
{
    const WeightedSum *s = &e->of.weighted;
    if (layer->bn)
        printf("  batch norm: (%.9g - %.9g) / %.9g * %.9g + %.9g = %.9g, so 1 of the sum is %.4g of the value\n", (double)s->total, (double)s->mean,
               (double)s->deviation, (double)s->gamma, (double)s->beta, (double)e->pre, (double)s->gamma / (double)s->deviation);
    if (layer->relu && e->pre != e->value)
        printf("  ReLU: max(0, %.9g) = 0\n", (double)e->pre);
}

/* Before, the term, after: three numbers that add up, then what follows to the sum. */
static void print_sum(const PathReport *r, const PathStep *s, const Layer *layer)
{
    const Explanation *e = &s->e;
    const Term *t = &s->followed;
    const bool average = e->op == OP_AVGPOOL;
    if (s->end == PATH_GOES_ON && average)
        printf("  %.9g after %d cells + %.9g = %.9g; with %d more the sum is %.9g; / %d\n", (double)s->before, s->term, (double)t->in, (double)t->sum,
               e->term_count - s->term - 1, (double)e->of.average.total, e->of.average.divisor);
    else if (s->end == PATH_GOES_ON)
        printf("  %.9g after the bias and %d terms + %.9g * %.9g = %.9g; with %d more the sum is %.9g\n", (double)s->before, s->term, (double)t->in,
               (double)t->w, (double)t->sum, e->term_count - s->term - 1, (double)e->of.weighted.total);
    else if (!average)
        printf("  the bias %.9g and %d terms make %.9g\n", (double)e->of.weighted.bias, e->term_count, (double)e->of.weighted.total);
    if (!average)
        print_norm(e, layer);
    if (s->end != PATH_GOES_ON)
        return;
    printf("  term %d of %d adds most (choose 1)", r->order[0] + 1, e->term_count);
    for (int i = 1; i <= OTHERS && i < e->term_count; i++) {
        const Term *other = &r->terms[r->order[i]];
        printf("%s %d: %.4g from channel %d at %d,%d", i == 1 ? "; then" : ",", i + 1, (double)other->product, other->c, other->y, other->x);
    }
    putchar('\n');
}

static void print_copy(const PathReport *r, const PathStep *s, const Layer *layer)
{
    const Explanation *e = &s->e;
    const char *branch = e->op == OP_CONCAT ? branch_name(e->of.source.branch) : NULL;
    switch (e->op) {
    case OP_MAXPOOL:
        printf("  the largest of %d values, at %d,%d, wins%s\n", e->term_count, r->terms[e->of.max.winner].y, r->terms[e->of.max.winner].x,
               s->term == e->of.max.winner ? "" : "; followed instead is one that lost");
        break;
    case OP_LRN:
        printf("  %.9g * %.9g, from the squares of", (double)r->maps[layer->inputs[0]][at(layer->in, 0, e->unit.c, e->unit.y, e->unit.x)],
               (double)e->of.lrn.factor);
        for (int i = 0; i < e->term_count; i++)
            printf("%s %d", i > 0 ? "," : " channels", r->terms[i].c);
        printf(": (%g + %g/%d * %.9g) ^ -%g\n", (double)layer->lrn_k, (double)layer->lrn_alpha, layer->lrn_size, (double)e->of.lrn.squares,
               (double)layer->lrn_beta);
        break;
    case OP_SOFTMAX:
        printf("  exp(score - %.9g) = %.9g, divided by the sum of all, %.9g\n", (double)e->of.softmax.max, (double)e->of.softmax.exponential,
               (double)e->of.softmax.sum);
        break;
    case OP_CONCAT:
        printf("  copied from the %s branch, its channel %d\n", branch != NULL ? branch : "last", e->of.source.unit.c);
        break;
    case OP_DROPOUT: printf("  copied; dropout does nothing when a network answers\n"); break;
    case OP_CONV: case OP_FC: case OP_AVGPOOL: case OP_INPUT: case OP_COUNT: break;
    }
}

static void print_end(const PathReport *r, const PathStep *s)
{
    const Unit u = s->e.unit;
    const Net *net = r->source->net;
    if (s->end == PATH_PIXEL) {
        const unsigned char *rgb = r->fitted->rgb + 3 * ((size_t)u.y * (size_t)r->fitted->w + (size_t)u.x);
        printf("the path ends at a pixel: row %d, column %d, %s %d of R %d G %d B %d\n", u.y, u.x, image_byte_name(net, u.c), image_byte(rgb, net, u.c),
               rgb[0], rgb[1], rgb[2]);
    } else if (s->end == PATH_ZERO) {
        printf("the path ends at a zero\n");
    } else if (s->end == PATH_CONSTANT) {
        printf("the path ends here: every term is 0, so the value is bias and batch norm alone\n");
    }
}

static void print_step(const PathReport *r, const PathStep *s)
{
    const Layer *layer = &r->source->net->layers[s->e.unit.layer];
    char name[200];
    explain_unit_text(r->source->net, s->e.unit, name);
    const char *label = label_of(r, s->e.unit);
    printf("%s = %.9g%s%s\n", name, (double)s->e.value, label != NULL ? ", the score of " : "", label != NULL ? label : "");
    if (s->e.op == OP_CONV || s->e.op == OP_FC || s->e.op == OP_AVGPOOL)
        print_sum(r, s, layer);
    else if (s->end == PATH_GOES_ON)
        print_copy(r, s, layer);
    if (s->end == PATH_GOES_ON && (s->share != 1 || s->rank > 0))
        printf("  followed: choice %d, %.1f %% of this value, %.3g %% of the first\n", s->rank + 1, 100 * s->share, 100 * s->whole);
    print_end(r, s);
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

/* quiet: only checks the choices, so that nothing is printed when one of them is wrong. */
static bool walk(PathReport *r, Unit unit, bool quiet, Err *err)
{
    const Wanted *w = r->wanted;
    double whole = 1;
    for (int i = 0;; i++) {
        PathStep s;
        char name[200];
        const int choice = i < w->choice_count ? w->choices[i] : 1;
        explain_unit_text(r->source->net, unit, name);
        if (!path_step(r->source->net, r->source->weights, r->maps, unit, choice - 1, whole, r->terms, r->order, &s))
            return s.end != PATH_GOES_ON ? err_set(err, "--choose: the path ends at %s, its step %d, so there is nothing to choose", name, i + 1)
                   : choice > s.e.term_count
                       ? err_set(err, "--choose: step %d, %s, has %d term%s to choose from, not %d", i + 1, name, s.e.term_count, s.e.term_count == 1 ? "" : "s", choice)
                       : err_set(err, "not enough memory for the terms");
        if (!quiet && r->steps != NULL)
            add_step(r, &s);
        else if (!quiet)
            print_step(r, &s);
        if (s.end != PATH_GOES_ON)
            return i + 1 >= w->choice_count || err_set(err, "--choose has %d numbers, but the path has %d steps", w->choice_count, i + 1);
        whole = s.whole;
        unit = s.next;
    }
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
    good = good && walk(r, unit, true, err) && walk(r, unit, false, err);
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

/* "1,1,3": ranks from 1. */
static bool parse_choices(const char *text, Wanted *w)
{
    for (const char *p = text; *p != '\0';) {
        char *end;
        const long n = strtol(p, &end, 10);
        if (end == p || n < 1 || n > 1 << 30 || w->choice_count == CHOICES_MAX || (*end != ',' && *end != '\0') || (*end == ',' && end[1] == '\0'))
            return false;
        w->choices[w->choice_count++] = (int)n;
        p = end + (*end == ',');
    }
    return w->choice_count > 0;
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
    if (choose != NULL && !parse_choices(choose, &w)) {
        cli_complain("explain path: --choose takes numbers from 1 on, one for each step, as in 1,2,1, not '%s'", choose);
        return EXIT_USAGE;
    }
    w.image = image;
    w.place = pos != NULL ? &place : NULL;
    w.json = strcmp(format, "json") == 0;
    return cli_with_source(weights, network, explain_in, &w);
}
