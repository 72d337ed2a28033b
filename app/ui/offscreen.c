/* offscreen.c - runs the shell in memory, in virtual time; see offscreen.h. */
#include "app/ui/offscreen.h"
#include "engine/base/array.h"
#include "engine/base/size.h"
#include "engine/base/thread.h"

#include <stdlib.h>
#include <time.h>

static const double FRAME = 1.0 / 60;
static const double REST_WITHIN = 60;   /* limit for motion, virtual seconds */
static const int COMPUTED_WITHIN = 300; /* limit for a computation, real seconds */

static bool canvas_make(Offscreen *o, int width, int height, Err *err)
{
    size_t bytes;
    if (width < 1 || height < 1 || width > 16384 || height > 16384 || !size_mul((size_t)width * 4, (size_t)height, &bytes))
        return err_set(err, "size %dx%d: a side must be between 1 and 16384 pixels", width, height);
    o->surface = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_ARGB8888);
    o->renderer = o->surface != NULL ? SDL_CreateSoftwareRenderer(o->surface) : NULL;
    if (o->renderer == NULL) {
        SDL_FreeSurface(o->surface);
        return err_set(err, "size %dx%d: %s", width, height, SDL_GetError());
    }
    return true;
}

static void canvas_free(Offscreen *o)
{
    SDL_DestroyRenderer(o->renderer);
    SDL_FreeSurface(o->surface);
}

/* A new size needs a new surface; the textures belong to the old renderer and are dropped first. */
bool offscreen_resize(Offscreen *o, int width, int height, Err *err)
{
    Offscreen next = {0};
    if (!canvas_make(&next, width, height, err))
        return false;
    Painter *painter = painter_new(next.renderer, o->shell.fonts);
    if (painter == NULL) {
        canvas_free(&next);
        return err_set(err, "size %dx%d: out of memory", width, height);
    }
    painter_free(o->shell.painter);
    canvas_free(o);
    o->surface = next.surface;
    o->renderer = o->shell.renderer = next.renderer;
    o->shell.painter = painter;
    o->shell.pixel_w = width;
    o->shell.pixel_h = height;
    return true;
}

/* Nobody waits for events here: wait_idle polls. */
static void ignore_wake(void *user)
{
    (void)user;
}

bool offscreen_open(Offscreen *o, const App *app, int width, int height, float scale, Err *err)
{
    *o = (Offscreen){0};
    if (!canvas_make(o, width, height, err))
        return false;
    if (!shell_open(&o->shell, app, o->renderer, err)) {
        canvas_free(o);
        return false;
    }
    o->shell.pixel_w = width;
    o->shell.pixel_h = height;
    o->shell.scale = scale > 0 ? scale : 1;
    o->shell.ui.scale = o->shell.scale;
    app->attach(app->user, ignore_wake, NULL);
    return true;
}

void offscreen_close(Offscreen *o)
{
    const App *app = o->shell.app;
    app->attach(app->user, NULL, NULL);
    shell_close(&o->shell);
    canvas_free(o);
    free(o->took);
}

bool offscreen_save_png(Offscreen *o, const char *path, Err *err)
{
    shell_paint(&o->shell);
    return shell_save_png(&o->shell, path, err);
}

/* This thread's processor time: the cost of a frame, whatever else the machine does. */
static double processor_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool keep_time(Offscreen *o, double seconds, Err *err)
{
    double *took = array_grow(o->took, o->took_count, sizeof *took);
    if (took == NULL)
        return err_set(err, "out of memory for %d frame times", o->took_count + 1);
    o->took = took;
    o->took[o->took_count++] = seconds;
    return true;
}

bool offscreen_frame(Offscreen *o, Err *err)
{
    double start = processor_time();
    shell_frame(&o->shell);
    if (o->timing) {
        shell_paint(&o->shell);
        SDL_RenderFlush(o->renderer);
        if ((o->timing_busy || !o->shell.app->busy(o->shell.app->user)) && !keep_time(o, processor_time() - start, err))
            return false;
    }
    const char *path = o->shell.ui.wish.save_png;
    if (path[0] != '\0') {
        shell_paint(&o->shell);
        if (!shell_save_png(&o->shell, path, err))
            return false;
    }
    if (o->shell.ui.wish.grab)
        shell_grab(&o->shell);
    return true;
}

bool offscreen_wait_idle(Offscreen *o, Err *err)
{
    const App *app = o->shell.app;
    double until = o->shell.in.now + REST_WITHIN;
    for (int waited_ms = 0;;) {
        if (!offscreen_frame(o, err))
            return false;
        if (app->busy(app->user)) {
            thread_rest(5);
            if ((waited_ms += 5) > COMPUTED_WITHIN * 1000)
                return err_set(err, "the view is still being computed after %d s", COMPUTED_WITHIN);
        } else if (o->shell.ui.want_frame) {
            o->shell.in.now += FRAME;
            if (o->shell.in.now > until)
                return err_set(err, "the view is still moving after %g s", REST_WITHIN);
        } else {
            return true;
        }
    }
}

bool offscreen_wait(Offscreen *o, double seconds, Err *err)
{
    double until = o->shell.in.now + seconds;
    while (o->shell.in.now < until) {
        o->shell.in.now = o->shell.in.now + FRAME < until ? o->shell.in.now + FRAME : until;
        if (!offscreen_frame(o, err))
            return false;
    }
    return true;
}
