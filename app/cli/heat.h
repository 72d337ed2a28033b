/* heat.h - a map of signed values over a picture, as a PNG. */
#ifndef INCEPTOSCOPE_CLI_HEAT_H
#define INCEPTOSCOPE_CLI_HEAT_H

#include "engine/io/image.h"

typedef struct Heat {
    const float *values;        /* (rows, cols), stretched over the picture */
    int rows, cols;
    float reach;                /* the largest magnitude: both ends of the colour map */
} Heat;

/* Saves the picture in grey with the map's colours over it. A stronger value covers more; cells are enlarged, not smoothed. */
bool heat_save(const char *path, const Image *picture, const Heat *heat, Err *err);

#endif
