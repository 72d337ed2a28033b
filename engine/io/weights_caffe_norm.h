/* weights_caffe_norm.h - Caffe's batch norm is two layers behind a convolution: BatchNorm (mean, variance, and a factor that divides
 * both) and Scale (gamma, and beta if bias_term). They become the tensors NAME.mean, .var, .gamma and .beta of the convolution
 * NAME, so that every format has batch norm in the same form. Only weights_caffe*.c include this. */
#ifndef INCEPTOSCOPE_WEIGHTS_CAFFE_NORM_H
#define INCEPTOSCOPE_WEIGHTS_CAFFE_NORM_H

#include "engine/io/wire.h"

/* Who made a blob of the graph. */
typedef struct CaffeMaker {
    Wire top, convolution;      /* names; convolution: the layer whose batch norm is being read */
    bool normed;                /* a BatchNorm follows it; its Scale may come */
} CaffeMaker;

typedef struct CaffeNorms {
    CaffeMaker *makers;         /* memory of the TensorFile */
    int count, room;
} CaffeNorms;

/* Called with every layer in turn. *taken: it is part of a batch norm, and its tensors are added. */
bool caffe_norm_layer(CaffeNorms *norms, TensorFile *file, Wire name, Wire layer, bool *taken, Err *err);
/* Adds gamma 1 and beta 0 where no Scale came. */
bool caffe_norms_finish(CaffeNorms *norms, TensorFile *file, Err *err);

#endif
