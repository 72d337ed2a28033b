/* test_fool.c - one small step that fools a network: its signs against differences of the loss, its three pictures, the picture that
 * survives a file, and the same behind the window. tests/oracle_fool.py compares answers and signs with PyTorch's. */
#include "app/model/fool_model.h"
#include "engine/fast/fast.h"
#include "engine/base/rng.h"
#include "engine/io/labels.h"
#include "tests/check.h"

#include <time.h>

enum { THREADS = 3 };

/* A network that takes pictures of one or three channels, with weights and a picture. */
typedef struct Fixture {
    Source source;
    Image fitted;
    float *levels;
    Run *run;
} Fixture;

static Image speckled(int w, int h)
{
    Image image = {.w = w, .h = h, .rgb = malloc((size_t)w * (size_t)h * 3), .orientation = 1};
    assert_non_null(image.rgb);
    for (int i = 0; i < w * h * 3; i++)
        image.rgb[i] = (unsigned char)(rng_at(rng_make(7, 0), (uint64_t)i) % 256);
    return image;
}

static void open_net(Fixture *f, const char *network, const Engine *engine, int threads)
{
    Err err = {""};
    const SourceOptions options = {.network = network, .networks_dir = "assets/networks"};
    CHECK(source_open(&f->source, &options, &err), "%s", err.text);
    const Net *net = f->source.net;
    f->fitted = speckled(net->input.w, net->input.h);
    f->levels = malloc(shape_size(net->input) * sizeof *f->levels);
    assert_non_null(f->levels);
    image_levels(&f->fitted, net, f->levels);
    f->run = run_new(engine, net, &(RunOptions){.batch = STEP_KINDS, .threads = threads, .gradients = true}, &err);
    CHECK(f->run != NULL, "%s", err.text);
    run_weights(f->run, f->source.weights);
}

static void close_net(Fixture *f)
{
    run_free(f->run);
    free(f->levels);
    image_free(&f->fitted);
    source_free(&f->source);
}

/* The loss of a class with one level of the picture changed. */
static double loss(Fixture *f, int class_index, size_t at, float by)
{
    const Net *net = f->source.net;
    const size_t size = shape_size(net->input), plane = (size_t)net->input.h * (size_t)net->input.w;
    float *x = malloc(size * sizeof *x), logits[64];
    double sum = 0;
    assert_non_null(x);
    for (size_t i = 0; i < size; i++)
        x[i] = preprocess_value(&net->preprocess, (int)(i / plane), f->levels[i] + (i == at ? by : 0));
    run_input(f->run, x, 1);
    run_forward(f->run);
    run_activation(f->run, net->heads[0].logits, 0, logits);
    for (int k = 0; k < net_scores(net, 0); k++)
        sum += exp((double)logits[k] - (double)logits[class_index]);
    free(x);
    return log(sum);
}

/* At 40 places: where both one-sided differences agree and are well above rounding, the step goes their way. */
static void check_signs(const char *network, int target)
{
    Fixture f;
    SignStep s;
    Err err;
    int compared = 0;
    open_net(&f, network, &reference_engine, 1);
    CHECK(sign_step_make(f.run, f.levels, target, 1, &s, &err), "%s", err.text);
    const int goal = s.target < 0 ? s.answer : s.target, up = s.target < 0 ? 1 : -1;
    const double here = loss(&f, goal, 0, 0);
    for (size_t k = 0; k < 40; k++) {
        const size_t at = k * shape_size(s.input) / 40 + k % 3;
        const double more = loss(&f, goal, at, 4) - here, less = here - loss(&f, goal, at, -4);
        if (more * less <= 0 || fmin(fabs(more), fabs(less)) < 2e-5)
            continue;
        compared++;
        CHECK(s.sign[at] == (more > 0 ? up : -up), "%s: value %zu moves by %d, and the loss by %g", network, at, s.sign[at], more);
    }
    CHECK(compared >= 8, "%s: only %d places tell a direction", network, compared);
    sign_step_free(&s);
    close_net(&f);
}

static void test_signs(void **state)
{
    (void)state;
    check_signs("tests/nets/small.net", -1);
    check_signs("tests/nets/small.net", 2);
    check_signs("tests/nets/nin.net", -1); /* scores that are a mean of maps; cropped */
    check_signs("lenet5", -1);             /* grey */
}

/* By the words of the header, value by value. */
static void test_levels_and_bytes(void **state)
{
    Fixture f;
    SignStep s;
    Err err;
    (void)state;
    open_net(&f, "tests/nets/small.net", &reference_engine, 1);
    CHECK(sign_step_make(f.run, f.levels, -1, 1, &s, &err), "%s", err.text);
    const size_t size = shape_size(s.input), plane = (size_t)s.input.h * (size_t)s.input.w;
    unsigned char *rgb = malloc(plane * 3);
    assert_non_null(rgb);
    size_t ups = 0;
    s.sign[5] = 0; /* a gradient of 0 */
    sign_step_bytes(&s, STEP_ROUNDED, 2.5f, rgb);
    for (size_t i = 0; i < size; i++) {
        const double moved = fmin(fmax((double)f.levels[i] + 2.5 * s.sign[i], 0), 255);
        CHECK_NEAR(sign_step_level(&s, STEP_SIGN, 2.5f, i), moved, 0, 0, "value %zu", i);
        CHECK_NEAR(sign_step_level(&s, STEP_ROUNDED, 2.5f, i), floor(moved + 0.5), 0, 0, "value %zu", i);
        CHECK_NEAR(sign_step_level(&s, STEP_RANDOM, 2.5f, i), fmin(fmax((double)f.levels[i] + 2.5 * s.random[i], 0), 255), 0, 0, "value %zu", i);
        const size_t colour = (size_t)preprocess_colour(&s.preprocess, (int)(i / plane));
        CHECK((double)rgb[3 * (i % plane) + colour] <= floor(moved + 0.5) && (double)rgb[3 * (i % plane) + colour] >= floor(moved + 0.5), "byte %zu", i);
        CHECK(s.random[i] == 1 || s.random[i] == -1, "random sign %zu is %d", i, s.random[i]);
        ups += s.random[i] > 0;
    }
    CHECK(ups > size * 2 / 5 && ups < size * 3 / 5, "%zu of %zu random signs go up", ups, size);
    free(rgb);
    sign_step_free(&s);
    close_net(&f);
}

/* What image_unfit makes is fitted to the same bytes, also where the network's rule resizes and crops. */
static void test_survives_a_file(void **state)
{
    static const char *const networks[] = {"tests/nets/small.net", "bvlc_googlenet", "lenet5", "torchvision_googlenet"};
    static const int sizes[][2] = {{64, 64}, {310, 230}, {97, 300}, {224, 224}};
    (void)state;
    for (size_t n = 0; n < sizeof networks / sizeof networks[0]; n++)
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            Err err;
            Image original = speckled(sizes[k][0], sizes[k][1]), fitted, whole, again;
            Net *net = net_open(networks[n], "assets/networks", NULL, &err);
            CHECK(net != NULL && image_fit(&original, net, &fitted, NULL, &err), "%s", err.text);
            for (int i = 0; i < fitted.w * fitted.h * 3; i++)
                fitted.rgb[i] ^= 5;
            CHECK(image_unfit(&original, &fitted, net, &whole, &err) && image_fit(&whole, net, &again, NULL, &err), "%s", err.text);
            CHECK(memcmp(fitted.rgb, again.rgb, (size_t)fitted.w * (size_t)fitted.h * 3) == 0, "%s, %d x %d", networks[n], original.w, original.h);
            image_free(&original);
            image_free(&fitted);
            image_free(&whole);
            image_free(&again);
            net_free(net);
        }
}

static void test_same_bits(void **state)
{
    Fixture one, many;
    SignStep a, b;
    Err err;
    float *scores[2];
    (void)state;
    open_net(&one, "tests/nets/small.net", &fast_engine, 1);
    open_net(&many, "tests/nets/small.net", &fast_engine, THREADS);
    CHECK(sign_step_make(one.run, one.levels, 2, 9, &a, &err) && sign_step_make(many.run, many.levels, 2, 9, &b, &err), "%s", err.text);
    assert_memory_equal(a.sign, b.sign, shape_size(a.input));
    assert_memory_equal(a.random, b.random, shape_size(a.input));
    for (int i = 0; i < 2; i++)
        assert_non_null(scores[i] = malloc(STEP_KINDS * (size_t)a.classes * sizeof(float)));
    sign_step_logits(one.run, &a, 8, scores[0]);
    sign_step_logits(many.run, &b, 8, scores[1]);
    assert_memory_equal(scores[0], scores[1], STEP_KINDS * (size_t)a.classes * sizeof(float));
    CHECK(sign_step_reached(&a, 2) && !sign_step_reached(&a, a.answer), "the target is what it wants");
    free(scores[0]);
    free(scores[1]);
    sign_step_free(&a);
    sign_step_free(&b);
    close_net(&one);
    close_net(&many);
}

static void test_refusals(void **state)
{
    Fixture f;
    Err err;
    (void)state;
    open_net(&f, "tests/nets/small.net", &reference_engine, 1);
    Net *net = f.source.net;
    assert_true(sign_step_allowed(net, &err));
    net->input.c = 4;
    CHECK(!sign_step_allowed(net, &err) && strstr(err.text, "4 input channels") != NULL, "%s", err.text);
    net->input.c = 3;
    close_net(&f);
    CHECK(step_position(0.25) == 1 && step_position(7) == -1 && step_position((double)NAN) == -1, "positions of amounts");
    for (int i = 0; i < STEP_DOUBLINGS; i++)
        CHECK_NEAR(step_amount(step_doubling(i)), ldexp(0.25, i), 0, 0, "doubling %d", i);
    for (int i = 1; i < STEP_POSITIONS; i++)
        CHECK(step_amount(i) > step_amount(i - 1), "amounts rise");
}

static void test_label_of_folder(void **state)
{
    char *labels[] = {(char[]){"tench, Tinca tinca"}, (char[]){"daisy"}};
    (void)state;
    CHECK(labels_of_folder(labels, 2, "/a/daisy/x.jpg") == 1 && labels_of_folder(labels, 2, "tench/x.jpg") == 0, "a folder with a class's name");
    CHECK(labels_of_folder(labels, 2, "daisy.jpg") == -1 && labels_of_folder(labels, 2, "/daisy/a/x.jpg") == -1 && labels_of_folder(labels, 2, "dais/x") == -1 &&
              labels_of_folder(labels, 2, "/x.jpg") == -1 && labels_of_folder(NULL, 0, "daisy/x") == -1, "other folders");
}

/* ---- behind the window ----------------------------------------------------------------------------------------------------------- */

static void settle(Fool *f, const SideWish *wish, const Image *fitted)
{
    for (int i = 0; i < LOOKS_MAX; i++) {
        fool_want(f, wish, fitted);
        if (!fool_busy(f))
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    CHECK(false, "no end after %d frames", LOOKS_MAX);
}

static void test_behind_the_window(void **state)
{
    Fixture f;
    Fool fool = {.position = 9, .seed = 1, .drawn_position = -1};
    SignStep step;
    Err err;
    (void)state;
    open_net(&f, "tests/nets/small.net", &reference_engine, 1);
    const int classes = net_scores(f.source.net, 0);
    CHECK(sign_step_make(f.run, f.levels, -1, 1, &step, &err), "%s", err.text);
    SharedSource *shared = shared_source_new(f.source);
    float *x = malloc(shape_size(f.source.net->input) * sizeof *x), logits[3 * 64];
    assert_non_null(x);
    image_values(&f.fitted, f.source.net, x);
    SideWish wish = {.key = {.source = shared, .engine = &reference_engine, .picture = 1, .label = -1}, .source = shared, .weights = f.source.weights, .x = x};
    CHECK(!fool_draw(&fool) && fool_scores(&fool, 9, STEP_SIGN) == NULL, "nothing before the first job");
    settle(&fool, &wish, &f.fitted);
    assert_int_equal(fool.done, STEP_POSITIONS);
    assert_int_equal(fool.order[0], 9); /* the chosen one first */
    for (int i = 0; i < STEP_POSITIONS; i++) {
        sign_step_logits(f.run, &step, step_amount(i), logits);
        for (int kind = 0; kind < STEP_KINDS; kind++)
            assert_memory_equal(fool_scores(&fool, i, (StepKind)kind), logits + kind * classes, (size_t)classes * sizeof *logits);
    }
    CHECK(fool_draw(&fool) && fool.pictures[FOOL_SUM].w == f.fitted.w, "pictures");
    unsigned char *sum = malloc((size_t)f.fitted.w * (size_t)f.fitted.h * 3);
    assert_non_null(sum);
    sign_step_bytes(&step, STEP_SIGN, step_amount(9), sum);
    assert_memory_equal(fool.pictures[FOOL_SUM].rgb, sum, (size_t)f.fitted.w * (size_t)f.fitted.h * 3);
    free(sum);

    wish.key.label = 2; /* another target: everything is made anew, and a rest keeps what is done */
    fool_want(&fool, &wish, &f.fitted);
    CHECK(fool_busy(&fool) && !fool.ready, "an old target's signs are shown");
    fool_rest(&fool);
    settle(&fool, &wish, &f.fitted);
    CHECK(fool.step.target == (step.answer == 2 ? -1 : 2) && fool.done == STEP_POSITIONS, "the target");
    fool.seed = 5;
    settle(&fool, &wish, &f.fitted);
    CHECK(memcmp(fool.step.random, step.random, shape_size(step.input)) != 0, "other random signs");
    wish.key.picture = 2;
    settle(&fool, &wish, NULL);
    CHECK(strstr(fool.problem.text, "numbers") != NULL && !fool.ready, "'%s'", fool.problem.text);
    fool_want(&fool, &wish, &f.fitted);
    fool_close(&fool);
    sign_step_free(&step);
    free(x);
    run_free(f.run);
    free(f.levels);
    image_free(&f.fitted);
    assert_int_equal(shared->holders, 1);
    shared_source_release(shared);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_signs),     cmocka_unit_test(test_levels_and_bytes), cmocka_unit_test(test_survives_a_file),    cmocka_unit_test(test_same_bits),
    cmocka_unit_test(test_refusals),  cmocka_unit_test(test_label_of_folder),  cmocka_unit_test(test_behind_the_window),
};

TEST_MAIN(tests)
