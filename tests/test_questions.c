/* The questions of lessons: what answers them, how typed numbers are judged, the order of choices, and what is blank while they are open. */
#include "tests/check.h"
#include "app/model/lesson.h"
#include "app/model/lesson_question.h"

#include <string.h>

static bool parse(const char *question, Lesson *lesson, Err *err)
{
    char text[2048];
    snprintf(text, sizeof text, "title: t\nstep: s\nat: 3a\nask: q\n%s", question);
    return lesson_parse(text, strlen(text), "lessons/en/07-test.lesson", "assets/networks", NULL, lesson, err);
}

static void test_kinds(void **state)
{
    static const struct {
        const char *question;
        Question kind;
        const char *mistake; /* NULL: it is good */
    } cases[] = {
        {"reveal: a\n", QUESTION_OPEN, NULL},
        {"right: a\nwrong: b\nreply: why not b\n", QUESTION_CHOICE, NULL},
        {"answer: {weights(3a)}\n", QUESTION_NUMBER, NULL},
        {"answer: {rf(3a)} px\nwrong: {rf(3a)+2}\nreply: no\n", QUESTION_NUMBER, NULL},
        {"answer: {ln(5):3}\n", QUESTION_NUMBER, NULL},
        {"answer: {weights(3a)/1024}\ntolerance: 1%\n", QUESTION_NUMBER, NULL},
        {"answer: {weights(3a)/1024}\ntolerance: {1/20}\n", QUESTION_NUMBER, NULL},
        {"point: 3a/5x5\n", QUESTION_POINT, NULL},
        {"point: 3a[192..223], brightest 3a/5x5[3]\n", QUESTION_POINT, NULL},
        {"make: silent 3a/5x5[7] and answer not daisy\n", QUESTION_MAKE, NULL},
        {"make: probability roses < 0.5 and view cam and at 5b and value not = 0\n", QUESTION_MAKE, NULL},
        {"answer: 5\n", QUESTION_NONE, "expected an expression in braces"},
        {"answer: {out(3a)}\n", QUESTION_NONE, "gives a number"},
        {"answer: {ln(5)}\n", QUESTION_NONE, "how many decimals"},
        {"answer: {weights(3a)}\nwrong: {weights(3a)+1}\n", QUESTION_NONE, "needs a `reply`"},
        {"answer: {weights(3a)}\nwrong: {weights(3a)}\nreply: r\n", QUESTION_NONE, "is the right one"},
        {"answer: {weights(3a)}\nright: {weights(3a)}\n", QUESTION_NONE, "already is the right one"},
        {"answer: {weights(3a)}\npoint: 3a\n", QUESTION_NONE, "one of `answer`, `point` and `make`"},
        {"answer: {weights(3a)}\ntolerance: 99%\n", QUESTION_NONE, "1% to 50%"},
        {"right: a\nwrong: b\ntolerance: 1%\n", QUESTION_NONE, "belongs to `answer`"},
        {"reply: a\n", QUESTION_NONE, "belongs to a choice"},
        {"right: a\nreply: b\nreply: c\n", QUESTION_NONE, "has a reply already"},
        {"point: 3z\n", QUESTION_NONE, "no layer '3z'"},
        {"point: 3a[200..256]\n", QUESTION_NONE, "channels 0 to 255"},
        {"point: brightest 3a\n", QUESTION_NONE, "takes one channel"},
        {"point: 3a\nright: b\n", QUESTION_NONE, "no `point`"},
        {"make: silence 3a\n", QUESTION_NONE, "expected silent"},
        {"make: view nowhere\n", QUESTION_NONE, "no view 'nowhere'"},
        {"make: probability roses\n", QUESTION_NONE, "expected a class, < or >"},
        {"right: a\nwrong: b\nhide: {1/0}\n", QUESTION_NONE, "divi"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Lesson l;
        Err err = {""};
        const bool good = parse(cases[i].question, &l, &err);
        CHECK(good == (cases[i].mistake == NULL), "case %zu: %s", i, err.text);
        CHECK(good || (strstr(err.text, cases[i].mistake) != NULL && strstr(err.text, "07-test.lesson:") != NULL), "case %zu: %s", i, err.text);
        if (good) {
            CHECK(lesson_question(&l.steps[0]) == cases[i].kind, "case %zu is of kind %d", i, (int)lesson_question(&l.steps[0]));
            lesson_free(&l);
        }
    }
}

/* What is typed, and how it is judged. 3a: 192 to 64, 96, 128, 16, 32, 32. */
static void test_typed(void **state)
{
    static const struct {
        const char *question, *typed;
        int which; /* -2: it is no number */
    } cases[] = {
        {"answer: {weights(3a/1x1)}\nwrong: {out_c(3a/1x1)}\nreply: r\n", "12288", LESSON_RIGHT},
        {"answer: {weights(3a/1x1)}\nwrong: {out_c(3a/1x1)}\nreply: r\n", " 12,288 ", LESSON_RIGHT},
        {"answer: {weights(3a/1x1)}\nwrong: {out_c(3a/1x1)}\nreply: r\n", "12288.0", LESSON_RIGHT},
        {"answer: {weights(3a/1x1)}\nwrong: {out_c(3a/1x1)}\nreply: r\n", "64", 0},
        {"answer: {weights(3a/1x1)}\nwrong: {out_c(3a/1x1)}\nreply: r\n", "12289", LESSON_OTHER},
        {"answer: {weights(3a/1x1)}\nwrong: {out_c(3a/1x1)}\nreply: r\n", "-12288", LESSON_OTHER},
        {"answer: {weights(3a/1x1)}\n", "twelve", -2},
        {"answer: {weights(3a/1x1)}\n", "", -2},
        {"answer: {weights(3a/1x1)}\n", "99999999999999999999999", -2},
        {"answer: {0-104}\n", "−104", LESSON_RIGHT},
        {"answer: {ln(5):3}\n", "1.609", LESSON_RIGHT},
        {"answer: {ln(5):3}\n", "1.6099", LESSON_RIGHT},
        {"answer: {ln(5):3}\n", "1.610", LESSON_OTHER},
        {"answer: {1/(1+exp(0-3)):3}\ntolerance: 1%\n", "0.9525741", LESSON_RIGHT}, /* a long fraction */
        {"answer: {weights(3a)/1024}\ntolerance: 1%\n", "160", LESSON_RIGHT},
        {"answer: {weights(3a)/1024}\ntolerance: 1%\n", "162", LESSON_OTHER},
        {"answer: {225/2}\ntolerance: {1/2}\n", "112", LESSON_RIGHT},
        {"answer: {225/2}\ntolerance: {1/2}\n", "111.9", LESSON_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Lesson l;
        Err err = {""};
        int which = -2;
        CHECK(parse(cases[i].question, &l, &err), "case %zu: %s", i, err.text);
        const bool number = lesson_judge(&l.steps[0], cases[i].typed, &which);
        CHECK(number == (cases[i].which != -2) && which == cases[i].which, "case %zu: '%s' is judged %d", i, cases[i].typed, which);
        lesson_free(&l);
    }
}

/* What is left of a text while the answer is a secret. */
static void test_blank(void **state)
{
    static const struct {
        const char *question, *text, *blank;
    } cases[] = {
        {"answer: {weights(3a/1x1)}\n", "12,288 weights, 12288, 12.3K, 12.0 Ki, 12 Ki", "? weights, ?, ?, ?, ?"},
        {"answer: {weights(3a/1x1)}\n", "112,288 and 12,2880, 122,88, 12,288.5 and 1.2M", "112,288 and 12,2880, 122,88, 12,288.5 and 1.2M"},
        {"answer: {weights(3a)}\n", "paper 159K, here 163,328 = 159.5 Ki = 163.3 K; 16 M", "paper ?, here ? = ? = ?; 16 M"},
        {"answer: {out_c(3a)}\n", "256x28x28 and 28×28×256, 3a[255], 256 channels", "?x28x28 and 28×28×?, 3a[255], ? channels"},
        {"answer: {out_h(3a)}\n", "256x28x28 and 28×28×256, 280, 2.8", "256x?x? and ?×?×256, 280, 2.8"},
        {"answer: {1+1+1}\n", "3a, 3a/3x3[3], inception_3a, conv3, 3x3, 3×3, 3x3x64, pad 3", "3a, 3a/3x3[?], inception_3a, conv3, 3x3, 3×3, ?x?x64, pad ?"},
        {"answer: {7*1}\n", "832×7×7, 7×7, 7x7 px, 7×7 px, 7x7x3, 64×7, 17", "832×?×?, 7×7, ?x? px, ?×? px, ?x?x3, 64×?, 17"},
        {"answer: {86/100}\n", "0.86, 86.0 %, 86%, 0.8, 0.9, 87 %", "?, ?, ?, ?, ?, 87 %"},
        {"answer: {225/2}\n", "⌊112.5⌋ = 112; 112.4; 113", "⌊?⌋ = 112; 112.4; 113"},
        {"answer: {ln(5):3}\n", "1.609 1.6094 1.61 1.6 1.7", "? ? ? ? 1.7"},
        /* With biases beside it: 12,288 and 64 more. A count that is asked with them hides the one without. In a column ÷ 1024, 12.0. */
        {"answer: {weights(3a/1x1)}\n", "12,288, 64 biases: 12,352 = 12.1 Ki; 12,353", "?, 64 biases: ? = ?; 12,353"},
        {"answer: {params(3a/1x1)}\n", "12,352 − 64 = 12,288", "? − 64 = ?"},
        {"right: {weights(3a/1x1)}\nwrong: b\n", "12,352", "?"},
        {"answer: {weights(3a/1x1)}\n", "12.0 | 12.1 | 1.20 | 12.00 | 0.1", "? | ? | 1.20 | 12.00 | 0.1"},
        {"answer: {4^2}\n", "0.02 Ki, 0.2, 16 K", "0.02 Ki, 0.2, 16 K"},
        /* Sums and products that say it, whole or as one of several. 64 + 128 + 32 + 32 = 256; 1·1·192·64 = 12,288. */
        {"answer: {out_c(3a)}\n", "256 = 64 + 128 + 32 + 32", "? = ?"},
        {"answer: {out_c(3a)}\n", "64 + 128 + 32; 255 + 2; 256·1·2, 2·128", "64 + 128 + 32; 255 + 2; ?·1·2, ?"},
        {"answer: {weights(3a/1x1)}\n", "1·1·192·64 and 1·1·192·64 + 3·3·96·128, 9223372036854775807·3", "? and ? + 3·3·96·128, 9223372036854775807·3"},
        {"answer: {weights(3a/1x1)+weights(3a/3x3)}\n", "1·1·192·64 + 3·3·96·128", "?"},
        /* The last of so many channels. */
        {"answer: {out_c(3a)}\n", "192–223, 224–255, 255, 3-255", "192–223, 224–?, 255, 3-255"},
        {"answer: {out_c(3a/1x1)}\n", "0–63", "0–?"},
        /* What rounds is a part of the result. */
        {"right: {out_h(maxpool1)}\nwrong: b\n", "⌈(112 − 3)/2⌉ + 1 = 56", "((112 − 3)/2) + 1 = ?"},
        {"right: {out_h(maxpool1)}\nwrong: b\n", "⌊(113 − 3)/2⌋ + 1 = 55", "⌊(113 − 3)/2⌋ + 1 = 55"},
        /* 4·4 = 16: the sides of the map. */
        {"answer: {4^2}\n", "2×4×4, 4x4 4×5, 4×4×2", "2×?×?, ?x? 4×5, 4×4×2"},
        {"answer: {4^2}\n", "⌊(6 − 3)/1⌋ + 1 = 4", "((6 − 3)/1) + 1 = ?"},
        {"answer: {3^2}\n", "3×3, 7×3×3", "3×3, 7×?×?"},
        /* The other of two classes. */
        {"answer: {1/(1+exp(0-3.125)):3}\ntolerance: 1%\n", "95.8 %, min 4.2 %, 0.042, 100 %, 0 %, 5.2 %", "?, min ?, ?, 100 %, 0 %, 5.2 %"},
        /* Zero in words. */
        {"right: none\nwrong: b\n", "0", "?"},
        {"right: 没有\nwrong: b\n", "0 个权重, 0 weights; min 0 · max 1.5, 0 … 0.7602, 0–63", "? 个权重, ? weights; min 0 · max 1.5, 0 … 0.7602, 0–63"},
        {"right: none of these\nwrong: b\n", "0", "0"},
        {"answer: {0-104}\n", "−104 or -104, 104", "−? or -?, ?"},
        {"right: {out_h(maxpool1)}\nwrong: {55*1}\n", "56x56 from 55", "?x? from 55"},
        {"right: a\nwrong: b\nhide: agrees, {out_c(3a)}, agrees in Ki\n", "256 agrees", "? ?"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Lesson l;
        Err err = {""};
        char text[256];
        CHECK(parse(cases[i].question, &l, &err), "case %zu: %s", i, err.text);
        snprintf(text, sizeof text, "%s", cases[i].text);
        const bool any = secrets_blank(&l.steps[0].secrets, text);
        CHECK(strcmp(text, cases[i].blank) == 0 && any == (strcmp(cases[i].text, cases[i].blank) != 0), "case %zu becomes '%s'", i, text);
        lesson_free(&l);
    }
}

/* The order is a permutation, the same for the same seed, and over many seeds every place is equally likely for the right choice. */
static void test_order(void **state)
{
    enum { SEEDS = 3000 };
    int at[3] = {0}, order[LIMIT_LESSON_CHOICES], again[LIMIT_LESSON_CHOICES];
    Lesson l;
    Err err;
    (void)state;
    CHECK(parse("wrong: a\nright: b\nwrong: c\n", &l, &err), "%s", err.text);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        bool seen[3] = {false};
        lesson_order(&l, 0, seed, order);
        lesson_order(&l, 0, seed, again);
        assert_memory_equal(order, again, sizeof order);
        for (int i = 0; i < 3; i++) {
            CHECK(order[i] >= 0 && order[i] < 3 && !seen[order[i]], "seed %d is no order", (int)seed);
            seen[order[i]] = true;
            at[i] += order[i] == 1;
        }
    }
    for (int i = 0; i < 3; i++)
        CHECK(abs(at[i] - SEEDS / 3) < 130, "the right one is in place %d %d times", i, at[i]); /* five standard deviations */
    snprintf(l.path, sizeof l.path, "lessons/zh/07-test.lesson");
    lesson_order(&l, 0, SEEDS, order);
    assert_memory_equal(order, again, sizeof order);
    lesson_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds), cmocka_unit_test(test_typed), cmocka_unit_test(test_blank), cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
