/* GIFs that we write are read back by stb_image: colours within the palette's coarseness, tables that fill up, frames that repeat. */
#include "tests/check.h"
#include "engine/base/rng.h"
#include "engine/io/gif.h"
#include "engine/io/image.h"

#include <unistd.h>

static void check_first(const unsigned char *rgb, int w, int h, int tolerance, const char *what)
{
    char path[] = "/tmp/inceptoscope-gif-XXXXXX";
    Err err;
    Image back;
    close(mkstemp(path));
    Gif *gif = gif_new(w, h, &err);
    CHECK(gif != NULL && gif_frame(gif, rgb, 0.5, &err) && gif_save(gif, path, &err), "%s: %s", what, err.text);
    gif_free(gif);
    CHECK(image_load(path, &back, &err), "%s: %s", what, err.text);
    assert_int_equal(back.w, w);
    assert_int_equal(back.h, h);
    for (int i = 0; i < w * h * 3; i++)
        CHECK(abs(back.rgb[i] - rgb[i]) <= tolerance, "%s: byte %d is %d, not %d", what, i, back.rgb[i], rgb[i]);
    image_free(&back);
    unlink(path);
}

static void test_round_trip(void **state)
{
    enum { W = 301, H = 203 };
    unsigned char *rgb = malloc(W * H * 3);
    Rng rng = rng_make(3, 0);
    (void)state;
    for (int i = 0; i < W * H; i++) /* noise of 64 colours on a grid of 8: exact, and the code table fills up again and again */
        for (int k = 0; k < 3; k++)
            rgb[3 * i + k] = (unsigned char)((int)(rng_uniform(&rng) * 4) * 64 + 8);
    check_first(rgb, W, H, 0, "noise");
    for (int i = 0; i < W * H; i++) {
        rgb[3 * i] = (unsigned char)(i % W * 255 / W);
        rgb[3 * i + 1] = (unsigned char)(i / W * 255 / H);
        rgb[3 * i + 2] = 128;
    }
    check_first(rgb, W, H, 16, "gradient");
    memset(rgb, 77, W * H * 3);
    check_first(rgb, W, H, 0, "one colour");
    check_first(rgb, 1, 1, 0, "one pixel");
    free(rgb);
}

static void test_frames(void **state)
{
    unsigned char a[12] = {0}, b[12] = {255, 255, 255};
    Err err;
    (void)state;
    Gif *gif = gif_new(2, 2, &err);
    CHECK(!gif_save(gif, "/tmp/none.gif", &err) && strstr(err.text, "no frame") != NULL, "%s", err.text);
    CHECK(gif_frame(gif, a, 0.1, &err) && gif_frame(gif, a, 0.1, &err) && gif_frame(gif, b, 0.1, &err), "%s", err.text);
    assert_int_equal(gif_frames(gif), 2); /* the second is the first, longer */
    CHECK(!gif_save(gif, "/no/such/folder/a.gif", &err) && strstr(err.text, "/no/such/folder/a.gif") != NULL, "%s", err.text);
    gif_free(gif);
    CHECK(gif_new(0, 5, &err) == NULL && gif_new(70000, 5, &err) == NULL, "sizes");
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip), cmocka_unit_test(test_frames)};
TEST_MAIN(tests)
