/* The model's verbs: where each step leads, what selecting and going back do, addresses, what if, files that cannot be opened. */
#include "tests/check.h"
#include "tests/program.h"
#include "app/model/walk.h"
#include "app/session/experiment.h"

#include <unistd.h>

#define AT(address) CHECK(p->model->at == program_layer(p, address), "at %s, not %s", model_net(p->model)->layers[p->model->at].name, address)

static void test_walk(void **state)
{
    static const char *const stops[] = {"input", "conv1", "maxpool1", "norm1", "conv2", "conv3", "norm2", "maxpool2", "3a", "3b", "maxpool3", "4a", "4b",
                                        "4c", "4d", "4e", "maxpool4", "5a", "5b", "avgpool", "dropout", "fc", "softmax"};
    Program *p = *state;
    program_key(p, "Home");
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        AT(stops[i]);
        program_key(p, "Right");
    }
    AT("softmax"); /* the end stays the end */
    program_key(p, "Left");
    AT("fc");
    program_key(p, "Home");
    AT("input");
    program_key(p, "Left");
    AT("input");
    program_key(p, "End");
    AT("softmax");
}

static void test_module(void **state)
{
    static const char *const inner[] = {"3a/1x1", "3a/3x3_reduce", "3a/3x3", "3a/5x5_reduce", "3a/5x5", "3a/pool", "3a/pool_proj", "3a", "3b"};
    Program *p = *state;
    model_go(p->model, program_layer(p, "3a"));
    program_key(p, "Down");
    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
        AT(inner[i]);
        program_key(p, "Right");
    }
    model_go(p->model, program_layer(p, "3a/5x5"));
    program_key(p, "Up");
    AT("3a");
    program_key(p, "Enter"); /* deeper without a selection: the 3x3 branch */
    AT("3a/3x3");
    program_key(p, "Tab");
    AT("3a/5x5");
    program_key(p, "Escape");
    AT("3a");
}

static void test_heads(void **state)
{
    Program *p = *state;
    model_go(p->model, program_layer(p, "4b"));
    program_key(p, "a");
    AT("aux1/avgpool");
    program_key(p, "Right");
    AT("aux1/conv");
    program_key(p, "a");
    AT("aux2/avgpool");
    program_key(p, "Up");
    AT("4d");
}

static void test_select(void **state)
{
    Program *p = *state;
    Err err;
    CHECK(model_goto(p->model, "3a/3x3[78]", "12,15", NULL, &err), "%s", err.text);
    AT("3a/3x3");
    assert_int_equal(p->model->cursor.channel, 78);
    assert_int_equal(p->model->cursor.y, 12);
    program_key(p, "j"); /* the same value of the concat */
    AT("3a");
    assert_int_equal(p->model->cursor.channel, 142);
    assert_int_equal(p->model->cursor.x, 15);
    program_key(p, "Enter");
    assert_int_equal(p->model->view, VIEW_VALUE);
    program_key(p, "Right");
    assert_int_equal(p->model->cursor.x, 16);
    program_key(p, "Escape"); /* one level each */
    assert_int_equal(p->model->view, VIEW_STAGE);
    program_key(p, "Escape");
    assert_int_equal(p->model->cursor.y, -1);
    assert_int_equal(p->model->cursor.channel, 142);
    program_key(p, "Escape");
    assert_int_equal(p->model->cursor.channel, -1);
    AT("3a");
    /* A branch's map selected in the module keeps the module on the stage. */
    model_select(p->model, (Cursor){program_layer(p, "3a/5x5"), 7, -1, -1});
    AT("3a");
    program_key(p, "Enter");
    AT("3a/5x5");
    assert_int_equal(p->model->cursor.channel, 7);
    program_key(p, "PageDown");
    assert_int_equal(p->model->cursor.channel, 8);
    program_key(p, "Right");
    assert_int_equal(p->model->cursor.channel, -1);
}

static void test_address(void **state)
{
    Program *p = *state;
    Err err;
    char text[192];
    CHECK(model_goto(p->model, "3a/3x3[78]", "12,15", "value", &err), "%s", err.text);
    model_address(p->model, text, sizeof text);
    assert_string_equal(text, "--at '3a/3x3[78]' --pos 12,15 --view value");
    const Cursor before = p->model->cursor;
    CHECK(!model_goto(p->model, "3z", NULL, NULL, &err) && strstr(err.text, "nearest") != NULL, "%s", err.text);
    CHECK(!model_goto(p->model, "3a[256]", NULL, NULL, &err) && strstr(err.text, "256") != NULL, "%s", err.text);
    CHECK(!model_goto(p->model, "3a", "28,0", NULL, &err) && strstr(err.text, "28 x 28") != NULL, "%s", err.text);
    CHECK(!model_goto(p->model, "3a", NULL, "nowhere", &err) && strstr(err.text, "views are") != NULL, "%s", err.text);
    CHECK(memcmp(&before, &p->model->cursor, sizeof before) == 0, "a refused address moved the cursor");
}

static void test_lesson(void **state)
{
    Program *p = *state;
    program_key(p, "Home");
    session_open_lesson(p->session, "lessons/en/03-inception-3a.lesson");
    program_rest(p);
    AT("3a");
    program_key(p, "Space");
    AT("3a/1x1");
    CHECK(classroom_answer(&p->session->classroom) == ANSWER_OPEN, "revealed too early");
    program_key(p, "Space");
    CHECK(classroom_answer(&p->session->classroom) == ANSWER_SHOWN, "Space reveals");
    assert_int_equal(p->session->classroom.answers.step, 1);
    program_key(p, "Space");
    assert_int_equal(p->session->classroom.answers.step, 2);
    program_key(p, "Backspace");
    assert_int_equal(p->session->classroom.answers.step, 1);
    CHECK(classroom_answer(&p->session->classroom) == ANSWER_SHOWN, "back to how it was left");
    AT("3a/1x1");
    for (int i = 0; i < 40 && p->session->classroom.lesson.step_count > 0; i++)
        program_key(p, "Space");
    assert_int_equal(p->session->classroom.lesson.step_count, 0);
}

/* A choice by its key; a menu that keeps its keys; a file being edited: a mistake is named and the last good version stays. */
/* Escape and clicks on an empty place lead back to the step's place; only the button, or Escape twice there, leaves the lesson. */
static void test_lesson_stays(void **state)
{
    Program *p = *state;
    const Classroom *room = &p->session->classroom;
    model_goto(p->model, "conv1", NULL, NULL, NULL);
    session_open_lesson(p->session, "lessons/en/03-inception-3a.lesson");
    program_rest(p);
    const int module = p->model->at;
    assert_string_equal(model_net(p->model)->layers[module].name, "inception_3a/concat");
    program_click(p, 700, 92); /* beside the breadcrumb */
    CHECK(classroom_is_open(room) && p->model->at == module && p->model->view == VIEW_STAGE, "a click on an empty place");
    model_go(p->model, program_layer(p, "4b"));
    program_rest(p);
    program_click(p, 700, 92);
    CHECK(classroom_is_open(room) && p->model->at == module, "a click on an empty place leads back to the step");
    program_key(p, "w");
    program_key(p, "Escape");
    CHECK(classroom_is_open(room) && p->model->at == module && p->model->view == VIEW_STAGE, "Escape leads back to the step");
    program_key(p, "Escape");
    CHECK(classroom_is_open(room) && strstr(p->model->status, "Escape once more") != NULL, "'%s'", p->model->status);
    p->in.now += 10;
    program_rest(p);
    program_key(p, "Escape");
    CHECK(classroom_is_open(room), "the first Escape is forgotten after some seconds");
    program_key(p, "Escape");
    CHECK(!classroom_is_open(room), "Escape twice leaves");
    session_open_lesson(p->session, "lessons/en/03-inception-3a.lesson");
    program_rest(p);
    const Item *leave = program_find(p, "button", "leave lesson");
    CHECK(leave != NULL, "no button");
    program_click(p, leave->rect.x + 10, leave->rect.y + 8);
    CHECK(!classroom_is_open(room) && p->model->at == module, "the button leaves, and the place stays");
}

static void test_lesson_class(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    Classroom *room = &p->session->classroom;
    char path[] = "/tmp/lesson-XXXXXX";
    static const char *const versions[] = {
        "title: t\nstep: a\nat: 3a\nshow: 3a/5x5, 3a[142]\nask: which?\nwrong: this\nreply: not this one\nright: that\nstep: b\nsay: [here](3a/5x5)\n",
        "title: t\nstep: a\nat: 3a\nsay: 999 mistakes\n",
        "title: t\nstep: a\nat: 3b\nsay: better\n",
    };
    const int file = mkstemp(path);
    for (int i = 0; i < 3; i++) {
        CHECK(ftruncate(file, 0) == 0 && pwrite(file, versions[i], strlen(versions[i]), 0) > 0, "%s", path);
        room->modified = 1; /* two versions within one tick of the clock are two versions all the same */
        room->checked = -10;
        if (i == 0) {
            session_open_lesson(p->session, path);
            program_rest(p);
            assert_int_equal(m->lit_count, 2);
            int order[LIMIT_LESSON_CHOICES];
            lesson_order(&room->lesson, 0, 0, order);
            program_key(p, "3");
            CHECK(classroom_answer(room) == ANSWER_OPEN, "there is no third choice");
            program_key(p, order[0] == 0 ? "1" : "2");
            CHECK(classroom_answer(room) == ANSWER_OPEN && program_find(p, "text", "✗") != NULL && program_find(p, "text", "✓") == NULL,
                  "the wrong one is marked, and the question is still open");
            CHECK(program_find(p, "text", "not this one") != NULL, "its reply");
            program_key(p, order[0] == 1 ? "1" : "2");
            CHECK(classroom_answer(room) == '2' && program_find(p, "text", "✓") != NULL && program_find(p, "text", "✗") != NULL, "the right one is marked");
            CHECK(room->answers.first[0] == '1', "what was taken first is kept");
            program_key(p, "1");
            CHECK(classroom_answer(room) == '2', "an answered question takes no choice");
            program_key(p, "n");
            program_key(p, "Space");
            program_key(p, "Down");
            CHECK(room->answers.step == 0 && m->overlay == OVERLAY_LESSONS, "the menu keeps its keys");
            AT("3a");
            program_key(p, "Escape");
            program_key(p, "Space");
            assert_int_equal(room->answers.step, 1);
            AT("3a"); /* the step has no place of its own */
            const Item *link = program_find(p, "text", "here");
            CHECK(link != NULL, "no link");
            program_move(p, link->rect.x + 4, link->rect.y + 5);
            assert_string_equal(model_net(m)->layers[m->hover.layer].name, "inception_3a/5x5");
            program_click(p, link->rect.x + 4, link->rect.y + 5);
            AT("3a/5x5");
            program_key(p, "Backspace");
            CHECK(room->answers.step == 0 && classroom_answer(room) == '2', "back as it was left");
            AT("3a");
        }
        program_rest(p);
        if (i == 1) {
            CHECK(strstr(room->broken, ":4: ") != NULL && room->lesson.step_count == 2, "'%s'", room->broken);
            CHECK(program_find(p, "text", "lesson-") != NULL, "the window does not name the file");
        }
    }
    CHECK(room->broken[0] == '\0' && room->lesson.step_count == 1, "'%s'", room->broken);
    AT("3b");
    classroom_close(room, m);
    close(file);
    remove(path);
}

static void test_what_if(void **state)
{
    Program *p = *state;
    Err err;
    LayerMap before, after;
    CHECK(model_goto(p->model, "3a[142]", NULL, NULL, &err), "%s", err.text);
    const int branch = program_layer(p, "3a/3x3");
    CHECK(compute_map(p->model->compute, branch, &before) && before.channels->hi[78] > 0, "channel 78 is dead already");
    const float full = before.channels->hi[78], other = before.channels->hi[77];
    program_key(p, "x");
    CHECK(compute_map(p->model->compute, branch, &after) && after.current, "not computed");
    CHECK_NEAR(after.channels->hi[78], 0, 0, 0, "silenced");
    CHECK_NEAR(after.channels->hi[77], other, 0, 0, "its neighbour is left alone");
    CHECK(p->model->what_if.before != NULL, "the prediction before is kept");
    experiment_scale(p->model, 0.5f);
    program_rest(p);
    CHECK(compute_map(p->model->compute, branch, &after), "not computed");
    CHECK_NEAR(after.channels->hi[78], 0.5 * (double)full, 0, 1e-5, "half");
    program_key(p, "u");
    CHECK(compute_map(p->model->compute, branch, &after), "not computed");
    CHECK_NEAR(after.channels->hi[78], full, 0, 0, "put back");
    CHECK(p->model->what_if.weights == NULL, "forgotten");
    /* "Before" is what the network's own weights gave, or unknown: a map of changed weights, before it is computed anew, is neither. */
    program_key(p, "x");
    model_do(p->model, VERB_RESTORE);
    experiment_scale(p->model, 0.25f);
    CHECK(p->model->what_if.before == NULL, "what changed weights gave is taken for what was before");
    program_rest(p);
    experiment_scale(p->model, 0.75f);
    CHECK(p->model->what_if.before == NULL, "the result of the first change is taken for what was before");
    program_key(p, "u");
    CHECK(model_goto(p->model, "maxpool1[3]", NULL, NULL, &err), "%s", err.text);
    program_key(p, "x"); /* a pool has no kernel to silence: said, nothing changed */
    CHECK(p->model->what_if.weights == NULL && p->model->status_bad, "a pool was silenced");
}

static void test_branch_and_weight(void **state)
{
    Program *p = *state;
    Err err;
    LayerMap map;
    const Net *net = model_net(p->model);
    const int branch = program_layer(p, "3a/5x5");
    CHECK(model_goto(p->model, "3a[200]", NULL, NULL, &err), "%s", err.text);
    program_key(p, "Shift+x");
    CHECK(compute_map(p->model->compute, branch, &map), "not computed");
    CHECK_NEAR(map.stats->max, 0, 0, 0, "the whole 5x5 branch is silent");
    CHECK(compute_map(p->model->compute, program_layer(p, "3a/3x3"), &map) && map.stats->max > 0, "the 3x3 branch is not");
    program_key(p, "Shift+x");
    CHECK(compute_map(p->model->compute, branch, &map) && map.stats->max > 0, "it comes back");
    program_key(p, "u");
    /* One weight of fc: its class's score changes by the change times the input, the others stay. */
    const Layer *fc = &net->layers[net->heads[0].logits];
    const size_t index = net->params[fc->weight].offset + (size_t)fc->in.c * 3 + 7;
    LayerMap in, scores;
    CHECK(compute_map(p->model->compute, fc->inputs[0], &in) && compute_map(p->model->compute, net->heads[0].logits, &scores), "not computed");
    const float x = in.data[7], before = scores.data[3], other = scores.data[4], w = p->model->source->source.weights[index];
    model_edit_weight(p->model, index, w + 2);
    program_rest(p);
    CHECK(compute_map(p->model->compute, net->heads[0].logits, &scores), "not computed");
    CHECK_NEAR(scores.data[3], (double)before + 2 * (double)x, 1e-3, 1e-4, "class 3");
    CHECK_NEAR(scores.data[4], other, 0, 0, "class 4");
    CHECK_NEAR(p->model->source->source.weights[index], w, 0, 0, "the network's own weights stay");
    /* Its class silenced and brought back: the edited weight is still there. */
    const float edited = scores.data[3];
    CHECK(model_goto(p->model, "fc[3]", NULL, NULL, &err), "%s", err.text);
    program_key(p, "x");
    CHECK(compute_map(p->model->compute, net->heads[0].logits, &scores) && scores.current, "not computed");
    CHECK_NEAR(scores.data[3], 0, 0, 0, "silenced");
    program_key(p, "x");
    CHECK(compute_map(p->model->compute, net->heads[0].logits, &scores) && scores.current, "not computed");
    CHECK_NEAR(scores.data[3], edited, 0, 0, "brought back");
    program_key(p, "u");
    CHECK(compute_map(p->model->compute, net->heads[0].logits, &scores) && scores.current, "not computed");
    CHECK_NEAR(scores.data[3], before, 0, 0, "put back");
}

/* A place of a window takes 0.012 s times the fourth root of its terms, also where there are ten thousands of them. */
static void test_play_time_of_large_kernels(void **state)
{
    (void)state;
    static const char text[] = "network large\ninput 3x40x40\nconv a 1x1/1 256\nconv b 11x11/1 4 pad=5\nmaxpool c 3x3/1 pad=1\navgpool d to=1x1\n";
    static const struct { const char *layer; double terms; } cases[] = {{"a[0]", 3}, {"b[0]", 11 * 11 * 256}, {"c[0]", 9}};
    char path[] = "/tmp/inceptoscope-play-XXXXXX.net";
    const int file = mkstemps(path, 4);
    assert_true(file >= 0 && write(file, text, sizeof text - 1) == sizeof text - 1 && close(file) == 0);
    Program p;
    Err err;
    CHECK(program_open(&p, path, 1280, 720, &err), "%s", err.text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK(model_goto(p.model, cases[i].layer, "0,0", "value", &err), "%s", err.text);
        program_rest(&p);
        session_do(p.session, VERB_PLAY);
        const double begin = p.in.now, seconds = 3;
        while (p.in.now < begin + seconds)
            program_frame(&p);
        const int places = p.model->cursor.y * 40 + p.model->cursor.x;
        CHECK_NEAR(places, seconds / (0.012 * pow(cases[i].terms, 0.25)), 3, 0, "places of %s in %g s", cases[i].layer, seconds);
        program_key(&p, "Escape");
    }
    program_close(&p);
    unlink(path);
}

/* Switched modules are counted as trace_module_switched counts them one by one, and everything else stays. */
static void check_switches(Program *p)
{
    Model *m = p->model;
    const Net *net = model_net(m);
    const Ledger *plain = &m->ledger;
    assert_ptr_equal(model_ledger(m), plain);
    for (int i = 0; i < net->module_count; i++)
        for (int third = 0; third < 2; third++) {
            const Counts alone = trace_module_switched(net, i, (ModuleSwitch){.without_reductions = !third, .third_3x3 = third});
            model_switch(m, i, third);
            const Ledger *switched = model_ledger(m);
            assert_ptr_not_equal(switched, plain);
            assert_int_equal(switched->count, plain->count);
            for (int row = 0; row < plain->count; row++) {
                const LedgerRow *a = &plain->rows[row], *b = &switched->rows[row];
                const bool here = a->module == i && a->parent < 0;
                assert_string_equal(a->name, b->name);
                if (here)
                    CHECK(b->counts.weights == alone.weights && b->counts.macs == alone.macs && b->counts.biases == alone.biases, "%s: %lld weights, %lld MAC",
                          a->name, (long long)b->counts.weights, (long long)b->counts.macs);
                else if (a->module != i)
                    CHECK(memcmp(&a->counts, &b->counts, sizeof a->counts) == 0, "%s changed", a->name);
            }
            CHECK(switched->trace->main.weights == m->trace.main.weights + alone.weights - trace_sum(&m->trace, net->modules[i].first, net->modules[i].last).weights,
                  "the total of %s", net->modules[i].title);
            model_switch(m, i, third);
            assert_ptr_equal(model_ledger(m), plain);
        }
    /* Several together, named in the address, and put back. */
    char text[1024];
    model_switch(m, 1, false);
    model_switch(m, 0, false);
    model_switch(m, 7, true);
    model_state_text(m, text, sizeof text);
    CHECK(strstr(text, " --without-reductions 3a,3b --third-branch-3x3 5a ") != NULL, "%s", text);
    program_key(p, "u");
    assert_ptr_equal(model_ledger(m), plain);
}

static void test_switches(void **state)
{
    static const char *const networks[] = {"googlenet", "torchvision_googlenet"}; /* with claims, with batch norm */
    check_switches(*state);
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        Program program;
        Err err;
        CHECK(program_open(&program, networks[i], 1280, 720, &err), "%s", err.text);
        check_switches(&program);
        program_close(&program);
    }
}

static void test_readers(void **state)
{
    Program *p = *state;
    const Net *net = model_net(p->model);
    Reader readers[3];
    const int layer = program_layer(p, "3a/5x5"), count = model_readers(p->model, layer, 7, readers, 3);
    assert_int_equal(count, 3);
    float largest = 0; /* a second way: the largest |w| of channel 199 over the 1x1 kernels of 3b */
    static const char *const kernels[] = {"3b/1x1", "3b/3x3_reduce", "3b/5x5_reduce"};
    for (int k = 0; k < 3; k++) {
        const Layer *l = &net->layers[program_layer(p, kernels[k])];
        const float *w = p->model->source->source.weights + net->params[l->weight].offset;
        for (int o = 0; o < l->out.c; o++)
            largest = fmaxf(largest, fabsf(w[o * 256 + 199]));
    }
    CHECK_NEAR(readers[0].weight, largest, 0, 1e-6, "layer %d kernel %d", readers[0].layer, readers[0].kernel);
    CHECK(readers[0].weight >= readers[1].weight && readers[1].weight >= readers[2].weight, "in order");
}

static void test_recent(void **state)
{
    Recent r = {.count = 0};
    (void)state;
    recent_add(&r, "assets/images/rose.png");
    recent_add(&r, "assets/images/daisy.png");
    recent_add(&r, "assets/../assets/images/rose.png"); /* the same file: moves to the front */
    recent_add(&r, "no/such.png");
    assert_int_equal(r.count, 2);
    CHECK(strstr(r.paths[0], "rose.png") != NULL && r.paths[0][0] == '/', "%s", r.paths[0]);
}

static void test_bad_files(void **state)
{
    Program *p = *state;
    const SharedSource *source = p->model->source;
    const uint64_t picture = p->model->picture.version;
    static const struct { const char *path, *why; } bad[] = {
        {"no/such/file.png", "No such file"},
        {"Makefile", "not a picture"},
        {"tests/check.h", "not a picture"},
        {"assets/labels/flowers.json", "5 class names, but the network has 1000 classes"},
        {"tests/corpus/bad_state_dict_whole_model.pth", "whole model"}, /* weights that cannot be used, not a bad picture */
        {"tests/corpus/bad_early_half.pth", "ends early"},
        {"tests/corpus/good_plain.safetensors", "none of its 2 tensors"},
        {"tests/corpus/bad_HTML_page.pth", "HTML"},
        {"tests/corpus/bad_hold_claim.onnx", "does not hold"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        session_open_path(p->session, bad[i].path);
        program_rest(p);
        CHECK(p->model->status_bad && strstr(p->model->status, bad[i].path) != NULL && strstr(p->model->status, bad[i].why) != NULL,
              "%s: '%s'", bad[i].path, p->model->status);
        CHECK(p->model->source == source && p->model->picture.version == picture, "%s: something was replaced", bad[i].path);
    }
    session_open_path(p->session, "assets/images/gratings.png");
    program_rest(p);
    CHECK(!p->model->status_bad && p->model->picture.version != picture, "%s", p->model->status);
    assert_string_equal(p->model->picture.name, "gratings.png");
    assert_non_null(strstr(p->session->opening.recent.paths[0], "gratings.png"));
    assert_int_equal(p->session->opening.recent.count, 1); /* what could not be opened is not offered again */
    session_open_path(p->session, "tests/pictures/alpha.png");
    program_rest(p);
    CHECK(strstr(p->model->status, "alpha dropped") != NULL, "%s", p->model->status);
    model_do(p->model, VERB_TURN);
    CHECK(strstr(p->model->status, model_text(p->model, STR_NO_ORIENTATION)) != NULL, "%s", p->model->status);
    session_open_path(p->session, "tests/pictures/orientation_6.jpg");
    program_rest(p);
    CHECK(strstr(p->model->status, "orientation 6 ignored") != NULL && p->model->picture.original.w == 12, "%s", p->model->status);
    model_do(p->model, VERB_TURN);
    CHECK(strstr(p->model->status, "rotated") != NULL && p->model->picture.original.w == 8, "%s", p->model->status);
    session_open_path(p->session, "assets/weights/flowers.safetensors");
    program_rest(p);
    CHECK(!p->model->status_bad && p->model->source != source && strcmp(p->model->picture.name, "orientation_6.jpg") == 0, "%s",
          p->model->status);
    assert_non_null(strstr(p->session->opening.recent.paths[0], "flowers.safetensors"));
}

static void test_engines_agree(void **state)
{
    Program *p = *state;
    LayerMap map;
    Guess fast, reference;
    CHECK(model_top(p->model, &fast, 1) == 1, "no prediction");
    program_key(p, "e");
    assert_string_equal(p->model->engine->name, "reference");
    CHECK(compute_map(p->model->compute, program_layer(p, "3a"), &map) && map.current, "not computed");
    CHECK(model_top(p->model, &reference, 1) == 1, "no prediction");
    assert_int_equal(fast.index, reference.index);
    CHECK_NEAR(fast.prob, reference.prob, 1e-4, 0, "class %d", fast.index);
    program_key(p, "e");
}

/* One output is the logit of a yes or no. Python: 1 / (1 + math.exp(-x)). */
static void test_single_score(void **state)
{
    (void)state;
    static const double cases[][2] = {{0.7, 0.668187772168166}, {0, 0.5}, {-3, 0.04742587317756678}, {100, 1}, {-100, 3.720075976020836e-44}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const float score = (float)cases[i][0];
        float max, sum;
        softmax_parts(&score, 1, &max, &sum);
        CHECK_NEAR(expf(score - max) / sum, cases[i][1], 1e-44, 1e-6, "score %g", cases[i][0]);
    }
    float max, sum;
    softmax_parts((float[]){1, 1}, 2, &max, &sum);
    assert_true(expf(1 - max) / sum == 0.5f);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_single_score), cmocka_unit_test(test_walk),    cmocka_unit_test(test_module),  cmocka_unit_test(test_heads),
    cmocka_unit_test(test_select),  cmocka_unit_test(test_address), cmocka_unit_test(test_lesson), cmocka_unit_test(test_lesson_stays), cmocka_unit_test(test_lesson_class),
    cmocka_unit_test(test_branch_and_weight), cmocka_unit_test(test_play_time_of_large_kernels), cmocka_unit_test(test_readers), cmocka_unit_test(test_recent), cmocka_unit_test(test_switches),
    cmocka_unit_test(test_what_if), cmocka_unit_test(test_bad_files), cmocka_unit_test(test_engines_agree),
};

int main(void)
{
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
