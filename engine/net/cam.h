/* cam.h - class activation map: the parts of the picture that a class's score comes from (Zhou et al. 2016). It is exact here,
 * because between the last maps and the scores there are only a global average and one fully connected layer:
 *   score[k] = bias[k] + mean over y, x of cam[y,x],   cam[y,x] = sum over c ascending of w[k,c] * map[c,y,x]
 * Where the average itself is the score, as in Network in Network (Lin et al. 2013), cam is map k and the bias is 0. */
#ifndef INCEPTOSCOPE_CAM_H
#define INCEPTOSCOPE_CAM_H

#include "engine/net/net.h"

/* The layer whose maps the classifier averages (inception_5b/concat). -1 and a message if the network has another form. */
int cam_layer(const Net *net, Err *err);
/* For a network that has a cam_layer: whether each class has its own map, so that no weights follow the average. */
bool cam_is_map(const Net *net);
/* w[class_index, .] above, one weight for each channel of cam_layer; NULL where cam_is_map. */
const float *cam_weights(const Net *net, const float *weights, int class_index);
/* map: cam_layer's (C,H,W); out (H,W). Sums in double, rounded once. Returns the bias of the class. */
float cam_compute(const Net *net, const float *weights, const float *map, int class_index, float *out);

#endif
