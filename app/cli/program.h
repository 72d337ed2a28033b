/* program.h - opens the whole program with weights and a picture, for the window and for the hand-outs of lessons. */
#ifndef INCEPTOSCOPE_PROGRAM_H
#define INCEPTOSCOPE_PROGRAM_H

#include "app/cli/open.h"
#include "app/views/app.h"

typedef struct ProgramFiles {
    const char *weights, *network; /* as in cli_open_source */
    const char *labels;         /* a file of class names, or NULL */
    const char *image;          /* NULL: the network's own picture, or one of the program's */
} ProgramFiles;

/* Fills in the source, picture and folders of `options`. NULL on failure, with everything closed again; err is unchanged if the
 * reason was already printed. The caller ends with inceptoscope_free. */
Inceptoscope *program_open(const ProgramFiles *files, SessionOptions options, Err *err);

#endif
