/* shell.c - the window: turns SDL events into keys, pointer and text, and makes a frame only when something asks for one. */
#include "app/ui/drag_watch.h"
#include "app/ui/icon.h"
#include "app/ui/shell_frame.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int LEAST_WIDTH = 960, LEAST_HEIGHT = 600; /* of the window */

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

/* ---- start and end ----------------------------------------------------------------------------------------------- */

/* Wayland and macOS give a drawable larger than the window; X11 gives neither that nor a reliable size in millimetres,
 * so a large and dense screen counts as one of scale 2. */
static float display_scale(SDL_Window *window, SDL_Renderer *renderer)
{
    int window_w, window_h, pixel_w, pixel_h, display = SDL_GetWindowDisplayIndex(window);
    float dpi = 0;
    SDL_DisplayMode mode;
    SDL_GetWindowSize(window, &window_w, &window_h);
    SDL_GetRendererOutputSize(renderer, &pixel_w, &pixel_h);
    if (pixel_w > window_w && window_w > 0)
        return (float)pixel_w / (float)window_w;
    bool dense = SDL_GetDisplayDPI(display, NULL, &dpi, NULL) == 0 && dpi >= 160;
    return dense && SDL_GetDesktopDisplayMode(display, &mode) == 0 && mode.h >= 2000 ? 2 : 1;
}

static void update_size(Window *w)
{
    SDL_GetRendererOutputSize(w->renderer, &w->shell.pixel_w, &w->shell.pixel_h);
    w->shell.scale = w->asked_scale > 0 ? w->asked_scale : display_scale(w->window, w->renderer);
    w->dirty = true;
}

/* Without a display SDL opens windows that nobody can see; that is right only if it was asked for. */
static bool visible_driver(void)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    bool unseen = driver == NULL || strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0;
    return !unseen || SDL_getenv("SDL_VIDEODRIVER") != NULL;
}

static void set_icon(SDL_Window *window)
{
    enum { SIZE = 64 };
    uint32_t pixels[SIZE * SIZE];
    icon_draw(pixels, SIZE, &theme_light);
    SDL_Surface *surface = SDL_CreateRGBSurfaceFrom(pixels, SIZE, SIZE, 32, SIZE * 4, 0xff, 0xff00, 0xff0000, 0xff000000);
    SDL_SetWindowIcon(window, surface);
    SDL_FreeSurface(surface);
}

static bool window_open(Window *w, const App *app, const ShellOptions *options, Err *err)
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
        w->renderer = SDL_CreateRenderer(w->window, -1, SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC);
    if (w->window != NULL && w->renderer == NULL)
        w->renderer = SDL_CreateRenderer(w->window, -1, SDL_RENDERER_SOFTWARE);
    if (w->renderer == NULL || !shell_open(&w->shell, app, w->renderer, err)) {
        if (w->renderer == NULL)
            err_set(err, "window: %s; without a display use --screenshot or --script", SDL_GetError());
        SDL_DestroyRenderer(w->renderer);
        SDL_DestroyWindow(w->window);
        SDL_Quit();
        return false;
    }
    SDL_RendererInfo info;
    w->paced = SDL_GetRendererInfo(w->renderer, &info) == 0 && (info.flags & SDL_RENDERER_PRESENTVSYNC) != 0;
    set_icon(w->window);
    SDL_SetWindowMinimumSize(w->window, LEAST_WIDTH, LEAST_HEIGHT);
    SDL_EventState(SDL_DROPFILE, SDL_ENABLE);
    w->drag = drag_watch_new(w->window);
    SDL_StopTextInput(); /* so that an input method does not take the keys; on again in a text field */
    w->wake_event = SDL_RegisterEvents(1);
    static const SDL_SystemCursor shapes[POINTER_COUNT] = {SDL_SYSTEM_CURSOR_ARROW, SDL_SYSTEM_CURSOR_HAND, SDL_SYSTEM_CURSOR_IBEAM};
    for (int i = 0; i < POINTER_COUNT; i++)
        w->cursor[i] = SDL_CreateSystemCursor(shapes[i]);
    w->open = true;
    update_size(w);
    w->shell.ui.scale = w->shell.scale;
    return true;
}

static void window_close(Window *w)
{
    shell_close(&w->shell);
    drag_watch_free(w->drag);
    for (int i = 0; i < POINTER_COUNT; i++)
        SDL_FreeCursor(w->cursor[i]);
    SDL_DestroyRenderer(w->renderer);
    SDL_DestroyWindow(w->window);
    SDL_Quit();
}

/* From any thread. */
static void wake(void *user)
{
    Window *w = user;
    if (SDL_AtomicCAS(&w->wake_pending, 0, 1))
        SDL_PushEvent(&(SDL_Event){.type = w->wake_event});
}

static double now(void)
{
    return (double)SDL_GetPerformanceCounter() / (double)SDL_GetPerformanceFrequency();
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

typedef struct KeyName { SDL_Keycode sym; const char *name; } KeyName;

static const KeyName key_names[] = {
    {SDLK_LEFT, "Left"}, {SDLK_RIGHT, "Right"}, {SDLK_UP, "Up"}, {SDLK_DOWN, "Down"}, {SDLK_RETURN, "Enter"},
    {SDLK_KP_ENTER, "Enter"}, {SDLK_ESCAPE, "Escape"}, {SDLK_SPACE, "Space"}, {SDLK_BACKSPACE, "Backspace"},
    {SDLK_DELETE, "Delete"}, {SDLK_TAB, "Tab"}, {SDLK_HOME, "Home"}, {SDLK_END, "End"}, {SDLK_PAGEUP, "PageUp"},
    {SDLK_PAGEDOWN, "PageDown"}, {SDLK_KP_PLUS, "+"}, {SDLK_KP_MINUS, "-"}, {SDLK_KP_DIVIDE, "/"}, {SDLK_KP_PERIOD, "."},
    {SDLK_KP_MULTIPLY, "*"},
};

/* The character of a key with shift on the most common layout; letters keep "Shift+". */
static char shifted(char c)
{
    static const char plain[] = "/1234567890-=[];',.`\\", upper[] = "?!@#$%^&*()_+{}:\"<>~|";
    const char *at = strchr(plain, c);
    return at != NULL ? upper[at - plain] : '\0';
}

/* The name of a key for App.key; "" for a modifier alone. */
static void key_name(SDL_Keysym key, char *out, size_t size)
{
    char base[8] = "";
    bool shift = (key.mod & KMOD_SHIFT) != 0;
    for (size_t i = 0; i < sizeof key_names / sizeof key_names[0]; i++)
        if (key_names[i].sym == key.sym)
            snprintf(base, sizeof base, "%s", key_names[i].name);
    if (base[0] == '\0' && key.sym >= SDLK_F1 && key.sym <= SDLK_F12)
        snprintf(base, sizeof base, "F%d", (int)(key.sym - SDLK_F1) + 1);
    if (base[0] == '\0' && key.sym > ' ' && key.sym < 127) {
        char other = shift ? shifted((char)key.sym) : '\0';
        snprintf(base, sizeof base, "%c", other != '\0' ? other : (char)key.sym);
        shift = shift && other == '\0';
    }
    out[0] = '\0';
    if (base[0] != '\0')
        snprintf(out, size, "%s%s%s%s", key.mod & KMOD_CTRL ? "Ctrl+" : "", key.mod & KMOD_ALT ? "Alt+" : "",
                 shift ? "Shift+" : "", base);
}

/* Reads a path as file managers copy it to the clipboard: as a file:// URL, in quotes, with blanks around it. */
static void paste(Window *w)
{
    char *text = SDL_GetClipboardText();
    if (text != NULL && text[0] != '\0') {
        text[strcspn(text, "\r\n")] = '\0';
        if (w->shell.ui.want_text) {
            shell_text(&w->shell, text);
        } else {
            char *path = text + strspn(text, " \t'\"");
            if (strncmp(path, "file://", 7) == 0)
                path += 7;
            for (size_t end = strlen(path); end > 0 && strchr(" \t'\"", path[end - 1]) != NULL;)
                path[--end] = '\0';
            w->shell.app->drop(w->shell.app->user, path);
        }
    }
    SDL_free(text);
}

static void on_key(Window *w, SDL_Keysym key)
{
    char name[32];
    key_name(key, name, sizeof name);
    if (strcmp(name, "Ctrl+v") == 0)
        paste(w);
    else if (strcmp(name, "Ctrl+q") == 0)
        w->open = false;
    else if (name[0] != '\0')
        shell_key(&w->shell, name);
}

static void on_pointer(Window *w, int x, int y)
{
    int window_w, window_h;
    SDL_GetWindowSize(w->window, &window_w, &window_h);
    float scale = window_w > 0 ? (float)w->shell.pixel_w / (float)window_w / w->shell.ui.scale : 1;
    w->shell.in.mouse_x = ((float)x + 0.5f) * scale;
    w->shell.in.mouse_y = ((float)y + 0.5f) * scale;
    w->shell.in.mouse_inside = true;
}

static void on_button(Window *w, const SDL_MouseButtonEvent *button)
{
    Input *in = &w->shell.in;
    on_pointer(w, button->x, button->y);
    if (button->button == SDL_BUTTON_LEFT) {
        in->down = button->state == SDL_PRESSED;
        *(in->down ? &in->pressed : &in->released) = true;
        in->double_clicked = in->down && button->clicks == 2;
    } else if (button->button == SDL_BUTTON_RIGHT && button->state == SDL_PRESSED) {
        in->right_pressed = true;
    }
}

/* Returns whether a frame must be built before the next event. Each press and each key has its own frame, so that a slow frame
 * never merges two of them. */
static bool on_event(Window *w, const SDL_Event *event)
{
    Input *in = &w->shell.in;
    SDL_Keymod mod = SDL_GetModState();
    in->shift = (mod & KMOD_SHIFT) != 0;
    in->ctrl = (mod & KMOD_CTRL) != 0;
    in->alt = (mod & KMOD_ALT) != 0;
    if (event->type == w->wake_event) {
        SDL_AtomicSet(&w->wake_pending, 0);
        w->dirty = true;
        return false;
    }
    switch (event->type) {
    case SDL_QUIT:
        w->open = false;
        return true;
    case SDL_WINDOWEVENT:
        if (event->window.event == SDL_WINDOWEVENT_LEAVE)
            in->mouse_inside = false;
        if (event->window.event != SDL_WINDOWEVENT_MOVED)
            update_size(w);
        return false;
    case SDL_RENDER_TARGETS_RESET:
    case SDL_RENDER_DEVICE_RESET:
        painter_flush(w->shell.painter);
        w->dirty = true;
        return false;
    case SDL_MOUSEMOTION:
        on_pointer(w, event->motion.x, event->motion.y);
        w->dirty = true;
        return false;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        on_button(w, &event->button);
        return true;
    case SDL_MOUSEWHEEL:
        in->wheel_x += event->wheel.preciseX;
        in->wheel_y += event->wheel.preciseY;
        w->dirty = true;
        return false;
    case SDL_KEYDOWN:
        on_key(w, event->key.keysym);
        return true;
    case SDL_TEXTINPUT:
        if (w->shell.ui.want_text)
            shell_text(&w->shell, event->text.text);
        return true;
    case SDL_DROPBEGIN:
    case SDL_DROPCOMPLETE:
        in->dragged = event->type == SDL_DROPBEGIN;
        w->dirty = true;
        return false;
    case SDL_DROPFILE:
        w->shell.app->drop(w->shell.app->user, event->drop.file);
        SDL_free(event->drop.file);
        return true;
    default:
        if (drag_watch_event(w->drag, event, &in->dragged))
            w->dirty = true;
        return false;
    }
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

/* Carries out what the App wished for in the frame just built. */
static void grant(Window *w)
{
    const Ui *ui = &w->shell.ui;
    const Wish *wish = &ui->wish;
    if (wish->quit)
        w->open = false;
    if (wish->fullscreen != w->fullscreen) {
        w->fullscreen = wish->fullscreen;
        SDL_SetWindowFullscreen(w->window, w->fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
        update_size(w);
    }
    if (wish->hide_pointer != w->pointer_hidden) {
        w->pointer_hidden = wish->hide_pointer;
        SDL_ShowCursor(w->pointer_hidden ? SDL_DISABLE : SDL_ENABLE);
    }
    if (ui->pointer != w->pointer && w->cursor[ui->pointer] != NULL) {
        w->pointer = ui->pointer;
        SDL_SetCursor(w->cursor[w->pointer]);
    }
    if (ui->want_text != w->typing) {
        w->typing = ui->want_text;
        if (w->typing)
            SDL_StartTextInput();
        else
            SDL_StopTextInput();
    }
    if (wish->copy[0] != '\0')
        SDL_SetClipboardText(wish->copy);
}

/* Saving happens between painting and presenting: afterwards the back buffer's contents are not defined. */
static void build(Window *w)
{
    w->shell.in.now = now();
    shell_frame(&w->shell);
    grant(w);
    const char *path = w->shell.ui.wish.save_png;
    Err err = {""};
    if (path[0] != '\0') {
        shell_paint(&w->shell);
        if (!shell_save_png(&w->shell, path, &err)) {
            snprintf(w->shell.in.trouble, sizeof w->shell.in.trouble, "%.*s", (int)sizeof w->shell.in.trouble - 1, err.text);
            w->dirty = true; /* the App shows it in the next frame */
        }
    }
    if (w->shell.ui.wish.grab) {
        shell_grab(&w->shell);
        grant(w);
    }
}

static void present(Window *w)
{
    double start = now();
    shell_paint(&w->shell);
    SDL_RenderPresent(w->renderer);
    double rest = 1.0 / 60 - (now() - start);
    if (!w->paced && w->shell.ui.want_frame && rest > 0)
        SDL_Delay((Uint32)(rest * 1000));
}

/* Sleeps until an event, or until the App wants a frame. */
static bool wait_event(Window *w, SDL_Event *event)
{
    const Ui *ui = &w->shell.ui;
    if (w->dirty || ui->want_frame)
        return SDL_PollEvent(event) != 0;
    if (ui->frame_at > 0) {
        double left = ui->frame_at - now();
        if (left > 0 && SDL_WaitEventTimeout(event, (int)ceil(left * 1000)) != 0)
            return true;
        w->dirty = true;
        return false;
    }
    return SDL_WaitEvent(event) != 0;
}

bool shell_window(const App *app, ShellOptions *options, Err *err)
{
    Window w = {.asked_scale = options->scale};
    if (!window_open(&w, app, options, err))
        return false;
    app->attach(app->user, wake, &w);
    build(&w);
    present(&w);
    w.dirty = false;
    while (w.open) {
        SDL_Event event;
        bool any = wait_event(&w, &event);
        while (any && w.open) {
            if (on_event(&w, &event)) {
                build(&w);
                w.dirty = true;
            }
            any = SDL_PollEvent(&event) != 0;
        }
        if (!w.fullscreen)
            SDL_GetWindowSize(w.window, &options->width, &options->height);
        if (w.open && (w.dirty || w.shell.ui.want_frame)) {
            w.dirty = false;
            build(&w);
            present(&w);
        }
    }
    app->attach(app->user, NULL, NULL);
    window_close(&w);
    return true;
}
