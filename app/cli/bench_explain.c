/* bench_explain.c - times shares, groups and circuits; see bench_explain.h. */
#include "app/cli/bench_explain.h"
#include "engine/base/clock.h"
#include "engine/net/circuit.h"
#include "engine/net/groups.h"
#include "engine/net/share.h"

#include <stdio.h>
#include <stdlib.h>

enum { REPEAT_MAX = 64 };

/* What is measured, and with what. */
typedef struct Subject {
    const Net *net;
    const float *weights;
    Run *run;                   /* after a forward */
    int layer;                  /* the middle module's maps */
    float *map;
    const float **maps;         /* for the circuit; NULL: none */
    CircuitPath path;
    CircuitSource *sources;
} Subject;

static bool share_of(const Subject *s, int layer, Err *err)
{
    Share share;
    if (!share_read(s->run, s->weights, layer, 0, -1, &share, err))
        return false;
    share_free(&share);
    return true;
}

static bool share_all(const Subject *s, Err *err)
{
    bool good = share_pass(s->run, 0, 0, -1, err);
    Err none;
    for (int l = 0; good && l <= s->net->heads[0].logits; l++)
        if (s->net->layers[l].head == 0 && share_allowed(s->net, l, &none))
            good = share_of(s, l, err);
    return good;
}

static bool once(const Subject *s, ExplainBench which, Err *err)
{
    Groups groups;
    Circuit circuit;
    switch (which) {
    case EXPLAIN_SHARE: return share_pass(s->run, s->layer, 0, -1, err) && share_of(s, s->layer, err);
    case EXPLAIN_SHARE_ALL: return share_all(s, err);
    case EXPLAIN_GROUPS:
        if (!groups_find(s->map, s->net->layers[s->layer].out, 4, NULL, &groups, err))
            return false;
        groups_free(&groups);
        return true;
    case EXPLAIN_CIRCUIT: {
        const Shape out = s->net->layers[s->path.layer].out;
        return s->maps == NULL || circuit_compute(s->net, s->weights, s->maps, &s->path, (Unit){s->path.layer, 0, out.h / 2, out.w / 2}, &circuit, s->sources, NULL, err);
    }
    case EXPLAIN_BENCHES: break;
    }
    return true;
}

/* The first time is left out: it prepares the weights. */
static bool measure(const Subject *s, ExplainBench which, int repeat, double *ms, Err *err)
{
    double times[REPEAT_MAX];
    assert(repeat >= 1 && repeat <= REPEAT_MAX);
    for (int i = -1; i < repeat; i++) {
        const double start = clock_seconds();
        if (!once(s, which, err))
            return false;
        if (i >= 0)
            times[i] = (clock_seconds() - start) * 1e3;
    }
    *ms = which == EXPLAIN_CIRCUIT && s->maps == NULL ? 0 : bench_median(times, repeat);
    return true;
}

/* The maps that the circuit of the middle module's 3x3 branch reads; none in a module without a reduction there. */
static bool make_maps(Subject *s, Err *err)
{
    const Net *net = s->net;
    Err none;
    s->map = malloc(shape_size(net->layers[s->layer].out) * sizeof *s->map);
    if (s->map == NULL)
        return err_set(err, "not enough memory");
    run_activation(s->run, s->layer, 0, s->map);
    if (!circuit_path(net, net->layers[s->layer].inputs[BRANCH_3X3], &s->path, &none))
        return true;
    const int read[2] = {s->path.through, s->path.from};
    s->maps = calloc((size_t)net->layer_count, sizeof *s->maps);
    s->sources = calloc((size_t)net->layers[s->path.from].out.c, sizeof *s->sources);
    for (int i = 0; i < 2 && s->maps != NULL; i++) {
        float *map = malloc(shape_size(net->layers[read[i]].out) * sizeof *map);
        if (map != NULL)
            run_activation(s->run, read[i], 0, map);
        s->maps[read[i]] = map;
    }
    return (s->maps != NULL && s->sources != NULL && s->maps[read[0]] != NULL && s->maps[read[1]] != NULL) || err_set(err, "not enough memory");
}

static void subject_free(Subject *s)
{
    for (int l = 0; s->maps != NULL && l < s->net->layer_count; l++)
        free((float *)s->maps[l]);
    free(s->maps);
    free(s->sources);
    free(s->map);
    run_free(s->run);
}

static bool with_threads(Subject s, const float *x, int threads, int repeat, GradientTime times[EXPLAIN_BENCHES], Err *err)
{
    s.run = run_new(&fast_engine, s.net, &(RunOptions){.batch = 1, .threads = threads, .gradients = true}, err);
    bool good = s.run != NULL;
    if (good) {
        run_weights(s.run, s.weights);
        run_input(s.run, x, 1);
        run_forward(s.run);
        good = make_maps(&s, err);
    }
    for (ExplainBench b = 0; good && b < EXPLAIN_BENCHES; b++)
        good = measure(&s, b, repeat, threads == 1 ? &times[b].one : &times[b].all, err);
    subject_free(&s);
    return good;
}

bool bench_explain(const Net *net, const float *weights, const float *x, int repeat, GradientTime times[EXPLAIN_BENCHES], Err *err)
{
    Err none;
    for (int i = 0; i < EXPLAIN_BENCHES; i++)
        times[i] = (GradientTime){0};
    const Subject s = {.net = net, .weights = weights, .layer = bench_middle(net)};
    if (s.layer < 0 || !net_need_scores(net, &none))
        return true;
    return with_threads(s, x, 1, repeat, times, err) && with_threads(s, x, 0, repeat, times, err);
}

void bench_explain_title(const Net *net, ExplainBench which, char *out, size_t size)
{
    const char *module = bench_middle_title(net);
    switch (which) {
    case EXPLAIN_SHARE: snprintf(out, size, "share of a score at %s", module); break;
    case EXPLAIN_SHARE_ALL: snprintf(out, size, "share of a score at every layer"); break;
    case EXPLAIN_GROUPS: snprintf(out, size, "four groups of the channels of %s", module); break;
    case EXPLAIN_CIRCUIT: snprintf(out, size, "one value of %s's 3x3 branch through its reduction", module); break;
    case EXPLAIN_BENCHES: break;
    }
}

const char *bench_explain_key(ExplainBench which)
{
    static const char *const keys[EXPLAIN_BENCHES] = {
        [EXPLAIN_SHARE] = "share_at_middle", [EXPLAIN_SHARE_ALL] = "share_everywhere", [EXPLAIN_GROUPS] = "groups_at_middle", [EXPLAIN_CIRCUIT] = "circuit",
    };
    _Static_assert(EXPLAIN_BENCHES == 4, "a measurement without a key");
    return keys[which];
}
