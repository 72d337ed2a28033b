/* icon.h - draws the window's icon: four branches between an input and a concat, as in assets/install/inceptoscope.svg. */
#ifndef INCEPTOSCOPE_ICON_H
#define INCEPTOSCOPE_ICON_H

#include "app/ui/ui.h"

/* rgba: size x size pixels from the top left, R in the lowest byte, straight alpha; the caller owns it. */
void icon_draw(uint32_t *rgba, int size, const Theme *theme);

#endif
