/* test_share_view.c - what the score is made of, on the screen: the numbers are those of share_compute in a run of the test's own, a silenced
 * channel costs what a whole forward pass without it says, and at the last maps it is the class activation map. */
#include "engine/net/cam.h"
#include "tests/program.h"

#include <math.h>
#include <stdio.h>

static void go(Program *p, const char *layer)
{
    model_view(p->model, VIEW_SHARE);
    model_go(p->model, program_layer(p, layer));
    program_rest(p);
    CHECK(p->model->view == VIEW_SHARE, "going to %s leaves the view", layer);
}

static const ShareLayer *shown(Program *p)
{
    const ShareLayer *l = share_layer(&p->model->share, share_layer_at(model_net(p->model), p->model->at));
    CHECK(l != NULL, "nothing at layer %d: %s", p->model->at, p->model->share.problem.text);
    return l;
}

static void check_same(const Share *a, const Share *b)
{
    CHECK(a->class_index == b->class_index && a->against == b->against && a->bias_count == b->bias_count, "another question");
    CHECK(a->score == b->score && a->maps == b->maps && a->bias == b->bias, "%g = %g + %g, not %g = %g + %g", a->score, a->maps, a->bias, b->score, b->maps, b->bias);
    for (int i = 0; i < a->shape.h * a->shape.w; i++)
        CHECK(a->place[i] == b->place[i], "place %d", i);
    for (int c = 0; c < a->shape.c; c++)
        CHECK(a->channel[c] == b->channel[c], "channel %d", c);
}

/* Layer by layer, one pass each: the view's one pass gives the same bits. Arrow keys find them computed. */
static void every_layer_is_that_of_its_own_pass(void **state)
{
    static const char *const layers[] = {"5b", "5a", "4c", "4a", "3a", "conv2", "input"};
    Program *p = *state;
    Err err;
    Run *run = program_run(p, model_weights(p->model));
    go(p, "4b");
    const int class_index = shown(p)->share.class_index;
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        Share share;
        const int layer = program_layer(p, layers[i]);
        CHECK(share_compute(run, model_weights(p->model), layer, class_index, -1, &share, &err), "%s", err.text);
        check_same(&share_layer(&p->model->share, layer)->share, &share);
        share_free(&share);
    }
    run_free(run);
    p->app.key(p->app.user, "Right");
    program_frame(p);
    CHECK(p->model->at == program_layer(p, "4c") && p->model->view == VIEW_SHARE && !share_busy(&p->model->share), "a step computes something again");
    model_go(p->model, program_layer(p, "3a/3x3"));
    program_frame(p);
    CHECK(shown(p)->share.layer == program_layer(p, "3a") && program_find(p, "text", "3a: ") != NULL, "a branch does not show its module");
}

static void the_numbers_are_on_the_screen(void **state)
{
    Program *p = *state;
    char text[96];
    go(p, "4c");
    const ShareLayer *l = shown(p);
    snprintf(text, sizeof text, " = %.3f", l->share.maps + l->share.bias);
    CHECK(program_find(p, "text", text) != NULL, "no sum '%s'", text);
    double pieces = 0;
    int seen = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const char *said = p->ui.text + p->ui.items[i].text, *number = strstr(said, "  ");
        if (strcmp(p->ui.items[i].role, "share") != 0)
            continue;
        seen++;
        pieces += (strncmp(number + 2, "−", strlen("−")) == 0 ? -1 : 1) * atof(number + 2 + (number[2] == '+' ? 1 : strlen("−")));
    }
    CHECK(seen == 1 + 4 + 1, "%d pieces, not the maps, the four modules after 4c and the last layer", seen);
    CHECK(fabs(pieces - l->share.score) < 2e-3 * l->share.magnitude, "pieces add up to %g, not %g", pieces, l->share.score);
    for (int i = 1; i < l->share.shape.c; i++)
        CHECK(fabs(l->share.channel[l->order[i - 1]]) >= fabs(l->share.channel[l->order[i]]), "channel %d of the list", i);
    snprintf(text, sizeof text, "4c[%d]", l->order[0]);
    CHECK(program_find(p, "button", text) != NULL, "the largest share is not first");
    go(p, "conv2");
    CHECK(program_find(p, "text", "Not exact") != NULL, "before a normalisation it is exact");
    go(p, "softmax");
    CHECK(program_find(p, "text", "not on the way") != NULL, "behind the scores there are shares");
}

/* Silencing one channel by X and by the button: the score lost is that of a whole forward pass. The weights stay as they are. */
static void silencing_costs_what_a_whole_pass_says(void **state)
{
    Program *p = *state;
    const Net *net = model_net(p->model);
    float *scores = malloc((size_t)net_scores(net, 0) * sizeof *scores);
    double cost = NAN;
    int target, channel;
    go(p, "4c");
    const int first = shown(p)->order[0];
    CHECK(!share_cost(&p->model->share, shown(p), first, &cost), "known before it is tried");
    model_select(p->model, (Cursor){program_layer(p, "4c"), first, -1, -1});
    program_key(p, "x");
    CHECK(share_cost(&p->model->share, shown(p), first, &cost) && p->model->what_if.weights == NULL, "X does not try, or changes the network");
    WhatIf without = {.edits = 0};
    CHECK(whatif_target(net, program_layer(p, "4c"), first, &target, &channel) && whatif_scale(&without, net, model_weights(p->model), target, channel, 0), "no channel");
    Run *run = program_run(p, without.weights);
    run_activation(run, net->heads[0].logits, 0, scores);
    const Share *s = &shown(p)->share;
    CHECK(cost == s->score - (double)scores[s->class_index], "%g, but a whole pass loses %g", cost, s->score - (double)scores[s->class_index]);
    run_free(run);
    whatif_restore(&without);
    free(scores);
    char name[32];
    snprintf(name, sizeof name, "4c[%d]", shown(p)->order[1]);
    const Item *button = program_find(p, "button", name);
    CHECK(button != NULL, "no button of %s", name);
    program_click(p, button->rect.x + 5, button->rect.y + 5);
    CHECK(share_cost(&p->model->share, shown(p), shown(p)->order[1], &cost), "the button does not try it");
    go(p, "norm2");
    model_select(p->model, (Cursor){program_layer(p, "norm2"), 3, -1, -1});
    program_key(p, "x");
    CHECK(program_find(p, "text", "silences a convolution") != NULL, "a norm's channel is silenced alone");
    go(p, "maxpool2");
    CHECK(!share_try(&p->model->share, net, program_layer(p, "maxpool2"), 3), "behind a norm");
    CHECK(share_try(&p->model->share, net, program_layer(p, "maxpool3"), 3), "a pool passes 3b's channels on");
    program_rest(p);
    go(p, "3b");
    CHECK(share_cost(&p->model->share, shown(p), 3, &cost), "the pool's channel is 3b's");
}

static void margins_and_classes(void **state)
{
    Program *p = *state;
    go(p, "4c");
    const int best = shown(p)->share.class_index;
    const double score = shown(p)->share.score;
    model_choose_class(p->model, best == 3 ? 4 : 3);
    program_rest(p);
    const double other = shown(p)->share.score;
    model_choose_class(p->model, -1);
    model_choose_against(p->model, best == 3 ? 4 : 3);
    program_frame(p);
    model_view(p->model, VIEW_STAGE); /* left while it computes */
    program_rest(p);
    go(p, "4c");
    CHECK(fabs(shown(p)->share.score - (score - other)) < 1e-6 * fabs(score) + 1e-9, "margin %g, not %g - %g", shown(p)->share.score, score, other);
    CHECK(fabs(share_gap(&shown(p)->share)) <= 1e-5 * shown(p)->share.magnitude, "it does not close: %g", share_gap(&shown(p)->share));
    char text[1024];
    model_state_text(p->model, text, sizeof text);
    CHECK(strstr(text, "--view share") != NULL && strstr(text, "--against ") != NULL, "%s", text);
    model_choose_against(p->model, best == 3 ? 4 : 3);
    program_rest(p);
    CHECK(shown(p)->share.against == -1, "the same class again does not clear it");
}

/* At the last maps each place is the class activation map's divided by their number, and Grad-CAM's is the same there. */
static void at_the_last_maps_it_is_the_activation_map(void **state)
{
    Program *p = *state;
    LayerMap map;
    Err err;
    float cam[7 * 7], most = 0;
    go(p, "5b");
    const ShareLayer *l = shown(p);
    CHECK(cam_layer(model_net(p->model), &err) == l->share.layer && compute_map(p->model->compute, l->share.layer, &map), "no maps");
    cam_compute(model_net(p->model), model_weights(p->model), map.data, l->share.class_index, cam);
    for (int i = 0; i < 49; i++)
        most = fmaxf(most, fabsf(cam[i]));
    for (int i = 0; i < 49; i++) {
        CHECK(fabs(49 * l->share.place[i] - (double)cam[i]) <= 1e-5 * (double)most, "place %d: %g and %g", i, 49 * l->share.place[i], (double)cam[i]);
        CHECK(fabsf(l->shown[1][i] - l->shown[0][i]) <= 1e-5f * most, "Grad-CAM at place %d", i);
    }
    CHECK(program_find(p, "text", "class activation map divided by its 49") != NULL, "it is not said");
}

/* C at the input and at the last maps: the class activation map; in between the share. A network without such a map has its share everywhere. */
static void what_c_leads_to(void **state)
{
    static const struct { const char *at; ViewKind view; } places[] = {{"input", VIEW_CAM}, {"conv1", VIEW_SHARE}, {"4c/3x3", VIEW_SHARE}, {"5b", VIEW_CAM}, {"fc", VIEW_CAM}};
    Program *p = *state, other;
    Err err;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        model_view(p->model, VIEW_STAGE);
        model_go(p->model, program_layer(p, places[i].at));
        program_key(p, "c");
        CHECK(p->model->view == places[i].view, "C at %s leads to %s", places[i].at, view_name(p->model->view));
        program_key(p, "c");
        CHECK(p->model->view == VIEW_STAGE, "C does not lead back");
    }
    model_explain(p->model, VIEW_SHARE);
    CHECK(p->model->at == program_layer(p, "5b"), "from behind the last maps to layer %d", p->model->at);
    CHECK(program_open(&other, "lenet5", 800, 600, &err), "%s", err.text);
    program_key(&other, "c");
    program_key(&other, "Right");
    CHECK(other.model->view == VIEW_SHARE && shown(&other)->share.layer == 1, "LeNet-5");
    program_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_is_that_of_its_own_pass), cmocka_unit_test(the_numbers_are_on_the_screen), cmocka_unit_test(silencing_costs_what_a_whole_pass_says),
        cmocka_unit_test(margins_and_classes), cmocka_unit_test(at_the_last_maps_it_is_the_activation_map), cmocka_unit_test(what_c_leads_to),
    };
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
