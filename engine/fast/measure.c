/* measure.c - see measure.h. */
#include "engine/fast/measure.h"

#include "engine/fast/fast.h"

#include <stdio.h>

const char *fast_kernels_name(const Run *run)
{
    assert(run->engine == &fast_engine);
    return ((const FastRun *)run)->kernels->name;
}

int fast_threads(const Run *run)
{
    assert(run->engine == &fast_engine);
    return pool_threads(((const FastRun *)run)->pool);
}

void fast_kernel_text(const Run *run, int layer, char *out, size_t size)
{
    const FastRun *f = (const FastRun *)run;
    const FastLayer *fl = &f->layers[layer];
    const Layer *l = fl->layer;
    if (l->op == OP_INPUT) {
        snprintf(out, size, "copy");
    } else if (fl->in_place) {
        snprintf(out, size, "in place");
    } else if (l->op == OP_CONV || l->op == OP_FC) {
        const char *input = fl->reads_picture ? ", from the picture" : "";
        snprintf(out, size, "%s %dx%d, %d channels a tile%s%s", op_name(l->op), fl->packed.k, fl->packed.k,
                 fl->packed.panel * LANES, input, fl->packed.winograd ? ", Winograd 4x4" : "");
    } else {
        snprintf(out, size, "%s", op_name(l->op));
    }
}

typedef struct Peak {
    FastRun *f;
    long rounds;
    double work[THREADS_MAX];
} Peak;

static void peak_task(void *context, int task, int thread)
{
    Peak *peak = context;
    (void)thread;
    peak->work[task] = peak->f->kernels->peak(peak->rounds);
}

double fast_peak_work(Run *run, long rounds)
{
    Peak peak = {.f = (FastRun *)run, .rounds = rounds};
    int threads = fast_threads(run);
    double work = 0;
    assert(threads <= THREADS_MAX);
    pool_run(peak.f->pool, peak_task, &peak, threads);
    for (int i = 0; i < threads; i++)
        work += peak.work[i];
    return work;
}
