/* sanity_maps.h - the maps of engine/net/sanity.h as pictures: black is 0, white the largest value without the brightest hundredth. */
#ifndef INCEPTOSCOPE_SANITY_MAPS_H
#define INCEPTOSCOPE_SANITY_MAPS_H

#include "engine/io/image.h"
#include "engine/net/sanity.h"

/* Random weights for sanity_weights, as a training begins with them, but never those of a training's seed: what a training with these would
 * have learned may still be near to them. */
void sanity_random(const Net *net, int seed, float *weights);
/* map (H, W) to rgb (H, W, 3). False if out of memory. */
bool sanity_picture(const float *map, Shape input, unsigned char *rgb);
/* Saves all maps as a PNG: rows are the classes, of `own` and then of `random`, which may be NULL; columns are the kinds of maps. */
bool sanity_sheet_save(const char *path, const Sanity *own, const Sanity *random, Err *err);

#endif
