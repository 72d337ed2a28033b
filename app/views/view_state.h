/* view_state.h - what the views keep between frames, besides the session: scroll positions, typed text, chosen rows. */
#ifndef INCEPTOSCOPE_VIEW_STATE_H
#define INCEPTOSCOPE_VIEW_STATE_H

#include "app/model/compare.h"
#include "app/model/layer_kernels.h"
#include "app/model/sliding.h"
#include "app/model/thumbs.h"
#include "app/session/choices.h"
#include "app/session/folder.h"
#include "app/session/session.h"
#include "app/ui/ui.h"
#include "app/views/watch_app.h"

/* Scroll slots: one for each area that scrolls. */
enum { SCROLL_RAIL, SCROLL_INSPECTOR, SCROLL_FOCUS, SCROLL_INPUT, SCROLL_OUTPUT, SCROLL_VALUE, SCROLL_LIST, SCROLL_FOLDER, SCROLL_OVERLAY, SCROLL_EXTRA, SCROLL_STRIP, SCROLL_COUNT };

/* A map under the pointer, drawn enlarged at the end of the frame. */
typedef struct Loupe {
    bool on;
    Cursor at;
    LayerMap map;
    Rect tile;                  /* the enlarged tile */
} Loupe;

/* The window of one output value on the stage, see window_marks.h. */
typedef struct WindowShown {
    bool on;
    SlidingWindow of;
    int rank;                   /* of the strongest channel that was drawn */
    Rect from, to;              /* its window and the value's cell, each on its largest tile or that under the pointer; w = 0: not drawn */
    float from_tile, to_tile;   /* the widths of these tiles */
} WindowShown;

enum { LEDGER_OPEN_MAX = 256 };

typedef struct LedgerState {
    LedgerColumn sort, share;   /* LEDGER_NAME: the description's order; not chosen yet */
    bool descending, heads;
    bool open[LEDGER_OPEN_MAX + 1]; /* per row: its parts are shown; the last one: all parts are */
    char query[64];
    int row;                    /* selected, or -1 */
    LedgerColumn column;
    int at, follow;             /* the stage's layer that was followed; frames in which to scroll its row into view */
    int show;                   /* frames in which to scroll the row into view: the panel takes its room only in the second */
    bool claims;                /* the list of all printed numbers is shown instead of the table */
    int claim;                  /* selected row of that list, counted from 1; 0: none */
} LedgerState;

/* One lesson or exercise of the menu. */
typedef struct LessonRow {
    bool exercises;             /* it is an exercise */
    Exercise exercise;          /* title is NULL if it cannot be read */
    Lesson lesson;              /* step_count is 0 if it cannot be read; `broken` says why */
    Err broken;
    bool begun;                 /* the class has begun it, see `answers` */
    Answers answers;
} LessonRow;

typedef struct FrozenRows FrozenRows;

typedef struct ViewState {
    LedgerState ledger;
    Scroll scroll[SCROLL_COUNT];
    int scrolled_layer;         /* the stage's scroll positions belong to this layer */
    int rail_layer; float rail_height; /* the rail was scrolled to show this layer in this height */
    struct FrozenRows { int layer, channel, count, *channels; } frozen; /* the rows of one value's products, as they were when its kernel began to move; owned */
    int path_step;              /* the step that the path's list was scrolled to */
    int unit_followed;          /* the channel that the units were scrolled to */
    Cursor followed; bool follow; /* the last chosen channel; whether to scroll it into view now */
    char query[96], path[1024], class_query[48]; /* search overlay, picture overlay, search for a class */
    int row;                    /* chosen row of an overlay's list */
    WatchView watch; char history[512]; /* curves of a training in the window; the typed path of another */
    int bar_words; Rect bar_more; /* words of the bar that are shown; the left end of its menu */
    float menu_right[2];        /* right edges of the top bar's menu words: range, colour map */
    Overlay overlay_was;        /* of the last frame: a list is read again when its overlay opens */
    Cursor lit;                 /* under the pointer in the last frame: its relatives are lit in this one */
    Loupe loupe;
    int pointed_at; float rest_x, rest_y; /* Model.at, and where the pointer was when it changed: until it moves it points at nothing of the new stage */
    WindowShown window;         /* of this frame's stage */
    RangeShown drawn; bool drawn_set; /* for the legend: this frame's range on the stage, if it is not the model's */
    Rect grown_from;            /* the box on the overview from which the next stage grows */
    int open_module; Branch open_branch; /* the open lane and the concat of its module; BRANCH_NONE if no lane is open */
    float stage_right;          /* end of the stage and start of the inspector, which the loupe does not cover */
    float spare_range[2];       /* of map grids for whose range there was no memory */
    bool share_minus;           /* a click on a class chooses the one that is subtracted */
    struct TeachNames { char text[TEACH_BINS_MOST][TEACH_NAME_MAX]; } teach; /* typed names of bins */
    int share_channel;          /* selected in the last frame of the share's list; -1: none */
    size_t weight; int weight_layer; /* one value: the clicked weight, to edit; layer -1: none */
    char scale_text[24], weight_text[24]; /* text of the what-if fields */
    WeightCells weight_cells;
    WeightRanks ranked_kernels[2 * BRANCH_COUNT], ranked_inputs; /* of a module's layers, two in each branch; of one kernel */
    Compared compared;          /* of the two pictures, where the comparison is */
    struct Scratch *scratch;    /* this frame's, see view_scratch; owned */
    Folder *folder;             /* that the picture overlay lists; owned */
    char folder_path[1024];
    SourceChoices choices;            /* of the menu of networks; owned */
    int bundled;                /* how many of the paths are the program's own pictures; the rest are recent files */
    char **paths; int path_count; /* of the list in the open overlay; owned */
    Thumbs *thumbs;             /* of the paths, if they are pictures; owned */
    LessonRow *lessons;         /* of the paths, if they are lessons; path_count of them; owned */
} ViewState;

void view_state_free(ViewState *v);
/* The list of the open overlay: clear it, and append a copy of a path; false if out of memory. */
void view_list_forget(ViewState *v);
bool view_list_add(ViewState *v, const char *path);
/* Memory that is valid until this frame is drawn, since the draw list borrows map data; NULL if out of memory. */
void *view_scratch(ViewState *v, size_t bytes);
void view_scratch_end(ViewState *v); /* call at the beginning of the next frame */

#endif
