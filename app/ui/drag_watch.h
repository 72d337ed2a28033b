/* drag_watch.h - whether a file from another program is held over the window. SDL 2 itself tells only of the drop. Under X11 the messages of
 * the XDND protocol (freedesktop.org/wiki/Specifications/XDND) that SDL passes on tell the rest; elsewhere there is no sign before the drop. */
#ifndef INCEPTOSCOPE_DRAG_WATCH_H
#define INCEPTOSCOPE_DRAG_WATCH_H

#include <SDL.h>
#include <stdbool.h>

typedef struct DragWatch DragWatch;

DragWatch *drag_watch_new(SDL_Window *window); /* NULL if this system cannot tell */
/* True if the event changes *over. `w` NULL: false. */
bool drag_watch_event(const DragWatch *w, const SDL_Event *event, bool *over);
void drag_watch_free(DragWatch *w);

#endif
