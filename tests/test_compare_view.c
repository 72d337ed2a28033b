/* test_compare_view.c - two pictures on the screen: both answers, the channels that differ most, the card at the pointer, the branches of a
 * concat, walking on, and the exchange of the two. Everything is found again from the maps. */
#include "tests/program.h"

static Program *opened(void **state)
{
    Program *p = *state;
    if (p->model->other.path[0] == '\0') {
        session_open_other(p->session, "assets/images/rose.png");
        for (int i = 0; i < 400 && p->model->other.path[0] == '\0'; i++)
            program_rest(p);
    }
    model_view(p->model, VIEW_COMPARE);
    model_go(p->model, program_layer(p, "3a"));
    program_move(p, 3, 3);
    CHECK(p->model->view == VIEW_COMPARE && p->model->at == program_layer(p, "3a"), "going to a layer leaves the comparison");
    return p;
}

static void both_maps(const Program *p, int layer, LayerMap *a, LayerMap *b)
{
    CHECK(compute_map(p->model->compute, layer, a) && compute_map(p->model->other_compute, layer, b), "no maps");
}

/* The class with the largest probability and its percent are beside each picture. */
static void check_answer(const Program *p, Compute *compute, float from, float to)
{
    LayerMap map;
    char percent[NUM_MAX], name[96] = "";
    CHECK(compute_map(compute, program_layer(p, "softmax"), &map), "no answer");
    int best = 0, seen = 0;
    for (int i = 1; i < map.shape.c; i++)
        best = map.data[i] > map.data[best] ? i : best;
    num_probability(percent, (double)map.data[best]);
    snprintf(name, sizeof name, "%s", p->model->source->source.info.labels[best]);
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        const char *text = p->ui.text + item->text;
        if (item->rect.x >= from && item->rect.x < to && item->rect.y > 100 && item->rect.y < 260)
            seen |= strcmp(text, percent) == 0 ? 1 : strcmp(text, name) == 0 ? 2 : 0;
    }
    CHECK(seen == 3, "%s with %s is not between %g and %g", name, percent, (double)from, (double)to);
}

static const Item *panel_of(const Program *p, int index)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "maps") == 0 && p->ui.items[i].picked != NULL && index-- == 0)
            return &p->ui.items[i];
    return NULL;
}

static void both_answers_are_shown(void **state)
{
    const Program *p = opened(state);
    const float first = panel_of(p, 0)->rect.x, second = panel_of(p, 1)->rect.x, third = panel_of(p, 2)->rect.x;
    check_answer(p, p->model->compute, first - 20, second - 14);
    check_answer(p, p->model->other_compute, second - 14, third - 14);
}

static double mean_difference(const LayerMap *a, const LayerMap *b, int channel)
{
    const size_t plane = (size_t)a->shape.h * (size_t)a->shape.w;
    double sum = 0;
    for (size_t i = (size_t)channel * plane; i < (size_t)(channel + 1) * plane; i++)
        sum += fabs((double)b->data[i] - (double)a->data[i]);
    return sum / (double)plane;
}

static void the_most_different_channels_come_first(void **state)
{
    const Program *p = opened(state);
    LayerMap a, b;
    char number[NUM_MAX];
    both_maps(p, p->model->at, &a, &b);
    const Item *first = panel_of(p, 0);
    CHECK(first != NULL && first->count >= 3, "no row of the most different");
    for (int i = 0; i < first->count; i++) {
        int larger = 0;
        for (int c = 0; c < a.shape.c; c++)
            larger += mean_difference(&a, &b, c) > mean_difference(&a, &b, first->picked[i]) * (1 + 1e-6);
        CHECK(larger == i, "place %d is channel %d, but %d channels differ more", i, first->picked[i], larger);
        num_value(number, mean_difference(&a, &b, first->picked[i]));
        CHECK(program_find(p, "text", number) != NULL, "its mean %s is not said", number);
    }
    for (int i = 1; i < 3; i++)
        CHECK(panel_of(p, i)->picked[0] == first->picked[0] && panel_of(p, i)->rect.y == first->rect.y, "column %d shows others", i);
}

/* The card has the value in both pictures and their difference, whichever column the pointer is in. */
static void the_card_has_both_values(void **state)
{
    Program *p = opened(state);
    LayerMap a, b;
    both_maps(p, p->model->at, &a, &b);
    for (int column = 0; column < 3; column++) {
        const Item *item = panel_of(p, column);
        program_move(p, item->rect.x + item->tile_w * 0.45f, item->rect.y + item->tile_h * 0.65f);
        const Cursor h = p->model->hover;
        CHECK(h.layer == p->model->at && h.channel == panel_of(p, 0)->picked[0] && h.y >= 0, "column %d does not point", column);
        const size_t i = at(a.shape, 0, h.channel, h.y, h.x);
        const float values[3] = {a.data[i], b.data[i], b.data[i] - a.data[i]};
        const Item *card = program_find(p, "card", "3a[");
        CHECK(card != NULL, "column %d: no card", column);
        for (int k = 0; k < 3; k++) {
            char number[NUM_MAX];
            bool found = false;
            num_exact(number, values[k]);
            for (size_t n = 0; n < p->ui.item_count; n++)
                found = found || (p->ui.items[n].layer == 1 && strcmp(p->ui.text + p->ui.items[n].text, number) == 0);
            CHECK(found, "column %d: value %d, %s, is not in the card", column, k, number);
        }
    }
}

static void a_concat_keeps_its_branches(void **state)
{
    Program *p = opened(state);
    const float height = p->height;
    int bands = 0;
    p->height = 4000; /* without scrolling */
    program_rest(p);
    for (size_t i = 0; i < p->ui.item_count; i++)
        bands += strcmp(p->ui.items[i].role, "band") == 0;
    CHECK(bands == 3 * BRANCH_COUNT, "%d bands", bands);
    CHECK(program_find(p, "text", "3×3 · 64–191") != NULL, "a branch with its channels");
    p->height = height;
}

static void one_walks_on_in_it(void **state)
{
    Program *p = opened(state);
    const Item *row = program_find(p, "row", "inception 4c");
    CHECK(row != NULL, "no rail");
    program_click(p, row->rect.x + 30, row->rect.y + 8);
    CHECK(p->model->view == VIEW_COMPARE && p->model->at == program_layer(p, "4c"), "the rail leaves the comparison");
    session_do(p->session, VERB_PLAY);
    for (int i = 0; i < 300; i++)
        program_frame(p);
    CHECK(p->model->view == VIEW_COMPARE && p->model->at > program_layer(p, "4c"), "playing does not walk on");
    session_do(p->session, VERB_PLAY);
    CHECK(!p->model->playing, "it still plays");
}

static void the_pictures_change_places(void **state)
{
    Program *p = opened(state);
    const int layer = p->model->at;
    LayerMap a, b, c, d;
    char first[96], second[96];
    both_maps(p, layer, &a, &b);
    const uint64_t versions[2] = {a.version, b.version};
    snprintf(first, sizeof first, "%s", p->model->picture.name);
    snprintf(second, sizeof second, "%s", p->model->other.name);
    const Item *button = program_find(p, "button", model_text(p->model, STR_COMPARE_SWAP));
    CHECK(button != NULL, "no button");
    program_click(p, button->rect.x + 9, button->rect.y + 9);
    both_maps(p, layer, &c, &d);
    CHECK(strcmp(p->model->picture.name, second) == 0 && strcmp(p->model->other.name, first) == 0, "the names");
    CHECK(c.version == versions[1] && d.version == versions[0], "nothing is computed again");
    check_answer(p, p->model->compute, panel_of(p, 0)->rect.x - 20, panel_of(p, 1)->rect.x - 14);
    program_click(p, button->rect.x + 9, button->rect.y + 9);
    CHECK(strcmp(p->model->picture.name, first) == 0, "and back");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(both_answers_are_shown),   cmocka_unit_test(the_most_different_channels_come_first), cmocka_unit_test(the_card_has_both_values),
    cmocka_unit_test(a_concat_keeps_its_branches), cmocka_unit_test(one_walks_on_in_it),                  cmocka_unit_test(the_pictures_change_places),
};

/* The program's own weights: its answers to the two pictures differ. */
static int open_flowers(void **state)
{
    Err err;
    Program *p = malloc(sizeof *p);
    if (p == NULL || !program_open_from(p, &(SourceOptions){.weights = "assets/weights/flowers.safetensors", .networks_dir = "assets/networks"}, 1366, 768, &err))
        return -1;
    *state = p;
    return 0;
}

int main(void)
{
    return cmocka_run_group_tests(tests, open_flowers, program_group_close);
}
