/* class_bars.h - draws scores and probabilities of classes as bars with names, largest first. */
#ifndef INCEPTOSCOPE_CLASS_BARS_H
#define INCEPTOSCOPE_CLASS_BARS_H

#include "app/views/parts.h"

/* Whether a layer has one value per class, scores or a softmax of them, which is drawn as bars. Their colours have no scale. */
bool class_bars_for(const Net *net, int layer);
/* Draws as many as `in` has rows for. If some scores are negative, bars begin at an axis and negative ones go to its left. */
void class_bars(Ui *ui, Model *m, Rect in, int layer, const LayerMap *map);

#endif
