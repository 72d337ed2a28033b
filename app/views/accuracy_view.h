/* accuracy_view.h - shared by the files that draw the view of accuracy. */
#ifndef INCEPTOSCOPE_ACCURACY_VIEW_H
#define INCEPTOSCOPE_ACCURACY_VIEW_H

#include "app/views/parts.h"

/* ---- accuracy_cuts.c ---- */
/* The panel in which the network is changed. */
void accuracy_cuts(Ui *ui, Session *session, ViewState *v, Rect r);

/* ---- accuracy_charts.c: each cut off `r` ---- */
/* The color of a side's marks. */
Color accuracy_color(const Ui *ui, AccuracySide side);
/* The numbers of both sides, and how many pictures moved. */
void accuracy_numbers(Ui *ui, Model *m, Rect *r);
/* Confidence against right answers. */
void accuracy_reliability(Ui *ui, Model *m, Rect *r);
void accuracy_by_class(Ui *ui, const Model *m, Rect *r);

/* ---- accuracy_matrix.c ---- */
/* The confusion matrix, or for many classes the most frequent confusions. */
void accuracy_matrix(Ui *ui, Model *m, Rect *r);
/* What is listed, in words. */
void accuracy_list_title(const Model *m, char *out, size_t size);
/* The pictures that were chosen by a click on one of these. */
void accuracy_list(Ui *ui, Session *session, ViewState *v, Rect r);

#endif
