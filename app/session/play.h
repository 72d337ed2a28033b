/* play.h - steps by itself: from layer to layer through the network, or in the one-value view from position to position of the
 * map. It runs while Model.playing is true; a verb of the user that clears it ends playing. */
#ifndef INCEPTOSCOPE_PLAY_H
#define INCEPTOSCOPE_PLAY_H

#include "app/model/model.h"

typedef struct Play {
    double next;                /* when the next step is due */
} Play;

void play_begin(Play *p, Model *m, double wait); /* wait: seconds until the first step */
void play_toggle(Play *p, Model *m);
void play_frame(Play *p, Model *m);     /* call before each frame: takes the steps that are due */

#endif
