/* user_folders_desktop.c - the user's folders on a desktop; see user_folders.h. */
#include "app/session/user_folders.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool user_folder_current(char *out, size_t size)
{
    return getcwd(out, size) != NULL;
}

bool user_folder_home(char *out, size_t size)
{
    const char *home = getenv("HOME");
    return home != NULL && home[0] == '/' && (size_t)snprintf(out, size, "%s", home) < size;
}

bool user_folder_weights(char *out, size_t size)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    const int n = data != NULL && data[0] == '/'   ? snprintf(out, size, "%s/inceptoscope/weights", data)
                  : home != NULL && home[0] == '/' ? snprintf(out, size, "%s/.local/share/inceptoscope/weights", home)
                                                   : -1;
    return n > 0 && (size_t)n < size;
}
