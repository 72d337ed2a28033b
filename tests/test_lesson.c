/* Lessons: what parses, what the numbers in them become, and that every mistake is named with file:line. */
#include "tests/check.h"
#include "app/session/answers.h"
#include "app/model/lesson.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool parse(const char *text, Lesson *lesson, Err *err)
{
    return lesson_parse(text, strlen(text), "lessons/en/07-test.lesson", "assets/networks", NULL, lesson, err);
}

static void test_parse(void **state)
{
    Lesson l;
    Err err;
    (void)state;
    const bool good = parse("# comment\ntitle: A title\nminutes: 5\n\nstep: First\nat: 3a/5x5[7]\nshow: 3a/1x1 , conv1\nsay: first\n  and *second*\n"
                            "ask: why?\nwrong: no\nright: {out_c(3a)}\nreveal: because\nexpect: out_c(3a) = 256\nexpect: 1 < 2\n"
                            "\nstep: Second\nat: conv1\npos: 3,4\nview: value\n", &l, &err);
    CHECK(good, "%s", good ? "" : err.text);
    assert_int_equal(l.number, 7);
    assert_int_equal(l.step_count, 2);
    assert_string_equal(l.title.prose.text, "A title");
    const LessonStep *s = &l.steps[0];
    assert_string_equal(s->say.prose.text, "first and second");
    assert_int_equal(s->say.prose.span_count, 2);
    assert_int_equal(s->say.prose.spans[1].styles, SPAN_EMPHASIS);
    assert_int_equal(s->say.line, 8);
    assert_int_equal(s->choice_count, 2);
    CHECK(!s->choices[0].right && s->choices[1].right, "which is right");
    assert_string_equal(s->choices[1].field.prose.text, "256");
    assert_int_equal(s->expect_count, 2);
    char part[64];
    CHECK(lesson_shown(s, 0, part, sizeof part) && strcmp(part, "3a/1x1") == 0, "%s", part);
    CHECK(lesson_shown(s, 1, part, sizeof part) && strcmp(part, "conv1") == 0, "%s", part);
    CHECK(!lesson_shown(s, 2, part, sizeof part), "%s", part);
    CHECK(lesson_asks(s) && !lesson_asks(&l.steps[1]), "who asks");
    lesson_free(&l);
}

/* What a text becomes; NULL: it is refused. The counts are worked out by hand: 3a is 192 to 64, 96, 128, 16, 32, 32. */
static void test_numbers(void **state)
{
    static const struct {
        const char *written, *shown;
    } cases[] = {
        {"{weights(3a/1x1)} weights", "12,288 weights"},
        {"{weights(3a/1x1)/1000:1}", "12.3"},
        {"{ln(5):3}, {1.6*ln(5):3}", "1.609, 2.575"},
        {"{sqrt(2):9}", "1.414213562"},
        {"{0-104}", "−104"},
        {"{0-1/8:2}", "−0.12"},
        {"{5/3:0} and {2/3:3}", "2 and 0.667"},
        {"{out(3a)}", "256x28x28"},
        {"the paper prints [[159K]]", "the paper prints 159K"},
        {"{2*3}. Not a list", "6. Not a list"},
        {"[[6]]. Not a list", "6. Not a list"},
        {"{6}", NULL}, /* a digit that nothing computes */
        {"{-6.5}", NULL},
        {"1×1, 3×3, 5×5 and 7×7 kernels", "1×1, 3×3, 5×5 and 7×7 kernels"},
        {"3a, conv1: 3a/5x5[7].", "3a, conv1: 3a/5x5[7]."},
        {"LeNet-5 VGG-16 VGG-19", "LeNet-5 VGG-16 VGG-19"},
        {"[conv1](conv1) and [the `concat`](3a)", "conv1 and the concat"},
        {"在 3a 里有 {out_c(3a)} 个", "在 3a 里有 256 个"},
        {"- one\n- two", "• one\n• two"},
        {"256 channels", NULL},
        {"2.5", NULL},
        {"3a[256]", NULL}, /* there are 256 channels, 0 to 255 */
        {"VGG-11", NULL},
        {"9×9", NULL},
        {"conv12", NULL},
        {"256 个", NULL},
        {"{weights(3a)} = 163328", NULL},
        {"{1 = 1}", NULL},
        {"{1/0}", NULL},
        {"{out(3a):1}", NULL},
        {"{9223372036854775807:9}", NULL},
        {"{ln(5)}", NULL}, /* it says its decimals */
        {"{10000*sqrt(2):9}", NULL}, /* it has not so many */
        {"{weights(3a)", NULL},
        {"closed}", NULL},
        {"[[159K]", NULL},
        {"[[]]", NULL},
        {"[there](nowhere)", NULL},
        {"![picture](3a)", NULL},
        {"# heading", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[400];
        Lesson l;
        Err err = {""};
        size_t n = (size_t)snprintf(text, sizeof text, "title: t\nstep: s\nat: 3a\nsay: ");
        for (const char *p = cases[i].written; *p != '\0'; p++) /* further lines are indented */
            n += (size_t)snprintf(text + n, sizeof text - n, *p == '\n' ? "%c  " : "%c", *p);
        snprintf(text + n, sizeof text - n, "\n");
        const bool good = parse(text, &l, &err);
        CHECK(good == (cases[i].shown != NULL), "'%s': %s", cases[i].written, good ? l.steps[0].say.prose.text : err.text);
        if (!good) {
            CHECK(strstr(err.text, "07-test.lesson:4: ") != NULL, "'%s': %s", cases[i].written, err.text);
            continue;
        }
        CHECK(strcmp(l.steps[0].say.prose.text, cases[i].shown) == 0, "'%s' became '%s'", cases[i].written, l.steps[0].say.prose.text);
        lesson_free(&l);
    }
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *at, *reason;
    } cases[] = {
        {"title: x\n", ":1:", "at least one"},
        {"step: y\nat: 3a\n", ":2:", "title"},
        {"title: x\nat: 3a\n", ":2:", "belongs to a step"},
        {"title: x\nstep: y\nsya: z\n", ":3:", "did you mean 'say'"},
        {"title: x\nstep: y\nsay: a\nsay: b\n", ":4:", "given twice"},
        {"title: x\nstep: y\nsay:\n", ":3:", "nothing follows"},
        {"title: x\nstep: y\nno colon here\n", ":3:", "expected 'key: value'"},
        {"title: x\nstep: y\n\n  hanging\n", ":4:", "indented"},
        {"title: x\nstep: y\nsay: z\n", ":2:", "where the lesson begins"},
        {"title: x\nminutes: ten\nstep: y\nat: 3a\n", ":2:", "whole number"},
        {"title: x\nnetwork: nowhere\nstep: y\nat: 3a\n", ":2:", "nowhere"},
        {"title: x\nstep: y\nat: 3z\n", ":3:", "no layer '3z'"},
        {"title: x\nstep: y\nat: 3a\npos: 28,0\n", ":4:", "pos '28,0'"},
        {"title: x\nstep: y\nat: 3a\npos: 1\n", ":4:", "pos '1'"},
        {"title: x\nstep: y\nat: 3a\nstep: z\npos: 1,1\n", ":5:", "pos needs `at`"},
        {"title: x\nstep: y\nat: 3a\nview: nowhere\n", ":4:", "no view 'nowhere'"},
        {"title: x\nstep: y\nat: 3a\nshow: 3a, 3z\n", ":4:", "no layer '3z'"},
        {"title: x\nstep: y\nat: 3a\nsay: a\n  b {weights(3z)}\n", ":5:", "no layer '3z'"},
        {"title: x\nstep: y\nat: 3a\nright: a\n", ":4:", "answers a question"},
        {"title: x\nstep: y\nat: 3a\nreveal: a\n", ":4:", "answers a question"},
        {"title: x\nstep: y\nat: 3a\nask: a\n", ":4:", "nothing answers"},
        {"title: x\nstep: y\nat: 3a\nask: a\nwrong: b\n", ":4:", "none of the choices"},
        {"title: x\nstep: y\nat: 3a\nask: a\nright: b\nright: c\n", ":4:", "more than one"},
        {"title: x\nstep: y\nat: 3a\nask: a\nright: b\nwrong: c\nwrong: c\nwrong: c\nwrong: c\nwrong: c\n", ":10:", "at most 5"},
        {"title: x\nstep: y\nat: 3a\nexpect: out_c(3a) = 255\n", ":4:", "the left side is 256, the right side 255"},
        {"title: x\nstep: y\nat: 3a\nexpect: out_c(3a)\n", ":4:", "compares nothing"},
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
    CHECK(!lesson_parse("title: a\0b\n", 11, "x.lesson", "assets/networks", NULL, &l, &err) && strstr(err.text, "zero byte") != NULL, "%s", err.text);
    CHECK(!lesson_parse("title: a\nstep: b\nsay: caf\xe9\n", 26, "x.lesson", "assets/networks", NULL, &l, &err) &&
              strstr(err.text, "x.lesson:3: ") != NULL && strstr(err.text, "UTF-8") != NULL, "%s", err.text);
    CHECK(!lesson_load("no/such.lesson", "assets/networks", NULL, &l, &err) && strstr(err.text, "no/such.lesson: cannot be opened: No such file") != NULL,
          "%s", err.text);
    CHECK(!lesson_load("lessons", "assets/networks", NULL, &l, &err) && strstr(err.text, "lessons: is a folder; expected a file") != NULL, "%s", err.text);
    CHECK(parse("\xef\xbb\xbftitle: T\r\nstep: One\r\nat: 3a\r\nsay: Text.\r\n", &l, &err), "%s", err.text); /* as some editors save it */
    lesson_free(&l);
}

/* A lesson's `network:` is what its numbers are about; its addresses are those of the stage. */
static void test_stage(void **state)
{
    static const char staged[] = "title: x\nstage: lenet5\npicture: rose\nstep: y\nat: C1\nsay: {params(total)}\nstep: z\nsay: {weights(C1)} of [C1](C1)\n"
                                 "step: g\nat: 3a\nnetwork: googlenet\nmap: grey\nswitches: 3a\npicture: tulips\nsay: {weights(3a)}\n";
    static const char about_lenet[] = "title: x\nnetwork: lenet5\nstep: y\nat: conv1\nsay: {params(total)} in C1 and [the first](conv1), not 3a\n";
    static const char on_lenet[] = "title: x\nnetwork: lenet5\nstep: y\nat: S2\nstep: z\nat: C1\nsay: {params(C1)} in [C1](C1)\n";
    Lesson l;
    Err err = {""};
    (void)state;
    CHECK(parse(staged, &l, &err), "%s", err.text);
    assert_string_equal(l.steps[0].say.prose.text, "61,706");
    assert_string_equal(l.steps[1].say.prose.text, "150 of C1"); /* the stage of the step before */
    assert_string_equal(l.steps[2].say.prose.text, "163,328");
    assert_string_equal(lesson_picture(&l, &l.steps[0])->source, "rose");
    assert_string_equal(lesson_picture(&l, &l.steps[2])->source, "tulips");
    assert_string_equal(lesson_network(&l, &l.steps[0])->source, "lenet5");
    lesson_free(&l);
    CHECK(!parse("title: x\nstage: lenet5\nstep: y\nat: C1\nstep: z\nat: 3a\n", &l, &err) && strstr(err.text, ":6: network lenet5 has no layer '3a'") != NULL, "%s",
          err.text);
    CHECK(parse(about_lenet, &l, &err), "%s", err.text);
    assert_string_equal(l.steps[0].say.prose.text, "61,706 in C1 and the first, not 3a");
    lesson_free(&l);
    CHECK(!parse(on_lenet, &l, &err) && strstr(err.text, ":7: a link: network googlenet has no layer 'C1'") != NULL, "%s", err.text);
    CHECK(!parse("title: x\nnetwork: lenet5\nstep: y\nat: S2\n", &l, &err) && strstr(err.text, ":4: network googlenet has no layer 'S2'") != NULL &&
              strstr(err.text, "`network:` changes only the numbers; write `stage: lenet5`") != NULL, "%s", err.text);
    CHECK(!parse("title: x\nstep: y\nat: S2\n", &l, &err) && strstr(err.text, "only the numbers") == NULL, "%s", err.text);
    /* How many classes the step's network has; its numbers are about so many. */
    CHECK(parse("title: x\nstage: googlenet\nstep: y\nat: fc\nclasses: 5\nsay: {params(total)}\nstep: z\nsay: {params(fc)}\nstep: a\nat: fc\nsay: {params(fc)}\n", &l, &err), "%s", err.text);
    assert_string_equal(l.steps[0].say.prose.text, "5,978,677");
    assert_string_equal(l.steps[1].say.prose.text, "5,125");
    assert_string_equal(l.steps[2].say.prose.text, "1,025,000");
    CHECK(lesson_classes(&l.steps[0]) == 5 && lesson_classes(&l.steps[2]) == 0, "classes");
    lesson_free(&l);
    CHECK(!parse("title: x\nstep: y\nat: fc\nclasses: 5\n", &l, &err) && strstr(err.text, ":4: classes needs `network`") != NULL, "%s", err.text);
    CHECK(!parse("title: x\nstep: y\nat: fc\nnetwork: googlenet\nclasses: five\n", &l, &err) && strstr(err.text, ":5: classes is a whole number") != NULL, "%s", err.text);
    CHECK(!parse("title: x\nstep: y\nat: 3b\nnetwork: cs231n_3b\nclasses: 5\n", &l, &err) && strstr(err.text, "whatever is asked for") != NULL, "%s", err.text);
    CHECK(!parse("title: x\nstage: googlenet\nstep: y\nat: fc\nstep: z\nclasses: 5\n", &l, &err) && strstr(err.text, "classes needs `at`") != NULL, "%s", err.text);
    Net *lenet = net_open("lenet5", "assets/networks", NULL, &err);
    CHECK(lenet != NULL && lesson_parse(on_lenet, strlen(on_lenet), "x.lesson", "assets/networks", lenet, &l, &err), "%s", err.text);
    assert_string_equal(l.steps[1].say.prose.text, "156 in C1");
    Net *googlenet = net_open("googlenet", "assets/networks", NULL, &err);
    CHECK(googlenet != NULL && !lesson_fits(&l, googlenet, &err) && strstr(err.text, "only the numbers") != NULL, "%s", err.text);
    lesson_free(&l);
    net_free(lenet);
    net_free(googlenet);
}

/* Half-width punctuation beside Chinese characters, in a Chinese lesson. NULL: it is good, else what the message says. */
static void test_punctuation(void **state)
{
    static const struct {
        const char *lesson, *message;
    } cases[] = {
        {"title: 课\nstep: 步\nat: 3a\nsay: 在 3a 里，有 {out_c(3a)} 个（见[拼接](3a)就是）：好；对吗？\n", NULL},
        {"title: 课\nstep: 步\nat: 3a\nsay: ([[5]] − [[3]]) / [[2]] = [[1]]，3×3: [[9]], [[8]]\n", NULL}, /* between numbers */
        {"title: 课\nstep: 步\nat: 3a\nsay: 印的是 [[1, 2]]，{floor(5/2)}（[第二个](3a/3x3)的）\n", NULL},
        {"title: A lesson\nstep: s\nat: 3a\nsay: the word 步长, which is stride (步)\n", NULL},
        {"title: 课\nstep: 步\nat: 3a\nsay: 三张图,五\n", ":4: next to Chinese characters write '，', not ','"},
        {"title: 课\nstep: 步\nat: 3a\nsay: 好\n  共 [[5]] 行, [[6]] 列\n", ":5: next to Chinese characters write '，', not ','"},
        {"title: 课\nstep: 步\nat: 3a\nsay: [[5]], 也对\n", "'，', not ','"},
        {"title: 课\nstep: 步\nat: 3a\nsay: 叫*步长*: [[2]]\n", "'：', not ':'"},
        {"title: 课\nstep: 步\nat: 3a\nsay: 一;二\n", "'；', not ';'"},
        {"title: 课\nstep: 步\nat: 3a\nask: 为什么?\nright: 是\n", ":4: next to Chinese characters write '？', not '?'"},
        {"title: 课\nstep: 步\nat: 3a\nask: 为什么？\nright: 是!\n", ":5: next to Chinese characters write '！', not '!'"},
        {"title: 课\nstep: 步\nat: 3a\nask: 为什么？\nright: 是\nreveal: 拼接(3a)\n", ":6: next to Chinese characters write '（', not '('"},
        {"title: 课\nstep: 步\nat: 3a\nsay: （见图)\n", "'）', not ')'"},
        {"title: 课\nstep: 一,二\nat: 3a\n", ":2: "},
        {"title: 课,程\nstep: 步\nat: 3a\n", ":1: "},
        {"title: 课\nteaches: 一,二\nstep: 步\nat: 3a\n", ":2: "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Lesson l;
        Err err = {""};
        CHECK(parse(cases[i].lesson, &l, &err), "case %zu: %s", i, err.text);
        const bool good = lesson_punctuation(&l, &err);
        CHECK(good == (cases[i].message == NULL) && (good || strstr(err.text, cases[i].message) != NULL), "case %zu: '%s'", i, err.text);
        lesson_free(&l);
    }
}

/* Every lesson that ships, in both languages: 10 to 20 steps (the tenth of them), a question and three things to look at. */
static void test_shipped(void **state)
{
    char **paths;
    (void)state;
    const int count = lesson_list("lessons/en", ".lesson", &paths);
    CHECK(count >= 10, "%d lessons", count);
    for (int i = 0; i < count; i++) {
        Lesson en, zh;
        Err err;
        char chinese[256];
        snprintf(chinese, sizeof chinese, "lessons/zh/%s", strrchr(paths[i], '/') + 1);
        bool good = lesson_load(paths[i], "assets/networks", NULL, &en, &err) && lesson_punctuation(&en, &err);
        CHECK(good, "%s", good ? "" : err.text);
        good = lesson_load(chinese, "assets/networks", NULL, &zh, &err) && lesson_punctuation(&zh, &err);
        CHECK(good, "%s", good ? "" : err.text);
        good = lesson_same_steps(&en, &zh, &err);
        CHECK(good, "%s", good ? "" : err.text);
        int asks = 0, shows = 0;
        for (int s = 0; s < en.step_count; s++) {
            asks += lesson_asks(&en.steps[s]);
            shows += en.steps[s].show.source != NULL;
        }
        CHECK(en.step_count >= 10 && en.step_count <= 20 && asks >= 1 && shows >= 3, "%s: %d steps, %d questions, %d shown", paths[i], en.step_count,
              asks, shows);
        en.steps[0].at.source[0] = 'x'; /* they no longer agree */
        CHECK(!lesson_same_steps(&en, &zh, &err) && strstr(err.text, "zh/") != NULL, "%s", err.text);
        lesson_free(&en);
        lesson_free(&zh);
    }
    lesson_list_free(paths, count);
    char path[256];
    CHECK(lesson_find("lessons/zh", ".lesson", "3", path, sizeof path) && strstr(path, "zh/03-") != NULL, "by number");
    CHECK(lesson_find("lessons/en", ".lesson", "inception-3a", path, sizeof path) && strstr(path, "en/03-") != NULL, "by name");
    CHECK(!lesson_find("lessons/en", ".lesson", "nothing", path, sizeof path), "found %s", path);
}

static void test_answers(void **state)
{
    char folder[] = "/tmp/answers-XXXXXX", path[256];
    Answers a, b;
    (void)state;
    CHECK(mkdtemp(folder) != NULL, "no folder");
    setenv("XDG_STATE_HOME", folder, 1);
    CHECK(!answers_load("lessons/en/03-x.lesson", 4, &a) && strcmp(a.given, "....") == 0, "nothing was kept");
    memcpy(a.given, ".+2.", 4);
    a.step = 2;
    answers_save("lessons/en/03-x.lesson", &a);
    answers_clear(&b, 2);
    b.step = -1;
    answers_save("lessons/en/04-y.lesson", &b);
    CHECK(answers_load("lessons/zh/03-x.lesson", 4, &a) && a.step == 2 && strcmp(a.given, ".+2.") == 0, "%d %s", a.step, a.given);
    CHECK(answers_load("lessons/zh/03-x.lesson", 2, &a) && a.step == 1 && strcmp(a.given, ".+") == 0, "a shorter lesson: %d %s", a.step, a.given);
    CHECK(answers_load("04-y.lesson", 2, &b) && b.step == -1, "finished");
    snprintf(path, sizeof path, "%s/inceptoscope/lessons", folder);
    FILE *f = fopen(path, "w");
    fputs("03-x 999999999999 ..\n03-x 1 abc\n\nnonsense\n", f);
    fclose(f);
    CHECK(!answers_load("03-x.lesson", 3, &a) && a.step == 0 && strcmp(a.given, "...") == 0, "a broken file counts as none");
    remove(path);
    snprintf(path, sizeof path, "%s/inceptoscope", folder);
    remove(path);
    remove(folder);
    unsetenv("XDG_STATE_HOME");
}

/* Two programs that keep answers at the same time lose none. */
static void test_answers_of_two_programs(void **state)
{
    enum { LESSONS = 100 };
    char folder[] = "/tmp/answers-XXXXXX", path[256], name[64];
    Answers a;
    int status;
    (void)state;
    CHECK(mkdtemp(folder) != NULL, "no folder");
    setenv("XDG_STATE_HOME", folder, 1);
    answers_clear(&a, 3);
    answers_save("lessons/en/first.lesson", &a); /* makes the folder */
    const pid_t child = fork();
    for (int i = 0; i < LESSONS; i++) {
        snprintf(name, sizeof name, "lessons/en/%s-%d.lesson", child == 0 ? "child" : "parent", i);
        answers_save(name, &a);
    }
    if (child == 0)
        _exit(0);
    CHECK(waitpid(child, &status, 0) == child && status == 0, "the second program failed");
    for (int i = 0; i < 2 * LESSONS; i++) {
        snprintf(name, sizeof name, "lessons/en/%s-%d.lesson", i % 2 == 0 ? "child" : "parent", i / 2);
        CHECK(answers_load(name, 3, &a), "%s was lost", name);
    }
    snprintf(path, sizeof path, "%s/inceptoscope/lessons", folder);
    remove(path);
    snprintf(path, sizeof path, "%s/inceptoscope", folder);
    CHECK(remove(path) == 0, "something else was left in the folder");
    remove(folder);
    unsetenv("XDG_STATE_HOME");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_answers_of_two_programs),
    cmocka_unit_test(test_parse),   cmocka_unit_test(test_numbers), cmocka_unit_test(test_mistakes),
    cmocka_unit_test(test_stage),   cmocka_unit_test(test_punctuation), cmocka_unit_test(test_shipped), cmocka_unit_test(test_answers),
};
TEST_MAIN(tests)
