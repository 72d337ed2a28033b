/* base_web.c - the folder of the program on the web; see cli.h. */
#include "app/cli/cli.h"

#include <stdlib.h>
#include <string.h>

/* A page's files are below the root of its own file system. In node the program is a file in a folder that assets/web/node.js
 * names. */
char *base_folder(void)
{
    const char *folder = getenv("INCEPTOSCOPE_FOLDER");
    return strdup(folder != NULL ? folder : "/");
}
