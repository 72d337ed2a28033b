/* class_bars.h - scores and probabilities of classes as bars with names, largest first. */
#ifndef INCEPTOSCOPE_CLASS_BARS_H
#define INCEPTOSCOPE_CLASS_BARS_H

#include "app/views/parts.h"

/* Whether a layer's values are drawn so, one for each class: scores, and what a softmax makes of them. No colour says anything there. */
bool class_bars_for(const Net *net, int layer);
/* As many as `in` has rows for. Scores have a sign: where some are below zero, bars begin at an axis and those go to its left. */
void class_bars(Ui *ui, Model *m, Rect in, int layer, const LayerMap *map);

#endif
