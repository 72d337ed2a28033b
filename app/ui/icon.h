/* icon.h - the window's icon: four branches between an input and a concat, as assets/install/inceptoscope.svg shows it. */
#ifndef INCEPTOSCOPE_ICON_H
#define INCEPTOSCOPE_ICON_H

#include "app/ui/ui.h"

/* rgba: size x size pixels from the top left, R in the lowest byte, straight alpha; the caller's. */
void icon_draw(uint32_t *rgba, int size, const Theme *theme);

#endif
