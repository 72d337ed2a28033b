/* opening.h - opening files while the window goes on: one at a time in the background (open_job.h), and the picture's own file again
 * whenever it changes on disk. What has arrived becomes the model's picture, second picture, or network and weights. */
#ifndef INCEPTOSCOPE_OPENING_H
#define INCEPTOSCOPE_OPENING_H

#include "app/model/model.h"
#include "app/session/open_job.h"
#include "app/session/recent.h"

typedef struct Opening {
    OpenJob *job;               /* what is being opened, or NULL */
    Recent recent;              /* files opened last */
    double checked;             /* when the picture's file was last looked at */
} Opening;

void opening_init(Opening *o, bool keep); /* keep: the list of recent files is read and written */
void opening_close(Opening *o);
void opening_start(Opening *o, Model *m, const char *path, bool second); /* second: the picture beside the first. What was being opened is left */
/* Before each frame. True when another network has arrived. */
bool opening_frame(Opening *o, Model *m);

#endif
