/* occlusion.h - the parts of the picture that raise a class's score, found by covering them (Zeiler and Fergus 2014): a square of
 * the picture is set to zero, the network is computed again, and the loss of score is the square's value. This needs only the
 * network's outputs, so it also works where a class activation map does not.
 *
 * Zero after preprocessing is mid grey or the data set's mean colour. Squares start at multiples of the step, from the top left
 * corner; the last ones are cut at the border. Where squares overlap, a pixel's value is the mean over the squares that cover it:
 *   map[y,x] = mean over squares that cover (y,x) of  score(whole picture) - score(picture with that square covered)
 * Captum's Occlusion has the same grid, baseline and mean. */
#ifndef INCEPTOSCOPE_OCCLUSION_H
#define INCEPTOSCOPE_OCCLUSION_H

#include "engine/net/run.h"

typedef struct OcclusionPlan {
    Shape input;                /* (1, C, H, W) */
    int square, step;           /* pixels */
    int rows, cols;             /* of squares; square number s is in row s / cols, column s % cols */
} OcclusionPlan;

/* False with a message when the square is larger than the picture or the step leaves gaps: 1 <= step <= square <= H, W. */
bool occlusion_plan(Shape input, int square, int step, OcclusionPlan *plan, Err *err);
/* Squares of a seventh of the picture's shorter side, in steps of half a square: 32 and 16 pixels for 224. */
OcclusionPlan occlusion_plan_default(Shape input);
int occlusion_count(const OcclusionPlan *plan);
/* Pixels y0 <= y < y1, x0 <= x < x1 of a square. */
void occlusion_square(const OcclusionPlan *plan, int square, int *y0, int *x0, int *y1, int *x1);
/* The main head's logits, `classes` floats, with one square of x (C,H,W) covered; square -1: none. `covered` has the size of x
 * and is overwritten. The run holds one picture, and its weights are set. */
void occlusion_logits(Run *run, const OcclusionPlan *plan, const float *x, int square, float *covered, float *logits);
/* whole: logits of the whole picture (classes). logits (count, classes): those of squares 0 .. count - 1, which may be only the
 * first ones. map (H, W) is 0 where none of these squares is. Returns the largest magnitude in the map. */
float occlusion_map(const OcclusionPlan *plan, const float *whole, const float *logits, int count, int classes, int class_index, float *map);

#endif
