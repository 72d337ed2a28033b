/* test_renderer.c - the window without a good renderer: none from the graphics card, none at all, one that stops drawing, one that loses its
 * textures; and a display that comes and goes. SDL's dummy driver has the window; what fails is put in the place of SDL's calls (--wrap). */
#include "app/ui/shell.h"
#include "tests/check.h"

#include <SDL.h>
#include <stdlib.h>
#include <string.h>

SDL_Renderer *__real_SDL_CreateRenderer(SDL_Window *window, int index, Uint32 flags);
SDL_Renderer *__wrap_SDL_CreateRenderer(SDL_Window *window, int index, Uint32 flags);
int __real_SDL_RenderFlush(SDL_Renderer *renderer);
int __wrap_SDL_RenderFlush(SDL_Renderer *renderer);
SDL_Texture *__real_SDL_CreateTextureFromSurface(SDL_Renderer *renderer, SDL_Surface *surface);
SDL_Texture *__wrap_SDL_CreateTextureFromSurface(SDL_Renderer *renderer, SDL_Surface *surface);

/* What the next window meets, and what became of it. The wrapped functions have no other way to it. */
typedef struct Trial {
    bool no_card, no_processor; /* no such renderer can be made */
    int from, fails;            /* from that frame on so many attempts to draw fail */
    Uint32 event;               /* comes in frame 5, which asks for no other frame; 0: none */
    int card, processor;        /* renderers that were asked for */
    int frames, textures, textures_before, left;
    double late;
    char trouble[256];
} Trial;

static Trial trial;

SDL_Renderer *__wrap_SDL_CreateRenderer(SDL_Window *window, int index, Uint32 flags)
{
    const bool processor = (flags & SDL_RENDERER_SOFTWARE) != 0;
    *(processor ? &trial.processor : &trial.card) += 1;
    if (processor ? trial.no_processor : trial.no_card) {
        SDL_SetError("no %s here", processor ? "processor" : "card");
        return NULL;
    }
    return __real_SDL_CreateRenderer(window, index, SDL_RENDERER_SOFTWARE); /* the only one of the dummy driver */
}

int __wrap_SDL_RenderFlush(SDL_Renderer *renderer)
{
    const bool fails = trial.from > 0 && trial.frames >= trial.from && trial.fails > 0;
    trial.fails -= fails;
    return fails ? SDL_SetError("lost in frame %d", trial.frames) : __real_SDL_RenderFlush(renderer);
}

SDL_Texture *__wrap_SDL_CreateTextureFromSurface(SDL_Renderer *renderer, SDL_Surface *surface)
{
    trial.textures++;
    return __real_SDL_CreateTextureFromSurface(renderer, surface);
}

static void attach(void *user, WakeFn *wake, void *wake_user)
{
    (void)user, (void)wake, (void)wake_user;
}

static void key(void *user, const char *name)
{
    (void)user, (void)name;
}

static bool busy(void *user)
{
    (void)user;
    return false;
}

/* Ten frames with one text. */
static void frame(void *user, Ui *ui)
{
    (void)user;
    trial.frames++;
    if (ui->in.trouble[0] != '\0')
        snprintf(trial.trouble, sizeof trial.trouble, "%s", ui->in.trouble);
    ui_fill(ui, (Rect){0, 0, ui->width, ui->height}, ui->theme->page);
    ui_text(ui, (Rect){10, 10, 300, 20}, ui_style(FACE_SANS, 15, ui->theme->text), ALIGN_LEFT, "inception");
    CHECK(ui->width >= 1 && ui->height >= 1, "frame %d has %g x %g", trial.frames, (double)ui->width, (double)ui->height);
    if (trial.frames == 5 && trial.event != 0) {
        trial.textures_before = trial.textures;
        SDL_Event event = {.type = trial.event};
        event.window.windowID = 1;
        event.window.event = SDL_WINDOWEVENT_DISPLAY_CHANGED;
        if (trial.event == SDL_DISPLAYEVENT)
            event.display = (SDL_DisplayEvent){.type = SDL_DISPLAYEVENT, .event = SDL_DISPLAYEVENT_DISCONNECTED};
        SDL_PushEvent(&event);
        trial.late = ui->in.now + 20;
        ui_frame_later(ui, trial.late); /* so that a missing frame is a failure, and not an end that never comes */
        return;
    }
    CHECK(trial.late <= 0 || ui->in.now < trial.late, "the event brings no frame");
    ui->want_frame = true;
    ui->wish.quit = trial.frames >= 10;
}

static void leave(void *user, int width, int height)
{
    (void)user, (void)width, (void)height;
    trial.left = 1;
}

static bool run(Trial what, Err *err)
{
    trial = what;
    const App app = {.attach = attach, .frame = frame, .key = key, .busy = busy};
    const ShellOptions options = {.width = 1000, .height = 640, .title = "test", .leave = leave};
    return shell_window(&app, &options, err);
}

static void no_card(void **state)
{
    Err err = {""};
    (void)state;
    CHECK(run((Trial){.no_card = true}, &err), "%s", err.text);
    CHECK(trial.card == 1 && trial.processor == 1 && trial.frames == 10, "%d, %d renderers, %d frames", trial.card, trial.processor, trial.frames);
}

static void nothing_draws(void **state)
{
    Err err = {""};
    (void)state;
    CHECK(!run((Trial){.no_card = true, .no_processor = true}, &err), "a window without a renderer");
    CHECK(strstr(err.text, "window: ") == err.text && strstr(err.text, "no card here") != NULL && strstr(err.text, "no processor here") != NULL &&
              strstr(err.text, "--screenshot") != NULL,
          "%s", err.text);
    CHECK(trial.frames == 0, "%d frames", trial.frames);
}

static void it_stops(void **state)
{
    Err err = {""};
    (void)state;
    for (int at = 1; at <= 4; at += 3) { /* in the first frame, and later */
        CHECK(run((Trial){.from = at, .fails = 1}, &err), "%s", err.text);
        CHECK(trial.card == 1 && trial.processor == 1 && trial.frames == 10, "frame %d: %d, %d renderers, %d frames", at, trial.card, trial.processor, trial.frames);
        CHECK(strstr(trial.trouble, "the processor draws now") != NULL && strstr(trial.trouble, "lost in frame") != NULL, "frame %d: '%s' is said", at, trial.trouble);
    }
    CHECK(!run((Trial){.from = 4, .fails = 99}, &err), "it goes on without a renderer");
    CHECK(strstr(err.text, "any more (lost in frame 4)") != NULL && strstr(err.text, "--screenshot") != NULL, "%s", err.text);
    CHECK(trial.card == 1 && trial.processor == 1 && trial.left == 1, "%d, %d renderers, settings %d", trial.card, trial.processor, trial.left);
    CHECK(!run((Trial){.from = 4, .fails = 1, .no_processor = true}, &err), "it goes on without a renderer");
    CHECK(strstr(err.text, "no processor here") != NULL && trial.left == 1, "%s, settings %d", err.text, trial.left);
}

static void what_comes_and_goes(void **state)
{
    static const Uint32 events[] = {SDL_RENDER_DEVICE_RESET, SDL_RENDER_TARGETS_RESET, SDL_DISPLAYEVENT, SDL_WINDOWEVENT};
    Err err = {""};
    (void)state;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        CHECK(run((Trial){.event = events[i]}, &err), "%s", err.text);
        CHECK(trial.frames == 10, "event %zu: %d frames", i, trial.frames);
        const bool again = trial.textures > trial.textures_before; /* the text's texture was made in the first frame */
        CHECK(again == (i < 2), "event %zu: %d textures before it, %d at the end", i, trial.textures_before, trial.textures);
    }
}

int main(void)
{
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_card), cmocka_unit_test(nothing_draws), cmocka_unit_test(it_stops), cmocka_unit_test(what_comes_and_goes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
