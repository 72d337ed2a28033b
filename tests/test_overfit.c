/* test_overfit.c - training on the shown picture: one step is one step of `train` on it, bit for bit; undoing gives the weights back, bit for
 * bit; repeated steps lower the loss; heads, dropout and the label do what they say. */
#include "app/views/parts.h"
#include "tests/program.h"
#include "tests/train_case.h"

#include <math.h>
#include <unistd.h>

/* A model of small.net with three classes and these weights, which shows one of the training's pictures. */
typedef struct Window {
    Model model;
    size_t count;
    double now;
} Window;

static float *seeded(const Net *net)
{
    float *weights = malloc(net->weight_count * sizeof *weights);
    weights_random(net, 5, weights);
    return weights;
}

/* Frames until nothing goes on. */
static void settle(Window *w)
{
    for (int i = 0; i < LOOKS_MAX; i++) {
        model_begin_frame(&w->model, w->now += 0.02);
        model_compute(&w->model);
        if (!model_busy(&w->model)) {
            /* A page that has nothing to do draws no further frame: what is drawn now has its scale. */
            CHECK(w->model.gradients.flow.layer_count == 0 || w->model.overfit.high > 0, "gradients without a scale");
            return;
        }
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    CHECK(false, "no end after %d frames", LOOKS_MAX);
}

static Window *open_window(const Engine *engine, const char *picture)
{
    Err err = {""};
    Window *w = calloc(1, sizeof *w);
    Source source = {.net = small_net(CLASSES)};
    source.weights = seeded(source.net);
    source.info.heads = true;
    source.info.classes = CLASSES;
    w->count = source.net->weight_count;
    ModelOptions o = {.source = shared_source_new(source), .engine = engine, .networks_dir = "tests/nets", .screen = {.still = true}};
    CHECK(picture_open(picture, source.net, &o.picture, &err) && model_open(&w->model, &o, &err), "%s", err.text);
    model_view(&w->model, VIEW_GRADIENTS);
    settle(w);
    return w;
}

static void close_window(Window *w)
{
    model_close(&w->model);
    free(w);
}

static void step(Window *w)
{
    const int before = w->model.overfit.undone ? 0 : w->model.overfit.steps;
    model_overfit_step(&w->model);
    settle(w);
    CHECK(w->model.overfit.steps == before + 1, "no step: %s", w->model.overfit.problem.text);
}

static bool same_weights(const Window *w, const float *weights)
{
    return memcmp(model_weights(&w->model), weights, w->count * sizeof *weights) == 0;
}

/* `train` begins with the window's weights, and the first batch of its first epoch is one picture: the checkpoint after that batch. */
static Case *train_once(const Engine *engine, const char *folder, Checkpoint *end)
{
    Err err = {""};
    Case *c = open_case(folder);
    Tuning tuning = {.from = "seeded", .taken = malloc((size_t)c->net->param_count)};
    memset(tuning.taken, true, (size_t)c->net->param_count);
    float *begin = seeded(c->net);
    c->setup.engine = engine;
    c->setup.tuning = &tuning;
    c->setup.begin = begin;
    TrainOptions *o = &c->setup.options;
    *o = train_defaults();
    o->optimizer = OPTIMIZER_SGD;
    o->batch = o->views = o->epochs = 1;
    o->lr = overfit_rates[OVERFIT_RATE];
    o->lr_ratio = 1;
    run_case(c, false, 1);
    CHECK(load(c, end, &err), "%s", err.text);
    tuning_free(&tuning);
    free(begin);
    return c;
}

static void test_a_step_is_trains(void **state)
{
    const Engine *const engines[] = {&reference_engine, &fast_engine};
    (void)state;
    for (int e = 0; e < 2; e++) {
        Checkpoint end;
        int order[64];
        Case *c = train_once(engines[e], e == 0 ? "reference" : "fast", &end);
        const BatchLoaderOptions o = {.batch = 1, .threads = 1, .seed = c->setup.options.seed, .augment = true, .views = 1};
        batch_loader_order(&o, c->train->count, 0, order);
        Window *w = open_window(engines[e], c->train->samples[order[0]].path);
        float *own = copy_floats(model_weights(&w->model), w->count);
        model_choose_label(&w->model, c->train->samples[order[0]].label);
        step(w);
        CHECK(!same_weights(w, own), "%s: nothing was learnt", engines[e]->name);
        CHECK(same_weights(w, end.weights), "%s: other weights than those of train", engines[e]->name);
        CHECK(memcmp(w->model.overfit.next.trainer->moment1, end.moment1, w->count * sizeof(float)) == 0, "%s: another momentum", engines[e]->name);

        /* The next ones go on with the momentum, as a trainer does. */
        Err err = {""};
        StepResult result;
        const int label = w->model.gradients.label;
        Trainer *t = trainer_new(engines[e], c->net, &c->setup.options, NULL, &err);
        CHECK(t != NULL, "%s", err.text);
        trainer_restart(t, own);
        t->schedule.lr = overfit_rates[OVERFIT_RATE];
        for (int i = 0; i < 3; i++) {
            if (i > 0)
                step(w);
            CHECK(trainer_step(t, w->model.picture.x, &label, 1, &result, &err), "%s", err.text);
            CHECK(same_weights(w, t->weights), "%s: other weights after step %d", engines[e]->name, i + 1);
            CHECK_NEAR(w->model.overfit.last.result.losses.total, result.losses.total, 0, 0, "the loss of step %d", i + 1);
        }
        trainer_free(t);
        free(own);
        checkpoint_free(&end);
        close_window(w);
        close_case(c);
    }
}

/* Back to what was shown, silenced channels and all; forth to what was learnt, and on from there; and back to the file. */
static void test_undo_and_redo(void **state)
{
    (void)state;
    Window *w = open_window(&fast_engine, inside("train/class1/0.png"));
    Model *m = &w->model;
    float *own = copy_floats(model_weights(m), w->count);
    Address at;
    Err err;
    CHECK(net_address(model_net(m), "3a/3x3", &at, &err), "%s", err.text);
    model_scale(m, at.layer, 2, 1, 0);
    settle(w);
    float *silenced = copy_floats(model_weights(m), w->count);
    step(w);
    step(w);
    float *learnt = copy_floats(model_weights(m), w->count);
    CHECK(!same_weights(w, silenced), "nothing was learnt");
    for (int i = 0; i < 2; i++) {
        model_overfit_undo(m);
        settle(w);
        CHECK(m->overfit.undone && same_weights(w, silenced), "undo %d: other weights", i);
        model_overfit_undo(m);
        settle(w);
        CHECK(!m->overfit.undone && same_weights(w, learnt), "redo %d: other weights", i);
    }
    step(w);
    CHECK(m->overfit.since == 3, "the momentum was lost by undo and redo");

    /* A channel that is silenced now and restored has what was learnt, not what the file has. */
    float *third = copy_floats(model_weights(m), w->count);
    model_scale(m, at.layer, 5, 1, 0);
    CHECK(!same_weights(w, third), "not silenced");
    model_scale(m, at.layer, 5, 1, 1);
    CHECK(same_weights(w, third), "restored to something else");

    model_overfit_undo(m);
    settle(w);
    step(w); /* anew from what was undone: the same first step */
    CHECK(m->overfit.steps == 1 && m->overfit.loss_count == 1, "the steps are counted anew");
    model_restore(m);
    settle(w);
    CHECK(same_weights(w, own) && m->overfit.steps == 0, "u: the file's weights");

    step(w);
    model_overfit_step(m); /* undone while it runs */
    model_begin_frame(m, w->now += 0.02);
    model_compute(m);
    model_overfit_undo(m);
    settle(w);
    CHECK(m->overfit.undone && same_weights(w, own), "undone while a step ran");
    free(own);
    free(silenced);
    free(learnt);
    free(third);
    close_window(w);
}

static void test_steps_lower_the_loss(void **state)
{
    (void)state;
    Window *w = open_window(&fast_engine, inside("train/class2/1.png"));
    Model *m = &w->model;
    model_overfit_mode(m, true); /* without dropout the loss falls with every step */
    model_overfit_rate(m, 5);
    settle(w);
    const int label = m->gradients.flow.label;
    Guess top;
    CHECK(model_top(m, &top, 1) == 1 && top.index != label, "the first label has no loss");
    for (int i = 0; i < 25; i++)
        step(w);
    const float *losses = m->overfit.losses;
    CHECK(m->overfit.loss_count == 25 && losses[24] < 0.5f * losses[0], "from %g to %g", (double)losses[0], (double)losses[24]);
    CHECK(m->gradients.label == label, "the label has changed");
    CHECK(model_top(m, &top, 1) == 1 && top.index == label, "the answer is not the label");
    CHECK(m->overfit.was != NULL && m->overfit.was[label] < top.prob, "the last step made it less likely");
    close_window(w);
}

/* Whether the parameters of a head differ from the file's. */
static bool head_learns(const Window *w, const float *own, int head)
{
    const Net *net = model_net(&w->model);
    bool changed = false;
    for (int p = 0; p < net->param_count; p++)
        if (net->layers[net->params[p].layer].head == head)
            changed = changed || memcmp(model_weights(&w->model) + net->params[p].offset, own + net->params[p].offset, net->params[p].count * sizeof *own) != 0;
    return changed;
}

static void test_heads_and_modes(void **state)
{
    (void)state;
    static const struct { bool eval, off[3]; } cases[] = {{false, {false}}, {false, {false, true, false}}, {false, {true, false, false}}, {true, {false}}};
    Window *w = open_window(&fast_engine, inside("train/class0/2.png"));
    Model *m = &w->model;
    float *own = copy_floats(model_weights(m), w->count);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *what[] = {"all", "without aux1", "without main", "eval"};
        model_overfit_mode(m, cases[i].eval);
        for (int h = 2; h >= 0; h--)
            model_overfit_head(m, h, !cases[i].off[h]);
        settle(w);
        const LossGradients *flow = &m->gradients.flow;
        CHECK((flow->droppable > 0) == !cases[i].eval && (flow->dropped > 0) == !cases[i].eval, "%s: %d of %d dropped", what[i], flow->dropped, flow->droppable);
        const double shown = flow->heads[0].loss;
        double *ribbons = malloc((size_t)flow->layer_count * sizeof *ribbons);
        for (int k = 0; k < flow->layer_count; k++)
            ribbons[k] = loss_gradients_map_rms(model_net(m), &flow->layers[k], PASS_WITH_AUX);
        step(w);
        const OverfitStep *last = &m->overfit.last;
        for (int k = 0; k < flow->layer_count; k++) { /* what was drawn before the step is what the step has had */
            const double had = last->flow[flow->layers[k].layer];
            if (had >= 0)
                CHECK_NEAR(ribbons[k], had, 1e-9, 1e-5, "%s: the gradient of %s", what[i], model_net(m)->layers[flow->layers[k].layer].name);
        }
        free(ribbons);
        if (!cases[i].off[0])
            CHECK_NEAR(last->result.losses.head[0], shown, 1e-6, 1e-6, "%s: the loss that was shown before the step", what[i]);
        for (int h = 0; h < 3; h++) {
            const bool on = !cases[i].off[h] && !(cases[i].eval && h > 0);
            CHECK(h == 0 || head_learns(w, own, h) == on, "%s: head %d", what[i], h);
            CHECK((last->result.losses.head[h] > 0) == on, "%s: the loss of head %d is %g", what[i], h, last->result.losses.head[h]);
        }
        model_restore(m);
        settle(w);
        CHECK(same_weights(w, own), "%s: restored", what[i]);
    }
    model_overfit_mode(m, false);
    for (int h = 0; h < 3; h++)
        model_overfit_head(m, h, false);
    CHECK(m->gradients.silent[0] && m->gradients.silent[1] && !m->gradients.silent[2], "the last one stays");
    CHECK(model_status(m) != NULL && strcmp(model_status(m), model_text(m, STR_OVERFIT_ONE_HEAD)) == 0, "and says so");
    free(own);
    close_window(w);
}

/* ---- on the screen ---------------------------------------------------------------------------------------------------------------------- */

static void open_screen(Program *p, const char *network)
{
    Err err;
    CHECK(program_open(p, network, 1366, 768, &err), "%s", err.text);
    program_key(p, "g");
}

static bool says(const Program *p, const char *role, Str id, int number)
{
    char text[256];
    snprintf(text, sizeof text, model_text(p->model, id), number);
    return program_find(p, role, text) != NULL;
}

static void test_screen(void **state)
{
    (void)state;
    Program program, *p = &program;
    open_screen(p, "lenet5");
    const int label = p->model->gradients.flow.label;
    float *own = copy_floats(model_weights(p->model), model_net(p->model)->weight_count);
    model_overfit_rate(p->model, 4);
    CHECK(!says(p, "badge", STR_OVERFIT_BADGE, 1), "a badge without a step");
    program_key(p, "Enter");
    CHECK(says(p, "badge", STR_OVERFIT_BADGE, 1) && says(p, "button", STR_OVERFIT_UNDO, 1), "the first step is not shown");
    program_key(p, "Right");
    program_key(p, "Enter");
    CHECK(says(p, "badge", STR_OVERFIT_BADGE, 2) && p->model->gradients.label == label, "the second step is not shown");
    program_key(p, "Backspace");
    CHECK(!says(p, "badge", STR_OVERFIT_BADGE, 2) && says(p, "button", STR_OVERFIT_REDO, 2) && says(p, "text", STR_OVERFIT_TELL_UNDONE, 0), "undone");
    CHECK(memcmp(own, model_weights(p->model), model_net(p->model)->weight_count * sizeof *own) == 0, "other weights");
    program_key(p, "Backspace");
    CHECK(says(p, "badge", STR_OVERFIT_BADGE, 2), "redone");

    /* Held, or kept on: until it is told to stop. */
    program_key(p, "Space");
    for (int i = 0; i < LOOKS_MAX && p->model->overfit.steps < 40; i++) {
        program_frame(p);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    CHECK(p->model->overfit.steps >= 40 && p->model->overfit.keeps, "%d steps", p->model->overfit.steps);
    program_key(p, "Escape");
    CHECK(p->model->view == VIEW_GRADIENTS && !p->model->overfit.keeps, "Escape stops");
    const int steps = p->model->overfit.steps;
    program_rest(p);
    CHECK(p->model->overfit.steps == steps && p->model->overfit.losses[steps - 1] < 0.1f * p->model->overfit.losses[0], "%d steps, loss %g", steps,
          (double)p->model->overfit.losses[steps - 1]);
    char name[96], loss[NUM_MAX], text[256];
    part_class_name(p->model, label, name, sizeof name);
    snprintf(text, sizeof text, model_text(p->model, STR_GRADIENTS_LABEL_SURE), name, p->model->gradients.flow.heads[0].loss >= 1e-6 ? num_value(loss, p->model->gradients.flow.heads[0].loss) : "<1e-06");
    CHECK(p->model->gradients.flow.heads[0].loss >= 0.01 || program_find(p, "text", text) != NULL, "a label without a loss: '%s'", text);
    free(own);
    program_close(p);

    open_screen(p, "tests/nets/bn.net");
    program_key(p, "Enter");
    CHECK(p->model->overfit.steps == 0 && program_find(p, "text", "batch norm") != NULL, "why there is no step");
    program_close(p);
}

/* Slowly the parts come one after the other, each for all its layers; pressed again it hurries. */
static void test_slow_motion(void **state)
{
    (void)state;
    Program program, *p = &program;
    open_screen(p, "lenet5");
    p->model->screen.still = false;
    program_rest(p);
    p->app.key(p->app.user, "Enter");
    bool seen[OVERFIT_PARTS] = {false};
    double last = 0;
    for (int i = 0; i < LOOKS_MAX && p->model->overfit.steps == 0; i++) {
        program_frame(p);
        const double shown = p->model->overfit.shown;
        CHECK(p->model->overfit.job == NULL || shown >= last, "back from %g to %g", last, shown);
        last = p->model->overfit.job != NULL ? shown : 0;
        if (p->model->overfit.job != NULL && shown < OVERFIT_PARTS)
            seen[(int)shown] = true;
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    CHECK(p->model->overfit.steps == 1 && seen[0] && seen[1] && seen[2] && seen[3], "parts %d %d %d %d", seen[0], seen[1], seen[2], seen[3]);
    program_rest(p);
    p->in.now += 2;
    program_frame(p);
    p->app.key(p->app.user, "Enter");
    for (int i = 0; i < 5; i++)
        program_frame(p);
    CHECK(p->model->overfit.job != NULL && !p->model->overfit.hurry, "a new press is slow again");
    p->app.key(p->app.user, "Enter");
    program_rest(p);
    CHECK(p->model->overfit.steps == 3, "%d steps", p->model->overfit.steps);
    program_close(p);
}

/* Another network takes this one's place while its gradients are shown, and while a step runs: nothing of the former one is read with the
 * layers of the new one, which has fewer. */
static void test_another_network(void **state)
{
    (void)state;
    for (int running = 0; running < 2; running++) {
        Err err = {""};
        Window *w = open_window(&fast_engine, "assets/images/daisy.png");
        Source source = {.net = net_open("tests/nets/nin.net", "tests/nets", NULL, &err)};
        CHECK(source.net != NULL, "%s", err.text);
        source.weights = seeded(source.net);
        source.info.heads = true;
        source.info.classes = net_scores(source.net, 0);
        CHECK(source.net->layer_count < model_net(&w->model)->layer_count, "the other network is not smaller");
        if (running == 1) {
            step(w);
            model_overfit_step(&w->model);
            model_begin_frame(&w->model, w->now += 0.02);
            model_compute(&w->model);
            CHECK(w->model.overfit.job != NULL, "no step runs");
        }
        SharedSource *shared = shared_source_new(source);
        CHECK(shared != NULL && model_take_shared(&w->model, shared, &err), "%s", err.text);
        shared_source_release(shared);
        for (int i = 0; i < 400; i++) {
            const LossGradients *flow = &w->model.gradients.flow;
            for (int k = 0; k < flow->layer_count; k++)
                CHECK(flow->layers[k].layer < model_net(&w->model)->layer_count, "frame %d: gradients of layer %d of %d", i, flow->layers[k].layer, model_net(&w->model)->layer_count);
            CHECK(w->model.overfit.last.flow == NULL, "frame %d: the last step is the other network's", i);
            if (flow->layer_count > 0 && !model_busy(&w->model))
                break;
            model_begin_frame(&w->model, w->now += 0.02);
            model_compute(&w->model);
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        }
        CHECK(w->model.gradients.flow.layer_count > 0, "no gradients of the new network: %s", w->model.gradients.problem.text);
        close_window(w);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_step_is_trains), cmocka_unit_test(test_undo_and_redo), cmocka_unit_test(test_steps_lower_the_loss),
    cmocka_unit_test(test_heads_and_modes),  cmocka_unit_test(test_screen),        cmocka_unit_test(test_slow_motion),
    cmocka_unit_test(test_another_network),
};

int main(void)
{
    return cmocka_run_group_tests(tests, setup, temp_folder_remove);
}
