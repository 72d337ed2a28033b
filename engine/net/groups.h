/* groups.h - neuron groups: a layer's maps, all of them, as a few non-negative factors ("neuron groups", Olah et al. 2018, The Building
 * Blocks of Interpretability). A (places, channels), the maps after ReLU, is approximated by W H with W (places, k) and H (k, channels), both
 * >= 0: a group is a direction in the channels (a row of H) and says how strongly each place has it (a column of W).
 *
 * Lee and Seung's multiplicative updates in double. The start is made of rows of A, the farthest in angle from those already taken, so
 * there is no randomness: the same maps give the same bits. */
#ifndef INCEPTOSCOPE_GROUPS_H
#define INCEPTOSCOPE_GROUPS_H

#include "engine/base/err.h"
#include "engine/base/stop.h"
#include "engine/base/tensor.h"

enum { GROUPS_MAX = 8, GROUPS_UPDATES = 200 };

typedef struct Groups {
    int count;                  /* k as asked for, or less: so many different rows the maps have */
    int places, channels;       /* H x W of the map, C */
    double *strength;           /* W (count, places), owned: of each place, in units of |h| = 1 */
    double *direction;          /* H (count, channels), owned, each row of length 1 */
    double norm, left_over;     /* |A|, and |A - W H| / |A|, 0 to 1 */
} Groups;

/* map (C, H, W). Values below 0 count as 0: there are none after a ReLU. 1 <= k <= GROUPS_MAX. The groups are sorted by their total
 * strength, the largest first. An empty map (all 0) has no groups. stop may be NULL. False and a message if out of memory or stopped. */
bool groups_find(const float *map, Shape shape, int k, Stop *stop, Groups *out, Err *err);
void groups_free(Groups *groups);

/* The channels of a group with the largest direction, the first the largest. Returns how many were written. */
int groups_top(const Groups *groups, int group, int *channels, int max);
/* What a group gives to a score: the sum over places and channels of W h times the gradient (C, H, W) of the score by the map. */
double groups_gives(const Groups *groups, int group, const float *gradient);

#endif
