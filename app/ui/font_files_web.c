/* font_files_web.c - the font files of the web page; see font_files.h. assets/web/fonts makes them under these names. A page has them in
 * /fonts; in node they are beside the program, whose folder assets/web/node.js tells. */
#include "app/ui/font_files.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SANS "sans.ttf"
#define BOLD "bold.ttf"
#define MONO "mono.ttf"
#define MONO_BOLD "mono-bold.ttf"
#define CHINESE "chinese.ttf"

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
    const char *folder = getenv("INCEPTOSCOPE_FOLDER");
    char path[PATH_MAX];
    for (int face = 0; face < FACE_COUNT; face++)
        for (int i = 0; i < FALLBACKS; i++) {
            const char *name = face_files[face].path[i];
            snprintf(path, sizeof path, "%sfonts/%s", folder != NULL ? folder : "/", name);
            if (access(path, R_OK) != 0)
                return err_set(err, "fonts: %s is missing; make it with assets/web/fonts", path);
            files[face][i] = (FontFile){strdup(path), 0, face_files[face].bold && !is_bold(name)};
            if (files[face][i].path == NULL)
                return err_set(err, "fonts: not enough memory");
        }
    return true;
}
