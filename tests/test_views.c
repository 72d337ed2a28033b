/* Every place of the network on the screen: no text that does not fit, no tile below 12 pixels, what is selected is named; the
 * mouse does what the keys do; random input leaves the program whole. */
#include "tests/check.h"
#include "tests/program.h"
#include "tests/sampled.h"
#include "app/model/walk.h"
#include "engine/base/rng.h"

#include <math.h>
#include <unistd.h>

static void check_screen(const Program *p, const char *where)
{
    int maps = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        const char *text = p->ui.text + item->text;
        const bool is_map = strcmp(item->role, "maps") == 0;
        CHECK(!item->clipped || is_map, "%s: %s '%s' does not fit (%.0f x %.0f)", where, item->role, text, (double)item->rect.w, (double)item->rect.h);
        CHECK(!is_map || item->tile >= 11.99f, "%s: a tile of %.1f pixels", where, (double)item->tile);
        maps += is_map;
    }
    CHECK(maps > 0 || strstr(where, "softmax") != NULL || strstr(where, "fc") != NULL || strstr(where, "value of") != NULL, "%s: no maps", where);
    CHECK(p->ui.item_count > 40, "%s: %zu items", where, p->ui.item_count);
}

/* How far down maps reach, of the window's height: a large window is no reason for an empty half. */
static float filled(const Program *p)
{
    float bottom = 0;
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "maps") == 0)
            bottom = fmaxf(bottom, p->ui.items[i].rect.y + p->ui.items[i].rect.h);
    return bottom / p->height;
}

static void walk_all(const char *network, float width, float height, Lang lang)
{
    Program program, *p = &program;
    Err err;
    const bool opened = program_open(p, network, width, height, &err);
    CHECK(opened, "%s", opened ? "" : err.text);
    p->model->screen.lang = lang;
    const Net *net = model_net(p->model);
    for (int l = 0; l < net->layer_count; l++) {
        char where[160];
        model_go(p->model, l);
        program_rest(p);
        snprintf(where, sizeof where, "%s %.0fx%.0f %s %s", network, (double)width, (double)height, lang_code(lang), net->layers[l].name);
        check_screen(p, where);
        if (height > 1000 && net->layers[l].out.h > 1)
            CHECK(filled(p) > 0.7f, "%s: maps end at %.0f %% of the height", where, (double)(100 * filled(p)));
        program_key(p, "Enter"); /* its largest value, or the branch of a module */
        if (p->model->view == VIEW_VALUE) {
            CHECK(program_find(p, "text", model_text(p->model, STR_LEDGER)) != NULL, "%s: no ledger", where);
            snprintf(where, sizeof where, "value of %s %s", net->layers[l].name, lang_code(lang));
            check_screen(p, where);
        }
    }
    program_close(p);
}

static void test_every_layer(void **state)
{
    (void)state;
    walk_all("bvlc_googlenet", 1280, 720, LANG_EN);
    walk_all("googlenet", 1920, 1080, LANG_ZH);
    walk_all("torchvision_googlenet", 1280, 720, LANG_ZH);
}

static void test_mouse(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1600, 900, &err), "%s", err.text);
    const Item *row = program_find(p, "row", "inception 4c");
    CHECK(row != NULL, "4c is not on the rail");
    program_click(p, row->rect.x + 30, row->rect.y + 8);
    assert_string_equal(model_net(p->model)->layers[p->model->at].name, "inception_4c/concat");
    /* A tile of the 5x5 branch: hovering points, clicking selects. */
    const Item *tiles = NULL;
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "maps") == 0 && strcmp(p->ui.items[i].address, "4c/5x5") == 0)
            tiles = &p->ui.items[i];
    CHECK(tiles != NULL, "the 5x5 branch is not on the stage");
    const float x = tiles->rect.x + tiles->tile_w * 1.5f + tiles->gap, y = tiles->rect.y + tiles->tile_h / 2;
    const int second = tiles->picked != NULL ? tiles->picked[1] : 1; /* the strongest come first where not all are shown */
    program_move(p, x, y);
    assert_int_equal(p->model->hover.channel, second);
    program_click(p, x, y);
    assert_int_equal(p->model->cursor.channel, second);
    CHECK(walk_is_module(model_net(p->model), p->model->at), "selecting left the module");
    program_click(p, 1000, 96); /* empty space beside the breadcrumb: back one level */
    assert_int_equal(p->model->cursor.y, -1);
    program_close(p);
}

static void click_word(Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    program_click(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 2);
    program_rest(p);
}

/* From the first screen by clicks alone: into a module, along the breadcrumb, to every view of the bar, and back with the right button. */
static void test_bar_and_breadcrumb(void **state)
{
    static const struct { const char *word; ViewKind view; } words[] = {
        {"Why", VIEW_SHARE}, {"Cover", VIEW_OCCLUSION}, {"Compare", VIEW_COMPARE}, {"Ledger", VIEW_LEDGER}, {"Gradients", VIEW_GRADIENTS}, {"Fool", VIEW_FOOL}, {"Trust", VIEW_SANITY}, {"Teach", VIEW_TEACH}, {"Accuracy", VIEW_ACCURACY}, {"Crops", VIEW_CROPS}, {"Lineage", VIEW_LINEAGE}, {"Units", VIEW_UNITS},
        {"Wants", VIEW_WANTS}, {"Path", VIEW_PATH}, {"Groups", VIEW_GROUPS}, {"Network", VIEW_OVERVIEW},
    };
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1366, 768, &err), "%s", err.text);
    model_view(p->model, VIEW_OVERVIEW);
    model_do(p->model, VERB_WANT_PAUSE); /* nobody waits for a picture here */
    program_rest(p);
    click_word(p, "stop", "4b");
    CHECK(p->model->view == VIEW_STAGE && p->model->at == program_layer(p, "4b"), "a click on the overview walks in");
    model_select(p->model, (Cursor){program_layer(p, "4b/3x3"), 24, 6, 7});
    program_rest(p);
    CHECK(program_find(p, "crumb", "y 6, x 7") != NULL && program_find(p, "crumb", "[24]") != NULL && program_find(p, "crumb", "3x3") != NULL, "the whole way");
    click_word(p, "crumb", "[24]");
    CHECK(p->model->cursor.channel == 24 && p->model->cursor.y < 0, "the channel without the place");
    click_word(p, "crumb", "inception 4b");
    CHECK(p->model->cursor.channel < 0 && p->model->at == program_layer(p, "4b"), "the module without the channel");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        click_word(p, "choice", words[i].word);
        CHECK(p->model->view == words[i].view, "%s leads to view %d", words[i].word, (int)p->model->view);
    }
    click_word(p, "stop", "conv2");
    p->in.right_pressed = true;
    program_frame(p);
    p->in.right_pressed = false;
    program_rest(p);
    CHECK(p->model->view == VIEW_OVERVIEW, "the right button goes back one level");
    click_word(p, "choice", "Lessons");
    CHECK(p->model->overlay == OVERLAY_LESSONS, "the lessons");
    program_key(p, "Escape");
    click_word(p, "choice", "Find");
    CHECK(p->model->overlay == OVERLAY_SEARCH, "the search");
    program_key(p, "Escape");
    program_key(p, "h");
    program_rest(p);
    click_word(p, "button", "light or dark");
    CHECK(p->model->screen.dark && p->model->overlay == OVERLAY_NONE, "a row of the help does what its key does");
    program_close(p);
}

static void test_search(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1280, 720, &err), "%s", err.text);
    program_key(p, "/");
    snprintf(p->in.text, sizeof p->in.text, "3a[199]");
    program_rest(p);
    snprintf(p->in.key, sizeof p->in.key, "Enter");
    program_rest(p);
    assert_string_equal(model_net(p->model)->layers[p->model->at].name, "inception_3a/concat");
    assert_int_equal(p->model->cursor.channel, 199);
    assert_int_equal(p->model->overlay, OVERLAY_NONE);
    program_close(p);
}

static void test_overlays(void **state)
{
    static const char *const keys[] = {"h", "/", "o", "n"};
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1280, 720, &err), "%s", err.text);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            p->model->screen.lang = (Lang)lang;
            program_key(p, keys[i]);
            CHECK(p->model->overlay != OVERLAY_NONE, "%s opens nothing", keys[i]);
            check_screen(p, keys[i]);
            program_key(p, "Escape");
            CHECK(p->model->overlay == OVERLAY_NONE, "Escape leaves %s open", keys[i]);
        }
    program_key(p, "b");
    CHECK(p->model->screen.blackout, "blackout");
    program_key(p, "Right");
    CHECK(!p->model->screen.blackout && p->model->at == 0, "any key ends the blackout and does nothing else");
    program_close(p);
}

/* Each picture of the list is beside its name; an unreadable one has an empty place. */
static void test_thumbs(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1280, 720, &err), "%s", err.text);
    snprintf(p->session->opening.recent.paths[0], sizeof p->session->opening.recent.paths[0], "tests/check.h");
    p->session->opening.recent.count = 1;
    program_key(p, "o");
    int rows = 0, pictures = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *row = &p->ui.items[i];
        if (row->layer == 0 || strcmp(row->role, "row") != 0)
            continue;
        rows++;
        for (size_t k = 0; k < p->ui.item_count; k++) {
            const Item *picture = &p->ui.items[k];
            pictures += picture->layer == 1 && strcmp(picture->role, "picture") == 0 && picture->rect.w > 40 &&
                        rect_intersect(row->rect, picture->rect).h >= picture->rect.h;
        }
    }
    CHECK(rows == 9 && pictures == 8, "%d rows, %d pictures in them", rows, pictures);
    program_close(p);
}

/* Small pictures are shown pixel by pixel, photos are not. */
static void test_small_pictures(void **state)
{
    static const struct { const char *network; bool smooth; } cases[] = {{"tiny", false}, {"googlenet", true}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        Program program, *p = &program;
        Err err;
        CHECK(program_open(p, cases[i].network, 1280, 720, &err), "%s", err.text);
        int pictures = 0;
        for (size_t c = 0; c < p->ui.command_count; c++) {
            const Command *command = &p->ui.commands[c];
            if (command->kind != CMD_PICTURE || command->rgb_w != model_net(p->model)->input.w || command->rect.w < 100)
                continue;
            const float factor = command->rect.w / (float)command->rgb_w;
            CHECK(command->smooth == cases[i].smooth && (command->smooth || factor - floorf(factor) < 1e-4f), "%s: %d pixels as %g, smooth %d",
                  cases[i].network, command->rgb_w, (double)command->rect.w, command->smooth);
            pictures++;
        }
        CHECK(pictures > 0, "%s shows no picture", cases[i].network);
        program_close(p);
    }
}

/* The first grid whose item has this address, as drawn. */
static const MapGrid *grid_of(const Program *p, const char *address)
{
    for (size_t i = 0, drawn = 0; i < p->ui.item_count; i++) {
        if (strcmp(p->ui.items[i].role, "maps") != 0)
            continue;
        if (strcmp(p->ui.items[i].address, address) != 0) {
            drawn++;
            continue;
        }
        for (size_t c = 0; c < p->ui.command_count; c++)
            if (p->ui.commands[c].kind == CMD_MAPS && drawn-- == 0)
                return &p->ui.commands[c].maps;
    }
    return NULL;
}

static int goto_weights(Program *p, const char *address)
{
    Err err;
    Address a;
    CHECK(model_goto(p->model, address, NULL, "weights", &err), "%s", err.text);
    program_rest(p);
    CHECK(net_address(model_net(p->model), address, &a, &err), "%s", err.text);
    return a.layer;
}

/* conv1's kernels as pictures: which plane is red is what the preprocess line says, whatever the network is called. */
static void check_colours(const char *network, bool bgr)
{
    Program program, *p = &program;
    Err err;
    CHECK(program_open(p, network, 1280, 720, &err), "%s", err.text);
    const Layer *l = &model_net(p->model)->layers[goto_weights(p, "conv1")];
    const float *w = model_weights(p->model) + model_net(p->model)->params[l->weight].offset;
    const MapGrid *grid = grid_of(p, "kernels");
    CHECK(grid != NULL && grid->rgb && grid->count == 64 && grid->h == 7, "%s: conv1's kernels are no pictures", network);
    float reach = 0;
    for (int i = 0; i < 64 * 3 * 49; i++) {
        const int plane = i / 49 % 3, from = bgr ? 2 - plane : plane;
        CHECK_NEAR(grid->data[i], w[i + (from - plane) * 49], 0, 0, "%s: value %d", network, i);
        reach = fmaxf(reach, fabsf(w[i]));
    }
    CHECK_NEAR(grid->hi[5], reach, 0, 0, "one scale for all");
    CHECK_NEAR(grid->lo[5], -reach, 0, 0, "zero is in the middle");
    CHECK(program_find(p, "text", model_text(p->model, STR_KERNELS_ONE_SCALE)) != NULL, "the scale is not said");
    p->model->look.range = RANGE_MAP;
    program_rest(p);
    grid = grid_of(p, "kernels");
    float own = 0;
    for (int i = 0; i < 3 * 49; i++)
        own = fmaxf(own, fabsf(w[5 * 3 * 49 + i]));
    CHECK_NEAR(grid->hi[5], own, 0, 0, "its own scale");
    CHECK(program_find(p, "text", model_text(p->model, STR_KERNELS_OWN_SCALE)) != NULL, "the scale is not said");
    const Item *item = program_find(p, "maps", "64 of 64 maps 7x7");
    program_move(p, item->rect.x + item->tile_w * 1.5f + item->gap, item->rect.y + item->tile_h / 2);
    CHECK(p->model->hover.channel == 1 && program_find(p, "tooltip", "w[1, 2, 3, 3] = ") != NULL, "nothing is said of the kernel under the pointer");
    program_click(p, item->rect.x + item->tile_w * 1.5f + item->gap, item->rect.y + item->tile_h / 2);
    char first[64];
    snprintf(first, sizeof first, model_text(p->model, STR_CHANNEL_IS_COLOUR), 0, model_text(p->model, bgr ? STR_BLUE : STR_RED));
    CHECK(p->model->cursor.channel == 1 && program_find(p, "text", first) != NULL, "%s: '%s' is not there", network, first);
    program_close(p);
}

static void test_kernels_in_colour(void **state)
{
    char path[] = "/tmp/inceptoscope-rgb-XXXXXX", line[256];
    FILE *from = fopen("assets/networks/bvlc_googlenet.net", "r"), *to = fdopen(mkstemp(path), "w");
    (void)state;
    CHECK(from != NULL && to != NULL, "no description");
    while (fgets(line, sizeof line, from) != NULL) { /* the same network, but it reads RGB */
        char *order = strncmp(line, "preprocess", 10) == 0 ? strstr(line, "bgr") : NULL;
        if (order != NULL)
            memcpy(order, "rgb", 3);
        fputs(line, to);
    }
    fclose(from);
    fclose(to);
    check_colours("bvlc_googlenet", true);
    check_colours("googlenet", false);
    check_colours(path, false);
    unlink(path);
}

/* Groups by the branch that the input channels come from, also behind pools; what is under the pointer, with its number. */
static void test_weights_by_branch(void **state)
{
    static const struct { const char *layer, *groups[4]; } cases[] = {
        {"3b/3x3_reduce", {"3a/1x1 · 0–63", "3a/3x3 · 64–191", "3a/5x5 · 192–223", "3a/pool_proj · 224–255"}},
        {"3b/pool_proj", {"3a/1x1 · 0–63", "3a/3x3 · 64–191", "3a/5x5 · 192–223", "3a/pool_proj · 224–255"}},
        {"4a/1x1", {"3b/1x1 · 0–127", "3b/3x3 · 128–319", "3b/5x5 · 320–415", "3b/pool_proj · 416–479"}},
        {"4a/pool_proj", {"3b/1x1 · 0–127", "3b/3x3 · 128–319", "3b/5x5 · 320–415", "3b/pool_proj · 416–479"}},
        {"aux1/conv", {"4a/1x1 · 0–191", "4a/3x3 · 192–399", "4a/5x5 · 400–447", "4a/pool_proj · 448–511"}},
        {"fc", {"5b/1x1 · 0–383", "5b/3x3 · 384–767", "5b/5x5 · 768–895", "5b/pool_proj · 896–1023"}},
        {"3a/1x1", {"maxpool2 · 0–191", NULL, NULL, NULL}},
        {"3a/3x3", {"3a/3x3_reduce · 0–95", NULL, NULL, NULL}},
    };
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "bvlc_googlenet", 1280, 720, &err), "%s", err.text);
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        const int layer = goto_weights(p, cases[i / 2].layer), kernel = 9;
        const Net *net = model_net(p->model);
        const Layer *l = &net->layers[layer];
        const bool one = i % 2 == 1;
        if (one) { /* the same of a single kernel */
            model_select(p->model, (Cursor){layer, kernel, -1, -1});
            program_rest(p);
        }
        for (int g = 0; g < 4 && cases[i / 2].groups[g] != NULL; g++)
            CHECK(program_find(p, "text", cases[i / 2].groups[g]) != NULL, "%s: no group '%s'", cases[i / 2].layer, cases[i / 2].groups[g]);
        const MapGrid *grid = grid_of(p, one ? "weights" : "matrix");
        CHECK(grid != NULL, "%s: no weights", cases[i / 2].layer);
        const size_t channels = net->params[l->weight].count / (size_t)l->out.c, taps = l->op == OP_CONV ? (size_t)(l->k * l->k) : 1;
        const float *w = model_weights(p->model) + net->params[l->weight].offset + (size_t)kernel * channels;
        float expected = 0;
        for (size_t t = 0; t < taps; t++)
            expected += fabsf(w[2 * taps + t]) / (float)taps;
        if (!one && taps == 1)
            CHECK_NEAR(grid->data[kernel * grid->w + 2], w[2], 0, 0, "%s: the cell", cases[i / 2].layer);
        else if (!one)
            CHECK_NEAR(grid->data[kernel * grid->w + 2], expected, 1e-6, 0, "%s: the cell", cases[i / 2].layer);
        else
            CHECK_NEAR(grid->data[2 * taps], w[2 * taps], 0, 0, "%s: the slice", cases[i / 2].layer);
    }
    program_close(p);
}

/* Ctrl+S walks to the end and asks for frames meanwhile; the file holds as many as differ. */
static void test_record(void **state)
{
    Program program, *p = &program;
    Err err;
    Image image;
    char folder[] = "/tmp/inceptoscope-record-XXXXXX", home[4096];
    unsigned char *rgb = calloc(1280 * 720, 3);
    (void)state;
    CHECK(program_open(p, "googlenet", 1280, 720, &err), "%s", err.text);
    CHECK(getcwd(home, sizeof home) != NULL && mkdtemp(folder) != NULL && chdir(folder) == 0, "no folder");
    program_key(p, "End");
    program_key(p, "Left");
    program_key(p, "Left");
    p->app.key(p->app.user, "Ctrl+s");
    int grabbed = 0;
    for (int i = 0; i < 3000 && p->session->recording.on; i++) {
        program_frame(p);
        if (!p->ui.wish.grab)
            continue;
        memset(rgb, p->model->at, 1280 * 720 * 3); /* a frame of one grey for each layer */
        p->app.pixels(p->app.user, rgb, 1280, 720);
        grabbed++;
    }
    CHECK(!p->session->recording.on && grabbed > 10, "%d frames", grabbed);
    program_rest(p);
    CHECK(p->model->at == model_net(p->model)->main_count - 1, "the walk goes to the end");
    CHECK(image_load("inceptoscope-walk.gif", &image, &err), "%s", err.text);
    assert_int_equal(image.w, 1280);
    image_free(&image);
    unlink("inceptoscope-walk.gif");
    CHECK(chdir(home) == 0 && rmdir(folder) == 0, "leftovers");
    free(rgb);
    program_close(p);
}

/* Whatever is pressed, the state stays one that its own address leads back to. */
static void test_random(void **state)
{
    static const char *const keys[] = {"Left", "Right", "Up", "Down", "Enter", "Escape", "Home", "End", "a", "/", "Tab", "j", "x", "u", "w", "c", "d", "l",
                                       "g", "n", "o", "v", "m", "r", "k", "y", "t", "z", "p", "b", "h", "PageDown", "PageUp", "Shift+Left", "Shift+Down", ".", "Space"};
    Program program, *p = &program;
    Err err;
    char before[192], after[192];
    Rng rng = rng_make(7, 0);
    const int events = sampled(1, 3) ? 1500 : 500;
    (void)state;
    CHECK(program_open(p, "googlenet", 1280, 720, &err), "%s", err.text);
    for (int i = 0; i < events; i++) {
        p->in.mouse_inside = true;
        p->in.mouse_x = (float)(rng_uniform(&rng) * 1280);
        p->in.mouse_y = (float)(rng_uniform(&rng) * 720);
        if (rng_uniform(&rng) < 0.4 && p->model->overlay != OVERLAY_HELP) { /* a row of the help could save a file */
            p->in.down = p->in.pressed = true;
            program_frame(p);
            p->in.down = false;
            p->in.released = true;
        } else if (rng_uniform(&rng) < 0.2) {
            p->in.wheel_y = rng_uniform(&rng) < 0.5 ? 1 : -1;
        } else {
            p->app.key(p->app.user, keys[(int)(rng_uniform(&rng) * (double)(sizeof keys / sizeof keys[0]))]);
        }
        program_frame(p);
    }
    p->model->playing = false;
    p->model->overlay = OVERLAY_NONE;
    program_rest(p);
    model_address(p->model, before, sizeof before);
    const Cursor cursor = p->model->cursor;
    char at_text[NET_NAME_MAX + 32], pos[32];
    cursor_text(model_net(p->model), cursor, at_text, sizeof at_text);
    snprintf(pos, sizeof pos, "%d,%d", cursor.y, cursor.x);
    const ViewKind view = p->model->view;
    program_key(p, "Home");
    CHECK(model_goto(p->model, at_text, cursor.y >= 0 ? pos : NULL, view_name(view), &err), "%s", err.text);
    model_address(p->model, after, sizeof after);
    assert_string_equal(before, after);
    program_close(p);
}

/* How often the stage shows the address with a frame and its whole tile visible. */
static int framed_in_sight(const Program *p, const char *role, const char *address)
{
    int count = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        if (strcmp(item->role, role) == 0 && strcmp(item->address, address) == 0)
            count += item->rect.y >= 70 && item->rect.y + item->rect.h <= p->height - 30;
    }
    return count;
}

/* A module's maps do not fit a small window: what is chosen comes in sight, in its branch and in the concat. */
static void test_chosen_in_sight(void **state)
{
    static const int channels[] = {1023, 0, 400, 767, 768, 383, 950, 500};
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "googlenet", 1280, 720, &err), "%s", err.text);
    const Net *net = model_net(p->model);
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
        char concat[64], branch[NET_NAME_MAX + 32];
        Address a, twin;
        snprintf(concat, sizeof concat, "5b[%d]", channels[i]);
        CHECK(model_goto(p->model, concat, NULL, NULL, &err) && net_address(net, concat, &a, &err) && net_address_twin(net, a, &twin), "%s", err.text);
        net_address_text(net, twin, branch, sizeof branch);
        program_rest(p);
        CHECK(framed_in_sight(p, "selected", concat) == 1, "%s is not in sight", concat);
        CHECK(framed_in_sight(p, "selected", branch) == 1, "%s is not in sight", branch);
    }
    for (int i = 501; i < 600; i++) { /* channel by channel */
        char concat[64];
        program_key(p, "PageDown");
        snprintf(concat, sizeof concat, "5b[%d]", i);
        CHECK(framed_in_sight(p, "selected", concat) == 1, "%s is not in sight", concat);
    }
    p->in.mouse_inside = true; /* a module has nothing to scroll: what is chosen stays in view */
    program_move(p, 850, 400);
    p->in.wheel_y = 100;
    program_rest(p);
    CHECK(framed_in_sight(p, "selected", "5b[599]") == 1, "the wheel leads away from the chosen map");
    program_close(p);
}

/* However many grids a frame draws, each keeps its own range until the frame is drawn: here 30 modules at a glance. */
static void test_many_grids(void **state)
{
    enum { MODULES = 30 };
    Program program, *p = &program;
    Err err;
    char path[] = "/tmp/inceptoscope-many-XXXXXX";
    (void)state;
    FILE *file = fdopen(mkstemp(path), "w");
    CHECK(file != NULL, "%s", path);
    fprintf(file, "network many \"Many modules\"\ninput 3x8x8\nclasses 3\nconv conv1 3x3/1 pad=1 6\n");
    for (int i = 0; i < MODULES; i++)
        fprintf(file, "inception m%d 3 2 3 2 3 2\n", i);
    fprintf(file, "avgpool avgpool to=1x1\nfc fc classes\nsoftmax softmax\n");
    fclose(file);
    const bool opened = program_open(p, path, 1920, 1080, &err);
    unlink(path);
    CHECK(opened, "%s", err.text);
    model_view(p->model, VIEW_OVERVIEW);
    program_rest(p);
    int grids = 0;
    for (int l = 0; l < model_net(p->model)->layer_count; l++) {
        const float *lo, *hi;
        float pair[2];
        LayerMap map;
        int count;
        CHECK(compute_map(p->model->compute, l, &map), "layer %d", l);
        model_range(p->model, l, &map, &lo, &hi, &count, pair);
        for (size_t i = 0; i < p->ui.command_count; i++) {
            const Command *c = &p->ui.commands[i];
            if (c->kind != CMD_MAPS || c->maps.version != map.version)
                continue;
            grids++;
            CHECK(*c->maps.lo == lo[0] && *c->maps.hi == hi[0], "%s is drawn from %g to %g, not to %g", model_net(p->model)->layers[l].name, (double)*c->maps.lo,
                  (double)*c->maps.hi, (double)hi[0]);
        }
    }
    CHECK(grids > 4 * MODULES, "%d grids: the test says nothing", grids);
    program_close(p);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_layer), cmocka_unit_test(test_mouse), cmocka_unit_test(test_bar_and_breadcrumb),  cmocka_unit_test(test_search),
    cmocka_unit_test(test_overlays),    cmocka_unit_test(test_record), cmocka_unit_test(test_random),
    cmocka_unit_test(test_thumbs),      cmocka_unit_test(test_small_pictures),
    cmocka_unit_test(test_kernels_in_colour), cmocka_unit_test(test_weights_by_branch), cmocka_unit_test(test_chosen_in_sight), cmocka_unit_test(test_many_grids),
};
TEST_MAIN(tests)
