/* test_every_op.c - what every op has to have, so that none can be half there: a row, both engines forward and backward, an explanation, a formula, a
 * page about one value, sentences in both languages, values from PyTorch, and a line in the README. test_differences.c and test_explain.c go through all
 * ops as well. */
#include "engine/net/explain.h"
#include "engine/net/run.h"
#include "engine/net/trace.h"
#include "tests/every_op.h"
#include "tests/program.h"
#include "tests/small_nets.h"
#include "tests/temp_folder.h"

#include "app/model/phrases.h"

static void test_names(void **state)
{
    (void)state;
    for (int op = 0; op < OP_COUNT; op++) {
        int layer;
        Net *net = every_op_net((Op)op, &layer);
        assert_non_null(op_name((Op)op));
        for (int other = 0; other < op; other++)
            assert_string_not_equal(op_name((Op)op), op_name((Op)other));
        net_free(net);
    }
}

static Run *computed(const Engine *engine, const Net *net, const float *weights, const float *x, bool training)
{
    Err err = {""};
    Run *run = run_new(engine, net, &(RunOptions){.batch = 2, .threads = 1, .training = training}, &err);
    CHECK(run != NULL, "%s: %s", net->name, err.text);
    run->dropout = training;
    run->dropout_rng = rng_make(7, 3);
    run_weights(run, weights);
    run_input(run, x, 2);
    run_forward(run);
    return run;
}

/* Whether they are as good as equal, beside the largest of them; and not all the same, which would say nothing. */
static void compare(const float *got, const float *want, size_t count, const char *what, const char *of)
{
    double largest = 0, least = INFINITY, most = -INFINITY, worst = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs((double)want[i]));
        least = fmin(least, (double)want[i]);
        most = fmax(most, (double)want[i]);
        worst = got[i] == want[i] ? worst : fmax(worst, isfinite(got[i]) ? fabs((double)got[i] - (double)want[i]) : (double)INFINITY);
    }
    CHECK(worst <= 1e-4 * largest, "%s, %s: the engines are %.3g of %.3g apart", what, of, worst, largest);
    CHECK(most > least, "%s, %s: all values are %.9g", what, of, most);
}

static void test_both_engines(void **state)
{
    (void)state;
    for (int op = 0; op < OP_COUNT; op++)
        for (int training = 0; training < 2; training++) {
            int layer;
            Net *net = every_op_net((Op)op, &layer);
            const size_t scores = (size_t)net_scores(net, 0), count = shape_size(net->layers[layer].out);
            float *weights = small_weights(net, 1), *x = small_values(2 * shape_size(net->input), 2), *dlogits[HEADS_MAX] = {small_values(2 * scores, 3)};
            float *want = calloc(count + net->weight_count, sizeof *want), *got = calloc(count + net->weight_count, sizeof *got);
            assert_true(want != NULL && got != NULL);
            Run *reference = computed(&reference_engine, net, weights, x, training), *fast = computed(&fast_engine, net, weights, x, training);
            for (int image = 0; image < 2; image++) {
                run_activation(reference, layer, image, want);
                run_activation(fast, layer, image, got);
                compare(got, want, count, net->name, "map");
            }
            if (training) {
                run_backward(reference, dlogits, want + count);
                run_backward(fast, dlogits, got + count);
                for (int p = 0; p < net->param_count; p++)
                    compare(got + count + net->params[p].offset, want + count + net->params[p].offset, net->params[p].count, net->name,
                            net->layers[net->params[p].layer].name);
            }
            run_free(reference);
            run_free(fast);
            free(want);
            free(got);
            free(weights);
            free(x);
            free(dlogits[0]);
            net_free(net);
        }
}

static void test_counts(void **state)
{
    (void)state;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (int op = 0; op < OP_COUNT; op++) {
            int layer;
            Net *net = every_op_net((Op)op, &layer);
            const Phrases phrases = phrases_in((Lang)lang);
            char text[256];
            Trace trace;
            assert_true(trace_make(net, &trace, NULL));
            trace_formula(&trace, layer, FORMULA_OUTPUT, &phrases, text, sizeof text);
            CHECK(text[0] != '\0' || op == OP_INPUT, "%s: nothing says how the size of its output comes about", net->name);
            CHECK((trace.layers[layer].counts.macs > 0) == (trace.layers[layer].counts.weights > 0), "%s: its multiplications are not counted", net->name);
            const Shape s = net->layers[layer].out;
            const ReceptiveField place = {s.h / 2, s.h / 2 + 1, s.w / 2, s.w / 2 + 1};
            ReceptiveField f;
            assert_true(receptive_field(net, layer, place, 0, &f));
            const int side = f.y1 - f.y0 > f.x1 - f.x0 ? f.y1 - f.y0 : f.x1 - f.x0;
            CHECK(side == trace.layers[layer].field, "%s: its field is %d in the explanation and %d in the trace", net->name, side,
                  (int)trace.layers[layer].field);
            trace_free(&trace);
            net_free(net);
        }
}

/* What has a gradient for one value is in the part of the map that the value is said to see. */
static void check_field(Run *run, int layer, Unit u)
{
    const Net *net = run->net;
    const Shape s = net->layers[layer].out;
    float *seed = calloc(shape_size(s), sizeof *seed);
    assert_non_null(seed);
    seed[at(s, 0, u.c, u.y, u.x)] = 1;
    const Gradient gradient = {.from = layer, .seed = seed, .before_relu = true};
    run_gradient(run, &gradient);
    for (int on = 0; on < layer; on++) {
        const Shape in = net->layers[on].out;
        float *values = calloc(shape_size(in), sizeof *values);
        ReceptiveField f;
        int seen = 0;
        assert_non_null(values);
        if (run->way[on]) {
            CHECK(receptive_field(net, layer, (ReceptiveField){u.y, u.y + 1, u.x, u.x + 1}, on, &f), "%s: no field", net->name);
            if (!unit_field(net, u, on, &f)) /* of another branch than this channel's */
                f = (ReceptiveField){0};
            run_map_gradient(run, on, 0, values);
        }
        for (int c = 0; c < in.c; c++)
            for (int y = 0; y < in.h; y++)
                for (int x = 0; x < in.w; x++)
                    if (values[at(in, 0, c, y, x)] != 0) {
                        CHECK(y >= f.y0 && y < f.y1 && x >= f.x0 && x < f.x1, "%s: %d,%d of %s has a gradient, but what it sees is [%d, %d) and [%d, %d)",
                              net->name, y, x, net->layers[on].name, f.y0, f.y1, f.x0, f.x1);
                        seen++;
                    }
        CHECK(seen > 0 || on > 0, "%s: nothing of the picture has a gradient", net->name);
        free(values);
    }
    free(seed);
}

static void test_explained(void **state)
{
    (void)state;
    for (int op = 0; op < OP_COUNT; op++) {
        int layer;
        Err err = {""};
        Net *net = every_op_net((Op)op, &layer);
        const Shape s = net->layers[layer].out;
        float *weights = small_weights(net, 1), *x = small_values(shape_size(net->input), 2), *maps[16] = {NULL};
        Run *run = run_new(&reference_engine, net, &(RunOptions){.batch = 1, .threads = 1, .gradients = true}, &err);
        CHECK(run != NULL && net->layer_count <= 16, "%s: %s", net->name, err.text);
        run_weights(run, weights);
        run_input(run, x, 1);
        run_forward(run);
        size_t most = 1;
        for (int l = 0; l < net->layer_count; l++) {
            maps[l] = malloc(shape_size(net->layers[l].out) * sizeof **maps);
            assert_non_null(maps[l]);
            run_activation(run, l, 0, maps[l]);
            most = explain_terms_max(net, l) > most ? explain_terms_max(net, l) : most;
        }
        Term *terms = malloc(most * sizeof *terms);
        assert_non_null(terms);
        for (size_t i = 0; i < shape_size(s); i++) {
            const Unit u = {layer, (int)(i / (size_t)s.w / (size_t)s.h), (int)(i / (size_t)s.w) % s.h, (int)(i % (size_t)s.w)};
            Explanation e;
            Unit path[16];
            explain_value(net, weights, (const float *const *)maps, u, &e, terms);
            CHECK(memcmp(&e.value, &maps[layer][i], sizeof e.value) == 0, "%s: %.9g is explained as %.9g", net->name, (double)maps[layer][i], (double)e.value);
            assert_in_range(e.term_count, 1, explain_terms_max(net, layer));
            const int length = explain_path(net, weights, (const float *const *)maps, u, terms, path, 16);
            CHECK(net->layers[path[length - 1].layer].op == OP_INPUT, "%s: the way down ends at %s", net->name, net->layers[path[length - 1].layer].name);
        }
        check_field(run, layer, (Unit){layer, 0, s.h / 2, s.w / 2});
        check_field(run, layer, (Unit){layer, s.c - 1, 0, s.w - 1});
        for (int l = 0; l < net->layer_count; l++)
            free(maps[l]);
        free(terms);
        free(weights);
        free(x);
        run_free(run);
        net_free(net);
    }
}

/* Texts that begin right of x0 and left of x1, below y. */
static int texts_between(const Program *p, float x0, float x1, float y0, float y1)
{
    int count = 0;
    for (size_t i = 0; i < p->ui.item_count; i++) {
        const Item *item = &p->ui.items[i];
        count += strcmp(item->role, "text") == 0 && item->rect.x > x0 && item->rect.x < x1 && item->rect.y > y0 && item->rect.y < y1;
    }
    return count;
}

/* The item with exactly this text right of x; or fails. */
static const Item *item_of(const Program *p, Str text, float x, const char *what)
{
    const char *wanted = model_text(p->model, text);
    for (size_t i = 0; i < p->ui.item_count; i++)
        if (strcmp(p->ui.items[i].role, "text") == 0 && p->ui.items[i].rect.x >= x && strcmp(p->ui.text + p->ui.items[i].text, wanted) == 0)
            return &p->ui.items[i];
    CHECK(false, "%s: the page of its values has no '%s'", what, wanted);
    return NULL;
}

/* Left what it sees, in the middle how the value comes about, at the right the ledger and the formula. */
static void check_value_page(Program *p, int layer, const char *what)
{
    const Shape s = model_net(p->model)->layers[layer].out;
    model_select(p->model, (Cursor){layer, 0, s.h / 2, s.w / 2});
    model_view(p->model, VIEW_VALUE);
    program_rest(p);
    const Item *sees = item_of(p, STR_WHAT_IT_SEES, 0, what), *ledger = item_of(p, STR_LEDGER, 0, what), *formula = item_of(p, STR_FORMULA, 0, what);
    const float right = ledger->rect.x - 1;
    const Item *stored = item_of(p, STR_STORED, right, what);
    CHECK(texts_between(p, sees->rect.x + 200, ledger->rect.x - 20, sees->rect.y - 10, p->height - 30) > 0, "%s: the middle of the page is empty", what);
    CHECK(texts_between(p, right, p->width, ledger->rect.y + 4, stored->rect.y - 4) > 0, "%s: the ledger is empty", what);
    CHECK(texts_between(p, right, p->width, formula->rect.y + 4, formula->rect.y + 40) > 0, "%s: FORMULA is empty", what);
}

static void test_screen(void **state)
{
    (void)state;
    for (int op = 0; op < OP_COUNT; op++) {
        char text[OP_TEXT_MAX];
        const char *path = inside("every_op.net");
        Err err = {""};
        int layer;
        every_op_text((Op)op, text);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
        net_free(every_op_net((Op)op, &layer));
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            Program p;
            CHECK(program_open(&p, path, 1366, 768, &err), "%s: %s", path, err.text);
            p.model->screen.lang = (Lang)lang;
            program_key(&p, "e"); /* the reference engine, which stores what the explanation gives */
            program_rest(&p);
            check_value_page(&p, layer, every_op[op].word);
            program_close(&p);
        }
    }
}

static bool has_op(const char *network, Op op)
{
    Err err = {""};
    bool found = false;
    Net *net = net_open(network, "assets/networks", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    for (int l = 0; l < net->layer_count; l++)
        found = found || net->layers[l].op == op;
    net_free(net);
    return found;
}

/* The networks whose maps and gradients are in tests/golden and in tests/oracle.py. */
static void test_pytorch_has_seen_it(void **state)
{
    static const char *const networks[] = {"tests/nets/small.net", "tests/nets/odd.net", "tests/nets/nin.net"};
    (void)state;
    for (int op = 0; op < OP_COUNT; op++) {
        bool found = false;
        for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++)
            found = found || has_op(networks[i], (Op)op);
        CHECK(found, "%s: add it to tests/nets/odd.net and to Walk.odd in tests/oracle_nets.py, so that PyTorch's values are compared", every_op[op].word);
    }
}

/* "`word " or "`word`" in the README's table of rows. */
static void test_readme_has_its_row(void **state)
{
    (void)state;
    FILE *f = fopen("README.md", "r");
    char *text = calloc(1, 1 << 20), form[64];
    assert_true(f != NULL && text != NULL);
    assert_in_range(fread(text, 1, (1 << 20) - 1, f), 1000, (1 << 20) - 2);
    fclose(f);
    for (int op = 0; op < OP_COUNT; op++) {
        snprintf(form, sizeof form, "`%s ", every_op[op].word);
        CHECK(strstr(text, form) != NULL, "README.md says nothing of the row `%s ...`", every_op[op].word);
    }
    free(text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_names),  cmocka_unit_test(test_both_engines),        cmocka_unit_test(test_counts),
    cmocka_unit_test(test_explained), cmocka_unit_test(test_screen), cmocka_unit_test(test_pytorch_has_seen_it), cmocka_unit_test(test_readme_has_its_row),
};

int main(void) { return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove); }
