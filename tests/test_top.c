/* The bar at the top and the line at the bottom: what they say about the network, a changed weight, a recording, a mistake, a saved file, and
 * a file that is held over the window. */
#include "app/views/parts.h"
#include "tests/check.h"
#include "tests/program.h"
#include "tests/temp_folder.h"

#include <unistd.h>

static void open_flowers(Program *p, float width, float height)
{
    Err err;
    CHECK(program_open_from(p, &(SourceOptions){.weights = "assets/weights/flowers.safetensors", .networks_dir = "assets/networks"}, width, height, &err), "%s", err.text);
}

/* The pointer comes there and rests until a tooltip would be there. */
static void point(Program *p, const Item *item)
{
    program_move(p, item->rect.x + 6, item->rect.y + 5);
    for (int i = 0; i < 60; i++)
        program_frame(p);
}

static const char *text_of(const Program *p, const Item *item)
{
    return item != NULL ? p->ui.text + item->text : "nothing";
}

/* The texts of the top bar from left to right, as one. */
static const char *top(const Program *p)
{
    static char all[1024];
    all[0] = '\0';
    for (float x = 0; x < p->width; x++)
        for (size_t i = 0; i < p->ui.item_count; i++) {
            const Item *item = &p->ui.items[i];
            if (strcmp(item->role, "text") == 0 && item->rect.y + item->rect.h < 44 && item->rect.x >= x && item->rect.x < x + 1)
                snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", p->ui.text + item->text);
        }
    return all;
}

/* The colour in which a text of the top bar is drawn. */
static Color colour_of(const Program *p, const char *text)
{
    for (size_t i = 0; i < p->ui.command_count; i++) {
        const Command *c = &p->ui.commands[i];
        if (c->kind == CMD_TEXT && c->rect.y < 44 && strcmp(p->ui.text + c->text, text) == 0)
            return c->style.color;
    }
    return 0;
}

static void test_what_if(void **state)
{
    static const float widths[] = {800, 1024, 1366, 1920};
    (void)state;
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
        Program program, *p = &program;
        Guess was, now;
        char a[128], b[128], before[NUM_MAX], after[NUM_MAX], says[512];
        open_flowers(p, widths[w], 700);
        p->model->screen.lang = w % 2 == 0 ? LANG_EN : LANG_ZH;
        program_rest(p);
        CHECK(model_top(p->model, &was, 1) == 1, "no prediction");
        part_class_name(p->model, was.index, a, sizeof a);
        num_probability(before, (double)was.prob);
        /* the same class, less sure; then another one */
        for (int step = 0; step < 2; step++) {
            static const char *const branches[] = {"fc", "5b/1x1", "5b/3x3", "5b/5x5", "5b/pool_proj"};
            for (int k = 0; k < (step == 0 ? 1 : 5); k++) {
                const int layer = program_layer(p, branches[k]);
                model_scale(p->model, layer, k == 0 ? was.index : 0, k == 0 ? 1 : model_net(p->model)->layers[layer].out.c, k == 0 ? 0.5f : 0);
            }
            program_rest(p);
            CHECK(model_top(p->model, &now, 1) == 1 && (now.index != was.index) == (step == 1), "step %d: class %d", step, now.index);
            part_class_name(p->model, now.index, b, sizeof b);
            snprintf(says, sizeof says, widths[w] >= 1024 ? "%s %s → %s %s " : "%s%.0s → %s %s ", a, before, b, num_probability(after, (double)now.prob));
            CHECK(strstr(top(p), says) != NULL, "%.0f wide: '%s' is not in '%s'", (double)widths[w], says, top(p));
            CHECK((colour_of(p, b) == p->ui.theme->bad) == (step == 1), "%.0f wide: the colour of another class", (double)widths[w]);
            for (size_t i = 0; i < p->ui.item_count; i++)
                CHECK(!p->ui.items[i].clipped || p->ui.items[i].rect.y > 44, "%.0f wide: '%s' does not fit", (double)widths[w], p->ui.text + p->ui.items[i].text);
        }
        program_close(p);
    }
}

/* The name of the network, in words, and how it is known. */
static void test_network(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_flowers(p, 1366, 768);
    const Item *name = program_find(p, "badge", "GoogLeNet");
    assert_string_equal(text_of(p, name), "GoogLeNet, 5 flowers ▾");
    point(p, name);
    CHECK(strstr(text_of(p, program_find(p, "tooltip", "")), "so googlenet") != NULL, "'%s'", text_of(p, program_find(p, "tooltip", "")));
    static const struct { const char *word; Str tip; } words[] = {{"fast", STR_TIP_ENGINE}, {"reference", STR_TIP_ENGINE}, {"colours: per layer ▾", STR_TIP_RANGE}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const Item *word = program_find(p, "choice", words[i].word);
        CHECK(word != NULL, "no '%s'", words[i].word);
        point(p, word);
        CHECK(program_find(p, "tooltip", model_text(p->model, words[i].tip)) != NULL, "'%s' has no tooltip", words[i].word);
    }
    program_close(p);
}

/* While the walk is recorded a sign says so, with the time, but not in the frames that are recorded. A click ends the recording, and the
 * message has the whole path of the file. */
static void test_recording(void **state)
{
    enum { W = 64, H = 36 };
    static const unsigned char pixels[W * H * 3];
    Program program, *p = &program;
    char home[512], where[600];
    int with = 0, without = 0;
    (void)state;
    open_flowers(p, 1366, 768);
    p->model->screen.still = false;
    CHECK(getcwd(home, sizeof home) != NULL && chdir(temp_folder) == 0, "%s", temp_folder);
    p->app.key(p->app.user, "Ctrl+s");
    for (int i = 0; i < 100; i++) {
        program_frame(p);
        const bool sign = program_find(p, "badge", "REC") != NULL;
        CHECK(sign != p->ui.wish.grab, "frame %d: sign %d, recorded %d", i, sign, p->ui.wish.grab);
        with += sign;
        without += !sign;
        if (p->ui.wish.grab)
            p->app.pixels(p->app.user, pixels, W, H);
    }
    CHECK(with > 60 && without > 8, "%d frames with the sign, %d without", with, without);
    const Item *sign = program_find(p, "badge", "REC");
    for (int i = 0; sign == NULL && i < 2; i++) {
        program_frame(p);
        sign = program_find(p, "badge", "REC");
    }
    CHECK(strstr(text_of(p, sign), "REC 0:01") != NULL, "'%s'", text_of(p, sign));
    p->in.mouse_inside = true;
    p->in.mouse_x = sign->rect.x + 20;
    p->in.mouse_y = sign->rect.y + 8;
    for (int i = 0; i < 10 && p->session->recording.on; i++) { /* a press in a recorded frame finds no sign */
        p->in.down = p->in.pressed = true;
        program_frame(p);
        p->in.down = false;
        p->in.released = true;
        program_frame(p);
    }
    CHECK(!p->session->recording.on, "the click did not end it");
    program_rest(p);
    snprintf(where, sizeof where, "%s/inceptoscope-walk.gif", temp_folder);
    CHECK(!p->model->status_bad && strstr(p->model->status, where) != NULL && access(where, R_OK) == 0, "'%s'", p->model->status);
    program_rest(p);
    program_key(p, "Shift+s");
    snprintf(where, sizeof where, "%s/inceptoscope-", temp_folder);
    CHECK(!p->model->status_bad && strstr(p->model->status, where) != NULL, "'%s'", p->model->status);
    CHECK(chdir(home) == 0, "%s", home);
    program_close(p);
}

/* An error belongs to the place where it arose: the next step takes it away. What was done stays as long as it takes to read. */
static void test_stale(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_flowers(p, 1366, 768);
    model_go(p->model, program_layer(p, "maxpool2"));
    program_rest(p);
    static const char *const keys[] = {"w", "x"}; /* no weights here; nothing to silence */
    for (size_t i = 0; i < 2; i++) {
        p->app.key(p->app.user, keys[i]);
        program_frame(p);
        CHECK(model_status(p->model) != NULL && p->model->status_bad, "%s says nothing", keys[i]);
        p->app.key(p->app.user, i == 0 ? "Left" : "Right");
        program_frame(p);
        CHECK(model_status(p->model) == NULL, "%s: '%s' stays", keys[i], p->model->status);
        p->app.key(p->app.user, i == 0 ? "Right" : "Left");
    }
    session_open_path(p->session, "no/such.png");
    for (int i = 0; i < 500 && p->session->opening.job != NULL; i++) {
        program_frame(p);
        p->in.now -= 1.0 / 60;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    CHECK(model_status(p->model) != NULL && p->model->status_bad, "nothing is said about a missing file");
    p->app.key(p->app.user, "Right");
    program_frame(p);
    CHECK(model_status(p->model) == NULL, "'%s' stays", p->model->status);
    p->app.key(p->app.user, "y");
    p->app.key(p->app.user, "Right");
    program_frame(p);
    CHECK(model_status(p->model) != NULL && !p->model->status_bad, "what was done is not said any more");
    program_close(p);
}

/* The Chinese title where there is one, in the crumbs and, without its addition, in the bar; the other in English. */
static void test_titles(void **state)
{
    static const struct { const char *name, *en, *zh, *bar_zh; } cases[] = {
        {"lenet5", "LeNet-5, with the full C3", "LeNet-5（C3 全连接各图）", "LeNet-5，10 类"},
        {"tiny", "Tiny: an Inception module by hand", "Tiny：手算的 Inception 模块", "Tiny：手算的 Inception 模块，2 类"},
        {"tests/nets/small.net", "A small network", "A small network", "A small network of GoogLeNet's shape，7 类"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Program program, *p = &program;
        Err err;
        CHECK(program_open(p, cases[i].name, 1920, 1080, &err), "%s", err.text);
        CHECK(program_find(p, "text", cases[i].en) != NULL, "%s in English", cases[i].name);
        p->model->screen.lang = LANG_ZH;
        program_frame(p);
        CHECK(program_find(p, "text", cases[i].zh) != NULL && strstr(top(p), cases[i].bar_zh) != NULL, "%s in Chinese: %s", cases[i].name, top(p));
        program_close(p);
    }
}

/* A file held over the window: a frame and words, which say what will happen to it; nothing when it has left. */
static void test_drag(void **state)
{
    static const float sizes[][2] = {{800, 600}, {1366, 768}};
    (void)state;
    for (int i = 0; i < 4; i++) {
        Program program, *p = &program;
        Err err;
        CHECK(program_open(p, "lenet5", sizes[i % 2][0], sizes[i % 2][1], &err), "%s", err.text);
        p->model->screen.lang = (Lang)(i / 2);
        CHECK(program_find(p, "drag", "") == NULL, "a frame without a file");
        p->in.dragged = true;
        program_rest(p);
        const Item *frame = program_find(p, "drag", model_text(p->model, STR_DROP_HERE));
        CHECK(frame != NULL && frame->rect.x >= 0 && frame->rect.x + frame->rect.w <= p->width, "no frame, or not in the window");
        model_view(p->model, VIEW_COMPARE);
        program_rest(p);
        CHECK(program_find(p, "drag", model_text(p->model, STR_DROP_SECOND)) != NULL, "which of two pictures is not said");
        p->in.dragged = false;
        program_rest(p);
        CHECK(program_find(p, "drag", "") == NULL, "the frame stays");
        program_close(p);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_if), cmocka_unit_test(test_network), cmocka_unit_test(test_recording), cmocka_unit_test(test_stale), cmocka_unit_test(test_titles), cmocka_unit_test(test_drag),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
