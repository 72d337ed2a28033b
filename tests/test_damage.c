/* test_damage.c - a frame that draws only what has changed looks, to the last bit, like one that draws everything: random input through the
 * whole program, on the software renderer, at two scales. */
#include "app/ui/draw.h"
#include "app/ui/offscreen.h"
#include "engine/base/rng.h"
#include "tests/program.h"

static unsigned char *pixels_of(const Offscreen *o)
{
    const size_t size = (size_t)o->surface->pitch * (size_t)o->surface->h;
    unsigned char *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, o->surface->pixels, size);
    return copy;
}

static void paint(Offscreen *o)
{
    shell_paint(&o->shell);
    SDL_RenderFlush(o->renderer);
}

/* The frame on the surface against the same one drawn whole. */
static void compare(Offscreen *o, const char *what)
{
    unsigned char *partly = pixels_of(o);
    painter_flush(o->shell.painter);
    paint(o);
    const unsigned char *whole = o->surface->pixels;
    for (int y = 0; y < o->surface->h; y++)
        for (int x = 0; x < o->surface->w; x++) {
            const size_t at = (size_t)y * (size_t)o->surface->pitch + 4 * (size_t)x;
            CHECK(memcmp(partly + at, whole + at, 3) == 0, "%s: pixel %d,%d is %02x%02x%02x, drawn whole %02x%02x%02x", what, x, y, partly[at + 2], partly[at + 1], partly[at],
                  whole[at + 2], whole[at + 1], whole[at]);
        }
    free(partly);
}

static const char *const keys[] = {"Right", "Left", "Down", "Up", "Enter", "Escape", "PageDown", "c", "w", "l", "g", "d", "m", "r", "z", "t", "p", "0", "h", "/", "n", "o",
                                   "Shift+Right", "Shift+Down", "x", "u", "v", "Shift+Space", "Space", "Tab", "2", "Home"};

static void walk(float scale, uint64_t seed)
{
    enum { STEPS = 130, W = 1100, H = 700 };
    Program program, *p = &program;
    Offscreen o;
    Err err;
    const Rng rng = rng_make(seed, 1);
    CHECK(program_open(p, "tests/nets/small.net", W, H, &err), "%s", err.text);
    p->model->screen.still = false; /* with motion */
    CHECK(offscreen_open(&o, &p->app, (int)(W * scale), (int)(H * scale), scale, &err), "%s", err.text);
    for (int i = 0; i < STEPS; i++) {
        char what[96];
        Input *in = &o.shell.in;
        const double u = rng_uniform_at(rng, 4 * (uint64_t)i), v = rng_uniform_at(rng, 4 * (uint64_t)i + 1);
        const int kind = (int)(4 * rng_uniform_at(rng, 4 * (uint64_t)i + 2));
        if (kind == 0) {
            shell_key(&o.shell, keys[(int)(u * (double)(sizeof keys / sizeof keys[0]))]);
            snprintf(what, sizeof what, "seed %d, step %d, key %s", (int)seed, i, keys[(int)(u * (double)(sizeof keys / sizeof keys[0]))]);
        } else {
            in->mouse_inside = true;
            in->mouse_x = (float)(u * W);
            in->mouse_y = (float)(v * H);
            in->wheel_y = kind == 2 ? (float)(3 - 6 * v) : 0;
            snprintf(what, sizeof what, "seed %d, step %d, pointer at %.0f,%.0f, wheel %.1f", (int)seed, i, u * W, v * H, (double)in->wheel_y);
        }
        CHECK(offscreen_frame(&o, &err), "%s", err.text);
        paint(&o);
        CHECK(offscreen_frame(&o, &err), "%s", err.text);
        paint(&o);
        if (i % 3 == 0)
            compare(&o, what);
    }
    offscreen_close(&o);
    program_close(p);
}

static void test_random_walk(void **state)
{
    (void)state;
    walk(1, 1);
    walk(1, 2);
}

static void test_dense(void **state)
{
    (void)state;
    walk(1.5f, 3);
}

/* The page's colour below a list that does not cover the window, a shape that leaves, a text that changes. */
static void test_leaves_nothing(void **state)
{
    (void)state;
    Err err;
    Program program, *p = &program;
    Offscreen o;
    CHECK(program_open(p, "tests/nets/small.net", 400, 300, &err), "%s", err.text);
    CHECK(offscreen_open(&o, &p->app, 400, 300, 1, &err), "%s", err.text);
    for (int i = 0; i < 40; i++) {
        Ui *ui = &o.shell.ui;
        ui_begin(ui, &o.shell.in, 400, 300);
        ui_round(ui, (Rect){(float)(7 * i), (float)(5 * i % 90), 60, 40}, 6, 0x2e62d9ff);
        ui_textf(ui, (Rect){10, 200, 300, 20}, ui_style(FACE_SANS, 14, 0x101010ff), ALIGN_LEFT, "frame %d %s", i, i % 2 ? "ÅÇ漢" : "");
        ui_line(ui, 20, 260, 380 - 8 * (float)i, 240, 3, 0xd55e00ff);
        ui_clip_push(ui, (Rect){100, 100, 120 - (float)i, 60});
        ui_fill(ui, (Rect){90, 110, 200, 20}, 0x009e7380);
        ui_clip_pop(ui);
        ui_shadow(ui, (Rect){300, 60, 60, (float)(20 + i)}, 6, 14, 0x00000060);
        ui_end(ui);
        paint(&o);
        char what[32];
        snprintf(what, sizeof what, "frame %d", i);
        compare(&o, what);
    }
    offscreen_close(&o);
    program_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_leaves_nothing), cmocka_unit_test(test_random_walk), cmocka_unit_test(test_dense)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
