/* units.h - the activity behind the view of units: the chosen folder of photos, which is kept between runs, and the photo that is being
 * opened at the value that it excited. */
#ifndef INCEPTOSCOPE_UNITS_H
#define INCEPTOSCOPE_UNITS_H

#include "app/model/unit_photos.h"
#include "app/session/opening.h"

typedef struct Units {
    UnitPhotos photos;
    bool keep;                  /* read and write the folder's name between runs */
    bool looked;                /* the kept name was read */
    char open[1024];            /* the photo that is being opened, or "" */
    Cursor open_at;             /* where to go then */
} Units;

void units_close(Units *u);
/* Call before each frame. When the view is shown for the first time it begins with the folder of the last run. */
void units_frame(Units *u, Model *m, const Opening *opening);
void units_open(Units *u, Model *m, const char *folder); /* takes a folder of photos; a relative name is made absolute */
bool units_stop(Units *u);              /* false: nothing is being computed */
void units_go_on(Units *u, Model *m);   /* after units_stop */
/* The channel whose photos the view shows: the selected one, or else the layer's first, at the layer that has its values (behind pools and
 * norms the channels are those before them). False where there is none. */
bool units_channel(const Model *m, Cursor *shown, Address *unit);
/* Opens the photo of this rank (from 0) of that channel and goes to its largest value. False if it has none. */
bool units_open_photo(Units *u, Model *m, Opening *opening, int rank);

#endif
