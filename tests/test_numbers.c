/* test_numbers.c - numbers as people read them: percents never say none or all of what is neither, and are right as far as they go. */
#include "app/model/numbers.h"
#include "tests/check.h"

#include <string.h>

static void test_percent(void **state)
{
    static const struct { double share; const char *text; } cases[] = {
        {0, "0 %"},          {1, "100 %"},        {0.677, "67.7 %"},   {0.5, "50.0 %"},     {0.9994, "99.9 %"}, {0.99949, "99.9 %"},
        {0.9995, ">99.9 %"}, {0.99999999, ">99.9 %"}, {0.01, "1.0 %"}, {0.00996, "1.0 %"}, {0.0099, "0.99 %"}, {0.00089, "0.09 %"},
        {0.001, "0.10 %"},   {0.0001, "0.01 %"},  {0.00009, "<0.01 %"}, {1e-30, "<0.01 %"}, {0.095, "9.5 %"},
    };
    char text[NUM_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(strcmp(num_percent(text, cases[i].share), cases[i].text) == 0, "%.9g is %s, not %s", cases[i].share, text, cases[i].text);
    assert_string_equal(num_probability(text, 1), ">99.9 %"); /* a float's 1 beside other classes */
    assert_string_equal(num_probability(text, 0), "<0.01 %");
    assert_string_equal(num_probability(text, 0.25), "25.0 %");
}

static void test_every_percent(void **state)
{
    char text[NUM_MAX];
    double last = 0;
    (void)state;
    for (int i = 1; i < 200000; i++) {
        const double share = i / 200000.0;
        num_probability(text, share);
        const bool bound = text[0] == '<' || text[0] == '>';
        const double said = strtod(text + bound, NULL);
        CHECK(said > 0 && said < 100 && said >= last, "%.9g is %s", share, text);
        if (text[0] == '<' || text[0] == '>')
            CHECK(text[0] == '<' ? 100 * share < said : 100 * share > said, "%.9g is %s", share, text);
        else
            CHECK_NEAR(said, 100 * share, said < 0.995 ? 0.00501 : 0.0501, 0, "%s", text);
        last = said;
    }
}

static void test_cell(void **state)
{
    static const struct { float value; bool sign; const char *text; } cases[] = {
        {0, false, "0.000"}, {0.0214f, false, "0.021"}, {-1.534f, false, "-1.53"}, {1.534f, true, "+1.53"},
        {123.46f, false, "123.5"}, {-4567.8f, true, "-4568"}, {1234567, false, "1234567"},
    };
    char text[NUM_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(strcmp(num_cell(text, cases[i].value, cases[i].sign), cases[i].text) == 0, "%.9g is %s, not %s", (double)cases[i].value, text, cases[i].text);
}

static void test_signed(void **state)
{
    char text[NUM_MAX];
    (void)state;
    assert_string_equal(num_signed(text, 9.934), "+9.934");
    assert_string_equal(num_signed(text, -0.0214), "−0.0214");
    assert_string_equal(num_signed(text, 0), "+0");
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_percent), cmocka_unit_test(test_every_percent), cmocka_unit_test(test_cell), cmocka_unit_test(test_signed)};

TEST_MAIN(tests)
