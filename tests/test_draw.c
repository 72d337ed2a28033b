/* test_draw.c - pixels: tiles of feature maps, coverage of lines and polygons, and a frame on the software renderer. */
#include "app/ui/draw_coverage.h"
#include "app/ui/draw_shapes.h"
#include "app/ui/fonts.h"
#include "app/ui/icon.h"
#include "app/ui/mapcache.h"
#include "app/ui/shell.h"
#include "engine/io/image.h"
#include "tests/check.h"

#include <jansson.h>
#include <unistd.h>

static const float zero = 0, one = 1;

static MapGrid grid_of(const float *data, int h, int w, Colormap map)
{
    return (MapGrid){.data = data, .c = 1, .h = h, .w = w, .map = map, .lo = &zero, .hi = &one, .range_count = 1};
}

/* Grey is t * 255, so the pixels can be worked out by hand. */
static void maps_are_enlarged_by_whole_factors(void **state)
{
    (void)state;
    const float map[4] = {0, 1, 0.2f, NAN};
    const MapGrid grid = grid_of(map, 2, 2, MAP_GREY);
    uint32_t out[6][8];
    map_tile_pixels(&grid, 0, 6, 6, out[0], 8);
    static const uint32_t expected[2][2] = {{0xff000000, 0xffffffff}, {0xff333333, 0xffff00ff}};
    for (int y = 0; y < 6; y++)
        for (int x = 0; x < 6; x++)
            CHECK(out[y][x] == expected[y / 3][x / 3], "pixel %d,%d is %08x", y, x, out[y][x]);
}

static void maps_are_averaged_by_area(void **state)
{
    (void)state;
    uint32_t out[4];
    const float quarter[16] = {0, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1}; /* means .5 0 / 1 .5 */
    const MapGrid whole = grid_of(quarter, 4, 4, MAP_GREY);
    static const uint32_t expected[4] = {0xff808080, 0xff000000, 0xffffffff, 0xff808080};
    map_tile_pixels(&whole, 0, 2, 2, out, 2);
    for (int i = 0; i < 4; i++)
        CHECK(out[i] == expected[i], "4 to 2: pixel %d is %08x", i, out[i]);
    const float three[3] = {1, 0, 0}; /* 3 to 2: the middle value counts half on each side; (1 + 0/2) / 1.5 = 2/3 */
    const MapGrid uneven = grid_of(three, 1, 3, MAP_GREY);
    map_tile_pixels(&uneven, 0, 2, 1, out, 2);
    CHECK(out[0] == 0xffaaaaaa && out[1] == 0xff000000, "3 to 2: %08x %08x", out[0], out[1]);
    float sevens[49];
    for (int i = 0; i < 49; i++)
        sevens[i] = 0.4f;
    const MapGrid flat = grid_of(sevens, 7, 7, MAP_GREY);
    uint32_t many[25];
    map_tile_pixels(&flat, 0, 5, 5, many, 5);
    for (int i = 0; i < 25; i++)
        CHECK(many[i] == 0xff666666, "7 to 5: a flat map stays flat, pixel %d is %08x", i, many[i]);
}

/* What the tile shows is what colormap_color says, for every map. */
static void tiles_agree_with_the_colour_maps(void **state)
{
    (void)state;
    float ramp[64];
    uint32_t out[64];
    for (int map = 0; map < MAP_COUNT; map++) {
        for (int i = 0; i < 64; i++)
            ramp[i] = map == MAP_SIGNED ? (float)i / 31.5f - 1 : (float)i / 63;
        MapGrid grid = grid_of(ramp, 1, 64, (Colormap)map);
        const float lo = -1;
        if (map == MAP_SIGNED)
            grid.lo = &lo;
        map_tile_pixels(&grid, 0, 64, 1, out, 64);
        for (int i = 0; i < 64; i++) {
            Color want = colormap_color((Colormap)map, ramp[i], *grid.lo, 1);
            for (int shift = 0; shift < 24; shift += 8) { /* the signed table has steps of 1/255 */
                int a = (int)(out[i] >> shift & 0xff), b = (int)(want >> (shift + 8) & 0xff);
                CHECK(abs(a - b) <= (map == MAP_SIGNED ? 2 : 0), "map %d at %d: %08x, %08x", map, i, out[i], want);
            }
        }
    }
}

static double area(const Coverage *c)
{
    double sum = 0;
    for (int i = 0; i < c->w * c->h; i++)
        sum += c->alpha[i] / 255.0;
    return sum;
}

static void coverage_adds_up_to_the_area(void **state)
{
    (void)state;
    static const int limits[4] = {0, 0, 100, 100};
    const float square[8] = {10.5f, 10, 20.5f, 10, 20.5f, 20, 10.5f, 20}, triangle[6] = {10, 10, 50, 20, 20, 60};
    const float bow[8] = {0, 0, 10, 10, 10, 0, 0, 10}, line[4] = {10, 10, 40, 50}, bent[6] = {20, 20, 40, 20, 40, 40};
    Coverage c;
    assert_true(coverage_polygon(square, 4, limits, &c));
    CHECK(c.x == 10 && c.w == 11 && c.alpha[0] == 128, "half a pixel at the left edge: %d", c.alpha[0]);
    CHECK_NEAR(area(&c), 100, 0.5, 0, "square");
    coverage_free(&c);
    assert_true(coverage_polygon(triangle, 3, limits, &c));
    CHECK_NEAR(area(&c), 950, 2, 0, "triangle: half of 40*50 - 10*10");
    coverage_free(&c);
    assert_true(coverage_polygon(bow, 4, limits, &c));
    CHECK_NEAR(area(&c), 50, 2, 0, "two triangles that touch");
    coverage_free(&c);
    assert_true(coverage_polyline(line, 2, 3, limits, &c));
    CHECK_NEAR(area(&c), 150 + 7, 4, 0, "50 long, 3 wide, round ends");
    coverage_free(&c);
    assert_true(coverage_polyline(bent, 3, 2, limits, &c));
    int most = 0;
    for (int i = 0; i < c.w * c.h; i++)
        most = c.alpha[i] > most ? c.alpha[i] : most;
    CHECK(most == 255, "the line is solid");
    CHECK_NEAR(area(&c), 2 * 40 + 3, 2, 0, "no segment wipes out another");
    coverage_free(&c);
    const float outside[4] = {-50, -50, -20, -60};
    CHECK(!coverage_polyline(outside, 2, 2, limits, &c), "nothing inside the limits");
}

/* A line or an area that begins further away than an int reaches is drawn where it is inside. */
static void coverage_of_what_begins_far_away(void **state)
{
    (void)state;
    static const int limits[4] = {3, 0, 100, 100};
    const float line[4] = {-1e12f, 20, 1e12f, 20}, area_of[8] = {-1e12f, 10, 1e12f, 10, 1e12f, 20, -1e12f, 20};
    Coverage c;
    assert_true(coverage_polyline(line, 2, 2, limits, &c));
    CHECK(c.x == 3 && c.w == 100, "%d, %d wide", c.x, c.w);
    CHECK_NEAR(area(&c), 200, 1, 0, "100 wide, 2 high");
    coverage_free(&c);
    assert_true(coverage_polygon(area_of, 4, limits, &c));
    CHECK_NEAR(area(&c), 1000, 1, 0, "100 wide, 10 high");
    coverage_free(&c);
}

/* ---- a small App on the software renderer ------------------------------------------------------------------------ */

typedef struct Probe {
    int keys, frames, busy_frames;
    char last_key[32], dropped[64], field[32];
    bool clicked, moving;
    double start;
} Probe;

static void probe_attach(void *user, WakeFn *wake, void *wake_user)
{
    (void)user;
    (void)wake;
    (void)wake_user;
}

static void probe_frame(void *user, Ui *ui)
{
    Probe *p = user;
    p->frames++;
    p->busy_frames -= p->busy_frames > 0;
    ui_address(ui, "conv1");
    float used = ui_text(ui, (Rect){10, 10, 100, 20}, ui_style(FACE_SANS, 13, 0x000000ff), ALIGN_LEFT, "Größe 大小");
    ui_address(ui, NULL);
    ui_text(ui, (Rect){14 + used, 10, 100, 20}, ui_style(FACE_BOLD, 13, 0x000000ff), ALIGN_LEFT, "64×112×112");
    ui_text(ui, (Rect){10, 80, 30, 20}, ui_style(FACE_SANS, 13, 0x000000ff), ALIGN_LEFT, "does not fit");
    ui_fill(ui, (Rect){100, 40, 20, 20}, 0xff8000ff);
    p->clicked = ui_button(ui, ui_id("press", 0), (Rect){10, 40, 60, 24}, "press", BUTTON_PLAIN) || p->clicked;
    static const float maps[8] = {0, 1, 2, 3, 3, 2, 1, 0}, hi = 3;
    const MapGrid grid = {.data = maps, .c = 2, .h = 2, .w = 2, .map = MAP_GREY, .lo = &zero, .hi = &hi, .range_count = 1,
                          .columns = 2, .tile = 20, .gap = 2, .count = 2};
    ui_maps(ui, (Rect){130, 40, 42, 20}, &grid, "3a");
    if (ui->focus == 0 && strcmp(p->last_key, "/") == 0)
        ui_field_focus(ui, ui_id("search", 0));
    if (strcmp(p->last_key, "/") == 0)
        ui_field(ui, ui_id("search", 0), (Rect){10, 110, 120, 24}, "search", p->field, sizeof p->field);
    if (strcmp(p->last_key, "m") == 0 && ui->in.now < p->start + 0.5)
        ui->want_frame = true;
    if (strcmp(p->last_key, "m") != 0)
        p->start = ui->in.now;
}

static void probe_key(void *user, const char *key)
{
    Probe *p = user;
    p->keys++;
    snprintf(p->last_key, sizeof p->last_key, "%s", key);
}

static bool probe_drop(void *user, const char *path)
{
    snprintf(((Probe *)user)->dropped, sizeof ((Probe *)user)->dropped, "%s", path);
    return false;
}

static bool probe_busy(void *user)
{
    return ((Probe *)user)->busy_frames > 0;
}

/* Runs a script; false with a message in err. The folder's files are named by %s in the script. */
static bool run_script(Probe *probe, const char *script, int w, int h, float scale, const char *shot, const char *dump, Err *err)
{
    char path[] = "/tmp/inceptoscope-script-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, script, strlen(script)) == (ssize_t)strlen(script));
    close(fd);
    const App app = {.user = probe, .attach = probe_attach, .frame = probe_frame, .key = probe_key, .drop = probe_drop, .busy = probe_busy};
    const ShellOptions options = {.width = w, .height = h, .scale = scale, .script = path, .screenshot = shot, .dump = dump};
    bool ok = shell_headless(&app, &options, err);
    unlink(path);
    return ok;
}

static void scripts_drive_the_app(void **state)
{
    (void)state;
    Probe p = {0};
    Err err = {""};
    bool ok = run_script(&p, "# a comment\n\nkey Right\nclick 20 50\ndrop a b.png\nkey m\nwait-idle\nexpect Größe 大小 64×112×112\n"
                         "expect-not nothing\nexpect press\ntext /3a\nexpect 3a\nkey Enter\nresize 400 300\nwait 100\n",
                         320, 200, 1, NULL, NULL, &err);
    CHECK(ok, "%s", err.text);
    CHECK(p.clicked && strcmp(p.dropped, "a b.png") == 0, "clicked %d, dropped '%s'", p.clicked, p.dropped);
    CHECK(strcmp(p.field, "3a") == 0, "typed '%s'", p.field);
    CHECK(p.keys == 3, "%d keys reached the App: Right, m, /", p.keys);
    CHECK(p.frames > 30 && p.frames < 80, "half a second of motion takes about 30 frames, not %d", p.frames);
}

static void failing_scripts_name_the_line(void **state)
{
    (void)state;
    static const struct { const char *script, *says; } cases[] = {
        {"key a\nexpect absent text\n", ":2: 'absent text' is not on the screen"},
        {"expect-not press\n", ":1: 'press' is on the screen"},
        {"\n\njump 3\n", ":3: unknown action 'jump'"},
        {"click 3\n", ":1: click needs 2 numbers"},
        {"move 3 4 5\n", ":1: move needs 2 numbers, not '5'"},
        {"resize 0 10\n", ":1: resize needs sides"},
        {"expect-median 5\n", ":1: expect-median: no frame was timed"},
        {"time-frames\nwait 100\nexpect-median 10000\nexpect-slowest 0\n", ":4: the slowest of"},
        {"screenshot /nonexistent/x.png\n", ":1: /nonexistent/x.png"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Probe p = {0};
        Err err = {""};
        CHECK(!run_script(&p, cases[i].script, 320, 200, 1, NULL, NULL, &err), "case %zu passes", i);
        CHECK(strstr(err.text, cases[i].says) != NULL, "case %zu says '%s'", i, err.text);
    }
}

static void screenshots_wait_and_have_the_size_asked_for(void **state)
{
    (void)state;
    char shot[] = "/tmp/inceptoscope-shot-XXXXXX", dump[] = "/tmp/inceptoscope-dump-XXXXXX";
    close(mkstemp(shot));
    close(mkstemp(dump));
    for (int scale = 1; scale <= 2; scale++) {
        Probe p = {.busy_frames = 5};
        Err err = {""};
        CHECK(run_script(&p, "", 320 * scale, 200 * scale, (float)scale, shot, dump, &err), "%s", err.text);
        CHECK(p.busy_frames == 0, "waited for the computation");
        Image image = {0};
        CHECK(image_load(shot, &image, &err), "%s", err.text);
        CHECK(image.w == 320 * scale && image.h == 200 * scale, "%dx%d", image.w, image.h);
        const unsigned char *orange = image.rgb + ((size_t)(50 * scale) * (size_t)image.w + (size_t)(110 * scale)) * 3;
        CHECK(orange[0] == 0xff && orange[1] == 0x80 && orange[2] == 0, "%d %d %d", orange[0], orange[1], orange[2]);
        const unsigned char *map = image.rgb + ((size_t)(45 * scale) * (size_t)image.w + (size_t)(145 * scale)) * 3;
        CHECK(map[0] == 85 && map[1] == 85, "value 1 of 0..3 in grey: %d", map[0]);
        int dark = 0;
        for (int y = 10 * scale; y < 30 * scale; y++)
            for (int x = 10 * scale; x < 100 * scale; x++)
                dark += image.rgb[((size_t)y * (size_t)image.w + (size_t)x) * 3] < 60;
        CHECK(dark > 60 * scale, "the text is there: %d dark pixels", dark);
        image_free(&image);
        json_t *root = json_load_file(dump, 0, NULL), *item, *found = NULL;
        assert_non_null(root);
        size_t i;
        int tiles = 0, clipped = 0;
        json_array_foreach(json_object_get(root, "items"), i, item) {
            const char *role = json_string_value(json_object_get(item, "role"));
            const char *address = json_string_value(json_object_get(item, "address"));
            tiles += strcmp(role, "tile") == 0 && strncmp(address, "3a[", 3) == 0;
            clipped += json_is_true(json_object_get(item, "clipped"));
            if (strcmp(address, "conv1") == 0)
                found = item;
        }
        CHECK(tiles == 2 && clipped == 1, "%d tiles, %d clipped", tiles, clipped);
        CHECK(found != NULL && strcmp(json_string_value(json_object_get(found, "text")), "Größe 大小") == 0, "text");
        json_decref(root);
    }
    unlink(shot);
    unlink(dump);
}

/* Places of the .svg, at a size that divides them and one that does not. */
static void the_icon_shows_the_four_branches(void **state)
{
    (void)state;
    static const struct { int x, y; uint32_t rgba; } places[] = {
        {32, 14, 0xffb27200}, {32, 26, 0xff005ed5}, {32, 38, 0xff739e00}, {32, 50, 0xff9944aa}, {13, 32, 0xfffcfaf8}, {51, 32, 0xfffcfaf8},
        {32, 5, 0xff3b291e}, {5, 32, 0xff3b291e}, {19, 23, 0xffb8a394},
    };
    static uint32_t rgba[128 * 128];
    for (int size = 32; size <= 128; size += 24) {
        icon_draw(rgba, size, &theme_light);
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            const uint32_t got = rgba[places[i].y * size / 64 * size + places[i].x * size / 64];
            if (size == 128 || i < 8) /* the line is thinner than a small icon's pixel */
                CHECK(got == places[i].rgba, "%d,%d of the icon of %d is %08x", places[i].x, places[i].y, size, got);
        }
        CHECK(rgba[0] >> 24 == 0, "its corners are round");
    }
}

/* A text's picture and width are its own, whatever was drawn before in other sizes and faces. */
static void texts_do_not_mix(void **state)
{
    enum { W = 40, H = 32, SIZES = 16, FACES = 2, COUNT = FACES * SIZES * 10 };
    static uint32_t alone[COUNT][W * H];
    static float width[COUNT];
    Err err;
    (void)state;
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormat(0, W, H, 32, SDL_PIXELFORMAT_ARGB8888);
    SDL_Renderer *renderer = SDL_CreateSoftwareRenderer(surface);
    Fonts *shared = fonts_new(&err);
    CHECK(shared != NULL && renderer != NULL, "%s", err.text);
    for (int again = 0; again < 2; again++) /* first each alone, then all out of one cache */
        for (int i = 0; i < COUNT; i++) {
            const TextStyle style = {i / 10 % FACES == 0 ? FACE_SANS : FACE_MONO, (float)(8 + i / 10 / FACES), 0x000000ff};
            const char text[] = {(char)('0' + i % 10), '.', '5', '\0'};
            Fonts *fresh = again == 0 ? fonts_new(&err) : NULL;
            SDL_SetRenderDrawColor(renderer, 255, 255, 255, 255);
            SDL_RenderClear(renderer);
            fonts_draw(again == 0 ? fresh : shared, renderer, style, text, 2, 24);
            const float w = fonts_measure(again == 0 ? fresh : shared, style.face, style.size, text, 3);
            SDL_RenderFlush(renderer);
            if (again == 0) {
                memcpy(alone[i], surface->pixels, sizeof alone[i]);
                width[i] = w;
                fonts_free(fresh);
                continue;
            }
            CHECK(memcmp(alone[i], surface->pixels, sizeof alone[i]) == 0, "%s in size %g is another text's picture", text, (double)style.size);
            CHECK(memcmp(&width[i], &w, sizeof w) == 0, "%s in size %g is %g wide, not %g", text, (double)style.size, (double)w, (double)width[i]);
        }
    fonts_free(shared);
    SDL_DestroyRenderer(renderer);
    SDL_FreeSurface(surface);
}

/* A disc of any size is round: its corners stay empty, its middle and the middles of its edges are full. */
static void discs_are_round(void **state)
{
    enum { SIDE = 48 };
    (void)state;
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormat(0, SIDE, SIDE, 32, SDL_PIXELFORMAT_ARGB8888);
    SDL_Renderer *renderer = SDL_CreateSoftwareRenderer(surface);
    Shapes *shapes = shapes_new(renderer);
    assert_true(renderer != NULL && shapes != NULL);
    for (int edge = 6; edge <= 40; edge++)
        for (float off = -0.6f; off < 0.7f; off += 0.3f) { /* the scale of a screen leaves fractions */
            const float radius = (float)edge / 2 + off;
            SDL_SetRenderDrawColor(renderer, 255, 255, 255, 255);
            SDL_RenderClear(renderer);
            shapes_fill(shapes, (SDL_Rect){4, 4, edge, edge}, radius, 0x000000ff);
            SDL_RenderFlush(renderer);
            const uint32_t *pixels = surface->pixels;
            const int row = surface->pitch / 4, far = 4 + edge - 1, middle = 4 + edge / 2;
            CHECK((pixels[4 * row + 4] & 255) > 200 && (pixels[4 * row + far] & 255) > 200 && (pixels[far * row + 4] & 255) > 200 && (pixels[far * row + far] & 255) > 200,
                  "%d wide, radius %g: it has corners", edge, (double)radius);
            CHECK((pixels[middle * row + middle] & 255) == 0 && (pixels[middle * row + 4] & 255) < 128, "%d wide, radius %g: it is filled", edge, (double)radius);
        }
    shapes_free(shapes);
    SDL_DestroyRenderer(renderer);
    SDL_FreeSurface(surface);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_are_enlarged_by_whole_factors), cmocka_unit_test(maps_are_averaged_by_area),
        cmocka_unit_test(tiles_agree_with_the_colour_maps),   cmocka_unit_test(coverage_adds_up_to_the_area), cmocka_unit_test(coverage_of_what_begins_far_away),
        cmocka_unit_test(scripts_drive_the_app),              cmocka_unit_test(failing_scripts_name_the_line),
        cmocka_unit_test(screenshots_wait_and_have_the_size_asked_for), cmocka_unit_test(the_icon_shows_the_four_branches),
        cmocka_unit_test(texts_do_not_mix),                  cmocka_unit_test(discs_are_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
