/* bench_gradients.c - times run_gradient; see bench_gradients.h. */
#include "app/cli/bench_gradients.h"
#include "engine/base/clock.h"
#include "engine/train/wants.h"

#include <stdio.h>
#include <stdlib.h>

enum { REPEAT_MAX = 64 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double bench_median(double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, by_value);
    return times[count / 2];
}

int bench_middle(const Net *net)
{
    return net->module_count > 0 ? net->modules[net->module_count / 2].last : -1;
}

const char *bench_middle_title(const Net *net)
{
    return net->module_count > 0 ? net->modules[net->module_count / 2].title : "";
}

/* Median of `repeat` times. The first time is left out: it prepares the weights. */
static double median_ms(Run *run, const Gradient *gradient, float *out, int repeat)
{
    double times[REPEAT_MAX];
    assert(repeat >= 1 && repeat <= REPEAT_MAX);
    for (int i = -1; i < repeat; i++) {
        const double start = clock_seconds();
        run_gradient(run, gradient);
        run_map_gradient(run, gradient->to, 0, out);
        if (i >= 0)
            times[i] = (clock_seconds() - start) * 1e3;
    }
    return bench_median(times, repeat);
}

/* One objective, on one thread and on all. */
static bool measure(const Net *net, const float *weights, const float *x, Gradient gradient, int repeat, GradientTime *time, Err *err)
{
    const Shape seeded = net->layers[gradient.from].out;
    const size_t plane = (size_t)seeded.h * (size_t)seeded.w, read = shape_size(net->layers[gradient.to].out);
    float *seed = calloc(shape_size(seeded), sizeof *seed), *out = malloc(read * sizeof *out);
    bool good = (seed != NULL && out != NULL) || err_set(err, "not enough memory");
    for (size_t i = 0; good && i < plane; i++)
        seed[i] = 1 / (float)plane; /* the mean of channel 0; a score is a map of one place */
    gradient.seed = seed;
    for (int threads = 1; good && threads >= 0; threads--) { /* 0: all */
        Run *run = run_new(&fast_engine, net, &(RunOptions){.batch = 1, .threads = threads, .gradients = true}, err);
        good = run != NULL;
        if (!good)
            break;
        run_weights(run, weights);
        run_input(run, x, 1);
        run_forward(run);
        *(threads == 1 ? &time->one : &time->all) = median_ms(run, &gradient, out, repeat);
        run_free(run);
    }
    free(seed);
    free(out);
    return good;
}

/* A whole step of what a channel wants (engine/train/wants.h): picture, forward, gradient, Adam. */
static bool measure_wants(const Net *net, const float *weights, int repeat, GradientTime *time, Err *err)
{
    bool good = true;
    for (int threads = 1; good && threads >= 0; threads--) { /* 0: all */
        double times[REPEAT_MAX];
        Want want;
        WantsNet *wants = wants_open(&fast_engine, net, weights, bench_middle(net), GRADIENT_STEP_SIZE, 1, threads, err);
        if (wants == NULL)
            return false;
        good = want_start(wants, &(WantOptions){.seed = 1}, &want) || err_set(err, "not enough memory");
        for (int i = -1; good && i < repeat; i++) {
            const double start = clock_seconds();
            wants_step(wants, &(Want *){&want}, 1);
            if (i >= 0)
                times[i] = (clock_seconds() - start) * 1e3;
        }
        if (good) {
            *(threads == 1 ? &time->one : &time->all) = bench_median(times, repeat);
            want_free(&want);
        }
        wants_close(wants);
    }
    return good;
}

bool bench_gradients(const Net *net, const float *weights, const float *x, int repeat, GradientTime times[GRADIENT_BENCHES], Err *err)
{
    const int score = net->heads[0].logits;
    for (int i = 0; i < GRADIENT_BENCHES; i++)
        times[i] = (GradientTime){0};
    if (!measure(net, weights, x, (Gradient){.from = score}, repeat, &times[GRADIENT_BY_PICTURE], err))
        return false;
    if (bench_middle(net) < 0)
        return true;
    return measure(net, weights, x, (Gradient){.from = score, .to = bench_middle(net)}, repeat, &times[GRADIENT_BY_MIDDLE], err) &&
           measure_wants(net, weights, repeat, &times[GRADIENT_STEP], err);
}

void bench_gradient_title(const Net *net, GradientBench which, char *out, size_t size)
{
    if (which == GRADIENT_BY_MIDDLE)
        snprintf(out, size, "gradient of a score by %s", bench_middle_title(net));
    else if (which == GRADIENT_BY_PICTURE)
        snprintf(out, size, "gradient of a score by the picture");
    else
        snprintf(out, size, "step of what a channel of %s wants, %dx%d", bench_middle_title(net), GRADIENT_STEP_SIZE, GRADIENT_STEP_SIZE);
}

const char *bench_gradient_key(GradientBench which)
{
    static const char *const keys[GRADIENT_BENCHES] = {
        [GRADIENT_BY_MIDDLE] = "score_by_middle", [GRADIENT_BY_PICTURE] = "score_by_picture", [GRADIENT_STEP] = "step_at_128",
    };
    _Static_assert(GRADIENT_BENCHES == 3, "a measurement without a key");
    return keys[which];
}
