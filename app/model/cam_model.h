/* cam_model.h - the class activation map of the model's picture for its chosen class, computed by engine/net/cam.h. */
#ifndef INCEPTOSCOPE_CAM_MODEL_H
#define INCEPTOSCOPE_CAM_MODEL_H

#include "app/model/model.h"

enum { CAM_SIDE = 64, CAM_TOP = 12 };

typedef struct Cam {
    int layer, class_index;
    int h, w;
    float map[CAM_SIDE * CAM_SIDE];
    float lo, hi;               /* the lowest and the highest value */
    int predicted;              /* the most likely class */
    float reach;                /* largest |value| of that class's map: one scale for all classes */
    double mean;                /* of the map; mean + bias = score */
    float bias;
    Guess top[CAM_TOP];         /* the channels with the largest products of mean and weight */
    int top_count;
} Cam;

/* False and the reason if the network has another form or its maps are not computed yet. */
bool cam_make(const Model *m, Cam *out, Err *err);

#endif
