/* figures.c - drawn pictures and a short training on them; see figures.h. */
#include "engine/train/figures.h"
#include "engine/base/rng.h"
#include "engine/io/image.h"
#include "engine/train/trainer.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { DRAWN_SEED = 1, STREAM_ORDER = 0x4647 };
static const double RATE = 0.005;

/* ---- drawing ------------------------------------------------------------------------------------------------------------------------ */

/* Whether (x, y) is ink, where the figure has its centre at 0, 0 and the radius 1. */
static bool inside(Figure figure, double x, double y)
{
    switch (figure) {
    case FIGURE_DISC: return x * x + y * y < 1;
    case FIGURE_SQUARE: return fabs(x) < 0.85 && fabs(y) < 0.85;
    case FIGURE_TRIANGLE: return y < 0.75 && y > -1.1 + 1.85 * fabs(x) / 1.1;
    case FIGURE_STRIPES: return fabs(x) < 1 && fabs(y) < 1 && fmod(x + 10, 0.8) < 0.4;
    case FIGURES: break;
    }
    return false;
}

void figure_draw(Figure figure, uint64_t seed, int index, int w, int h, unsigned char *rgb)
{
    Rng rng = rng_make(rng_mix(seed + (uint64_t)figure), (uint64_t)index);
    double ink[3], paper[3];
    for (int c = 0; c < 3; c++) { /* bright on dark */
        ink[c] = 150 + 105 * rng_uniform(&rng);
        paper[c] = 105 * rng_uniform(&rng);
    }
    const double side = w < h ? w : h, radius = side * (0.24 + 0.16 * rng_uniform(&rng)), turn = (rng_uniform(&rng) - 0.5) * 0.6;
    const double x0 = radius + (w - 2 * radius) * rng_uniform(&rng), y0 = radius + (h - 2 * radius) * rng_uniform(&rng);
    const double co = cos(turn) / radius, si = sin(turn) / radius;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++, rgb += 3) {
            const double dx = x + 0.5 - x0, dy = y + 0.5 - y0;
            const bool in = inside(figure, dx * co + dy * si, dy * co - dx * si);
            for (int c = 0; c < 3; c++)
                rgb[c] = (unsigned char)(in ? ink[c] : paper[c]);
        }
}

void figures_sample(int at, int w, int h, unsigned char *rgb)
{
    figure_draw((Figure)(at % FIGURES), DRAWN_SEED, at / FIGURES, w, h, rgb);
}

/* ---- the training ------------------------------------------------------------------------------------------------------------------- */

bool figures_fit(const Net *net, Err *err)
{
    if (net->input.c != 3)
        return err_set(err, "%s:%d: the pictures have three colours, and this input has %d channels", net->source, net_line(net, 0), net->input.c);
    if (net_scores(net, 0) != FIGURES)
        return err_set(err, "%s: there are %d kinds of pictures, and this network gives %d class scores", net->source, (int)FIGURES, net_scores(net, 0));
    return trainer_takes(net, NULL, err) && run_takes(net, err);
}

typedef struct Learning {
    const FiguresTask *task;
    Trainer *trainer;
    Run *run;                   /* for the checks */
    float *x, *scratch;
    unsigned char *rgb;
    int order[FIGURES_TRAIN];
} Learning;

/* n pictures from place `first`: of the epoch's order, or those for checking, which follow the others. */
static void load(Learning *l, const int *order, int first, int n, int *labels)
{
    const Net *net = l->task->net;
    const size_t picture = shape_size(net->input);
    for (int i = 0; i < n; i++) {
        const int at = order != NULL ? order[first + i] : FIGURES_TRAIN + first + i;
        labels[i] = at % FIGURES;
        figures_sample(at, net->input.w, net->input.h, l->rgb);
        image_values(&(Image){.w = net->input.w, .h = net->input.h, .rgb = l->rgb}, net, l->x + (size_t)i * picture);
    }
}

static bool stopped(const Learning *l)
{
    return l->task->stop != NULL && stop_asked(l->task->stop);
}

static void tell(const Learning *l, const FiguresSeen *seen)
{
    if (l->task->seen != NULL)
        l->task->seen(l->task->user, seen);
}

static int count_right(Learning *l)
{
    Losses sum = {.correct = 0};
    int labels[FIGURES_BATCH];
    run_weights(l->run, l->trainer->weights);
    for (int first = 0; first < FIGURES_VAL; first += FIGURES_BATCH) {
        const int left = FIGURES_VAL - first, n = left < FIGURES_BATCH ? left : FIGURES_BATCH;
        load(l, NULL, first, n, labels);
        run_input(l->run, l->x, n);
        run_forward(l->run);
        losses_add(l->run, 1, labels, 0, n, l->scratch, NULL, NULL, &sum);
    }
    return sum.correct;
}

static bool one_epoch(Learning *l, FiguresSeen *seen, Err *err)
{
    FiguresSeen now = *seen;
    int labels[FIGURES_BATCH];
    StepResult step;
    Rng rng = rng_make(rng_mix(l->task->seed + STREAM_ORDER), (uint64_t)seen->epoch);
    for (int i = 0; i < FIGURES_TRAIN; i++)
        l->order[i] = i;
    rng_shuffle(&rng, l->order, FIGURES_TRAIN);
    now.train_right = now.train_count = 0;
    for (int b = 0; b < now.batches; b++) {
        load(l, l->order, b * FIGURES_BATCH, FIGURES_BATCH, labels);
        if (stopped(l) || !trainer_step(l->trainer, l->x, labels, FIGURES_BATCH, &step, err))
            return false;
        now.train_right += step.losses.correct;
        now.train_count += FIGURES_BATCH;
        seen->batch = b + 1;
        tell(l, seen);
    }
    now.val_right = count_right(l);
    now.val_count = FIGURES_VAL;
    now.epoch++;
    *seen = now;
    tell(l, seen);
    return true;
}

static bool open_learning(Learning *l, Err *err)
{
    const FiguresTask *t = l->task;
    TrainOptions options = train_defaults();
    options.epochs = t->epochs;
    options.batch = FIGURES_BATCH;
    options.threads = t->threads;
    options.seed = t->seed;
    options.lr = RATE;
    l->trainer = trainer_new(t->engine, t->net, &options, NULL, err);
    l->run = l->trainer != NULL ? run_new(t->engine, t->net, &(RunOptions){.batch = FIGURES_BATCH, .threads = t->threads}, err) : NULL;
    if (l->run == NULL)
        return false;
    l->x = malloc(size_product(size_product(FIGURES_BATCH, shape_size(t->net->input)), sizeof *l->x));
    l->rgb = malloc(size_product(shape_size(t->net->input), 1));
    l->scratch = malloc(FIGURES_BATCH * (FIGURES + 1) * sizeof *l->scratch);
    return (l->x != NULL && l->rgb != NULL && l->scratch != NULL) || err_set(err, "not enough memory to train %s", t->net->name);
}

bool figures_train(const FiguresTask *task, FiguresSeen *out, Err *err)
{
    _Static_assert(FIGURES_TRAIN % FIGURES_BATCH == 0 && FIGURES_TRAIN % FIGURES == 0 && FIGURES_VAL % FIGURES == 0, "whole batches, all kinds alike");
    *out = (FiguresSeen){.batches = FIGURES_TRAIN / FIGURES_BATCH};
    if (!figures_fit(task->net, err))
        return false;
    Learning *l = calloc(1, sizeof *l);
    if (l == NULL)
        return err_set(err, "not enough memory to train %s", task->net->name);
    l->task = task;
    bool good = open_learning(l, err);
    while (good && out->epoch < task->epochs) {
        out->batch = 0;
        good = one_epoch(l, out, err);
    }
    trainer_free(l->trainer);
    run_free(l->run);
    free(l->x);
    free(l->rgb);
    free(l->scratch);
    free(l);
    return good;
}
