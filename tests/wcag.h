/* wcag.h - how well a text can be read: relative luminance and contrast as WCAG 2.1 defines them. */
#ifndef INCEPTOSCOPE_TEST_WCAG_H
#define INCEPTOSCOPE_TEST_WCAG_H

#include "app/ui/ui.h"

#include <math.h>

/* sRGB to linear, weighted. */
static inline double wcag_luminance(Color c)
{
    static const double weight[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        const double v = (double)((c >> (24 - 8 * i)) & 0xff) / 255;
        sum += weight[i] * (v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
    }
    return sum;
}

/* 1 .. 21 */
static inline double wcag_contrast(Color a, Color b)
{
    const double x = wcag_luminance(a), y = wcag_luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

#endif
