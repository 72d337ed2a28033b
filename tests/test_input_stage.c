/* test_input_stage.c - the stage of the input: each plane has its name and its own colour, the preparation is said in words, and a picture
 * whose proportions changed is called squeezed. The bytes of the fitted picture are what the drawn planes must show. */
#include "app/ui/mapcache.h"
#include "tests/program.h"

#include <unistd.h>

/* A network of one convolution with this `preprocess` line. */
static void open_made(Program *p, const char *preprocess)
{
    char path[] = "/tmp/inceptoscope-input-XXXXXX";
    Err err;
    FILE *file = fdopen(mkstemp(path), "w");
    assert_non_null(file);
    fprintf(file, "network made \"Made\"\ninput 3x24x24\nclasses 2\npreprocess %s\nconv conv1 3x3/1 pad=1 4\navgpool pool to=1x1\nfc fc classes\nsoftmax softmax\n", preprocess);
    fclose(file);
    const bool opened = program_open(p, path, 1920, 1080, &err);
    unlink(path);
    CHECK(opened, "%s: %s", preprocess, opened ? "" : err.text);
    program_rest(p);
}

static const MapGrid *planes_of(const Program *p)
{
    for (size_t c = 0; c < p->ui.command_count; c++)
        if (p->ui.commands[c].kind == CMD_MAPS && p->ui.commands[c].maps.c == 3 && p->ui.commands[c].maps.count == 3)
            return &p->ui.commands[c].maps;
    return NULL;
}

typedef struct Case {
    const char *preprocess, *words, *planes[3];
    int colour[3];              /* of each channel: its byte in a pixel */
    double black[3], full[3];
} Case;

static const Case cases[] = {
    {"exact rgb unit mean=0.5 std=0.5", "each byte v becomes 2·v/255 − 1", {"input[0] red", "input[1] green", "input[2] blue"}, {0, 1, 2}, {-1, -1, -1}, {1, 1, 1}},
    {"exact bgr mean=104,117,123", "v − 104 (blue), v − 117 (green), v − 123 (red)", {"input[0] blue", "input[1] green", "input[2] red"}, {2, 1, 0},
     {-104, -117, -123}, {151, 138, 132}},
    {"exact rgb unit mean=0.485,0.456,0.406 std=0.229,0.224,0.225", "(v/255 − 0.485)/0.229 (red), (v/255 − 0.456)/0.224 (green), (v/255 − 0.406)/0.225 (blue)",
     {"input[0] red", "input[1] green", "input[2] blue"}, {0, 1, 2}, {-2.117904, -2.035714, -1.804444}, {2.248908, 2.428571, 2.640000}},
    {"exact rgb unit mean=0 std=1", "each byte v becomes v/255", {"input[0] red", "input[1] green", "input[2] blue"}, {0, 1, 2}, {0, 0, 0}, {1, 1, 1}},
};

static void check_planes(const Program *p, const Case *want)
{
    const MapGrid *grid = planes_of(p);
    uint32_t drawn[24 * 24];
    CHECK(grid != NULL, "%s: no planes", want->preprocess);
    for (int c = 0; c < 3; c++) {
        const int place = want->colour[c];
        CHECK(program_find(p, "text", want->planes[c]) != NULL, "%s: '%s' is not there", want->preprocess, want->planes[c]);
        CHECK_NEAR(grid->lo[c], want->black[c], 1e-5, 0, "%s: black of channel %d", want->preprocess, c);
        CHECK_NEAR(grid->hi[c], want->full[c], 1e-5, 0, "%s: the full colour of channel %d", want->preprocess, c);
        map_tile_pixels(grid, c, 24, 24, drawn, 24);
        for (int i = 0; i < 24 * 24; i++) {
            const int byte = p->model->picture.fitted.rgb[3 * i + place], rgb[3] = {(int)(drawn[i] >> 16 & 255), (int)(drawn[i] >> 8 & 255), (int)(drawn[i] & 255)};
            CHECK(rgb[place] == byte && rgb[(place + 1) % 3] == 0 && rgb[(place + 2) % 3] == 0, "%s: channel %d, pixel %d: byte %d is drawn as %08x", want->preprocess, c, i,
                  byte, drawn[i]);
        }
    }
}

static void planes_have_names_and_their_own_colours(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Program program, *p = &program;
        open_made(p, cases[i].preprocess);
        CHECK(program_find(p, "text", cases[i].words) != NULL, "%s: '%s' is not said", cases[i].preprocess, cases[i].words);
        CHECK(program_find(p, "legend", "tint") != NULL && program_find(p, "text", model_text(p->model, STR_TINT_IS)) != NULL, "%s: no legend", cases[i].preprocess);
        check_planes(p, &cases[i]);
        program_key(p, "m"); /* a chosen map is used here as everywhere */
        CHECK(planes_of(p)->tints == NULL && planes_of(p)->map == MAP_MAGMA && program_find(p, "legend", "magma") != NULL, "%s: in magma", cases[i].preprocess);
        program_close(p);
    }
}

/* The daisy is 640 x 480: a square of it is cut out, or it is squeezed, and only then its proportions change. */
static void squeezed_is_said(void **state)
{
    static const struct { const char *preprocess; bool squeezed; } rules[] = {{"exact rgb mean=0", true}, {"shorter=32 rgb mean=0", false}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        Program program, *p = &program;
        open_made(p, rules[i].preprocess);
        const Item *said = program_find(p, "text", "proportions changed"), *pixel = program_find(p, "text", model_text(p->model, STR_ONE_PIXEL));
        CHECK(pixel != NULL && (said != NULL && said->rect.y < pixel->rect.y) == rules[i].squeezed, "%s: below the photo", rules[i].preprocess);
        program_close(p);
    }
}

/* The colour is part of a plane's name wherever one points at it. */
static void a_plane_is_named_by_its_colour(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    open_made(p, "exact bgr mean=0");
    model_select(p->model, (Cursor){0, 2, 5, 6});
    program_rest(p);
    const Item *selected = program_find(p, "text", model_text(p->model, STR_SELECTED));
    bool named = false;
    for (size_t i = 0; i < p->ui.item_count && selected != NULL; i++)
        named = named || (p->ui.items[i].rect.x >= selected->rect.x && strcmp(p->ui.text + p->ui.items[i].text, "input[2] red") == 0);
    CHECK(named, "the inspector names the colour of what is selected");
    CHECK(model_goto(p->model, "input[2]", "5,6", "value", &err), "%s", err.text);
    program_rest(p);
    CHECK(program_find(p, "text", "input[2] red") != NULL, "the page of one value does not name the colour");
    program_close(p);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(planes_have_names_and_their_own_colours), cmocka_unit_test(squeezed_is_said),
                                          cmocka_unit_test(a_plane_is_named_by_its_colour)};

TEST_MAIN(tests)
