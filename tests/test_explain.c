/* test_explain.c - terms of one value: their sum in the stated order is the reference engine's stored value, bit for bit, for
 * 1,000 random values of every op of every network; and receptive fields. */
#include "app/model/path_words.h"
#include "engine/net/cam.h"
#include "engine/net/explain.h"
#include "engine/net/run.h"
#include "tests/every_op.h"
#include "tests/sampled.h"
#include "tests/seeded.h"

enum { VALUES = 1000, PATHS = 200 };

typedef struct Fixture {
    Net *net;
    float *weights;
    float **maps; /* every layer's, heads included */
    Term *terms;
    ChannelPart *parts;
} Fixture;

static Fixture compute(Net *net, float *weights, bool heads)
{
    Fixture f = {.net = net, .weights = weights};
    const RunOptions options = {.batch = 1, .heads = heads};
    Err err = {""};
    Run *run = run_new(&reference_engine, net, &options, &err);
    CHECK(run != NULL, "%s", err.text);
    float *x = seeded_input(net);
    run_weights(run, weights);
    run_input(run, x, 1);
    run_forward(run);
    size_t terms = 0, channels = 0;
    f.maps = calloc((size_t)net->layer_count, sizeof *f.maps);
    for (int l = 0; l < net->layer_count; l++) {
        if (net->layers[l].head > 0 && !heads)
            continue;
        f.maps[l] = malloc(shape_size(net->layers[l].out) * sizeof **f.maps);
        run_activation(run, l, 0, f.maps[l]);
        terms = explain_terms_max(net, l) > terms ? explain_terms_max(net, l) : terms;
        channels = (size_t)net->layers[l].in.c > channels ? (size_t)net->layers[l].in.c : channels;
    }
    f.terms = malloc(terms * sizeof *f.terms);
    f.parts = malloc(channels * sizeof *f.parts);
    run_free(run);
    free(x);
    return f;
}

static void release(Fixture *f)
{
    for (int l = 0; l < f->net->layer_count; l++)
        free(f->maps[l]);
    free(f->maps);
    free(f->terms);
    free(f->parts);
    free(f->weights);
    net_free(f->net);
}

static bool same_bits(float a, float b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* The terms again, added up here and by nothing but what the header says about them. */
static float replay(const Explanation *e, const Layer *layer, const Term *terms)
{
    float sum = 0;
    switch (e->op) {
    case OP_CONV:
    case OP_FC:
        sum = e->of.weighted.bias;
        for (int i = 0; i < e->term_count; i++)
            sum += terms[i].w * terms[i].in;
        assert_true(same_bits(sum, e->of.weighted.total));
        if (layer->bn)
            sum = (sum - e->of.weighted.mean) / e->of.weighted.deviation * e->of.weighted.gamma + e->of.weighted.beta;
        assert_true(same_bits(sum, e->pre));
        return layer->relu && sum < 0 ? 0 : sum;
    case OP_MAXPOOL:
        return terms[e->of.max.winner].in;
    case OP_AVGPOOL:
        for (int i = 0; i < e->term_count; i++)
            sum += terms[i].in;
        return sum / (float)e->of.average.divisor;
    case OP_LRN:
        for (int i = 0; i < e->term_count; i++)
            sum += terms[i].in * terms[i].in;
        for (int i = 0; i < e->term_count; i++)
            if (terms[i].c == e->unit.c)
                return terms[i].in * powf(layer->lrn_k + layer->lrn_alpha / (float)layer->lrn_size * sum, -layer->lrn_beta);
        return NAN;
    case OP_SOFTMAX:
        for (int i = 0; i < e->term_count; i++)
            sum += expf(terms[i].in - e->of.softmax.max);
        return expf(terms[e->unit.c].in - e->of.softmax.max) / sum;
    case OP_INPUT:
    case OP_CONCAT:
    case OP_DROPOUT:
        return terms[0].in;
    case OP_COUNT:
        fail();
    }
    return NAN;
}

static void check_terms(const Fixture *f, const Explanation *e, const char *what)
{
    const Layer *layer = &f->net->layers[e->unit.layer];
    assert_in_range(e->term_count, 1, explain_terms_max(f->net, e->unit.layer));
    const int source = e->op == OP_CONCAT ? e->of.source.unit.layer : layer->input_count > 0 ? layer->inputs[0] : e->unit.layer;
    double positive = 0, negative = 0, parts_sum = 0;
    for (int i = 0; i < e->term_count; i++) {
        const Term *t = &f->terms[i];
        const Shape in = f->net->layers[source].out;
        CHECK(same_bits(t->in, f->maps[source][at(in, 0, t->c, t->y, t->x)]), "%s, term %d is not where it says", what, i);
        if (e->op == OP_CONV || e->op == OP_MAXPOOL || e->op == OP_AVGPOOL)
            CHECK(e->y0 + t->ky == t->y && e->x0 + t->kx == t->x && t->y < e->y1 && t->x < e->x1, "%s, tap of term %d", what, i);
        *(t->product > 0 ? &positive : &negative) += (double)t->product;
    }
    if (e->op != OP_CONV && e->op != OP_FC)
        return;
    assert_true(same_bits(f->terms[e->term_count - 1].sum, e->of.weighted.total));
    CHECK_NEAR(e->of.weighted.positive, positive, 0, 1e-12, "%s, positive total", what);
    CHECK_NEAR(e->of.weighted.negative, negative, 0, 1e-12, "%s, negative total", what);
    const int count = explain_channels(e, f->terms, f->parts);
    int terms = 0;
    for (int i = 0; i < count; i++) {
        parts_sum += f->parts[i].sum;
        terms += f->parts[i].count;
        CHECK(i == 0 || fabs(f->parts[i - 1].sum) >= fabs(f->parts[i].sum), "%s, channel parts are ranked", what);
        CHECK(f->terms[f->parts[i].first].c == f->parts[i].channel, "%s, part %d", what, i);
    }
    assert_int_equal(terms, e->term_count);
    CHECK_NEAR(parts_sum, positive + negative, 1e-9 * (positive - negative), 0, "%s, parts", what);
}

/* One step: it adds up, its term is a term of the value, its share is what the term is worth, and it ends where the header says. */
static void check_step(const Fixture *f, const PathStep *s, const int *order, const char *what)
{
    const Explanation *e = &s->e;
    const Layer *layer = &f->net->layers[e->unit.layer];
    const float stored = f->maps[e->unit.layer][at(layer->out, 0, e->unit.c, e->unit.y, e->unit.x)];
    CHECK(same_bits(e->value, stored) && same_bits(replay(e, layer, f->terms), stored), "%s adds up to %.9g", what, (double)stored);
    CHECK((s->end == PATH_PIXEL) == (e->op == OP_INPUT), "%s ends as %d", what, (int)s->end);
    CHECK(s->end != PATH_ZERO || stored == 0, "%s ends at a zero, but is %.9g", what, (double)stored);
    for (int i = 0; s->end == PATH_CONSTANT && layer->bn_param < 0 && i < e->term_count; i++)
        CHECK(f->terms[i].product == 0, "%s has term %d", what, i);
    if (s->end != PATH_GOES_ON)
        return;
    const Term *t = &f->terms[s->term];
    double gain = 1;
    CHECK(order[s->rank] == s->term && same_bits(t->in, s->followed.in), "%s follows its term", what);
    CHECK(same_bits(t->in, f->maps[s->next.layer][at(f->net->layers[s->next.layer].out, 0, s->next.c, s->next.y, s->next.x)]), "%s: what follows", what);
    if (e->op != OP_CONV && e->op != OP_FC && e->op != OP_AVGPOOL) {
        CHECK(s->share == 1 || (s->share == 0 && s->rank > 0), "%s: share %g", what, s->share);
        return;
    }
    CHECK(same_bits(s->before + (e->op == OP_AVGPOOL ? t->in : t->w * t->in), t->sum), "%s: %.9g and its term", what, (double)s->before);
    CHECK(same_bits(s->before, s->term > 0 ? f->terms[s->term - 1].sum : e->op == OP_AVGPOOL ? 0 : e->of.weighted.bias), "%s: before", what);
    if (e->op == OP_AVGPOOL)
        gain = 1.0 / e->of.average.divisor;
    else if (layer->bn)
        gain = (double)e->of.weighted.gamma / (double)e->of.weighted.deviation;
    CHECK_NEAR(s->share * (double)e->value, (double)t->product * gain, 1e-12, 1e-9, "%s: share", what);
    double most = -1;
    for (int i = 0; i < e->term_count; i++)
        most = fmax(most, (double)f->terms[i].product * gain / (double)e->value);
    if (s->rank == 0 && most > 0)
        CHECK_NEAR(s->share, most, 0, 1e-9, "%s: the term that adds most", what);
}

/* What the command and the window say of the step: the numbers of every line add up in float32 as they are printed. */
static void check_words(const Fixture *f, const PathStep *s, const int *order, const char *what)
{
    const Explanation *e = &s->e;
    static const unsigned char rgb[3 * 224 * 224] = {0};
    const Image fitted = {.rgb = (unsigned char *)rgb, .w = f->net->input.w, .h = f->net->input.h};
    const PathScene scene = {f->net, (const float *const *)f->maps, &fitted, LANG_EN};
    PathLines lines;
    char text[PATH_LINE_MAX];
    float a, x, w, b, total, mean, deviation, gamma, beta, pre, product;
    int before, more, divisor;
    assert_true(f->net->input.h <= 224 && f->net->input.w <= 224);
    path_head_text(&scene, s, NULL, text, sizeof text);
    CHECK(sscanf(strstr(text, " = "), " = %f", &a) == 1 && same_bits(a, e->value), "%s: '%s'", what, text);
    path_lines(&scene, s, f->terms, order, &lines);
    path_end_text(&scene, s, text, sizeof text);
    const char *const ends[] = {[PATH_GOES_ON] = "", [PATH_PIXEL] = "the path ends at a pixel: row ", [PATH_ZERO] = "the path ends at a zero",
                                [PATH_CONSTANT] = "the path ends here: every term is 0"};
    CHECK(strncmp(text, ends[s->end], strlen(ends[s->end])) == 0 && (text[0] == '\0') == (s->end == PATH_GOES_ON), "%s ends as '%s'", what, text);
    if ((e->op != OP_CONV && e->op != OP_FC && e->op != OP_AVGPOOL) || (e->op == OP_AVGPOOL && s->end != PATH_GOES_ON))
        return;
    const char *sum = lines.text[0];
    if (e->op == OP_AVGPOOL) {
        CHECK(sscanf(sum, "%f after %d cells + %f = %f; with %d more the sum is %f; / %d", &a, &before, &x, &b, &more, &total, &divisor) == 7, "%s: '%s'", what, sum);
        CHECK(same_bits(a + x, b) && before + 1 + more == e->term_count && same_bits(total / (float)divisor, e->value), "%s: '%s'", what, sum);
        return;
    }
    if (s->end == PATH_GOES_ON) {
        CHECK(sscanf(sum, "%f after the bias and %d terms + %f * %f = %f; with %d more the sum is %f", &a, &before, &x, &w, &b, &more, &total) == 7, "%s: '%s'", what, sum);
        product = x * w;
        CHECK(same_bits(a + product, b) && before + 1 + more == e->term_count, "%s: '%s'", what, sum);
    } else {
        CHECK(sscanf(sum, "the bias %f and %d terms make %f", &a, &before, &total) == 3, "%s: '%s'", what, sum);
        CHECK(same_bits(a, e->of.weighted.bias) && before == e->term_count, "%s: '%s'", what, sum);
    }
    pre = total;
    if (f->net->layers[e->unit.layer].bn) {
        CHECK(sscanf(lines.text[1], "batch norm: (%f - %f) / %f * %f + %f = %f", &a, &mean, &deviation, &gamma, &beta, &pre) == 6, "%s: '%s'", what, lines.text[1]);
        CHECK(same_bits(a, total) && same_bits((a - mean) / deviation * gamma + beta, pre), "%s: '%s'", what, lines.text[1]);
    }
    CHECK(e->value == (f->net->layers[e->unit.layer].relu && pre < 0 ? 0 : pre), "%s: %.9g after its last line", what, (double)pre);
}

/* PATHS values, a fifth of them scores, each followed down; now and then a term of another rank is taken. */
static void check_paths(const Fixture *f)
{
    const Net *net = f->net;
    Rng rng = rng_make(12, 0);
    size_t most = 1;
    int ends[PATH_END_COUNT] = {0};
    for (int l = 0; l < net->layer_count; l++)
        most = explain_terms_max(net, l) > most ? explain_terms_max(net, l) : most;
    int *order = malloc(most * sizeof *order);
    const int paths = sampled(1, 10) ? PATHS : PATHS / 10;
    for (int i = 0; i < paths; i++) {
        int l = i % 5 == 0 ? net->heads[0].logits : (int)rng_below(&rng, (uint64_t)net->layer_count);
        l = f->maps[l] != NULL ? l : net->heads[0].logits;
        const Shape s = net->layers[l].out;
        Unit u = {l, (int)rng_below(&rng, (uint64_t)s.c), (int)rng_below(&rng, (uint64_t)s.h), (int)rng_below(&rng, (uint64_t)s.w)};
        double whole = 1;
        for (;;) {
            char what[200];
            PathStep step;
            snprintf(what, sizeof what, "%s %s[%d] at %d,%d", net->name, net->layers[u.layer].name, u.c, u.y, u.x);
            const int rank = rng_below(&rng, 6) == 0 ? (int)rng_below(&rng, 3) : 0;
            bool good = path_step(net, f->weights, (const float *const *)f->maps, u, rank, whole, f->terms, order, &step);
            CHECK(good || rank >= step.e.term_count || step.end != PATH_GOES_ON, "%s has rank %d", what, rank);
            good = good || path_step(net, f->weights, (const float *const *)f->maps, u, 0, whole, f->terms, order, &step);
            CHECK(good, "%s", what);
            check_step(f, &step, order, what);
            check_words(f, &step, order, what);
            CHECK_NEAR(step.whole, whole * step.share, 0, 1e-12, "%s: share of the whole", what);
            whole = step.whole;
            ends[step.end]++;
            if (step.end != PATH_GOES_ON)
                break;
            assert_true(step.next.layer < u.layer);
            u = step.next;
        }
    }
    CHECK(ends[PATH_PIXEL] + ends[PATH_ZERO] + ends[PATH_CONSTANT] == paths && ends[PATH_PIXEL] > 0, "%s: every path has one end", net->name);
    free(order);
}

/* VALUES random values of every op, spread over its layers. */
static void check_net(Net *net, float *weights, bool heads)
{
    Fixture f = compute(net, weights, heads);
    Rng rng = rng_make(11, 0);
    for (int op = 0; op < OP_COUNT; op++) {
        int layers[512], count = 0;
        for (int l = 0; l < net->layer_count; l++)
            if ((int)net->layers[l].op == op && f.maps[l] != NULL)
                layers[count++] = l;
        for (int i = 0; i < VALUES && count > 0; i++) {
            const int l = layers[rng_below(&rng, (uint64_t)count)];
            const Shape s = net->layers[l].out;
            const Unit u = {l, (int)rng_below(&rng, (uint64_t)s.c), (int)rng_below(&rng, (uint64_t)s.h),
                            (int)rng_below(&rng, (uint64_t)s.w)};
            Explanation e;
            char what[200];
            snprintf(what, sizeof what, "%s %s[%d] at %d,%d", net->name, net->layers[l].name, u.c, u.y, u.x);
            explain_value(net, weights, (const float *const *)f.maps, u, &e, f.terms);
            const float stored = f.maps[l][at(s, 0, u.c, u.y, u.x)], again = replay(&e, &net->layers[l], f.terms);
            CHECK(same_bits(e.value, stored), "%s: explained %.9g, stored %.9g", what, (double)e.value, (double)stored);
            CHECK(same_bits(again, stored), "%s: terms give %.9g, stored %.9g", what, (double)again, (double)stored);
            check_terms(&f, &e, what);
        }
    }
    check_paths(&f);
    release(&f);
}

static void check_seeded(const char *path)
{
    Net *net = seeded_net(path);
    check_net(net, seeded_weights(net, 1), true);
}

static void test_thousand_values_of_every_op(void **state)
{
    (void)state;
    for (int op = 0; op < OP_COUNT; op++) {
        int layer;
        Net *net = every_op_net((Op)op, &layer);
        check_net(net, seeded_weights(net, 1), true);
    }
}

static void test_thousand_values_small(void **state)
{
    (void)state;
    check_seeded("tests/nets/small.net");
}

static void test_thousand_values_googlenet(void **state)
{
    (void)state;
    check_seeded("googlenet");
}

static void test_thousand_values_torchvision_googlenet(void **state)
{
    (void)state;
    check_seeded("torchvision_googlenet");
}

static void test_thousand_values_groups_and_pads(void **state)
{
    (void)state;
    check_seeded("tests/nets/odd.net");
}

static void test_thousand_values_with_real_weights(void **state)
{
    (void)state;
    Net *net;
    float *weights = published_weights(&net);
    check_net(net, weights, false);
}

static int layer_named(const Net *net, const char *name)
{
    for (int l = 0; l < net->layer_count; l++)
        if (strcmp(net->layers[l].name, name) == 0)
            return l;
    fail_msg("no layer %s", name);
    return -1;
}

static void test_sources_of_copies(void **state)
{
    (void)state;
    Net *net = seeded_net("tests/nets/small.net");
    Fixture f = compute(net, seeded_weights(net, 1), true);
    Explanation e;
    /* 3a is 4 + 8 + 4 + 3 channels: 11 is the last of the 3x3 branch, 12 the first of the 5x5 */
    const int concat = layer_named(net, "inception_3a/concat");
    static const struct { int c, source; const char *layer; Branch branch; } cases[] = {
        {0, 0, "inception_3a/1x1", BRANCH_1X1},   {3, 3, "inception_3a/1x1", BRANCH_1X1},
        {11, 7, "inception_3a/3x3", BRANCH_3X3},  {12, 0, "inception_3a/5x5", BRANCH_5X5},
        {18, 2, "inception_3a/pool_proj", BRANCH_POOL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        explain_value(net, f.weights, (const float *const *)f.maps, (Unit){concat, cases[i].c, 2, 3}, &e, f.terms);
        assert_int_equal(e.of.source.unit.layer, layer_named(net, cases[i].layer));
        assert_int_equal(e.of.source.unit.c, cases[i].source);
        assert_int_equal(e.of.source.branch, cases[i].branch);
    }
    release(&f);
}

static void test_pool_windows_at_the_edges(void **state)
{
    (void)state;
    /* maxpool1 of the small net: 32 -> 16 by 3x3/2 ceil; the last window hangs one row over the edge: rows 30, 31 of [30, 33) */
    Net *net = seeded_net("tests/nets/small.net");
    Fixture f = compute(net, seeded_weights(net, 1), true);
    Explanation e;
    explain_value(net, f.weights, (const float *const *)f.maps, (Unit){layer_named(net, "maxpool1"), 0, 15, 0}, &e, f.terms);
    assert_int_equal(e.y0, 30);
    assert_int_equal(e.y1, 33);
    assert_int_equal(e.x0, 0);
    assert_int_equal(e.term_count, 6);
    /* the 5x5 branch's corner: 3 x 3 of the 5 x 5 taps lie on the map, times 2 reduced channels */
    explain_value(net, f.weights, (const float *const *)f.maps, (Unit){layer_named(net, "inception_3a/5x5"), 0, 0, 0}, &e, f.terms);
    assert_int_equal(e.y0, -2);
    assert_int_equal(e.term_count, 2 * 9);
    assert_int_equal(f.terms[0].ky, 2);
    release(&f);
}

static void test_map_before_relu(void **state)
{
    (void)state;
    Net *net = seeded_net("torchvision_googlenet");
    Fixture f = compute(net, seeded_weights(net, 1), true);
    static const char *const names[] = {"conv2", "inception_5b/3x3", "aux1/fc1", "fc", "inception_5b/concat"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const int l = layer_named(net, names[i]);
        const Shape s = net->layers[l].out;
        float *pre = malloc(shape_size(s) * sizeof *pre);
        explain_pre_map(net, f.weights, (const float *const *)f.maps, l, pre);
        bool negative = false;
        for (int c = 0; c < s.c; c += 7)
            for (int y = 0; y < s.h; y += 5) {
                Explanation e;
                const float value = pre[at(s, 0, c, y, s.w / 2)];
                explain_value(net, f.weights, (const float *const *)f.maps, (Unit){l, c, y, s.w / 2}, &e, f.terms);
                CHECK(same_bits(value, e.pre), "%s[%d] at %d", names[i], c, y);
                negative = negative || value < 0;
            }
        CHECK(negative == (i < 4), "%s before ReLU", names[i]);
        free(pre);
    }
    release(&f);
}

/* A whole path is its steps; a rank that is not there, and one where nothing is to be followed, are left in the last step. */
static void test_whole_paths(void **state)
{
    (void)state;
    Net *net = seeded_net("tests/nets/small.net");
    Fixture f = compute(net, seeded_weights(net, 1), false);
    PathStep *steps = calloc((size_t)net->layer_count, sizeof *steps);
    int *order = malloc(explain_terms_most(net, net->main_count - 1) * sizeof *order);
    PathRanks ranks = {3, {1, 0, 2}}; /* the second step is the dropout, which has one term */
    const Unit top = {net->heads[0].logits, 3, 0, 0};
    const int count = path_walk(net, f.weights, (const float *const *)f.maps, top, &ranks, f.terms, order, steps);
    assert_true(count > 5 && steps[count - 1].end != PATH_GOES_ON && steps[0].rank == 1);
    for (int i = 0; i + 1 < count; i++) {
        CHECK(unit_same(steps[i].next, steps[i + 1].e.unit) && steps[i].rank == (i < 3 ? ranks.rank[i] : 0), "step %d", i);
        CHECK_NEAR(steps[i + 1].whole, steps[i].whole * steps[i + 1].share, 0, 1e-12, "step %d", i);
    }
    ranks = (PathRanks){1, {steps[0].e.term_count}};
    assert_int_equal(path_walk(net, f.weights, (const float *const *)f.maps, top, &ranks, f.terms, order, steps), 1);
    assert_true(steps[0].end == PATH_GOES_ON && steps[0].term < 0);
    ranks = (PathRanks){1, {1}};
    assert_int_equal(path_walk(net, f.weights, (const float *const *)f.maps, (Unit){0, 1, 2, 3}, &ranks, f.terms, order, steps), 1);
    assert_true(steps[0].end == PATH_PIXEL && steps[0].rank == 1);
    free(order);
    free(steps);
    release(&f);
}

static void test_ranks_as_text(void **state)
{
    static const char *const bad[] = {"", "0", "1,", ",1", "1,,2", "1 2", "x", "-1", "1.5", "4294967297"};
    PathRanks ranks;
    char text[32];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!path_ranks_parse(bad[i], &ranks), "'%s'", bad[i]);
    assert_true(path_ranks_parse("1,12,3,1,1", &ranks) && ranks.count == 5 && ranks.rank[1] == 11);
    path_ranks_text(&ranks, text, sizeof text);
    assert_string_equal(text, "1,12,3");
    path_ranks_text(&ranks, text, 6);
    assert_string_equal(text, "");
    ranks.count = 1;
    path_ranks_text(&ranks, text, sizeof text);
    assert_string_equal(text, "");
}

static void test_path_leads_to_the_picture(void **state)
{
    (void)state;
    Net *net = seeded_net("tests/nets/small.net");
    Fixture f = compute(net, seeded_weights(net, 1), true);
    Unit path[64];
    const Unit top = {layer_named(net, "softmax"), 2, 0, 0};
    const int count = explain_path(net, f.weights, (const float *const *)f.maps, top, f.terms, path, 64);
    assert_int_equal(path[0].layer, top.layer);
    CHECK(net->layers[path[count - 1].layer].op == OP_INPUT, "the path ends at %s", net->layers[path[count - 1].layer].name);
    for (int i = 0; i + 1 < count; i++) {
        ReceptiveField field;
        const Unit u = path[i], below = path[i + 1];
        assert_true(below.layer < u.layer);
        assert_true(receptive_field(net, u.layer, (ReceptiveField){u.y, u.y + 1, u.x, u.x + 1}, below.layer, &field));
        CHECK(below.y >= field.y0 && below.y < field.y1 && below.x >= field.x0 && below.x < field.x1, "step %d", i);
    }
    assert_int_equal(explain_path(net, f.weights, (const float *const *)f.maps, top, f.terms, path, 3), 3);
    release(&f);
}

static void test_receptive_fields(void **state)
{
    (void)state;
    Net *net = seeded_net("googlenet");
    ReceptiveField f;
    /* by hand: 3x3 [11,14) -> maxpool2 [22,29) -> conv3 [21,30) -> maxpool1 [42,61) -> conv1 [81,124) */
    assert_true(receptive_field(net, layer_named(net, "inception_3a/3x3"), (ReceptiveField){12, 13, 15, 16}, 0, &f));
    assert_int_equal(f.y0, 81);
    assert_int_equal(f.y1, 124);
    assert_int_equal(f.x0, 105);
    assert_int_equal(f.x1, 148);
    /* its edge beyond the picture is not cut: one of conv1's corners sees rows -3 .. 3 */
    assert_true(receptive_field(net, layer_named(net, "conv1"), (ReceptiveField){0, 1, 111, 112}, 0, &f));
    assert_int_equal(f.y0, -3);
    assert_int_equal(f.y1, 4);
    assert_int_equal(f.x0, 219);
    assert_int_equal(f.x1, 226);
    /* the concat sees what its widest branch sees: 5x5 in maxpool2's map */
    const int maxpool2 = layer_named(net, "maxpool2"), concat = layer_named(net, "inception_3a/concat");
    assert_true(receptive_field(net, concat, (ReceptiveField){12, 13, 15, 16}, maxpool2, &f));
    assert_int_equal(f.y0, 10);
    assert_int_equal(f.y1, 15);
    /* but one of its channels sees what its own branch sees: 3a[7] is 3a/1x1[7], maxpool2 [12,13) -> conv3 [23,28) -> maxpool1 [46,57)
     * -> conv1 [89,116); 3a[199] is of the 5x5 branch, maxpool2 [10,15) -> conv3 [19,32) -> maxpool1 [38,65) -> conv1 [73,132) */
    assert_true(unit_field(net, (Unit){concat, 7, 12, 15}, 0, &f));
    CHECK(f.y0 == 89 && f.y1 == 116, "3a[7] sees rows [%d, %d)", f.y0, f.y1);
    assert_true(unit_field(net, (Unit){concat, 199, 12, 15}, 0, &f));
    CHECK(f.y0 == 73 && f.y1 == 132, "3a[199] sees rows [%d, %d)", f.y0, f.y1);
    /* behind a pool and dropout too: maxpool3[3] is the largest of 3b/1x1[3] at [0,3) -> 3a's concat, whose widest branch is 5x5 */
    assert_true(unit_field(net, (Unit){layer_named(net, "maxpool3"), 3, 0, 0}, concat, &f));
    CHECK(f.y0 == 0 && f.y1 == 3, "maxpool3[3] sees rows [%d, %d) of 3a", f.y0, f.y1);
    assert_true(unit_field(net, (Unit){layer_named(net, "maxpool3"), 200, 0, 0}, concat, &f));
    CHECK(f.y0 == -1 && f.y1 == 4, "maxpool3[200] sees rows [%d, %d) of 3a", f.y0, f.y1);
    assert_false(unit_field(net, (Unit){concat, 7, 12, 15}, layer_named(net, "inception_3a/3x3"), &f));
    /* on a layer inside the module only its own branch counts */
    assert_true(receptive_field(net, concat, (ReceptiveField){12, 13, 15, 16}, layer_named(net, "inception_3a/3x3_reduce"), &f));
    assert_int_equal(f.y0, 11);
    assert_int_equal(f.y1, 14);
    assert_true(receptive_field(net, concat, (ReceptiveField){12, 13, 15, 16}, concat, &f));
    assert_int_equal(f.y1, 13);
    /* everything sees the whole picture at the end; a head sees nothing of what follows its tap */
    assert_true(receptive_field(net, layer_named(net, "softmax"), (ReceptiveField){0, 1, 0, 1}, 0, &f));
    assert_true(f.y0 <= 0 && f.y1 >= 224 && f.x0 <= 0 && f.x1 >= 224);
    assert_false(receptive_field(net, layer_named(net, "aux1/fc2"), (ReceptiveField){0, 1, 0, 1}, layer_named(net, "inception_4b/1x1"), &f));
    assert_false(receptive_field(net, layer_named(net, "inception_3a/1x1"), (ReceptiveField){0, 1, 0, 1}, concat, &f));
    net_free(net);
}

/* bias + mean of the map = score, for some classes. */
static void check_cam(Net *net, const char *averaged, const int *classes, size_t count)
{
    Fixture f = compute(net, seeded_weights(net, 1), false);
    Err err = {""};
    const int layer = cam_layer(net, &err), logits = net->heads[0].logits;
    CHECK(layer >= 0, "%s", err.text);
    assert_string_equal(net->layers[layer].name, averaged);
    const size_t plane = (size_t)net->layers[layer].out.h * (size_t)net->layers[layer].out.w;
    float *cam = malloc(plane * sizeof *cam);
    assert_non_null(cam);
    for (size_t i = 0; i < count; i++) {
        double mean = 0;
        const double bias = (double)cam_compute(net, f.weights, f.maps[layer], classes[i], cam);
        for (size_t p = 0; p < plane; p++)
            mean += (double)cam[p] / (double)plane;
        CHECK_NEAR(bias + mean, f.maps[logits][classes[i]], 1e-5, 1e-5, "%s, class %d", net->name, classes[i]);
    }
    free(cam);
    release(&f);
}

static void test_class_activation_map_adds_up_to_the_score(void **state)
{
    (void)state;
    Err err = {""};
    check_cam(seeded_net("googlenet"), "inception_5b/concat", (const int[]){0, 281, 999}, 3);
    /* A map for each class; and a fully connected layer written as a convolution, as SqueezeNet's and ResNet's relatives do. */
    check_cam(seeded_net("tests/nets/nin.net"), "scores", (const int[]){0, 3, 5}, 3);
    static const char conv[] = "network n\ninput 3x17x12\nclasses 9\nconv c 3x3/2 5\navgpool a to=1x1\ndropout d 20%\nconv f 1x1/1 classes norelu\nsoftmax p\n";
    Net *net = net_parse(conv, sizeof conv - 1, "n.net", NULL, &err);
    CHECK(net != NULL, "%s", err.text);
    check_cam(net, "c", (const int[]){0, 8}, 2);

    static const struct { const char *name, *says; } none[] = {
        {"tests/nets/odd.net", "odd.net:18: network odd has no class activation map: its scores 'fc' are"},
        {"cs231n_3b", "cs231n_3b.net:"},
    };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        net = seeded_net(none[i].name);
        assert_int_equal(cam_layer(net, &err), -1);
        CHECK(strstr(err.text, none[i].says) != NULL, "%s", err.text);
        net_free(net);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_thousand_values_of_every_op), cmocka_unit_test(test_thousand_values_small),
    cmocka_unit_test(test_thousand_values_googlenet),
    cmocka_unit_test(test_thousand_values_torchvision_googlenet),
    cmocka_unit_test(test_thousand_values_groups_and_pads),
    cmocka_unit_test(test_thousand_values_with_real_weights),
    cmocka_unit_test(test_sources_of_copies),
    cmocka_unit_test(test_pool_windows_at_the_edges),
    cmocka_unit_test(test_map_before_relu),
    cmocka_unit_test(test_path_leads_to_the_picture),
    cmocka_unit_test(test_whole_paths),
    cmocka_unit_test(test_ranks_as_text),
    cmocka_unit_test(test_receptive_fields),
    cmocka_unit_test(test_class_activation_map_adds_up_to_the_score),
};

TEST_MAIN(tests)
