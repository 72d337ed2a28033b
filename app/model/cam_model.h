/* cam_model.h - the class activation map of what the model shows: engine/net/cam.h on its maps and its chosen class. */
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
    Guess top[CAM_TOP];         /* channels whose means times their weights are largest */
    int top_count;
} Cam;

/* False with the reason: another form of network, or not computed yet. */
bool cam_make(const Model *m, Cam *out, Err *err);

#endif
