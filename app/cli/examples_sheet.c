/* examples_sheet.c - draws sheets of patches; see examples_sheet.h. */
#include "app/cli/examples_sheet.h"
#include "app/model/patch.h"
#include "engine/base/size.h"

#include <stdlib.h>
#include <string.h>

enum { CELL = 168, GAP = 8, ACROSS = 3, SMALL = 40, SMALL_GAP = 2, BLOCK_GAP = 12, BACK = 245 };

typedef struct Sheet {
    unsigned char *rgb;
    int w, h;
} Sheet;

static bool sheet_new(Sheet *s, int w, int h, const char *path, Err *err)
{
    size_t bytes;
    *s = (Sheet){.w = w, .h = h};
    if (!size_mul((size_t)w * 3, (size_t)h, &bytes) || (s->rgb = malloc(bytes)) == NULL)
        return err_set(err, "%s: not enough memory for the picture", path);
    memset(s->rgb, BACK, bytes);
    return true;
}

/* The patch in the middle of a cell, enlarged by a whole factor if it is small. */
static void put_patch(Sheet *s, const Image *patch, int left, int top, int cell)
{
    const int longer = patch->w > patch->h ? patch->w : patch->h, factor = longer < cell ? cell / longer : 1;
    left += (cell - patch->w * factor) / 2;
    top += (cell - patch->h * factor) / 2;
    for (int y = 0; y < patch->h * factor; y++)
        for (int x = 0; x < patch->w * factor; x++)
            memcpy(s->rgb + 3 * ((size_t)(top + y) * (size_t)s->w + (size_t)(left + x)), patch->rgb + 3 * ((size_t)(y / factor) * (size_t)patch->w + (size_t)(x / factor)), 3);
}

bool sheet_photos_new(SheetPhotos *photos, const Examples *e, Err *err)
{
    *photos = (SheetPhotos){calloc((size_t)e->photos.count, sizeof *photos->fitted), e->photos.count};
    return photos->fitted != NULL || err_set(err, "not enough memory");
}

void sheet_photos_free(SheetPhotos *photos)
{
    for (int i = 0; photos->fitted != NULL && i < photos->count; i++)
        image_free(&photos->fitted[i]);
    free(photos->fitted);
    *photos = (SheetPhotos){NULL, 0};
}

static bool read_photo(SheetPhotos *photos, const Examples *e, int photo, Err *err)
{
    Image whole;
    if (photos->fitted[photo].rgb != NULL)
        return true;
    if (!image_load(e->photos.items[photo].path, &whole, err))
        return false;
    const bool good = image_fit(&whole, e->net, &photos->fitted[photo], NULL, err);
    image_free(&whole);
    return good;
}

static bool put_example(Sheet *s, const Examples *e, int layer, const Example *x, SheetPhotos *photos, int left, int top, int cell, Err *err)
{
    Image patch;
    if (!read_photo(photos, e, x->photo, err) || !patch_cut(&photos->fitted[x->photo], examples_field(e->net, layer, x->y, x->x), cell, &patch, err))
        return false;
    put_patch(s, &patch, left, top, cell);
    image_free(&patch);
    return true;
}

bool examples_sheet_unit(const Examples *e, Address unit, const ExamplesUnit *u, const char *path, Err *err)
{
    const int rows = (u->count + ACROSS - 1) / ACROSS;
    Sheet s;
    SheetPhotos photos;
    if (!sheet_photos_new(&photos, e, err))
        return false;
    bool good = sheet_new(&s, GAP + ACROSS * (CELL + GAP), GAP + rows * (CELL + GAP), path, err);
    for (int i = 0; good && i < u->count; i++)
        good = put_example(&s, e, unit.layer, &u->top[i], &photos, GAP + i % ACROSS * (CELL + GAP), GAP + i / ACROSS * (CELL + GAP), CELL, err);
    good = good && image_save_png(path, s.rgb, s.w, s.h, err);
    free(s.rgb);
    sheet_photos_free(&photos);
    return good;
}

bool examples_sheet_layer(const Examples *e, int layer, const ExamplesUnit *units, SheetPhotos *photos, const char *path, Err *err)
{
    enum { BLOCK = ACROSS * (SMALL + SMALL_GAP) + BLOCK_GAP };
    const int channels = e->net->layers[layer].out.c, rows = (channels + SHEET_COLUMNS - 1) / SHEET_COLUMNS;
    Sheet s;
    bool good = sheet_new(&s, BLOCK_GAP + SHEET_COLUMNS * BLOCK, BLOCK_GAP + rows * BLOCK, path, err);
    for (int c = 0; good && c < channels; c++)
        for (int i = 0; good && i < units[c].count && i < ACROSS * ACROSS; i++)
            good = put_example(&s, e, layer, &units[c].top[i], photos, BLOCK_GAP + c % SHEET_COLUMNS * BLOCK + i % ACROSS * (SMALL + SMALL_GAP),
                               BLOCK_GAP + c / SHEET_COLUMNS * BLOCK + i / ACROSS * (SMALL + SMALL_GAP), SMALL, err);
    good = good && image_save_png(path, s.rgb, s.w, s.h, err);
    free(s.rgb);
    return good;
}
