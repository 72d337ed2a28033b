/* explain_sanity.c - `explain sanity`: which maps know the class and the weights. See engine/net/sanity.h. */
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "app/cli/open.h"
#include "app/model/sanity_maps.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Wanted {
    const char *randomize, *out, *image;
    int class_index, against, seed, stage;
    bool json;
} Wanted;

static const char *const names[SANITY_MAPS] = {[SANITY_GRADIENT] = "gradient", [SANITY_INTEGRATED] = "integrated gradients", [SANITY_GUIDED] = "guided backpropagation"};

/* The maps with the network's own weights, and with random ones from the top down. */
typedef struct Found {
    Sanity own, random;
    double classes[SANITY_MAPS];            /* rank correlation of the two classes' maps */
    double kept[SANITY_MAPS][SANITY_CLASSES]; /* of a map with random weights and its original */
    bool randomized;
} Found;

static void run_all(Run *run, const float *weights, const float *x, Sanity *s)
{
    run_weights(run, weights);
    sanity_gradients(run, s, x);
    while (s->steps < SANITY_STEPS)
        sanity_integrate(run, s, x);
}

static bool correlate(Found *f, Err *err)
{
    const size_t plane = (size_t)f->own.input.h * (size_t)f->own.input.w;
    bool good = true;
    for (int m = 0; m < SANITY_MAPS; m++) {
        good = good && rank_correlation(f->own.maps[m][0], f->own.maps[m][1], plane, &f->classes[m]);
        for (int k = 0; f->randomized && k < SANITY_CLASSES; k++)
            good = good && rank_correlation(f->own.maps[m][k], f->random.maps[m][k], plane, &f->kept[m][k]);
    }
    return good || err_set(err, "not enough memory");
}

/* The classes that were not given: the answer, and the best other one. */
static void choose(Run *run, const float *x, float *scores, Wanted *w)
{
    Guess top[2];
    run_input(run, x, 1);
    run_forward(run);
    run_activation(run, run->net->heads[0].logits, 0, scores);
    top_guesses(scores, net_scores(run->net, 0), top, 2);
    if (w->class_index == INT_MIN)
        w->class_index = top[0].index != w->against ? top[0].index : top[1].index;
    if (w->against == INT_MIN)
        w->against = top[0].index != w->class_index ? top[0].index : top[1].index;
}

static bool compute(const Source *source, const Image *fitted, Wanted *w, Found *f, Err *err)
{
    const Net *net = source->net;
    float *x = malloc(shape_size(net->input) * sizeof *x), *scores = malloc((size_t)net_scores(net, 0) * sizeof *scores);
    float *random = malloc(net->weight_count * sizeof *random), *mixed = malloc(net->weight_count * sizeof *mixed);
    Run *run = run_new(engine_named(NULL), net, &(RunOptions){.batch = SANITY_BATCH, .gradients = true}, err);
    bool good = run != NULL && ((x != NULL && scores != NULL && random != NULL && mixed != NULL) || err_set(err, "not enough memory"));
    if (good) {
        image_values(fitted, net, x);
        run_weights(run, source->weights);
        choose(run, x, scores, w);
        good = w->class_index != w->against || err_set(err, "explain sanity: --against %d is the class itself; name another one", w->against);
    }
    good = good && sanity_make(net, w->class_index, w->against, &f->own, err);
    if (good)
        run_all(run, source->weights, x, &f->own);
    if (good && f->randomized && (good = sanity_make(net, w->class_index, w->against, &f->random, err))) {
        sanity_random(net, w->seed, random);
        sanity_weights(net, source->weights, random, w->stage, mixed);
        run_all(run, mixed, x, &f->random);
    }
    run_free(run);
    free(x);
    free(scores);
    free(random);
    free(mixed);
    return good && correlate(f, err);
}

static void print_text(const Source *source, const Found *f, const Wanted *w)
{
    char first[160] = "";
    printf("class %d %s, beside class %d %s\n\n", w->class_index, source_label(source, w->class_index), w->against, source_label(source, w->against));
    printf("%-28s%16s", "rank correlation of |map|", "between classes");
    if (f->randomized) {
        net_address_text(source->net, (Address){.layer = sanity_stage_first(source->net, w->stage), .channel = -1}, first, sizeof first);
        printf("   with random weights from %s to the top", first);
    }
    printf("\n");
    for (int m = 0; m < SANITY_MAPS; m++) {
        printf("%-28s%16.4f", names[m], f->classes[m]);
        if (f->randomized)
            printf("   %.4f and %.4f", f->kept[m][0], f->kept[m][1]);
        printf("\n");
    }
    printf("\n");
    for (int k = 0; k < SANITY_CLASSES; k++) {
        const double sum = sanity_sum(&f->own, k), difference = f->own.score[k] - f->own.empty[k];
        printf("integrated gradients of class %d, %d steps: sum %.6g; score %.6g - %.6g of the empty picture = %.6g; gap %.2g, %.2g %%\n", f->own.classes[k], SANITY_STEPS, sum,
               f->own.score[k], f->own.empty[k], difference, sum - difference, 100 * fabs(sum - difference) / fabs(difference));
    }
    printf("a map that stays the same for another class, or with random weights, explains neither\n");
}

static json_t *pair(double a, double b)
{
    return json_pack("[f, f]", a, b);
}

static bool print_json(const Source *source, const Found *f, const Wanted *w)
{
    json_t *maps = json_object(), *root = json_pack("{s:i, s:i, s:i, s:i}", "class", w->class_index, "against", w->against, "steps", SANITY_STEPS, "seed", w->seed);
    const Sanity *s = &f->own;
    if (f->randomized) {
        char first[160];
        net_address_text(source->net, (Address){.layer = sanity_stage_first(source->net, w->stage), .channel = -1}, first, sizeof first);
        json_object_set_new(root, "random_from", json_string(first));
    }
    for (int m = 0; m < SANITY_MAPS; m++) {
        json_t *map = json_pack("{s:f}", "between_classes", f->classes[m]);
        if (f->randomized)
            json_object_set_new(map, "with_random_weights", pair(f->kept[m][0], f->kept[m][1]));
        json_object_set_new(maps, names[m], map);
    }
    json_object_set_new(root, "maps", maps);
    json_object_set_new(root, "score", pair(s->score[0], s->score[1]));
    json_object_set_new(root, "empty", pair(s->empty[0], s->empty[1]));
    json_object_set_new(root, "integrated_sum", pair(sanity_sum(s, 0), sanity_sum(s, 1)));
    return json_out(root, JSON_INDENT(1));
}

static bool explain_picture(const Source *source, const Image *fitted, Wanted *w, Err *err)
{
    Found f = {.randomized = w->stage > 0};
    bool good = compute(source, fitted, w, &f, err);
    if (good && w->json)
        good = print_json(source, &f, w) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
    else if (good)
        print_text(source, &f, w);
    good = good && (w->out == NULL || sanity_sheet_save(w->out, &f.own, f.randomized ? &f.random : NULL, err));
    if (good && w->out != NULL)
        fprintf(stderr, "a row for each class%s, columns gradient, integrated gradients, guided backpropagation: %s\n", f.randomized ? ", then with random weights" : "", w->out);
    sanity_free(&f.own);
    sanity_free(&f.random);
    return good;
}

/* The stage of --randomize. False and a message. */
static bool find_stage(const Net *net, Wanted *w, Err *err)
{
    Address a;
    if (w->randomize == NULL)
        return true;
    if (!net_address(net, w->randomize, &a, err))
        return false;
    w->stage = net->layers[a.layer].head == 0 ? sanity_stage_of(net, a.layer) : 0;
    return w->stage > 0 || err_set(err, "no weights from %.60s to the scores can be random; name a layer of the main path that has some", w->randomize);
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    Wanted *w = wanted;
    const Net *net = source->net;
    Image fitted;
    if (!sanity_allowed(net, err) || !find_stage(net, w, err) || (w->class_index != INT_MIN && !net_need_class(net, w->class_index, err)) ||
        (w->against != INT_MIN && !net_need_class(net, w->against, err)) || !cli_fit_picture(w->image, net, &fitted))
        return false;
    const bool good = explain_picture(source, &fitted, w, err);
    image_free(&fitted);
    return good;
}

int explain_sanity(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *format = "text", *image;
    Wanted w = {.class_index = INT_MIN, .against = INT_MIN, .seed = 1}; /* INT_MIN: not given */
    int image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL},   {"--network", OPT_STRING, &network, NULL},    {"--class", OPT_INT, &w.class_index, NULL},
        {"--against", OPT_INT, &w.against, NULL},    {"--randomize", OPT_STRING, &w.randomize, NULL}, {"--seed", OPT_INT, &w.seed, NULL},
        {"--out", OPT_STRING, &w.out, NULL},         {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (image_count == 0) {
        cli_complain("explain sanity: needs a picture");
        return EXIT_USAGE;
    }
    w.image = image;
    w.json = strcmp(format, "json") == 0;
    return cli_with_main_path(weights, network, explain_in, &w);
}
