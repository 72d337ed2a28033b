/* why.h - shared by the two views that show why a class was chosen: the class activation map and the occlusion. */
#ifndef INCEPTOSCOPE_WHY_H
#define INCEPTOSCOPE_WHY_H

#include "app/views/parts.h"

/* The title row, with the choice between the two views at its right; cut off `area`. */
void why_title(Ui *ui, Model *m, Rect *area, const char *title, const char *says);
/* The classes, best first; a click chooses one. */
void why_classes(Ui *ui, Model *m, ViewState *v, Rect r, int chosen);
/* The scale of a picture's map. All classes have the scale of the predicted class, so that a weak class looks weaker. */
typedef struct WhyScale {
    float reach;                /* both ends of the colours */
    float lo, hi;               /* the values of the shown class; clipped beyond reach */
    int owner;                  /* reach comes from this class */
} WhyScale;

/* The colour of a value over the picture: blue for the class, orange against it, stronger for larger values; transparent at 0. */
Color why_color(float value, float reach);
/* Rows cut off `r`: the legend, its ends in words, "against daisy -3.2" and "3.2 for daisy", and the class of the scale. `what`
 * describes the colours, with printf directives for the lowest and the highest value here. */
void why_legend(Ui *ui, const Model *m, Rect *r, int class_index, const WhyScale *scale, Str what);

#endif
