/* test_groups_view.c - neuron groups on the screen: they are groups_find's of the map that is shown, what each gives is groups_gives' with a
 * gradient of the test's own; number keys, pointing, walking, and where there is nothing to group. */
#include "engine/net/share.h"
#include "tests/program.h"

#include <math.h>
#include <stdio.h>

static const GroupsResult *go(Program *p, const char *layer)
{
    model_view(p->model, VIEW_GROUPS);
    model_go(p->model, program_layer(p, layer));
    program_move(p, 3, 3);
    CHECK(p->model->view == VIEW_GROUPS && p->model->at == program_layer(p, layer), "going to %s leaves the view", layer);
    return groups_result(&p->model->groups, p->model->at);
}

static void same_groups(Program *p, const char *layer, const Groups *shown)
{
    LayerMap map;
    Groups own;
    Err err;
    CHECK(compute_map(p->model->compute, program_layer(p, layer), &map), "no map");
    CHECK(groups_find(map.data, map.shape, p->model->groups.count, NULL, &own, &err), "%s", err.text);
    CHECK(own.count == shown->count && own.left_over == shown->left_over, "%d groups, %g left over", shown->count, shown->left_over);
    CHECK(memcmp(own.strength, shown->strength, (size_t)own.count * (size_t)(own.places + own.channels) * sizeof *own.strength) == 0, "%s: other groups", layer);
    groups_free(&own);
}

static void they_are_those_of_the_map(void **state)
{
    Program *p = *state;
    Err err;
    Share share;
    char text[64], percent[NUM_MAX], number[NUM_MAX];
    const GroupsResult *r = go(p, "4c");
    CHECK(r != NULL && r->groups.count == 4 && r->class_index >= 0, "no four groups: %s", p->model->groups.problem.text);
    same_groups(p, "4c", &r->groups);
    snprintf(text, sizeof text, "%s left over", num_percent(percent, r->groups.left_over));
    CHECK(program_find(p, "text", text) != NULL, "'%s' is not said", text);
    CHECK(program_find(p, "text", "a colour means nothing in another picture") != NULL, "what the colours mean is not said");
    Run *run = program_run(p, model_weights(p->model));
    CHECK(share_compute(run, model_weights(p->model), r->layer, r->class_index, -1, &share, &err), "%s", err.text);
    double part = 0;
    for (int i = 0; i < r->groups.count; i++) {
        CHECK(r->gives[i] == groups_gives(&r->groups, i, share.gradient), "group %d gives %g", i, r->gives[i]);
        snprintf(text, sizeof text, " %s%s", r->gives[i] < 0 ? "−" : "+", num_value(number, fabs(r->gives[i])));
        CHECK(program_find(p, "text", text) != NULL, "'%s' is not shown", text);
        part += r->part[i];
    }
    CHECK(fabs(part - 1) < 1e-12, "the strengths are %g of all", part);
    share_free(&share);
    run_free(run);
}

static int colours(const Program *p, Color group)
{
    int count = 0;
    for (size_t i = 0; i < p->ui.command_count; i++)
        count += p->ui.commands[i].kind == CMD_RECT && (p->ui.commands[i].color >> 8) == group >> 8 && (p->ui.commands[i].color & 0xff) < 0xff;
    return count;
}

static void keys_and_pointing(void **state)
{
    Program *p = *state;
    CHECK(go(p, "4c") != NULL, "no groups");
    program_key(p, "6");
    CHECK(p->model->groups.count == 6 && groups_result(&p->model->groups, p->model->at)->groups.count == 6, "6 does not make six");
    const Item *four = program_find(p, "choice", "4");
    CHECK(four != NULL, "no button 4");
    program_click(p, four->rect.x + 5, four->rect.y + 5);
    const GroupsResult *r = groups_result(&p->model->groups, p->model->at);
    CHECK(r->groups.count == 4, "the button does not make four");
    program_move(p, 3, 3);
    CHECK(colours(p, group_colors[1]) > 0 && colours(p, group_colors[0]) > 0, "not all colours");
    const Item *row = program_find(p, "group", "");
    program_move(p, row->rect.x + row->rect.w - 20, row->rect.y + 10);
    CHECK(colours(p, group_colors[0]) > 0 && colours(p, group_colors[1]) == 0, "pointing at a row does not show it alone");
    program_move(p, 3, 3);
    model_groups(p->model, 5);
    program_rest(p);
    char text[1024];
    model_state_text(p->model, text, sizeof text);
    CHECK(strstr(text, "--view groups") != NULL && strstr(text, "--groups 5") != NULL, "%s", text);
    model_groups(p->model, 4);
    Err err;
    CHECK(!model_place(p->model, &(Place){.has_groups = true, .groups = 9}, &err) && strstr(err.text, "4 to 6") != NULL, "nine groups: %s", err.text);
    program_key(p, "Right");
    CHECK(p->model->view == VIEW_GROUPS && groups_result(&p->model->groups, program_layer(p, "4d")) != NULL, "a step leaves the view");
}

static void where_there_is_less_to_say(void **state)
{
    Program *p = *state;
    const GroupsResult *r = go(p, "3a/5x5");
    CHECK(r != NULL && r->class_index < 0 && program_find(p, "text", "take 3a") != NULL, "a branch gives something to a class");
    same_groups(p, "3a/5x5", &r->groups);
    go(p, "fc");
    CHECK(program_find(p, "text", "one place") != NULL, "one place is grouped");
    program_key(p, "Shift+g");
    CHECK(p->model->view == VIEW_STAGE, "Shift+G does not lead back");
    model_go(p->model, program_layer(p, "4a"));
    p->app.key(p->app.user, "Shift+g"); /* left at once, and opened again for another layer */
    program_frame(p);
    p->app.key(p->app.user, "Escape");
    program_frame(p);
    CHECK(go(p, "4e") != NULL, "nothing after it was stopped");
}

/* The maps of an auxiliary head, in both engines: a run without heads has none of them. */
static void in_a_head(void **state)
{
    static const Engine *const engines[] = {&reference_engine, &fast_engine};
    Program *p = *state;
    for (int e = 0; e < 2; e++) {
        while (p->model->engine != engines[e]) {
            model_do(p->model, VERB_ENGINE);
            program_rest(p);
        }
        const GroupsResult *r = go(p, "aux1/conv");
        CHECK(r != NULL, "%s: no groups: %s", engines[e]->name, p->model->groups.problem.text);
        same_groups(p, "aux1/conv", &r->groups);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(they_are_those_of_the_map), cmocka_unit_test(keys_and_pointing), cmocka_unit_test(where_there_is_less_to_say), cmocka_unit_test(in_a_head)};
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
