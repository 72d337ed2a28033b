/* test_accuracy_view.c - accuracy on the screen: a folder is chosen, every number is that of a network judged from scratch, whatever is
 * changed and in whatever order, a cell lists its pictures and a picture opens, and nothing is clipped in any size or language. */
#include "app/model/judge.h"
#include "engine/base/safe_file.h"
#include "tests/program.h"
#include "tests/temp_folder.h"

enum { CLASSES = 7, EACH = 3, SIDE = 40, PICTURES = CLASSES * EACH };

static void make_pictures(void)
{
    static unsigned char rgb[SIDE * SIDE * 3];
    Err err;
    char name[64];
    mkdir(inside("set"), 0777);
    for (int i = 0; i < PICTURES; i++) {
        for (int k = 0; k < SIDE * SIDE * 3; k++) {
            const int x = k / 3 % SIDE, y = k / 3 / SIDE;
            rgb[k] = (unsigned char)((x * (i % 5) * 3 + y * (i % 3) * 7 + (x * y >> (i % 6)) + k % 3 * 40 * i) & 255);
        }
        snprintf(name, sizeof name, "set/kind%d", i / EACH);
        mkdir(inside(name), 0777);
        snprintf(name, sizeof name, "set/kind%d/%d.png", i / EACH, i);
        CHECK(image_save_png(inside(name), rgb, SIDE, SIDE, &err), "%s", err.text);
    }
    CHECK(safe_file_put(inside("set/kind6/x.png"), "\x89PNG no more", 12, &err), "%s", err.text); /* the last one */
}

static void open_program(Program *p, float w, float h)
{
    Err err;
    CHECK(program_open(p, "tests/nets/small.net", w, h, &err), "%s", err.text);
    model_view(p->model, VIEW_ACCURACY);
    program_rest(p);
}

static const AccuracyModel *accuracy(const Program *p)
{
    return &p->model->accuracy;
}

static void tap_item(Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    program_click(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 2);
    program_rest(p);
}

static bool shows(const Program *p, const char *part)
{
    return program_find(p, "text", part) != NULL;
}

/* The network with a knife and weights, as one of its own. */
static Accuracy scratch(const Program *p, const Knife *knife, const float *weights)
{
    Err err = {""};
    Net net;
    float *cut = malloc(model_net(p->model)->weight_count * sizeof *cut);
    assert_true(cut != NULL && knife_net(knife, model_net(p->model), &net));
    knife_cut(knife, model_net(p->model), weights, cut);
    const JudgeSetup setup = {.engine = p->model->engine, .net = &net, .weights = cut, .set = accuracy_dataset(accuracy(p)), .class_of = accuracy_class_of(accuracy(p))};
    Judge *j = judge_new(&setup, &err);
    CHECK(j != NULL, "%s", err.text);
    while (judge_step(j))
        ;
    Accuracy out = *judge_result(j, false), copy;
    assert_true(accuracy_make(&copy, out.classes, setup.set->count));
    for (int i = 0; i < setup.set->count; i++)
        accuracy_count(&copy, i, setup.class_of[setup.set->samples[i].label], out.pictures[i]);
    CHECK(copy.count == out.count && copy.top1 == out.top1, "counted twice");
    judge_free(j);
    free(net.layers);
    free(cut);
    return copy;
}

static void expect_scratch(const Program *p, AccuracySide side, const Knife *knife, const float *weights, const char *what)
{
    Accuracy s = scratch(p, knife, weights);
    const Accuracy *a = accuracy_of(accuracy(p), side);
    CHECK(a != NULL && a->count == PICTURES && s.count == PICTURES && a->top1 == s.top1 && a->top5 == s.top5, "%s", what);
    CHECK(accuracy_ece(a) == accuracy_ece(&s), "%s: calibration", what);
    for (int i = 0; i < PICTURES; i++)
        CHECK(a->pictures[i].answer == s.pictures[i].answer && a->pictures[i].prob == s.pictures[i].prob && a->pictures[i].rank == s.pictures[i].rank, "%s, picture %d", what, i);
    assert_memory_equal(a->confusion, s.confusion, (size_t)(a->classes * a->classes) * sizeof(int));
    accuracy_free(&s);
}

/* Keys change the network, one thing on top of the other and back, with the window's own what-ifs between them; each time both sides are
 * what they are from scratch. */
static void test_every_change_is_scratch(void **state)
{
    Program program, *p = &program;
    static const char *const keys[] = {"", "1", "1", "3", "4", "3", "5", "7", "6", "6", "5", "2", "e", "x", "1", "u", "7", "7", "7"};
    int moved = 0;
    (void)state;
    open_program(p, 1366, 768);
    CHECK(shows(p, "Choose a folder with one folder"), "it says how it begins");
    model_go(p->model, program_layer(p, "5a/3x3"));
    session_judge(p->session, inside("set"));
    program_rest(p);
    CHECK(p->model->view == VIEW_ACCURACY && shows(p, "22 pictures of 7 classes in set") && shows(p, "x.png"), "the folder, and what cannot be read");
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        const AccuracyModel *a = accuracy(p);
        if (keys[k][0] == 'x')
            model_scale(p->model, program_layer(p, "conv1"), 0, 3, 0);
        else if (keys[k][0] != '\0')
            program_key(p, keys[k]);
        program_rest(p);
        CHECK(a->folder[0] == '/' && !accuracy_busy(a) && accuracy_done(a, ACCURACY_OWN) == PICTURES + 1, "%zu: it is complete", k);
        expect_scratch(p, ACCURACY_OWN, &knife_none, p->model->source->source.weights, keys[k]);
        const bool changes = knife_cuts(&a->knife) || p->model->what_if.weights != NULL;
        CHECK((accuracy_of(a, ACCURACY_CHANGED) != NULL) == changes && (program_find(p, "button", "undo all changes") != NULL) == changes, "%zu: two sides", k);
        if (!changes)
            continue;
        expect_scratch(p, ACCURACY_CHANGED, &a->knife, model_weights(p->model), keys[k]);
        const int now_right = accuracy_moved(a, PICK_WON), now_wrong = accuracy_moved(a, PICK_LOST);
        CHECK(now_right - now_wrong == accuracy_of(a, ACCURACY_CHANGED)->top1 - accuracy_of(a, ACCURACY_OWN)->top1, "%zu: pictures that moved", k);
        moved += now_right + now_wrong;
    }
    CHECK(moved > 0, "the changes change no answer");
    CHECK(!knife_cuts(&accuracy(p)->knife), "the last key undoes the last change");
    program_close(p);
}

/* A cell lists its pictures, so do those that moved and a bin; a click opens one. */
static void test_lists_and_pictures(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_program(p, 1366, 768);
    const AccuracyModel *a = accuracy(p);
    p->app.drop(p->app.user, inside("set")); /* in this view a dropped folder judges */
    program_rest(p);
    tap_item(p, "choice", "2 bits");
    CHECK(a->knife.bits == 2 && accuracy_of(a, ACCURACY_CHANGED) != NULL, "a click rounds");
    tap_item(p, "choice", "changed");
    CHECK(a->shown.side == ACCURACY_CHANGED, "the matrix of the changed network");
    const Judgement v = accuracy_of(a, ACCURACY_CHANGED)->pictures[0];
    char cell[96], path[1200];
    snprintf(cell, sizeof cell, v.answer == 0 ? "kind0, answered right" : "kind0, answered kind%d", v.answer);
    tap_item(p, "cell", cell);
    int listed = 0;
    for (int i = 0; i < PICTURES; i++)
        if (accuracy_picked(a, i)) {
            CHECK(i < EACH && accuracy_of(a, ACCURACY_CHANGED)->pictures[i].answer == v.answer, "picture %d", i);
            listed++;
        }
    CHECK(listed == accuracy_of(a, ACCURACY_CHANGED)->confusion[v.answer], "all of them");
    snprintf(path, sizeof path, "%s", accuracy_dataset(a)->samples[0].path);
    CHECK(program_find(p, "judged", path) != NULL, "its row");
    tap_item(p, "button", "‹ back");
    CHECK(a->shown.pick == PICK_NONE && program_find(p, "judged", path) == NULL, "back to the charts");
    tap_item(p, "choice", "now wrong");
    CHECK(a->shown.pick == PICK_LOST, "those that moved");
    tap_item(p, "choice", "now wrong");
    tap_item(p, "bin", "as it is");
    CHECK(a->shown.pick == PICK_BIN, "those of a confidence");
    tap_item(p, "cell", cell);
    session_do(p->session, VERB_COPY_ADDRESS);
    CHECK(strstr(p->session->wishes.copy, "--view accuracy --bits 2") != NULL && strstr(p->session->wishes.copy, " --eval-set '/") != NULL, "%s", p->session->wishes.copy);
    tap_item(p, "judged", path);
    CHECK(strcmp(p->model->picture.path, path) == 0 && p->model->view == VIEW_OVERVIEW, "the picture, in the network");
    program_close(p);
}

/* Escape stops and does not leave; going on ends with the same. A folder that is not there is named. */
static void test_stop(void **state)
{
    Program program, *p = &program;
    (void)state;
    open_program(p, 1366, 768);
    session_judge(p->session, inside("set"));
    program_frame(p);
    session_key(p->session, "Escape");
    CHECK(p->model->view == VIEW_ACCURACY && accuracy(p)->stopped, "Escape stops");
    program_rest(p);
    CHECK(accuracy_done(accuracy(p), ACCURACY_OWN) <= PICTURES + 1 && program_find(p, "button", "go on") != NULL, "it can go on");
    tap_item(p, "button", "go on");
    CHECK(!accuracy(p)->stopped && accuracy_done(accuracy(p), ACCURACY_OWN) == PICTURES + 1, "all of them in the end");
    expect_scratch(p, ACCURACY_OWN, &knife_none, p->model->source->source.weights, "after a stop");
    session_key(p->session, "Escape");
    CHECK(p->model->view != VIEW_ACCURACY, "nothing to stop: Escape leaves");
    model_view(p->model, VIEW_ACCURACY);
    session_judge(p->session, inside("nowhere"));
    program_rest(p);
    CHECK(accuracy(p)->failed && shows(p, "nowhere"), "a folder that is not there is named");
    session_judge(p->session, inside("set"));
    program_rest(p);
    CHECK(!accuracy(p)->failed && accuracy_of(accuracy(p), ACCURACY_OWN) != NULL, "another one is taken");
    program_close(p);
}

static void test_nothing_is_clipped(void **state)
{
    static const struct { float w, h; bool presenter; } sizes[] = {{800, 600, false}, {1024, 768, false}, {1366, 768, false}, {1120, 630, true}, {1920, 1080, false}};
    Program program, *p = &program;
    (void)state;
    open_program(p, 1366, 768);
    session_judge(p->session, inside("set"));
    model_go(p->model, program_layer(p, "5a/3x3"));
    for (int key = '1'; key <= '7'; key++)
        program_key(p, (char[]){(char)key, '\0'});
    program_rest(p);
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof sizes[0]; i++)
        for (int listed = 0; listed < 2; listed++) {
            p->width = sizes[i / 2].w;
            p->height = sizes[i / 2].h;
            p->model->screen.lang = i % 2 ? LANG_ZH : LANG_EN;
            model_accuracy_show(p->model, (AccuracyShown){.pick = listed ? PICK_CELL : PICK_NONE, .label = 0, .answer = accuracy_of(accuracy(p), ACCURACY_OWN)->pictures[0].answer});
            program_rest(p);
            for (size_t k = 0; k < p->ui.item_count; k++)
                CHECK(!p->ui.items[k].clipped, "%gx%g, %s: '%s' is clipped", (double)p->width, (double)p->height, lang_code(p->model->screen.lang), p->ui.text + p->ui.items[k].text);
        }
    program_close(p);
}

static int prepare(void **state)
{
    return temp_folder_fill(state, make_pictures);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_change_is_scratch), cmocka_unit_test(test_lists_and_pictures), cmocka_unit_test(test_stop), cmocka_unit_test(test_nothing_is_clipped),
    };
    return cmocka_run_group_tests(tests, prepare, temp_folder_remove);
}
