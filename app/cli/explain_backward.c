/* explain_backward.c - `explain backward`: how a class's score, or the loss, would change with one value, as the sum of products that the
 * chain rule makes; and, through the value, with what it reads and with the weights of its filter. By the reference engine. */
#include "app/cli/explain_at.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "engine/net/backward.h"
#include "engine/net/run.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef struct Wanted {
    const char *at, *image;
    const MapPlace *place;
    int class_index;            /* INT_MIN: the answer */
    int top;                    /* rows of each table */
    bool loss, json;
} Wanted;

typedef struct BackReport {
    const Source *source;
    const Wanted *wanted;
    int class_index;
    double objective;           /* the score, or the loss */
    BackwardPage page;
} BackReport;

static bool has_filter(const BackReport *r)
{
    return r->page.kernel != NULL;
}

/* ---- computing ---- */

/* Forward, and back to the unit's layer. */
static bool go(BackReport *r, Run *run, Unit unit, const float *x, Err *err)
{
    const int logits = r->source->net->heads[0].logits, classes = net_scores(r->source->net, 0);
    float *seed = malloc((size_t)classes * sizeof *seed), *scores = malloc((size_t)classes * sizeof *scores);
    bool good = (seed != NULL && scores != NULL) || err_set(err, "not enough memory");
    if (good) {
        run_weights(run, r->source->weights);
        run_input(run, x, 1);
        run_forward(run);
        run_activation(run, logits, 0, scores);
        Guess best;
        top_guesses(scores, classes, &best, 1);
        r->class_index = r->wanted->class_index != INT_MIN ? r->wanted->class_index : best.index;
        r->objective = backward_objective(scores, classes, r->class_index, r->wanted->loss, seed);
        good = backward_page(run, r->source->weights, &(Gradient){.from = logits, .seed = seed}, unit, &r->page, err);
    }
    free(seed);
    free(scores);
    return good;
}

/* ---- printing ---- */

static void print_readers(const BackReport *r)
{
    const BackwardPage *p = &r->page;
    char name[200];
    double rest = p->gradient;
    printf("\nit is the sum of %d product%s, one for each value that reads this one\n", p->term_count, p->term_count == 1 ? "" : "s");
    printf("%-28s%16s%16s%16s\n", "read by", "slope", "its gradient", "product");
    for (int i = 0; i < r->wanted->top && i < p->term_count; i++) {
        const BackTerm *t = &p->terms[p->term_order[i]];
        explain_unit_text(r->source->net, t->reader, name);
        printf("%-28s%16.7g%16.7g%16.7g%s\n", name, (double)t->slope, (double)t->gradient, (double)t->product, t->open ? "" : "  its ReLU is closed");
        rest -= (double)t->product;
    }
    if (p->term_count > r->wanted->top)
        printf("%-28s%16s%16s%16.7g\n", "all others", "", "", rest);
}

static void print_inputs(const BackReport *r)
{
    const BackwardPage *p = &r->page;
    char name[200];
    const Layer *layer = &r->source->net->layers[p->unit.layer];
    printf("\nto its sum passes %.7g of the gradient:%s%s\n", (double)p->passes, layer->relu ? p->passes != 0 ? " its ReLU is open" : " its ReLU is closed" : " it has no ReLU",
           layer->bn ? ", and batch norm multiplies" : "");
    printf("%-28s%16s%16s%16s%16s%16s\n", "it reads", "value", "weight", "input's part", "weight's, here", "whole map");
    for (int i = 0; i < r->wanted->top && i < p->value.term_count; i++) {
        const int at = p->input_order[i];
        const Term *t = &p->inputs[at];
        explain_unit_text(r->source->net, (Unit){layer->inputs[0], t->c, t->y, t->x}, name);
        printf("%-28s%16.7g%16.7g%16.7g%16.7g%16.7g\n", name, (double)t->in, (double)t->w, backward_input(p, at),
               backward_weight_here(p, at), backward_weight(r->source->net, p, at));
    }
    if (layer->bias)
        printf("%-28s%16s%16.7g%16s%16.7g%16.7g\n", "the bias", "", (double)p->value.of.weighted.bias, "", (double)p->passes * p->gradient, p->bias);
}

static void print_text(const BackReport *r)
{
    const BackwardPage *p = &r->page;
    char name[200];
    explain_unit_text(r->source->net, p->unit, name);
    printf("%s = %.9g\n", name, (double)p->value.value);
    printf("%s of class %d %s = %.9g\n", r->wanted->loss ? "the loss" : "the score", r->class_index, source_label(r->source, r->class_index), r->objective);
    printf("if the value grows by a little, %s grows by %.9g times as much\n", r->wanted->loss ? "the loss" : "the score", p->gradient);
    if (p->term_count > 0)
        print_readers(r);
    if (has_filter(r))
        print_inputs(r);
}

static json_t *readers_json(const BackReport *r)
{
    const BackwardPage *p = &r->page;
    json_t *list = json_array();
    char name[160];
    for (int i = 0; i < p->term_count; i++) {
        const BackTerm *t = &p->terms[i];
        net_address_text(r->source->net, (Address){.layer = t->reader.layer, .channel = t->reader.c}, name, sizeof name);
        json_array_append_new(list, json_pack("{s:s, s:[i, i], s:o, s:b, s:o, s:o}", "address", name, "pos", t->reader.y, t->reader.x, "slope",
                                              json_finite((double)t->slope), "open", t->open, "gradient", json_finite((double)t->gradient), "product",
                                              json_finite((double)t->product)));
    }
    return list;
}

static json_t *inputs_json(const BackReport *r)
{
    const BackwardPage *p = &r->page;
    json_t *list = json_array();
    for (int i = 0; i < p->value.term_count; i++) {
        const Term *t = &p->inputs[i];
        json_array_append_new(list, json_pack("{s:i, s:[i, i], s:o, s:o, s:o, s:o, s:o}", "channel", t->c, "pos", t->y, t->x, "value", json_finite((double)t->in),
                                              "weight", json_finite((double)t->w), "gradient", json_finite(backward_input(p, i)), "weight_gradient_here",
                                              json_finite(backward_weight_here(p, i)), "weight_gradient",
                                              json_finite(backward_weight(r->source->net, p, i))));
    }
    return list;
}

static bool print_json(const BackReport *r)
{
    const BackwardPage *p = &r->page;
    char name[160];
    net_address_text(r->source->net, (Address){.layer = p->unit.layer, .channel = p->unit.c}, name, sizeof name);
    json_t *root = json_pack("{s:s, s:[i, i], s:s, s:o, s:s, s:i, s:o, s:o, s:o}", "address", name, "pos", p->unit.y, p->unit.x, "op", op_name(p->value.op),
                             "value", json_finite((double)p->value.value), "of", r->wanted->loss ? "loss" : "score", "class", r->class_index, "objective",
                             json_finite(r->objective), "gradient", json_finite(p->gradient), "readers", readers_json(r));
    if (has_filter(r)) {
        json_object_set_new(root, "passes", json_finite((double)p->passes));
        json_object_set_new(root, "inputs", inputs_json(r));
        if (r->source->net->layers[p->unit.layer].bias)
            json_object_set_new(root, "bias_gradient", json_finite(p->bias));
    }
    return json_out(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
}

/* ---- the form ---- */

static bool find(const Net *net, const Wanted *w, Unit *unit, Err *err)
{
    bool pre = false;
    return net_need_scores(net, err) && (w->class_index == INT_MIN || net_need_class(net, w->class_index, err)) &&
           explain_find_unit(net, w->at, w->place, unit, &pre, err) &&
           (!pre || err_set(err, "--at %s: the gradient is that of a value; leave out :pre, and the part that passes its ReLU is shown too", w->at)) &&
           (backward_allowed(net, unit->layer) || err_set(err, "--at %s: the scores are not computed from it; name a layer before them", w->at));
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Net *net = source->net;
    BackReport r = {.source = source, .wanted = wanted};
    Unit unit;
    if (!find(net, r.wanted, &unit, err))
        return false;
    float *x = cli_read_picture(r.wanted->image, net);
    if (x == NULL)
        return false;
    Run *run = run_new(&reference_engine, net, &(RunOptions){.batch = 1, .gradients = true}, err);
    bool good = run != NULL && go(&r, run, unit, x, err);
    if (good && r.wanted->json)
        good = print_json(&r) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
    else if (good)
        print_text(&r);
    backward_page_free(&r.page);
    run_free(run);
    free(x);
    return good;
}

int explain_backward(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *pos = NULL, *of = "score", *format = "text", *image;
    Wanted w = {.class_index = INT_MIN, .top = 8};
    int image_count;
    MapPlace place = {0, 0};
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL},    {"--at", OPT_STRING, &w.at, NULL},
        {"--pos", OPT_STRING, &pos, NULL},         {"--class", OPT_INT, &w.class_index, NULL}, {"--of", OPT_STRING, &of, "score|loss"},
        {"--top", OPT_INT, &w.top, NULL},          {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (w.at == NULL || image_count == 0 || (pos != NULL && !explain_parse_place(pos, &place)) || w.top < 0) {
        cli_complain("explain backward: needs --at ADDRESS (3a/3x3[78]), --pos Y,X (two whole numbers) and a picture; --top takes a number from 0");
        return EXIT_USAGE;
    }
    w.image = image;
    w.place = pos != NULL ? &place : NULL;
    w.loss = strcmp(of, "loss") == 0;
    w.json = strcmp(format, "json") == 0;
    return cli_with_main_path(weights, network, explain_in, &w);
}
