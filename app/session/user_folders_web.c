/* user_folders_web.c - a page has no folder of the user's; see user_folders.h. Files arrive by dropping them or from its file button. */
#include "app/session/user_folders.h"

bool user_folder_current(char *out, size_t size)
{
    (void)out;
    (void)size;
    return false;
}

bool user_folder_home(char *out, size_t size)
{
    return user_folder_current(out, size);
}

bool user_folder_weights(char *out, size_t size)
{
    return user_folder_current(out, size);
}
