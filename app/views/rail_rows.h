/* rail_rows.h - the rows of the rail, without drawing: every stop of the walk, below a stop its auxiliary head, and the layers of the
 * module or head that one is in. */
#ifndef INCEPTOSCOPE_RAIL_ROWS_H
#define INCEPTOSCOPE_RAIL_ROWS_H

#include "app/model/model.h"

typedef enum RailKind { RAIL_STOP, RAIL_HEAD, RAIL_INNER } RailKind;
typedef struct RailRow {
    RailKind kind;
    int layer;                  /* a click goes there; of a head, its first one */
    int head;                   /* the head that this row names or that the layer is in; 0: the main path */
    float y, h;                 /* below the top of the list; lower than usual while the rows fold or unfold */
} RailRow;

/* Height of a stop's row, at least `least`, so that the network and its longest unfolded part fit `height`. The same wherever one is, so
 * that rows do not change their size on the way. */
float rail_row_height(const Net *net, float height, float least);
/* The same rows' height in sum, with the longest part unfolded. */
float rail_most(const Net *net, float row);
/* Fills `rows`, which has room for net->layer_count + net->head_count, and returns how many there are. The part that was left folds, the
 * one that is entered unfolds, with the move's progress. */
int rail_rows(const Model *m, float row, RailRow *rows);
/* The row of a layer, or -1: that of a folded module is its concat's. */
int rail_find(const Net *net, const RailRow *rows, int count, int layer);

#endif
