/* headless.c - the interface without a display: virtual time, scripted actions, pictures. */
#include "app/ui/shell_frame.h"
#include "app/ui/utf8.h"
#include "engine/base/array.h"
#include "engine/base/tensor.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double FRAME = 1.0 / 60;
static const double REST_WITHIN = 60;   /* virtual seconds until motion must have ended */
static const int COMPUTED_WITHIN = 300; /* real seconds until a computation must have ended */

struct Headless {
    Shell shell;
    SDL_Surface *surface;
    SDL_Renderer *renderer;
    bool timing;                /* every frame is painted, and its time kept while nothing is being computed */
    double *took;               /* seconds */
    int took_count;
};

static bool canvas_make(Headless *h, int width, int height, Err *err)
{
    size_t bytes;
    if (width < 1 || height < 1 || width > 16384 || height > 16384 || !size_mul((size_t)width * 4, (size_t)height, &bytes))
        return err_set(err, "size %dx%d: a side must be between 1 and 16384 pixels", width, height);
    h->surface = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, SDL_PIXELFORMAT_ARGB8888);
    h->renderer = h->surface != NULL ? SDL_CreateSoftwareRenderer(h->surface) : NULL;
    if (h->renderer == NULL) {
        SDL_FreeSurface(h->surface);
        return err_set(err, "size %dx%d: %s", width, height, SDL_GetError());
    }
    return true;
}

static void canvas_free(Headless *h)
{
    SDL_DestroyRenderer(h->renderer);
    SDL_FreeSurface(h->surface);
}

/* A new size is a new surface; the textures belong to the old renderer and are forgotten first. */
static bool resize(Headless *h, int width, int height, Err *err)
{
    Headless next = {0};
    if (!canvas_make(&next, width, height, err))
        return false;
    Painter *painter = painter_new(next.renderer, h->shell.fonts);
    if (painter == NULL) {
        canvas_free(&next);
        return err_set(err, "size %dx%d: out of memory", width, height);
    }
    painter_free(h->shell.painter);
    canvas_free(h);
    h->surface = next.surface;
    h->renderer = h->shell.renderer = next.renderer;
    h->shell.painter = painter;
    h->shell.pixel_w = width;
    h->shell.pixel_h = height;
    return true;
}

/* This thread's processor time: what a frame costs, whatever else the machine is doing. */
static double processor_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool keep_time(Headless *h, double seconds, Err *err)
{
    double *took = array_grow(h->took, h->took_count, sizeof *took);
    if (took == NULL)
        return err_set(err, "out of memory for %d frame times", h->took_count + 1);
    h->took = took;
    h->took[h->took_count++] = seconds;
    return true;
}

/* A frame, and what the App wished for in it. */
static bool frame(Headless *h, Err *err)
{
    double start = processor_time();
    shell_frame(&h->shell);
    if (h->timing) {
        shell_paint(&h->shell);
        SDL_RenderFlush(h->renderer);
        if (!h->shell.app->busy(h->shell.app->user) && !keep_time(h, processor_time() - start, err))
            return false;
    }
    if (h->shell.ui.wish.grab) {
        shell_paint(&h->shell);
        shell_grab(&h->shell);
    }
    const char *path = h->shell.ui.wish.save_png;
    if (path[0] == '\0')
        return true;
    shell_paint(&h->shell);
    return shell_save_png(&h->shell, path, err);
}

/* Until nothing is being computed and nothing moves. The worker's time is real, the motion's is virtual. */
static bool wait_idle(Headless *h, Err *err)
{
    const App *app = h->shell.app;
    double until = h->shell.in.now + REST_WITHIN;
    for (int waited_ms = 0;;) {
        if (!frame(h, err))
            return false;
        if (app->busy(app->user)) {
            SDL_Delay(5);
            if ((waited_ms += 5) > COMPUTED_WITHIN * 1000)
                return err_set(err, "the view is still being computed after %d s", COMPUTED_WITHIN);
        } else if (h->shell.ui.want_frame) {
            h->shell.in.now += FRAME;
            if (h->shell.in.now > until)
                return err_set(err, "the view is still moving after %g s", REST_WITHIN);
        } else {
            return true;
        }
    }
}

static bool wait_for(Headless *h, double seconds, Err *err)
{
    double until = h->shell.in.now + seconds;
    while (h->shell.in.now < until) {
        h->shell.in.now = h->shell.in.now + FRAME < until ? h->shell.in.now + FRAME : until;
        if (!frame(h, err))
            return false;
    }
    return true;
}

static bool screenshot(Headless *h, const char *path, Err *err)
{
    shell_paint(&h->shell);
    return shell_save_png(&h->shell, path, err);
}

/* ---- actions ----------------------------------------------------------------------------------------------------- */

static bool numbers(const char *verb, const char *text, int count, double *out, Err *err)
{
    for (int i = 0; i < count; i++) {
        char *end;
        out[i] = strtod(text, &end);
        if (end == text)
            return err_set(err, "%s needs %d number%s", verb, count, count > 1 ? "s" : "");
        text = end;
    }
    while (isspace((unsigned char)*text))
        text++;
    return *text == '\0' || err_set(err, "%s needs %d number%s, not '%s'", verb, count, count > 1 ? "s" : "", text);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* `most` false: the median frame since `time-frames`; true: the slowest. */
static bool expect_time(Headless *h, const char *verb, double limit_ms, bool most, Err *err)
{
    if (h->took_count == 0)
        return err_set(err, "%s: no frame was timed; use time-frames first", verb);
    qsort(h->took, (size_t)h->took_count, sizeof *h->took, by_value);
    double ms = h->took[most ? h->took_count - 1 : h->took_count / 2] * 1000;
    return ms <= limit_ms || err_set(err, "the %s of %d frames took %.1f ms, more than %g", most ? "slowest" : "median",
                                     h->took_count, ms, limit_ms);
}

typedef enum Button { BUTTON_STAYS, BUTTON_PRESS, BUTTON_RELEASE } Button;

static bool pointer(Headless *h, double x, double y, Button button, Err *err)
{
    Input *in = &h->shell.in;
    in->mouse_x = (float)x;
    in->mouse_y = (float)y;
    in->mouse_inside = true;
    in->pressed = button == BUTTON_PRESS;
    in->released = button == BUTTON_RELEASE;
    in->down = button == BUTTON_PRESS || (in->down && button == BUTTON_STAYS);
    return frame(h, err);
}

/* Every character in a frame of its own, as from a keyboard: the first may open the field that takes the rest. */
static bool type(Headless *h, const char *text, Err *err)
{
    while (*text != '\0') {
        char one[8] = {0};
        const size_t size = utf8_size(text);
        memcpy(one, text, size);
        shell_text(&h->shell, one);
        if (!frame(h, err))
            return false;
        text += size;
    }
    return frame(h, err);
}

bool headless_action(Headless *h, const char *verb, const char *rest, Err *err)
{
    Shell *shell = &h->shell;
    double n[2];
    if (strcmp(verb, "key") == 0) {
        shell_key(shell, rest);
        return frame(h, err) && frame(h, err);
    }
    if (strcmp(verb, "text") == 0)
        return type(h, rest, err);
    if (strcmp(verb, "move") == 0)
        return numbers(verb, rest, 2, n, err) && pointer(h, n[0], n[1], BUTTON_STAYS, err) && frame(h, err);
    if (strcmp(verb, "press") == 0)
        return numbers(verb, rest, 2, n, err) && pointer(h, n[0], n[1], BUTTON_PRESS, err);
    if (strcmp(verb, "release") == 0)
        return numbers(verb, rest, 2, n, err) && pointer(h, n[0], n[1], BUTTON_RELEASE, err) && frame(h, err);
    if (strcmp(verb, "click") == 0)
        return numbers(verb, rest, 2, n, err) && pointer(h, n[0], n[1], BUTTON_STAYS, err) &&
               pointer(h, n[0], n[1], BUTTON_PRESS, err) && pointer(h, n[0], n[1], BUTTON_RELEASE, err) && frame(h, err);
    if (strcmp(verb, "wheel") == 0) {
        if (!numbers(verb, rest, 1, n, err))
            return false;
        shell->in.wheel_y = (float)n[0];
        return frame(h, err) && frame(h, err);
    }
    if (strcmp(verb, "drop") == 0) {
        shell->app->drop(shell->app->user, rest);
        return frame(h, err);
    }
    if (strcmp(verb, "wait-idle") == 0)
        return wait_idle(h, err);
    if (strcmp(verb, "wait") == 0)
        return numbers(verb, rest, 1, n, err) && wait_for(h, n[0] / 1000, err);
    if (strcmp(verb, "resize") == 0) {
        if (!numbers(verb, rest, 2, n, err))
            return false;
        bool sane = n[0] >= 1 && n[1] >= 1 && n[0] <= 16384 && n[1] <= 16384;
        return (sane || err_set(err, "resize needs sides between 1 and 16384 pixels")) &&
               resize(h, (int)n[0], (int)n[1], err) && frame(h, err);
    }
    if (strcmp(verb, "screenshot") == 0)
        return frame(h, err) && screenshot(h, rest, err);
    if (strcmp(verb, "dump") == 0)
        return dump_save(&shell->ui, rest, err);
    if (strcmp(verb, "expect") == 0)
        return dump_contains(&shell->ui, rest) || err_set(err, "'%s' is not on the screen", rest);
    if (strcmp(verb, "expect-not") == 0)
        return !dump_contains(&shell->ui, rest) || err_set(err, "'%s' is on the screen", rest);
    if (strcmp(verb, "time-frames") == 0) {
        h->timing = true;
        h->took_count = 0;
        return frame(h, err); /* the first paint makes textures: it counts */
    }
    if (strcmp(verb, "expect-median") == 0 || strcmp(verb, "expect-slowest") == 0)
        return numbers(verb, rest, 1, n, err) && expect_time(h, verb, n[0], strcmp(verb, "expect-slowest") == 0, err);
    return err_set(err, "unknown action '%s'; actions are key text move click press release wheel drop wait-idle wait resize "
                        "screenshot dump expect expect-not time-frames expect-median expect-slowest", verb);
}

bool headless_script(Headless *h, const char *path, Err *err)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return err_set(err, "%s: %s", path, strerror(errno));
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool ok = true;
    for (int number = 1; ok && (length = getline(&line, &capacity, file)) >= 0; number++) {
        while (length > 0 && isspace((unsigned char)line[length - 1]))
            line[--length] = '\0';
        char *verb = line + strspn(line, " \t");
        if (*verb == '\0' || *verb == '#')
            continue;
        char *rest = verb + strcspn(verb, " \t");
        if (*rest != '\0')
            *rest++ = '\0';
        rest += strspn(rest, " \t");
        Err reason = {""};
        ok = headless_action(h, verb, rest, &reason) || err_set(err, "%s:%d: %s", path, number, reason.text);
    }
    if (ok && ferror(file)) /* a folder opens, too */
        ok = err_set(err, "%s: %s", path, strerror(errno));
    free(line);
    fclose(file);
    return ok;
}

/* Nobody waits for events here: wait_idle looks by itself. */
static void ignore_wake(void *user)
{
    (void)user;
}

bool shell_headless(const App *app, const ShellOptions *options, Err *err)
{
    Headless h = {0};
    if (!canvas_make(&h, options->width, options->height, err))
        return false;
    if (!shell_open(&h.shell, app, h.renderer, err)) {
        canvas_free(&h);
        return false;
    }
    h.shell.pixel_w = options->width;
    h.shell.pixel_h = options->height;
    h.shell.scale = options->scale > 0 ? options->scale : 1;
    h.shell.ui.scale = h.shell.scale;
    app->attach(app->user, ignore_wake, NULL);
    bool ok = frame(&h, err);
    if (options->script != NULL)
        ok = ok && headless_script(&h, options->script, err);
    if (options->screenshot != NULL || options->dump != NULL)
        ok = ok && wait_idle(&h, err);
    if (options->screenshot != NULL)
        ok = ok && screenshot(&h, options->screenshot, err);
    if (options->dump != NULL)
        ok = ok && dump_save(&h.shell.ui, options->dump, err);
    app->attach(app->user, NULL, NULL);
    shell_close(&h.shell);
    canvas_free(&h);
    free(h.took);
    return ok;
}
