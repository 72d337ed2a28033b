/* cmd_bench.c - times every layer in both engines, on one thread and on all, and compares it with the peak of the CPU.
 * tests/bench_peers.py adds PyTorch and OpenCV to the same table. */
#include "app/cli/bench_explain.h"
#include "app/cli/json_out.h"
#include "app/cli/open.h"
#include "engine/base/clock.h"
#include "engine/fast/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPEAT_MAX = 64, STEPS = 5, BATCH_MAX = 4096 };

typedef struct Times {          /* milliseconds, medians; 0 where not measured */
    double reference, one, all;
} Times;

typedef struct Bench {
    Source source;
    int batch, repeat;
    Run *reference, *one, *all; /* reference: NULL when it was not asked for */
    double peak_one, peak_all;  /* GFLOP/s */
    Times *layers;              /* one for each layer */
    Times whole;                /* batch 1 */
    Times step;                 /* forward and backward of `batch` pictures */
    GradientTime gradients[GRADIENT_BENCHES], explain[EXPLAIN_BENCHES];
} Bench;

static double now_ms(void)
{
    return clock_seconds() * 1e3;
}

/* The median of `repeat` calls; layer -1 is the whole network. */
static double median_ms(Run *run, int layer, int repeat)
{
    double times[REPEAT_MAX];
    assert(repeat >= 1 && repeat <= REPEAT_MAX);
    for (int i = 0; i < repeat; i++) {
        double start = now_ms();
        if (layer < 0)
            run_forward(run);
        else
            run_forward_layer(run, layer);
        times[i] = now_ms() - start;
    }
    return bench_median(times, repeat);
}

static double peak_gflops(Run *run)
{
    double best = 0;
    for (int i = 0; i < 5; i++) {
        double start = now_ms(), work = fast_peak_work(run, 2000000), gflops = work / (now_ms() - start) * 1e-6;
        best = gflops > best ? gflops : best;
    }
    return best;
}

static Run *bench_run(const Bench *b, const Engine *engine, int batch, int threads, bool training, const float *x)
{
    Err err;
    RunOptions options = {.batch = batch, .threads = threads, .training = training};
    Run *run = run_new(engine, b->source.net, &options, &err);
    if (run == NULL) {
        cli_complain("bench: %s", err.text);
        return NULL;
    }
    run_weights(run, b->source.weights);
    run_input(run, x, batch);
    run_forward(run); /* warm-up: allocates memory, fills caches */
    return run;
}

static void measure_layers(Bench *b)
{
    const Net *net = b->source.net;
    for (int i = 0; i < net->main_count; i++) {
        if (b->reference != NULL)
            b->layers[i].reference = median_ms(b->reference, i, 1);
        b->whole.reference += b->layers[i].reference;
        b->layers[i].one = median_ms(b->one, i, b->repeat);
        b->layers[i].all = median_ms(b->all, i, b->repeat);
    }
    b->whole.one = median_ms(b->one, -1, b->repeat);
    b->whole.all = median_ms(b->all, -1, b->repeat);
}

/* One training step without the optimiser: forward with dropout and heads, loss gradients of the right size, backward. It needs
 * no label, so networks without class scores can be timed too. */
static bool measure_step(Bench *b, const float *x)
{
    const Net *net = b->source.net;
    float *dlogits[HEADS_MAX] = {0}, *grads = calloc(net->weight_count, sizeof *grads);
    Run *run = bench_run(b, &fast_engine, b->batch, 0, true, x);
    bool good = grads != NULL && run != NULL;
    for (int h = 0; h < net->head_count && good; h++) {
        const size_t count = size_product((size_t)b->batch, shape_size(net->layers[net->heads[h].logits].out));
        dlogits[h] = calloc(count, sizeof(float));
        good = dlogits[h] != NULL;
        for (size_t i = 0; good && i < count; i++)
            dlogits[h][i] = (i % 2 ? 0.01f : -0.01f) / (float)b->batch;
    }
    if (run != NULL && !good)
        cli_complain("bench: not enough memory for the gradients of %d pictures; take a smaller --batch", b->batch);
    double times[STEPS];
    for (int i = 0; i < STEPS && good; i++) {
        run->dropout = true;
        double start = now_ms();
        run_forward(run);
        run_backward(run, dlogits, grads);
        times[i] = now_ms() - start;
    }
    if (good)
        b->step.all = bench_median(times, STEPS);
    run_free(run);
    for (int h = 0; h < HEADS_MAX; h++)
        free(dlogits[h]);
    free(grads);
    return good;
}

/* GFLOP/s of one picture's multiply-adds. */
static double gflops(int64_t macs, double ms)
{
    return ms > 0 ? 2 * (double)macs / ms * 1e-6 : 0;
}

static void print_row(const Bench *b, const char *name, int64_t macs, Times t, const char *kernel)
{
    double speed = gflops(macs, t.all);
    printf("%-26s %8.2f %9.2f %8.3f %8.3f", name, (double)macs * 1e-6, t.reference, t.one, t.all);
    if (macs > 0)
        printf(" %7.1f %5.0f%%", speed, 100 * speed / b->peak_all);
    else
        printf(" %7s %6s", "", "");
    printf("  %s\n", kernel);
}

static void print_time(const char *title, GradientTime t)
{
    printf("%-54s %7.2f ms on one thread, %7.2f on all\n", title, t.one, t.all);
}

static bool print_table(const Bench *b)
{
    const Net *net = b->source.net;
    int64_t macs = 0;
    char kernel[96];
    printf("%s, one picture, kernels %s, %d threads; peak of multiply-adds %.0f GFLOP/s on one thread, %.0f on all\n", net->name,
           fast_kernels_name(b->all), fast_threads(b->all), b->peak_one, b->peak_all);
    printf("GFLOP/s count the multiplications of the direct form; Winograd's algorithm does fewer and can pass the peak\n");
    printf("%-26s %8s %9s %8s %8s %7s %6s  %s\n", "layer", "MMAC", "reference", "one", "all ms", "GFLOP/s", "peak", "kernel");
    for (int i = 0; i < net->main_count; i++) {
        fast_kernel_text(b->all, i, kernel, sizeof kernel);
        print_row(b, net->layers[i].name, layer_macs(&net->layers[i]), b->layers[i], kernel);
        macs += layer_macs(&net->layers[i]);
    }
    print_row(b, "whole forward", macs, b->whole, "independent layers in parallel");
    if (b->whole.reference > 0)
        printf("reference / fast: %.0f on one thread, %.0f on all\n", b->whole.reference / b->whole.one,
               b->whole.reference / b->whole.all);
    for (GradientBench g = 0; g < GRADIENT_BENCHES; g++)
        if (b->gradients[g].all > 0) {
            bench_gradient_title(net, g, kernel, sizeof kernel);
            print_time(kernel, b->gradients[g]);
        }
    for (ExplainBench e = 0; e < EXPLAIN_BENCHES; e++)
        if (b->explain[e].all > 0) {
            bench_explain_title(net, e, kernel, sizeof kernel);
            print_time(kernel, b->explain[e]);
        }
    if (b->step.all > 0)
        printf("training step, %d pictures, forward and backward: %.0f ms\n", b->batch, b->step.all);
    return true;
}

static json_t *times_json(Times t)
{
    return json_pack("{s:f, s:f, s:f}", "reference_ms", t.reference, "one_ms", t.one, "all_ms", t.all);
}

static json_t *time_json(GradientTime t)
{
    return json_pack("{s:f, s:f}", "one_ms", t.one, "all_ms", t.all);
}

static bool print_json(const Bench *b)
{
    const Net *net = b->source.net;
    json_t *layers = json_array();
    int64_t macs = 0;
    char kernel[96];
    for (int i = 0; i < net->main_count; i++) {
        const int64_t m = layer_macs(&net->layers[i]);
        const double speed = gflops(m, b->layers[i].all);
        fast_kernel_text(b->all, i, kernel, sizeof kernel);
        json_t *row = times_json(b->layers[i]);
        json_object_set_new(row, "name", json_string(net->layers[i].name));
        json_object_set_new(row, "kernel", json_string(kernel));
        json_object_set_new(row, "macs", json_integer((json_int_t)m));
        json_object_set_new(row, "gflops", json_real(speed));
        json_object_set_new(row, "share_of_peak", json_real(b->peak_all > 0 ? speed / b->peak_all : 0));
        json_array_append_new(layers, row);
        macs += m;
    }
    json_t *root = json_pack("{s:s, s:s, s:i, s:f, s:f, s:I, s:o, s:o, s:{s:i, s:f}}", "network", net->name, "kernels",
                             fast_kernels_name(b->all), "threads", fast_threads(b->all), "peak_one_gflops", b->peak_one,
                             "peak_all_gflops", b->peak_all, "macs", (json_int_t)macs, "whole", times_json(b->whole), "layers", layers,
                             "training_step", "batch", b->batch, "all_ms", b->step.all);
    json_t *gradients = json_object();
    for (GradientBench g = 0; g < GRADIENT_BENCHES; g++)
        json_object_set_new(gradients, bench_gradient_key(g), time_json(b->gradients[g]));
    json_object_set_new(root, "gradients", gradients);
    json_t *explain = json_object();
    for (ExplainBench e = 0; e < EXPLAIN_BENCHES; e++)
        json_object_set_new(explain, bench_explain_key(e), time_json(b->explain[e]));
    json_object_set_new(root, "explain", explain);
    return json_out(root, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) || (cli_complain("bench: not enough memory for the report"), false);
}

/* The whole forward alone, in a second: the least of `repeat` times, which other programs on the machine change the least. */
static bool forward_only(const Bench *b, bool json)
{
    double one = HUGE_VAL, all = HUGE_VAL;
    for (int i = 0; i < b->repeat; i++) {
        one = fmin(one, median_ms(b->one, -1, 1));
        all = fmin(all, median_ms(b->all, -1, 1));
    }
    const char *network = b->source.net->name, *kernels = fast_kernels_name(b->all);
    const int threads = fast_threads(b->all);
    if (!json) {
        printf("%s, one picture, kernels %s: the least of %d forwards takes %.1f ms on one thread, %.1f on %d\n", network, kernels, b->repeat,
               one, all, threads);
        return true;
    }
    json_t *root = json_pack("{s:s, s:s, s:i, s:f, s:f}", "network", network, "kernels", kernels, "threads", threads, "one_ms", one, "all_ms", all);
    return json_out(root, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) || (cli_complain("bench: not enough memory for the report"), false);
}

static bool bench(Bench *b, bool with_reference, bool only_forward)
{
    const Net *net = b->source.net;
    size_t picture = shape_size(net->input), count;
    float *x = size_mul(picture, (size_t)(b->batch > 0 ? b->batch : 1), &count) ? calloc(count, sizeof *x) : NULL;
    b->layers = calloc((size_t)net->layer_count, sizeof *b->layers);
    if (x == NULL || b->layers == NULL) {
        cli_complain("bench: not enough memory for %d pictures; take a smaller --batch", b->batch);
        free(x);
        return false;
    }
    Rng rng = rng_make(1, 0);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)(2 * rng_uniform(&rng) - 1);
    bool good = (b->one = bench_run(b, &fast_engine, 1, 1, false, x)) != NULL &&
                (b->all = bench_run(b, &fast_engine, 1, 0, false, x)) != NULL &&
                (!with_reference || (b->reference = bench_run(b, &reference_engine, 1, 1, false, x)) != NULL);
    if (good && !only_forward) {
        b->peak_one = peak_gflops(b->one);
        b->peak_all = peak_gflops(b->all);
        measure_layers(b);
        Err err;
        good = bench_gradients(net, b->source.weights, x, b->repeat, b->gradients, &err) || (cli_complain("bench: %s", err.text), false);
        good = good && (bench_explain(net, b->source.weights, x, b->repeat, b->explain, &err) || (cli_complain("bench: %s", err.text), false));
        good = good && (b->batch == 0 || measure_step(b, x));
    }
    free(x);
    return good;
}

int cmd_bench(int argc, char **argv)
{
    Bench b = {.batch = 0, .repeat = 15};
    bool json = false, no_reference = false, only_forward = false;
    const char *network = "googlenet";
    int rest_count;
    const Option options[] = {
        {"--json", OPT_FLAG, &json, NULL},         {"--network", OPT_STRING, &network, NULL},
        {"--batch", OPT_INT, &b.batch, NULL},      {"--repeat", OPT_INT, &b.repeat, NULL},
        {"--no-reference", OPT_FLAG, &no_reference, NULL}, {"--forward", OPT_FLAG, &only_forward, NULL},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], NULL, 0, &rest_count))
        return EXIT_USAGE;
    if (b.batch < 0 || b.batch > BATCH_MAX || b.repeat < 1 || b.repeat > REPEAT_MAX) {
        cli_complain("bench: --batch takes 0 to %d pictures for the training step, --repeat 1 to %d measurements", BATCH_MAX, REPEAT_MAX);
        return EXIT_USAGE;
    }
    if (!cli_open_source(&b.source, NULL, network))
        return EXIT_INPUT;
    bool good = bench(&b, !no_reference && !only_forward, only_forward);
    if (good)
        good = only_forward ? forward_only(&b, json) : (json ? print_json : print_table)(&b);
    run_free(b.reference);
    run_free(b.one);
    run_free(b.all);
    free(b.layers);
    source_free(&b.source);
    return good ? EXIT_OK : EXIT_INPUT;
}
