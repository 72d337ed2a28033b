/* opening.h - opens files in the background, one at a time (open_job.h), and opens the picture's file again whenever it changes
 * on disk. The result becomes the model's picture, second picture, network and weights, or class names. */
#ifndef INCEPTOSCOPE_OPENING_H
#define INCEPTOSCOPE_OPENING_H

#include "app/model/model.h"
#include "app/session/open_job.h"
#include "app/session/recent.h"

typedef struct Opening {
    OpenJob *job;               /* what is being opened, or NULL */
    Recent recent;              /* files opened last */
    char picture_before[1024];  /* the last picture's file, while a network's own picture is shown */
    OpenJob *whole;             /* the model's own weights once more, now with their heads; or NULL */
    bool quiet;                 /* what is being opened needs no message */
    double checked;             /* when the picture's file was last checked */
} Opening;

void opening_init(Opening *o, bool keep); /* keep: the list of recent files is read and written */
void opening_close(Opening *o);
/* second: as the second picture. Abandons a file that is still being opened. */
void opening_start(Opening *o, Model *m, const char *path, bool second);
/* The same of a description whose network is to have so many classes; 0: as many as it says. */
void opening_network(Opening *o, Model *m, const char *path, int classes);
/* The file of the model's weights has got the heads that it lacked: takes them, as soon as nothing computes and no what-if is set. */
void opening_whole(Opening *o, Model *m, const char *path);
bool opening_whole_due(const Opening *o, const Model *m); /* that is to come without the user's doing */
bool opening_cancel(Opening *o, Model *m); /* abandons the file and says so; false if none is being opened */
/* Call before each frame. True if there is a new network. */
bool opening_frame(Opening *o, Model *m);

#endif
