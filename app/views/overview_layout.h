/* overview_layout.h - where each stop of a network is on the overview: rows of boxes, read like lines of text, in any window. No
 * drawing and no model, so that a test can lay out every network at every size. */
#ifndef INCEPTOSCOPE_OVERVIEW_LAYOUT_H
#define INCEPTOSCOPE_OVERVIEW_LAYOUT_H

#include "app/ui/ui.h"
#include "engine/net/net.h"

typedef enum OverviewKind {
    OVERVIEW_PICTURE,           /* the input */
    OVERVIEW_MAPS,              /* the strongest map, and the edges of those behind it */
    OVERVIEW_MODULE,            /* four lanes and the concat */
    OVERVIEW_VALUES,            /* a layer without height and width: a cell for each value */
    OVERVIEW_CLASSES,           /* the decision: bars */
    OVERVIEW_KIND_COUNT
} OverviewKind;

static const float OVERVIEW_CLASS_ROW = 24; /* height of a class's bar with the gap below it */

typedef struct OverviewBox {
    OverviewKind kind;
    int layer;                  /* the stop */
    int line;                   /* the row of boxes that it is in, from 0 */
    Rect rect;                  /* all of it, with its words: what can be clicked */
    Rect art;                   /* the maps, the lanes, the cells or the bars alone */
    int columns; float cell;    /* OVERVIEW_VALUES: cells in a row, and their edge */
    float words;                /* width of the words under it */
    int head;                   /* the auxiliary head that reads it or a layer of its module; 0: none does */
    Rect head_rect;             /* that head's place below the box; w = 0 without one */
} OverviewBox;

typedef struct Overview {
    OverviewBox *boxes;         /* the caller's */
    int count, lines;
    float zoom;                 /* 1: modules are 204 wide */
    float height;               /* of all lines; more than the area's where even the smallest boxes do not fit */
} Overview;

/* Gives the width of the words under a layer's box, so that none is cut: the caller knows the language and the fonts. */
typedef struct OverviewWords {
    float (*width)(void *user, int layer);
    void *user;
} OverviewWords;

/* Fills boxes (room for net->main_count of them) with the largest zoom at which all stops fit the area. */
void overview_layout(const Net *net, Rect area, OverviewWords words, OverviewBox *boxes, Overview *out);
/* The box of a layer: its own, or that of the module or of the layer that its head reads. -1: none. */
int overview_find(const Overview *overview, const Net *net, int layer);

#endif
