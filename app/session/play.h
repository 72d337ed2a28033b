/* play.h - steps by itself: layer by layer through the network and into its modules; or place by place over one map, in the one-value
 * view and, as the window that slides, on a layer's stage. It runs while Model.playing is true; a verb of the user that clears it
 * pauses it. It ends when the user goes elsewhere. */
#ifndef INCEPTOSCOPE_PLAY_H
#define INCEPTOSCOPE_PLAY_H

#include "app/model/model.h"

enum { PLAY_SLOWEST = -1, PLAY_FASTEST = 2 };

typedef struct Play {
    double next;                /* when the next step is due */
    int speed;                  /* PLAY_SLOWEST .. PLAY_FASTEST: a factor of 2 to this power, so 0 is the usual one */
    bool begun;                 /* it plays, or it is paused where it was */
    bool sliding;               /* on a stage: the window slides over the selected channel */
    Cursor ranked;              /* while it slides: the place whose strongest contributors are shown */
    int at; ViewKind view;      /* where it is; elsewhere it has ended */
} Play;

void play_begin(Play *p, Model *m, double wait); /* wait: seconds until the first step */
void play_toggle(Play *p, Model *m);
void play_slide(Play *p, Model *m);     /* begins to slide the stage's window over its map, or ends it */
bool play_slides(const Play *p, const Model *m); /* it slides, or is paused while sliding */
void play_frame(Play *p, Model *m);     /* call before each frame: takes the steps that are due */

double play_factor(const Play *p);      /* 0.5, 1, 2, 4 */
void play_set_speed(Play *p, Model *m, int speed); /* clamped */
/* Where it is: the number of the layer on the way, or of the place in the map. */
typedef struct PlayProgress {
    int at, count;
} PlayProgress;
PlayProgress play_progress(const Play *p, const Model *m);
void play_seek(Play *p, Model *m, int at); /* it goes on, or stays paused, from there */

#endif
