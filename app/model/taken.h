/* taken.h - one value taken apart for drawing: the explanation, its terms, the sums of its input channels. */
#ifndef INCEPTOSCOPE_TAKEN_H
#define INCEPTOSCOPE_TAKEN_H

#include "app/model/cursor.h"
#include "engine/net/explain.h"

enum { PATH_MAX_UNITS = 64 };

typedef struct Taken {
    Cursor at;
    Explanation e;
    Term *terms;                /* e.term_count, in the engine's order */
    ChannelPart *parts;         /* conv and fc: part_count, largest first */
    int part_count;
    int bits; float scale;      /* conv and fc: weight = scale * integer of so many bits, see quantize_found; bits is 0 for other weights */
    int *order;                 /* all terms, largest |product| first; for a softmax largest score first */
    float stored;               /* the value that the engine stored in the map */
    Unit path[PATH_MAX_UNITS];  /* max pool: the way back to a pixel */
    int path_count;
    const float **maps;         /* of all layers */
} Taken;

/* Takes the value at `at` apart. maps: of all layers, from malloc, taken over; those of the layer and its inputs must not be
 * NULL. False if out of memory. Ends with taken_free. */
bool taken_make(const Net *net, const float *weights, const float **maps, Cursor at, Taken *out);
void taken_free(Taken *taken);

#endif
