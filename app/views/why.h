/* why.h - what the two views share that show why a class was chosen: the class activation map and the occlusion. */
#ifndef INCEPTOSCOPE_WHY_H
#define INCEPTOSCOPE_WHY_H

#include "app/views/parts.h"

/* The title row, "why daisy" or `name` when there is no class yet, and at its right the choice between the two views; cut off `area`. */
void why_title(Ui *ui, Model *m, Rect *area, const char *title, const char *says);
/* The classes, best first; a click chooses one. */
void why_classes(Ui *ui, Model *m, ViewState *v, Rect r, int chosen);
/* The scale of a picture's map. It is one for all classes, that of the class that is predicted: a weak class looks weaker. */
typedef struct WhyScale {
    float reach;                /* both ends of the colours */
    float lo, hi;               /* the values of the class that is shown; beyond reach they are clipped */
    int owner;                  /* class that the reach is from */
} WhyScale;

/* One value over the picture: blue speaks for the class, orange against it, the stronger the more; at 0 the picture is as it is. */
Color why_color(float value, float reach);
/* Rows cut off `r`: the legend, its ends in words, "against daisy -3.2" and "3.2 for daisy", and whose scale it is; `what` says what the
 * colours are, with a place for the lowest and the highest value here. */
void why_legend(Ui *ui, const Model *m, Rect *r, int class_index, const WhyScale *scale, Str what);

#endif
