/* font_files.h - which files the faces are drawn from: font_files_desktop.c asks fontconfig, font_files_web.c has the page's own. */
#ifndef INCEPTOSCOPE_FONT_FILES_H
#define INCEPTOSCOPE_FONT_FILES_H

#include "app/ui/ui.h"
#include "engine/base/err.h"

enum { FALLBACKS = 3 };

typedef struct FontFile {
    char *path;                 /* the caller frees it */
    int index;                  /* of the font in a collection */
    bool embolden;              /* it is to look bold and is not */
} FontFile;

/* For each face its fonts, in the order in which they are asked for a character. False and a message when there is none; what is in
 * `files` then is to be freed all the same. `files` is zero before. */
bool font_files(FontFile files[FACE_COUNT][FALLBACKS], Err *err);

#endif
