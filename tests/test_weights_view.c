/* test_weights_view.c - the weights of a module, with the strongest kernels of its four branches first, and of one kernel, with its inputs in
 * the order of their weights and the maps that they read. All sums are made again from the weights. */
#include "tests/program.h"

static void go_to(Program *p, const char *address)
{
    Err err;
    CHECK(model_goto(p->model, address, NULL, "weights", &err), "%s", err.text);
    program_move(p, 3, 3);
}

/* The sum of |w| of `count` weights of a layer from `first` on. */
static double size_of(const Program *p, int layer, size_t first, size_t count)
{
    const Net *net = model_net(p->model);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += fabs((double)model_weights(p->model)[net->params[net->layers[layer].weight].offset + first + i]);
    return sum;
}

static const Item *maps_at(const Program *p, const char *address)
{
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "maps") == 0 && strcmp(p->ui.items[i].address, address) == 0)
            return &p->ui.items[i];
    return NULL;
}

static const char *const layers[] = {"4c/1x1", "4c/3x3_reduce", "4c/3x3", "4c/5x5_reduce", "4c/5x5", "4c/pool_proj"};
enum { LAYERS = sizeof layers / sizeof layers[0] };

/* That a grid's kernels begin with the strongest, and a k x k one is shown by its strongest slice. Returns how many more there are. */
static int check_kernels(const Program *p, const char *address)
{
    const int layer = program_layer(p, address);
    const Layer *l = &model_net(p->model)->layers[layer];
    const int taps = l->k * l->k, channels = l->in.c;
    const size_t volume = (size_t)taps * (size_t)channels;
    const Item *item = maps_at(p, address);
    CHECK(item != NULL && item->picked != NULL && item->count >= 4, "%s: no kernels", address);
    for (int i = 0; i < item->count; i++) {
        const int kernel = taps > 1 ? item->picked[i] / channels : item->picked[i];
        const double size = size_of(p, layer, (size_t)kernel * volume, volume);
        int larger = 0, as_large = 0; /* but for what a sum of floats is rounded by */
        for (int k = 0; k < l->out.c; k++) {
            const double other = size_of(p, layer, (size_t)k * volume, volume);
            larger += other > size * (1 + 1e-5);
            as_large += other > size * (1 - 1e-5);
        }
        CHECK(larger <= i && as_large > i, "%s: place %d is kernel %d, but %d are larger", address, i, kernel, larger);
        for (int c = 0; c < channels && taps > 1; c++)
            CHECK(size_of(p, layer, (size_t)(kernel * channels + c) * (size_t)taps, (size_t)taps) <=
                      size_of(p, layer, (size_t)item->picked[i] * (size_t)taps, (size_t)taps) * (1 + 1e-5), "%s: kernel %d: slice %d is stronger", address, kernel, c);
    }
    return l->out.c - item->count;
}

static void a_module_shows_its_four_branches(void **state)
{
    Program *p = *state;
    int lanes = 0;
    go_to(p, "4c");
    CHECK(program_find(p, "text", model_text(p->model, STR_NO_WEIGHTS)) == NULL || p->model->view == VIEW_WEIGHTS, "no weights");
    for (size_t i = 0; i < p->ui.item_count; i++)
        lanes += strcmp(p->ui.items[i].role, "lane") == 0;
    assert_int_equal(lanes, BRANCH_COUNT);
    for (int i = 0; i < LAYERS; i++) {
        const int more = check_kernels(p, layers[i]);
        char text[16];
        snprintf(text, sizeof text, "+%d", more);
        CHECK(more == 0 || program_find(p, "more", text) != NULL, "%s: nothing says that there are %d more", layers[i], more);
    }
}

/* Everything is inside the window and every text whole, in all sizes. */
static void it_fits_every_window(void **state)
{
    static const float sizes[][2] = {{800, 600}, {1024, 768}, {1120, 630}, {1366, 768}, {1920, 1080}, {3840, 2160}};
    static const char *const stops[] = {"3a", "5b"};
    Program *p = *state;
    const float width = p->width, height = p->height;
    for (int i = 0; i < 4 * 6; i++) {
        p->width = sizes[i / 4][0];
        p->height = sizes[i / 4][1];
        p->model->screen.lang = (Lang)(i % 2);
        go_to(p, stops[i / 2 % 2]);
        int lanes = 0;
        for (size_t k = 0; k < p->ui.item_count; k++) {
            const Item *item = &p->ui.items[k];
            lanes += strcmp(item->role, "lane") == 0 && item->rect.y + item->rect.h <= p->height - 26;
            CHECK(!item->clipped || item->rect.y < 80, "%s at %gx%g: %s '%s' is cut", stops[i / 2 % 2], (double)p->width, (double)p->height, item->role, p->ui.text + item->text);
        }
        assert_int_equal(lanes, BRANCH_COUNT);
    }
    p->model->screen.lang = LANG_EN;
    p->width = width;
    p->height = height;
}

static void clicks_lead_to_a_kernel_and_back(void **state)
{
    Program *p = *state;
    const int layer = program_layer(p, "4c/3x3"), module = program_layer(p, "4c");
    go_to(p, "4c");
    const Item *item = maps_at(p, "4c/3x3");
    const int kernel = item->picked[0] / model_net(p->model)->layers[layer].in.c;
    program_click(p, item->rect.x + item->tile_w / 2, item->rect.y + item->tile_h / 2);
    CHECK(p->model->view == VIEW_WEIGHTS && p->model->cursor.layer == layer && p->model->cursor.channel == kernel && maps_at(p, "weights") != NULL, "the kernel's page");
    program_key(p, "Escape");
    CHECK(p->model->view == VIEW_WEIGHTS && p->model->at == module && maps_at(p, "4c/3x3") != NULL, "back to those of the module");
    const Item *link = program_find(p, "link", "4c/5x5_reduce");
    CHECK(link != NULL, "no name of the layer");
    program_click(p, link->rect.x + 5, link->rect.y + 5);
    CHECK(p->model->view == VIEW_WEIGHTS && p->model->at == program_layer(p, "4c/5x5_reduce") && maps_at(p, "matrix") != NULL, "the layer's page");
    model_go(p->model, module);
    program_key(p, "w");
    CHECK(p->model->view == VIEW_WEIGHTS && p->model->at == module, "W on a module");
    program_key(p, "w");
    model_select(p->model, (Cursor){module, 200, -1, -1});
    program_key(p, "w"); /* 4c's 1x1 has 128 channels */
    CHECK(p->model->view == VIEW_WEIGHTS && p->model->cursor.layer == layer && p->model->cursor.channel == 72, "W on a channel shows the kernel that makes it");
}

/* A kernel's inputs by their sums, each with its own map, also for a fully connected layer, whose inputs are averages of maps. */
static void inputs_are_in_the_order_of_their_weights(void **state)
{
    static const struct { const char *kernel, *maps; int offset; } cases[] = {
        {"3a/3x3[9]", "3a/3x3_reduce", 0}, {"3b/3x3_reduce[5]", "3a", 0}, {"fc[7]", "5b", 0}, {"aux1/fc1[3]", "aux1/conv", 0}};
    Program *p = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        go_to(p, cases[i].kernel);
        const Net *net = model_net(p->model);
        const int layer = p->model->cursor.layer, kernel = p->model->cursor.channel;
        const Layer *l = &net->layers[layer];
        const int places = l->op == OP_FC ? l->in.h * l->in.w : 1, inputs = l->in.c * places;
        const size_t taps = l->op == OP_CONV ? (size_t)(l->k * l->k) : 1;
        const Item *slices = maps_at(p, "weights"), *maps = maps_at(p, cases[i].maps);
        CHECK(slices != NULL && slices->picked != NULL && maps != NULL && maps->picked != NULL && slices->count >= 6, "%s: no inputs", cases[i].kernel);
        double last = HUGE_VAL;
        for (int k = 0; k < slices->count; k++) {
            const int c = slices->picked[k];
            const double size = size_of(p, layer, ((size_t)kernel * (size_t)inputs + (size_t)c) * taps, taps);
            CHECK(size <= last * (1 + 1e-5), "%s: place %d is stronger than the one before", cases[i].kernel, k);
            CHECK(k >= maps->count || maps->picked[k] == c / places, "%s: place %d shows map %d for input %d", cases[i].kernel, k, maps->picked[k], c);
            last = size;
        }
        int stronger = 0;
        for (int c = 0; c < inputs; c++)
            stronger += size_of(p, layer, ((size_t)kernel * (size_t)inputs + (size_t)c) * taps, taps) >
                        size_of(p, layer, ((size_t)kernel * (size_t)inputs + (size_t)slices->picked[0]) * taps, taps) * (1 + 1e-5);
        assert_int_equal(stronger, 0);
    }
}

/* The kernel that is shown unasked: the predicted class's where there are classes, else the strongest. */
static void without_a_choice(void **state)
{
    Program *p = *state;
    Guess best;
    char text[96], name[64];
    go_to(p, "fc");
    CHECK(model_top(p->model, &best, 1) == 1, "no answer");
    snprintf(text, sizeof text, model_text(p->model, STR_OUTPUT_N), best.index); /* it has no kernels that slide */
    CHECK(program_find(p, "text", text) != NULL, "'%s' is not shown", text);
    snprintf(text, sizeof text, "%d outputs, each a weighted sum of 1024 inputs", net_scores(model_net(p->model), 0));
    CHECK(program_find(p, "text", text) != NULL && program_find(p, "text", "kernel") == NULL, "it speaks of kernels");
    snprintf(name, sizeof name, "%s", model_text(p->model, STR_KERNEL_ANSWER));
    CHECK(program_find(p, "text", name) != NULL, "why it is shown");
    const int layer = program_layer(p, "3a/5x5");
    const Layer *l = &model_net(p->model)->layers[layer];
    const size_t volume = 25 * (size_t)l->in.c;
    int strongest = 0;
    for (int k = 1; k < l->out.c; k++)
        strongest = size_of(p, layer, (size_t)k * volume, volume) > size_of(p, layer, (size_t)strongest * volume, volume) ? k : strongest;
    go_to(p, "3a/5x5");
    snprintf(text, sizeof text, model_text(p->model, STR_KERNEL_N), strongest);
    CHECK(program_find(p, "text", text) != NULL && program_find(p, "text", model_text(p->model, STR_KERNEL_LARGEST)) != NULL, "'%s' is not shown", text);
}

/* A weight that is changed stays where it is: the order is that of the network's own weights. */
static void a_change_does_not_move_it(void **state)
{
    Program *p = *state;
    go_to(p, "3a/3x3[9]");
    const int last = maps_at(p, "weights")->picked[5];
    const Net *net = model_net(p->model);
    const Layer *l = &net->layers[p->model->cursor.layer];
    model_edit_weight(p->model, net->params[l->weight].offset + (size_t)(9 * l->in.c + last) * 9, 50);
    program_rest(p);
    CHECK(maps_at(p, "weights")->picked[5] == last, "the changed input moved");
    model_restore(p->model);
    program_rest(p);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_module_shows_its_four_branches),         cmocka_unit_test(it_fits_every_window), cmocka_unit_test(clicks_lead_to_a_kernel_and_back),
    cmocka_unit_test(inputs_are_in_the_order_of_their_weights), cmocka_unit_test(without_a_choice),     cmocka_unit_test(a_change_does_not_move_it),
};

int main(void)
{
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
