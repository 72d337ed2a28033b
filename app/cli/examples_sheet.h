/* examples_sheet.h - sheets of patches: what the strongest photos of a channel, or of all channels of a layer, look like where it is. */
#ifndef INCEPTOSCOPE_CLI_EXAMPLES_SHEET_H
#define INCEPTOSCOPE_CLI_EXAMPLES_SHEET_H

#include "engine/train/examples.h"

/* The patches of one channel as a PNG, strongest first in reading order, three in a row. */
bool examples_sheet_unit(const Examples *e, Address unit, const ExamplesUnit *u, const char *path, Err *err);

/* Photos as the network sees them, kept while sheets of many layers are drawn. */
typedef struct SheetPhotos {
    Image *fitted;              /* one for each photo; rgb NULL: not read yet */
    int count;
} SheetPhotos;
bool sheet_photos_new(SheetPhotos *photos, const Examples *e, Err *err);
void sheet_photos_free(SheetPhotos *photos);
/* All channels of a layer as a PNG, in reading order, SHEET_COLUMNS in a row; each is a square of up to nine small patches. A silent
 * channel is an empty square. units: one for each channel. */
enum { SHEET_COLUMNS = 16 };
bool examples_sheet_layer(const Examples *e, int layer, const ExamplesUnit *units, SheetPhotos *photos, const char *path, Err *err);

#endif
