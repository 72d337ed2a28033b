/* Lessons: what parses, and that every mistake is named with file:line. */
#include "tests/check.h"
#include "app/model/lesson.h"

static bool parse(const char *text, Lesson *lesson, Err *err)
{
    return lesson_parse(text, strlen(text), "lessons/en/07-test.lesson", lesson, err);
}

static void test_parse(void **state)
{
    Lesson l;
    Err err;
    (void)state;
    const bool good = parse("# comment\ntitle: A title\nminutes: 5\n\nstep: One\nat: 3a/5x5[7]\nsay: first\n  and second\nask: why?\nreveal: because\n"
                            "\nstep: Two\nat: conv1\npos: 3,4\n", &l, &err);
    CHECK(good, "%s", good ? "" : err.text);
    assert_int_equal(l.number, 7);
    assert_int_equal(l.step_count, 2);
    assert_string_equal(l.title, "A title");
    assert_string_equal(l.steps[0].say, "first and second");
    assert_string_equal(l.steps[0].reveal, "because");
    assert_int_equal(l.steps[1].line, 12);
    assert_string_equal(l.steps[1].pos, "3,4");
    assert_null(l.steps[1].say);
    lesson_free(&l);
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *at, *reason;
    } cases[] = {
        {"title: x\n", ":1:", "at least one 'step"},
        {"step: x\nat: 3a\n", ":2:", "title"},
        {"title: x\nsay: too early\n", ":2:", "belongs to a step"},
        {"title: x\nstep: y\nsya: z\n", ":3:", "did you mean 'say'"},
        {"title: x\nstep: y\nsay: a\nsay: b\n", ":4:", "given twice"},
        {"title: x\nstep: y\nsay:\n", ":3:", "nothing stands"},
        {"title: x\nstep: y\nno colon here\n", ":3:", "expected 'key: value'"},
        {"title: x\nstep: y\n\n  hanging\n", ":4:", "indented"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Lesson l = {.step_count = -1};
        Err err = {""};
        CHECK(!parse(cases[i].text, &l, &err), "case %zu parses", i);
        CHECK(strstr(err.text, "07-test.lesson") != NULL && strstr(err.text, cases[i].at) != NULL && strstr(err.text, cases[i].reason) != NULL,
              "case %zu says '%s'", i, err.text);
        CHECK(l.step_count == -1, "case %zu touched the result", i);
    }
    Lesson l;
    Err err;
    CHECK(!lesson_parse("title: a\0b\n", 11, "x.lesson", &l, &err) && strstr(err.text, "zero byte") != NULL, "%s", err.text);
    CHECK(!lesson_load("no/such.lesson", &l, &err) && strstr(err.text, "no/such.lesson") != NULL, "%s", err.text);
}

static void test_fits(void **state)
{
    static const struct {
        const char *step, *reason;
    } cases[] = {{"at: 3z", "no layer '3z'"}, {"at: 3a\npos: 28,0", "pos '28,0'"}, {"at: 3a\npos: 1", "pos '1'"}, {"pos: 1,1", "`at` is missing"}};
    (void)state;
    Err err;
    Net *net = net_open("googlenet", "assets/networks", NULL, &err);
    CHECK(net != NULL, "%s", net != NULL ? "" : err.text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        Lesson l;
        snprintf(text, sizeof text, "title: t\nstep: s\n%s\n", cases[i].step);
        CHECK(parse(text, &l, &err), "case %zu: %s", i, err.text);
        CHECK(!lesson_fits(&l, net, &err) && strstr(err.text, ":2: ") != NULL && strstr(err.text, cases[i].reason) != NULL, "case %zu: %s", i, err.text);
        lesson_free(&l);
    }
    net_free(net);
}

/* Every lesson that ships can be walked in the tutorial's network. */
static void test_shipped(void **state)
{
    (void)state;
    Err err;
    Net *net = net_open("googlenet", "assets/networks", NULL, &err);
    char **paths;
    const int count = lesson_list("lessons/en", &paths);
    CHECK(count >= 1, "no lessons");
    for (int i = 0; i < count; i++) {
        Lesson l = {.step_count = 0};
        const bool good = lesson_load(paths[i], &l, &err) && lesson_fits(&l, net, &err);
        CHECK(good, "%s", good ? "" : err.text);
        lesson_free(&l);
        free(paths[i]);
    }
    free(paths);
    net_free(net);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_mistakes),
    cmocka_unit_test(test_fits),
    cmocka_unit_test(test_shipped),
};
TEST_MAIN(tests)
