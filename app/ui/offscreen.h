/* offscreen.h - a Shell that draws into memory, in virtual time, for scripts and pictures. */
#ifndef INCEPTOSCOPE_OFFSCREEN_H
#define INCEPTOSCOPE_OFFSCREEN_H

#include "app/ui/shell_frame.h"

typedef struct Offscreen {
    Shell shell;
    SDL_Surface *surface;
    SDL_Renderer *renderer;
    bool timing;                /* paint every frame, and record its time if nothing is being computed */
    bool timing_busy;           /* or even then */
    double *took;               /* seconds */
    int took_count;
} Offscreen;

/* width and height in pixels; scale as in ShellOptions. Attaches the App; makes no frame yet. Ends with offscreen_close. */
bool offscreen_open(Offscreen *o, const App *app, int width, int height, float scale, Err *err);
void offscreen_close(Offscreen *o);

/* Runs one frame and carries out what the App wished for in it. */
bool offscreen_frame(Offscreen *o, Err *err);
/* Runs frames until nothing is being computed and nothing moves. The worker's time is real, the motion's is virtual. */
bool offscreen_wait_idle(Offscreen *o, Err *err);
/* Runs frames for this many virtual seconds. */
bool offscreen_wait(Offscreen *o, double seconds, Err *err);
bool offscreen_resize(Offscreen *o, int width, int height, Err *err);
bool offscreen_save_png(Offscreen *o, const char *path, Err *err);

#endif
