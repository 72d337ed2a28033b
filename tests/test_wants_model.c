/* test_wants_model.c - pictures that units want, behind the window: they grow on a thread, stop within a step, go on where they stopped, are
 * kept to be compared, and are made anew when the weights change. That the steps are right is test_wants.c's business. */
#include "app/model/wants_model.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHANNEL = 9 };

typedef struct Fixture {
    SharedSource *shared;
    float *x;
    SideWish wish;
    int layer;
    Wants wants;
} Fixture;

static void open_small(Fixture *f)
{
    Source source;
    Err err = {""};
    Address a;
    SourceOptions options = {.network = "tests/nets/small.net", .networks_dir = "tests/nets"};
    CHECK(source_open(&source, &options, &err), "%s", err.text);
    f->shared = shared_source_new(source);
    f->x = calloc(shape_size(source.net->input), sizeof *f->x);
    assert_non_null(f->x);
    CHECK(net_address(source.net, "3b", &a, &err), "%s", err.text);
    f->layer = a.layer;
    f->wish = (SideWish){.key = {.source = f->shared, .engine = &fast_engine}, .source = f->shared, .weights = f->shared->source.weights, .x = f->x};
    f->wants = (Wants){.options = {.seed = 1}, .all = {.layer = -1}};
}

static void close_small(Fixture *f)
{
    wants_end(&f->wants);
    assert_int_equal(f->shared->holders, 1);
    shared_source_release(f->shared);
    free(f->x);
}

static void look_again(Fixture *f)
{
    wants_want(&f->wants, &f->wish, f->layer, CHANNEL);
    nanosleep(&(struct timespec){0, 200000}, NULL);
}

/* Asks again, as every frame does, until nothing is under way. */
static const WantMade *settle(Fixture *f)
{
    for (int i = 0; i < LOOKS_MAX; i++) {
        look_again(f);
        if (!wants_busy(&f->wants))
            return wants_made(&f->wants, f->layer, CHANNEL, &f->wants.options);
    }
    CHECK(false, "no end after %d frames", LOOKS_MAX);
    return NULL;
}

static unsigned char *copy_of(const WantMade *made)
{
    const size_t bytes = (size_t)made->size * (size_t)made->size * 3;
    unsigned char *copy = malloc(bytes);
    assert_non_null(copy);
    return memcpy(copy, made->rgb, bytes);
}

static bool same_picture(const WantMade *made, const unsigned char *rgb)
{
    return memcmp(made->rgb, rgb, (size_t)made->size * (size_t)made->size * 3) == 0;
}

/* Paused and resumed, it becomes what it becomes without a pause. */
static void test_pause(void **state)
{
    (void)state;
    Fixture f;
    open_small(&f);
    const WantMade *made = settle(&f);
    CHECK(made != NULL && made->steps == WANTS_STEPS && made->problem.text[0] == '\0', "%d steps, %s", made->steps, made->problem.text);
    CHECK(made->rises && made->values[WANTS_STEPS - 1] > made->values[0], "from %g to %g", (double)made->values[0], (double)made->values[WANTS_STEPS - 1]);
    unsigned char *whole = copy_of(made);
    wants_again(&f.wants, f.layer, CHANNEL);
    int paused_at = 0;
    for (int i = 0; i < LOOKS_MAX && paused_at == 0; i++) {
        look_again(&f);
        made = wants_made(&f.wants, f.layer, CHANNEL, &f.wants.options);
        paused_at = made->steps;
    }
    f.wants.paused = true;
    look_again(&f); /* asks it to stop: at most the step that runs and one that was done meanwhile come after this */
    made = settle(&f);
    paused_at = made->steps;
    for (int i = 0; i < 20; i++)
        look_again(&f);
    CHECK(made->steps == paused_at && paused_at < WANTS_STEPS && !wants_busy(&f.wants), "%d steps, then %d while it is paused", paused_at, made->steps);
    f.wants.paused = false;
    look_again(&f);
    for (int i = 0; i < LOOKS_MAX && wants_busy(&f.wants); i++) { /* nobody looks */
        wants_rest(&f.wants);
        nanosleep(&(struct timespec){0, 200000}, NULL);
    }
    CHECK(!wants_busy(&f.wants), "it is under way though nobody looks");
    CHECK(made->steps < WANTS_STEPS, "it was made to the end though nobody looked");
    made = settle(&f);
    CHECK(made->steps == WANTS_STEPS && same_picture(made, whole), "the pause changed the picture");
    free(whole);
    close_small(&f);
}

/* The usual picture and one with other switches are compared with each other, whichever is shown. */
static void test_other(void **state)
{
    (void)state;
    Fixture f;
    open_small(&f);
    settle(&f);
    assert_null(wants_other(&f.wants, f.layer, CHANNEL));
    f.wants.options.pixels = true;
    const WantMade *pixels = settle(&f), *usual = wants_other(&f.wants, f.layer, CHANNEL);
    CHECK(pixels->options.pixels && usual != NULL && !usual->options.pixels && usual->steps == WANTS_STEPS, "the usual one beside it");
    f.wants.options.pixels = false;
    settle(&f);
    CHECK(wants_other(&f.wants, f.layer, CHANNEL) == pixels, "the last one made otherwise");
    f.wants.paused = true; /* the rest needs no steps */
    f.wants.options.seed = 2;
    settle(&f);
    CHECK(wants_other(&f.wants, f.layer, CHANNEL) == NULL, "another seed is another picture");
    for (uint64_t seed = 3; seed < 3 + WANTS_KEPT; seed++) { /* old ones make room */
        f.wants.options.seed = seed;
        settle(&f);
        CHECK(f.wants.slot_count <= WANTS_KEPT, "%d kept", f.wants.slot_count);
    }
    f.wants.options = (WantOptions){.seed = 1};
    assert_null(wants_made(&f.wants, f.layer, CHANNEL, &f.wants.options));
    close_small(&f);
}

/* Other weights: nothing of the old ones stays. */
static void test_other_weights(void **state)
{
    (void)state;
    Fixture f;
    open_small(&f);
    for (int i = 0; i < LOOKS_MAX && (i == 0 || wants_made(&f.wants, f.layer, CHANNEL, &f.wants.options)->steps < 2); i++)
        look_again(&f);
    f.wants.paused = true;
    f.wish.key.weights_version++;
    CHECK(settle(&f)->steps == 0, "the old picture for new weights");
    close_small(&f);
}

/* Small pictures of a whole layer: stopped and continued they are those of a run without a stop, and each unit's is its own. */
static void test_all(void **state)
{
    (void)state;
    Fixture f;
    Address few;
    open_small(&f);
    assert_true(net_address(f.shared->source.net, "3b/pool_proj", &few, NULL)); /* five */
    f.layer = few.layer;
    const int count = f.shared->source.net->layers[f.layer].out.c;
    const size_t bytes = (size_t)count * WANTS_SMALL * WANTS_SMALL * 3;
    f.wants.grid = true;
    wants_all(&f.wants, true);
    settle(&f);
    CHECK(wants_all_of(&f.wants, f.layer) && f.wants.all.done == count && f.wants.all.count == count, "%d of %d", f.wants.all.done, count);
    CHECK(memcmp(f.wants.all.rgb, f.wants.all.rgb + WANTS_SMALL * WANTS_SMALL * 3, WANTS_SMALL * WANTS_SMALL * 3) != 0, "two units have one picture");
    unsigned char *whole = malloc(bytes);
    assert_non_null(whole);
    memcpy(whole, f.wants.all.rgb, bytes);
    f.wants.options.seed = 2;
    look_again(&f);
    assert_true(f.wants.all.done < count);
    f.wants.options.seed = 1;
    for (int i = 0; i < LOOKS_MAX && (!wants_all_of(&f.wants, f.layer) || f.wants.all.done < WANTS_SMALL_BATCH); i++)
        look_again(&f);
    wants_all(&f.wants, false);
    settle(&f);
    CHECK(f.wants.all.done >= WANTS_SMALL_BATCH, "%d made before the stop", f.wants.all.done);
    wants_all(&f.wants, true);
    settle(&f);
    CHECK(f.wants.all.done == count && memcmp(whole, f.wants.all.rgb, bytes) == 0, "the stop changed the pictures");
    free(whole);
    close_small(&f);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pause), cmocka_unit_test(test_other), cmocka_unit_test(test_other_weights), cmocka_unit_test(test_all),
};

TEST_MAIN(tests)
