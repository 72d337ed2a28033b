/* test_overview.c - the overview's boxes: every stop of every network has one, in any window, and none is over another. */
#include "app/model/walk.h"
#include "app/views/overview_layout.h"
#include "tests/check.h"

#include <math.h>
#include <stdlib.h>

static const char *const networks[] = {"googlenet", "bvlc_googlenet", "torchvision_googlenet", "alexnet", "vgg16", "vgg19", "zfnet", "lenet5", "tiny",
                                       "inception_naive", "cs231n_3b"};
static const Rect windows[] = {{20, 90, 760, 410}, {20, 90, 984, 580}, {20, 90, 1326, 580}, {20, 90, 1080, 440}, {20, 90, 1880, 890}, {20, 90, 3800, 1970}};

static float words(void *user, int layer)
{
    const Net *net = user;
    return net->layers[layer].out.h > 1 ? 70 : 48;
}

static bool apart(Rect a, Rect b)
{
    return a.x + a.w <= b.x + 0.5f || b.x + b.w <= a.x + 0.5f || a.y + a.h <= b.y + 0.5f || b.y + b.h <= a.y + 0.5f;
}

static bool inside(Rect a, Rect b)
{
    return a.x >= b.x - 0.5f && a.y >= b.y - 0.5f && a.x + a.w <= b.x + b.w + 0.5f && a.y + a.h <= b.y + b.h + 0.5f;
}

static void check_boxes(const char *name, const Net *net, const Overview *o, Rect area)
{
    int heads = 0;
    CHECK(o->height <= area.h, "%s in %g x %g: %g high", name, (double)area.w, (double)area.h, (double)o->height);
    for (int i = 0; i < o->count; i++) {
        const OverviewBox *b = &o->boxes[i];
        CHECK(inside(b->rect, area), "%s in %g x %g: %s is cut", name, (double)area.w, (double)area.h, net->layers[b->layer].name);
        CHECK(inside(b->art, b->rect) && b->art.w >= 4 && b->art.h >= 4, "%s: %s's art", name, net->layers[b->layer].name);
        CHECK(b->kind != OVERVIEW_MODULE || b->art.w >= 80, "%s in %g: a module of %g", name, (double)area.w, (double)b->art.w);
        heads += b->head_rect.w > 0;
        for (int j = 0; j < i; j++)
            CHECK(apart(b->rect, o->boxes[j].rect) && (b->head_rect.w <= 0 || apart(b->head_rect, o->boxes[j].rect)) &&
                      (o->boxes[j].head_rect.w <= 0 || apart(b->rect, o->boxes[j].head_rect)),
                  "%s in %g x %g: %s is over %s", name, (double)area.w, (double)area.h, net->layers[b->layer].name, net->layers[o->boxes[j].layer].name);
        CHECK(i == 0 || b->line > o->boxes[i - 1].line || b->rect.x > o->boxes[i - 1].rect.x, "%s: read from left to right", name);
    }
    CHECK(heads == net->head_count - 1, "%s: %d heads of %d", name, heads, net->head_count - 1);
}

typedef struct LaidOut {
    Net *net;
    OverviewBox *boxes;
    Overview overview;
} LaidOut;

static LaidOut googlenet_in(Rect window)
{
    Err err;
    LaidOut l = {.net = net_open("googlenet", "assets/networks", NULL, &err)};
    CHECK(l.net != NULL, "%s", err.text);
    l.boxes = malloc((size_t)l.net->main_count * sizeof *l.boxes);
    overview_layout(l.net, window, (OverviewWords){words, l.net}, l.boxes, &l.overview);
    return l;
}

static void laid_out_free(LaidOut *l)
{
    free(l->boxes);
    net_free(l->net);
}

/* Five classes are all in the decision, also in the low area above a lesson's text. */
static void few_classes_are_all_there(void **state)
{
    static const float sizes[][2] = {{1366, 500}, {1366, 420}, {1024, 500}, {1920, 900}};
    Err err;
    (void)state;
    Net *net = net_open("googlenet", "assets/networks", &(NetOptions){.classes = 5}, &err);
    CHECK(net != NULL, "%s", err.text);
    OverviewBox *boxes = malloc((size_t)net->main_count * sizeof *boxes);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const Rect area = {20, 90, sizes[i][0] - 40, sizes[i][1]};
        Overview o;
        overview_layout(net, area, (OverviewWords){words, net}, boxes, &o);
        check_boxes("5 classes", net, &o, area);
        const OverviewBox *last = &o.boxes[o.count - 1];
        CHECK(last->kind == OVERVIEW_CLASSES && last->art.h == 5 * OVERVIEW_CLASS_ROW, "%g x %g: %g high", (double)area.w, (double)area.h, (double)last->art.h);
    }
    free(boxes);
    net_free(net);
}

static void every_stop_has_its_place(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof networks / sizeof networks[0]; n++) {
        Err err;
        Net *net = net_open(networks[n], "assets/networks", &(NetOptions){0}, &err);
        CHECK(net != NULL, "%s: %s", networks[n], err.text);
        OverviewBox *boxes = malloc((size_t)net->main_count * sizeof *boxes);
        for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
            Overview o;
            overview_layout(net, windows[w], (OverviewWords){words, net}, boxes, &o);
            int stops = 0;
            for (int l = 0; l < net->main_count; l++)
                stops += walk_is_stop(net, l);
            CHECK(o.count == stops, "%s: %d boxes for %d stops", networks[n], o.count, stops);
            check_boxes(networks[n], net, &o, windows[w]);
        }
        free(boxes);
        net_free(net);
    }
}

static void a_layer_finds_its_box(void **state)
{
    (void)state;
    static const struct { const char *layer, *stop; } cases[] = {
        {"conv1", "conv1"}, {"inception_4b/5x5_reduce", "inception_4b/concat"}, {"aux2/fc1", "inception_4d/concat"}, {"softmax", "softmax"},
    };
    Err err;
    LaidOut l = googlenet_in(windows[2]);
    const Net *net = l.net;
    const OverviewBox *boxes = l.boxes;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Address a, stop;
        CHECK(net_address(net, cases[i].layer, &a, &err) && net_address(net, cases[i].stop, &stop, &err), "%s", err.text);
        const int found = overview_find(&l.overview, net, a.layer);
        CHECK(found >= 0 && boxes[found].layer == stop.layer, "%s is in box %d", cases[i].layer, found);
    }
    laid_out_free(&l);
}

/* Layers get smaller as their maps do, and a module's box is as large as any other's. */
static void sizes_say_what_shrinks(void **state)
{
    (void)state;
    LaidOut l = googlenet_in(windows[4]);
    const Net *net = l.net;
    const OverviewBox *boxes = l.boxes;
    float module = 0;
    for (int i = 0; i < l.overview.count; i++) {
        if (i > 0 && boxes[i].kind == OVERVIEW_MAPS && boxes[i - 1].kind == OVERVIEW_MAPS) {
            const bool smaller = net->layers[boxes[i].layer].out.h < net->layers[boxes[i - 1].layer].out.h;
            CHECK(smaller ? boxes[i].art.h < boxes[i - 1].art.h : fabsf(boxes[i].art.h - boxes[i - 1].art.h) < 0.5f, "box %d", i);
        }
        if (boxes[i].kind == OVERVIEW_MODULE) {
            CHECK(module <= 0 || fabsf(boxes[i].art.w - module) < 0.5f, "box %d", i);
            module = boxes[i].art.w;
        }
    }
    laid_out_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_classes_are_all_there), cmocka_unit_test(every_stop_has_its_place),
        cmocka_unit_test(a_layer_finds_its_box),
        cmocka_unit_test(sizes_say_what_shrinks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
