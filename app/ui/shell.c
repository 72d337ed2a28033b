/* shell.c - the window: opens it, builds its frames and carries out what the App wishes. Events and the loop are in
 * shell_desktop.c and shell_web.c. */
#include "app/ui/shell_private.h"

#include <stdio.h>
#include <string.h>

void window_resized(Window *w)
{
    int width, height;
    if (SDL_GetRendererOutputSize(w->renderer, &width, &height) == 0 && width > 0 && height > 0) { /* else the display has gone for now */
        w->shell.pixel_w = width;
        w->shell.pixel_h = height;
    }
    w->shell.scale = w->asked_scale > 0 ? w->asked_scale : window_scale(w);
    w->dirty = true;
}

/* Without a display SDL opens windows that nobody can see; that is right only if it was asked for. */
static bool visible_driver(void)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    bool unseen = driver == NULL || strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0;
    return !unseen || SDL_getenv("SDL_VIDEODRIVER") != NULL;
}

SDL_Renderer *window_renderer(SDL_Window *window, bool accelerated, Err *err)
{
    char reason[128] = "";
    SDL_Renderer *renderer = NULL;
    if (accelerated) {
        renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC);
        snprintf(reason, sizeof reason, "by the graphics card: %.90s; ", SDL_GetError());
    }
    if (renderer == NULL)
        renderer = SDL_CreateRenderer(window, -1, SDL_RENDERER_SOFTWARE);
    if (renderer == NULL)
        err_set(err, "window: nothing can be drawn in it (%sby the processor: %s); use --screenshot or --script, which need no display", reason, SDL_GetError());
    return renderer;
}

void window_pace(Window *w)
{
    SDL_RendererInfo info;
    w->paced = SDL_GetRendererInfo(w->renderer, &info) == 0 && (info.flags & SDL_RENDERER_PRESENTVSYNC) != 0;
}

bool window_open(Window *w, const App *app, const ShellOptions *options, Err *err)
{
    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        return err_set(err, "window: %s; without a display use --screenshot or --script", SDL_GetError());
    if (!visible_driver()) {
        SDL_Quit();
        return err_set(err, "window: there is no display; use --screenshot or --script");
    }
    Uint32 flags = SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;
    SDL_Rect room; /* the screen without its panels */
    int width = options->width, height = options->height;
    if (SDL_GetDisplayUsableBounds(0, &room) == 0) {
        width = width > room.w ? room.w : width;
        height = height > room.h ? room.h : height;
    }
    w->window = SDL_CreateWindow(options->title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height, flags);
    if (w->window != NULL)
        w->renderer = window_renderer(w->window, true, err);
    else
        err_set(err, "window: %s; without a display use --screenshot or --script", SDL_GetError());
    if (w->renderer == NULL || !shell_open(&w->shell, app, w->renderer, err)) {
        SDL_DestroyRenderer(w->renderer);
        SDL_DestroyWindow(w->window);
        SDL_Quit();
        return false;
    }
    window_pace(w);
    window_setup(w);
    w->open = true;
    window_resized(w);
    w->shell.ui.scale = w->shell.scale;
    return true;
}

void window_close(Window *w)
{
    shell_close(&w->shell);
    drag_watch_free(w->drag);
    for (int i = 0; i < POINTER_COUNT; i++)
        SDL_FreeCursor(w->cursor[i]);
    SDL_DestroyRenderer(w->renderer);
    SDL_DestroyWindow(w->window);
    SDL_Quit();
}

double window_now(void)
{
    return (double)SDL_GetPerformanceCounter() / (double)SDL_GetPerformanceFrequency();
}

/* Carries out what the App wished for in the frame just built. */
static void grant(Window *w)
{
    const Ui *ui = &w->shell.ui;
    const Wish *wish = &ui->wish;
    if (wish->quit)
        w->open = false;
    if (wish->fullscreen != w->fullscreen) {
        w->fullscreen = wish->fullscreen;
        window_fullscreen(w);
    }
    if (wish->hide_pointer != w->pointer_hidden || ui->pointer != w->pointer) {
        w->pointer_hidden = wish->hide_pointer;
        w->pointer = ui->pointer;
        window_pointer(w);
    }
    if (ui->want_text != w->typing) {
        w->typing = ui->want_text;
        window_typing(w);
    }
    if (wish->copy[0] != '\0')
        window_copy(w, wish->copy);
}

/* Saving happens between painting and presenting: afterwards the back buffer's contents are not defined. */
void window_build(Window *w)
{
    w->shell.in.now = window_now();
    shell_frame(&w->shell);
    grant(w);
    const char *path = w->shell.ui.wish.save_png;
    Err err = {""};
    if (path[0] != '\0') {
        shell_paint(&w->shell);
        if (!window_save_png(w, path, &err)) {
            snprintf(w->shell.in.trouble, sizeof w->shell.in.trouble, "%.*s", (int)sizeof w->shell.in.trouble - 1, err.text);
            w->dirty = true; /* the App shows it in the next frame */
        }
    }
    if (w->shell.ui.wish.grab) {
        shell_grab(&w->shell);
        grant(w);
    }
}

void window_paint(Window *w)
{
    shell_paint(&w->shell);
    SDL_RenderPresent(w->renderer);
}
