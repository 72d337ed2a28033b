/* test_circuit.c - a value through its 1x1 reduction: the sum over the earlier layer's channels closes on the value that the engine stores,
 * and each channel's part is gradient times map, which run_gradient computes without knowing of circuits. `make oracle` has the same from
 * PyTorch. */
#include "engine/net/circuit.h"
#include "engine/net/run.h"
#include "tests/seeded.h"
#include "tests/sampled.h"

#include <math.h>

typedef struct Fixture {
    Net *net;
    float *weights, **maps;
    Run *run;
} Fixture;

/* Takes over both; weights NULL: seeded ones. */
static Fixture start(Net *net, float *weights)
{
    Err err = {""};
    Fixture f = {.net = net, .weights = weights != NULL ? weights : seeded_weights(net, 7)};
    f.run = run_new(&fast_engine, f.net, &(RunOptions){.batch = 1, .gradients = true}, &err);
    CHECK(f.run != NULL, "%s", err.text);
    f.maps = calloc((size_t)f.net->layer_count, sizeof *f.maps);
    return f;
}

/* The maps of the reference engine for this input; the gradients are of the fast one. */
static void feed(Fixture *f, const float *x)
{
    Err err = {""};
    Run *reference = run_new(&reference_engine, f->net, &(RunOptions){.batch = 1}, &err);
    CHECK(reference != NULL, "%s", err.text);
    run_weights(reference, f->weights);
    run_input(reference, x, 1);
    run_forward(reference);
    run_weights(f->run, f->weights);
    run_input(f->run, x, 1);
    run_forward(f->run);
    for (int l = 0; l < f->net->main_count; l++) {
        free(f->maps[l]);
        f->maps[l] = malloc(shape_size(f->net->layers[l].out) * sizeof **f->maps);
        run_activation(reference, l, 0, f->maps[l]);
    }
    run_free(reference);
}

static void end(Fixture *f)
{
    for (int l = 0; l < f->net->layer_count; l++)
        free(f->maps[l]);
    free(f->maps);
    free(f->weights);
    run_free(f->run);
    net_free(f->net);
}

/* The place of a channel's largest value. */
static Unit largest(const Fixture *f, int layer, int c)
{
    const Shape s = f->net->layers[layer].out;
    Unit best = {layer, c, 0, 0};
    for (int y = 0; y < s.h; y++)
        for (int x = 0; x < s.w; x++)
            if (f->maps[layer][at(s, 0, c, y, x)] > f->maps[layer][at(s, 0, c, best.y, best.x)])
                best = (Unit){layer, c, y, x};
    return best;
}

/* The value's circuit, whose sums must close; sources are the caller's. */
static Circuit closed(const Fixture *f, Unit u, CircuitSource *sources)
{
    Circuit c;
    CircuitPath path;
    Err err = {""};
    char where[200];
    net_address_text(f->net, (Address){.layer = u.layer, .channel = u.c}, where, sizeof where);
    CHECK(circuit_path(f->net, u.layer, &path, &err), "%s", err.text);
    const int channels = f->net->layers[path.from].out.c, taps = f->net->layers[u.layer].k * f->net->layers[u.layer].k;
    double *kernels = malloc((size_t)channels * (size_t)taps * sizeof *kernels), sum = 0;
    CHECK(circuit_compute(f->net, f->weights, (const float *const *)f->maps, &path, u, &c, sources, kernels, &err), "%s", err.text);
    for (int i = 0; i < channels; i++) {
        sum += sources[i].sum;
        CHECK(i == 0 || fabs(sources[i].sum) <= fabs(sources[i - 1].sum), "%s: source %d is out of order", where, i);
    }
    CHECK(fabs(sum + c.bias - c.sum) <= 1e-12 * (c.magnitude + fabs(c.bias)), "%s: %.9g + %.9g is not %.9g", where, sum, c.bias, c.sum);
    CHECK(fabs(c.sum - (double)c.pre) <= 1e-5 * fabs((double)c.pre) + 1e-7 * c.magnitude, "%s at %d,%d: %.9g, stored %.9g", where, u.y, u.x, c.sum, (double)c.pre);
    if (path.kind == CIRCUIT_REDUCTION) { /* kernel x map is the part, too */
        const Layer *l = &f->net->layers[u.layer];
        const Shape from = f->net->layers[path.from].out;
        for (int i = 0; i < channels; i += 7) {
            double part = 0;
            for (int t = 0; t < taps; t++) {
                const int y = u.y * l->stride - l->pad + t / l->k, x = u.x * l->stride - l->pad + t % l->k;
                if (y >= 0 && y < from.h && x >= 0 && x < from.w)
                    part += kernels[sources[i].channel * taps + t] * (double)f->maps[path.from][at(from, 0, sources[i].channel, y, x)];
            }
            CHECK(fabs(part - sources[i].sum) <= 1e-10 * c.magnitude, "%s: kernel of channel %d", where, sources[i].channel);
        }
    }
    free(kernels);
    return c;
}

/* Each part against gradient x map, by the engine's backward. */
static void compare_gradient(const Fixture *f, const Circuit *c, const CircuitSource *sources)
{
    const Shape out = f->net->layers[c->unit.layer].out, from = f->net->layers[c->path.from].out;
    float *seed = calloc(shape_size(out), sizeof *seed), *g = malloc(shape_size(from) * sizeof *g);
    double *part = calloc((size_t)from.c, sizeof *part);
    seed[at(out, 0, c->unit.c, c->unit.y, c->unit.x)] = 1;
    run_gradient(f->run, &(Gradient){.from = c->unit.layer, .before_relu = true, .seed = seed, .to = c->path.from});
    run_map_gradient(f->run, c->path.from, 0, g);
    for (int i = 0; i < from.c; i++)
        for (int p = 0; p < from.h * from.w; p++)
            part[i] += (double)g[i * from.h * from.w + p] * (double)f->maps[c->path.from][i * from.h * from.w + p];
    for (int i = 0; i < from.c; i++)
        CHECK(fabs(sources[i].sum - part[sources[i].channel]) <= 2e-5 * c->magnitude, "%s[%d]: channel %d gives %.9g, gradient x map %.9g of %.9g",
              f->net->layers[c->unit.layer].name, c->unit.c, sources[i].channel, sources[i].sum, part[sources[i].channel], c->magnitude);
    free(seed);
    free(g);
    free(part);
}

enum { CHANNELS = 2 };

/* Every module's 3x3, 5x5 and pool_proj, CHANNELS channels each, where they are largest and in a corner. */
static void every_module(Fixture *f)
{
    CircuitSource sources[1024];
    CircuitPath path;
    Err err;
    int looked = 0;
    for (int l = 0; l < f->net->main_count; l++) {
        if (!circuit_path(f->net, l, &path, &err))
            continue;
        for (int i = 0; i < CHANNELS; i++) {
            const int channel = (i * 37 + l) % f->net->layers[l].out.c;
            const Unit u = largest(f, l, channel);
            const Circuit c = closed(f, u, sources);
            compare_gradient(f, &c, sources);
            closed(f, (Unit){l, channel, 0, 0}, sources);
            CHECK(path.kind == CIRCUIT_POOL || (c.open >= 0 && c.open <= c.gates && c.gates > 0), "%d of %d gates", c.open, c.gates);
            looked++;
        }
    }
    CHECK(looked >= CHANNELS * 27, "%d values", looked);
}

static float *photo(const Net *net, const char *path)
{
    Image image, fitted;
    Err err = {""};
    CHECK(image_load(path, &image, &err) && image_fit(&image, net, &fitted, NULL, &err), "%s", err.text);
    float *x = malloc(shape_size(net->input) * sizeof *x);
    image_values(&fitted, net, x);
    image_free(&image);
    image_free(&fitted);
    return x;
}

static void test_trained(void **state)
{
    static const char *const pictures[] = {"assets/images/daisy.png", "assets/images/tulips.png", "assets/images/sunflower.png"};
    (void)state;
    Err err = {""};
    Net *net;
    float *weights;
    WeightsInfo info = {0};
    CHECK(weights_load("assets/weights/flowers.safetensors", NULL, "assets/networks", &net, &weights, &info, &err), "%s", err.text);
    weights_info_free(&info);
    Fixture f = start(net, weights);
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0] && sampled(i, 3); i++) {
        float *x = photo(f.net, pictures[i]);
        feed(&f, x);
        every_module(&f);
        free(x);
    }
    end(&f);
}

static void test_other_networks(void **state)
{
    static const char *const names[] = {"bvlc_googlenet", "torchvision_googlenet"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Err err = {""};
        Net *net = net_open(names[i], "assets/networks", &(NetOptions){.input = {1, 3, 96, 96}, .no_heads = true}, &err);
        CHECK(net != NULL, "%s", err.text);
        Fixture f = start(net, NULL);
        float *x = seeded_input(f.net);
        feed(&f, x);
        every_module(&f);
        free(x);
        end(&f);
    }
}

/* One that can be followed by hand: two channels x = (1, 2), r = relu(W1 x + b1) with one gate open and one closed, y = W2 r + b2. */
static void test_by_hand(void **state)
{
    static const char text[] = "network hand \"By hand\"\ninput 2x1x1\nconv r 1x1/1 2\nconv y 1x1/1 1\n";
    (void)state;
    Err err = {""};
    Net *net = net_parse(text, sizeof text - 1, "hand.net", &(NetOptions){0}, &err);
    CHECK(net != NULL, "%s", err.text);
    /* r0 = 1*3 + 2*0.5 - 1 = 3, open; r1 = 1*1 - 2*4 + 2 = -5, closed; y = 10*3 + 100*0 + 0.25 = 30.25 */
    const float w1[] = {3, 0.5f, 1, -4}, b1[] = {-1, 2}, w2[] = {10, 100}, b2 = 0.25f, x[] = {1, 2}, r[] = {3, 0}, y[] = {30.25f};
    float *weights = calloc(net->weight_count, sizeof *weights);
    memcpy(weights + net->params[net->layers[1].weight].offset, w1, sizeof w1);
    memcpy(weights + net->params[net->layers[1].bias_param].offset, b1, sizeof b1);
    memcpy(weights + net->params[net->layers[2].weight].offset, w2, sizeof w2);
    weights[net->params[net->layers[2].bias_param].offset] = b2;
    const float *const maps[] = {x, r, y};
    CircuitSource s[2];
    CircuitPath path;
    Circuit c;
    double kernels[2];
    CHECK(circuit_path(net, 2, &path, &err) && path.through == 1 && path.from == 0, "%s", err.text);
    CHECK(circuit_compute(net, weights, maps, &path, (Unit){2, 0, 0, 0}, &c, s, kernels, &err), "%s", err.text);
    CHECK(c.gates == 2 && c.open == 1 && c.sum == 30.25 && (double)c.pre == 30.25, "%d of %d, %g", c.open, c.gates, c.sum); /* 30 from x0, 10 from x1, 0.25 - 10 */
    CHECK(s[0].channel == 0 && s[0].sum == 30 && s[1].sum == 10 && c.bias == -9.75, "%g, %g, %g", s[0].sum, s[1].sum, c.bias);
    CHECK(s[0].expanded == 130 && s[1].expanded == -790 && c.expanded == -469.75, "%g, %g, %g", s[0].expanded, s[1].expanded, c.expanded);
    CHECK(kernels[0] == 30 && kernels[1] == 5, "%g, %g", kernels[0], kernels[1]);
    CHECK(circuit_share(&c, s, 2, 1) == 0.75, "%g", circuit_share(&c, s, 2, 1));
    circuit_expanded(net, weights, &path, 0, kernels);
    CHECK(kernels[0] == 130 && kernels[1] == -395, "%g, %g", kernels[0], kernels[1]);
    /* With the reduction closed only biases are left. */
    weights[net->params[net->layers[1].bias_param].offset] = -100;
    const float shut[] = {0, 0}, y_shut[] = {0.25f};
    const float *const closed_maps[] = {x, shut, y_shut};
    CHECK(circuit_compute(net, weights, closed_maps, &path, (Unit){2, 0, 0, 0}, &c, s, NULL, &err), "%s", err.text);
    CHECK(c.open == 0 && c.sum == 0.25 && c.magnitude == 0 && circuit_share(&c, s, 2, 5) == 0, "%g", c.sum);
    free(weights);
    net_free(net);
}

static void test_nothing_to_look_through(void **state)
{
    (void)state;
    Err err = {""};
    CircuitPath path;
    Net *net = net_open("googlenet", "assets/networks", &(NetOptions){.without_reductions = "all"}, &err);
    CHECK(net != NULL, "%s", err.text);
    static const struct { const char *at, *why; } cases[] = {
        {"3b/3x3", "3b/3x3 reads 3a, which is no 1x1 reduction"}, {"3b/1x1", "no 1x1 reduction"}, {"conv1", "conv1 reads input"},
        {"3b", "is not a convolution"},                           {"fc", "is not a convolution"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Address a;
        CHECK(net_address(net, cases[i].at, &a, &err), "%s", err.text);
        CHECK(!circuit_path(net, a.layer, &path, &err) && strstr(err.text, cases[i].why) != NULL, "%s: '%s'", cases[i].at, err.text);
    }
    net_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand), cmocka_unit_test(test_nothing_to_look_through), cmocka_unit_test(test_trained), cmocka_unit_test(test_other_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
