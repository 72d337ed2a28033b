/* shell_private.h - the window, shared by what all systems have in common (shell.c) and what only a desktop or a page has
 * (shell_desktop.c, shell_web.c). */
#ifndef INCEPTOSCOPE_SHELL_PRIVATE_H
#define INCEPTOSCOPE_SHELL_PRIVATE_H

#include "app/ui/drag_watch.h"
#include "app/ui/shell_frame.h"

#include <SDL.h>

typedef struct Window {
    Shell shell;
    SDL_Window *window;
    SDL_Renderer *renderer;
    float asked_scale;          /* ShellOptions.scale */
    Uint32 wake_event;
    SDL_atomic_t wake_pending;  /* one wake in the queue is enough */
    SDL_Cursor *cursor[POINTER_COUNT]; /* NULL if the system has none */
    PointerShape pointer;
    bool open, fullscreen, typing, pointer_hidden, paced;
    bool dirty;                 /* a frame is due */
    DragWatch *drag;            /* NULL if the system cannot tell */
} Window;

/* ---- shell.c ---- */
bool window_open(Window *w, const App *app, const ShellOptions *options, Err *err);
void window_close(Window *w);
/* A new renderer: the graphics card's, or if there is none, or it is not wanted, the processor's. NULL and a message with both reasons. */
SDL_Renderer *window_renderer(SDL_Window *window, bool accelerated, Err *err);
void window_pace(Window *w);                /* asks a new renderer whether it waits for the screen */
void window_resized(Window *w);             /* the size or the density of the drawing surface may have changed */
double window_now(void);                    /* seconds, for Input.now */
void window_build(Window *w);               /* one frame of widgets, and what the App wished for in it */
void window_paint(Window *w);

/* ---- shell_renderer_desktop.c ---- */
/* Paints and presents the frame. If the renderer cannot, the processor's takes its place, and the next frame tells the App so. False and a
 * message if that cannot either: there is no renderer any more, and only window_close may follow. */
bool window_present(Window *w, Err *err);

/* ---- shell_desktop.c and shell_web.c ---- */
void window_setup(Window *w);               /* what else a new window needs */
float window_scale(const Window *w);        /* device pixels per logical pixel, if nobody asked for a number */
void window_fullscreen(Window *w);          /* makes it what w->fullscreen says; the next two likewise */
void window_pointer(Window *w);             /* w->pointer, w->pointer_hidden */
void window_typing(Window *w);              /* w->typing: a text field has the focus */
bool window_save_png(Window *w, const char *path, Err *err); /* the frame as last painted */
void window_copy(Window *w, const char *text); /* to the clipboard */

#endif
