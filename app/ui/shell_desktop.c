/* shell_desktop.c - a window of the desktop: turns SDL events into keys, pointer and text, and makes a frame only when something asks
 * for one. */
#include "app/ui/icon.h"
#include "app/ui/shell_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const int LEAST_WIDTH = 960, LEAST_HEIGHT = 600; /* of the window */

/* ---- the window -------------------------------------------------------------------------------------------------- */

static void set_icon(SDL_Window *window)
{
    enum { SIZE = 64 };
    uint32_t pixels[SIZE * SIZE];
    icon_draw(pixels, SIZE, &theme_light);
    SDL_Surface *surface = SDL_CreateRGBSurfaceFrom(pixels, SIZE, SIZE, 32, SIZE * 4, 0xff, 0xff00, 0xff0000, 0xff000000);
    SDL_SetWindowIcon(window, surface);
    SDL_FreeSurface(surface);
}

void window_setup(Window *w)
{
    set_icon(w->window);
    SDL_SetWindowMinimumSize(w->window, LEAST_WIDTH, LEAST_HEIGHT);
    SDL_EventState(SDL_DROPFILE, SDL_ENABLE);
    w->drag = drag_watch_new(w->window);
    SDL_StopTextInput(); /* so that an input method does not take the keys; on again in a text field */
    w->wake_event = SDL_RegisterEvents(1);
    static const SDL_SystemCursor shapes[POINTER_COUNT] = {SDL_SYSTEM_CURSOR_ARROW, SDL_SYSTEM_CURSOR_HAND, SDL_SYSTEM_CURSOR_IBEAM};
    for (int i = 0; i < POINTER_COUNT; i++)
        w->cursor[i] = SDL_CreateSystemCursor(shapes[i]);
}

/* Wayland and macOS give a drawable larger than the window; X11 gives neither that nor a reliable size in millimetres,
 * so a large and dense screen counts as one of scale 2. */
float window_scale(const Window *w)
{
    int window_w, window_h, pixel_w, pixel_h, display = SDL_GetWindowDisplayIndex(w->window);
    float dpi = 0;
    SDL_DisplayMode mode;
    SDL_GetWindowSize(w->window, &window_w, &window_h);
    SDL_GetRendererOutputSize(w->renderer, &pixel_w, &pixel_h);
    if (pixel_w > window_w && window_w > 0)
        return (float)pixel_w / (float)window_w;
    bool dense = SDL_GetDisplayDPI(display, NULL, &dpi, NULL) == 0 && dpi >= 160;
    return dense && SDL_GetDesktopDisplayMode(display, &mode) == 0 && mode.h >= 2000 ? 2 : 1;
}

void window_fullscreen(Window *w)
{
    SDL_SetWindowFullscreen(w->window, w->fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
    window_resized(w);
}

void window_pointer(Window *w)
{
    SDL_ShowCursor(w->pointer_hidden ? SDL_DISABLE : SDL_ENABLE);
    if (w->cursor[w->pointer] != NULL)
        SDL_SetCursor(w->cursor[w->pointer]);
}

void window_typing(Window *w)
{
    if (w->typing)
        SDL_StartTextInput();
    else
        SDL_StopTextInput();
}

void window_copy(Window *w, const char *text)
{
    (void)w;
    SDL_SetClipboardText(text);
}

bool window_save_png(Window *w, const char *path, Err *err)
{
    return shell_save_png(&w->shell, path, err);
}

/* From any thread. */
static void wake(void *user)
{
    Window *w = user;
    if (SDL_AtomicCAS(&w->wake_pending, 0, 1))
        SDL_PushEvent(&(SDL_Event){.type = w->wake_event});
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
    char base[16] = ""; /* the longest name is Backspace */
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

/* A drag moves the pointer without events, and a drop does not say where it is. */
static void on_drop(Window *w, const char *path)
{
    int x, y, left, top;
    SDL_GetGlobalMouseState(&x, &y);
    SDL_GetWindowPosition(w->window, &left, &top);
    on_pointer(w, x - left, y - top);
    w->shell.app->drop(w->shell.app->user, path);
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
            window_resized(w);
        return false;
    case SDL_DISPLAYEVENT: /* one came, went or was turned: the window may be on another one */
        window_resized(w);
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
        on_drop(w, event->drop.file);
        SDL_free(event->drop.file);
        return true;
    default:
        if (drag_watch_event(w->drag, event, &in->dragged))
            w->dirty = true;
        return false;
    }
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

static bool present(Window *w, Err *err)
{
    double start = window_now();
    if (!window_present(w, err))
        return false;
    double rest = 1.0 / 60 - (window_now() - start);
    const bool unseen = (SDL_GetWindowFlags(w->window) & (SDL_WINDOW_HIDDEN | SDL_WINDOW_MINIMIZED)) != 0; /* such a one waits for no screen */
    if ((!w->paced || unseen) && w->shell.ui.want_frame && rest > 0)
        SDL_Delay((Uint32)(rest * 1000));
    return true;
}

/* Sleeps until an event, or until the App wants a frame. */
static bool wait_event(Window *w, SDL_Event *event)
{
    const Ui *ui = &w->shell.ui;
    if (w->dirty || ui->want_frame)
        return SDL_PollEvent(event) != 0;
    if (ui->frame_at > 0) {
        double left = ui->frame_at - window_now();
        if (left > 0 && SDL_WaitEventTimeout(event, (int)ceil(left * 1000)) != 0)
            return true;
        w->dirty = true;
        return false;
    }
    return SDL_WaitEvent(event) != 0;
}

bool shell_window(const App *app, const ShellOptions *options, Err *err)
{
    Window w = {.asked_scale = options->scale};
    int width = options->width, height = options->height;
    if (!window_open(&w, app, options, err))
        return false;
    app->attach(app->user, wake, &w);
    window_build(&w);
    w.dirty = false;
    bool good = present(&w, err);
    while (good && w.open) {
        SDL_Event event;
        bool any = wait_event(&w, &event);
        while (any && w.open) {
            if (on_event(&w, &event)) {
                window_build(&w);
                w.dirty = true;
            }
            any = SDL_PollEvent(&event) != 0;
        }
        if (!w.fullscreen)
            SDL_GetWindowSize(w.window, &width, &height);
        if (w.open && (w.dirty || w.shell.ui.want_frame)) {
            w.dirty = false;
            window_build(&w);
            good = present(&w, err);
        }
    }
    app->attach(app->user, NULL, NULL);
    window_close(&w);
    if (options->leave != NULL)
        options->leave(options->leave_user, width, height);
    return good;
}
