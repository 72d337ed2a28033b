/* test_circuit_view.c - one value through the reduction before it, on the screen: the numbers are circuit_compute's on the maps that are shown;
 * keys, clicks and playing lead where they should; elsewhere it is said that there is nothing to look through. */
#include "tests/program.h"

#include <math.h>
#include <stdio.h>

static void go(Program *p, const char *address, const char *pos)
{
    Err err;
    CHECK(model_goto(p->model, address, pos, "circuit", &err), "%s", err.text);
    program_rest(p);
    CHECK(p->model->view == VIEW_CIRCUIT && p->model->cursor.y >= 0, "no value of %s", address);
}

static const CircuitResult *shown(Program *p)
{
    const CircuitResult *r = circuit_result(&p->model->circuit, circuit_unit(model_net(p->model), p->model->cursor));
    CHECK(r != NULL, "nothing is shown: %s", p->model->circuit.problem.text);
    return r;
}

static void number_is_shown(Program *p, double value)
{
    char text[48];
    snprintf(text, sizeof text, "%.7g", value);
    CHECK(program_find(p, "text", text) != NULL, "%s is not on the screen", text);
}

static void check(Program *p, const char *address, const char *pos)
{
    const Net *net = model_net(p->model);
    CircuitPath path;
    Circuit c;
    Err err;
    go(p, address, pos);
    const CircuitResult *r = shown(p);
    const Unit unit = r->circuit.unit;
    CHECK(circuit_path(net, unit.layer, &path, &err), "%s", err.text);
    const size_t channels = (size_t)net->layers[path.from].out.c, taps = (size_t)net->layers[unit.layer].k * (size_t)net->layers[unit.layer].k;
    const float **maps = calloc((size_t)net->layer_count, sizeof *maps);
    CircuitSource *sources = calloc(channels, sizeof *sources);
    double *kernels = calloc(channels * taps, sizeof *kernels);
    model_maps(p->model, maps, unit.layer);
    CHECK(circuit_compute(net, model_weights(p->model), maps, &path, unit, &c, sources, kernels, &err), "%s", err.text);
    CHECK(c.sum == r->circuit.sum && c.expanded == r->circuit.expanded && c.pre == r->circuit.pre && c.open == r->circuit.open, "%s: other sums", address);
    for (size_t i = 0; i < channels; i++)
        CHECK(sources[i].channel == r->sources[i].channel && sources[i].sum == r->sources[i].sum, "%s: source %zu", address, i);
    for (size_t i = 0; i < channels * taps; i++)
        CHECK(r->kernels[i] == (float)kernels[i], "%s: weight %zu of the kernels", address, i);
    int open = 0;
    for (size_t t = 0; t < taps && path.kind == CIRCUIT_REDUCTION; t++)
        open += r->open[t] > 0 ? r->open[t] : 0;
    CHECK(open == c.open, "%s: %d gates of the taps, %d in all", address, open, c.open);
    number_is_shown(p, (double)c.pre);
    number_is_shown(p, c.sum);
    if (path.kind == CIRCUIT_REDUCTION)
        number_is_shown(p, c.expanded);
    const Item *first = program_find(p, "source", "");
    CHECK(first != NULL && atoi(p->ui.text + first->text) == sources[0].channel, "%s: the strongest is not first", address);
    free(kernels);
    free(sources);
    free(maps);
}

static void the_numbers_are_those_of_the_maps(void **state)
{
    Program *p = *state;
    check(p, "3b/3x3[72]", "13,14");
    check(p, "4a/5x5[3]", "0,13");
    check(p, "5b/pool_proj[9]", "3,0");
    check(p, "conv3[7]", NULL);
    check(p, "3b[200]", "5,5"); /* a copied value: its branch */
}

static void keys_and_clicks(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    model_view(m, VIEW_STAGE);
    model_go(m, program_layer(p, "3b/3x3"));
    model_select(m, (Cursor){program_layer(p, "3b/3x3"), 72, -1, -1});
    program_key(p, "Shift+r");
    CHECK(m->view == VIEW_CIRCUIT && m->cursor.channel == 72 && m->cursor.y >= 0, "Shift+R on a channel");
    const int y = m->cursor.y;
    program_key(p, y > 0 ? "Up" : "Down");
    CHECK(m->view == VIEW_CIRCUIT && m->cursor.y == (y > 0 ? y - 1 : y + 1) && shown(p)->circuit.unit.y == m->cursor.y, "an arrow moves by a pixel");
    program_key(p, "Escape");
    CHECK(m->view == VIEW_VALUE, "Escape leads to the value");
    const Item *choice = program_find(p, "choice", "through the reduction");
    CHECK(choice != NULL, "no button");
    program_click(p, choice->rect.x + 5, choice->rect.y + 5);
    CHECK(m->view == VIEW_CIRCUIT, "the button leads back");
    const int strongest = shown(p)->sources[0].channel;
    program_move(p, 3, 3);
    program_key(p, "Enter");
    CHECK(m->view == VIEW_VALUE && m->cursor.layer == program_layer(p, "3a") && m->cursor.channel == strongest, "Enter leads to layer %d, channel %d", m->cursor.layer, m->cursor.channel);
    go(p, "4e/pool_proj[7]", "2,3");
    const CircuitSource second = shown(p)->sources[1];
    const Item *row = program_find(p, "source", "");
    for (const Item *i = row; i < p->ui.items + p->ui.item_count; i++)
        if (strcmp(i->role, "source") == 0 && atoi(p->ui.text + i->text) == second.channel)
            row = i;
    program_click(p, row->rect.x + row->rect.w / 2, row->rect.y + 30);
    CHECK(m->view == VIEW_VALUE && m->cursor.channel == second.channel && m->cursor.y == second.y && m->cursor.x == second.x, "a click leads to the winner");
}

static void a_changed_weight_changes_it(void **state)
{
    Program *p = *state;
    go(p, "4a/3x3[5]", "7,7");
    const double before = shown(p)->circuit.sum;
    model_scale(p->model, program_layer(p, "4a/3x3"), 5, 1, 0.5f);
    program_rest(p);
    CHECK(fabs(shown(p)->circuit.sum - before / 2) < 1e-5 * shown(p)->circuit.magnitude, "%g became %g", before, shown(p)->circuit.sum);
    model_restore(p->model);
    program_rest(p);
    CHECK(shown(p)->circuit.sum == before, "restored it is %g, not %g", shown(p)->circuit.sum, before);
}

static void playing_stays_here(void **state)
{
    Program *p = *state;
    go(p, "3b/5x5[3]", "0,0");
    p->app.key(p->app.user, "Space");
    for (int i = 0; i < 200 && p->model->cursor.x == 0; i++)
        program_frame(p);
    CHECK(p->model->cursor.x > 0 && p->model->view == VIEW_CIRCUIT, "playing leaves the view");
    program_key(p, "Escape");
}

static void nothing_to_look_through(void **state)
{
    static const char *const places[] = {"conv1[3]", "3b/1x1[7]", "3b/3x3_reduce[7]", "maxpool1[3]", "fc[2]", "softmax[1]", "input[1]", "norm1[2]", "dropout[3]"};
    Program *p = *state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        go(p, places[i], NULL);
        CHECK(program_find(p, "text", "There is nothing to look through") != NULL, "%s", places[i]);
        program_key(p, "Enter");
        program_key(p, "Escape");
        CHECK(p->model->view == VIEW_VALUE, "%s: Escape", places[i]);
    }
}

/* One computed for a unit does not keep the window busy when the cursor has gone to another, through which nothing can be looked. */
static void left_while_it_computes(void **state)
{
    Program *p = *state;
    Err err;
    CHECK(model_goto(p->model, "4e/3x3[7]", "5,5", "circuit", &err), "%s", err.text);
    for (int i = 0; i < 10 && !circuit_busy(&p->model->circuit); i++)
        program_frame(p);
    CHECK(circuit_busy(&p->model->circuit), "nothing is computed");
    CHECK(model_goto(p->model, "conv1[3]", "10,10", "circuit", &err), "%s", err.text);
    program_rest(p); /* has an end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_are_those_of_the_maps), cmocka_unit_test(keys_and_clicks), cmocka_unit_test(a_changed_weight_changes_it),
        cmocka_unit_test(playing_stays_here), cmocka_unit_test(nothing_to_look_through), cmocka_unit_test(left_while_it_computes),
    };
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
