/* path_model.h - the path (engine/net/path.h) that the window shows: from where, along which terms, and the step that is looked at. */
#ifndef INCEPTOSCOPE_PATH_MODEL_H
#define INCEPTOSCOPE_PATH_MODEL_H

#include "app/model/exact_model.h"
#include "engine/net/path.h"

typedef struct PathModel {
    Unit start;                 /* where it begins; layer 0 until it is told */
    PathRanks ranks;            /* the terms that are followed by hand */
    int at;                     /* the step that is looked at */
    bool up;                    /* it is played from the pixel up */
    PathStep *steps; int count; /* 0: none yet */
    Term *terms; int *order;    /* of the step that is looked at */
    int terms_of;               /* the step whose terms they are; -1: none */
    unsigned version;           /* of the maps that the steps were made from, see ExactModel */
    bool stale;                 /* `start` or `ranks` have changed since */
    Err problem;                /* why there are none, or "" */
} PathModel;

/* Begins at this value; another one than before forgets what was chosen by hand. */
void path_start(PathModel *p, Unit unit);
/* Makes the steps, and the terms of the step that is looked at, where they are not those of these maps yet. A rank that a step does not have
 * is forgotten, and those after it. Call in each frame once there are maps. */
void path_update(PathModel *p, const Net *net, const float *weights, const ExactModel *exact);
/* NULL if there is none. */
const PathStep *path_shown(const PathModel *p);
void path_to(PathModel *p, int step);       /* clamped once the steps are known */
void path_choose(PathModel *p, int rank);   /* of the step that is looked at; the steps after it follow the largest terms again */
void path_reset(PathModel *p);              /* the largest terms everywhere */
void path_model_close(PathModel *p);

#endif
