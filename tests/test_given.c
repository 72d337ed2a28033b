/* Networks that bring their own numbers (tiny.net), and networks that read grey pictures. */
#include "check.h"

#include "app/model/picture.h"
#include "app/model/source.h"

static void test_weights_of_the_description(void **state)
{
    (void)state;
    Source source;
    Err err = {""};
    CHECK(source_open(&source, &(SourceOptions){.network = "tiny", .networks_dir = "assets/networks"}, &err), "%s", err.text);
    CHECK(!source.untrained && strstr(source.info.why, "the network's description") != NULL, "%s", source.info.why);
    /* conv1's first kernel in tiny.net: -1 0 1 three times. */
    CHECK_NEAR(source.weights[0], -1, 0, 0, "first weight");
    CHECK_NEAR(source.weights[2], 1, 0, 0, "third weight");
    source_free(&source);
}

static void test_picture_of_the_description(void **state)
{
    (void)state;
    Err err = {""};
    Net *net = net_open("tiny", "assets/networks", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    Picture p;
    CHECK(picture_given(net, &p, &err), "%s", err.text);
    CHECK(p.fitted.w == 6 && p.fitted.h == 6 && p.path[0] == '\0' && strcmp(p.name, "tiny.net") == 0, "%s", p.name);
    CHECK_NEAR(p.x[7], 2, 0, 0, "the description's number");
    CHECK(p.fitted.rgb[7 * 3] == 255 && p.fitted.rgb[0] == 0, "drawn in grey");
    picture_free(&p);
    net_free(net);
}

/* Grey values as PIL's convert("L") gives them (tests with PIL 9.4). */
static void test_grey_input(void **state)
{
    (void)state;
    unsigned char rgb[] = {255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 255, 255, 255, 200, 17, 99};
    static const int want[] = {76, 150, 29, 18, 255, 81};
    static const char text[] = "network n\ninput 1x2x3\npreprocess exact rgb mean=0\nconv c 1x1/1 1\n";
    Err err = {""};
    Net *net = net_parse(text, strlen(text), "n.net", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    float x[6];
    image_values(&(Image){.w = 3, .h = 2, .rgb = rgb}, net, x);
    for (int i = 0; i < 6; i++)
        CHECK_NEAR(x[i], want[i], 0, 0, "pixel %d", i);
    net_free(net);
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_weights_of_the_description),
    cmocka_unit_test(test_picture_of_the_description),
    cmocka_unit_test(test_grey_input),
};

TEST_MAIN(table)
