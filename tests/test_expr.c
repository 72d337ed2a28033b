/* Expressions about a network, and the exact fractions below them. */
#include "check.h"

#include "engine/net/expr.h"

typedef struct Fixture {
    Net *net;
    Trace trace;
    ExprScope scope;
} Fixture;

static Fixture open_net(const char *name)
{
    Fixture f;
    Err err = {""};
    f.net = net_open(name, "assets/networks", NULL, &err);
    CHECK(f.net != NULL && trace_make(f.net, &f.trace, &err), "%s", err.text);
    return f;
}

static void close_net(Fixture *f)
{
    trace_free(&f->trace);
    net_free(f->net);
}

static void test_values(void **state)
{
    (void)state;
    static const struct { const char *text, *value; } good[] = {
        {"weights(3a)", "163328"}, {"weights(3a)/1024", "159.5"}, {"weights(inception_3a/3x3_reduce)+weights(3a/3x3)", "129024"},
        {"weights(conv2)", "4096"}, {"weights(conv3)", "110592"}, {"macs(conv1)", "118013952"}, {"multiplications(3a)", "123127808"},
        {"params(total)", "6998552"}, {"params(training)", "13378280"}, {"params(aux)", "6379728"}, {"params(aux1)", "3188840"},
        {"biases(total)", "8280"}, {"macs_bias(total)", "1585899032"}, {"flops(total)", "3165343744"}, {"bn(total)", "0"},
        {"out(maxpool1)", "64x56x56"}, {"in(maxpool1)", "64x112x112"}, {"out(3a)", "256x28x28"}, {"out(aux1)", "1000x1x1"},
        {"out(total)", "1000x1x1"}, {"steps(conv1)+1", "112.5"}, {"steps(maxpool1) + 1", "55.5"}, {"floor(steps(conv1)+1)", "112"},
        {"ceil(steps(maxpool1)+1)", "56"}, {"round(2.5)", "3"}, {"round(-2.5)", "-2"}, {"floor(-0.5)", "-1"}, {"ceil(-0.5)", "0"},
        {"rf(3a)", "59"}, {"rf_min(3a)", "27"}, {"rf(3a/1x1)", "27"}, {"rf(3a/3x3)", "43"}, {"rf(3a/pool)", "43"}, {"jump(3a)", "8"},
        {"drop(dropout)", "0.4"}, {"loss_weight(aux2)", "0.3"}, {"depth(total)", "22"}, {"depth_pools(total)", "27"},
        {"convs(total)", "57"}, {"fcs(total)", "1"}, {"convs(training)+fcs(training)", "64"}, {"maxpools(total)", "13"},
        {"weights(3a/5x5[3])", "400"}, {"kernel(conv1)*kernel(conv1)*in_c(conv1)*out_c(conv1)", "9408"},
        {"params(total@torchvision_googlenet)", "6624904"}, {"weights(3a@torchvision_googlenet) - weights(3a)", "-8192"},
        {"1/3", "0.333333333"}, {"1/8", "0.125"}, {"7/2-1/2", "3"}, {"2^10", "1024"}, {"-2^2", "-4"}, {"(-2)^2", "4"}, {"2^3^2", "512"}, {"3--2", "5"}, {"2+3*4", "14"}, {"(2+3)*4", "20"}, {"10-4-3", "3"},
        {"100/10/5", "2"}, {"-2*-3", "6"}, {"159.5Ki", "163328"}, {"2.7K", "2700"}, {"1.5M", "1500000"}, {"40%", "0.4"},
        {"163,328", "163328"}, {"9007199254740993+1", "9007199254740994"}, {"9,223,372,036,854,775,807", "9223372036854775807"},
        {"weights(3a) = 163,328", "true"}, {"weights(3a)==163328", "true"}, {"weights(3a) != 163328", "false"}, {"1 < 2", "true"},
        {"2<=1", "false"}, {"2 >= 2", "true"}, {"1/3 > 0.333", "true"}, {"out(maxpool1) = 64x56x56", "true"}, {"out(total) = 1,000x1x1", "true"}, {"out(3a) != 256x28x28", "false"},
        {"9007199254740993 = 9007199254740992", "false"}, {"macs(fc) = weights(fc)", "true"},
        /* Digits of the functions from Python's decimal with 30 places. */
        {"ln(5)", "1.60943791243"}, {"(1 + 2*loss_weight(aux1)) * ln(5)", "2.57510065989"}, {"ln(1)", "0"}, {"exp(1)", "2.71828182846"},
        {"exp(-10)", "4.53999297625e-05"}, {"exp(40)", "2.35385266837e+17"}, {"sqrt(2)", "1.41421356237"}, {"sqrt(weights(3a))", "404.13859009"},
        {"ln(1 + 1/10^5)", "9.99995000033e-06"}, {"ln(10^18)", "41.4465316739"}, {"-ln(1/5)", "1.60943791243"}, {"sqrt(0)", "0"},
        {"sqrt(2)*sqrt(3)", "2.44948974278"}, {"ln(5)/ln(2)", "2.32192809489"}, {"-sqrt(2)^2", "-2"}, {"sqrt(2)^9", "22.627416998"}, {"exp(30)+ln(5)", "1.06864745815e+13"},
        {"1.609 < ln(5)", "true"}, {"ln(5) > 1.61", "false"}, {"exp(ln(5)) <= 5.000001", "true"},
    };
    Fixture f = open_net("googlenet");
    f.scope = (ExprScope){&f.trace, "assets/networks"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        ExprValue v;
        Err err = {""};
        char text[64];
        CHECK(expr_eval(&f.scope, good[i].text, &v, &err), "%s", err.text);
        expr_value_text(&v, false, text, sizeof text);
        CHECK(strcmp(text, good[i].value) == 0, "%s is %s, not %s", good[i].text, text, good[i].value);
    }
    close_net(&f);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct { const char *text, *message; } bad[] = {
        {"", "ends too early"}, {"1+", "ends too early"}, {"(1", "expected ')'"}, {"1)", "expected the end"}, {"1 2", "expected the end"},
        {"wieghts(3a)", "did you mean 'weights'"}, {"qqqqqq(3a)", "eval --list"}, {"weights(3z)", "nearest name"}, {"weights(3a", "not closed"},
        {"weights", "expected a number or a function"}, {"1/0", "division by zero"}, {"1/(2-2)", "division by zero"}, {"2^63", "overflows"},
        {"10^18*10", "overflows"}, {"99999999999999999999", "overflows"}, {"9223372036854775807+1", "overflows"}, {"2^-1", "whole exponent"},
        {"out(3a)+1", "cannot be used in arithmetic"}, {"-out(3a)", "no sign"}, {"out(3a) < out(3b)", "only be equal or not equal"}, {"out(3a) = 1", "compared with"},
        {"floor(out(3a))", "cannot be rounded"}, {"64x56", "three sizes"}, {"kernel(3a)", "expected a layer"}, {"drop(conv1)", "not a dropout"},
        {"steps(fc)", "no sliding window"}, {"weights(conv1:pre)", "before ReLU"}, {"weights(3a[3])", "by its branch"},
        {"params(total@nowhere)", "no network 'nowhere'"}, {"params(total@)", "no network"}, {"out(training)", "expected a layer or a module"},
        {"out(conv1) = 6.4x112x112", "a size is a whole number, without decimals, at position 14"}, {"3.5x4x4", "whole number, without decimals, at position 1"},
        {"3.x4x4", "whole number, without decimals, at position 1"}, {"64x5.6x56", "without decimals, at position 4"}, {"64x56x5.6", "without decimals, at position 7"},
        {"1 + 64x56x56.0", "without decimals, at position 11"}, {"64x56x3000000000", "a size is too large at position 7"}, {"64x56x", "expected a number"},
        {"64x56xx", "expected a number"}, {"64x.5x1", "expected the end"},
        {"ln(0)", "above 0"}, {"ln(2-3)", "above 0"}, {"sqrt(-1)", "not negative"}, {"exp(50)", "too large or too small"}, {"exp(-50)", "too large or too small"},
        {"exp(99999)", "too large or too small"}, {"exp(-99999)", "too large or too small"}, {"exp(40)*exp(40)", "overflows"}, {"round(ln(5))", "only exact ones"}, {"floor(2*sqrt(2))", "only exact ones"}, {"ceil(1-exp(1))", "only exact ones"}, {"2^sqrt(4)", "whole exponent"},
        {"ln(5) = 1.60943791243", "cannot be compared exactly"}, {"3 != sqrt(9)", "cannot be compared exactly"}, {"ln(out(3a))", "cannot be rounded"}, {"ln(5", "expected ')'"},
        {".", "expected a number"}, {"1 = 2 = 3", "expected the end"}, {"%", "expected a number"},
    };
    Fixture f = open_net("googlenet");
    f.scope = (ExprScope){&f.trace, "assets/networks"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ExprValue v;
        Err err = {""};
        CHECK(!expr_eval(&f.scope, bad[i].text, &v, &err) && strstr(err.text, bad[i].message) != NULL, "%s: '%s'", bad[i].text, err.text);
    }
    char deep[400] = "";
    for (int i = 0; i < 300; i++)
        deep[i] = i % 2 == 0 ? '(' : '-';
    ExprValue v;
    Err err = {""};
    CHECK(!expr_eval(&f.scope, deep, &v, &err) && strstr(err.text, "too many") != NULL, "%s", err.text);
    ExprScope alone = {&f.trace, NULL};
    CHECK(!expr_eval(&alone, "params(total@vgg16)", &v, &err) && strstr(err.text, "not possible here") != NULL, "%s", err.text);
    close_net(&f);
}

static void test_substitution_and_sides(void **state)
{
    (void)state;
    Fixture f = open_net("googlenet");
    f.scope = (ExprScope){&f.trace, NULL};
    char text[128];
    Err err = {""};
    ExprValue left, right;
    CHECK(expr_substitute(&f.scope, "weights(3a)/1024 = 159.5", text, sizeof text, &err), "%s", err.text);
    CHECK(strcmp(text, "163,328/1024 = 159.5") == 0, "%s", text);
    CHECK(expr_sides(&f.scope, "weights(3a) = 159000", &left, &right, &err), "%s", err.text);
    CHECK(left.number.num == 163328 && right.number.num == 159000, "sides");
    CHECK(!expr_sides(&f.scope, "weights(3a)", &left, &right, &err), "no comparison");
    close_net(&f);
}

static void test_fractions(void **state)
{
    (void)state;
    Rational a, b, c;
    CHECK(rational_make(6, -4, &a) && a.num == -3 && a.den == 2, "lowest terms");
    CHECK(!rational_make(1, 0, &a) && !rational_make(INT64_MIN, 1, &a), "refused");
    CHECK(rational_make(INT64_MIN, 2, &a) && a.num == INT64_MIN / 2, "half of the smallest");
    CHECK(rational_make(1, INT64_MAX, &a) && rational_make(1, INT64_MAX - 1, &b) && rational_compare(a, b) < 0, "close fractions");
    CHECK(rational_make(-1, 3, &a) && rational_make(-1, 2, &b) && rational_compare(a, b) > 0 && rational_compare(a, a) == 0, "negative ones");
    CHECK(rational_make(INT64_MAX, 2, &a) && rational_make(2, 1, &b) && rational_mul(a, b, &c) && c.num == INT64_MAX, "crosswise");
    CHECK(!rational_add((Rational){INT64_MAX, 1}, (Rational){1, 1}, &c) && !rational_mul((Rational){INT64_MAX, 1}, (Rational){2, 1}, &c), "overflow");
    CHECK(rational_round((Rational){5, 2}) == 3 && rational_round((Rational){-7, 2}) == -3 && rational_floor((Rational){-7, 2}) == -4, "rounding");
    static const struct { Rational r; const char *text; } texts[] = {
        {{1, 8}, "0.125"}, {{-7, 2}, "-3.5"}, {{1635, 10}, "163.5"}, {{1, 1024}, "0.0009765625"}, {{2, 3}, "0.666666667"}, {{12345678, 1}, "12,345,678"},
        {{1, 1LL << 62}, "2.16840434e-19"}, {{3, 1LL << 18}, "0.000011444091796875"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[64];
        rational_text(texts[i].r, true, text, sizeof text);
        CHECK(strcmp(text, texts[i].text) == 0, "%s, not %s", text, texts[i].text);
    }
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_values),
    cmocka_unit_test(test_refusals),
    cmocka_unit_test(test_substitution_and_sides),
    cmocka_unit_test(test_fractions),
};

TEST_MAIN(table)
