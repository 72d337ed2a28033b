/* patch.c - cuts a part out of a picture; see patch.h. */
#include "app/model/patch.h"

#include <stdlib.h>
#include <string.h>

bool patch_cut(const Image *fitted, ReceptiveField f, int side, Image *out, Err *err)
{
    Image cut = {.w = f.x1 - f.x0, .h = f.y1 - f.y0, .orientation = 1};
    assert(f.x0 >= 0 && f.y0 >= 0 && f.x1 <= fitted->w && f.y1 <= fitted->h && cut.w > 0 && cut.h > 0);
    cut.rgb = malloc((size_t)cut.w * (size_t)cut.h * 3);
    if (cut.rgb == NULL)
        return err_set(err, "not enough memory for a part of a photo");
    for (int y = 0; y < cut.h; y++)
        memcpy(cut.rgb + (size_t)y * (size_t)cut.w * 3, fitted->rgb + ((size_t)(f.y0 + y) * (size_t)fitted->w + (size_t)f.x0) * 3, (size_t)cut.w * 3);
    const int longer = cut.w > cut.h ? cut.w : cut.h;
    if (longer <= side) {
        *out = cut;
        return true;
    }
    const int w = (cut.w * side + longer / 2) / longer, h = (cut.h * side + longer / 2) / longer;
    const bool good = image_resize(&cut, w > 0 ? w : 1, h > 0 ? h : 1, out, err);
    image_free(&cut);
    return good;
}
