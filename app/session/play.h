/* play.h - stepping by itself: from stop to stop through the network, or in one value from place to place of its map. Model.playing says
 * that it goes on; whatever verb of the user's ends that ends it. */
#ifndef INCEPTOSCOPE_PLAY_H
#define INCEPTOSCOPE_PLAY_H

#include "app/model/model.h"

typedef struct Play {
    double next;                /* when the next step is due */
} Play;

void play_begin(Play *p, Model *m, double wait); /* the first step is due in so many seconds */
void play_toggle(Play *p, Model *m);
void play_frame(Play *p, Model *m);     /* before each frame: the steps that are due */

#endif
