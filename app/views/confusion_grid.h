/* confusion_grid.h - draws a confusion matrix: a row for each label, a column for each answer, names around it if they are few. */
#ifndef INCEPTOSCOPE_CONFUSION_GRID_H
#define INCEPTOSCOPE_CONFUSION_GRID_H

#include "app/views/parts.h"

enum { CONFUSION_DRAWN = 60 };  /* classes: more have no room for cells */

typedef struct ConfusionGrid {
    char *const *names; int classes; /* as in the files */
    Lang lang;                  /* in which they are shown */
    const char *others;         /* the word of a last column, whose answer is -1; NULL: none */
    int (*count)(const void *user, int label, int answer);
    void (*text)(const void *user, int label, int answer, char *out, size_t size); /* a cell in words */
    const void *user;
    bool chosen; int label, answer; /* the cell with a frame */
} ConfusionGrid;

/* The height that a width needs. */
float confusion_grid_height(const ConfusionGrid *g, float width);
/* At r's corner, at most as high. True if a cell was clicked, then which one. */
bool confusion_grid(Ui *ui, Rect r, const ConfusionGrid *g, int *label, int *answer);

#endif
