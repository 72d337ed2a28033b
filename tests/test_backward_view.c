/* test_backward_view.c - one value's gradient on the screen: it is run_gradient's of the same run, for the score and for the loss; keys and
 * clicks lead to what reads the value and to what it reads; behind the scores it is said that there is none. */
#include "tests/program.h"

#include <math.h>

static const BackwardPage *page(Program *p)
{
    const Cursor c = p->model->cursor;
    const BackwardPage *shown = backward_shown(&p->model->backward, (Unit){c.layer, c.channel, c.y, c.x});
    CHECK(shown != NULL, "nothing is shown: %s", p->model->backward.problem.text);
    return shown;
}

static const BackwardPage *go(Program *p, const char *address, const char *pos)
{
    Err err;
    CHECK(model_goto(p->model, address, pos, "backward", &err), "%s", err.text);
    program_rest(p);
    CHECK(p->model->view == VIEW_BACKWARD, "%s is in another view", address);
    return page(p);
}

static double by_the_engine(Run *run, Unit u, const float *seed)
{
    const Shape s = run->net->layers[u.layer].out;
    float *map = malloc(shape_size(s) * sizeof *map);
    run_gradient(run, &(Gradient){.from = run->net->heads[0].logits, .seed = seed, .to = u.layer});
    run_map_gradient(run, u.layer, 0, map);
    const double value = (double)map[at(s, 0, u.c, u.y, u.x)];
    free(map);
    return value;
}

static void it_is_the_engines_gradient(void **state)
{
    static const char *const places[][2] = {{"4c/3x3[200]", "6,7"}, {"maxpool2[7]", "12,15"}, {"5a/pool_proj[9]", "3,0"}, {"conv2[5]", "20,31"}, {"avgpool[77]", NULL},
                                            {"fc[2]", NULL}, {"input[1]", "100,90"}};
    Program *p = *state;
    Model *m = p->model;
    Run *run = program_run(p, model_weights(m));
    const int logits = model_net(m)->heads[0].logits, classes = net_scores(model_net(m), 0);
    float *scores = malloc((size_t)classes * sizeof *scores), *seed = malloc((size_t)classes * sizeof *seed);
    run_activation(run, logits, 0, scores);
    for (int loss = 0; loss < 2; loss++)
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            model_gradient_of(m, loss == 1);
            model_choose_class(m, 2);
            const BackwardPage *shown = go(p, places[i][0], places[i][1]);
            const double objective = backward_objective(scores, classes, 2, loss == 1, seed), want = by_the_engine(run, shown->unit, seed);
            CHECK(m->backward.objective == objective && m->backward.class_index == 2 && m->backward.of_loss == (loss == 1), "%s: of something else", places[i][0]);
            CHECK(fabs(shown->gradient - want) <= 1e-5 * fabs(want) + 1e-7, "%s: %.9g, the engine has %.9g", places[i][0], shown->gradient, want);
            char text[48];
            snprintf(text, sizeof text, "%s%.7g", shown->gradient < 0 ? "−" : "", fabs(shown->gradient));
            CHECK(program_find(p, "text", text) != NULL, "%s: %s is not on the screen", places[i][0], text);
        }
    model_gradient_of(m, false);
    model_choose_class(m, -1);
    run_free(run);
    free(scores);
    free(seed);
}

static void keys_and_clicks(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    model_view(m, VIEW_STAGE);
    model_go(m, program_layer(p, "3b/3x3"));
    model_select(m, (Cursor){program_layer(p, "3b/3x3"), 72, -1, -1});
    program_key(p, "Shift+d");
    CHECK(m->view == VIEW_BACKWARD && m->cursor.channel == 72 && m->cursor.y >= 0, "Shift+D on a channel");
    program_key(p, "Tab");
    CHECK(m->backward.loss && m->backward.of_loss, "Tab: the loss");
    program_key(p, "Tab");
    program_key(p, "2");
    Guess top[BACKWARD_CLASSES];
    CHECK(model_top(m, top, BACKWARD_CLASSES) == BACKWARD_CLASSES && m->backward.class_index == top[1].index, "2: the second class");
    const Unit up = page(p)->terms[page(p)->term_order[0]].reader;
    program_move(p, 3, 3);
    program_key(p, "Enter");
    CHECK(m->view == VIEW_BACKWARD && m->cursor.layer == up.layer && m->cursor.channel == up.c && up.layer == program_layer(p, "3b"), "Enter leads to the reader");
    go(p, "3b/3x3[72]", NULL);
    model_select(m, model_brightest(m, m->cursor));
    program_rest(p);
    const BackwardPage *shown = page(p);
    const Term first = shown->inputs[shown->input_order[0]];
    CHECK(shown->passes != 0, "the brightest value is closed");
    const Item *row = program_find(p, "input", "");
    CHECK(row != NULL, "no inputs");
    program_click(p, row->rect.x + row->rect.w / 2, row->rect.y + 10);
    CHECK(m->view == VIEW_BACKWARD && m->cursor.layer == program_layer(p, "3b/3x3_reduce") && m->cursor.channel == first.c && m->cursor.y == first.y, "a click leads down");
    program_key(p, "Escape");
    CHECK(m->view == VIEW_VALUE, "Escape leads to the terms");
    program_key(p, "Shift+d");
    program_key(p, "Shift+d");
    CHECK(m->view == VIEW_VALUE, "twice the same key");
    model_choose_class(m, -1);
}

static void behind_the_scores_there_is_none(void **state)
{
    static const char *const places[] = {"softmax[1]", "aux1/fc2[2]"};
    Program *p = *state;
    Err err;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        CHECK(model_goto(p->model, places[i], NULL, "backward", &err), "%s", err.text);
        program_rest(p);
        CHECK(program_find(p, "text", "so this value has no gradient") != NULL, "%s", places[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_engines_gradient), cmocka_unit_test(keys_and_clicks), cmocka_unit_test(behind_the_scores_there_is_none),
    };
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
