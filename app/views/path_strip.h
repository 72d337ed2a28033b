/* path_strip.h - the network as a line of stops, modules with their four lanes, and the path through them. */
#ifndef INCEPTOSCOPE_PATH_STRIP_H
#define INCEPTOSCOPE_PATH_STRIP_H

#include "app/views/parts.h"

static const float PATH_STRIP_H = 108;

/* Draws it in r, which is PATH_STRIP_H high; a click on a stop looks at the path's first step there. Where the window is too narrow for all
 * stops, those around the step that is looked at are shown. */
void path_strip(Ui *ui, Model *m, ViewState *v, Rect r);
/* Whether this step is reached: from the beginning, in the direction in which the path is played, up to the one that is looked at. */
bool path_reached(const PathModel *p, int step);

#endif
