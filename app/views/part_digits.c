/* part_digits.c - prints the values into the cells of maps that are drawn so large that they can be read. See parts.h. */
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 1500 };                            /* values of a grid: more are not read one by one */
static const float LEAST_CELL = 15, LEAST = 9, LARGEST = 15, MONO = 0.605f; /* MONO: the width of a digit of size 1 */

/* A whole number without a point, else a few digits. */
static const char *digits(float value, char out[NUM_MAX])
{
    if (!(fabsf(value) < 1000) || value > floorf(value) || value < floorf(value))
        return num_cell(out, value, false);
    snprintf(out, NUM_MAX, "%d", (int)value);
    return out;
}

static Color ground_of(const MapGrid *grid, int channel, float value)
{
    const int range = grid->range_count > 1 ? channel : 0;
    return colormap_color(grid->tints != NULL ? grid->tints[channel] : grid->map, value, grid->lo[range], grid->hi[range]);
}

/* The type size with which every value of the grid fits its cell; 0: there is none, or there are too many values to be read. */
static float size_for(const MapGrid *grid, Rect cell)
{
    char text[NUM_MAX];
    size_t longest = 1;
    const size_t plane = (size_t)grid->h * (size_t)grid->w;
    if (cell.w < LEAST_CELL || cell.h < LEAST_CELL || plane * (size_t)grid->count > MOST)
        return 0;
    for (int i = 0; i < grid->count; i++)
        for (size_t k = 0; k < plane; k++) {
            const size_t length = strlen(digits(grid->data[(size_t)map_shown(grid, i) * plane + k], text));
            longest = length > longest ? length : longest;
        }
    const float size = fminf(fminf((cell.w - 4) / (MONO * (float)longest), cell.h * 0.6f), LARGEST);
    return size >= LEAST ? size : 0;
}

void part_digits(Ui *ui, Rect r, const MapGrid *grid)
{
    const Rect seen = ui->clip[ui->clip_count - 1].rect;
    char text[NUM_MAX];
    if (grid->rgb || grid->count < 1 || grid->columns < 1)
        return;
    const float size = size_for(grid, map_cell_rect(r, grid, map_shown(grid, 0), 0, 0));
    for (int i = 0; i < grid->count && size > 0; i++) {
        const int channel = map_shown(grid, i);
        const Rect tile = map_tile_rect(r, grid, channel);
        if (tile.y + tile.h < seen.y || tile.y > seen.y + seen.h)
            continue;
        for (int y = 0; y < grid->h; y++)
            for (int x = 0; x < grid->w; x++) {
                const float value = grid->data[((size_t)channel * (size_t)grid->h + (size_t)y) * (size_t)grid->w + (size_t)x];
                const TextStyle style = ui_style(FACE_MONO, size, color_ink(ground_of(grid, channel, value)));
                ui_text(ui, map_cell_rect(r, grid, channel, y, x), style, ALIGN_CENTER, digits(value, text));
            }
    }
}
