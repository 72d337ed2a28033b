/* test_modules.c - the real program at every module of the three GoogLeNets, at every size: the dump has all four branches and all four
 * bands of the concat, inside the window, and every channel is there as a map or counted in a last tile. */
#include "tests/dumps.h"
#include "tests/sampled.h"

enum { MODULES = 9, BRANCHES = 4, BRANCH_LAYERS = 7 };

static const char *const modules[MODULES] = {"3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"};
static const char *const layers[BRANCH_LAYERS] = {"1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool", "pool_proj"};
/* Table 1 of Szegedy et al. 2014, "Going deeper with convolutions", in the order of `layers`; a pool keeps its input's channels. */
static const int channels[MODULES][BRANCH_LAYERS] = {
    {64, 96, 128, 16, 32, 192, 32},    {128, 128, 192, 32, 96, 256, 64},  {192, 96, 208, 16, 48, 480, 64},
    {160, 112, 224, 24, 64, 512, 64},  {128, 128, 256, 24, 64, 512, 64},  {112, 144, 288, 32, 64, 512, 64},
    {256, 160, 320, 32, 128, 528, 128}, {256, 160, 320, 32, 128, 832, 128}, {384, 192, 384, 48, 128, 832, 128},
};
static const int input_channels[MODULES] = {192, 256, 480, 512, 512, 512, 528, 832, 832};
/* The branches' last layers, in `layers`. */
static const int outputs[BRANCHES] = {0, 2, 4, 6};

static int between(const char *text, const char *format)
{
    int n = -1;
    return sscanf(text, format, &n) == 1 ? n : -1;
}

/* The channels of `address` that the dump shows or counts, in the part of the window that is `in` (all of it when NULL). */
static int channels_in(const json_t *items, const char *address, const Box *in)
{
    size_t i;
    json_t *item;
    int sum = 0;
    json_array_foreach(items, i, item) {
        const char *role = text_of(item, "role"), *text = text_of(item, "text");
        const Box box = box_of(item);
        if (strcmp(text_of(item, "address"), address) != 0 || (in != NULL && !overlap(box, *in)))
            continue;
        if (strcmp(role, "maps") == 0)
            sum += between(text, "%d of");
        if (strcmp(role, "more") == 0)
            sum += between(text, "+%d");
    }
    return sum;
}

/* Items of one role: each inside the window, and apart from the others; how many there are goes into *count. */
static int apart_and_inside(const json_t *root, const char *role, const char *where, int *count)
{
    const json_t *items = json_object_get(root, "items");
    const double w = json_number_value(json_object_get(root, "width")), h = json_number_value(json_object_get(root, "height"));
    size_t i, k;
    json_t *a, *b;
    int defects = 0;
    *count = 0;
    json_array_foreach(items, i, a) {
        const Box box = box_of(a);
        if (strcmp(text_of(a, "role"), role) != 0)
            continue;
        ++*count;
        if (box.x < 0 || box.y < 0 || box.w <= 0 || box.h <= 0 || box.x + box.w > w + 0.5 || box.y + box.h > h + 0.5)
            DEFECT(defects, "%s: %s %s (%s) is at %g,%g, %gx%g, in a window of %gx%g", where, role, text_of(a, "text"), text_of(a, "address"), box.x, box.y,
                   box.w, box.h, w, h);
        json_array_foreach(items, k, b)
            if (k > i && strcmp(text_of(b, "role"), role) == 0 && overlap(box, box_of(b)))
                DEFECT(defects, "%s: %s %s lies over %s", where, role, text_of(a, "text"), text_of(b, "text"));
    }
    return defects;
}

static int module_defects(void *user, const json_t *root, int dump, const char *where)
{
    (void)user;
    const json_t *items = json_object_get(root, "items");
    const char *title = modules[dump];
    char address[64];
    int defects = 0, lanes, bands, tiles, band = 0;
    size_t i;
    json_t *item;
    defects += apart_and_inside(root, "lane", where, &lanes) + apart_and_inside(root, "band", where, &bands) + apart_and_inside(root, "tile", where, &tiles);
    if (lanes != BRANCHES || bands != BRANCHES || tiles < 12)
        DEFECT(defects, "%s, %s: %d lanes, %d bands, %d tiles", where, title, lanes, bands, tiles);
    for (int l = 0; l < BRANCH_LAYERS; l++) {
        snprintf(address, sizeof address, "%s/%s", title, layers[l]);
        const int found = channels_in(items, address, NULL);
        if (found != channels[dump][l])
            DEFECT(defects, "%s: %s has %d channels in sight or counted, not %d", where, address, found, channels[dump][l]);
    }
    snprintf(address, sizeof address, "%s", dump == 0 ? "maxpool2" : dump == 2 ? "maxpool3" : dump == 7 ? "maxpool4" : modules[dump - 1]);
    if (channels_in(items, address, NULL) != input_channels[dump])
        DEFECT(defects, "%s: %s, the input, has %d channels", where, address, channels_in(items, address, NULL));
    json_array_foreach(items, i, item) {
        if (strcmp(text_of(item, "role"), "band") != 0 || band >= BRANCHES)
            continue;
        Box box = box_of(item); /* the colour beside the maps: they begin to its right, at its height */
        box.w = 1e4;
        const int found = channels_in(items, title, &box), wanted = channels[dump][outputs[band++]];
        if (found != wanted)
            DEFECT(defects, "%s: the band %s of %s has %d channels, not %d", where, text_of(item, "text"), title, found, wanted);
    }
    return defects;
}

static void every_module(const char *network)
{
    static const struct { const char *size, *first; } sizes[] = {
        {"800x600", ""},   {"1024x768 --lang zh", ""},  {"1366x768", ""},  {"1920x1080", ""},
        {"3840x2160", ""}, {"1366x768", "p"}, {"1920x1080 --lang zh", "p"},
    };
    int defects = 0;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        if (!sampled(s, 5))
            continue;
        char folder[] = "/tmp/inceptoscope-modules-XXXXXX", arguments[256];
        FILE *script = script_in(folder);
        fprintf(script, "wait-idle\n");
        if (sizes[s].first[0] != '\0')
            fprintf(script, "key %s\nwait-idle\n", sizes[s].first);
        for (int m = 0; m < MODULES; m++)
            fprintf(script, "key /\ntext %s\nkey Enter\nmove 3 3\nwait-idle\ndump %s/%d.json\n", modules[m], folder, m);
        snprintf(arguments, sizeof arguments, "--network %s --at input --size %s", network, sizes[s].size);
        defects += look_at(folder, script, arguments, MODULES, module_defects, NULL);
        rmdir(folder);
    }
    CHECK(defects == 0, "%d defects", defects);
}

static void of_the_tutorial(void **state)
{
    (void)state;
    every_module("googlenet");
}

static void of_caffe(void **state)
{
    (void)state;
    every_module("bvlc_googlenet");
}

/* torchvision's 5x5 branches have a 3x3 kernel and the same channels. */
static void of_torchvision(void **state)
{
    (void)state;
    every_module("torchvision_googlenet");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(of_the_tutorial), cmocka_unit_test(of_caffe), cmocka_unit_test(of_torchvision)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
