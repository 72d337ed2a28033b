/* explain_fool.c - `explain fool`: one small step that changes the answer, and the same step with random signs, which does not. See
 * engine/net/sign_step.h. */
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "app/cli/open.h"
#include "engine/io/labels.h"
#include "engine/net/sign_step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Wanted {
    const char *class_text, *out, *image;
    double levels;
    int target, seed;
    bool json;
} Wanted;

/* What the network says to one picture. */
typedef struct Answer { int class_index; double prob, own; /* own: of the answer before */ } Answer;

enum { BEFORE = STEP_KINDS, PICTURES };

typedef struct Found {
    SignStep step;
    Answer at[PICTURES];        /* the three pictures of a step, then the one before it */
    float least[STEP_KINDS];    /* the smallest of the amounts that double with which the step has what it wanted; -1: none has */
    int label;                  /* the picture's own, by its folder; -1: not known */
} Found;

static Answer answer_of(const SignStep *s, const float *logits)
{
    float max, sum;
    softmax_parts(logits, s->classes, &max, &sum);
    const int best = sign_step_answer(s, logits);
    return (Answer){best, (double)(expf(logits[best] - max) / sum), (double)(expf(logits[s->answer] - max) / sum)};
}

static bool compute(Run *run, const Image *fitted, const Wanted *w, Found *f, Err *err)
{
    const Net *net = run->net;
    const size_t classes = (size_t)net_scores(net, 0);
    float *levels = malloc(shape_size(net->input) * sizeof *levels), *logits = malloc(size_product(STEP_KINDS, classes * sizeof *logits));
    bool good = (levels != NULL && logits != NULL) || err_set(err, "not enough memory");
    if (good) {
        image_levels(fitted, net, levels);
        good = sign_step_make(run, levels, w->target, (uint64_t)w->seed, &f->step, err);
    }
    if (good) {
        f->at[BEFORE] = answer_of(&f->step, f->step.before);
        sign_step_logits(run, &f->step, (float)w->levels, logits);
        for (int kind = 0; kind < STEP_KINDS; kind++)
            f->at[kind] = answer_of(&f->step, logits + (size_t)kind * classes);
        for (int i = STEP_DOUBLINGS - 1; i >= 0; i--) {
            const float amount = step_amount(step_doubling(i));
            sign_step_logits(run, &f->step, amount, logits);
            for (int kind = 0; kind < STEP_KINDS; kind++)
                if (sign_step_reached(&f->step, sign_step_answer(&f->step, logits + (size_t)kind * classes)))
                    f->least[kind] = amount;
        }
    }
    free(levels);
    free(logits);
    return good;
}

/* The rounded picture as a file from which the network gets just these bytes. */
static bool save(const Net *net, const Found *f, const Image *original, const Image *fitted, const Wanted *w, Err *err)
{
    Image changed = *fitted, whole;
    if ((changed.rgb = malloc((size_t)fitted->w * (size_t)fitted->h * 3)) == NULL)
        return err_set(err, "%s: not enough memory for the picture", w->out);
    sign_step_bytes(&f->step, STEP_ROUNDED, (float)w->levels, changed.rgb);
    bool good = image_unfit(original, &changed, net, &whole, err);
    free(changed.rgb);
    if (good) {
        good = image_save_png(w->out, whole.rgb, whole.w, whole.h, err);
        image_free(&whole);
    }
    if (good)
        fprintf(stderr, "the picture after rounding to bytes: %s\n", w->out);
    return good;
}

static const char *const kinds[PICTURES] = {[STEP_SIGN] = "after", [STEP_RANDOM] = "control", [STEP_ROUNDED] = "rounded", [BEFORE] = "before"};

static void print_answer(const Source *source, const char *what, const Answer *a)
{
    printf("%-28s class %d %s, p %.6g\n", what, a->class_index, source_label(source, a->class_index), a->prob);
}

static void print_least(const char *what, float least)
{
    if (least < 0)
        printf("%-28s none up to %d\n", what, STEP_MOST);
    else
        printf("%-28s %g\n", what, (double)least);
}

static void print_text(const Source *source, const Found *f, const Wanted *w)
{
    const SignStep *s = &f->step;
    const Answer *before = &f->at[BEFORE], *rounded = &f->at[STEP_ROUNDED];
    char after[64], control[64];
    printf("one step %s class %d %s: %g levels of 255, by the sign of the gradient\n", s->target < 0 ? "away from" : "towards",
           s->target < 0 ? s->answer : s->target, source_label(source, s->target < 0 ? s->answer : s->target), w->levels);
    snprintf(after, sizeof after, "after %g levels", w->levels);
    snprintf(control, sizeof control, "random signs, %g levels", w->levels);
    print_answer(source, "before", before);
    print_answer(source, after, &f->at[STEP_SIGN]);
    print_answer(source, control, &f->at[STEP_RANDOM]);
    printf("%-28s %s class %d %s, p %.6g\n", "after rounding to bytes", rounded->class_index == before->class_index ? "still" : "now", rounded->class_index,
           source_label(source, rounded->class_index), rounded->prob);
    if (f->label >= 0)
        printf("%-28s class %d %s: the answer before was %s\n", "its own label (the folder)", f->label, source_label(source, f->label),
               f->label == before->class_index ? "right" : "wrong");
    print_least(s->target < 0 ? "least that changes it" : "least that reaches it", f->least[STEP_SIGN]);
    print_least("  with random signs", f->least[STEP_RANDOM]);
    print_least("  after rounding to bytes", f->least[STEP_ROUNDED]);
}

/* Negative: none. */
static json_t *number(double value)
{
    return value >= 0 ? json_finite(value) : json_null();
}

static json_t *answer_json(const Source *source, const Answer *a)
{
    json_t *object = json_pack("{s:i}", "class", a->class_index);
    if (source->info.labels != NULL)
        json_object_set_new(object, "name", json_string(source_label(source, a->class_index)));
    json_object_set_new(object, "probability", number(a->prob));
    json_object_set_new(object, "probability_of_before", number(a->own));
    return object;
}

static bool print_json(const Source *source, const Found *f, const Wanted *w)
{
    const SignStep *s = &f->step;
    json_t *root = json_pack("{s:f, s:i, s:I}", "levels", w->levels, "seed", w->seed, "zeros", (json_int_t)s->zeros);
    json_t *least = json_object();
    json_object_set_new(root, "target", s->target < 0 ? json_null() : json_integer(s->target));
    json_object_set_new(root, "label", f->label < 0 ? json_null() : json_integer(f->label));
    for (int i = PICTURES - 1; i >= 0; i--)
        json_object_set_new(root, kinds[i], answer_json(source, &f->at[i]));
    for (int kind = 0; kind < STEP_KINDS; kind++)
        json_object_set_new(least, kinds[kind], number((double)f->least[kind]));
    json_object_set_new(root, "least", least);
    return json_out(root, JSON_INDENT(1));
}

static bool explain_picture(const Source *source, const Image *original, const Image *fitted, const Wanted *w, Err *err)
{
    const RunOptions options = {.batch = STEP_KINDS, .gradients = true};
    Found f = {.least = {-1, -1, -1}, .label = labels_of_folder(source->info.labels, net_scores(source->net, 0), w->image)};
    Run *run = run_new(engine_named(NULL), source->net, &options, err);
    if (run == NULL)
        return false;
    run_weights(run, source->weights);
    bool good = compute(run, fitted, w, &f, err);
    if (good && w->json)
        good = print_json(source, &f, w) || err_set(err, "%s", ferror(stdout) ? "" : "not enough memory");
    else if (good)
        print_text(source, &f, w);
    good = good && (w->out == NULL || save(source->net, &f, original, fitted, w, err));
    sign_step_free(&f.step);
    run_free(run);
    return good;
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    Wanted *w = wanted;
    Image original, fitted;
    char rest;
    if (strcmp(w->class_text, "own") != 0 && sscanf(w->class_text, "%d%c", &w->target, &rest) != 1)
        return err_set(err, "explain fool: --class takes own or the number of a class, not '%.40s'", w->class_text);
    if (!sign_step_allowed(source->net, err) || (strcmp(w->class_text, "own") != 0 && !net_need_class(source->net, w->target, err)) ||
        !cli_load_picture(w->image, source->net, &original, &fitted))
        return false;
    const bool good = explain_picture(source, &original, &fitted, w, err);
    image_free(&original);
    image_free(&fitted);
    return good;
}

int explain_fool(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *format = "text", *image;
    Wanted w = {.class_text = "own", .levels = 4, .target = -1, .seed = 1};
    int image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL},      {"--network", OPT_STRING, &network, NULL}, {"--class", OPT_STRING, &w.class_text, NULL},
        {"--levels", OPT_FLOAT, &w.levels, NULL},       {"--seed", OPT_INT, &w.seed, NULL},        {"--out", OPT_STRING, &w.out, NULL},
        {"--format", OPT_STRING, &format, "text|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (image_count == 0 || !(w.levels >= 0 && w.levels <= 255)) {
        cli_complain("explain fool: needs a picture; --levels takes 0 to 255");
        return EXIT_USAGE;
    }
    w.image = image;
    w.json = strcmp(format, "json") == 0;
    return cli_with_main_path(weights, network, explain_in, &w);
}
