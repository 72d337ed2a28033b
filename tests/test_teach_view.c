/* test_teach_view.c - the view that teaches, driven from the first drop to the saved file: pictures go to the bin under the pointer, the taught network
 * becomes the window's, what is dropped beside the bins is judged, and the way back. */
#include "engine/base/safe_file.h"
#include "tests/drawn_kinds.h"
#include "tests/program.h"

enum { EACH = 8 };

static void draw_all(void)
{
    Err err;
    mkdir(inside("kinds"), 0777);
    draw_kind("kinds/discs", false, EACH, 1);
    draw_kind("kinds/stripes", true, EACH, 1);
    draw_kind("more", true, 2, 9);
    CHECK(safe_file_put(inside("broken.png"), "\x89PNG no more", 12, &err), "%s", err.text);
}

static int fill(void **state)
{
    return temp_folder_fill(state, draw_all);
}

static void open_program(Program *p, float w, float h)
{
    Err err;
    CHECK(program_open(p, "tests/nets/small.net", w, h, &err), "%s", err.text);
    program_key(p, "Shift+k");
    CHECK(p->model->view == VIEW_TEACH && p->session->teaching.bins.now.bin_count == 2, "two empty classes to begin with");
}

static bool shows(const Program *p, const char *part)
{
    return program_find(p, "text", part) != NULL;
}

static void drop(Program *p, const char *path)
{
    p->app.drop(p->app.user, path);
    program_rest(p);
}

static void point_at(Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    program_move(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 2);
}

static void tap_item(Program *p, const char *role, const char *text)
{
    point_at(p, role, text);
    program_click(p, p->in.mouse_x, p->in.mouse_y);
}

static int size_of(const Program *p, const char *name)
{
    const TeachBins *bins = &p->session->teaching.bins;
    return teach_bin_size(bins, teach_bin_named(bins, name));
}

static void test_from_drop_to_file(void **state)
{
    (void)state;
    Program program, *p = &program;
    char home[4096];
    Guess best;
    Source saved;
    Err err;
    open_program(p, 1366, 768);
    const Teaching *t = &p->session->teaching;
    const SharedSource *before = p->model->source;
    program_key(p, "Enter");
    CHECK(shows(p, "has no pictures yet") && t->result.count == 0, "it says what is missing");
    drop(p, inside("kinds"));
    CHECK(size_of(p, "discs") == EACH && size_of(p, "stripes") == EACH && t->bins.now.bin_count == 2, "a folder of classes fills the empty ones");
    CHECK(shows(p, "Ready: 12 pictures will teach, 4 are held out"), "the share that is held out");
    p->app.drop(p->app.user, inside("more/0.png"));
    program_rest(p);
    program_key(p, "u");
    CHECK(size_of(p, "discs") == EACH && size_of(p, "stripes") == EACH, "a folder is one step, and what follows it another");
    point_at(p, "bin", "stripes");
    drop(p, inside("more/0.png"));
    drop(p, inside("broken.png"));
    CHECK(size_of(p, "stripes") == EACH + 2 && shows(p, "1 cannot be read"), "on the class under the pointer; the broken one is named");
    program_key(p, "u");
    CHECK(size_of(p, "stripes") == EACH && !shows(p, "1 cannot be read"), "undone at once: one drop");
    program_key(p, "Enter");
    CHECK(t->result.count == 2 * EACH && p->model->source != before && net_scores(model_net(p->model), 0) == 2, "the taught network is the window's");
    CHECK(p->model->view == VIEW_TEACH && shows(p, "held-out pictures") && program_find(p, "cell", "discs, said to be stripes") != NULL, "what it got right and wrong");
    CHECK(t->judges, "what comes now is judged");
    point_at(p, "chart", "loss");
    drop(p, inside("more/1.png"));
    CHECK(strstr(p->model->picture.path, "more/1.png") != NULL && size_of(p, "stripes") == EACH, "beside the classes it is the picture");
    CHECK(model_top(p->model, &best, 1) == 1, "it has an answer");
    CHECK(getcwd(home, sizeof home) != NULL && chdir(temp_folder) == 0, "a folder to save in");
    program_key(p, "Shift+s");
    CHECK(chdir(home) == 0, "the way back");
    CHECK(source_open(&saved, &(SourceOptions){.weights = inside("inceptoscope-taught.safetensors"), .network = "tests/nets/small.net", .networks_dir = "assets/networks"}, &err), "%s", err.text);
    CHECK(saved.info.classes == 2 && strcmp(saved.info.labels[0], "discs") == 0 && strstr(saved.info.trained, "held-out pictures right") != NULL, "names and how it was trained");
    for (int i = 0; i < model_net(p->model)->param_count; i++) {
        const Param *a = &model_net(p->model)->params[i], *b = &saved.net->params[i];
        CHECK(memcmp(p->model->source->source.weights + a->offset, saved.weights + b->offset, a->count * sizeof(float)) == 0, "parameter %d has other bits in the file", i);
    }
    source_free(&saved);
    program_key(p, "Backspace");
    CHECK(p->model->source == before && t->result.count == 0 && size_of(p, "discs") == EACH, "the former network; no picture is lost");
    program_close(p);
}

/* All layers learn beside the window; a pause gives the window what is reached, and the way back is two steps. */
static void test_whole(void **state)
{
    (void)state;
    Program program, *p = &program;
    open_program(p, 1366, 768);
    const Teaching *t = &p->session->teaching;
    const SharedSource *before = p->model->source;
    program_key(p, "Space");
    CHECK(t->whole == NULL && strstr(model_status(p->model), "Teach first") != NULL, "nothing to go on from");
    drop(p, inside("kinds"));
    program_key(p, "Enter");
    const SharedSource *taught = p->model->source;
    program_key(p, "Space"); /* rests at its end */
    CHECK(p->model->source != taught && teach_whole_ended(t->whole) && shows(p, "All layers have learnt"), "the whole network has learnt");
    CHECK(strstr(p->model->source->source.info.trained, "then all layers for 10 steps") != NULL, "%s", p->model->source->source.info.trained);
    program_key(p, "Backspace");
    CHECK(p->model->source == taught, "one step back: the taught last layer");
    program_key(p, "Backspace");
    CHECK(p->model->source == before, "and the first network");
    program_close(p);
}

/* Keys alone: classes, names, pictures of the list, removal. In a small window, too. */
static void test_keys_alone(void **state)
{
    (void)state;
    Program program, *p = &program;
    open_program(p, 800, 600);
    const Teaching *t = &p->session->teaching;
    program_key(p, "+");
    CHECK(t->bins.now.bin_count == 3 && t->bin == 2, "a new class is the chosen one");
    program_key(p, "Tab");
    for (int i = 0; i < 12; i++) {
        snprintf(p->in.key, sizeof p->in.key, "Backspace");
        program_frame(p);
    }
    snprintf(p->in.text, sizeof p->in.text, "猫");
    program_rest(p);
    CHECK(strcmp(t->bins.now.names[2], "猫") == 0, "%s", t->bins.now.names[2]);
    snprintf(p->in.key, sizeof p->in.key, "Enter");
    program_rest(p);
    program_key(p, "o");
    CHECK(p->model->overlay == OVERLAY_PICTURES, "the list of files");
    snprintf(p->in.text, sizeof p->in.text, "%.400s/", inside("more"));
    program_rest(p);
    tap_item(p, "entry", "0.png");
    tap_item(p, "entry", "1.png");
    CHECK(p->model->overlay == OVERLAY_PICTURES && size_of(p, "猫") == 2, "several pictures, one after the other");
    program_key(p, "Escape");
    program_key(p, "Down");
    CHECK(t->picture >= 0, "a picture is chosen");
    program_key(p, "Delete");
    CHECK(size_of(p, "猫") == 1, "and removed");
    program_key(p, "Up");
    CHECK(t->picture < 0, "beyond the first picture the class itself is chosen");
    program_key(p, "Delete");
    CHECK(t->bins.now.bin_count == 2, "and removed");
    program_key(p, "u");
    CHECK(t->bins.now.bin_count == 3 && size_of(p, "猫") == 1, "and back");
    program_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_from_drop_to_file), cmocka_unit_test(test_whole), cmocka_unit_test(test_keys_alone)};
    return cmocka_run_group_tests(tests, fill, temp_folder_remove);
}
