/* drag_watch.c - reads the messages of a drag under X11; see drag_watch.h. libX11 is not linked: SDL has loaded it already if the
 * window is X11's, and only the names of four messages are asked for. */
#include "app/ui/drag_watch.h"

#include <stdlib.h>

#if defined SDL_VIDEO_DRIVER_X11 && __has_include(<X11/Xlib.h>) /* which SDL_syswm.h includes */
#include <SDL_syswm.h>

typedef Atom InternAtom(Display *display, const char *name, Bool only_if_exists);

struct DragWatch {
    Atom enter, position, leave, drop;
};

DragWatch *drag_watch_new(SDL_Window *window)
{
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_X11)
        return NULL;
    void *x11 = SDL_LoadObject("libX11.so.6");
    InternAtom *atom = x11 != NULL ? (InternAtom *)SDL_LoadFunction(x11, "XInternAtom") : NULL;
    DragWatch *w = atom != NULL ? malloc(sizeof *w) : NULL;
    if (w != NULL) {
        Display *d = info.info.x11.display;
        *w = (DragWatch){atom(d, "XdndEnter", False), atom(d, "XdndPosition", False), atom(d, "XdndLeave", False), atom(d, "XdndDrop", False)};
        SDL_EventState(SDL_SYSWMEVENT, SDL_ENABLE);
    }
    SDL_UnloadObject(x11);      /* SDL has its own hold of it */
    return w;
}

bool drag_watch_event(const DragWatch *w, const SDL_Event *event, bool *over)
{
    if (w == NULL || event->type != SDL_SYSWMEVENT || event->syswm.msg->msg.x11.event.type != ClientMessage)
        return false;
    const Atom kind = event->syswm.msg->msg.x11.event.xclient.message_type;
    const bool was = *over;
    if (kind == w->enter || kind == w->position)
        *over = true;
    else if (kind == w->leave || kind == w->drop)
        *over = false;
    return *over != was;
}

#else

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

#endif

void drag_watch_free(DragWatch *w)
{
    free(w);
}
