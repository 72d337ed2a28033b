/* test_contrast.c - every text of every view, in both themes, has a contrast of at least 4.5 to what is under it (WCAG 2.1, level AA).
 * What is under a text is found by going through the draw list up to it. Text on maps and pictures is left out: their colours are data. */
#include "app/model/walk.h"
#include "tests/program.h"
#include "tests/sampled.h"
#include "tests/temp_folder.h"
#include "tests/wcag.h"

#include <math.h>

static const double LEAST = 4.5;

/* `over` blended on an opaque `under`. */
static Color blended(Color under, Color over)
{
    const Color mixed = color_mix(under, over, (float)(over & 0xff) / 255);
    return mixed | 0xff;
}

static bool holds(Rect r, float x, float y)
{
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

static bool in_polygon(const float *xy, int count, float x, float y)
{
    bool in = false;
    for (int i = 0, k = count - 1; i < count; k = i++)
        if ((xy[2 * i + 1] > y) != (xy[2 * k + 1] > y) &&
            x < (xy[2 * k] - xy[2 * i]) * (y - xy[2 * i + 1]) / (xy[2 * k + 1] - xy[2 * i + 1]) + xy[2 * i])
            in = !in;
    return in;
}

/* What is drawn at (x, y) before command `end`; false: data (a map, a picture), whose colour can be any. */
static bool under(const Ui *ui, size_t end, float x, float y, Color *out)
{
    Rect clip = {0, 0, ui->width, ui->height};
    bool known = true;
    *out = ui->theme->page;
    for (size_t i = 0; i < end; i++) {
        const Command *c = &ui->commands[i];
        if (c->kind == CMD_CLIP)
            clip = c->rect;
        if (!holds(clip, x, y))
            continue;
        if ((c->kind == CMD_RECT && holds(c->rect, x, y)) ||
            (c->kind == CMD_POLY && in_polygon(ui->points + c->point, c->point_count, x, y))) {
            *out = blended(*out, c->color);
            known = known || (c->color & 0xff) > 0xc0;
        }
        if ((c->kind == CMD_MAPS || c->kind == CMD_PICTURE) && holds(c->rect, x, y))
            known = false;
    }
    return known;
}

/* Every text of the frame on the screen; each kind of defect is said once a view. */
static int check_frame(const Program *p, const char *where)
{
    int texts = 0, bad = 0;
    Color told[64] = {0};
    for (size_t i = 0; i < p->ui.command_count; i++) {
        const Command *c = &p->ui.commands[i];
        Color back;
        if (c->kind != CMD_TEXT || !under(&p->ui, i, c->rect.x + 1, c->rect.y + c->rect.h / 2, &back))
            continue;
        const char *text = p->ui.text + c->text;
        const Color ink = blended(back, c->style.color);
        texts++;
        if (strspn(text, " ") == strlen(text) || wcag_contrast(ink, back) >= LEAST)
            continue;
        bool known = false;
        for (int k = 0; k < bad && k < 64; k++)
            known = known || told[k] == (ink ^ back);
        if (!known && bad < 64) {
            print_error("%s: '%s' is %08x on %08x, %.2f\n", where, text, (unsigned)ink, (unsigned)back, wcag_contrast(ink, back));
            told[bad++] = ink ^ back;
        }
    }
    CHECK(texts > 20, "%s: only %d texts", where, texts);
    return bad;
}

static const struct { const char *at, *keys; } places[] = {
    {"3a", "0"},         {"3a", ""},        {"3a[70]", ""},       {"3a/3x3[78]", "Enter"},  {"3a/3x3[78]", "Enter Enter"}, {"conv1", ""},   {"conv1", "w"},
    {"3a/5x5", "w"},     {"3a", "w"},       {"fc", "w"},          {"norm1", "Enter Enter"}, {"softmax", ""},               {"softmax", "Enter"},
    {"softmax", "Enter Enter"}, {"3a", "c"}, {"5b", "Shift+c"}, {"5b", "Shift+f"},   {"3a", "d"},              {"4b", "l"},                   {"3a", "g"},     {"3a", "g Tab"},  {"3a", "g 2 4 Enter"}, {"3a", "h"},
    {"3a", "?"},         {"3a", "o"},       {"3a", "n"},          {"3a", "/"},              {"3a", "Down"},                {"aux1/fc1", ""}, {"3a[78]", "x"},
    {"input", ""},       {"maxpool2", ""},  {"dropout", ""},      {"avgpool", ""},          {"concat", ""},                {"3a", "Space"}, {"4e", "n Enter"},
    {"3b/3x3[72]", "Shift+r"}, {"4c", "Shift+g"}, {"4c[60]", "Shift+u"}, {"4c/3x3", "Shift+a 1 3 5 7"}, {"3a", "Shift+v"}, {"3a", "Shift+n"},
    {"3b/3x3[72]", "Shift+p Down Right"}, {"3a/1x1[3]", "Shift+e Tab"},
    {"3a", "n PageDown PageDown PageDown PageDown Enter Shift+h"}, /* the last exercise; it stays */
};

static void look(Program *p, const char *what, int *bad)
{
    char where[160];
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (!sampled(i, 4))
            continue;
        const int layer = program_layer(p, places[i].at);
        for (int back = 0; back < 5; back++)
            program_key(p, "Escape");
        if (layer >= 0)
            model_go(p->model, layer);
        program_rest(p);
        for (const char *key = places[i].keys; *key != '\0'; key += strcspn(key, " "), key += *key == ' ') {
            char one[16];
            snprintf(one, sizeof one, "%.*s", (int)strcspn(key, " "), key);
            program_key(p, one);
        }
        snprintf(where, sizeof where, "%s, %s %s", what, places[i].at, places[i].keys);
        *bad += check_frame(p, where);
        if (strstr(places[i].keys, "Space") != NULL)
            program_key(p, "Space");
    }
}

static void of_one_theme(const Theme *theme, const char *network)
{
    Program program, *p = &program;
    Err err;
    int bad = 0;
    CHECK(program_open(p, network, 1366, 768, &err), "%s", err.text);
    p->model->screen.dark = theme == &theme_dark;
    program_rest(p);
    assert_ptr_equal(p->ui.theme, theme);
    look(p, theme->name, &bad);
    program_close(p);
    CHECK(bad == 0, "%d colours", bad);
}

static void in_the_light_theme(void **state)
{
    (void)state;
    of_one_theme(&theme_light, "googlenet");
}

static void in_the_dark_theme(void **state)
{
    (void)state;
    of_one_theme(&theme_dark, "googlenet");
}

/* Seven pictures of seven classes, so that small.net can be judged by them. */
static void make_set(void)
{
    unsigned char rgb[8 * 8 * 3];
    char name[32];
    Err err;
    mkdir(inside("set"), 0777);
    for (int i = 0; i < 7; i++) {
        snprintf(name, sizeof name, "set/%d", i);
        mkdir(inside(name), 0777);
        for (int k = 0; k < 8 * 8 * 3; k++)
            rgb[k] = (unsigned char)(k * (i + 3) % 251);
        snprintf(name, sizeof name, "set/%d/a.png", i);
        CHECK(image_save_png(inside(name), rgb, 8, 8, &err), "%s", err.text);
    }
}

/* Cells of a confusion matrix have numbers on every ground from none to full. */
static void numbers_in_cells(void **state)
{
    (void)state;
    Program program, *p = &program;
    Err err;
    int bad = 0;
    CHECK(program_open(p, "tests/nets/small.net", 1366, 768, &err), "%s", err.text);
    model_view(p->model, VIEW_ACCURACY);
    session_judge(p->session, inside("set"));
    program_key(p, "5");
    program_rest(p);
    for (int i = 0; i < 4; i++) {
        p->model->screen.dark = i % 2;
        model_accuracy_show(p->model, (AccuracyShown){.side = ACCURACY_CHANGED, .pick = i < 2 ? PICK_NONE : PICK_LOST});
        program_rest(p);
        bad += check_frame(p, "accuracy");
    }
    program_close(p);
    CHECK(bad == 0, "%d colours", bad);
}

static int prepare(void **state)
{
    return temp_folder_fill(state, make_set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_the_light_theme), cmocka_unit_test(in_the_dark_theme), cmocka_unit_test(numbers_in_cells)};
    return cmocka_run_group_tests(tests, prepare, temp_folder_remove);
}
