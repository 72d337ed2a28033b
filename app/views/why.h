/* why.h - what the two views share that show why a class was chosen: the class activation map and the occlusion. */
#ifndef INCEPTOSCOPE_WHY_H
#define INCEPTOSCOPE_WHY_H

#include "app/views/parts.h"

/* The title row, "why daisy" or `name` when there is no class yet, and at its right the choice between the two views; cut off `area`. */
void why_title(Ui *ui, Model *m, Rect *area, const char *title, const char *says);
/* The classes, best first; a click chooses one. */
void why_classes(Ui *ui, Model *m, ViewState *v, Rect r, int chosen);
/* One value over the picture: blue speaks for the class, orange against it, the stronger the more. */
Color why_color(float value, float reach);

#endif
