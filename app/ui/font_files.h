/* font_files.h - finds the font files of a face. font_files_desktop.c asks fontconfig; font_files_web.c has the page's own. */
#ifndef INCEPTOSCOPE_FONT_FILES_H
#define INCEPTOSCOPE_FONT_FILES_H

#include "app/ui/ui.h"
#include "engine/base/err.h"

enum { FALLBACKS = 3 };

typedef struct FontFile {
    char *path;                 /* the caller frees it */
    int index;                  /* of the font in its collection */
    bool embolden;              /* the face is bold, the font is not */
} FontFile;

/* Fills in each face's fonts, in the order in which they are searched for a character. `files` must be zero before. False and a
 * message if a face has none; the caller must still free what is in `files`. */
bool font_files(FontFile files[FACE_COUNT][FALLBACKS], Err *err);

#endif
