/* overfit_view.h - shared by the files that draw the view of gradients: one training step, and the chart. */
#ifndef INCEPTOSCOPE_OVERFIT_VIEW_H
#define INCEPTOSCOPE_OVERFIT_VIEW_H

#include "app/model/gradients_rows.h"
#include "app/views/parts.h"

/* ---- overfit_controls.c: each cut off `r` ---- */
/* The label of the loss: every class of a small network, else the likeliest ones, and any other by its name. */
void overfit_labels(Ui *ui, Model *m, ViewState *v, Rect *r);
/* Which losses take part, the mode, and the learning rate if `rate`. */
void overfit_switches(Ui *ui, Model *m, Rect *r, bool rate);
/* The two pages of the view, at the right of its title; cuts the title's room off. */
void overfit_pages(Ui *ui, Model *m, Rect *title);
/* Explains the label if the user has not chosen one, and a loss of nearly zero; "" else. */
void overfit_label_says(const Model *m, char *out, size_t size);

/* ---- overfit_page.c ---- */
void overfit_page(Ui *ui, Model *m, ViewState *v, Rect area);

/* ---- overfit_shown.c ---- */
char *overfit_loss_text(char out[NUM_MAX], double loss);
/* The last step, while the numbers of the weights after it are not known: steps follow each other. Else NULL. */
const OverfitStep *overfit_last(const Model *m);
/* The color of a head's loss. */
Color overfit_color(const Ui *ui, int head);
/* What is shown of the step: 0 .. OVERFIT_PARTS; OVERFIT_PARTS while none runs, or none that is watched. */
double overfit_shown(const Model *m);
/* The loss of a head, by the numbers that are shown: those of the gradients, or while steps follow each other those of the last one. */
double overfit_head_loss(const Model *m, int head);
/* RMS of the gradient of a layer's map, likewise; -1: unknown. */
double overfit_flow(const Model *m, int layer);

/* ---- overfit_ribbons.c ---- */
/* The network from left to right: forward, the loss, the gradient back from each head, and how far weights move. */
void overfit_ribbons(Ui *ui, Model *m, ViewState *v, Rect r);

#endif
