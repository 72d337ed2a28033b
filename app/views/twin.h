/* twin.h - two grids side by side for a layer that keeps its channels (pools, norms, dropout): the same columns and the same distance
 * between tiles, so that each map is in the same place before and after. No drawing and no model. */
#ifndef INCEPTOSCOPE_TWIN_H
#define INCEPTOSCOPE_TWIN_H

#include "app/ui/ui.h"
#include "engine/net/net.h"

/* Whether the layer's maps are the same channels as its input's, so that both are drawn as twins. */
bool twin_layer(const Layer *l);
/* Of two shapes the one with the larger maps: what fits it fits both. */
Shape twin_larger(Shape a, Shape b);
/* The largest tile, not above that of a fitted grid of the larger maps, that is sharp for both shapes; that grid's own tile if none is. */
float twin_tile(const Ui *ui, const MapGrid *larger, Shape a, Shape b);
/* The grid of maps of this shape in the places of a grid that is fitted: of the same size where that is sharp, else smaller and with larger
 * gaps. */
MapGrid twin_grid(const Ui *ui, const MapGrid *fitted, Shape shape);

#endif
