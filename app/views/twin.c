/* twin.c - where the maps before and after a layer are that keeps its channels; see twin.h. */
#include "app/views/twin.h"

#include <math.h>

bool twin_layer(const Layer *l)
{
    return op_keeps_channels(l->op) && l->in.c == l->out.c;
}

static int longer(Shape s)
{
    return s.h > s.w ? s.h : s.w;
}

Shape twin_larger(Shape a, Shape b)
{
    return longer(b) > longer(a) ? b : a;
}

/* Where the larger maps are averaged to a size that is not a whole part of theirs, the smaller ones may have a sharp one. */
float twin_tile(const Ui *ui, const MapGrid *larger, Shape a, Shape b)
{
    const float one = map_tile_sharp(ui, a.h, a.w, larger->tile), other = map_tile_sharp(ui, b.h, b.w, larger->tile);
    return map_is_averaged(ui, larger) ? fminf(one, other) : larger->tile;
}

MapGrid twin_grid(const Ui *ui, const MapGrid *fitted, Shape shape)
{
    MapGrid grid = *fitted;
    grid.h = shape.h;
    grid.w = shape.w;
    grid.tile = map_tile_sharp(ui, shape.h, shape.w, fitted->tile);
    grid.gap = fitted->gap + fitted->tile - grid.tile;
    return grid;
}
