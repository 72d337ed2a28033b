/* bench_explain.h - times what the window's explanations compute at the module in the middle (GoogLeNet's 4c), for `inceptoscope bench`. */
#ifndef INCEPTOSCOPE_BENCH_EXPLAIN_H
#define INCEPTOSCOPE_BENCH_EXPLAIN_H

#include "app/cli/bench_gradients.h"

typedef enum ExplainBench {
    EXPLAIN_SHARE,              /* a score's share of the module's maps, from a forward that is there */
    EXPLAIN_SHARE_ALL,          /* the same of every layer that the score passes through, in one pass: what the window does */
    EXPLAIN_GROUPS,             /* four groups of its channels */
    EXPLAIN_CIRCUIT,            /* one value of its 3x3 branch through the reduction */
    EXPLAIN_BENCHES
} ExplainBench;

/* Medians of `repeat` calls on the picture x; 0 where the network has no module, or no class scores. Groups and circuits use one thread: both columns are
 * measured alike. */
bool bench_explain(const Net *net, const float *weights, const float *x, int repeat, GradientTime times[EXPLAIN_BENCHES], Err *err);
void bench_explain_title(const Net *net, ExplainBench which, char *out, size_t size);
const char *bench_explain_key(ExplainBench which);

#endif
