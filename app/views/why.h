/* why.h - shared by the views that show why a class was chosen: the class activation map, the share and the occlusion. */
#ifndef INCEPTOSCOPE_WHY_H
#define INCEPTOSCOPE_WHY_H

#include "app/views/parts.h"

/* The title row, with the choice between these views at its right; cut off `area`. */
void why_title(Ui *ui, Model *m, Rect *area, const char *title, const char *says);
/* The width of a column at either side of these views, of the whole width. */
float why_side_width(float whole);
/* The classes, best first, in `in`. Returns the one that was clicked, or -1. */
int why_class_list(Ui *ui, Model *m, ViewState *v, Rect in, Str heading, int chosen);
/* The same as a card; a click chooses the class that is explained. */
void why_classes(Ui *ui, Model *m, ViewState *v, Rect r, int chosen);
/* The scale of a picture's map. All classes have the scale of the predicted class, so that a weak class looks weaker. */
typedef struct WhyScale {
    float reach;                /* both ends of the colours */
    float lo, hi;               /* the values of the shown class; clipped beyond reach */
    int owner;                  /* reach comes from this class */
} WhyScale;

/* The colour of a value over the picture: blue for the class, orange against it, stronger for larger values; transparent at 0. */
Color why_color(float value, float reach);
/* A map of rows x columns over the picture, in cells of its own size, each with its value under the pointer. */
void why_map(Ui *ui, Rect place, const float *map, int rows, int columns, float reach);
/* "9.945 − 0.011 = 9.934": with enough decimals for the rounded numbers to add up. */
void why_sum_text(double a, double b, char *out, size_t size);
/* Rows cut off `r`: the legend, its ends in words, "against daisy -3.2" and "3.2 for daisy", and the class of the scale. `what`
 * describes the colours, with printf directives for the lowest and the highest value here. */
void why_legend(Ui *ui, const Model *m, Rect *r, int class_index, const WhyScale *scale, Str what);

#endif
