/* assets.c - where networks, pictures, labels and weights that come with the program stand. */
#include "app/cli/cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef INCEPTOSCOPE_PREFIX
#define INCEPTOSCOPE_PREFIX "/usr/local"
#endif

static char *join(const char *base, const char *middle, const char *relative)
{
    size_t size = strlen(base) + strlen(middle) + strlen(relative) + 1;
    char *path = malloc(size);
    if (path != NULL)
        snprintf(path, size, "%s%s%s", base, middle, relative);
    return path;
}

char *asset_path(const char *relative)
{
    /* build/inceptoscope stands one level below the tree that holds assets/; an installed one does not. */
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length > 0) {
        self[length] = '\0';
        for (int up = 0; up < 2; up++) {
            char *slash = strrchr(self, '/');
            if (slash != NULL)
                *slash = '\0';
        }
        char *path = join(self, "/assets/", relative);
        if (path != NULL && access(path, R_OK) == 0)
            return path;
        free(path);
    }
    return join(INCEPTOSCOPE_PREFIX, "/share/inceptoscope/", relative);
}
