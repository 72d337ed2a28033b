/* exact.h - the maps of the reference engine, all that explanations add up from (explain.h, path.h, order.h). */
#ifndef INCEPTOSCOPE_EXACT_H
#define INCEPTOSCOPE_EXACT_H

#include "engine/net/run.h"

/* Asked before each layer; false ends the work. */
typedef struct ExactWatch { bool (*layer)(void *user, int layer); void *user; } ExactWatch;

/* Computes the layers [0, last] of the main path, and of one auxiliary head: `head` is its number, 0 for none, -1 for all of them. maps: net->layer_count pointers,
 * all NULL; those of the layers that were computed receive a map (C, H, W) from malloc, which the caller frees with exact_free, also after a
 * failure. input: one preprocessed picture. watch: NULL for none. False if out of memory, with a message, or if the watch ended it, without one. */
bool exact_maps(const Net *net, const float *weights, const float *input, int last, int head, const ExactWatch *watch, float **maps, Err *err);
void exact_free(const Net *net, float **maps); /* the maps and the array; NULL is allowed */

#endif
