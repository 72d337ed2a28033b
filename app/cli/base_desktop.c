/* base_desktop.c - the folder of the executable; see cli.h. */
#include "app/cli/cli.h"

#include <SDL.h>
#include <string.h>

char *base_folder(void)
{
    char *base = SDL_GetBasePath(), *copy = base != NULL ? strdup(base) : NULL;
    SDL_free(base);
    return copy;
}
