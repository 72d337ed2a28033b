/* strongest.h - draws the channels with the largest values, enlarged, where a stage has room left. */
#ifndef INCEPTOSCOPE_STRONGEST_H
#define INCEPTOSCOPE_STRONGEST_H

#include "app/views/parts.h"

/* Shows those of the channels [first, first + count) that have the largest values in `by` (one for each channel of the map). */
typedef struct Strongest {
    int layer, first, count;
    const float *by;
    float tile;                 /* tile of the layer's grid; these tiles are at least twice as large */
    Shape room;                 /* the tiles have the places of maps of this shape, which is not smaller; c = 0: of their own */
    const int *must;            /* a channel that is always shown, in the last place if it is not among the largest; NULL: none */
    const ChannelPart *parts; int part_count; /* instead of the largest: these channels, in this order, each with its sum */
    const char *heading; Color color;
} Strongest;

/* Draws in r; nothing if two of them do not fit. */
void strongest(Ui *ui, Model *m, ViewState *v, Rect r, const LayerMap *map, const Strongest *s);
/* The smallest height in which it draws. */
float strongest_least(float tile);

#endif
