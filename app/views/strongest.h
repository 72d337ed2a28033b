/* strongest.h - the channels with the largest values, enlarged: what fills a stage whose maps leave room. */
#ifndef INCEPTOSCOPE_STRONGEST_H
#define INCEPTOSCOPE_STRONGEST_H

#include "app/views/parts.h"

/* What is shown: of the channels [first, first + count) those whose values in `by` (one for each channel of the map) are largest. */
typedef struct Strongest {
    int layer, first, count;
    const float *by;
    float tile;                 /* that the layer's grid is drawn with: these are at least twice as large */
    const char *heading; Color color;
} Strongest;

/* Draws in r; nothing where it has no room for two of them. */
void strongest(Ui *ui, Model *m, ViewState *v, Rect r, const LayerMap *map, const Strongest *s);
/* The least height in which it draws. */
float strongest_least(float tile);

#endif
