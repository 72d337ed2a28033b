/* test_screen.c - walks the real program through the whole network, headless, and looks at every screen's dump: no text is
 * clipped or lies over another, no tile is too small to read, every layer was there. */
#include "tests/dumps.h"
#include "tests/sampled.h"

enum { STEPS = 26, PARTS = 3, LAYERS_MAX = 256 };

/* Writes PARTS dumps per step into `folder`, from the top of the stage's middle to its end; the program's own messages go to the test's output. */
static void walk(const char *folder, const char *options, int width, int height, int scale)
{
    char script[256], command[1024];
    snprintf(script, sizeof script, "%s/walk.script", folder);
    FILE *file = fopen(script, "w");
    assert_non_null(file);
    for (int i = 0; i < STEPS; i++)
        for (int part = 0; part < PARTS; part++)
            fprintf(file, "wait-idle\ndump %s/%d-%d.json\nmove %d %d\nwheel %d\nmove 3 3\n%s", folder, i, part,
                    width * 45 / 100 / scale, height / 2 / scale, part < PARTS - 2 ? -6 : -100,
                    part == PARTS - 1 ? "key Right\n" : "");
    fclose(file);
    snprintf(command, sizeof command, "'%s' --at input --size %dx%d --scale %d %s --script %s 2>&1", getenv("INCEPTOSCOPE"), width, height,
             scale, options, script);
    int status = system(command);
    CHECK(status == 0, "%s gives %d", command, status);
}

/* The names of every layer, as the screen spells them. */
static int layer_names(char names[LAYERS_MAX][64])
{
    char command[512];
    snprintf(command, sizeof command, "'%s' trace googlenet --format json", getenv("INCEPTOSCOPE"));
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    json_t *root = json_loadf(pipe, 0, NULL), *layer;
    pclose(pipe);
    assert_non_null(root);
    size_t i;
    int count = 0;
    json_array_foreach(json_object_get(root, "layers"), i, layer) {
        const char *name = text_of(layer, "name");
        snprintf(names[count], 64, "%s", strncmp(name, "inception_", 10) == 0 ? name + 10 : name);
        char *concat = strstr(names[count++], "/concat");
        if (concat != NULL)
            *concat = '\0';
    }
    json_decref(root);
    return count;
}

static bool addressed(const json_t *items, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
        if (strcmp(text_of(item, "address"), name) == 0 && strcmp(text_of(item, "role"), "row") != 0)
            return true;
    return false;
}

static void walk_and_check(size_t walk_number, const char *options, int width, int height, int scale, bool every_layer)
{
    char folder[] = "/tmp/inceptoscope-walk-XXXXXX", path[256], where[512];
    if (getenv("INCEPTOSCOPE") == NULL || !sampled(walk_number, 4))
        skip();
    static char names[LAYERS_MAX][64];
    static bool seen[LAYERS_MAX];
    int layers = every_layer ? layer_names(names) : 0;
    memset(seen, 0, sizeof seen);
    assert_non_null(mkdtemp(folder));
    walk(folder, options, width, height, scale);
    int defects = 0;
    for (int i = 0; i < STEPS * PARTS; i++) {
        snprintf(path, sizeof path, "%s/%d-%d.json", folder, i / PARTS, i % PARTS);
        snprintf(where, sizeof where, "%dx%d %s step %d, scrolled %d times", width, height, options, i / PARTS, i % PARTS);
        json_error_t error;
        json_t *root = json_load_file(path, 0, &error);
        CHECK(root != NULL, "%s: %s", where, error.text);
        const json_t *items = json_object_get(root, "items");
        defects += text_defects(items, where) + tile_defects(items, where);
        for (int l = 0; l < layers; l++)
            seen[l] = seen[l] || addressed(items, names[l]);
        json_decref(root);
        unlink(path);
    }
    for (int l = 0; l < layers; l++)
        if (!seen[l])
            DEFECT(defects, "%s: the walk never showed %s", options, names[l]);
    snprintf(path, sizeof path, "%s/walk.script", folder);
    unlink(path);
    rmdir(folder);
    CHECK(defects == 0, "%d defects", defects);
}

static void every_layer_at_1280x720(void **state)
{
    (void)state;
    walk_and_check(0, "--network googlenet", 1280, 720, 1, true);
}

static void every_layer_at_1920x1080(void **state)
{
    (void)state;
    walk_and_check(1, "--network bvlc_googlenet --theme dark", 1920, 1080, 1, false);
}

static void every_layer_in_chinese(void **state)
{
    (void)state;
    walk_and_check(2, "--network googlenet --lang zh", 1280, 720, 1, false);
}

static void every_layer_dense(void **state)
{
    (void)state;
    walk_and_check(3, "--network googlenet", 3840, 2160, 2, false);
}

/* ---- the other views ---------------------------------------------------------------------------------------------------------- */

/* Every view on top of the walk, in both languages, by the keys that lead there; `first` is done before. */
static void every_view_with(size_t number, const char *arguments, const char *first)
{
    static const struct { const char *place, *keys; } views[] = {
        {"conv1[3]", "Enter"},   {"3a/3x3[78]", "Enter"}, {"3a/3x3[78]", "Enter Enter"}, {"maxpool1[5]", "Enter"}, {"norm1[5]", "Enter"},
        {"3a[199]", "Enter"},    {"avgpool[7]", "Enter"}, {"dropout[7]", "Enter"},       {"fc[7]", "Enter"},       {"softmax[7]", "Enter"},
        {"input[1]", "Enter"},   {"3a/5x5", "w"},         {"conv1", "w"},                {"3b/3x3", "w"},          {"3a", "c"},
        {"3a", "d"},             {"4b", "l"},             {"3a", "g"},                   {"3a", "g Tab"},          {"3a", "g Enter"},       {"3a", "h"},              {"3a", "/"},
        {"3a", "o"},             {"3a", "n"},             {"3a", "m"},                   {"3a", "r"},              {"3a", "Down"},
        {"3a", "a"},             {"aux1/fc1", ""},        {"3a", "Shift+c Shift+Left"}, {"3a", "Shift+f"}, {"3a[78]", "x"},         {"3a/3x3[78]", "Shift+x"},
        {"5b", ""},              {"3b/3x3_reduce", "w"},  {"4a/pool_proj", "w"},         {"fc", "w"},              {"conv1[5]", "w"},
        {"4a/1x1[3]", "w"},      {"conv3", "w"},             {"4c[9]", "c x"},            {"5b", "c"},
        {"4c", "Shift+g 6"},          {"3b/3x3", "Shift+g"},    {"fc", "Shift+g"},
        {"4c[60]", "Shift+u"},     {"conv1[3]", "Shift+u"}, {"input", "Shift+u"},     {"maxpool3", "Shift+u o"},
        {"3b/3x3[72]", "Shift+r"}, {"4a[500]", "Shift+r"}, {"conv1[3]", "Shift+r"},
        {"conv1[5]", "Shift+m"},   {"conv2[5]", "Shift+m 1"}, {"4c/3x3", "Shift+a 1 3 5 7"},
        {"4c/3x3", "Shift+p Down Down Right"}, {"maxpool2[7]", "Shift+p End"}, {"4c/1x1[9]", "Shift+e Tab"}, {"3b/3x3[72]", "Shift+e"},
    };
    enum { VIEWS = sizeof views / sizeof views[0] };
    if (!sampled(number, 3))
        skip();
    char folder[] = "/tmp/inceptoscope-view-XXXXXX";
    FILE *script = script_in(folder);
    fprintf(script, "wait-idle\n%s", first);
    const int first_view = sampled(1, 2) ? 0 : VIEWS; /* a sanitizer sees one language */
    for (int i = first_view; i < 2 * VIEWS; i++) {
        const char *keys = views[i % VIEWS].keys;
        fprintf(script, "%skey /\ntext %s\nkey Enter\nwait-idle\n", i == VIEWS ? "key z\n" : "", views[i % VIEWS].place);
        for (const char *key = keys; *key != '\0'; key += strcspn(key, " "), key += *key == ' ')
            fprintf(script, "key %.*s\nwait-idle\n", (int)strcspn(key, " "), key);
        fprintf(script, "dump %s/%d.json\nkey Escape\nkey Escape\nkey Escape\nkey Escape\nkey u\n", folder, i - first_view);
    }
    const int defects = look_at(folder, script, arguments, 2 * VIEWS - first_view, NULL, NULL);
    rmdir(folder);
    CHECK(defects == 0, "%d defects", defects);
}

static void every_view(void **state)
{
    (void)state;
    every_view_with(1, "--network bvlc_googlenet --size 1280x720 --photos assets/images", "");
}

static void every_view_large(void **state)
{
    (void)state;
    every_view_with(2, "--network googlenet --size 1920x1080 --theme dark", "");
}

static void every_view_for_the_class(void **state)
{
    (void)state;
    every_view_with(0, "--network bvlc_googlenet --size 1280x720 --photos assets/images", "key p\nwait-idle\n");
}

/* Presenter type size, stop by stop. */
static void every_stop_for_the_class(void **state)
{
    static const char *const arguments[] = {"--network googlenet --size 1280x720", "--network bvlc_googlenet --size 1920x1080 --lang zh"};
    (void)state;
    for (size_t a = 0; a < sizeof arguments / sizeof arguments[0] && sampled(a, 2); a++) {
        char folder[] = "/tmp/inceptoscope-class-XXXXXX";
        FILE *script = script_in(folder);
        fprintf(script, "key p\nkey Home\n");
        for (int i = 0; i < STEPS; i++)
            fprintf(script, "wait-idle\ndump %s/%d.json\nkey Right\n", folder, i);
        const int defects = look_at(folder, script, arguments[a], STEPS, NULL, NULL);
        rmdir(folder);
        CHECK(defects == 0, "%d defects", defects);
    }
}

/* Every step of every lesson in both languages, its questions answered: odd lessons for the class, even ones as they open. */
/* The places at which Space stops in a lesson; the next one closes it, and after that it would play. */
static int places_of(int lesson)
{
    char command[128];
    int count = 0;
    snprintf(command, sizeof command, "grep -cE '^(step|ask):' lessons/en/%02d-*.lesson", lesson);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    CHECK(fscanf(pipe, "%d", &count) == 1 && count > 0, "lesson %d has no steps", lesson);
    pclose(pipe);
    return count;
}

static void every_lesson(void **state)
{
    enum { LESSONS = 10 };
    (void)state;
    int defects = 0;
    for (int lesson = 1; lesson <= LESSONS; lesson++) {
        if (!sampled((size_t)lesson, 4))
            continue;
        char folder[] = "/tmp/inceptoscope-class-XXXXXX", arguments[256];
        FILE *script = script_in(folder);
        fprintf(script, lesson % 2 == 1 ? "wait-idle\nkey p\n" : "wait-idle\n");
        const int places = places_of(lesson);
        for (int place = 0; place < places; place++)
            fprintf(script, "wait-idle\ndump %s/%d.json\nkey z\nwait-idle\ndump %s/%d.json\nkey z\nkey Space\n", folder, 2 * place, folder, 2 * place + 1);
        snprintf(arguments, sizeof arguments, "--lesson %d --size %s", lesson, lesson % 2 == 1 ? "1280x720" : "1600x900");
        defects += look_at(folder, script, arguments, 2 * places, NULL, NULL);
        rmdir(folder);
    }
    CHECK(defects == 0, "%d defects", defects);
}

/* The curves of the training that made the program's own weights, at its beginning, in its middle and at its end. */
static void every_curve(void **state)
{
    static const char *const options[] = {"--size 1280x720", "--size 1280x720 --lang zh", "--size 1920x1080 --theme dark", "--size 3840x2160 --scale 3 --lang zh"};
    (void)state;
    int defects = 0;
    for (size_t i = 0; i < sizeof options / sizeof options[0] && sampled(i, 4); i++) {
        char folder[] = "/tmp/inceptoscope-curve-XXXXXX", arguments[256];
        FILE *script = script_in(folder);
        fprintf(script, "wait-idle\ndump %s/0.json\nkey Left\nkey Left\nmove 300 200\nwait-idle\ndump %s/1.json\nkey Home\nmove 3 3\nwait-idle\ndump %s/2.json\n", folder,
                folder, folder);
        snprintf(arguments, sizeof arguments, "watch assets/weights/flowers.csv %s", options[i]);
        defects += look_at(folder, script, arguments, 3, NULL, NULL);
        rmdir(folder);
    }
    CHECK(defects == 0, "%d defects", defects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_at_1280x720), cmocka_unit_test(every_layer_at_1920x1080), cmocka_unit_test(every_layer_in_chinese),
        cmocka_unit_test(every_layer_dense),       cmocka_unit_test(every_view),               cmocka_unit_test(every_view_large),
        cmocka_unit_test(every_view_for_the_class), cmocka_unit_test(every_stop_for_the_class), cmocka_unit_test(every_lesson),
        cmocka_unit_test(every_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
