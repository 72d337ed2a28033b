/* cam.h - class activation map: where in the picture a class's score comes from (Zhou et al. 2016). Exact here, because
 * between the last maps and the scores stand only a global average and one fully connected layer:
 *   score[k] = bias[k] + mean over y, x of cam[y,x],   cam[y,x] = sum over c ascending of w[k,c] * map[c,y,x] */
#ifndef INCEPTOSCOPE_CAM_H
#define INCEPTOSCOPE_CAM_H

#include "engine/net/net.h"

/* The layer whose maps the classifier averages (inception_5b/concat). -1 and a message for a network of another form. */
int cam_layer(const Net *net, Err *err);
/* For a network that has a cam_layer. map: that layer's (C,H,W); out (H,W). Sums in double, rounded once. Returns the bias of the class. */
float cam_compute(const Net *net, const float *weights, const float *map, int class_index, float *out);

#endif
