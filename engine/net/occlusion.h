/* occlusion.h - where the picture speaks for a class, found by covering it: a square of the picture is set to zero, the network is
 * asked again, and what the class's score lost is the square's (Zeiler and Fergus 2014). Needs nothing of the network but its
 * answers, so it works where a class activation map does not.
 *
 * Zero is what preprocessing makes of its mean: mid grey, or the data set's mean colour. Squares start at multiples of the step,
 * from the top left corner; the last ones are cut at the border. Where squares overlap, a pixel's value is the mean over those
 * that cover it:
 *   map[y,x] = mean over squares that cover (y,x) of  score(whole picture) - score(picture with that square covered)
 * Captum's Occlusion has the same grid, baseline and mean. */
#ifndef INCEPTOSCOPE_OCCLUSION_H
#define INCEPTOSCOPE_OCCLUSION_H

#include "engine/net/run.h"

typedef struct OcclusionPlan {
    Shape input;                /* (1, C, H, W) */
    int square, step;           /* pixels */
    int rows, cols;             /* of squares; number s stands at row s / cols, column s % cols */
} OcclusionPlan;

/* False with a message when the square does not fit the picture or the step leaves gaps: 1 <= step <= square <= H, W. */
bool occlusion_plan(Shape input, int square, int step, OcclusionPlan *plan, Err *err);
/* Squares of a seventh of the picture's shorter side, half covered by the next one: 32 and 16 pixels of 224. */
OcclusionPlan occlusion_plan_default(Shape input);
int occlusion_count(const OcclusionPlan *plan);
/* Pixels y0 <= y < y1, x0 <= x < x1 of a square. */
void occlusion_square(const OcclusionPlan *plan, int square, int *y0, int *x0, int *y1, int *x1);
/* Main head's logits, `classes` floats, with one square of x (C,H,W) covered; none when square is -1. `covered` has x's size and is
 * overwritten. The run holds one picture and has its weights. */
void occlusion_logits(Run *run, const OcclusionPlan *plan, const float *x, int square, float *covered, float *logits);
/* whole: logits of the whole picture (classes); logits (count, classes) of the squares 0 .. count - 1, all of them or the first
 * ones; map (H, W), 0 where none of them covers. Returns the map's largest magnitude. */
float occlusion_map(const OcclusionPlan *plan, const float *whole, const float *logits, int count, int classes, int class_index, float *map);

#endif
