/* patch.h - the part of a photo that a value sees, cut out of the picture as the network sees it. */
#ifndef INCEPTOSCOPE_PATCH_H
#define INCEPTOSCOPE_PATCH_H

#include "engine/io/image.h"
#include "engine/net/explain.h"

/* field: inside the picture, see examples_field. A patch with a longer side above `side` is shrunk to it; a smaller one is not enlarged.
 * False with a message if out of memory. */
bool patch_cut(const Image *fitted, ReceptiveField field, int side, Image *out, Err *err);

#endif
