/* view_state.h - what the views remember between frames, beside the session: where lists are scrolled to, what is being typed, rows chosen. */
#ifndef INCEPTOSCOPE_VIEW_STATE_H
#define INCEPTOSCOPE_VIEW_STATE_H

#include "app/model/layer_kernels.h"
#include "app/model/thumbs.h"
#include "app/session/session.h"
#include "app/ui/ui.h"

/* Scroll slots: one for each place that scrolls. */
enum { SCROLL_RAIL, SCROLL_INSPECTOR, SCROLL_FOCUS, SCROLL_INPUT, SCROLL_OUTPUT, SCROLL_LANES, SCROLL_VALUE, SCROLL_LIST, SCROLL_EXTRA, SCROLL_COUNT };
enum { RANGE_SLOTS = 64 };

/* A map under the pointer, drawn enlarged at the end of the frame. */
typedef struct Loupe {
    bool on;
    Cursor at;
    LayerMap map;
    Rect tile;                  /* the tile that it enlarges */
} Loupe;

enum { LEDGER_OPEN_MAX = 256 };

typedef struct LedgerState {
    LedgerColumn sort, share;   /* LEDGER_NAME: the description's order; not chosen yet */
    bool descending, heads;
    bool open[LEDGER_OPEN_MAX + 1]; /* per row: its parts are shown; the last one: all are */
    char query[64];
    int row;                    /* selected, or -1 */
    LedgerColumn column;
    int show;                   /* for so many frames the selected row is brought in sight: the panel about it takes room only in the second */
    bool claims;                /* the list of all printed numbers is shown instead of the table */
    int claim;                  /* selected in that list, counted from 1; 0: none */
} LedgerState;

/* One lesson of the menu. */
typedef struct LessonRow {
    Lesson lesson;              /* step_count 0 when it cannot be read: then `broken` says why */
    Err broken;
    bool begun;                 /* the class has been in it, as far as `answers` says */
    Answers answers;
} LessonRow;

typedef struct ViewState {
    LedgerState ledger;
    Scroll scroll[SCROLL_COUNT];
    int scrolled_layer;         /* layer that the stage's scroll positions belong to */
    Cursor followed; bool follow; /* the channel that was chosen last; whether this frame brings it in sight where its maps scroll */
    char query[96], path[512], class_query[48]; /* search overlay, picture overlay, a class to be explained */
    int row;                    /* chosen row of an overlay's list */
    float menu_right[2];        /* right edges of the top bar's words that open the menus: range, colour map */
    Overlay overlay_was;        /* of the last frame: a list is read anew when its overlay opens */
    Cursor lit;                 /* what the pointer was over in the last frame: its relatives are lit in this one */
    Loupe loupe;
    RangeShown drawn; bool drawn_set; /* the range that this frame's stage drew with where it is not the model's: for the legend */
    float stage_right;          /* where the stage ends and the inspector begins: the loupe leaves that in sight */
    float ranges[RANGE_SLOTS][2]; /* ranges that this frame's map grids point to */
    int range_count;
    size_t weight; int weight_layer; /* one value: the weight that was clicked, to be edited; layer -1: none */
    char scale_text[24], weight_text[24]; /* what is being typed into the what-if fields */
    WeightCells weight_cells;
    struct Scratch *scratch;    /* this frame's, see view_scratch; owned */
    int bundled;                /* pictures of that list that came with the program; the rest was opened before */
    char **paths; int path_count; /* of the list in the open overlay; owned */
    Thumbs *thumbs;             /* of the paths that are pictures; owned */
    LessonRow *lessons;         /* the same when they are lessons, path_count; owned */
} ViewState;

void view_state_free(ViewState *v);
/* The list of the open overlay: forgotten, and a copy of a path at its end; false without memory. */
void view_list_forget(ViewState *v);
bool view_list_add(ViewState *v, const char *path);
/* Memory that lasts until this frame is drawn, since what is drawn borrows map data; NULL when there is none. */
void *view_scratch(ViewState *v, size_t bytes);
void view_scratch_end(ViewState *v); /* at the beginning of the next frame */

#endif
