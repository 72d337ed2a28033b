/* drag_watch_web.c - the page itself receives what is dropped on it; see drag_watch.h. */
#include "app/ui/drag_watch.h"

DragWatch *drag_watch_new(SDL_Window *window)
{
    (void)window;
    return NULL;
}

bool drag_watch_event(const DragWatch *w, const SDL_Event *event, bool *over)
{
    (void)w;
    (void)event;
    (void)over;
    return false;
}

void drag_watch_free(DragWatch *w)
{
    (void)w;
}
