/* test_play.c - playing: every layer once and modules before their parts, the speed, the line that says where it is and leads elsewhere. */
#include "app/model/walk.h"
#include "tests/check.h"
#include "tests/program.h"

#include <math.h>

enum { LAYERS_MAX = 256 };

static const char *const networks[] = {"googlenet", "bvlc_googlenet", "torchvision_googlenet", "tiny", "alexnet"};

/* Where playing has been, until it ends. */
static int play_through(Program *p, int order[LAYERS_MAX])
{
    int count = 1;
    order[0] = p->model->at;
    session_speed(p->session, PLAY_FASTEST);
    p->app.key(p->app.user, "Space");
    for (int frames = 0; p->model->playing; frames++) {
        CHECK(frames < 100000 && count < LAYERS_MAX, "playing has no end");
        p->in.now += 0.2; /* fewer frames; they are about the order alone */
        program_frame(p);
        if (p->model->at != order[count - 1])
            order[count++] = p->model->at;
    }
    return count;
}

static void every_layer_once(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof networks / sizeof networks[0]; n++) {
        Program program, *p = &program;
        Err err;
        int order[LAYERS_MAX], seen[LAYERS_MAX] = {0};
        CHECK(program_open(p, networks[n], 1280, 720, &err), "%s", err.text);
        const Net *net = model_net(p->model);
        const int count = play_through(p, order);
        CHECK(count == net->main_count, "%s: %d layers of %d", networks[n], count, net->main_count);
        for (int i = 0; i < count; i++) {
            const Layer *l = &net->layers[order[i]];
            CHECK(l->head == 0 && seen[order[i]]++ == 0, "%s: %s again", networks[n], l->name);
            if (l->module >= 0 && order[i] != net->modules[l->module].last) /* its module comes first, and nothing else between */
                CHECK(seen[net->modules[l->module].last] == 1 && net->layers[order[i - 1]].module == l->module, "%s: %s before its module", networks[n], l->name);
            else if (l->module < 0 && i > 0)
                CHECK(order[i] == order[i - 1] + 1 || net->layers[order[i - 1]].module >= 0, "%s: %s out of order", networks[n], l->name);
        }
        CHECK(order[count - 1] == net->main_count - 1, "%s: ends at %s", networks[n], net->layers[order[count - 1]].name);
        program_close(p);
    }
}

static void the_way_is_a_permutation(void **state)
{
    const Program *p = *state;
    const Net *net = model_net(p->model);
    for (int l = 0; l < net->layer_count; l++) {
        int count;
        const int place = walk_tour_place(net, l, &count);
        CHECK(place >= 0 && place < count && walk_tour_layer(net, l, place) == l, "%s is at %d of %d", net->layers[l].name, place, count);
    }
    int count;
    CHECK(walk_tour_place(net, program_layer(p, "3a"), &count) + 1 == walk_tour_place(net, program_layer(p, "3a/1x1"), &count), "the module, then its first part");
    CHECK(walk_tour_place(net, program_layer(p, "3a/pool_proj"), &count) + 1 == walk_tour_place(net, program_layer(p, "3b"), &count), "its last part, then the next module");
}

/* Seconds from the start of playing to the arrival at the next layer but one. */
static double seconds_of(Program *p, const char *from, int speed)
{
    Model *m = p->model;
    model_go(m, program_layer(p, from));
    program_rest(p);
    session_speed(p->session, speed);
    p->app.key(p->app.user, "Space");
    program_frame(p); /* the first step is at once */
    const int first = m->at;
    const double start = p->in.now;
    CHECK(m->playing, "plays from %s", from);
    while (m->at == first && p->in.now < start + 60)
        program_frame(p);
    p->app.key(p->app.user, "Space");
    session_speed(p->session, 0);
    return p->in.now - start;
}

static void speed_is_a_factor(void **state)
{
    static const double factors[] = {0.5, 1, 2, 4};
    Program *p = *state;
    for (int speed = PLAY_SLOWEST; speed <= PLAY_FASTEST; speed++) {
        const double factor = factors[speed - PLAY_SLOWEST], stop = seconds_of(p, "conv2", speed), part = seconds_of(p, "3a/1x1", speed);
        CHECK(fabs(stop - 1.6 / factor) < 0.04, "%g s for a stop at x%g", stop, factor);
        CHECK(fabs(part - 0.9 / factor) < 0.04, "%g s for a part at x%g", part, factor);
    }
    for (int i = 0; i < 5; i++)
        p->app.key(p->app.user, "+");
    CHECK(p->session->play.speed == PLAY_FASTEST && play_factor(&p->session->play) == 4, "not faster than x4");
    for (int i = 0; i < 9; i++)
        p->app.key(p->app.user, "-");
    CHECK(p->session->play.speed == PLAY_SLOWEST && play_factor(&p->session->play) == 0.5, "not slower than x0.5");
    session_speed(p->session, 0);
}

static void click(Program *p, float x, float y)
{
    program_tap(p, x, y);
    program_frame(p); /* what was drawn before the button in that frame */
}

static void click_word(Program *p, const char *role, const char *text)
{
    const Item *item = program_find(p, role, text);
    CHECK(item != NULL, "no %s '%s'", role, text);
    click(p, item->rect.x + item->rect.w / 2, item->rect.y + item->rect.h / 2);
}

/* By mouse alone: play, a speed, another place, pause; and the line goes when one walks on by oneself. */
static void the_line_is_for_the_mouse(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    model_go(m, program_layer(p, "maxpool2"));
    program_rest(p);
    CHECK(program_find(p, "progress", "") == NULL, "nothing plays");
    click_word(p, "button", model_text(m, STR_BAR_PLAY));
    CHECK(m->playing && program_find(p, "text", model_text(m, STR_PLAYING)) != NULL, "it says that it plays");
    click_word(p, "choice", "×4");
    CHECK(play_factor(&p->session->play) == 4, "x4");
    const Item *line = program_find(p, "progress", "");
    CHECK(line != NULL, "no line");
    const int last = model_net(m)->main_count - 1, want = walk_tour_layer(model_net(m), m->at, (int)lroundf((float)last * 0.5f));
    click(p, line->rect.x + line->rect.w / 2, line->rect.y + 8);
    CHECK(m->at == want && m->playing, "the middle of the line is %s, not %s", model_net(m)->layers[want].name, model_net(m)->layers[m->at].name);
    line = program_find(p, "progress", "");
    click(p, line->rect.x + line->rect.w, line->rect.y + 8);
    CHECK(m->at == last, "its end is the last layer");
    line = program_find(p, "progress", "");
    click(p, line->rect.x, line->rect.y + 8);
    CHECK(m->at == 0, "its beginning is the first");
    click_word(p, "button", "play or pause");
    CHECK(!m->playing && program_find(p, "text", model_text(m, STR_PAUSED)) != NULL, "it says that it is paused");
    click_word(p, "choice", "×1");
    p->app.key(p->app.user, "Right");
    program_rest(p);
    CHECK(program_find(p, "progress", "") == NULL, "a step of one's own ends it");
}

/* In one value the same line goes over the map. */
static void places_of_a_map(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    model_go(m, program_layer(p, "4e/3x3"));
    model_select(m, (Cursor){m->at, 3, 0, 0});
    model_view(m, VIEW_VALUE);
    program_rest(p);
    p->app.key(p->app.user, "Space");
    program_frame(p);
    const Item *line = program_find(p, "progress", "");
    CHECK(line != NULL && play_progress(&p->session->play, m).count == 14 * 14, "a line over 14 x 14 places");
    click(p, line->rect.x + line->rect.w, line->rect.y + 8);
    CHECK(m->cursor.y == 13 && m->cursor.x == 13, "its end is the last place, not %d, %d", m->cursor.y, m->cursor.x);
    model_view(m, VIEW_STAGE);
    program_rest(p);
}

/* From the first screen: into the network, and on. */
static void from_the_overview(void **state)
{
    Program *p = *state;
    Model *m = p->model;
    model_go(m, program_layer(p, "maxpool2"));
    model_view(m, VIEW_OVERVIEW);
    program_rest(p);
    p->app.key(p->app.user, "Space");
    program_frame(p);
    CHECK(m->playing && m->view == VIEW_STAGE && m->at == program_layer(p, "maxpool2"), "first into the stop that is marked");
    for (double end = p->in.now + 1.7; p->in.now < end;)
        program_frame(p);
    CHECK(m->at == program_layer(p, "3a"), "then on");
    p->app.key(p->app.user, "Space");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer_once), cmocka_unit_test(the_way_is_a_permutation), cmocka_unit_test(speed_is_a_factor),
        cmocka_unit_test(the_line_is_for_the_mouse), cmocka_unit_test(places_of_a_map), cmocka_unit_test(from_the_overview),
    };
    return cmocka_run_group_tests(tests, program_group_open, program_group_close);
}
