/* explain_occlusion.c - `explain occlusion --class N --out F.png`: how far the class's score falls where a square covers the picture. */
#include "app/cli/explain_forms.h"
#include "app/cli/heat.h"
#include "app/cli/open.h"
#include "engine/net/occlusion.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Wanted { const char *out, *image; int class_index, square, step; } Wanted; /* numbers: INT_MIN if not given */

/* One class's view of a picture. */
typedef struct Findings {
    float *map;                 /* (H, W) of the network's input */
    float reach;                /* largest magnitude in it */
    float score;                /* of the whole picture */
    int lowest, highest;        /* squares that leave the class the lowest and the highest score */
    float lowest_score, highest_score;
} Findings;

static void look(const OcclusionPlan *plan, const float *whole, const float *logits, int classes, int class_index, Findings *out)
{
    out->reach = occlusion_map(plan, whole, logits, occlusion_count(plan), classes, class_index, out->map);
    out->score = whole[class_index];
    out->lowest = out->highest = 0;
    for (int s = 0; s < occlusion_count(plan); s++) {
        const float score = logits[(size_t)s * (size_t)classes + (size_t)class_index];
        if (s == 0 || score < out->lowest_score) {
            out->lowest = s;
            out->lowest_score = score;
        }
        if (s == 0 || score > out->highest_score) {
            out->highest = s;
            out->highest_score = score;
        }
    }
}

static bool compute(const Source *source, const Image *fitted, const OcclusionPlan *plan, int class_index, Findings *out, Err *err)
{
    const Net *net = source->net;
    const RunOptions options = {.batch = 1};
    const size_t classes = (size_t)net_scores(net, 0), count = (size_t)occlusion_count(plan), input = shape_size(net->input);
    size_t scores;
    if (!size_mul(count + 1, classes, &scores) || scores > SIZE_MAX / sizeof(float))
        return err_set(err, "%zu squares times %zu classes do not fit into memory; take a larger --step", count, classes);
    float *x = malloc(input * sizeof *x), *covered = malloc(input * sizeof *covered), *logits = malloc(scores * sizeof *logits);
    out->map = malloc((size_t)plan->input.h * (size_t)plan->input.w * sizeof *out->map);
    Run *run = NULL;
    bool good = x != NULL && covered != NULL && logits != NULL && out->map != NULL;
    if (!good)
        err_set(err, "not enough memory for %zu squares; take a larger --step", count);
    else
        good = (run = run_new(engine_named(NULL), net, &options, err)) != NULL;
    if (good) {
        float *whole = logits + count * classes;
        image_values(fitted, net, x);
        run_weights(run, source->weights);
        occlusion_logits(run, plan, x, -1, covered, whole);
        for (size_t s = 0; s < count; s++)
            occlusion_logits(run, plan, x, (int)s, covered, logits + s * classes);
        look(plan, whole, logits, (int)classes, class_index, out);
    }
    run_free(run);
    free(x);
    free(covered);
    free(logits);
    return good;
}

static void print_square(const char *what, const OcclusionPlan *plan, int square, float score, float whole)
{
    int y0, x0, y1, x1;
    occlusion_square(plan, square, &y0, &x0, &y1, &x1);
    printf("%s score %.6g (%+.6g) with rows %d to %d, columns %d to %d covered\n", what, (double)score, (double)(score - whole), y0,
           y1 - 1, x0, x1 - 1);
}

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    const Net *net = source->net;
    Image fitted;
    Findings found = {.reach = 0};
    OcclusionPlan plan = occlusion_plan_default(net->input);
    if (!net_need_class(net, w->class_index, err))
        return false;
    if (w->square != INT_MIN || w->step != INT_MIN) {
        const int side = w->square != INT_MIN ? w->square : plan.square;
        Err reason;
        if (!occlusion_plan(net->input, side, w->step != INT_MIN ? w->step : (side + 1) / 2, &plan, &reason))
            return err_set(err, "explain occlusion: %s", reason.text);
    }
    if (!cli_fit_picture(w->image, net, &fitted))
        return false;
    const bool good = compute(source, &fitted, &plan, w->class_index, &found, err) &&
                      heat_save(w->out, &fitted, &(Heat){found.map, plan.input.h, plan.input.w, found.reach}, err);
    if (good) {
        const char *label = source_label(source, w->class_index);
        printf("class %d %s\nscore %.6g of the whole picture\n", w->class_index, label, (double)found.score);
        print_square("lowest", &plan, found.lowest, found.lowest_score, found.score);
        print_square("highest", &plan, found.highest, found.highest_score, found.score);
        printf("%d squares of %dx%d, step %d; mean over those at each place: blue, the score falls by up to %.6g when it is covered, white 0, orange, "
               "it rises by as much: %s\n",
               occlusion_count(&plan), plan.square, plan.square, plan.step, (double)found.reach, w->out);
    }
    free(found.map);
    image_free(&fitted);
    return good;
}

int explain_occlusion(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *image;
    Wanted w = {.class_index = INT_MIN, .square = INT_MIN, .step = INT_MIN};
    int image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL}, {"--network", OPT_STRING, &network, NULL}, {"--class", OPT_INT, &w.class_index, NULL},
        {"--square", OPT_INT, &w.square, NULL},    {"--step", OPT_INT, &w.step, NULL},        {"--out", OPT_STRING, &w.out, NULL},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (w.class_index == INT_MIN || w.out == NULL || image_count == 0) {
        cli_complain("explain occlusion: needs --class N, --out F.png and a picture");
        return EXIT_USAGE;
    }
    w.image = image;
    return cli_with_main_path(weights, network, explain_in, &w);
}
