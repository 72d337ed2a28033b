/* test_share.c - what a score is made of at a layer: maps and later biases add up to it, for scores and for margins, in every module and
 * with every weight set; at the last module it is the class activation map, which cam.c computes from the weights of fc alone. */
#include "engine/net/cam.h"
#include "engine/net/share.h"
#include "tests/seeded.h"
#include "tests/small_nets.h"

#include <math.h>

typedef struct Fixture { Net *net; float *weights; Run *run; } Fixture;

static Fixture start(Net *net, float *weights, const float *x)
{
    Err err = {""};
    Fixture f = {net, weights, run_new(&fast_engine, net, &(RunOptions){.batch = 1, .gradients = true}, &err)};
    CHECK(f.run != NULL, "%s", err.text);
    run_weights(f.run, weights);
    run_input(f.run, x, 1);
    run_forward(f.run);
    return f;
}

static void end(Fixture *f)
{
    run_free(f->run);
    free(f->weights);
    net_free(f->net);
}

static void check_closes(const Fixture *f, int layer, int k, int against)
{
    Share s;
    Err err = {""};
    double places = 0, channels = 0;
    CHECK(share_compute(f->run, f->weights, layer, k, against, &s, &err), "%s", err.text);
    for (int p = 0; p < s.shape.h * s.shape.w; p++)
        places += s.place[p];
    for (int c = 0; c < s.shape.c; c++)
        channels += s.channel[c];
    CHECK(fabs(places - s.maps) <= 1e-9 * s.magnitude && fabs(channels - s.maps) <= 1e-9 * s.magnitude, "%g, %g, %g", places, channels, s.maps);
    CHECK(fabs(share_gap(&s)) <= 1e-5 * s.magnitude, "%s of %s, class %d against %d: %.9g is %.9g + %.9g, off by %.3g of %.3g", f->net->layers[layer].name, f->net->name, k,
          against, s.score, s.maps, s.bias, share_gap(&s), s.magnitude);
    share_free(&s);
}

static void check_network(const Fixture *f)
{
    Err err = {""};
    const int classes = net_scores(f->net, 0);
    for (int m = 0; m < f->net->module_count; m++) {
        const int layer = f->net->modules[m].last;
        CHECK(share_allowed(f->net, layer, &err) && share_exact(f->net, layer), "%s", err.text);
        check_closes(f, layer, 0, -1);
        check_closes(f, layer, classes - 1, -1);
        check_closes(f, layer, classes - 1, 0);
    }
}

/* At the last module: the class activation map is the mean's sum, so it is the place's share times the number of places; Grad-CAM too. */
static void check_cam(const Fixture *f, int k)
{
    Err err = {""};
    Share s;
    const int layer = cam_layer(f->net, &err);
    CHECK(layer >= 0 && share_compute(f->run, f->weights, layer, k, -1, &s, &err), "%s", err.text);
    const int plane = s.shape.h * s.shape.w;
    float *cam = malloc((size_t)plane * sizeof *cam), reach = 0;
    double *grad_cam = malloc((size_t)plane * sizeof *grad_cam);
    cam_compute(f->net, f->weights, s.map, k, cam);
    share_grad_cam(&s, grad_cam);
    for (int p = 0; p < plane; p++)
        reach = fmaxf(reach, fabsf(cam[p]));
    for (int p = 0; p < plane; p++) {
        CHECK(fabs(s.place[p] * plane - (double)cam[p]) <= 1e-5 * (double)reach, "place %d: %.9g, cam %.9g", p, s.place[p] * plane, (double)cam[p]);
        CHECK(fabs(grad_cam[p] * plane - (double)cam[p]) <= 1e-5 * (double)reach, "place %d: %.9g, cam %.9g", p, grad_cam[p] * plane, (double)cam[p]);
    }
    free(cam);
    free(grad_cam);
    share_free(&s);
}

static void with_weights(const char *path)
{
    Err err = {""};
    Net *net;
    float *weights;
    WeightsInfo info = {0};
    CHECK(weights_load(path, NULL, "assets/networks", &net, &weights, &info, &err), "%s", err.text);
    weights_info_free(&info);
    float *x = seeded_input(net);
    Fixture f = start(net, weights, x);
    check_network(&f);
    check_cam(&f, 0);
    check_cam(&f, net_scores(net, 0) - 1);
    free(x);
    end(&f);
}

static void test_own_weights(void **state)
{
    (void)state;
    with_weights("assets/weights/flowers.safetensors");
}

static void test_imagenet_weights(void **state)
{
    (void)state;
    const char *data = getenv("INCEPTOSCOPE_DATA");
    char path[512];
    if (data == NULL)
        skip();
    snprintf(path, sizeof path, "%s/weights/bvlc_googlenet.safetensors", data);
    with_weights(path);
}

/* With batch norms, whose shifts are biases; and a network of one's own without modules. */
static void test_other_networks(void **state)
{
    static const char *const names[] = {"torchvision_googlenet", "lenet5"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        Err err = {""};
        NetOptions options = {.no_heads = true};
        if (i == 0)
            options.input = (Shape){1, 3, 96, 96};
        Net *net = net_open(names[i], "assets/networks", &options, &err);
        CHECK(net != NULL, "%s", err.text);
        float *weights = seeded_weights(net, 3), *x = small_values(shape_size(net->input), 5);
        Fixture f = start(net, weights, x);
        check_network(&f);
        for (int l = 1; l < net->heads[0].logits; l++)
            if (share_allowed(net, l, &err) && share_exact(net, l))
                check_closes(&f, l, 1, 0);
        free(x);
        end(&f);
    }
}

static int named(const Net *net, const char *name)
{
    Address a = {.layer = -1};
    return net_address(net, name, &a, NULL) ? a.layer : -1;
}

static void test_refused(void **state)
{
    static const struct { const char *at, *why; } cases[] = {
        {"3a/3x3", "3a/3x3 is one of several ways to the scores, so its part is not the whole; take 3a"}, {"softmax", "softmax is not on the way to the scores"},
        {"aux1/fc1", "aux1/fc1 is not on the way to the scores"}, {"4e", NULL}, {"conv1", NULL}, {"fc", NULL},
    };
    (void)state;
    Err err = {""};
    Net *net = net_open("bvlc_googlenet", "assets/networks", &(NetOptions){0}, &err);
    CHECK(net != NULL, "%s", err.text);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Address a;
        CHECK(net_address(net, cases[i].at, &a, &err), "%s", err.text);
        const bool good = share_allowed(net, a.layer, &err);
        CHECK(good == (cases[i].why == NULL) && (good || strcmp(err.text, cases[i].why) == 0), "%s: '%s'", cases[i].at, err.text);
    }
    CHECK(!share_exact(net, named(net, "maxpool1")) && share_exact(net, named(net, "3a")), "an LRN follows maxpool1");
    net_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_own_weights), cmocka_unit_test(test_imagenet_weights), cmocka_unit_test(test_other_networks), cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
