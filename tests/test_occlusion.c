/* test_occlusion.c - the occlusion behind the window: made on a thread square by square, made anew when what it depends on changes.
 * That its numbers are right is test_golden.c's business. */
#include "app/model/occlusion_model.h"
#include "tests/check.h"

#include <stdatomic.h>
#include <time.h>

typedef struct Fixture {
    SharedSource *shared;
    float *x;
    SideWish wish;
    atomic_int woken;
} Fixture;

static void wake(void *user)
{
    atomic_fetch_add((atomic_int *)user, 1);
}

static void open_small(Fixture *f)
{
    Source source;
    Err err = {""};
    SourceOptions options = {.network = "tests/nets/small.net", .networks_dir = "tests/nets"};
    CHECK(source_open(&source, &options, &err), "%s", err.text);
    f->shared = shared_source_new(source);
    const size_t count = shape_size(source.net->input);
    f->x = calloc(count, sizeof *f->x);
    assert_non_null(f->x);
    for (size_t i = 0; i < count; i++)
        f->x[i] = (float)(i % 7) / 7.0f - 0.5f;
    atomic_init(&f->woken, 0);
    f->wish = (SideWish){.key = {.source = f->shared, .engine = &reference_engine, .picture = 1}, .source = f->shared,
                         .weights = f->shared->source.weights, .x = f->x, .wake = wake, .wake_user = &f->woken};
}

static void close_small(Fixture *f)
{
    assert_int_equal(f->shared->holders, 1);
    shared_source_release(f->shared);
    free(f->x);
}

/* Asks again, as every frame does, until nothing is under way. */
static void settle(Occlusion *o, const SideWish *wish)
{
    for (int i = 0; i < LOOKS_MAX; i++) {
        occlusion_want(o, wish);
        if (!occlusion_busy(o))
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    CHECK(false, "no end after %d frames", LOOKS_MAX);
}

/* Against one square at a time, computed here. */
static void check_scores(const Fixture *f, const Occlusion *o, const float *x)
{
    const Net *net = f->shared->source.net;
    const RunOptions options = {.batch = 1};
    float *covered = malloc(shape_size(net->input) * sizeof *covered), *logits = malloc((size_t)net_scores(net, 0) * sizeof *logits);
    Err err = {""};
    Run *run = run_new(&reference_engine, net, &options, &err);
    CHECK(run != NULL && covered != NULL && logits != NULL, "%s", err.text);
    run_weights(run, f->shared->source.weights);
    for (int square = -1; square < occlusion_count(&o->plan); square += 40) {
        occlusion_logits(run, &o->plan, x, square, covered, logits);
        assert_non_null(occlusion_scores(o, square));
        assert_memory_equal(occlusion_scores(o, square), logits, (size_t)net_scores(net, 0) * sizeof *logits);
    }
    run_free(run);
    free(covered);
    free(logits);
}

static void test_scores_of_every_square(void **state)
{
    (void)state;
    Fixture f;
    Occlusion o = {.square = -1};
    open_small(&f);
    assert_null(occlusion_scores(&o, -1));
    assert_false(occlusion_view(&o, 0));
    settle(&o, &f.wish);
    const int count = occlusion_count(&o.plan);
    assert_true(o.plan.square == 8 && o.plan.step == 4 && count == 15 * 15); /* of 64 x 64 */
    assert_int_equal(o.done, count + 1);
    assert_int_equal(f.woken, count + 2); /* each row, and the end */
    check_scores(&f, &o, f.x);
    assert_null(occlusion_scores(&o, count));

    /* the map, the ranking and the probabilities agree with the scores */
    const int class_index = 3;
    Guess costly[3], top[7];
    assert_true(occlusion_view(&o, class_index));
    assert_int_equal(occlusion_costly(&o, class_index, costly, 3), 3);
    float most = -INFINITY, reach = 0;
    for (int s = 0; s < count; s++)
        most = fmaxf(most, occlusion_scores(&o, -1)[class_index] - occlusion_scores(&o, s)[class_index]);
    for (int i = 0; i < 64 * 64; i++)
        reach = fmaxf(reach, fabsf(o.map[i]));
    assert_true(costly[0].prob == most && costly[0].prob >= costly[1].prob && costly[1].prob >= costly[2].prob);
    assert_true(o.reach == reach && reach > 0);
    assert_int_equal(occlusion_top(&o, 100, top, 7), 7);
    float sum = 0;
    for (int i = 0; i < 7; i++) {
        CHECK_NEAR(top[i].prob, occlusion_prob(&o, 100, top[i].index), 0, 0, "class %d", top[i].index);
        sum += top[i].prob;
    }
    CHECK_NEAR(sum, 1, 1e-6, 0, "of %d classes", 7);
    occlusion_close(&o);
    close_small(&f);
}

static void test_follows_what_is_wanted(void **state)
{
    (void)state;
    Fixture f;
    Occlusion o = {.square = -1};
    open_small(&f);
    settle(&o, &f.wish);
    const int woken = atomic_load(&f.woken);
    settle(&o, &f.wish); /* the same again: nothing is made anew */
    assert_int_equal(f.woken, woken);

    float *other = copy_floats(f.x, shape_size(f.shared->source.net->input));
    for (size_t i = 0; i < shape_size(f.shared->source.net->input); i++)
        other[i] = -f.x[i];
    f.wish.key.picture++;
    f.wish.x = other;
    occlusion_want(&o, &f.wish);
    assert_true(occlusion_busy(&o));
    assert_int_equal(o.done, 0); /* nothing of the picture before is shown as this one's */
    f.wish.key.picture++;
    f.wish.x = f.x;
    settle(&o, &f.wish);         /* the job for the other picture is stopped on the way */
    assert_int_equal(o.done, occlusion_count(&o.plan) + 1);
    check_scores(&f, &o, f.x);

    f.wish.key.picture++;
    occlusion_want(&o, &f.wish);
    occlusion_rest(&o);          /* left half done, it is begun again */
    settle(&o, &f.wish);
    assert_int_equal(o.done, occlusion_count(&o.plan) + 1);
    f.wish.key.picture++;
    occlusion_want(&o, &f.wish); /* closed while at work */
    occlusion_close(&o);
    free(other);
    close_small(&f);
}

static void test_squares_are_found_and_moved(void **state)
{
    (void)state;
    Fixture f;
    Occlusion o = {.square = -1};
    occlusion_move(&o, 1, 0); /* before anything is there */
    assert_int_equal(o.square, -1);
    open_small(&f);
    settle(&o, &f.wish);
    for (int s = 0; s < occlusion_count(&o.plan); s++) {
        int y0, x0, y1, x1;
        occlusion_square(&o.plan, s, &y0, &x0, &y1, &x1);
        CHECK(occlusion_nearest(&o.plan, (y0 + y1) / 2, (x0 + x1) / 2) == s, "square %d is not nearest to its own middle", s);
    }
    assert_int_equal(occlusion_nearest(&o.plan, 0, 0), 0);
    assert_int_equal(occlusion_nearest(&o.plan, 63, 63), occlusion_count(&o.plan) - 1);
    occlusion_move(&o, 0, 1); /* the first move shows the middle one */
    assert_int_equal(o.square, 7 * 15 + 7);
    occlusion_move(&o, -1, 1);
    assert_int_equal(o.square, 6 * 15 + 8);
    occlusion_move(&o, -100, 100);
    assert_int_equal(o.square, 14);
    occlusion_close(&o);
    close_small(&f);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_scores_of_every_square),
    cmocka_unit_test(test_follows_what_is_wanted),
    cmocka_unit_test(test_squares_are_found_and_moved),
};

TEST_MAIN(tests)
