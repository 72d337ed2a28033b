/* watch_app.h - the window of `watch` and `train --watch` as an App for the shell of app/ui. */
#ifndef INCEPTOSCOPE_WATCH_APP_H
#define INCEPTOSCOPE_WATCH_APP_H

#include "app/model/watch.h"
#include "app/ui/shell.h"

/* What the view keeps between frames, besides the Watch. */
typedef struct WatchView {
    Watch *watch;               /* borrowed */
    double now;                 /* of the last frame */
    bool inside;                /* a view of the window, with its keys */
    float *points; size_t point_capacity; /* buffer for one curve; owned */
    float range[2];             /* range of the kernels, borrowed by the frame's map grid */
} WatchView;

App watch_app(WatchView *view);
void watch_view_free(WatchView *view);

/* view_train.c: the whole window. */
void view_train(Ui *ui, WatchView *view, Rect area);

#endif
