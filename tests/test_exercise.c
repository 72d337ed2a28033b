/* Exercises in the window: chosen in the list of lessons, judged when the network or its file changes, trained beside the window; the drawn
 * pictures; and the pictures that a training sees. */
#include "tests/program.h"
#include "tests/temp_folder.h"
#include "engine/io/file.h"
#include "engine/train/augment.h"
#include "engine/train/figures.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(inside(name), "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "%s", name);
}

static const char small[] = "network mine\ninput 3x32x32\nclasses 4\npreprocess exact rgb unit mean=0.5 std=0.5\nconv conv1 5x5/2 pad=2 8\nmaxpool pool1 3x3/2 ceil-torch\n"
                            "conv conv2 3x3/1 pad=1 12\navgpool avgpool to=1x1\nfc fc classes\nsoftmax softmax\n";

static void click_button(Program *p, const char *text)
{
    const Item *item = program_find(p, "button", text);
    CHECK(item != NULL, "no button '%s'", text);
    program_click(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 2);
}

static bool shows(const Program *p, const char *text)
{
    return program_find(p, "text", text) != NULL;
}

/* The frames until the file's new time is seen. */
static void wait_for(Program *p, const char *network)
{
    for (int i = 0; i < 2000 && strcmp(model_net(p->model)->name, network) != 0; i++) {
        p->in.now += 0.1;
        program_frame(p);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    program_rest(p);
    CHECK(strcmp(model_net(p->model)->name, network) == 0, "'%s' is not shown", network);
}

/* From the list to the end, in English, and the same verdicts in Chinese. */
static void in_the_window(void **state)
{
    Program program, *p = &program;
    Err err;
    char home[4096], text[400], *lessons;
    (void)state;
    CHECK(program_open(p, "tiny", 1366, 768, &err), "%s", err.text);
    const Exercising *x = &p->session->exercising;
    CHECK(getcwd(home, sizeof home) != NULL && asprintf(&lessons, "%s/lessons", home) > 0, "no folder"); /* as the program has it: the folder changes below */
    free(p->session->classroom.lessons_dir);
    p->session->classroom.lessons_dir = lessons;
    program_key(p, "n");
    for (int i = 0; i < 8; i++) /* to the end of the list */
        program_key(p, "PageDown");
    CHECK(program_find(p, "row", "4  Four shapes") != NULL, "the exercises are in the list of lessons");
    program_key(p, "Enter");
    CHECK(x->open && x->exercise.number == 4, "Enter opens it: %s", x->exercise.path);
    CHECK(x->held == 2 && !exercising_solved(x) && shows(p, "1x6x6 = 3x32x32"), "tiny has convolutions and few parameters: %d", x->held);
    CHECK(shows(p, "There are four kinds."), "what is said of a check that does not hold");
    program_key(p, "Shift+l");
    CHECK(x->training == NULL && p->model->status_bad, "nothing is trained before the checks hold");
    program_key(p, "Shift+h");
    CHECK(x->hints == 1 && program_find(p, "text", "Hint 1:") != NULL, "a hint");

    CHECK(chdir(inside("")) == 0, "the folder");
    click_button(p, "Begin with a copy");
    CHECK(strcmp(model_net(p->model)->name, "shapes") == 0 && x->held == 2 && file_time(inside("exercise-04-four-shapes.net"), NULL) != 0, "a copy of the start is open: %s, %d",
          model_net(p->model)->name, x->held);
    write_file("exercise-04-four-shapes.net", small);
    wait_for(p, "mine");
    CHECK(chdir(home) == 0, "back");
    CHECK(x->held == x->exercise.check_count && !exercising_solved(x), "the saved file holds all checks: %d", x->held);
    click_button(p, "Train");
    program_rest(p);
    snprintf(text, sizeof text, "%d of %d pictures", x->seen.val_right, x->seen.val_count);
    CHECK(x->training == NULL && x->seen.epoch == 10 && x->seen.val_count == FIGURES_VAL && x->seen.train_count == FIGURES_TRAIN && shows(p, text), "trained: %s", text);
    CHECK(x->seen.train_right > FIGURES_TRAIN / 2, "it learns: %d of %d", x->seen.train_right, x->seen.train_count);
    program_key(p, "z");
    CHECK(x->open && strstr(x->exercise.path, "/zh/") != NULL && x->seen.epoch == 10 && shows(p, "四种形状"), "the language changes, the result stays: %s", x->exercise.path);
    program_key(p, "z");
    click_button(p, "leave exercise");
    CHECK(!x->open, "left");
    program_close(p);
}

/* A lesson's steps with the same network and other numbers of classes, forth and back, and the window's own at the end. */
static void classes_of_steps(void **state)
{
    static const int classes[] = {3, 10, 7, 2};
    Program program, *p = &program;
    Err err;
    (void)state;
    write_file("01-classes.lesson", "title: Classes\nstep: a\nat: output\nnetwork: lenet5\nclasses: 3\nsay: {out_c(output)}\nstep: b\nat: output\nnetwork: lenet5\nsay: {out_c(output)}\n"
                                    "step: c\nat: output\nnetwork: lenet5\nclasses: 7\nsay: {out_c(output)}\nstep: d\nat: fc\nsay: Own.\n");
    CHECK(program_open(p, "tiny", 1366, 768, &err), "%s", err.text);
    session_open_lesson(p->session, inside("01-classes.lesson"));
    program_rest(p);
    for (int i = 0; i < 4; i++) {
        CHECK(net_scores(model_net(p->model), 0) == classes[i], "step %d shows %d classes: %s", i, net_scores(model_net(p->model), 0), p->model->status);
        program_key(p, i < 3 ? "Space" : "Backspace");
    }
    CHECK(net_scores(model_net(p->model), 0) == 7, "back");
    session_leave_lesson(p->session);
    program_rest(p);
    CHECK(net_scores(model_net(p->model), 0) == 2, "the window's own");
    program_close(p);
}

/* An exercise and a lesson have the same place: the one closes the other. */
static void one_at_a_time(void **state)
{
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "tiny", 1366, 768, &err), "%s", err.text);
    session_open_exercise(p->session, "lessons/exercises/en/02-small-classifier.exercise");
    program_rest(p);
    CHECK(p->session->exercising.open && p->session->exercising.held == 2, "%d", p->session->exercising.held);
    session_open_lesson(p->session, "lessons/en/12-by-hand.lesson");
    program_rest(p);
    CHECK(!p->session->exercising.open && classroom_is_open(&p->session->classroom), "the lesson");
    session_open_exercise(p->session, "lessons/exercises/en/02-small-classifier.exercise");
    program_rest(p);
    CHECK(p->session->exercising.open && !classroom_is_open(&p->session->classroom), "the exercise");
    session_open_exercise(p->session, "lessons/exercises/en/none.exercise");
    CHECK(p->session->exercising.open && p->model->status_bad, "what cannot be read changes nothing");
    program_close(p);
}

static void figures(void **state)
{
    static unsigned char a[32 * 32 * 3], b[sizeof a];
    Err err = {""};
    (void)state;
    for (int f = 0; f < FIGURES; f++) {
        int ink[256] = {0}, colours = 0;
        figure_draw((Figure)f, 1, 5, 32, 32, a);
        figure_draw((Figure)f, 1, 5, 32, 32, b);
        CHECK(memcmp(a, b, sizeof a) == 0, "figure %d is drawn from its seed", f);
        figure_draw((Figure)f, 1, 6, 32, 32, b);
        CHECK(memcmp(a, b, sizeof a) != 0, "figure %d: each has its own place and colours", f);
        for (size_t i = 0; i < sizeof a; i += 3)
            ink[a[i]]++;
        for (int i = 0; i < 256; i++)
            colours += ink[i] > 0;
        CHECK(colours == 2, "figure %d has ink and paper, %d reds", f, colours);
    }
    /* The same training twice; another number of threads changes no bit; the true number of steps. */
    Net *net = net_parse(small, sizeof small - 1, "small", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    FiguresSeen one, two;
    CHECK(figures_train(&(FiguresTask){.engine = &fast_engine, .net = net, .epochs = 2, .threads = 1, .seed = 3}, &one, &err), "%s", err.text);
    CHECK(figures_train(&(FiguresTask){.engine = &fast_engine, .net = net, .epochs = 2, .threads = 2, .seed = 3}, &two, &err), "%s", err.text);
    CHECK(memcmp(&one, &two, sizeof one) == 0 && one.epoch == 2 && one.batches == FIGURES_TRAIN / FIGURES_BATCH, "%d %d, %d %d", one.val_right, two.val_right, one.train_right, two.train_right);
    Stop stop = {0};
    stop_ask(&stop);
    CHECK(!figures_train(&(FiguresTask){.engine = &fast_engine, .net = net, .epochs = 2, .threads = 1, .seed = 3, .stop = &stop}, &two, &err) && two.epoch == 0, "stopped");
    net_free(net);
    Net *tiny = net_open("tiny", "assets/networks", NULL, &err);
    CHECK(!figures_fit(tiny, &err) && strstr(err.text, "three colours") != NULL, "%s", err.text);
    net_free(tiny);
}

/* The crops on the stage are those of the trainer: the same numbers, picture by picture. */
static void crops(void **state)
{
    Program program, *p = &program;
    Err err;
    char text[64];
    (void)state;
    CHECK(program_open(p, "tests/nets/small.net", 1366, 768, &err), "%s", err.text);
    program_key(p, "Shift+v");
    program_key(p, "Right");
    const Crops *c = &p->model->crops;
    const Image *photo = &p->model->picture.original;
    CHECK(c->done == 1 + CROPS_COUNT && c->made_seed == 2 && p->model->view == VIEW_CROPS, "%d", c->done);
    for (int i = 0; i < CROPS_COUNT; i++) {
        const Crop crop = augment_crop(photo->w, photo->h, 0.08, augment_rng(2, i, 0));
        const Shape in = model_net(p->model)->input;
        Image made;
        CHECK(augment_apply(photo, crop, in.w, in.h, &made, &err), "%s", err.text);
        CHECK(made.w == c->seen[i].image.w && memcmp(made.rgb, c->seen[i].image.rgb, (size_t)made.w * (size_t)made.h * 3) == 0, "crop %d is another picture", i);
        image_free(&made);
        const float *probs = crops_probs(c, i);
        double sum = 0;
        for (int k = 0; probs != NULL && k < c->scores; k++)
            sum += (double)probs[k];
        CHECK(fabs(sum - 1) < 1e-5, "crop %d: probabilities of %g", i, sum);
        snprintf(text, sizeof text, "epoch %d · ", i + 1);
        CHECK(program_find(p, "text", text) != NULL, "'%s' is not on the stage", text);
    }
    Prediction own;
    Guess best;
    CHECK(model_prediction(p->model, &own) && model_top(p->model, &best, 1) == 1 && fabsf(crops_probs(c, -1)[best.index] - best.prob) < 1e-6f, "the picture as it is");
    program_close(p);
    CHECK(program_open(p, "tiny", 1366, 768, &err), "%s", err.text);
    model_take_picture(p->model, (Picture){.path = ""});
    program_close(p);
}

/* Every number of the chart is that of the network's own count. */
static void lineage(void **state)
{
    static const struct { const char *title, *params, *macs; int64_t dense; } known[] = {
        {"LeNet-5", "61,706", "416,520", 11014},           {"AlexNet", "60,965,224", "724,406,816", 58631144}, {"ZFNet", "62,357,608", "1,168,032,896", -1},
        {"VGG16", "138,357,544", "15,470,264,320", 123642856}, {"VGG19", "143,667,240", "19,632,062,464", 123642856}, {"GoogLeNet", "6,998,552", "1,582,671,872", 1025000},
    };
    Program program, *p = &program;
    Err err;
    (void)state;
    CHECK(program_open(p, "tests/nets/small.net", 1366, 768, &err), "%s", err.text);
    program_key(p, "Shift+n");
    const Lineage *l = &p->model->lineage;
    CHECK(l->count == 7 && l->problem.text[0] == '\0', "%d rows: %s", l->count, l->problem.text);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        CHECK(strstr(l->rows[i].title, known[i].title) != NULL && program_find(p, "row", known[i].title) != NULL, "row %zu is %s", i, l->rows[i].title);
        CHECK(program_find(p, "text", known[i].params) != NULL && program_find(p, "text", known[i].macs) != NULL, "the counts of %s", known[i].title);
        CHECK(known[i].dense < 0 || l->rows[i].dense == known[i].dense, "%s: %lld in fully connected layers", known[i].title, (long long)l->rows[i].dense);
    }
    CHECK(l->rows[6].year == 0 && l->rows[6].params == p->model->trace.main.params && l->rows[6].classes == 7, "the network on the stage");
    program_close(p);
}

int main(void)
{
    const struct CMUnitTest all[] = {cmocka_unit_test(in_the_window), cmocka_unit_test(classes_of_steps), cmocka_unit_test(one_at_a_time), cmocka_unit_test(figures), cmocka_unit_test(crops), cmocka_unit_test(lineage)};
    return cmocka_run_group_tests(all, temp_folder_make, temp_folder_remove);
}
