/* Opening files and networks in the window, by keys and clicks: the menu of networks and weights, the list of a folder, descriptions and
 * class names, a load that is stopped, and what the screen says meanwhile. */
#include "app/session/typed_path.h"
#include "app/views/parts.h"
#include "engine/base/safe_file.h"
#include "engine/io/file.h"
#include "tests/check.h"
#include "tests/program.h"
#include "tests/temp_folder.h"

#include <jansson.h>

static void open_program(Program *p, const char *network, float width, float height)
{
    Err err;
    CHECK(program_open(p, network, width, height, &err), "%s", err.text);
}

static void click(Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    program_click(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 2);
}

/* Types into the focused field, a character a frame. */
static void type(Program *p, const char *text)
{
    for (; *text != '\0'; text++) {
        CHECK(p->ui.want_text, "no field has the focus");
        p->in.text[0] = *text;
        p->in.text[1] = '\0';
        program_frame(p);
    }
    program_rest(p);
}

static void enter(Program *p)
{
    snprintf(p->in.key, sizeof p->in.key, "Enter");
    program_frame(p);
    program_rest(p);
}

static bool fits(const Program *p)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (p->ui.items[i].clipped) {
            fprintf(stderr, "'%s' does not fit\n", p->ui.text + p->ui.items[i].text);
            return false;
        }
    return true;
}

/* ---- the menu of networks and weights --------------------------------------------------------------------------------------------- */

/* Every network that comes with the program, by the mouse: its row opens it, says that its weights are random, and keeps the place. */
static void test_menu_by_mouse(void **state)
{
    static const struct { const char *title, *name, *at; } cases[] = {
        {"LeNet-5", "lenet5", NULL}, {"GoogLeNet (tutorial)", "googlenet", NULL}, {"BVLC GoogLeNet", "bvlc_googlenet", "conv2"},
    };
    Program program, *p = &program;
    (void)state;
    open_program(p, "googlenet", 1366, 768);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char says[256];
        model_go(p->model, program_layer(p, "conv2") > 0 ? program_layer(p, "conv2") : 0);
        model_select(p->model, (Cursor){p->model->at, 3, 2, 1});
        program_rest(p);
        click(p, "badge", " ▾");
        assert_int_equal(p->model->overlay, OVERLAY_NETWORKS);
        CHECK(fits(p), "the menu");
        click(p, "entry", cases[i].title);
        assert_string_equal(model_net(p->model)->name, cases[i].name);
        assert_int_equal(p->model->overlay, OVERLAY_NONE);
        snprintf(says, sizeof says, model_text(p->model, STR_OPENED_UNTRAINED), cases[i].name);
        CHECK(!p->model->status_bad && strcmp(p->model->status, says) == 0, "'%s' is not said, but '%s'", says, p->model->status);
        CHECK(p->model->source->source.untrained && program_find(p, "badge", model_text(p->model, STR_UNTRAINED)) != NULL, "%s: no sign of random weights", cases[i].name);
        part_network_name(p->model, true, says, sizeof says);
        CHECK(strncmp(says, cases[i].title, 7) == 0 && program_find(p, "badge", says) != NULL, "%s is not in the bar", says);
        if (cases[i].at != NULL) {
            assert_int_equal(p->model->at, program_layer(p, cases[i].at));
            CHECK(p->model->cursor.channel == 3 && p->model->cursor.y == 2 && p->model->cursor.x == 1, "%s: the selection is gone", cases[i].name);
        }
    }
    program_close(p);
}

/* By the keyboard: typing filters, the arrows choose, Enter opens; the last row leads to the files. On the overview one stays there. */
static void test_menu_by_keys(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_program(p, "googlenet", 1366, 768);
    model_view(p->model, VIEW_OVERVIEW);
    program_key(p, "Shift+o");
    CHECK(program_find(p, "entry", "AlexNet") != NULL && program_find(p, "entry", "flowers.safetensors") != NULL, "the menu is not whole");
    type(p, "vgg");
    CHECK(program_find(p, "entry", "VGG16") != NULL && program_find(p, "entry", "AlexNet") == NULL, "the list is not filtered");
    for (int i = 0; i < 3; i++)
        program_key(p, "Down"); /* VGG16, VGG19, the files: no further */
    enter(p);
    assert_int_equal(p->model->overlay, OVERLAY_PICTURES);
    program_key(p, "Escape");
    program_key(p, "Shift+o");
    type(p, "lenet5"); /* the name in commands, which the title does not have */
    enter(p);
    assert_string_equal(model_net(p->model)->name, "lenet5");
    assert_int_equal(p->model->view, VIEW_OVERVIEW);
    program_close(p);
}

/* Downloaded weights and files opened last are in the menu, each once. */
static void test_menu_finds_weights(void **state)
{
    Program program, *p = &program;
    char path[600];
    Err err;
    (void)state;
    setenv("XDG_DATA_HOME", temp_folder, 1);
    mkdir(inside("inceptoscope"), 0700);
    mkdir(inside("inceptoscope/weights"), 0700);
    const char *found = inside("inceptoscope/weights/mine.safetensors");
    CHECK(symlink(realpath("assets/weights/flowers.safetensors", path), inside("inceptoscope/weights/again.safetensors")) == 0, "a link");
    Net *net = net_open("tiny", "assets/networks", NULL, &err);
    CHECK(net != NULL && weights_save(found, net, net->given_weights, DTYPE_F32, NULL, &err), "%s", err.text);
    net_free(net);
    open_program(p, "googlenet", 1366, 768);
    recent_add(&p->session->opening.recent, found);
    recent_add(&p->session->opening.recent, "tests/nets/small.net");
    recent_add(&p->session->opening.recent, "assets/images/rose.png");
    program_key(p, "Shift+o");
    int mine = 0, pictures = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const bool entry = strcmp(p->ui.items[i].role, "entry") == 0;
        mine += entry && strcmp(p->ui.text + p->ui.items[i].text, "mine.safetensors") == 0;
        pictures += entry && strstr(p->ui.text + p->ui.items[i].text, "rose") != NULL;
    }
    CHECK(mine == 1 && pictures == 0, "mine.safetensors is listed %d times, pictures %d times", mine, pictures);
    CHECK(program_find(p, "entry", "again") == NULL, "a link to shipped weights is listed twice");
    click(p, "entry", "small.net");
    assert_string_equal(model_net(p->model)->name, "small");
    unsetenv("XDG_DATA_HOME");
    program_close(p);
}

/* A network with a picture in its description is shown with it; behind it the picture from before comes back. */
static void test_own_picture(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_program(p, "googlenet", 1366, 768);
    program_key(p, "Shift+o");
    type(p, "tiny");
    enter(p);
    CHECK(!p->model->source->source.untrained && p->model->picture.path[0] == '\0' && memcmp(p->model->picture.x, model_net(p->model)->given_input, 36 * 4) == 0, "tiny has its own weights and picture");
    program_key(p, "Shift+o");
    type(p, "googlenet (tut");
    enter(p);
    assert_string_equal(p->model->picture.name, "daisy.png");
    CHECK(strstr(p->model->status, "googlenet") != NULL, "said: '%s'", p->model->status);
    program_close(p);
}

/* ---- files ----------------------------------------------------------------------------------------------------------------------------- */

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "%s", path);
}

/* A description of one's own and class names, as they are dropped on the window. */
static void test_drop(void **state)
{
    static const char net[] = "network mine \"Mine\"\ninput 3x8x8\nclasses 2\nconv conv1 3x3/1 pad=1 4\navgpool avgpool to=1x1\nfc fc classes\nsoftmax softmax\n";
    Program program, *p = &program;
    char scratch[64];
    (void)state;
    open_program(p, "googlenet", 1366, 768);
    put(inside("mine.net"), net);
    put(inside("bad.net"), "network bad\ninput 3x8x8\nconv conv1 9 4\n");
    put(inside("names.txt"), "cat\ndog\n");
    put(inside("names.json"), "[\"Katze\", \"Hund\", \"Maus\"]");
    p->app.drop(p->app.user, inside("bad.net"));
    program_rest(p);
    CHECK(p->model->status_bad && strstr(p->model->status, "bad.net:3: ") != NULL, "'%s'", p->model->status);
    assert_string_equal(model_net(p->model)->name, "googlenet");
    p->app.drop(p->app.user, inside("mine.net"));
    program_rest(p);
    assert_string_equal(model_net(p->model)->name, "mine");
    CHECK(program_find(p, "badge", "Mine, 2 classes ▾") != NULL, "the bar does not name it");
    p->app.drop(p->app.user, inside("names.txt"));
    program_rest(p);
    assert_string_equal(model_label(p->model, 1, scratch, sizeof scratch), "dog");
    CHECK(!p->model->status_bad && strstr(p->model->status, "2 class names") != NULL, "'%s'", p->model->status);
    p->app.drop(p->app.user, inside("names.json"));
    program_rest(p);
    CHECK(p->model->status_bad && strstr(p->model->status, "names.json: 3 class names, but the network has 2 classes") != NULL, "'%s'", p->model->status);
    assert_string_equal(model_label(p->model, 1, scratch, sizeof scratch), "dog");
    program_close(p);
}

/* A load that takes long is stopped by Escape, or by a click on the words that say that it runs; nothing of it arrives later. */
static void test_stop(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_program(p, "googlenet", 1366, 768);
    for (int by_mouse = 0; by_mouse < 2; by_mouse++) {
        session_open_path(p->session, "assets/networks/bvlc_googlenet.net");
        program_frame(p);
        const Item *words = program_find(p, "button", "stop opening");
        CHECK(words != NULL, "nothing says that a file is being opened");
        if (by_mouse) {
            program_tap(p, words->rect.x + 8, words->rect.y + 8);
        } else {
            p->app.key(p->app.user, "Escape");
        }
        CHECK(p->session->opening.job == NULL, "it is still being opened");
        program_rest(p);
        assert_string_equal(model_net(p->model)->name, "googlenet");
        CHECK(strstr(p->model->status, "bvlc_googlenet.net") != NULL && !p->model->status_bad, "'%s'", p->model->status);
    }
    program_close(p);
}

/* ---- the list of a folder ------------------------------------------------------------------------------------------------------------- */

static void make_folder(void)
{
    mkdir(inside("list"), 0700);
    mkdir(inside("list/Zoo"), 0700);
    mkdir(inside("list/alps"), 0700);
    mkdir(inside("list/.hidden"), 0700);
    static const char *const files[] = {"list/b.PNG", "list/a.jpg", "list/notes.odt", "list/weights.pth", "list/my.net", "list/alps/peak one.png", "list/alps/peak two.png"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        put(inside(files[i]), "-");
}

static const FolderList *listed(Folder *folder)
{
    while (folder_busy(folder))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return folder_list(folder);
}

static void test_folder(void **state)
{
    static const char *const order[] = {"alps", "Zoo", "a.jpg", "b.PNG", "my.net", "weights.pth"};
    (void)state;
    make_folder();
    Folder *folder = folder_start(inside("list"), NULL, NULL);
    const FolderList *list = listed(folder);
    assert_int_equal(list->count, 6);
    for (int i = 0; i < 6; i++)
        CHECK(strcmp(list->entries[i].name, order[i]) == 0, "place %d has %s", i, list->entries[i].name);
    CHECK(list->entries[1].sort == FILE_FOLDER && list->entries[4].sort == FILE_NETWORK && !list->cut, "their kinds");

    /* completion */
    static const struct { const char *text, *becomes; } cases[] = {
        {"al", "alps/"}, {"Z", "Zoo/"}, {"zo", "Zoo/"}, {"net", "my.net"}, {"b", "b.PNG"}, {"", NULL}, {"x", NULL}, {"a", NULL}, {"a.", "a.jpg"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", cases[i].text);
        const TypedPath typed = typed_path(text, inside("list"));
        const bool did = typed_complete(list, &typed, text, sizeof text);
        CHECK(did == (cases[i].becomes != NULL) && strcmp(text, did ? cases[i].becomes : cases[i].text) == 0, "'%s' becomes '%s'", cases[i].text, text);
    }
    folder_free(folder);

    folder = folder_start(inside("none"), NULL, NULL);
    CHECK(strstr(listed(folder)->err.text, "none: No such file") != NULL, "'%s'", folder_list(folder)->err.text);
    folder_free(folder);
}

/* A folder of more entries than the limit says so; leaving it waits for nothing. */
static void test_large_folder(void **state)
{
    (void)state;
    mkdir(inside("large"), 0700);
    char path[600];
    for (int i = 0; i < FOLDER_MOST + 5; i++) {
        snprintf(path, sizeof path, "%s/large/%05d.png", temp_folder, i);
        CHECK(mknod(path, S_IFREG | 0600, 0) == 0, "%s", path);
    }
    Folder *folder = folder_start(inside("large"), NULL, NULL);
    const FolderList *list = listed(folder);
    CHECK(list->cut && list->count == FOLDER_MOST, "%d entries", list->count);
    folder_free(folder);

    Program program, *p = &program;
    open_program(p, "lenet5", 1366, 768);
    program_key(p, "o");
    snprintf(path, sizeof path, "%s/large/", temp_folder);
    type(p, path);
    size_t rows = 0;
    for (size_t i = 0; i < p->ui.item_count; i++)
        rows += strcmp(p->ui.items[i].role, "entry") == 0;
    CHECK(rows > 10 && rows < 40, "%zu rows are drawn", rows);
    CHECK(program_find(p, "text", "20,000") != NULL, "nothing says that the list is cut");
    program_close(p);
}

/* Through folders by keys: a part of a path leads there, Tab completes, Enter enters and opens. */
static void test_folder_by_keys(void **state)
{
    Program program, *p = &program;
    char path[600];
    (void)state;
    make_folder();
    CHECK(symlink(realpath("assets/images/rose.png", path), inside("list/alps/rose.png")) == 0, "a link");
    open_program(p, "lenet5", 800, 600);
    program_key(p, "o");
    snprintf(path, sizeof path, "%s/list/", temp_folder);
    type(p, path);
    CHECK(program_find(p, "entry", "../") != NULL && program_find(p, "entry", "alps/") != NULL && program_find(p, "entry", "notes") == NULL, "the folder is not listed");
    CHECK(fits(p), "at 800x600");
    type(p, "al");
    program_key(p, "Tab");
    CHECK(program_find(p, "entry", "peak one.png") != NULL, "Tab does not lead into the folder");
    type(p, "p");
    program_key(p, "Tab"); /* to "peak " */
    type(p, "t");
    CHECK(program_find(p, "entry", "peak two.png") != NULL && program_find(p, "entry", "peak one.png") == NULL, "Tab does not complete what all have");
    program_key(p, "Escape");
    program_key(p, "o");
    type(p, path);
    program_key(p, "Down"); /* alps, behind .. */
    enter(p);
    CHECK(p->model->overlay == OVERLAY_PICTURES && program_find(p, "entry", "rose.png") != NULL, "Enter does not enter a folder");
    type(p, "rose.png");
    enter(p);
    assert_int_equal(p->model->overlay, OVERLAY_NONE);
    assert_string_equal(p->model->picture.name, "rose.png");
    unlink(inside("list/alps/rose.png"));
    program_close(p);
}

/* The same by clicks and the wheel, up with "..", and in the view of two pictures, where only pictures are listed. */
static void test_folder_by_mouse(void **state)
{
    Program program, *p = &program;
    char path[600];
    (void)state;
    make_folder();
    CHECK(symlink(realpath("assets/images/rose.png", path), inside("list/Zoo/rose.png")) == 0, "a link");
    open_program(p, "lenet5", 1366, 600);
    model_view(p->model, VIEW_COMPARE);
    program_key(p, "o");
    snprintf(path, sizeof path, "%s/list/alps/", temp_folder);
    type(p, path);
    click(p, "entry", "../");
    CHECK(program_find(p, "entry", "Zoo/") != NULL && program_find(p, "entry", "weights.pth") == NULL, "only pictures are for comparing");
    click(p, "entry", "Zoo/");
    click(p, "entry", "rose.png");
    assert_string_equal(p->model->other.name, "rose.png");
    assert_string_equal(p->model->picture.name, "daisy.png");

    model_view(p->model, VIEW_STAGE);
    program_key(p, "o");
    const Item *first = program_find(p, "row", "checkerboard");
    const float y = first->rect.y;
    program_move(p, first->rect.x + 20, y + 20);
    p->in.wheel_y = -1;
    program_rest(p);
    CHECK(program_find(p, "row", "checkerboard")->rect.y < y, "the wheel does not scroll");
    unlink(inside("list/Zoo/rose.png"));
    program_close(p);
}

/* ---- weights whose heads come later ---------------------------------------------------------------------------------------------- */

/* The shipped weights without their last tensors, the heads' ones: the header names what is there. */
static void write_without_heads(const char *path, const unsigned char *bytes, size_t size)
{
    const size_t length = bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16;
    json_t *header = json_loadb((const char *)bytes + 8, length, 0, NULL), *entry;
    const char *name;
    void *next;
    Err err;
    size_t cut = size - 8 - length;
    json_object_foreach_safe(header, next, name, entry) {
        if (strncmp(name, "aux", 3) != 0)
            continue;
        const size_t begin = (size_t)json_integer_value(json_array_get(json_object_get(entry, "data_offsets"), 0));
        cut = begin < cut ? begin : cut;
        json_object_del(header, name);
    }
    char *text = json_dumps(header, JSON_COMPACT);
    const size_t shorter = strlen(text);
    unsigned char *out = calloc(1, 8 + shorter + cut);
    for (size_t i = 0; i < 8; i++)
        out[i] = (unsigned char)(shorter >> (8 * i));
    memcpy(out + 8, text, shorter);
    memcpy(out + 8 + shorter, bytes + 8 + length, cut);
    CHECK(safe_file_put(path, out, 8 + shorter + cut, &err), "%s", err.text);
    free(out);
    free(text);
    json_decref(header);
}

static float first_score(Program *p, const char *layer)
{
    LayerMap map;
    CHECK(compute_map(p->model->compute, program_layer(p, layer), &map) && map.current, "no map of %s", layer);
    return map.data[0];
}

/* The heads of a page's weights arrive after the first picture: their scores become those of the whole file, and nothing else changes. What
 * is being tried out comes first. */
static void test_heads_later(void **state)
{
    const char *whole = "assets/weights/flowers.safetensors", *path = inside("flowers.safetensors");
    const SourceOptions from = {.weights = path, .networks_dir = "assets/networks"}, all = {.weights = whole, .networks_dir = "assets/networks"};
    Program program, *p = &program;
    unsigned char *bytes;
    size_t size;
    Err err;
    (void)state;
    CHECK(file_read(whole, SIZE_MAX / 2, NULL, &bytes, &size, &err), "%s", err.text);
    CHECK(program_open_from(p, &all, 1366, 768, &err), "%s", err.text);
    program_rest(p);
    const float head = first_score(p, "aux1/fc2"), main = first_score(p, "fc");
    program_close(p);

    write_without_heads(path, bytes, size);
    CHECK(program_open_from(p, &from, 1366, 768, &err), "%s", err.text);
    model_go(p->model, program_layer(p, "4c"));
    model_view(p->model, VIEW_LEDGER);
    program_rest(p);
    const int at = p->model->at;
    CHECK(!source_trained(&p->model->source->source, 1) && first_score(p, "aux1/fc2") != head, "the heads are there");
    model_scale(p->model, program_layer(p, "4c/1x1"), 0, 1, 0);
    CHECK(safe_file_put(path, bytes, size, &err), "%s", err.text);
    session_whole(p->session, path);
    program_rest(p);
    CHECK(!source_trained(&p->model->source->source, 1) && p->model->what_if.weights != NULL, "a what-if is lost");
    model_restore(p->model);
    for (int i = 0; i < LOOKS_MAX && !source_trained(&p->model->source->source, 1); i++)
        program_rest(p);
    program_rest(p);
    CHECK(source_trained(&p->model->source->source, 1), "the heads do not come");
    CHECK(p->model->at == at && p->model->view == VIEW_LEDGER, "the place is lost");
    CHECK(memcmp(&(float){first_score(p, "aux1/fc2")}, &head, sizeof head) == 0, "%g and %g", (double)first_score(p, "aux1/fc2"), (double)head);
    CHECK(memcmp(&(float){first_score(p, "fc")}, &main, sizeof main) == 0, "%g and %g", (double)first_score(p, "fc"), (double)main);
    program_close(p);
    free(bytes);
    remove(path);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_heads_later),
    cmocka_unit_test(test_menu_by_mouse), cmocka_unit_test(test_menu_by_keys),   cmocka_unit_test(test_menu_finds_weights), cmocka_unit_test(test_own_picture),
    cmocka_unit_test(test_drop),          cmocka_unit_test(test_stop),           cmocka_unit_test(test_folder),             cmocka_unit_test(test_large_folder),
    cmocka_unit_test(test_folder_by_keys), cmocka_unit_test(test_folder_by_mouse),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
