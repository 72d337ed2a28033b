/* heat.c - saves a map of signed values over a picture; see heat.h. */
#include "app/cli/heat.h"
#include "app/ui/ui.h"

#include <math.h>
#include <stdlib.h>

enum { ENLARGE = 2 }; /* the network's 224 x 224 picture on a page */

bool heat_save(const char *path, const Image *picture, const Heat *heat, Err *err)
{
    const int w = picture->w * ENLARGE, h = picture->h * ENLARGE;
    unsigned char *rgb = malloc((size_t)w * (size_t)h * 3);
    if (rgb == NULL)
        return err_set(err, "%s: not enough memory for the picture", path);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            const unsigned char *p = picture->rgb + 3 * ((size_t)(y / ENLARGE) * (size_t)picture->w + (size_t)(x / ENLARGE));
            const float value = heat->values[y * heat->rows / h * heat->cols + x * heat->cols / w];
            const Color color = colormap_color(MAP_SIGNED, value, -heat->reach, heat->reach);
            const float share = heat->reach > 0 ? 0.2f + 0.6f * fabsf(value) / heat->reach : 0;
            const float grey = (float)(p[0] * 299 + p[1] * 587 + p[2] * 114) / 1000;
            for (int c = 0; c < 3; c++) {
                const float over = (float)(color >> (24 - 8 * c) & 0xff); /* 0xRRGGBBAA */
                rgb[3 * ((size_t)y * (size_t)w + (size_t)x) + (size_t)c] = (unsigned char)(grey + share * (over - grey) + 0.5f);
            }
        }
    const bool good = image_save_png(path, rgb, w, h, err);
    free(rgb);
    return good;
}
