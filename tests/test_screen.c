/* test_screen.c - walks the real program through the whole network, headless, and looks at every screen's dump: no text is
 * clipped or lies over another, no tile is too small to read, every layer was there. */
#include "tests/check.h"

#include <jansson.h>
#include <stdbool.h>
#include <unistd.h>

enum { STEPS = 26, PARTS = 4, LAYERS_MAX = 256, SHOWN_MAX = 40 };

/* All of a walk's defects are listed before it fails, up to SHOWN_MAX. */
#define DEFECT(count, ...)                                                                                             \
    do {                                                                                                               \
        if (++(count) <= SHOWN_MAX) {                                                                                  \
            print_error(__VA_ARGS__);                                                                                  \
            print_error("\n");                                                                                         \
        }                                                                                                              \
    } while (0)

typedef struct Box { double x, y, w, h; } Box;

static Box box_of(const json_t *item)
{
    const json_t *r = json_object_get(item, "rect");
    return (Box){json_number_value(json_array_get(r, 0)), json_number_value(json_array_get(r, 1)),
                 json_number_value(json_array_get(r, 2)), json_number_value(json_array_get(r, 3))};
}

static const char *text_of(const json_t *item, const char *key)
{
    const char *text = json_string_value(json_object_get(item, key));
    return text != NULL ? text : "";
}

/* A pixel of touching is rounding. */
static bool overlap(Box a, Box b)
{
    return a.x + 1 < b.x + b.w && b.x + 1 < a.x + a.w && a.y + 1 < b.y + b.h && b.y + 1 < a.y + a.h;
}

static int text_defects(const json_t *items, const char *where)
{
    size_t count = json_array_size(items), texts = 0;
    int defects = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *a = json_array_get(items, i);
        const char *role = text_of(a, "role");
        if (json_is_true(json_object_get(a, "clipped")))
            DEFECT(defects, "%s: %s '%s' (%s) is clipped", where, role, text_of(a, "text"), text_of(a, "address"));
        if (strcmp(role, "text") != 0)
            continue;
        texts++;
        for (size_t k = i + 1; k < count; k++) {
            const json_t *b = json_array_get(items, k);
            bool same_layer = json_integer_value(json_object_get(a, "layer")) == json_integer_value(json_object_get(b, "layer"));
            if (same_layer && strcmp(text_of(b, "role"), "text") == 0 && overlap(box_of(a), box_of(b)))
                DEFECT(defects, "%s: '%s' lies over '%s'", where, text_of(a, "text"), text_of(b, "text"));
        }
    }
    if (texts < 8)
        DEFECT(defects, "%s: only %zu texts", where, texts);
    return defects;
}

static int tile_defects(const json_t *items, const char *where)
{
    size_t i;
    json_t *item;
    int defects = 0;
    json_array_foreach(items, i, item) {
        Box b = box_of(item);
        if (strcmp(text_of(item, "role"), "tile") == 0 && b.w < 11.9 && b.h < 11.9)
            DEFECT(defects, "%s: tile %s is %gx%g", where, text_of(item, "address"), b.w, b.h);
    }
    return defects;
}

/* Writes PARTS dumps per step into `folder`, from the top of the stage's middle to its end; the program's own messages go to the test's output. */
static void walk(const char *folder, const char *options, int width, int height, int scale)
{
    char script[256], command[1024];
    snprintf(script, sizeof script, "%s/walk.script", folder);
    FILE *file = fopen(script, "w");
    assert_non_null(file);
    fprintf(file, "key Home\n");
    for (int i = 0; i < STEPS; i++)
        for (int part = 0; part < PARTS; part++)
            fprintf(file, "wait-idle\ndump %s/%d-%d.json\nmove %d %d\nwheel %d\nmove 3 3\n%s", folder, i, part,
                    width * 45 / 100 / scale, height / 2 / scale, part < PARTS - 2 ? -6 : -100,
                    part == PARTS - 1 ? "key Right\n" : "");
    fclose(file);
    snprintf(command, sizeof command, "'%s' --size %dx%d --scale %d %s --script %s 2>&1", getenv("INCEPTOSCOPE"), width, height,
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

static void walk_and_check(const char *options, int width, int height, int scale, bool every_layer)
{
    char folder[] = "/tmp/inceptoscope-walk-XXXXXX", path[256], where[512];
    if (getenv("INCEPTOSCOPE") == NULL)
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
    walk_and_check("--network googlenet", 1280, 720, 1, true);
}

static void every_layer_at_1920x1080(void **state)
{
    (void)state;
    walk_and_check("--network bvlc_googlenet --theme dark", 1920, 1080, 1, false);
}

static void every_layer_in_chinese(void **state)
{
    (void)state;
    walk_and_check("--network googlenet --lang zh", 1280, 720, 1, false);
}

static void every_layer_dense(void **state)
{
    (void)state;
    walk_and_check("--network googlenet", 3840, 2160, 2, false);
}

/* The other views, each from a command line of its own, and the keys that change what is on top. */
static void every_view(void **state)
{
    (void)state;
    static const struct { const char *options, *keys; } views[] = {
        {"--at 'conv1[3]' --pos 0,0 --view value", ""},   {"--at '3a/3x3[78]' --pos 12,15 --view value", "Enter"},
        {"--at 'maxpool1[5]' --pos 3,4 --view value", ""}, {"--at 'norm1[5]' --pos 3,4 --view value", ""},
        {"--at '3a[199]' --pos 1,1 --view value", ""},    {"--at 'avgpool[7]' --pos 0,0 --view value", ""},
        {"--at 'dropout[7]' --pos 0,0 --view value", ""}, {"--at 'fc[7]' --pos 0,0 --view value", ""},
        {"--at 'softmax[7]' --pos 0,0 --view value", ""}, {"--at 'input[1]' --pos 100,100 --view value", ""},
        {"--at 3a/5x5 --view weights", ""},               {"--at conv1 --view weights", ""},
        {"--view cam", ""}, {"--view occlusion", "Shift+Left"},                               {"--at 3a --view compare", ""},
        {"--view ledger", ""},                            {"--view gradients", ""},
        {"--at 3a", "h"},  {"--at 3a", "/"},  {"--at 3a", "o"},  {"--at 3a", "n"},  {"--at 3a", "m"},
        {"--at 3a", "r"},  {"--at 3a", "p"},  {"--at 3a", "Down"}, {"--at 3a", "a"},
    };
    char folder[] = "/tmp/inceptoscope-view-XXXXXX", script[256], dump[256], command[1024], where[512];
    if (getenv("INCEPTOSCOPE") == NULL)
        skip();
    assert_non_null(mkdtemp(folder));
    snprintf(script, sizeof script, "%s/view.script", folder);
    snprintf(dump, sizeof dump, "%s/view.json", folder);
    int defects = 0;
    for (size_t i = 0; i < 2 * sizeof views / sizeof views[0]; i++) {
        const char *options = views[i / 2].options, *keys = views[i / 2].keys, *lang = i % 2 == 0 ? "en" : "zh";
        FILE *file = fopen(script, "w");
        assert_non_null(file);
        fprintf(file, keys[0] != '\0' ? "wait-idle\nkey %s\n" : "wait-idle\n", keys);
        fclose(file);
        snprintf(command, sizeof command, "'%s' --network bvlc_googlenet --lang %s --size 1280x720 %s --script %s --dump %s 2>&1",
                 getenv("INCEPTOSCOPE"), lang, options, script, dump);
        snprintf(where, sizeof where, "%s %s %s", lang, options, keys);
        int status = system(command);
        CHECK(status == 0, "%s gives %d", command, status);
        json_t *root = json_load_file(dump, 0, NULL);
        CHECK(root != NULL, "%s: no dump", where);
        const json_t *items = json_object_get(root, "items");
        defects += text_defects(items, where) + tile_defects(items, where);
        json_decref(root);
    }
    unlink(script);
    unlink(dump);
    rmdir(folder);
    CHECK(defects == 0, "%d defects", defects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_at_1280x720), cmocka_unit_test(every_layer_at_1920x1080),
        cmocka_unit_test(every_layer_in_chinese),  cmocka_unit_test(every_layer_dense),
        cmocka_unit_test(every_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
