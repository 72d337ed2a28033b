/* module_layout.h - where everything of an Inception module is on the stage: the input, four lanes, their bands in the concat. All of it
 * is always inside the area. Where there is no room for every map, each grid shows as many as fit, and its last tile says how many more
 * there are. One tile size serves the whole module, so that a map is as large in the concat as in its branch. No drawing and no model. */
#ifndef INCEPTOSCOPE_MODULE_LAYOUT_H
#define INCEPTOSCOPE_MODULE_LAYOUT_H

#include "app/ui/ui.h"
#include "engine/net/net.h"

/* Channels [first, first + count) of a layer's map. */
typedef struct ModuleGrid {
    int layer;                  /* -1: there is no such grid */
    int first, count;
    int columns, rows;
    int shown;                  /* maps; less than count: the rest of the last row is the tile that says how many more there are */
    float tile;
    Rect rect;                  /* of the tiles */
    Rect more;                  /* that last tile; w = 0 where all maps are shown */
} ModuleGrid;

typedef struct ModuleLane {
    Branch branch;
    Rect rect;                  /* the card */
    Rect head, captions;        /* rows of text in it; head.h = 0 where there is room for only one */
    ModuleGrid before, out;     /* the reduction or the pool, if there is one; what goes into the concat */
    Rect band;                  /* the coloured bar of the concat, its height in proportion to the channels */
    ModuleGrid concat;
    Rect label;                 /* two lines of text beside it */
} ModuleLane;

typedef struct ModuleLayout {
    bool whole;                 /* every map is shown */
    float tile;
    Rect input_words, concat_words, lanes_area; /* rows of text above the columns at the sides; what all lanes cover */
    ModuleGrid input;
    ModuleLane lanes[BRANCH_COUNT];
} ModuleLayout;

/* open: a branch whose lane was opened, so that it gets the room that the others can spare; BRANCH_NONE: none. */
void module_layout(Ui *ui, const Net *net, int module, Rect area, Branch open, ModuleLayout *out);

/* Of the text in the last tile, "+96": small, so that one tile is enough where it can be. */
TextStyle module_more_style(const Ui *ui);

#endif
