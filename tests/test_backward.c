/* test_backward.c - the gradient of one value as a sum of products: it is what run_gradient computes, for every kind of layer; a filter's is
 * what run_backward computes. PyTorch's values of both: tests/oracle_backward.py. */
#include "engine/net/backward.h"
#include "engine/net/run.h"
#include "tests/seeded.h"
#include "tests/every_op.h"
#include "tests/small_nets.h"

typedef struct Case {
    const Net *net;
    float *weights, *x, **maps, **gradients;
    Run *run;
} Case;

static float **new_maps(const Net *net)
{
    float **maps = calloc((size_t)net->layer_count, sizeof *maps);
    for (int l = 0; l < net->layer_count; l++)
        maps[l] = malloc(shape_size(net->layers[l].out) * sizeof **maps);
    return maps;
}

static void free_maps(const Net *net, float **maps)
{
    for (int l = 0; l < net->layer_count; l++)
        free(maps[l]);
    free(maps);
}

/* A random picture and weights; back from the last layer, with a random seed. */
static Case open_case(const Net *net, float *seed)
{
    Err err = {""};
    Case c = {net, small_weights(net, 3), small_values(shape_size(net->input), 4), new_maps(net), new_maps(net), NULL};
    c.run = run_new(&reference_engine, net, &(RunOptions){.batch = 1, .heads = true, .gradients = true}, &err);
    CHECK(c.run != NULL, "%s", err.text);
    run_weights(c.run, c.weights);
    run_input(c.run, c.x, 1);
    run_forward(c.run);
    run_gradient(c.run, &(Gradient){.from = net->heads[0].logits, .seed = seed, .to = 0});
    for (int l = 0; l < net->layer_count; l++) {
        run_activation(c.run, l, 0, c.maps[l]);
        if (c.run->way[l]) {
            run_map_gradient(c.run, l, 0, c.gradients[l]);
        } else {
            free(c.gradients[l]);
            c.gradients[l] = NULL;
        }
    }
    return c;
}

static void close_case(Case *c)
{
    run_free(c->run);
    free_maps(c->net, c->maps);
    free_maps(c->net, c->gradients);
    free(c->weights);
    free(c->x);
}

static Backward of(const Case *c)
{
    return (Backward){c->net, c->weights, (const float *const *)c->maps, (const float *const *)c->gradients};
}

static size_t most_terms(const Net *net)
{
    size_t most = 1;
    for (int l = 0; l < net->layer_count; l++)
        most = explain_terms_max(net, l) > most ? explain_terms_max(net, l) : most;
    return most;
}

/* Every value of a layer on the way: the products add up to what the engine says, and none of them is zero for nothing. */
static void check_layer(const Case *c, int layer)
{
    const Backward b = of(c);
    const Shape s = c->net->layers[layer].out;
    const size_t room = backward_terms_max(c->net, layer);
    BackTerm *terms = malloc(room * sizeof *terms);
    Term *scratch = malloc(most_terms(c->net) * sizeof *scratch);
    double largest = 1e-20, worst = 0;
    for (size_t i = 0; i < shape_size(s); i++)
        largest = fmax(largest, fabs((double)c->gradients[layer][i]));
    for (int ch = 0; ch < s.c; ch++)
        for (int y = 0; y < s.h; y++)
            for (int x = 0; x < s.w; x++) {
                double sum;
                const int n = backward_value(&b, (Unit){layer, ch, y, x}, terms, &sum, scratch);
                CHECK(n >= 0 && (size_t)n <= room, "%s: %d terms in room for %zu", c->net->layers[layer].name, n, room);
                worst = fmax(worst, fabs(sum - (double)c->gradients[layer][at(s, 0, ch, y, x)]));
            }
    CHECK(worst <= 2e-5 * largest, "%s of %s: off by %.3g of %.3g", c->net->layers[layer].name, c->net->name, worst, largest);
    free(terms);
    free(scratch);
}

static void check_net(const Net *net)
{
    float *seed = small_values(shape_size(net->layers[net->heads[0].logits].out), 5);
    Case c = open_case(net, seed);
    int checked = 0;
    for (int l = 0; l < net->layer_count && net_scores(net, 0) > 0; l++)
        CHECK(backward_allowed(net, l) == (c.gradients[l] != NULL), "%s of %s", net->layers[l].name, net->name);
    for (int l = 0; l < net->heads[0].logits; l++)
        if (c.gradients[l] != NULL) {
            check_layer(&c, l);
            checked++;
        }
    CHECK(checked > 0, "%s: no layer on the way", net->name);
    close_case(&c);
    free(seed);
}

static void test_every_op(void **state)
{
    (void)state;
    for (int op = 0; op < OP_COUNT; op++) {
        int layer;
        Net *net = every_op_net(op, &layer);
        check_net(net);
        net_free(net);
    }
}

static void test_pools_and_modules(void **state)
{
    (void)state;
    SmallNet s;
    for (size_t i = 0; i < sizeof small_pools / sizeof small_pools[0]; i++) {
        small_start(&s, 3, 13, 12);
        Layer pool = small_pools[i];
        pool.out.c = pool.adaptive ? 6 : pool.out.c;
        const int last = small_add(&s, small_conv(&s, 0, 6, 3, 1, 1), pool);
        s.net.heads[0].logits = last;
        s.net.main_count = s.net.layer_count;
        check_net(&s.net);
    }
    const SmallModule m = small_module(&s, 5, 6, 3, 4, 5);
    s.net.heads[0].logits = m.logits;
    s.net.main_count = s.net.layer_count;
    check_net(&s.net);
}

/* A file of tests/nets, batch norm and grouped and odd kernels among them. */
static void test_files(void **state)
{
    (void)state;
    static const char *const names[] = {"tests/nets/bn.net", "tests/nets/odd.net", "tests/nets/small.net", "tests/nets/nin.net"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Err err = {""};
        Net *net = net_open(names[i], "assets/networks", &(NetOptions){.input = {1, 0, 0, 0}}, &err);
        CHECK(net != NULL, "%s", err.text);
        if (shape_size(net->input) < 20000)
            check_net(net);
        net_free(net);
    }
}

/* The filter's gradient, and its bias's, against run_backward of the same seed. */
static void test_filters(void **state)
{
    (void)state;
    SmallNet s;
    const SmallModule m = small_module(&s, 5, 6, 3, 4, 5);
    Err err = {""};
    s.net.heads[0].logits = m.logits;
    s.net.main_count = s.net.layer_count;
    const size_t classes = shape_size(s.net.layers[m.logits].out);
    float *seed = small_values(classes, 5), *grads = calloc(s.net.weight_count, sizeof *grads);
    Case c = open_case(&s.net, seed);
    Run *run = run_new(&reference_engine, &s.net, &(RunOptions){.batch = 1, .training = true, .heads = true}, &err);
    CHECK(run != NULL, "%s", err.text);
    run_weights(run, c.weights);
    run_input(run, c.x, 1);
    run_forward(run);
    run_backward(run, (float *const[HEADS_MAX]){seed}, grads);
    const Backward b = of(&c);
    for (int l = 0; l <= m.logits; l++) {
        const Layer *layer = &s.net.layers[l];
        if (layer->op != OP_CONV && layer->op != OP_FC)
            continue;
        const Param *weight = &s.net.params[layer->weight];
        const size_t each = weight->count / (size_t)weight->dims[0];
        double *kernel = malloc(each * sizeof *kernel), bias, worst = 0, largest = 1e-20;
        for (int ch = 0; ch < layer->out.c; ch++) {
            const float *want = grads + weight->offset + each * (size_t)ch;
            backward_filter(&b, l, ch, kernel, &bias);
            for (size_t i = 0; i < each; i++) {
                worst = fmax(worst, fabs(kernel[i] - (double)want[i]));
                largest = fmax(largest, fabs((double)want[i]));
            }
            if (layer->bias_param >= 0)
                worst = fmax(worst, fabs(bias - (double)grads[s.net.params[layer->bias_param].offset + (size_t)ch]));
        }
        CHECK(worst <= 2e-5 * largest, "%s: off by %.3g of %.3g", layer->name, worst, largest);
        free(kernel);
    }
    run_free(run);
    close_case(&c);
    free(seed);
    free(grads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_op),
        cmocka_unit_test(test_pools_and_modules),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
