/* init.c - see init.h. */
#include "engine/train/init.h"
#include "engine/base/thread.h"

#include <math.h>

enum { STREAM_INIT = 0x494e, NORMALS_A_TURN = 1 << 16 };

static double deviation(const Net *net, const Param *p)
{
    const Layer *layer = &net->layers[p->layer];
    if (layer->op == OP_FC)
        return 0.01;
    double fan_out = (double)p->dims[0] * (double)layer->k * (double)layer->k;
    return sqrt(2.0 / fan_out);
}

void init_weights(const Net *net, uint64_t seed, float *weights)
{
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        float *w = weights + p->offset;
        if (p->kind == PARAM_WEIGHT) {
            Rng rng = rng_make(rng_mix(seed + STREAM_INIT), (uint64_t)i);
            double sigma = deviation(net, p);
            for (size_t k = 0; k < p->count; k++) {
                w[k] = (float)(sigma * rng_normal(&rng));
                if (k % NORMALS_A_TURN == NORMALS_A_TURN - 1)
                    thread_yield();
            }
        } else {
            float value = p->kind == PARAM_BN_GAMMA || p->kind == PARAM_BN_VAR ? 1.0f : 0.0f;
            for (size_t k = 0; k < p->count; k++)
                w[k] = value;
        }
    }
}
