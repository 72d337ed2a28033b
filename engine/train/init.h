/* init.h - the initial weights of a training. Called by trainer.c. */
#ifndef INCEPTOSCOPE_TRAIN_INIT_H
#define INCEPTOSCOPE_TRAIN_INIT_H

#include "engine/net/net.h"

/* The article's initialisation: conv weights normal(0, sqrt(2 / fan_out)), fan_out = out channels * k * k
 * (torch.nn.init.kaiming_normal_ with mode='fan_out', nonlinearity='relu'); fc weights normal(0, 0.01); biases 0; batch norm the
 * identity. Each tensor has its own random stream. weights: net->weight_count floats. */
void init_weights(const Net *net, uint64_t seed, float *weights);

#endif
