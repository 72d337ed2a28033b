/* taken.h - one value taken apart, ready to be drawn: the explanation, its terms, the parts of the input channels. */
#ifndef INCEPTOSCOPE_TAKEN_H
#define INCEPTOSCOPE_TAKEN_H

#include "app/model/model.h"

enum { PATH_MAX_UNITS = 64 };

typedef struct Taken {
    Cursor at;
    Explanation e;
    Term *terms;                /* e.term_count, in the engine's order */
    ChannelPart *parts;         /* conv and fc: part_count, largest first */
    int part_count;
    int *order;                 /* all terms by |product|, of a softmax by score; the largest first */
    float stored;               /* what the engine that made the maps has stored */
    Unit path[PATH_MAX_UNITS];  /* max pool: the way back to a pixel */
    int path_count;
    const float **maps;         /* of all layers */
} Taken;

/* Takes the value under `at` apart. False while its maps are not computed, or without memory. Ends with taken_free. */
bool taken_make(const Model *m, Cursor at, Taken *out);
void taken_free(Taken *taken);

#endif
