/* test_order_view.c - the last bit on the screen: both engines' values, where their orders part and how far their maps are apart are those of the
 * runs themselves; random orders by keys and clicks; what adds no products is told so. */
#include "engine/net/exact.h"
#include "tests/program.h"

static const OrderPage *shown(const Program *p)
{
    const OrderPage *page = order_shown(&p->model->order, circuit_unit(model_net(p->model), p->model->cursor));
    CHECK(page != NULL, "nothing is shown: %s", p->model->order.problem.text);
    return page;
}

static const OrderPage *go(Program *p, const char *address, const char *pos)
{
    Err err;
    CHECK(model_goto(p->model, address, pos, "order", &err), "%s", err.text);
    program_rest(p);
    return shown(p);
}

static bool same_bits(float a, float b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* The reference's maps and the fast engine's, each by a run of its own. */
static void page_is_of_both_runs(void **state)
{
    static const char *const places[][2] = {{"conv1[3]", "5,6"}, {"3a/1x1[1]", "2,3"}, {"3b/3x3[4]", "0,3"}, {"fc[2]", NULL}, {"3a[7]", "1,1"}};
    Program *p = *state;
    const Net *net = model_net(p->model);
    Err err;
    float **maps = calloc((size_t)net->layer_count, sizeof *maps);
    CHECK(exact_maps(net, model_weights(p->model), p->model->picture.x, net->main_count - 1, 0, NULL, maps, &err), "%s", err.text);
    Run *run = program_run(p, model_weights(p->model));
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const OrderPage *page = go(p, places[i][0], places[i][1]);
        const Unit u = page->unit;
        const float stored = maps[u.layer][at(net->layers[u.layer].out, 0, u.c, u.y, u.x)];
        CHECK(same_bits(page->e.value, stored), "%s: %.9g, the reference has %.9g", places[i][0], (double)page->e.value, (double)stored);
        CHECK(same_bits(page->sums[page->e.term_count - 1], page->e.of.weighted.total), "%s: the reference's sum", places[i][0]);
        CHECK(page->way == ORDER_UNKNOWN || page->e.value == 0 || same_bits(page->other_sums[page->e.term_count - 1], page->other), "%s: the fast engine's order gives %.9g, not %.9g",
              places[i][0], (double)page->other_sums[page->e.term_count - 1], (double)page->other);
        for (int l = 1; l < net->main_count; l++) {
            const size_t count = shape_size(net->layers[l].out);
            float *map = malloc(count * sizeof *map);
            size_t differ = 0;
            run_activation(run, l, 0, map);
            for (size_t k = 0; k < count; k++)
                differ += map[k] != maps[l][k];
            CHECK(page->layers[l].count == count && page->layers[l].differ == differ, "%s: %zu of %s differ, not %zu", places[i][0], page->layers[l].differ, net->layers[l].name, differ);
            if (l == u.layer)
                CHECK(same_bits(map[at(net->layers[l].out, 0, u.c, u.y, u.x)], page->other_own), "%s: its own inputs", places[i][0]);
            free(map);
        }
        CHECK(page->answers[0] == page->answers[1] && program_find(p, "text", "the answer stays") != NULL, "%s: the answer", places[i][0]);
    }
    run_free(run);
    exact_free(net, maps);
}

/* The sum of the order that is looked at, with all its digits. */
static void sum_is_shown(Program *p, int seed)
{
    const OrderPage *page = shown(p);
    int *order = malloc((size_t)page->e.term_count * sizeof *order);
    char number[NUM_MAX];
    CHECK(p->model->order.seed == seed, "order %d, not %d", p->model->order.seed, seed);
    order_shuffled(page->e.term_count, (uint64_t)seed, order);
    num_exact(number, order_sum(&page->e, page->terms, order, false, NULL));
    CHECK(program_find(p, "text", number) != NULL, "order %d: %s is not on the screen", seed, number);
    free(order);
}

static void click(Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    program_click(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 2);
}

static void random_orders(void **state)
{
    Program *p = *state;
    Err err;
    CHECK(model_goto(p->model, "3b/3x3[4]", "2,3", "value", &err), "%s", err.text);
    program_rest(p);
    click(p, "choice", "its last bit");
    CHECK(p->model->view == VIEW_ORDER, "a click leads there");
    sum_is_shown(p, 1);
    program_key(p, "Tab");
    sum_is_shown(p, 2);
    program_key(p, "Enter");
    sum_is_shown(p, 3);
    program_key(p, "Backspace");
    sum_is_shown(p, 2);
    click(p, "button", "another order");
    sum_is_shown(p, 3);
    click(p, "button", "the one before");
    sum_is_shown(p, 2);
    const Item *column = program_find(p, "order", "");
    CHECK(column != NULL, "no chart");
    program_click(p, column->rect.x - column->rect.w / 2, column->rect.y + 20);
    sum_is_shown(p, 1);
    program_key(p, "Backspace");
    sum_is_shown(p, 1);
    program_key(p, "Space");
    CHECK(p->model->order.seed == 100 && !p->model->playing, "Space plays a hundred, and came to %d", p->model->order.seed);
    sum_is_shown(p, 100);
    program_key(p, "Escape");
    CHECK(p->model->view == VIEW_VALUE, "Escape leads to the terms");
    program_key(p, "Shift+e");
    program_key(p, "Shift+e");
    CHECK(p->model->view == VIEW_VALUE, "twice the same key");
}

static void what_adds_no_products(void **state)
{
    static const char *const places[] = {"maxpool2[3]", "norm1[1]", "softmax[1]", "aux1/fc2[2]"};
    Program *p = *state;
    Err err;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        CHECK(model_goto(p->model, places[i], NULL, "order", &err), "%s", err.text);
        program_rest(p);
        CHECK(program_find(p, "text", "adds no products in the main path") != NULL, "%s", places[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_is_of_both_runs), cmocka_unit_test(random_orders), cmocka_unit_test(what_adds_no_products),
    };
    return cmocka_run_group_tests(tests, program_small_open, program_group_close);
}
