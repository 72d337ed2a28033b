/* explain_backward.c - `explain backward`: how a class's score, or the loss, would change with one value, as the sum of products that the
 * chain rule makes; and, through the value, with what it reads and with the weights of its filter. By the reference engine. */
#include "app/cli/explain_at.h"
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "engine/net/backward.h"
#include "engine/net/run.h"

#include <limits.h>
#include <math.h>
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
    Unit unit;
    int class_index;
    double objective;           /* the score, or the loss */
    float **maps, **gradients;  /* by layer; NULL where there is none */
    Backward backward;
    BackTerm *terms; int term_count;
    double gradient;            /* dL/d(value) */
    float passes;               /* of it, to the sum before batch norm and ReLU */
    Explanation value;
    Term *inputs;               /* value.term_count: what the value reads */
    double *kernel, bias;       /* conv and fc: the filter's gradient over the whole map */
    int *order;                 /* the larger of the two counts */
} BackReport;

static bool has_filter(const BackReport *r)
{
    return r->value.op == OP_CONV || r->value.op == OP_FC;
}

/* How one of the value's inputs changes it. Only for ops whose inputs have weights or are copied. */
static double input_gradient(const BackReport *r, int i)
{
    return (double)(r->inputs[i].w * r->passes) * r->gradient + 0.0; /* 0, not -0 */
}

/* The element of `kernel` that multiplies this input. */
static size_t kernel_place(const BackReport *r, const Term *t)
{
    const Layer *layer = &r->source->net->layers[r->unit.layer];
    if (layer->op == OP_FC)
        return at(layer->in, 0, t->c, t->y, t->x);
    const int group_in = layer->in.c / layer->groups;
    return at((Shape){1, group_in, layer->k, layer->k}, 0, t->c % group_in, t->ky, t->kx);
}

/* ---- computing ---- */

static int answer_of(const BackReport *r)
{
    const int logits = r->source->net->heads[0].logits, classes = net_scores(r->source->net, 0);
    int best = 0;
    for (int c = 1; c < classes; c++)
        best = r->maps[logits][c] > r->maps[logits][best] ? c : best;
    return best;
}

/* dL/d(scores) into seed, and L. */
static void begin(BackReport *r, const float *scores, int classes, float *seed)
{
    for (int c = 0; c < classes; c++)
        seed[c] = 0;
    float loss = scores[r->class_index];
    if (r->wanted->loss) {
        cross_entropy_forward(&loss, scores, &r->class_index, 1, classes, 0);
        cross_entropy_backward(seed, scores, &r->class_index, 1, classes, 0, 1);
    } else {
        seed[r->class_index] = 1;
    }
    r->objective = (double)loss;
}

static bool keep(const Net *net, float **maps, int layer)
{
    return (maps[layer] = malloc(shape_size(net->layers[layer].out) * sizeof **maps)) != NULL;
}

/* Forward, and back to the unit's layer. */
static bool go(BackReport *r, Run *run, const float *x)
{
    const Net *net = r->source->net;
    const int logits = net->heads[0].logits, classes = net_scores(net, 0);
    float *seed = malloc((size_t)classes * sizeof *seed);
    bool good = seed != NULL;
    run_weights(run, r->source->weights);
    run_input(run, x, 1);
    run_forward(run);
    for (int l = 0; good && l < net->main_count; l++) {
        good = keep(net, r->maps, l);
        if (good)
            run_activation(run, l, 0, r->maps[l]);
    }
    if (good) {
        r->class_index = r->wanted->class_index != INT_MIN ? r->wanted->class_index : answer_of(r);
        begin(r, r->maps[logits], classes, seed);
        run_gradient(run, &(Gradient){.from = logits, .seed = seed, .to = r->unit.layer});
    }
    for (int l = 0; good && l < net->main_count; l++) {
        if (!run->way[l])
            continue;
        good = keep(net, r->gradients, l);
        if (good)
            run_map_gradient(run, l, 0, r->gradients[l]);
    }
    free(seed);
    return good;
}

/* The terms both ways, from the maps and the gradients. */
static bool take_apart(BackReport *r)
{
    const Net *net = r->source->net;
    const Layer *layer = &net->layers[r->unit.layer];
    const size_t inputs = explain_terms_max(net, r->unit.layer), terms = backward_terms_max(net, r->unit.layer);
    r->inputs = malloc(inputs * sizeof *r->inputs);
    r->kernel = malloc(inputs * sizeof *r->kernel);
    r->terms = malloc(terms * sizeof *r->terms);
    r->order = malloc((inputs > terms ? inputs : terms) * sizeof *r->order);
    Term *scratch = malloc(explain_terms_most(net, net->main_count - 1) * sizeof *scratch);
    const bool good = r->inputs != NULL && r->kernel != NULL && r->terms != NULL && r->order != NULL && scratch != NULL;
    if (good) {
        r->backward = (Backward){net, r->source->weights, (const float *const *)r->maps, (const float *const *)r->gradients};
        r->term_count = backward_value(&r->backward, r->unit, r->terms, &r->gradient, scratch);
        if (r->unit.layer == net->heads[0].logits)
            r->gradient = (double)r->gradients[r->unit.layer][at(layer->out, 0, r->unit.c, r->unit.y, r->unit.x)];
        explain_value(net, r->source->weights, r->backward.maps, r->unit, &r->value, r->inputs);
        r->passes = backward_passes(net, r->source->weights, r->unit, r->value.value);
        if (has_filter(r))
            backward_filter(&r->backward, r->unit.layer, r->unit.c, r->kernel, &r->bias);
    }
    free(scratch);
    return good;
}

static void let_go(BackReport *r)
{
    for (int l = 0; l < r->source->net->layer_count; l++) {
        free(r->maps != NULL ? r->maps[l] : NULL);
        free(r->gradients != NULL ? r->gradients[l] : NULL);
    }
    free(r->maps);
    free(r->gradients);
    free(r->inputs);
    free(r->kernel);
    free(r->terms);
    free(r->order);
}

/* ---- printing ---- */

static void name_unit(const Net *net, Unit u, char out[200])
{
    char name[160];
    net_address_text(net, (Address){.layer = u.layer, .channel = u.c}, name, sizeof name);
    snprintf(out, 200, "%s at %d,%d", name, u.y, u.x);
}

/* The indices [0, count), those with the largest magnitude first; only the first `top` places are in order. */
static void order_by(const BackReport *r, int count, int top, double (*size)(const BackReport *, int))
{
    for (int i = 0; i < count; i++)
        r->order[i] = i;
    for (int i = 0; i < top && i < count; i++)
        for (int j = i + 1; j < count; j++)
            if (fabs(size(r, r->order[j])) > fabs(size(r, r->order[i]))) {
                const int held = r->order[i];
                r->order[i] = r->order[j];
                r->order[j] = held;
            }
}

static double term_size(const BackReport *r, int i)
{
    return (double)r->terms[i].product;
}

static double input_size(const BackReport *r, int i)
{
    return has_filter(r) ? input_gradient(r, i) : (double)r->inputs[i].in;
}

static void print_readers(const BackReport *r)
{
    char name[200];
    double rest = r->gradient;
    printf("\nit is the sum of %d product%s, one for each value that reads this one\n", r->term_count, r->term_count == 1 ? "" : "s");
    printf("%-28s%16s%16s%16s\n", "read by", "slope", "its gradient", "product");
    order_by(r, r->term_count, r->wanted->top, term_size);
    for (int i = 0; i < r->wanted->top && i < r->term_count; i++) {
        const BackTerm *t = &r->terms[r->order[i]];
        name_unit(r->source->net, t->reader, name);
        printf("%-28s%16.7g%16.7g%16.7g%s\n", name, (double)t->slope, (double)t->gradient, (double)t->product, t->open ? "" : "  its ReLU is closed");
        rest -= (double)t->product;
    }
    if (r->term_count > r->wanted->top)
        printf("%-28s%16s%16s%16.7g\n", "all others", "", "", rest);
}

static void print_inputs(const BackReport *r)
{
    char name[200];
    const Layer *layer = &r->source->net->layers[r->unit.layer];
    printf("\nto its sum passes %.7g of the gradient:%s%s\n", (double)r->passes, layer->relu ? r->passes != 0 ? " its ReLU is open" : " its ReLU is closed" : " it has no ReLU",
           layer->bn ? ", and batch norm multiplies" : "");
    printf("%-28s%16s%16s%16s%16s%16s\n", "it reads", "value", "weight", "input's part", "weight's, here", "whole map");
    order_by(r, r->value.term_count, r->wanted->top, input_size);
    for (int i = 0; i < r->wanted->top && i < r->value.term_count; i++) {
        const Term *t = &r->inputs[r->order[i]];
        name_unit(r->source->net, (Unit){layer->inputs[0], t->c, t->y, t->x}, name);
        printf("%-28s%16.7g%16.7g%16.7g%16.7g%16.7g\n", name, (double)t->in, (double)t->w, input_gradient(r, r->order[i]),
               (double)(t->in * r->passes) * r->gradient, r->kernel[kernel_place(r, t)]);
    }
    if (layer->bias)
        printf("%-28s%16s%16.7g%16s%16.7g%16.7g\n", "the bias", "", (double)r->value.of.weighted.bias, "", (double)r->passes * r->gradient, r->bias);
}

static void print_text(const BackReport *r)
{
    char name[200];
    name_unit(r->source->net, r->unit, name);
    printf("%s = %.9g\n", name, (double)r->value.value);
    printf("%s of class %d %s = %.9g\n", r->wanted->loss ? "the loss" : "the score", r->class_index, source_label(r->source, r->class_index), r->objective);
    printf("if the value grows by a little, %s grows by %.9g times as much\n", r->wanted->loss ? "the loss" : "the score", r->gradient);
    if (r->term_count > 0)
        print_readers(r);
    if (has_filter(r))
        print_inputs(r);
}

static json_t *readers_json(const BackReport *r)
{
    json_t *list = json_array();
    char name[160];
    for (int i = 0; i < r->term_count; i++) {
        const BackTerm *t = &r->terms[i];
        net_address_text(r->source->net, (Address){.layer = t->reader.layer, .channel = t->reader.c}, name, sizeof name);
        json_array_append_new(list, json_pack("{s:s, s:[i, i], s:o, s:b, s:o, s:o}", "address", name, "pos", t->reader.y, t->reader.x, "slope",
                                              json_finite((double)t->slope), "open", t->open, "gradient", json_finite((double)t->gradient), "product",
                                              json_finite((double)t->product)));
    }
    return list;
}

static json_t *inputs_json(const BackReport *r)
{
    json_t *list = json_array();
    for (int i = 0; i < r->value.term_count; i++) {
        const Term *t = &r->inputs[i];
        json_array_append_new(list, json_pack("{s:i, s:[i, i], s:o, s:o, s:o, s:o, s:o}", "channel", t->c, "pos", t->y, t->x, "value", json_finite((double)t->in),
                                              "weight", json_finite((double)t->w), "gradient", json_finite(input_gradient(r, i)), "weight_gradient_here",
                                              json_finite((double)(t->in * r->passes) * r->gradient), "weight_gradient",
                                              json_finite(r->kernel[kernel_place(r, t)])));
    }
    return list;
}

static bool print_json(const BackReport *r)
{
    char name[160];
    net_address_text(r->source->net, (Address){.layer = r->unit.layer, .channel = r->unit.c}, name, sizeof name);
    json_t *root = json_pack("{s:s, s:[i, i], s:s, s:o, s:s, s:i, s:o, s:o, s:o}", "address", name, "pos", r->unit.y, r->unit.x, "op", op_name(r->value.op),
                             "value", json_finite((double)r->value.value), "of", r->wanted->loss ? "loss" : "score", "class", r->class_index, "objective",
                             json_finite(r->objective), "gradient", json_finite(r->gradient), "readers", readers_json(r));
    if (has_filter(r)) {
        json_object_set_new(root, "passes", json_finite((double)r->passes));
        json_object_set_new(root, "inputs", inputs_json(r));
        if (r->source->net->layers[r->unit.layer].bias)
            json_object_set_new(root, "bias_gradient", json_finite(r->bias));
    }
    return json_out(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(9));
}

/* ---- the form ---- */

/* False if the scores do not depend on the value. */
static bool depends(const Net *net, const Wanted *w, Unit unit, Err *err)
{
    bool *way = calloc((size_t)net->layer_count, sizeof *way);
    const bool good = way == NULL                                              ? err_set(err, "not enough memory")
                      : net_way(net, net->heads[0].logits, unit.layer, way) ? true
                                                                               : err_set(err, "--at %s: the scores are not computed from it; name a layer before them", w->at);
    free(way);
    return good;
}

static bool find(const Net *net, const Wanted *w, Unit *unit, Err *err)
{
    bool pre = false;
    return net_need_scores(net, err) && (w->class_index == INT_MIN || net_need_class(net, w->class_index, err)) &&
           explain_find_unit(net, w->at, w->place, unit, &pre, err) &&
           (!pre || err_set(err, "--at %s: the gradient is that of a value; leave out :pre, and the part that passes its ReLU is shown too", w->at)) &&
           depends(net, w, *unit, err);
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Net *net = source->net;
    BackReport r = {.source = source, .wanted = wanted};
    if (!find(net, r.wanted, &r.unit, err))
        return false;
    float *x = cli_read_picture(r.wanted->image, net);
    if (x == NULL)
        return false;
    Run *run = run_new(&reference_engine, net, &(RunOptions){.batch = 1, .gradients = true}, err);
    bool good = run != NULL;
    if (good) {
        r.maps = calloc((size_t)net->layer_count, sizeof *r.maps);
        r.gradients = calloc((size_t)net->layer_count, sizeof *r.gradients);
        good = (r.maps != NULL && r.gradients != NULL && go(&r, run, x) && take_apart(&r)) || err_set(err, "not enough memory for the maps of %s", net->name);
    }
    if (good && r.wanted->json)
        good = print_json(&r) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
    else if (good)
        print_text(&r);
    let_go(&r);
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
