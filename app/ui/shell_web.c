/* shell_web.c - the window is a page: its scripts (assets/web) call the web_* functions below with keys, pointer and text, and
 * answer the page_* functions. A frame is made when the browser draws one and something asked for it; between frames the threads
 * have their turns. */
#include "app/ui/shell_private.h"
#include "engine/base/thread.h"
#include "engine/io/image.h"

#include <emscripten.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* Seconds between two frames that threads may take: half of the time since the last frame, within these bounds. The rest is for the
 * frame and for the browser. */
static const double TURNS_LEAST = 0.010, TURNS_MOST = 0.030;
/* On a phone the layout is not narrower than this, in logical pixels; the type is smaller instead. */
static const float LEAST_WIDTH = 640, LEAST_HEIGHT = 480;

/* assets/web/imports.js */
bool page_exists(void);                     /* false in node */
void page_fullscreen(bool on);
void page_pointer(int shape, bool hidden);
void page_typing(bool on);
void page_copy(const char *text);
void page_pick_files(void);
void page_camera(bool on);
void page_framed(double build_ms, double paint_ms, bool busy);

/* What the page's scripts call. */
#define FOR_PAGE EMSCRIPTEN_KEEPALIVE
FOR_PAGE void web_modifiers(bool shift, bool ctrl, bool alt);
/* A key by its name, see App.key. */
FOR_PAGE void web_key(const char *name);
/* Text typed, composed or pasted into the field that has the focus. */
FOR_PAGE void web_text(const char *text);
/* The pointer's place in the page's pixels; not inside: it has left. Returns whether a finger there drags something. */
FOR_PAGE bool web_pointer(double x, double y, bool inside);
/* A frame now: what the pointer is over is known after it. */
FOR_PAGE bool web_look(void);
/* button 0: left, 2: right, as in DOM events; clicks: 2 for the second press of a double click. */
FOR_PAGE void web_button(int button, bool down, int clicks);
/* In rows; positive: the content moves towards its start. */
FOR_PAGE void web_wheel(double x, double y);
/* Whether a file is held over the page. */
FOR_PAGE void web_dragged(bool over);
/* A file that the page has put into the file system. */
FOR_PAGE bool web_drop(const char *path);
/* The file of the shipped weights has all of them now, see App.whole. */
FOR_PAGE void web_whole(const char *path);
/* Why the page could not fulfil a wish, for the user. */
FOR_PAGE void web_trouble(const char *text);
/* The browser has left full screen by itself (Escape). */
FOR_PAGE void web_left_fullscreen(void);
/* The page may be closed from now on without another word. */
FOR_PAGE void web_leave(void);
FOR_PAGE bool web_busy(void);
FOR_PAGE bool web_shows(const char *text);
FOR_PAGE bool web_dump(const char *path);

typedef struct Page {
    Window window;              /* first, so that a Window * is a Page * */
    App app;
    ShellOptions options;
    bool camera;                /* as the page was told last */
    double framed;              /* when the browser asked for the last frame */
    atomic_bool woken;          /* by any thread: a frame is due */
    pthread_mutex_t lock;
    Err saved;                  /* guarded by lock: why a picture could not be saved; an empty text: nothing to say */
} Page;

/* The page's one window, for the functions that its scripts call. */
static Page *page(void)
{
    static Page only;
    return &only;
}

/* ---- what the window needs ---------------------------------------------------------------------------------------- */

void window_setup(Window *w)
{
    w->shell.ui.in_page = true;
}

float window_scale(const Window *w)
{
    int width, height;
    SDL_GetWindowSize(w->window, &width, &height);
    const float pixel_w = (float)w->shell.pixel_w, pixel_h = (float)w->shell.pixel_h, dense = width > 0 ? pixel_w / (float)width : 1;
    return SDL_min(dense, SDL_min(pixel_w / LEAST_WIDTH, pixel_h / LEAST_HEIGHT));
}

void window_fullscreen(Window *w)
{
    page_fullscreen(w->fullscreen);
}

void window_pointer(Window *w)
{
    page_pointer(w->pointer, w->pointer_hidden);
}

void window_typing(Window *w)
{
    page_typing(w->typing);
}

void window_copy(Window *w, const char *text)
{
    (void)w;
    page_copy(text);
}

/* A picture that is being saved on its own thread: packing it takes longer than a frame. */
typedef struct PngPacking {
    Page *page;
    unsigned char *rgb;
    int w, h;
    char path[512];
} PngPacking;

static void save(void *user)
{
    PngPacking *s = user;
    Page *p = s->page;
    Err err;
    if (!image_save_png(s->path, s->rgb, s->w, s->h, &err)) {
        pthread_mutex_lock(&p->lock);
        p->saved = err;
        pthread_mutex_unlock(&p->lock);
    }
    atomic_store(&p->woken, true); /* a frame: then the page looks for what was saved */
    free(s->rgb);
    free(s);
}

bool window_save_png(Window *w, const char *path, Err *err)
{
    PngPacking *s = malloc(sizeof *s);
    if (s == NULL)
        return err_set(err, "%s: not enough memory", path);
    *s = (PngPacking){.page = (Page *)w, .rgb = shell_pixels(&w->shell, path, err), .w = w->shell.pixel_w, .h = w->shell.pixel_h};
    snprintf(s->path, sizeof s->path, "%s", path);
    Thread *thread = s->rgb != NULL ? thread_start(save, s) : NULL;
    if (thread == NULL) {
        const bool read = s->rgb != NULL;
        free(s->rgb);
        free(s);
        return read ? err_set(err, "%s: not enough memory", path) : false;
    }
    thread_detach(thread);
    return true;
}

/* From any thread. */
static void wake(void *user)
{
    atomic_store(&((Page *)user)->woken, true);
}

/* ---- frames ------------------------------------------------------------------------------------------------------- */

static void build(Page *p)
{
    window_build(&p->window);
    const Wish *wish = &p->window.shell.ui.wish;
    if (wish->pick_files)
        page_pick_files();
    if (wish->camera != p->camera)
        page_camera(p->camera = wish->camera);
    p->window.dirty = true;
}

/* SDL follows the size of the canvas; its other events are not used. */
static void follow_size(Window *w)
{
    int width, height;
    SDL_PumpEvents();
    SDL_FlushEvents(SDL_FIRSTEVENT, SDL_LASTEVENT);
    if (SDL_GetRendererOutputSize(w->renderer, &width, &height) == 0 && (width != w->shell.pixel_w || height != w->shell.pixel_h))
        window_resized(w);
}

/* What a thread has left for the next frame. */
static void take_word(Page *p)
{
    Input *in = &p->window.shell.in;
    pthread_mutex_lock(&p->lock);
    if (p->saved.text[0] != '\0')
        snprintf(in->trouble, sizeof in->trouble, "%.*s", (int)sizeof in->trouble - 1, p->saved.text);
    p->saved.text[0] = '\0';
    pthread_mutex_unlock(&p->lock);
}

static void frame(void *user)
{
    Page *p = user;
    Window *w = &p->window;
    const Ui *ui = &w->shell.ui;
    follow_size(w);
    if (atomic_exchange(&p->woken, false)) {
        w->dirty = true;
        take_word(p);
    }
    if (w->dirty || ui->want_frame || (ui->frame_at > 0 && window_now() >= ui->frame_at)) {
        const double start = window_now();
        build(p);
        const double built = window_now();
        w->dirty = false;
        window_paint(w);
        page_framed((built - start) * 1e3, (window_now() - built) * 1e3, p->app.busy(p->app.user));
    }
    const double since = window_now() - p->framed;
    p->framed = window_now();
    thread_turns(SDL_min(SDL_max(since / 2, TURNS_LEAST), TURNS_MOST));
}

bool shell_window(const App *app, const ShellOptions *options, Err *err)
{
    Page *p = page();
    if (!page_exists())
        return err_set(err, "window: there is no page here; use --screenshot or --script");
    *p = (Page){.window.asked_scale = options->scale, .app = *app, .options = *options, .lock = PTHREAD_MUTEX_INITIALIZER};
    SDL_SetHint(SDL_HINT_EMSCRIPTEN_ASYNCIFY, "0"); /* a frame is not interrupted: SDL would sleep in every SDL_RenderPresent */
    SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, "#picker"); /* an element that gets no keys: they come from the page */
    if (!window_open(&p->window, &p->app, options, err))
        return false;
    p->app.attach(p->app.user, wake, p);
    emscripten_set_main_loop_arg(frame, p, 0, true); /* never returns */
    return true;
}

/* ---- what the page's scripts call ----------------------------------------------------------------------------------- */

void web_modifiers(bool shift, bool ctrl, bool alt)
{
    Input *in = &page()->window.shell.in;
    in->shift = shift;
    in->ctrl = ctrl;
    in->alt = alt;
}

void web_key(const char *name)
{
    shell_key(&page()->window.shell, name);
    build(page());
}

void web_text(const char *text)
{
    if (page()->window.shell.ui.want_text)
        shell_text(&page()->window.shell, text);
    build(page());
}

bool web_pointer(double x, double y, bool inside)
{
    Window *w = &page()->window;
    int width, height;
    SDL_GetWindowSize(w->window, &width, &height);
    const float scale = width > 0 ? (float)w->shell.pixel_w / (float)width / w->shell.ui.scale : 1;
    w->shell.in.mouse_x = (float)x * scale;
    w->shell.in.mouse_y = (float)y * scale;
    w->shell.in.mouse_inside = inside;
    w->dirty = true;
    return w->shell.ui.over_drag;
}

bool web_look(void)
{
    build(page());
    return page()->window.shell.ui.over_drag;
}

void web_button(int button, bool down, int clicks)
{
    Input *in = &page()->window.shell.in;
    if (button == 0) {
        in->down = down;
        *(down ? &in->pressed : &in->released) = true;
        in->double_clicked = down && clicks == 2;
    } else if (button == 2 && down) {
        in->right_pressed = true;
    }
    build(page());
}

void web_wheel(double x, double y)
{
    Input *in = &page()->window.shell.in;
    in->wheel_x += (float)x;
    in->wheel_y += (float)y;
    page()->window.dirty = true;
}

void web_dragged(bool over)
{
    page()->window.shell.in.dragged = over;
    page()->window.dirty = true;
}

bool web_drop(const char *path)
{
    const bool many = page()->app.drop(page()->app.user, path);
    build(page());
    return many;
}

void web_whole(const char *path)
{
    if (page()->app.whole != NULL)
        page()->app.whole(page()->app.user, path);
    build(page());
}

void web_trouble(const char *text)
{
    Page *p = page();
    snprintf(p->window.shell.in.trouble, sizeof p->window.shell.in.trouble, "%s", text);
    build(p);
}

void web_left_fullscreen(void)
{
    Page *p = page();
    if (p->window.fullscreen)
        p->app.key(p->app.user, "f");
    build(p);
}

void web_leave(void)
{
    const ShellOptions *o = &page()->options;
    if (o->leave != NULL)
        o->leave(o->leave_user, o->width, o->height);
}

bool web_busy(void)
{
    const Page *p = page();
    return p->window.dirty || atomic_load(&p->woken) || p->window.shell.ui.want_frame || p->app.busy(p->app.user);
}

bool web_shows(const char *text)
{
    return dump_contains(&page()->window.shell.ui, text);
}

bool web_dump(const char *path)
{
    return dump_save(&page()->window.shell.ui, path, NULL);
}
