/* program.h - the whole interface without a window: a model and its views on synthetic input, for tests. Text is measured by a
 * rule of thumb that is a little wider than the real fonts. */
#ifndef INCEPTOSCOPE_TEST_PROGRAM_H
#define INCEPTOSCOPE_TEST_PROGRAM_H

#include "app/views/app.h"
#include "engine/fast/fast.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct Program {
    Inceptoscope *program;
    Session *session;
    Model *model;               /* the session's */
    App app;
    Ui ui;
    Input in;
    float width, height;
} Program;

static inline float program_measure(void *user, Face face, float size, const char *text, size_t bytes)
{
    float width = 0;
    (void)user;
    for (size_t i = 0; i < bytes; i++) {
        const unsigned char c = (unsigned char)text[i];
        if ((c & 0xc0) == 0x80)
            continue;
        const bool wide = c >= 0xe4 && c <= 0xe9; /* Chinese characters */
        width += size * (wide ? 1.0f : face == FACE_MONO || face == FACE_MONO_BOLD ? 0.602f : face == FACE_BOLD ? 0.66f : 0.58f);
    }
    return width;
}

/* Two widgets with one id would share the press that one of them got. */
static inline void program_ids_differ(const Program *p)
{
    for (size_t i = 1; i < p->ui.id_count; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(p->ui.ids[i] != p->ui.ids[k], "widgets %zu and %zu of a frame with view '%s' have one id", k, i, view_name(p->model->view));
}

static inline void program_frame(Program *p)
{
    p->in.now += 1.0 / 60;
    ui_begin(&p->ui, &p->in, p->width, p->height);
    p->app.frame(p->app.user, &p->ui);
    ui_end(&p->ui);
    program_ids_differ(p);
    p->in.pressed = p->in.released = p->in.double_clicked = false;
    p->in.text[0] = p->in.key[0] = '\0';
    p->in.wheel_y = 0;
}

/* Frames until nothing is computed or moves any more; what moves for ever has 20,000 frames. */
static inline void program_rest(Program *p)
{
    int busy = 0;
    for (int still = 0; still < 20000;) {
        program_frame(p);
        if (p->app.busy(p->app.user)) {
            CHECK(++busy < LOOKS_MAX, "computing has no end with view '%s'", view_name(p->model->view));
            nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        } else if (p->ui.want_frame)
            still++;
        else
            break;
    }
    program_frame(p);
}

static inline void program_key(Program *p, const char *key)
{
    p->app.key(p->app.user, key);
    program_rest(p);
}

static inline void program_move(Program *p, float x, float y)
{
    p->in.mouse_inside = true;
    p->in.mouse_x = x;
    p->in.mouse_y = y;
    program_rest(p);
}

/* A click in three frames, while something may still move or be computed. */
static inline void program_tap(Program *p, float x, float y)
{
    p->in.mouse_inside = true;
    p->in.mouse_x = x;
    p->in.mouse_y = y;
    program_frame(p);
    p->in.down = p->in.pressed = true;
    program_frame(p);
    p->in.down = false;
    p->in.released = true;
    program_frame(p);
}

static inline void program_click(Program *p, float x, float y)
{
    program_move(p, x, y);
    program_tap(p, x, y);
    program_rest(p);
}

/* The first item with this role whose text has `part` in it, or NULL. */
static inline const Item *program_find(const Program *p, const char *role, const char *part)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, role) == 0 && strstr(p->ui.text + p->ui.items[i].text, part) != NULL)
            return &p->ui.items[i];
    return NULL;
}

/* The bundled daisy, the fast engine. */
static inline bool program_open_from(Program *p, const SourceOptions *from, float width, float height, Err *err)
{
    Source source;
    Picture picture;
    memset(p, 0, sizeof *p);
    p->width = width;
    p->height = height;
    if (!source_open(&source, from, err))
        return false;
    if (!picture_open("assets/images/daisy.png", source.net, &picture, err)) {
        source_free(&source);
        return false;
    }
    SharedSource *shared = shared_source_new(source);
    if (shared == NULL) {
        picture_free(&picture);
        return err_set(err, "not enough memory");
    }
    const SessionOptions options = {.model = {.source = shared, .picture = picture, .engine = engine_named("fast"),
                                              .networks_dir = "assets/networks", .screen = {.still = true},
                                              .look = {.range = RANGE_LAYER, .field = true, .clip_outliers = true}},
                                    .images_dir = "assets/images", .weights_dir = "assets/weights", .lessons_dir = "lessons"};
    p->program = inceptoscope_new(&options, err);
    if (p->program == NULL)
        return false;
    p->session = inceptoscope_session(p->program);
    p->model = &p->session->model;
    p->app = inceptoscope_app(p->program);
    if (!ui_init(&p->ui, &theme_light, program_measure, NULL))
        return err_set(err, "not enough memory");
    program_rest(p);
    return true;
}

/* Seeded weights. */
static inline bool program_open(Program *p, const char *network, float width, float height, Err *err)
{
    return program_open_from(p, &(SourceOptions){.network = network, .networks_dir = "assets/networks"}, width, height, err);
}

static inline void program_close(Program *p)
{
    inceptoscope_free(p->program);
    ui_free(&p->ui);
}

/* cmocka's setup and teardown of a whole group: *state is a Program, bvlc_googlenet at the smallest size. */
static inline int program_group_open(void **state)
{
    Err err;
    Program *p = malloc(sizeof *p);
    if (p == NULL || !program_open(p, "bvlc_googlenet", 1280, 720, &err))
        return -1;
    *state = p;
    return 0;
}

/* The same with a small network of GoogLeNet's shape, in a window with room for all its rows. */
static inline int program_small_open(void **state)
{
    Err err;
    Program *p = malloc(sizeof *p);
    if (p == NULL || !program_open(p, "tests/nets/small.net", 1600, 1200, &err))
        return -1;
    *state = p;
    return 0;
}

static inline int program_group_close(void **state)
{
    program_close(*state);
    free(*state);
    return 0;
}

/* A forward of the shown picture in the fast engine, apart from the program's, ready for gradients; the caller frees it. */
static inline Run *program_run(const Program *p, const float *weights)
{
    Err err;
    Run *run = run_new(&fast_engine, model_net(p->model), &(RunOptions){.batch = 1, .gradients = true}, &err);
    CHECK(run != NULL, "%s", err.text);
    run_weights(run, weights);
    run_input(run, p->model->picture.x, 1);
    run_forward(run);
    return run;
}

static inline int program_layer(const Program *p, const char *address)
{
    Address a = {.layer = -1};
    Err err;
    return net_address(model_net(p->model), address, &a, &err) ? a.layer : -1; /* a test with a wrong name fails at its use */
}

#endif
