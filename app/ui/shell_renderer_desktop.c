/* shell_renderer_desktop.c - a renderer that stops working is replaced: a driver that crashed or was updated, a graphics card that was
 * taken away. A page has one renderer for its life. */
#include "app/ui/shell_private.h"

#include <stdio.h>

/* What a renderer answers to a point that changes nothing. Without batching only a drawing call tells, with it only the flush. */
static bool draws(SDL_Renderer *renderer)
{
    return SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_BLEND) == 0 && SDL_SetRenderDrawColor(renderer, 0, 0, 0, 0) == 0 &&
           SDL_RenderDrawPoint(renderer, 0, 0) == 0 && SDL_RenderFlush(renderer) == 0;
}

static bool paint(Window *w)
{
    shell_paint(&w->shell);
    if (!draws(w->renderer))
        return false;
    SDL_RenderPresent(w->renderer);
    return true;
}

/* The textures are of the old renderer and go first. A window has one renderer at a time. */
static bool replace(Window *w, Err *err)
{
    painter_free(w->shell.painter);
    SDL_DestroyRenderer(w->renderer);
    w->shell.painter = NULL;
    w->shell.renderer = w->renderer = window_renderer(w->window, false, err);
    if (w->renderer == NULL)
        return false;
    w->shell.painter = painter_new(w->renderer, w->shell.fonts);
    if (w->shell.painter == NULL)
        return err_set(err, "window: out of memory for another renderer");
    window_pace(w);
    window_resized(w);
    return true;
}

bool window_present(Window *w, Err *err)
{
    char reason[128];
    if (paint(w))
        return true;
    snprintf(reason, sizeof reason, "%.120s", SDL_GetError());
    if (!replace(w, err))
        return false;
    snprintf(w->shell.in.trouble, sizeof w->shell.in.trouble, "the graphics card stopped drawing (%s): the processor draws now", reason);
    return paint(w) || err_set(err, "window: nothing can be drawn in it any more (%s); use --screenshot or --script, which need no display", SDL_GetError());
}
