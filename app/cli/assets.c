/* assets.c - finds the networks, pictures, labels and weights that come with the program. */
#include "app/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Relative to the folder of the executable: the source tree of build/inceptoscope (or build/MODE/inceptoscope), and PREFIX/share
 * of PREFIX/bin/inceptoscope. */
static const char *const places[] = {"../assets/", "../../assets/", "../share/inceptoscope/"};

char *asset_path(const char *relative)
{
    char *base = base_folder();
    if (base == NULL)
        return NULL;
    char *path = NULL;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t size = strlen(base) + strlen(places[i]) + strlen(relative) + 1;
        free(path);
        path = malloc(size);
        if (path == NULL)
            break;
        snprintf(path, size, "%s%s%s", base, places[i], relative);
        if (access(path, R_OK) == 0)
            break;
    }
    free(base);
    char *plain = path != NULL ? realpath(path, NULL) : NULL; /* shorter in messages: without "build/../" */
    if (plain == NULL)
        return path;
    free(path);
    return plain;
}

/* lessons/ is beside assets/ in the source tree, and among the other assets when installed. */
char *lessons_path(void)
{
    char *installed = asset_path("lessons");
    if (installed != NULL && access(installed, R_OK) == 0)
        return installed;
    free(installed);
    return asset_path("../lessons");
}
