/* record.h - an animation of the walk: from where the user stands to the end of the network, as a GIF in the working folder. The
 * model plays by itself meanwhile; the shell hands over the pixels of the frames that are asked for. */
#ifndef INCEPTOSCOPE_RECORD_H
#define INCEPTOSCOPE_RECORD_H

#include "app/model/model.h"

/* Begins, or ends what runs and writes the file. */
void record_toggle(Model *m);
/* At the end of a frame: whether its pixels are wanted. Ends the recording when playing has ended. */
bool record_wants(Model *m);
void record_pixels(Model *m, const unsigned char *rgb, int w, int h);
void record_drop(Model *m);     /* without writing */

#endif
