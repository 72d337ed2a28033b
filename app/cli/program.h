/* program.h - the whole program opened on weights and a picture: what the window and the hand-outs of lessons begin with. */
#ifndef INCEPTOSCOPE_PROGRAM_H
#define INCEPTOSCOPE_PROGRAM_H

#include "app/cli/open.h"
#include "app/views/app.h"

typedef struct ProgramFiles {
    const char *weights, *network; /* as in cli_open_source */
    const char *image;          /* NULL: the network's own picture, or one of the program's */
} ProgramFiles;

/* `options` without source, picture and folders, which are filled in here. NULL on failure, with everything closed again; err stays
 * untouched when the reason was printed already. The caller ends with inceptoscope_free. */
Inceptoscope *program_open(const ProgramFiles *files, SessionOptions options, Err *err);

#endif
