/* judging.h - the activity behind the view of accuracy: the chosen folder, which is kept between runs, and the picture that is opened from
 * its lists. */
#ifndef INCEPTOSCOPE_JUDGING_H
#define INCEPTOSCOPE_JUDGING_H

#include "app/session/opening.h"

typedef struct Judging {
    bool keep;                  /* read and write the folder's name between runs */
    bool looked;                /* the kept name was read */
    char open[1024];            /* the picture that is being opened, or "" */
} Judging;

/* Call before each frame. When the view is shown for the first time it begins with the folder of the last run. */
void judging_frame(Judging *j, Model *m, const Opening *opening);
void judging_start(Judging *j, Model *m, const char *folder); /* a relative name is made absolute */
/* Opens a picture of the folder, by its number in the set, and goes to the network with it. */
void judging_open(Judging *j, Model *m, Opening *opening, int picture);

#endif
