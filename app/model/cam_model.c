/* cam_model.c - the class activation map of the current picture; see cam_model.h. */
#include "app/model/cam_model.h"
#include "engine/net/cam.h"

#include <math.h>
#include <stdlib.h>

/* Each channel's part of the score: its weight times the mean of its map. */
static bool rank_channels(const Model *m, Cam *cam, const LayerMap *map)
{
    const float *w = cam_weights(model_net(m), model_weights(m), cam->class_index);
    const size_t plane = (size_t)map->shape.h * (size_t)map->shape.w;
    if (w == NULL) { /* the maps are the scores: only the class's own counts */
        cam->top[0] = (Guess){cam->class_index, (float)cam->mean};
        cam->top_count = 1;
        return true;
    }
    float *parts = malloc((size_t)map->shape.c * sizeof *parts);
    if (parts == NULL)
        return false;
    for (int c = 0; c < map->shape.c; c++) {
        double sum = 0;
        for (size_t i = 0; i < plane; i++)
            sum += (double)map->data[(size_t)c * plane + i];
        parts[c] = (float)(sum / (double)plane * (double)w[c]);
    }
    cam->top_count = top_guesses(parts, map->shape.c, cam->top, CAM_TOP);
    free(parts);
    return true;
}

bool cam_make(const Model *m, Cam *out, Err *err)
{
    const Net *net = model_net(m);
    LayerMap map;
    Guess best;
    Cam cam = {.layer = cam_layer(net, err), .class_index = m->cam_class};
    if (cam.layer < 0)
        return false;
    if (!compute_map(m->compute, cam.layer, &map) || model_top(m, &best, 1) == 0)
        return err_set(err, "%s", model_text(m, STR_NOT_COMPUTED));
    if (map.shape.h > CAM_SIDE || map.shape.w > CAM_SIDE)
        return err_set(err, "the last maps are larger than %d x %d", CAM_SIDE, CAM_SIDE);
    if (cam.class_index < 0 || cam.class_index >= net_scores(net, 0))
        cam.class_index = best.index;
    cam.predicted = best.index;
    cam.h = map.shape.h;
    cam.w = map.shape.w;
    cam_compute(net, model_weights(m), map.data, cam.predicted, cam.map);
    for (int i = 0; i < cam.h * cam.w; i++)
        cam.reach = fmaxf(cam.reach, fabsf(cam.map[i]));
    cam.bias = cam_compute(net, model_weights(m), map.data, cam.class_index, cam.map);
    cam.lo = cam.hi = cam.map[0];
    for (int i = 0; i < cam.h * cam.w; i++) {
        cam.mean += (double)cam.map[i] / (double)(cam.h * cam.w);
        cam.lo = fminf(cam.lo, cam.map[i]);
        cam.hi = fmaxf(cam.hi, cam.map[i]);
    }
    if (!rank_channels(m, &cam, &map))
        return err_set(err, "not enough memory");
    *out = cam;
    return true;
}
