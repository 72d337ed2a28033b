/* test_train_data.c - labelled folders, random crops, the loader's batches. Pictures are made here. */
#include "engine/train/augment.h"
#include "engine/train/data.h"
#include "engine/train/batch_loader.h"
#include "tests/temp_folder.h"

static void folder(const char *name)
{
    CHECK(mkdir(inside(name), 0777) == 0, "%s", name);
}

static void touch(const char *name, const char *text)
{
    FILE *out = fopen(inside(name), "wb");
    CHECK(out != NULL, "%s", name);
    fputs(text, out);
    fclose(out);
}

/* A picture whose every pixel is (value, value, value). */
static void picture(const char *name, int w, int h, int value)
{
    unsigned char *rgb = malloc((size_t)w * (size_t)h * 3);
    memset(rgb, value, (size_t)w * (size_t)h * 3);
    Err err = {""};
    CHECK(image_save_png(inside(name), rgb, w, h, &err), "%s", err.text);
    free(rgb);
}

static bool noted(const Dataset *set, const char *words)
{
    for (int i = 0; i < set->notes.count; i++)
        if (strstr(set->notes.items[i], words) != NULL)
            return true;
    return false;
}

static void expect_sample(const Dataset *set, int index, int label, const char *end)
{
    CHECK(index < set->count, "sample %d of %d", index, set->count);
    const char *path = set->samples[index].path;
    size_t n = strlen(path), m = strlen(end);
    CHECK(n >= m && strcmp(path + n - m, end) == 0, "sample %d is %s, not %s", index, path, end);
    CHECK(set->samples[index].label == label, "sample %d has label %d", index, set->samples[index].label);
}

static void test_order_is_imagefolders(void **state)
{
    (void)state;
    const char *classes[] = {"order", "order/daisy", "order/class2", "order/class10", "order/Daisy2", "order/.ipynb_checkpoints",
                             "order/daisy/sub", "order/daisy/sub-a", "order/daisy/sub/deep", "order/daisy/.hidden"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        folder(classes[i]);
    const char *files[] = {"daisy/b.JPG", "daisy/B.jpeg", "daisy/a10.png", "daisy/a2.Ppm", "daisy/sub/z.bmp",
                           "daisy/sub-a/y.pgm", "daisy/sub/deep/a.png", "daisy/.hidden/h.jpg", "daisy/._a.jpg", "daisy/c.gif", "daisy/d.webp",
                           "daisy/notes.txt", "class2/x.jpg", "class10/x.jpg", "Daisy2/x.jpg", ".DS_Store", "LICENSE.txt",
                           ".ipynb_checkpoints/x.jpg"};
    char name[128];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(name, sizeof name, "order/%s", files[i]);
        touch(name, "");
    }
    Err err = {""};
    Dataset *set = dataset_open(inside("order"), NULL, &err);
    CHECK(set != NULL, "%s", err.text);
    const char *want[] = {"Daisy2", "class10", "class2", "daisy"};
    assert_int_equal(set->classes.count, 4);
    for (int i = 0; i < 4; i++)
        assert_string_equal(set->classes.items[i], want[i]);
    assert_int_equal(set->count, 10);
    expect_sample(set, 0, 0, "Daisy2/x.jpg");
    expect_sample(set, 3, 3, "daisy/B.jpeg");
    expect_sample(set, 4, 3, "daisy/a10.png");
    expect_sample(set, 5, 3, "daisy/a2.Ppm");
    expect_sample(set, 6, 3, "daisy/b.JPG");
    expect_sample(set, 7, 3, "daisy/sub/z.bmp");
    expect_sample(set, 8, 3, "daisy/sub-a/y.pgm");
    expect_sample(set, 9, 3, "daisy/sub/deep/a.png"); /* '-' sorts before '/', as in torchvision */
    assert_true(noted(set, ".ipynb_checkpoints: skipped, its name begins with a dot"));
    assert_true(noted(set, "LICENSE.txt: skipped, a file beside"));
    assert_true(noted(set, "._a.jpg: skipped"));
    assert_true(noted(set, "c.gif: skipped, its name is not that of a picture"));
    assert_true(noted(set, "d.webp: skipped, this format cannot be decoded"));
    CHECK_NEAR(dataset_majority(set), 7.0 / 10.0, 1e-12, 0, "majority");
    char path[512];
    snprintf(path, sizeof path, "%s", inside("order.json"));
    CHECK(dataset_save_classes(set, path, &err), "%s", err.text);
    FILE *in = fopen(path, "rb");
    char text[256] = "";
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    assert_string_equal(text, "{\n    \"0\": \"Daisy2\",\n    \"1\": \"class10\",\n    \"2\": \"class2\",\n    \"3\": \"daisy\"\n}");
    dataset_free(set);
}

static void expect_error(const char *where, const Dataset *like, const char *words)
{
    Err err = {""};
    Dataset *set = dataset_open(inside(where), like, &err);
    CHECK(set == NULL, "%s was accepted", where);
    CHECK(strstr(err.text, words) != NULL, "%s: '%s' lacks '%s'", where, err.text, words);
}

static void test_bad_folders(void **state)
{
    (void)state;
    expect_error("missing", NULL, "missing: cannot read this folder: No such file");
    folder("one");
    expect_error("one", NULL, "0 class folders found");
    folder("one/a");
    touch("one/a/x.jpg", "");
    expect_error("one", NULL, "1 class folder found");
    folder("one/b");
    touch("one/b/x.txt", "");
    expect_error("one", NULL, "the class 'b' has no picture");
    touch("one/b/x.png", "");
    Err err = {""};
    Dataset *set = dataset_open(inside("one"), NULL, &err);
    CHECK(set != NULL, "%s", err.text);
    folder("two");
    folder("two/a");
    folder("two/c");
    expect_error("two", set, "class 1 is 'c' here but 'b' in");
    folder("two/b");
    expect_error("two", set, "3 classes here but 2 in");
    dataset_free(set);
}

static void test_crop_is_torchvisions(void **state)
{
    (void)state;
    FILE *in = fopen("tests/golden/train_crop.txt", "r");
    CHECK(in != NULL, "run the tests from the top of the tree");
    char line[256];
    int cases = 0;
    while (fgets(line, sizeof line, in) != NULL) {
        int width, height, seed, x, y, w, h, flip;
        double scale;
        if (sscanf(line, "%d %d %lf %d: %d %d %d %d %d", &width, &height, &scale, &seed, &x, &y, &w, &h, &flip) != 9)
            continue;
        Crop c = augment_crop(width, height, scale, rng_make((uint64_t)seed, 7));
        CHECK(c.x == x && c.y == y && c.w == w && c.h == h && c.flip == flip, "%s, got %d %d %d %d %d", line, c.x, c.y, c.w,
              c.h, c.flip);
        cases++;
    }
    fclose(in);
    assert_int_equal(cases, 480);
}

/* Shares that follow from the definition: the area is uniform in (0.08, 1) as long as no try fails, the flip is fair. */
static void test_crop_distribution(void **state)
{
    (void)state;
    const int draws = 20000;
    double area = 0, flips = 0, left = 0;
    for (int i = 0; i < draws; i++) {
        Crop c = augment_crop(1000, 1000, 0.08, rng_make(3, (uint64_t)i));
        double share = (double)c.w * c.h / 1e6, ratio = (double)c.w / c.h;
        CHECK(share > 0.079 && share <= 1.0 && ratio > 0.745 && ratio < 1.342, "draw %d: share %g ratio %g", i, share, ratio);
        assert_true(c.x >= 0 && c.y >= 0 && c.x + c.w <= 1000 && c.y + c.h <= 1000);
        area += share;
        flips += c.flip;
        left += c.w < 1000 ? (double)c.x / (1000 - c.w) : 0.5;
    }
    /* Tries with a large area and a ratio far from 1 do not fit and are drawn again: the mean is below 0.54. 0.479 is the
     * mean of 20,000 draws of torchvision for this size. */
    CHECK_NEAR(area / draws, 0.479, 0.006, 0, "mean area");
    CHECK_NEAR(flips / draws, 0.5, 0.012, 0, "flips");
    CHECK_NEAR(left / draws, 0.5, 0.01, 0, "place");
}

static void test_flip_mirrors(void **state)
{
    (void)state;
    unsigned char pixels[2 * 3 * 3];
    for (int i = 0; i < 18; i++)
        pixels[i] = (unsigned char)i;
    Image in = {.w = 3, .h = 2, .rgb = pixels}, out = {0};
    Err err = {""};
    assert_true(augment_apply(&in, (Crop){1, 0, 2, 2, true}, 2, 2, &out, &err));
    const unsigned char want[12] = {6, 7, 8, 3, 4, 5, 15, 16, 17, 12, 13, 14};
    assert_memory_equal(out.rgb, want, 12);
    image_free(&out);
}

/* A Net that has only what the loader looks at: an 8x8 input and the article's preprocessing. */
static Net small_net(void)
{
    Net net = {.input = {1, 3, 8, 8}, };
    net.preprocess = (Preprocess){.rule = RESIZE_EXACT, .unit_scale = true, .mean = {0.5f, 0.5f, 0.5f}, .std = {0.5f, 0.5f, 0.5f}};
    return net;
}

/* Ten readable pictures of grey 10*i, and in class b two that cannot be decoded. */
static Dataset *small_set(void)
{
    char name[64];
    Err err = {""};
    if (access(inside("small"), F_OK) != 0) {
        folder("small");
        folder("small/a");
        folder("small/b");
        for (int i = 0; i < 10; i++) {
            snprintf(name, sizeof name, "small/%c/%02d.png", i < 4 ? 'a' : 'b', i);
            picture(name, 20 + i, 16, 10 * i);
        }
        touch("small/b/05x.jpg", "not a picture");
        touch("small/b/99.png", "");
    }
    Dataset *set = dataset_open(inside("small"), NULL, &err);
    CHECK(set != NULL, "%s", err.text);
    return set;
}

/* The grey of each picture of an epoch, in order, as read back from the batches. */
static int read_epoch(BatchLoader *loader, int *greys, int *labels)
{
    Batch batch;
    int count = 0;
    while (batch_loader_next(loader, &batch))
        for (int i = 0; i < batch.n; i++) {
            const float *x = batch.x + (size_t)i * 3 * 8 * 8;
            for (int k = 1; k < 3 * 8 * 8; k++)
                CHECK(x[k] == x[0], "picture %d is not of one colour", i);
            greys[count] = (int)lroundf((x[0] * 0.5f + 0.5f) * 255.0f);
            labels[count++] = batch.labels[i];
        }
    return count;
}

static BatchLoader *open_loader(const Dataset *set, const Net *net, bool augment, int threads, size_t cache)
{
    Err err = {""};
    BatchLoaderOptions options = {.batch = 5, .threads = threads, .seed = 9, .augment = augment, .scale_min = 0.08, .cache_bytes = cache};
    BatchLoader *loader = batch_loader_new(set, net, &options, &err);
    CHECK(loader != NULL, "%s", err.text);
    return loader;
}

static void test_loader_in_order(void **state)
{
    (void)state;
    Net net = small_net();
    Dataset *set = small_set();
    assert_int_equal(set->count, 12);
    BatchLoader *loader = open_loader(set, &net, false, 3, 0);
    assert_int_equal(batch_loader_batches(loader), 3);
    int greys[12], labels[12];
    for (int round = 0; round < 3; round++) {
        batch_loader_begin(loader, round, 0);
        assert_int_equal(read_epoch(loader, greys, labels), 10);
        for (int i = 0; i < 10; i++) {
            CHECK(greys[i] == 10 * i, "picture %d has grey %d", i, greys[i]);
            CHECK(labels[i] == (i >= 4), "picture %d has label %d", i, labels[i]);
        }
    }
    char line[512];
    assert_true(batch_loader_unreadable(loader, 0, line, sizeof line));
    assert_non_null(strstr(line, "05x.jpg"));
    assert_true(batch_loader_unreadable(loader, 1, line, sizeof line));
    assert_non_null(strstr(line, "99.png"));
    assert_false(batch_loader_unreadable(loader, 2, line, sizeof line)); /* each once, in three rounds */
    batch_loader_free(loader);
    dataset_free(set);
}

/* A shuffle that leaves a place alone would never bring one of the pictures to the front. */
static void test_every_picture_can_be_first(void **state)
{
    (void)state;
    Net net = small_net();
    Dataset *set = small_set();
    BatchLoader *loader = open_loader(set, &net, true, 2, 1 << 20);
    int first[12] = {0};
    for (int epoch = 0; epoch < 600; epoch++) {
        Batch batch;
        batch_loader_begin(loader, epoch, 0);
        assert_true(batch_loader_next(loader, &batch));
        if (batch.n == 5) /* nothing was left out, so this is the first place */
            first[batch.samples[0]]++;
    }
    for (int i = 0; i < 12; i++) {
        const char *name = strrchr(set->samples[i].path, '/') + 1; /* the folder's name is random */
        const bool readable = strcmp(name, "05x.jpg") != 0 && strcmp(name, "99.png") != 0;
        CHECK(readable == (first[i] > 0) && first[i] < 60, "%s was first %d times", name, first[i]);
    }
    batch_loader_free(loader);
    dataset_free(set);
}

static void test_loader_repeats(void **state)
{
    (void)state;
    Net net = small_net();
    Dataset *set = small_set();
    int first[12], again[12], second[12], labels[12];
    BatchLoader *a = open_loader(set, &net, true, 1, 0), *b = open_loader(set, &net, true, 4, 1 << 20);
    batch_loader_begin(a, 0, 0);
    assert_int_equal(read_epoch(a, first, labels), 10);
    batch_loader_begin(a, 1, 0);
    assert_int_equal(read_epoch(a, second, labels), 10);
    assert_memory_not_equal(first, second, sizeof(int) * 10); /* another epoch, another order */
    for (int round = 0; round < 20; round++) { /* threads and the cache change nothing; an epoch may be left half-way */
        batch_loader_begin(b, 1, 0);
        Batch batch;
        for (int i = 0; i < round % 3; i++)
            assert_true(batch_loader_next(b, &batch));
        batch_loader_begin(b, 0, 0);
        assert_int_equal(read_epoch(b, again, labels), 10);
        CHECK(memcmp(first, again, sizeof(int) * 10) == 0, "round %d", round);
    }
    for (int i = 0; i < 10; i++)
        CHECK(labels[i] == (again[i] >= 40), "label %d of grey %d", labels[i], again[i]);
    batch_loader_begin(b, 0, 1); /* the later batches alone hold the end of the same order */
    int tail = read_epoch(b, again, labels);
    assert_true(tail >= 5 && tail <= 7);
    assert_memory_equal(again, first + 10 - tail, sizeof(int) * (size_t)tail);
    batch_loader_free(a);
    batch_loader_free(b);
    dataset_free(set);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_order_is_imagefolders), cmocka_unit_test(test_bad_folders),
    cmocka_unit_test(test_crop_is_torchvisions),  cmocka_unit_test(test_crop_distribution),
    cmocka_unit_test(test_flip_mirrors),          cmocka_unit_test(test_loader_in_order),
    cmocka_unit_test(test_every_picture_can_be_first), cmocka_unit_test(test_loader_repeats),
};

int main(void) { return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove); }
