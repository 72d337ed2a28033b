/* test_units_view.c - the photos that excite a channel on the screen: a folder is chosen, each tile and each of the strongest photos is
 * the one that counting finds, a click opens it at its value, and what has no units says so. */
#include "app/model/patches.h"
#include "engine/base/safe_file.h"
#include "tests/program.h"
#include "tests/temp_folder.h"

enum { PHOTOS = 14, SIDE = 48 };

/* Two classes, one broken photo. */
static void make_photos(void)
{
    static unsigned char rgb[SIDE * SIDE * 3];
    Err err;
    mkdir(inside("photos"), 0777);
    mkdir(inside("photos/round"), 0777);
    mkdir(inside("photos/square"), 0777);
    for (int i = 0; i < PHOTOS; i++) {
        char name[64];
        for (int k = 0; k < SIDE * SIDE * 3; k++) {
            const int x = k / 3 % SIDE - SIDE / 2, y = k / 3 / SIDE - SIDE / 2;
            rgb[k] = (unsigned char)((i % 2 ? x * x + y * y : abs(x) * 20 + abs(y) * 15) * (i + 2) / 8 + k % 3 * 30 * i);
        }
        snprintf(name, sizeof name, "photos/%s/%d.png", i % 2 ? "round" : "square", i);
        CHECK(image_save_png(inside(name), rgb, SIDE, SIDE, &err), "%s", err.text);
    }
    CHECK(safe_file_put(inside("photos/round/broken.png"), "\x89PNG no more", 12, &err), "%s", err.text);
    setenv("XDG_CACHE_HOME", inside("cache"), 1);
}

static void open_program(Program *p, float w, float h)
{
    Err err;
    CHECK(program_open(p, "tests/nets/small.net", w, h, &err), "%s", err.text);
    model_view(p->model, VIEW_UNITS);
    program_rest(p);
}

static const Examples *examples(const Program *p)
{
    const Examples *e = unit_photos_examples(&p->session->units.photos);
    CHECK(e != NULL && examples_complete(e), "the photos are computed");
    return e;
}

static void tap_item(Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    program_click(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 3);
}

static bool shows(const Program *p, const char *part)
{
    return program_find(p, "text", part) != NULL;
}

static void count_wake(void *user)
{
    ++*(int *)user;
}

/* Who draws a frame with a patch that is not there yet is called for the next one, in which it is started: on a page nobody else asks. */
static void test_wish_wakes(void **state)
{
    (void)state;
    int wakes = 0;
    Patches *patches = patches_new(count_wake, &wakes);
    const PatchWish wish = {.path = "no photo", .field = {.x0 = 0, .y0 = 0, .x1 = 7, .y1 = 7}, .side = 8};
    assert_non_null(patches);
    assert_null(patches_get(patches, &wish));
    CHECK(wakes == 1 && patches_busy(patches), "%d calls for a frame", wakes);
    assert_null(patches_get(patches, &wish));
    CHECK(wakes == 1, "once in a frame, not %d times", wakes);
    patches_free(patches);
}

/* Without a folder the view invites; its button and the list of folders lead to one. */
static void test_choose(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_program(p, 1366, 768);
    CHECK(shows(p, "Choose a folder of photos"), "it says how it begins");
    tap_item(p, "button", model_text(p->model, STR_UNITS_CHOOSE));
    CHECK(p->model->overlay == OVERLAY_PICTURES && shows(p, model_text(p->model, STR_UNITS_FOLDER_TITLE)), "the list of folders");
    snprintf(p->in.text, sizeof p->in.text, "%.400s/", inside("photos"));
    program_rest(p);
    CHECK(program_find(p, "entry", model_text(p->model, STR_UNITS_USE_FOLDER)) != NULL && program_find(p, "entry", "round/") != NULL, "the typed folder is listed");
    tap_item(p, "entry", model_text(p->model, STR_UNITS_USE_FOLDER));
    CHECK(p->model->overlay == OVERLAY_NONE && examples(p)->photos.count == PHOTOS + 1, "%s", p->session->units.photos.folder);
    CHECK(shows(p, "round/broken.png"), "the broken photo is named");
    program_close(p);
}

/* A dropped folder opens the view from anywhere; each of the strongest photos leads to its value. */
static void test_open_value(void **state)
{
    Program program, *p = &program;
    LayerMap map;
    (void)state;
    open_program(p, 1366, 768);
    model_view(p->model, VIEW_STAGE);
    p->app.drop(p->app.user, inside("photos"));
    program_rest(p);
    CHECK(p->model->view == VIEW_UNITS && examples(p)->photos.count == PHOTOS + 1, "a dropped folder");
    model_go(p->model, program_layer(p, "3b"));
    program_rest(p);
    CHECK(p->model->view == VIEW_UNITS, "going to a layer stays in the view");
    for (int rank = 0; rank < 3; rank += 2) {
        ExamplesUnit u;
        Cursor shown;
        Address unit;
        char name[16];
        model_view(p->model, VIEW_UNITS);
        model_select(p->model, (Cursor){program_layer(p, "3b"), -1, -1, -1});
        program_rest(p);
        int channel = 0;
        do { /* one that is above 0 in three photos at least */
            model_select(p->model, (Cursor){program_layer(p, "3b"), channel++, -1, -1});
            CHECK(units_channel(p->model, &shown, &unit), "a module's channel");
            examples_of(examples(p), unit, EXAMPLES_TOP, &u);
        } while (u.count < 3);
        program_rest(p);
        snprintf(name, sizeof name, "%d", shown.channel);
        CHECK(program_find(p, "unit", name) != NULL, "the channel's tile");
        if (rank == 0)
            program_key(p, "Enter");
        else
            tap_item(p, "photo", photos_name(&examples(p)->photos, u.top[rank].photo));
        CHECK(p->model->view == VIEW_VALUE && p->model->cursor.channel == shown.channel && p->model->cursor.y == u.top[rank].y && p->model->cursor.x == u.top[rank].x,
              "rank %d leads to its place", rank);
        CHECK(strcmp(p->model->picture.path, examples(p)->photos.items[u.top[rank].photo].path) == 0, "%s", p->model->picture.path);
        CHECK(compute_map(p->model->compute, p->model->cursor.layer, &map), "its maps");
        const Cursor c = p->model->cursor;
        CHECK_NEAR(map.data[at(map.shape, 0, c.channel, c.y, c.x)], u.top[rank].value, 0, 1e-5, "the value that was promised");
    }
    program_close(p);
}

/* Tiles select, keys walk, layers without units say so, a pool shows the channels that it passes on. */
static void test_walk(void **state)
{
    Program program, *p = &program;
    Cursor shown;
    Address unit;
    (void)state;
    open_program(p, 1024, 768);
    session_open_photos(p->session, inside("photos"));
    program_rest(p);
    CHECK(shows(p, "no channels that the network has learnt"), "the input");
    program_key(p, "Right");
    CHECK(p->model->view == VIEW_UNITS && p->model->at == program_layer(p, "conv1"), "the next layer");
    tap_item(p, "unit", "5");
    CHECK(p->model->cursor.channel == 5, "a tile selects its channel");
    program_key(p, "PageDown");
    CHECK(p->model->cursor.channel == 6 && p->model->view == VIEW_UNITS, "the next channel");
    model_go(p->model, program_layer(p, "maxpool3"));
    program_rest(p);
    CHECK(units_channel(p->model, &shown, &unit) && shown.layer == program_layer(p, "maxpool3") && unit.layer == program_layer(p, "4a/1x1"), "behind a pool");
    CHECK(shows(p, "values of 4a"), "it says whose values these are");
    model_go(p->model, program_layer(p, "aux1/conv"));
    program_rest(p);
    CHECK(shows(p, "no channels that the network has learnt"), "an auxiliary head");
    model_go(p->model, program_layer(p, "conv1"));
    program_rest(p);
    program_key(p, "Ctrl+c");
    session_do(p->session, VERB_COPY_ADDRESS);
    CHECK(strstr(p->session->wishes.copy, "--view units") != NULL && strstr(p->session->wishes.copy, "--photos '") != NULL, "%s", p->session->wishes.copy);
    program_key(p, "Escape");
    CHECK(p->model->view == VIEW_STAGE, "Escape leaves the view");
    program_close(p);
}

/* Stopped, it stays stopped and says how far it is; going on ends with the same as without a stop. */
static void test_stop(void **state)
{
    Program program, *p = &program;
    (void)state;
    setenv("XDG_CACHE_HOME", inside("other"), 1);
    open_program(p, 1366, 768);
    session_open_photos(p->session, inside("photos"));
    session_key(p->session, "Escape");
    CHECK(p->model->view == VIEW_UNITS && p->session->units.photos.stopped, "Escape stops and does not leave");
    program_rest(p);
    const Examples *e = unit_photos_examples(&p->session->units.photos);
    if (e == NULL || !examples_complete(e)) {
        CHECK(program_find(p, "button", model_text(p->model, STR_UNITS_GO_ON)) != NULL, "it can go on");
        tap_item(p, "button", model_text(p->model, STR_UNITS_GO_ON));
    }
    CHECK(examples(p)->photos.count == PHOTOS + 1, "all of them in the end");
    session_open_photos(p->session, inside("nowhere"));
    program_rest(p);
    CHECK(shows(p, "nowhere"), "a folder that is not there is named");
    program_close(p);
}

static int prepare(void **state)
{
    return temp_folder_fill(state, make_photos);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wish_wakes), cmocka_unit_test(test_choose), cmocka_unit_test(test_open_value), cmocka_unit_test(test_walk), cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, prepare, temp_folder_remove);
}
