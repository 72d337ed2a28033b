/* test_examples.c - the photos that excite a channel most: every maximum against a plain search through the maps, the same file for any
 * number of threads and after any interruption, ranks and classes against counting, what is refused. */
#include "engine/base/safe_file.h"
#include "engine/fast/fast.h"
#include "engine/io/file.h"
#include "engine/train/examples.h"
#include "tests/seeded.h"
#include "tests/temp_folder.h"

enum { PHOTOS = 11, SIDE = 70 };

/* Stripes, spots and gradients in three classes, one photo beside them, a broken one, and a file that is none. */
static void make_photos(void)
{
    static const char *const names[PHOTOS] = {"alone.png", "a/1.png", "a/2.png", "a/3.png", "b/1.png", "b/2.png", "b/3.png", "b/deep/1.png", "c/1.png", "c/2.png", "c/3.png"};
    static unsigned char rgb[SIDE * SIDE * 3];
    Err err;
    mkdir(inside("photos"), 0777);
    mkdir(inside("photos/a"), 0777);
    mkdir(inside("photos/b"), 0777);
    mkdir(inside("photos/b/deep"), 0777);
    mkdir(inside("photos/c"), 0777);
    for (int i = 0; i < PHOTOS; i++) {
        char path[64];
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                for (int c = 0; c < 3; c++)
                    rgb[3 * (y * SIDE + x) + c] = (unsigned char)((x * (i + 1) + y * (c + 2) + (x / 8 + y / (5 + c)) % 2 * (40 * i)) % 256);
        snprintf(path, sizeof path, "photos/%s", names[i]);
        CHECK(image_save_png(inside(path), rgb, SIDE, SIDE, &err), "%s", err.text);
    }
    CHECK(safe_file_put(inside("photos/c/broken.jpg"), "\xff\xd8\xff\xe0 no more", 12, &err), "%s", err.text);
    CHECK(safe_file_put(inside("photos/c/notes.txt"), "not a photo", 11, &err), "%s", err.text);
}

typedef struct Fixture {
    Net *net;
    float *weights;
    Examples e;
} Fixture;

static Fixture open_at(const char *net, uint64_t seed)
{
    Fixture f = {.net = seeded_net(net)};
    Photos photos;
    Err err;
    f.weights = seeded_weights(f.net, seed);
    CHECK(photos_open(inside("photos"), NULL, &photos, &err), "%s", err.text);
    CHECK(examples_new(&f.e, f.net, f.weights, photos, &err), "%s", err.text);
    return f;
}

static void fill(Fixture *f, int threads, const char *file, Stop *stop, void (*progress)(void *), void *user)
{
    Err err = {""};
    const ExamplesFill how = {.engine = &fast_engine, .weights = f->weights, .threads = threads, .file = file, .stop = stop, .progress = progress, .user = user};
    CHECK(examples_fill(&f->e, &how, &err) && err.text[0] == '\0', "%s", err.text);
}

static void close_it(Fixture *f)
{
    examples_free(&f->e);
    free(f->weights);
    net_free(f->net);
}

static void test_photos(void **state)
{
    Photos p;
    Err err;
    (void)state;
    CHECK(photos_open(inside("photos/"), NULL, &p, &err), "%s", err.text);
    CHECK(p.count == PHOTOS + 1 && p.classes.count == 4, "%d photos, %d classes", p.count, p.classes.count);
    CHECK(strcmp(photos_name(&p, 0), "alone.png") == 0 && p.items[0].label == -1, "a photo beside the folders has no class");
    CHECK(strcmp(photos_name(&p, 7), "b/deep/1.png") == 0 && strcmp(p.classes.items[p.items[7].label], "deep") == 0, "the folder that it lies in");
    CHECK(p.per_class[0] == 3 && p.per_class[3] == 4, "a has %d, c has %d", p.per_class[0], p.per_class[3]);
    CHECK(!photos_are_training(&p, NULL) && !photos_are_training(&p, "from random initialisation on 364 pictures: adam"), "not the training set");
    CHECK(photos_are_training(&p, "from random initialisation on 12 pictures: adam"), "as many as the weights were trained on");
    photos_free(&p);
    mkdir(inside("Train"), 0777);
    CHECK(!photos_open(inside("Train"), NULL, &p, &err) && strstr(err.text, "no photo") != NULL, "%s", err.text);
    CHECK(!photos_open(inside("none"), NULL, &p, &err) && strstr(err.text, "none") != NULL, "%s", err.text);
    CHECK(rename(inside("photos/a"), inside("Train/a")) == 0 && photos_open(inside("Train"), NULL, &p, &err), "%s", err.text);
    CHECK(photos_are_training(&p, NULL), "a folder on the way is named Train");
    photos_free(&p);
    assert_int_equal(rename(inside("Train/a"), inside("photos/a")), 0);
    Stop stop = {0};
    stop_ask(&stop);
    CHECK(!photos_open(inside("photos"), &stop, &p, &err), "stopped");
}

/* Every unit of every photo against a plain search, and within rounding of the reference engine. */
static void check_maxima(const char *name)
{
    Fixture f = open_at(name, 3);
    Err err;
    Run *fast = run_new(&fast_engine, f.net, &(RunOptions){.batch = 1}, &err), *plain = run_new(&reference_engine, f.net, &(RunOptions){.batch = 1}, &err);
    float *x = malloc(shape_size(f.net->input) * sizeof *x);
    fill(&f, 2, NULL, NULL, NULL, NULL);
    CHECK(examples_complete(&f.e), "%d of %d", atomic_load(&f.e.finished), f.e.photos.count);
    run_weights(fast, f.weights);
    run_weights(plain, f.weights);
    for (int i = 0; i < f.e.photos.count; i++) {
        Image image, fitted;
        if (atomic_load(&f.e.states[i]) == PHOTO_BROKEN) {
            CHECK(strncmp(f.e.problems[i], "c/broken.jpg", 12) == 0, "%s", f.e.problems[i]);
            continue;
        }
        CHECK(image_load(f.e.photos.items[i].path, &image, &err) && image_fit(&image, f.net, &fitted, NULL, &err), "%s", err.text);
        image_values(&fitted, f.net, x);
        image_free(&image);
        image_free(&fitted);
        run_input(fast, x, 1);
        run_forward(fast);
        run_input(plain, x, 1);
        run_forward(plain);
        for (int l = 0; l < f.net->main_count; l++) {
            const Shape s = f.net->layers[l].out;
            const int channels = f.e.first[l + 1] - f.e.first[l], places = s.h * s.w;
            CHECK(channels == (f.net->layers[l].op == OP_CONV || f.net->layers[l].op == OP_FC ? s.c : 0), "%s has %d units", f.net->layers[l].name, channels);
            float *map = malloc(shape_size(s) * 2 * sizeof *map), *other = map + shape_size(s);
            run_activation(fast, l, 0, map);
            run_activation(plain, l, 0, other);
            for (int c = 0; c < channels; c++) {
                const Maximum *m = &f.e.maxima[(size_t)i * (size_t)f.e.units + (size_t)(f.e.first[l] + c)];
                int best = 0;
                float reference = other[c * places];
                for (int p = 1; p < places; p++) {
                    best = map[c * places + p] > map[c * places + best] ? p : best;
                    reference = fmaxf(reference, other[c * places + p]);
                }
                CHECK(m->place == best && !(m->value < map[c * places + best]) && !(m->value > map[c * places + best]), "%s[%d] of photo %d: %g at %d, not %g at %d",
                      f.net->layers[l].name, c, i, (double)m->value, m->place, (double)map[c * places + best], best);
                CHECK_NEAR(m->value, reference, 1e-5, 1e-4, "%s[%d] of photo %d by the reference engine", f.net->layers[l].name, c, i);
            }
            free(map);
        }
    }
    free(x);
    run_free(fast);
    run_free(plain);
    close_it(&f);
}

static void test_maxima(void **state)
{
    (void)state;
    check_maxima("tests/nets/small.net");
    check_maxima("tests/nets/odd.net");
}

static unsigned char *read_whole(const char *path, size_t *size)
{
    unsigned char *bytes;
    Err err;
    CHECK(file_read(path, SIZE_MAX / 2, NULL, &bytes, size, &err), "%s", err.text);
    return bytes;
}

static void check_same(const char *a, const char *b, const char *what)
{
    size_t n, k;
    unsigned char *x = read_whole(a, &n), *y = read_whole(b, &k);
    CHECK(n == k && memcmp(x, y, n) == 0, "%s: %zu and %zu bytes", what, n, k);
    free(x);
    free(y);
}

typedef struct Counter { atomic_int seen; int until; Stop stop; } Counter;

static void count_and_stop(void *user)
{
    Counter *c = user;
    if (atomic_fetch_add(&c->seen, 1) + 1 == c->until)
        stop_ask(&c->stop);
}

/* One thread, several, and stopped after any number of photos: the same bytes, and nothing is computed twice. */
static void test_same_file(void **state)
{
    (void)state;
    Fixture whole = open_at("tests/nets/small.net", 3);
    fill(&whole, 1, inside("one"), NULL, NULL, NULL);
    close_it(&whole);
    for (int threads = 2; threads <= 5; threads += 3) {
        Fixture f = open_at("tests/nets/small.net", 3);
        fill(&f, threads, inside("many"), NULL, NULL, NULL);
        check_same(inside("one"), inside("many"), "threads");
        close_it(&f);
        remove(inside("many"));
    }
    for (int until = 1; until < PHOTOS; until += 3) {
        Fixture f = open_at("tests/nets/small.net", 3);
        Counter c = {.until = until}, rest = {.until = -1};
        fill(&f, 1 + until % 2, inside("part"), &c.stop, count_and_stop, &c);
        CHECK(!examples_complete(&f.e), "stopped after %d", until);
        close_it(&f);
        f = open_at("tests/nets/small.net", 3);
        fill(&f, 2, inside("part"), NULL, count_and_stop, &rest);
        CHECK(atomic_load(&c.seen) + atomic_load(&rest.seen) == PHOTOS + 1, "%d and %d", atomic_load(&c.seen), atomic_load(&rest.seen));
        check_same(inside("one"), inside("part"), "resumed");
        close_it(&f);
        remove(inside("part"));
    }
}

/* A file of other weights, or a damaged one, is not used. */
static void test_other_file(void **state)
{
    size_t size;
    (void)state;
    unsigned char *bytes = read_whole(inside("one"), &size);
    Fixture f = open_at("tests/nets/small.net", 3), other = open_at("tests/nets/small.net", 4);
    CHECK(f.e.key != other.e.key && !examples_read(&other.e, inside("one")), "another training");
    CHECK(!examples_read(&f.e, inside("nothing")), "no file");
    for (size_t at = 3; at < size + size / 5; at += size / 5) { /* the last time it is only too short */
        Err err;
        bytes[at % size] ^= at < size ? 1 : 0;
        CHECK(safe_file_put(inside("bad"), bytes, at < size ? size : size - 9, &err), "%s", err.text);
        bytes[at % size] ^= at < size ? 1 : 0;
        CHECK(!examples_read(&f.e, inside("bad")) && atomic_load(&f.e.finished) == 0, "byte %zu", at);
    }
    CHECK(examples_read(&f.e, inside("one")) && examples_complete(&f.e) && strncmp(f.e.problems[PHOTOS], "c/broken.jpg", 12) == 0, "the good one, with the broken photo's name");
    free(bytes);
    close_it(&f);
    close_it(&other);
    other = open_at("tests/nets/small.net", 3);
    const uint64_t before = other.e.key;
    close_it(&other);
    FILE *file = fopen(inside("photos/c/broken.jpg"), "ab");
    fputs("!", file);
    fclose(file);
    other = open_at("tests/nets/small.net", 3);
    CHECK(other.e.key != before, "a photo has changed");
    close_it(&other);
}

static void check_unit(const Fixture *f, int layer, int channel)
{
    ExamplesUnit u;
    int used[PHOTOS + 1] = {0}, above = 0, binned = 0, most = 0, label;
    const Layer *l = &f->net->layers[layer];
    examples_of(&f->e, (Address){.layer = layer, .channel = channel}, 5, &u);
    for (int i = 0; i < u.count; i++) { /* the largest that is left, the first of equals */
        int best = -1;
        for (int p = 0; p < f->e.photos.count; p++) {
            const float v = f->e.maxima[(size_t)p * (size_t)f->e.units + (size_t)(f->e.first[layer] + channel)].value;
            if (atomic_load(&f->e.states[p]) == PHOTO_DONE && !used[p] && (best < 0 || v > f->e.maxima[(size_t)best * (size_t)f->e.units + (size_t)(f->e.first[layer] + channel)].value))
                best = p;
        }
        used[best] = 1;
        CHECK(u.top[i].photo == best && (!l->relu || u.top[i].value > 0), "%s[%d] rank %d: photo %d, not %d", l->name, channel, i, u.top[i].photo, best);
    }
    for (int p = 0; p < f->e.photos.count; p++)
        above += atomic_load(&f->e.states[p]) == PHOTO_DONE && f->e.maxima[(size_t)p * (size_t)f->e.units + (size_t)(f->e.first[layer] + channel)].value > 0;
    for (int b = 0; b < EXAMPLES_BINS; b++)
        binned += u.bins[b];
    CHECK(u.photos == PHOTOS && u.above == above && binned == PHOTOS, "%d photos, %d above, %d in bins", u.photos, u.above, binned);
    CHECK(u.count == (l->relu && above < 5 ? above : 5), "%s[%d]: %d of %d", l->name, channel, u.count, above);
    for (int c = 0; c < f->e.photos.classes.count; c++) {
        int here = 0;
        for (int i = 0; i < u.count; i++)
            here += f->e.photos.items[u.top[i].photo].label == c;
        most = here > most ? here : most;
    }
    CHECK(examples_purity(&f->e, u.top, u.count, &label) == most, "purity");
}

static void test_ranks(void **state)
{
    (void)state;
    Fixture f = open_at("tests/nets/small.net", 3);
    const int dead = 2, conv1 = 1;
    f.weights[f.net->params[f.net->layers[conv1].bias_param].offset + dead] = -1e6f;
    fill(&f, 2, NULL, NULL, NULL, NULL);
    for (int l = 0; l < f.net->main_count; l++) {
        const int channels = f.e.first[l + 1] - f.e.first[l];
        Example *strongest = malloc((size_t)(channels + 1) * sizeof *strongest);
        if (channels > 0)
            examples_of_layer(&f.e, l, strongest);
        for (int c = 0; c < channels; c++) {
            ExamplesUnit u;
            check_unit(&f, l, c);
            examples_of(&f.e, (Address){.layer = l, .channel = c}, 1, &u);
            CHECK(u.count == (strongest[c].photo >= 0) && (u.count == 0 || memcmp(&u.top[0], &strongest[c], sizeof strongest[c]) == 0), "%s[%d]", f.net->layers[l].name, c);
        }
        free(strongest);
    }
    ExamplesUnit u;
    examples_of(&f.e, (Address){.layer = conv1, .channel = dead}, 9, &u);
    CHECK(u.count == 0 && u.above == 0 && u.photos == PHOTOS && u.bins[0] == PHOTOS, "a silent channel");
    CHECK_NEAR(examples_random(&f.e, 0, 9), 9.0 * 3 / 11, 1e-12, 0, "three of eleven photos are of class a");
    close_it(&f);
}

static Address unit_of(const Net *net, const char *text, bool through)
{
    Address a, unit;
    Err err;
    CHECK(net_address(net, text, &a, &err) && examples_unit(net, a, through, &unit, &err), "%s: %s", text, err.text);
    return unit;
}

static void check_refused(const Net *net, const char *text, const char *message)
{
    Address a, unit;
    Err err;
    CHECK(net_address(net, text, &a, &err), "%s", err.text);
    CHECK(!examples_unit(net, a, false, &unit, &err) && strstr(err.text, message) != NULL, "%s: %s", text, err.text);
}

static void test_units(void **state)
{
    char text[160];
    (void)state;
    Net *net = seeded_net("tests/nets/small.net");
    net_address_text(net, unit_of(net, "3a[9]", false), text, sizeof text);
    assert_string_equal(text, "3a/3x3[5]");
    net_address_text(net, unit_of(net, "3a/5x5_reduce[1]", false), text, sizeof text);
    assert_string_equal(text, "3a/5x5_reduce[1]");
    net_address_text(net, unit_of(net, "maxpool3[13]", true), text, sizeof text);
    assert_string_equal(text, "4a/5x5[2]");
    check_refused(net, "maxpool3[13]", "4a/5x5[2]");
    check_refused(net, "norm1[3]", "conv1[3]");
    check_refused(net, "input[1]", "no channels that the network has learnt");
    check_refused(net, "softmax[1]", "no channels that the network has learnt");
    check_refused(net, "aux1/conv[1]", "auxiliary heads");
    check_refused(net, "conv1[1]:pre", "after ReLU");
    const ReceptiveField corner = examples_field(net, 1, 0, 0), end = examples_field(net, 1, 31, 31);
    CHECK(corner.y0 == 0 && corner.x0 == 0 && corner.y1 == 4 && corner.x1 == 4, "cut at the border: %d to %d", corner.y0, corner.y1);
    CHECK(end.y0 == 59 && end.y1 == 64, "cut at the end: %d to %d", end.y0, end.y1);
    net_free(net);
}

static int prepare(void **state)
{
    return temp_folder_fill(state, make_photos);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_photos), cmocka_unit_test(test_maxima), cmocka_unit_test(test_same_file), cmocka_unit_test(test_other_file),
        cmocka_unit_test(test_ranks),  cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests(tests, prepare, temp_folder_remove);
}
