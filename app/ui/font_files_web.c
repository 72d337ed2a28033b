/* font_files_web.c - the font files of the web page; see font_files.h. The page has its own fonts, made by assets/web/fonts under
 * these names. */
#include "app/ui/font_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SANS "/fonts/sans.ttf"
#define BOLD "/fonts/bold.ttf"
#define MONO "/fonts/mono.ttf"
#define MONO_BOLD "/fonts/mono-bold.ttf"
#define CHINESE "/fonts/chinese.ttf"

static const struct FaceFiles { const char *path[FALLBACKS]; bool bold; } face_files[FACE_COUNT] = {
    [FACE_SANS] = {{SANS, CHINESE, SANS}, false},
    [FACE_BOLD] = {{BOLD, CHINESE, SANS}, true},
    [FACE_MONO] = {{MONO, SANS, CHINESE}, false},
    [FACE_MONO_BOLD] = {{MONO_BOLD, BOLD, CHINESE}, true},
};

/* The Chinese bold face is the regular font made bolder, as on a desktop. */
static bool is_bold(const char *path)
{
    return strcmp(path, BOLD) == 0 || strcmp(path, MONO_BOLD) == 0;
}

bool font_files(FontFile files[FACE_COUNT][FALLBACKS], Err *err)
{
    for (int face = 0; face < FACE_COUNT; face++)
        for (int i = 0; i < FALLBACKS; i++) {
            const char *path = face_files[face].path[i];
            if (access(path, R_OK) != 0)
                return err_set(err, "fonts: %s is not among the page's files", path);
            files[face][i] = (FontFile){strdup(path), 0, face_files[face].bold && !is_bold(path)};
            if (files[face][i].path == NULL)
                return err_set(err, "fonts: not enough memory");
        }
    return true;
}
