/* training.h - the trainings that the window can show: which histories there are, and the one that is open. Trainings itself is a command
 * (`inceptoscope train`); its history grows while this shows it. */
#ifndef INCEPTOSCOPE_TRAINING_H
#define INCEPTOSCOPE_TRAINING_H

#include "app/model/model.h"
#include "app/model/watch.h"

typedef struct Trainings {
    Watch watch;                /* of the open one */
    bool open;
    bool looked;                /* the folders were read when the view opened */
    char **paths; int count;    /* histories that were found or opened; owned */
    const char *weights_dir;    /* the program's own weights, whose history is listed too; borrowed, or NULL */
} Trainings;

void training_close(Trainings *t);       /* the end of the session: frees everything */
/* Call before each frame. When the view opens: lists the history beside the weights, the program's own, and those of the folder that the
 * program runs in and of its subfolders; opens the first. Later: reads the open one again when it has changed, and plays it. */
void training_frame(Trainings *t, const Model *m);
/* Opens a history file or a training's folder, puts it on the list and shows the view; on failure the status line says why. */
void training_show(Trainings *t, Model *m, const char *path);
void training_leave(Trainings *t);       /* back to the list */
void training_play(Trainings *t, const Model *m); /* starts or stops going through its epochs */
void training_epoch(Trainings *t, const Model *m, Verb verb); /* VERB_EPOCH_... */

#endif
