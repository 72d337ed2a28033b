/* Network descriptions: what the parser builds, what it refuses and how it says so, and addresses. */
#include "check.h"

#include "engine/net/net.h"

static const char *const dir = "assets/networks";

static Net *open_or_fail(const char *name, const NetOptions *options)
{
    Err err = {""};
    Net *net = net_open(name, dir, options, &err);
    CHECK(net != NULL, "%s: %s", name, err.text);
    return net;
}

static const Layer *layer(const Net *net, const char *name)
{
    Address a;
    Err err = {""};
    CHECK(net_address(net, name, &a, &err), "%s: %s", name, err.text);
    return &net->layers[a.layer];
}

/* Shapes: Table 1's output column. Counts: tests/oracle (PyTorch on the tutorial's model.py and on torchvision's). */
static void test_profiles(void **state)
{
    (void)state;
    static const struct { const char *name; size_t with_heads, without; int params; } want[] = {
        {"googlenet", 13378280, 6998552, 128},
        {"bvlc_googlenet", 13378280, 6998552, 128},
        /* 13,004,888 and 6,624,904 parameters, and the two BN statistics of 7,280 + 256 channels */
        {"torchvision_googlenet", 13004888 + 2 * 7536, 6624904 + 2 * 7280, 0},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        Net *net = open_or_fail(want[i].name, NULL);
        CHECK(net->weight_count == want[i].with_heads, "%s: %zu", want[i].name, net->weight_count);
        CHECK(net->head_count == 3 && net->module_count == 9, "%s", want[i].name);
        CHECK(want[i].params == 0 || net->param_count == want[i].params, "%s: %d tensors", want[i].name, net->param_count);
        Net *plain = open_or_fail(want[i].name, &(NetOptions){.no_heads = true});
        CHECK(plain->weight_count == want[i].without, "%s: %zu", want[i].name, plain->weight_count);
        CHECK(plain->layer_count == plain->main_count && plain->layer_count == net->main_count, "%s", want[i].name);
        CHECK(plain->heads_note[0] == '\0', "%s: %s", want[i].name, plain->heads_note);
        net_free(plain);
        net_free(net);
    }
}

static void test_shapes_of_table_1(void **state)
{
    (void)state;
    static const struct { const char *name; int h, c; } want[] = {
        {"conv1", 112, 64}, {"maxpool1", 56, 64}, {"conv2", 56, 64}, {"conv3", 56, 192}, {"maxpool2", 28, 192}, {"3a", 28, 256},
        {"3b", 28, 480}, {"maxpool3", 14, 480}, {"4a", 14, 512}, {"4b", 14, 512}, {"4c", 14, 512}, {"4d", 14, 528}, {"4e", 14, 832},
        {"maxpool4", 7, 832}, {"5a", 7, 832}, {"5b", 7, 1024}, {"avgpool", 1, 1024}, {"dropout", 1, 1024}, {"fc", 1, 1000},
        {"softmax", 1, 1000}, {"aux1/avgpool", 4, 512}, {"aux2/avgpool", 4, 528}, {"aux2/fc1", 1, 1024}, {"aux1", 1, 1000},
    };
    static const char *const names[] = {"googlenet", "bvlc_googlenet", "torchvision_googlenet"};
    for (int n = 0; n < 3; n++) {
        Net *net = open_or_fail(names[n], NULL);
        for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
            Shape s = layer(net, want[i].name)->out;
            CHECK(s.n == 1 && s.c == want[i].c && s.h == want[i].h && s.w == want[i].h, "%s %s: %dx%dx%d", names[n], want[i].name, s.c, s.h, s.w);
        }
        net_free(net);
    }
}

static void test_profiles_differ_where_they_should(void **state)
{
    (void)state;
    Net *tutorial = open_or_fail("googlenet", NULL), *caffe = open_or_fail("bvlc_googlenet", NULL),
        *torch = open_or_fail("torchvision_googlenet", NULL);
    CHECK(layer(tutorial, "maxpool1")->rounding == ROUND_CEIL_TORCH && layer(caffe, "maxpool1")->rounding == ROUND_CEIL_CAFFE, "rounding");
    CHECK(caffe->preprocess.bgr && !caffe->preprocess.unit_scale && caffe->preprocess.resize == 256, "bvlc preprocessing");
    CHECK_NEAR(caffe->preprocess.mean[0], 104, 0, 0, "blue first");
    CHECK(!tutorial->preprocess.bgr && tutorial->preprocess.unit_scale && tutorial->preprocess.rule == RESIZE_EXACT, "tutorial");
    CHECK_NEAR(torch->preprocess.std[2], 0.5, 0, 0, "one number is used for all channels");
    CHECK(layer(caffe, "norm1")->op == OP_LRN && layer(caffe, "norm2")->inputs[0] == layer(caffe, "maxpool2")->inputs[0] - 1, "lrn");
    CHECK(layer(torch, "3a/5x5")->k == 3 && layer(torch, "3a/5x5")->pad == 1 && layer(tutorial, "3a/5x5")->k == 5, "third branch");
    CHECK(layer(torch, "conv1")->bn && !layer(torch, "conv1")->bias && layer(torch, "fc")->bias && !layer(torch, "fc")->bn, "bn");
    CHECK(layer(torch, "maxpool4")->k == 2 && layer(torch, "aux1/avgpool")->adaptive, "torchvision's pools");
    CHECK(!layer(tutorial, "fc")->relu && layer(tutorial, "aux1/fc1")->relu && !layer(tutorial, "aux1/fc2")->relu, "relu");
    CHECK_NEAR(layer(tutorial, "aux1/dropout1")->dropout_p, 0.5, 0, 1e-6, "tutorial's first dropout");
    CHECK_NEAR(layer(caffe, "aux1/dropout")->dropout_p, 0.7, 0, 1e-6, "Caffe's");
    CHECK_NEAR(layer(torch, "dropout")->dropout_p, 0.2, 0, 1e-6, "torchvision's main dropout");
    CHECK_NEAR(tutorial->heads[2].loss_weight, 0.3, 0, 1e-6, "loss weight");
    CHECK(tutorial->heads[1].tap == tutorial->modules[2].last && strcmp(tutorial->heads[2].name, "aux2") == 0, "taps");
    net_free(tutorial);
    net_free(caffe);
    net_free(torch);
}

/* The tutorial's network in training mode accepts 223 to 270 pixels (checked with PyTorch); its main path takes any size. */
static void test_heads_that_do_not_fit(void **state)
{
    (void)state;
    static const struct { int size, heads; const char *note; } want[] = {
        {222, 1, "aux1 needs 4x4 (2048 values), got 3x3 (1152)"}, {223, 3, ""}, {270, 3, ""},
        {271, 1, "aux2 needs 4x4 (2048 values), got 5x5 (3200)"}, {32, 1, "does not fit a map of"},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        Net *net = open_or_fail("googlenet", &(NetOptions){.input = {1, 3, want[i].size, want[i].size}});
        CHECK(net->head_count == want[i].heads, "%d pixels: %d heads", want[i].size, net->head_count);
        CHECK(strstr(net->heads_note, want[i].note) != NULL, "%d pixels: '%s'", want[i].size, net->heads_note);
        CHECK(want[i].heads == 3 || (net->layer_count == net->main_count && net->weight_count == 6998552 &&
              net->rows[net->row_count - 1].last == net->main_count - 1), "%d pixels", want[i].size);
        net_free(net);
    }
    Net *five = open_or_fail("googlenet", &(NetOptions){.classes = 5});
    CHECK(five->weight_count == 10318655 && net_scores(five, 0) == 5, "%zu", five->weight_count);
    net_free(five);
}

/* What is claimed about rows of a head that is left out goes with it, and nothing else does. */
static void test_claims_beside_heads_that_are_left_out(void **state)
{
    (void)state;
    static const char head[] = "network n\ninput 3x64x64\nclasses 10\nconv c 3x3/1 pad=1 8\nfc f classes\nsoftmax s\n";
    static const struct { const char *rows; const char *kept[4]; bool no_heads; } want[] = {
        /* rows before the one that does not fit had been there already */
        {"aux x tap=c\navgpool a 5x5/3\nclaim params=0 source=m\nconv d 1x1/1 16\nclaim params=560 source=m\nfc g 32 in=12345\nfc h classes\n", {NULL}, false},
        {"aux x tap=c\nfc g 32 in=12345\nfc h classes\nclaim params=7 source=m\nclaim c params=216 source=m\nclaim network params=9 source=m\n", {"c", "network"}, false},
        {"aux x tap=c\navgpool a 5x5/3\nclaim c params=1 source=m\nclaim x/a params=0 source=m\nfc g 32 in=12345\nclaim c params=2 source=m\nclaim x/g params=3 source=m\n"
         "claim x/a params=0 source=m\n", {"c", "c"}, false},
        {"aux x tap=c\nfc g 32 in=12345\nclaim params=1 source=m\naux y tap=c\nfc g 4\nclaim params=2 source=m\nclaim x/g params=3 source=m\nclaim y/g params=4 source=m\n",
         {"y/g", "y/g"}, false},
        {"aux x tap=c\nconv r+g 1x1/1 2 4\nclaim params=1 source=m\nclaim f params=1 source=m\nclaim x/r+g params=3 source=m\n", {"f"}, true},
        {"aux x tap=c\nfc g 2 in=3\nweights x/g 1 2 3\nbiases x 1\nclaim c params=1 source=m\n", {"c"}, false},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        char text[1024];
        Err err = {""};
        NetOptions options = {.no_heads = want[i].no_heads};
        snprintf(text, sizeof text, "%s%s", head, want[i].rows);
        Net *net = net_parse(text, strlen(text), "n.net", &options, &err);
        CHECK(net != NULL, "%zu: %s", i, err.text);
        int count = 0;
        while (count < 4 && want[i].kept[count] != NULL)
            count++;
        CHECK(net->claim_count == count, "%zu: %d claims", i, net->claim_count);
        for (int k = 0; k < count; k++) {
            const int row = net->claims[k].row;
            CHECK(row < net->row_count && strcmp(row < 0 ? "network" : net->rows[row].name, want[i].kept[k]) == 0, "%zu: claim %d is about %d", i, k, row);
        }
        for (int l = 0; l < net->layer_count; l++)
            CHECK(net->layers[l].row < net->row_count && net->rows[net->layers[l].row].first <= l && net->rows[net->layers[l].row].last >= l, "%zu: layer %d", i, l);
        net_free(net);
    }
    static const struct { const char *rows, *message; } bad[] = { /* mistakes stay mistakes */
        {"aux x tap=c\nfc g 32 in=12345\nclaim x/h params=7 source=m\n", "there is no row 'x/h'"},
        {"aux x tap=c\nfc g 32 in=12345\nclaim parms=7 source=m\n", "cannot be claimed"},
        {"aux x tap=c\nfc g 32 in=12345\nclaim params=7\n", "source is missing"},
        {"aux x tap=c\nfc g 32 in=12345\naux y tap=c\nclaim params=7 source=m\n", "a claim without a row"},
        {"aux x tap=c\nfc g 32 in=12345\nweights y/g 1\n", "no layer 'y/g'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[1024];
        Err err = {""};
        snprintf(text, sizeof text, "%s%s", head, bad[i].rows);
        CHECK(net_parse(text, strlen(text), "n.net", NULL, &err) == NULL && strstr(err.text, bad[i].message) != NULL, "%zu: %s", i, err.text);
    }
}

/* What a head's scores are is asked in one place, and holds for every way in which a description may end. */
static void test_scores(void **state)
{
    (void)state;
    static const char start[] = "network n\ninput 3x8x8\nclasses 7\nconv c 3x3/1 pad=1 4\n", label[] = "end both with a row 'fc NAME classes'";
    static const struct { const char *rows; int scores; const char *logits, *scorer, *main, *losses; } want[] = {
        {"fc f classes\nsoftmax s\n", 7, "f", "f", "", ""},
        {"fc f classes\n", 7, "f", "f", "", ""},
        {"fc f 9 relu\nfc g classes\ndropout d 50%\nsoftmax s\n", 7, "d", "g", "", ""},
        {"conv s 1x1/1 classes norelu\navgpool a to=1x1\nsoftmax p\n", 7, "a", "s", "", ""},
        {"conv r+s 3x3/2 2 classes\navgpool a to=1x1\n", 7, "a", "s", "", ""},
        {"conv s 1x1/1 5\nmaxpool a 8x8/1\n", 5, "a", "s", "", ""},
        {"inception 3a 1 2 3 4 5 6\navgpool a to=1x1\nsoftmax p\n", 1 + 3 + 5 + 6, "a", NULL, "", ""},
        {"", 0, "c", "c", "n.net:4: network n has no class scores: 'c' at its end is 4x8x8,", "n.net:4: network n has no class scores"},
        {"avgpool a to=2x2\n", 0, "a", "c", "n.net:5: network n has no class scores: 'a' at its end is 4x2x2,", "n.net:5: network n has no class scores"},
        {"fc f classes\naux x tap=c\nfc g 6\n", 7, "f", "f", "", "n.net:7: head x gives 6 class scores and the main path 7, so no label fits both;"},
        {"fc f 6\naux x tap=c\nfc g classes\nsoftmax s\n", 6, "f", "f", "", "n.net:7: head x gives 7 class scores and the main path 6"},
        {"fc f classes\naux x tap=c\nconv g 1x1/1 classes\n", 7, "f", "f", "", "n.net:7: head x has no class scores: 'x/g' at its end is 7x8x8,"},
        {"fc f classes\naux x tap=c\nconv g 1x1/1 classes\navgpool a to=1x1\n", 7, "f", "f", "", ""},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        char text[256];
        Err err = {""}, main = {""}, losses = {""};
        snprintf(text, sizeof text, "%s%s", start, want[i].rows);
        Net *net = net_parse(text, strlen(text), "n.net", NULL, &err);
        CHECK(net != NULL, "%zu: %s", i, err.text);
        CHECK(net_scores(net, 0) == want[i].scores, "%zu: %d scores", i, net_scores(net, 0));
        assert_string_equal(net->layers[net->heads[0].logits].name, want[i].logits);
        const int scorer = net_scorer(net, 0);
        CHECK(want[i].scorer == NULL ? scorer == -1 : strcmp(net->layers[scorer].name, want[i].scorer) == 0, "%zu: %d gives the scores", i, scorer);
        CHECK(net_need_scores(net, &main) == (want[i].main[0] == '\0') && strncmp(main.text, want[i].main, strlen(want[i].main)) == 0, "%zu: %s", i, main.text);
        CHECK(net_need_losses(net, &losses) == (want[i].losses[0] == '\0') &&
              strncmp(losses.text, want[i].losses, strlen(want[i].losses)) == 0, "%zu: %s", i, losses.text);
        CHECK(strstr(losses.text, "gives") == NULL || strstr(losses.text, label) != NULL, "%zu: %s", i, losses.text);
        CHECK(net_need_class(net, want[i].scores - 1, &err) == (want[i].scores > 0) && !net_need_class(net, want[i].scores, &err) &&
              !net_need_class(net, -1, &err), "%zu", i);
        net_free(net);
        NetOptions options = {.classes = 3}; /* overrides what the word `classes` means, and no number */
        net = net_parse(text, strlen(text), "n.net", &options, &err);
        const bool word = want[i].scores == 7;
        CHECK(net != NULL && net_scores(net, 0) == (word ? 3 : want[i].scores) && net->classes_word == 3, "%zu: %s", i, err.text);
        net_free(net);
    }
}

static void test_switches(void **state)
{
    (void)state;
    Net *naive = open_or_fail("googlenet", &(NetOptions){.without_reductions = "3a", .no_heads = true});
    /* 192*64 + 192*128*9 + 192*32*25 + 192*32 = 393,216 instead of 163,328, and 112 biases fewer */
    CHECK(naive->weight_count == 6998552 + 393216 - 163328 - 112, "%zu", naive->weight_count);
    Net *third = open_or_fail("googlenet", &(NetOptions){.third_3x3 = "inception_3a,5b", .no_heads = true});
    CHECK(third->weight_count == 6998552 - 8192 - 98304, "%zu", third->weight_count);
    Net *all = open_or_fail("googlenet", &(NetOptions){.third_3x3 = "all", .no_heads = true});
    CHECK(all->weight_count == 6998552 - 380928, "%zu", all->weight_count);
    net_free(naive);
    net_free(third);
    net_free(all);
}

static void test_addresses(void **state)
{
    (void)state;
    Net *net = open_or_fail("googlenet", NULL);
    static const struct { const char *text, *layer; int channel; bool pre; const char *canonical, *twin; } good[] = {
        {"conv1", "conv1", -1, false, "conv1", NULL},
        {"conv1:pre", "conv1", -1, true, "conv1:pre", NULL},
        {"3a", "inception_3a/concat", -1, false, "3a", NULL},
        {"inception_3a", "inception_3a/concat", -1, false, "3a", NULL},
        {"inception_3a/concat", "inception_3a/concat", -1, false, "3a", NULL},
        {"3a/5x5[7]", "inception_3a/5x5", 7, false, "3a/5x5[7]", "3a[199]"},
        {"3a[199]", "inception_3a/concat", 199, false, "3a[199]", "3a/5x5[7]"},
        {"3a[0]", "inception_3a/concat", 0, false, "3a[0]", "3a/1x1[0]"},
        {"3a[255]", "inception_3a/concat", 255, false, "3a[255]", "3a/pool_proj[31]"},
        {" inception_4e/3x3[5]:pre ", "inception_4e/3x3", 5, true, "4e/3x3[5]:pre", NULL},
        {"3a/3x3_reduce[4]", "inception_3a/3x3_reduce", 4, false, "3a/3x3_reduce[4]", NULL},
        {"aux1/fc2[3]", "aux1/fc2", 3, false, "aux1/fc2[3]", NULL},
        {"aux2", "aux2/fc2", -1, false, "aux2/fc2", NULL},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        Address a, twin;
        char text[80];
        Err err = {""};
        CHECK(net_address(net, good[i].text, &a, &err), "%s: %s", good[i].text, err.text);
        CHECK(strcmp(net->layers[a.layer].name, good[i].layer) == 0 && a.channel == good[i].channel && a.pre == good[i].pre, "%s", good[i].text);
        net_address_text(net, a, text, sizeof text);
        CHECK(strcmp(text, good[i].canonical) == 0, "%s prints as %s", good[i].text, text);
        bool has = net_address_twin(net, a, &twin);
        CHECK(has == (good[i].twin != NULL), "twin of %s", good[i].text);
        if (has) {
            net_address_text(net, twin, text, sizeof text);
            CHECK(strcmp(text, good[i].twin) == 0, "twin of %s is %s", good[i].text, text);
        }
    }
    static const struct { const char *text, *message; } bad[] = {
        {"", "empty"}, {"conv4", "nearest name is 'conv"}, {"3a/5x5_reduc", "'3a/5x5_reduce'"}, {"inceptoin_3a", "nearest name is '3a'"},
        {"3a[256]", "0 to 255"}, {"3a[-1]", "no channel -1"}, {"3a[x]", "3a/5x5[7]"}, {"3a[1", "3a/5x5[7]"}, {"3a[1]x", "3a/5x5[7]"},
        {"maxpool1:pre", "no value before ReLU"}, {"3a[99999999999999999999]", "no channel"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Address a;
        Err err = {""};
        CHECK(!net_address(net, bad[i].text, &a, &err) && strstr(err.text, bad[i].message) != NULL, "%s: '%s'", bad[i].text, err.text);
    }
    net_free(net);
}

#define HEAD "network n\ninput 3x8x8\n"

/* Every complaint names the file and the line, says why, and for a malformed line what was expected. */
#define TEN "一二三四五六七八九十" /* 30 bytes */
#define LONG_TITLE TEN TEN TEN TEN "甲乙丙" /* 129 */

/* A description's title in two languages, as the whole file and as its head give it. */
static void test_titles(void **state)
{
    static const struct { const char *line, *title, *title_zh; } cases[] = {
        {"network n", "n", ""},
        {"network n \"A net\"", "A net", ""},
        {"network n \"A net\" title-zh=\"一个网络（甲）\"", "A net", "一个网络（甲）"},
        {"network n title-zh=\"网络 = 图\" \"A net\"", "A net", "网络 = 图"},
        {"network n title-zh=网络", "n", "网络"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        Err err = {""};
        NetHead head;
        snprintf(text, sizeof text, "%s\ninput 3x8x8\nconv c 1x1/1 4\n", cases[i].line);
        Net *net = net_parse(text, strlen(text), "my.net", NULL, &err);
        CHECK(net != NULL && strcmp(net->title, cases[i].title) == 0 && strcmp(net->title_zh, cases[i].title_zh) == 0, "case %zu: %s", i, err.text);
        CHECK(net_head(text, strlen(text), &head) && strcmp(head.title, cases[i].title) == 0 && strcmp(head.title_zh, cases[i].title_zh) == 0, "case %zu: the head has '%s' and '%s'",
              i, head.title, head.title_zh);
        net_free(net);
    }
}

static void test_bad_descriptions(void **state)
{
    (void)state;
    static const struct { const char *text; int line; const char *message; } bad[] = {
        {HEAD "conv \u5377\u79ef 1x1/1 4\n", 3, "has a '\u5377'"}, {HEAD "conv total 1x1/1 4\n", 3, "the name of a sum"},
        {HEAD "conv 3a 1x1/1 4\ninception 3a 8 8 16 2 4 4\n", 4, "already a layer '3a'"},
        {HEAD "inception 3a 8 8 16 2 4 4\nconv 3a 1x1/1 4\n", 4, "already a module '3a'"},
        {"", 0, "ends before"}, {"# nothing\n", 1, "ends before its input"}, {HEAD, 2, "ends before the first row"},
        {"input 3x8x8\n", 1, "the first line must be: network"}, {"network n\nconv c 1x1/1 4\n", 2, "input CxHxW"},
        {HEAD "convolve c 3x3/1 4\n", 3, "did you mean 'conv'"}, {HEAD "zzzzzzzz\n", 3, "unknown row 'zzzzzzzz'; expected one of"},
        {HEAD "conv c 3x3/1 -4\n", 3, "cannot be negative"}, {HEAD "conv c 3x3/1 4 pad=-1\n", 3, "cannot be negative"},
        {HEAD "conv c -3x3/1 4\n", 3, "cannot be negative"}, {"network n\ninput 3x-8x8\n", 2, "cannot be negative"},
        {HEAD "conv c 3x3/0 4\n", 3, "the stride is 0"}, {HEAD "conv c 0x0/1 4\n", 3, "the kernel is 0"},
        {HEAD "conv c 3x5/1 4\n", 3, "not square"}, {HEAD "conv c 3x3 4\n", 3, "expected KxK/STRIDE"},
        {HEAD "conv c 3x3/1\n", 3, "number of output channels is missing; expected: conv"}, {HEAD "conv c 3x3/1 4 5\n", 3, "'5' does not belong"},
        {HEAD "conv c 3x3/1 4.5\n", 3, "not a whole number"}, {HEAD "conv c 3x3/1 4 padd=1\n", 3, "'padd=1' does not belong"},
        {HEAD "conv c 9x9/1 4\n", 3, "would become zero"}, {HEAD "maxpool p 9x9/2\n", 3, "would become zero"},
        {HEAD "conv c 8x8/1 4\nconv d 3x3/1 4\n", 4, "would become zero"}, {HEAD "maxpool p 1x1/3 ceil-caffe\n", 3, "from row 9 on, contains no value"},
        {"network n\ninput 3x3x8\navgpool p 2x2/2 pad=1 ceil-onnx\n", 3, "from row 3 on, contains no value"}, {"network n\ninput 3x8x3\navgpool p 2x2/2 pad=1 ceil-onnx\n", 3, "from column 3 on"}, {HEAD "maxpool p 2x2/2 pad=2\n", 3, "contain no value"},
        {HEAD "conv c 1x1/1 4\nconv c 1x1/1 4\n", 4, "already a layer 'c'"}, {HEAD "conv a/b 1x1/1 4\n", 3, "has a '/'"},
        {HEAD "conv c 1x1/1 4 groups=2\n", 3, "2 groups do not divide 3"}, {HEAD "input 3x8x8\n", 3, "already an input"},
        {HEAD "conv c 1x1/1 99999999999999999999\n", 3, "overflows 64 bits"}, {HEAD "conv c 1x1/1 3000000000\n", 3, "expected 1 to"},
        {"network n\ninput 2147483647x16777216x16777216\nconv c 1x1/1 4\n", 2, "overflow 64 bits"},
        {"network n\ninput 3x1048576x1048576\nconv c 3x3/1 2000000 pad=1\n", 3, "overflow"},
        {"network n\ninput 2147483647x1x1\nconv c 1x1/1 2147483647\n", 3, "overflow"},
        {"network n\ninput 2147483647x1x1\nfc c 2147483647\n", 3, "overflow"},
        {HEAD "inception 3a 64 96 128 16 32\n", 3, "pool proj is missing: 5 of six numbers"}, {HEAD "inception 3a - 96 128 16 32 32\n", 3, "#1x1 is '-'"},
        {HEAD "inception 3a 1 2 3 4 5 6 5x5=7x7\n", 3, "third branch"}, {HEAD "fc f classes\n", 3, "'classes N'"},
        {HEAD "dropout d 1.5\n", 3, "share below 1"}, {HEAD "conv c 1x1/1 classes\n", 3, "'classes N'"}, {HEAD "conv a+c 1x1/1 classes 4\n", 3, "not a whole number"},
        {HEAD "conv c 1x1/1 4\naux a tap=c\naux b tap=c\nfc fc 4\n", 5, "head a has no rows"},
        {HEAD "conv c 1x1/1 4\naux a tap=c\n", 4, "head a has no rows"}, {HEAD "lrn n size=5\n", 3, "all needed"}, {HEAD "lrn n size=4 alpha=1 beta=1 k=1\n", 3, "odd"},
        {HEAD "softmax s\n", 3, "one score per class"}, {HEAD "conv c 1x1/1 4\nclaim params=1K source=x\naux a tap=d\n", 5, "nearest name is 'c'"},
        {HEAD "conv c 1x1/1 4\naux a tap=a/fc\n", 4, "cycle"}, {HEAD "conv c 1x1/1 4\naux a tap=a\n", 4, "cycle"},
        {HEAD "conv c 1x1/1 4\naux a tap=b/fc\nfc fc 4\naux b tap=a/fc\nfc fc 4\n", 4, "not a layer above it"},
        {HEAD "conv c 1x1/1 4\naux a tap=c\nfc fc 4\naux b tap=a/fc\nfc fc 4\n", 6, "expected a whole layer of the main path"},
        {HEAD "conv c 1x1/1 4\naux a tap=c[1]\n", 4, "expected a whole layer"}, {HEAD "conv c 1x1/1 4\naux a\n", 4, "tap is missing"},
        {HEAD "conv c 1x1/1 4\naux a tap=c\ninception 3a 1 1 1 1 1 1\n", 5, "a head cannot have an inception module"},
        {"network n \"N\" title-zh=\ninput 3x8x8\n", 1, "title-zh is empty"}, {"network n \"N\" title-zh=\"\"\n", 1, "title-zh is empty"},
        {"network n title-zh=" LONG_TITLE "\n", 1, "title-zh is longer than 127 bytes"}, {"network n \"N\" title-zh=\"N\n", 1, "quotation mark"},
        {"network n \"N\" title-zh=a title-zh=b\n", 1, "'title-zh=b' does not belong"}, {"network n \"N\" title-cn=a\n", 1, "'title-cn=a' does not belong"},
        {"claim params=1K source=x\n", 1, "first line must be"}, {HEAD "conv c 1x1/1 4\naux a tap=c\nclaim params=1K source=x\n", 5, "a claim without a row"},
        {HEAD "conv c 1x1/1 4\nclaim params=1K\n", 4, "source is missing"}, {HEAD "conv c 1x1/1 4\nclaim source=x\n", 4, "nothing is claimed"},
        {HEAD "conv c 1x1/1 4\nclaim parms=1K source=x\n", 4, "cannot be claimed"}, {HEAD "conv c 1x1/1 4\nclaim params= source=x\n", 4, "is not a claim"},
        {HEAD "conv c 1x1/1 4\nclaim params=\"1K source=x\n", 4, "quotation mark"}, {HEAD "conv c 1x1/1 1\nweights c 1 2\n", 4, "2 numbers are given from here on; expected 3"},
        {HEAD "conv c 1x1/1 1\nweights d 1 2\n", 4, "no layer 'd'"}, {HEAD "conv c 1x1/1 1\nweights c 1 x\n", 4, "not a number"},
        {HEAD "maxpool p 2x2/2\nbiases p 1\n", 4, "has no biases"}, {HEAD "conv c 1x1/1 1\npicture 1 2\n", 4, "expected 192"},
        {HEAD "conv c 1x1/1 1\nfc f 2147483647\nweights c 1 2 3\n", 5, "numbers are given for a network of"},
        {"network n\ninput 3x8192x8192\nconv c 1x1/1 1\npicture 1\n", 4, "201326592 input values; at most 16777216"},
        {HEAD "preprocess exact shorter=4\n", 3, "either exact or shorter"}, {HEAD "preprocess exact rgb bgr\n", 3, "cannot both"},
        {HEAD "preprocess exact unit std=0\n", 3, "more than 0"}, {HEAD "batchnorm eps=0\n", 3, "more than 0"}, {HEAD "avgpool a to=2x3\n", 3, "not a square size"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Err err = {""};
        char place[32];
        Net *net = net_parse(bad[i].text, strlen(bad[i].text), "my.net", NULL, &err);
        CHECK(net == NULL, "case %zu was accepted: %s", i, bad[i].text);
        snprintf(place, sizeof place, "my.net:%d: ", bad[i].line);
        CHECK(strncmp(err.text, place, strlen(place)) == 0 && strstr(err.text, bad[i].message) != NULL, "case %zu: '%s'", i, err.text);
    }
    Err err = {""};
    static const char marked[] = "\xef\xbb\xbf" HEAD "conv c 1x1/1 4\r\n"; /* as some editors save it */
    Net *net = net_parse(marked, sizeof marked - 1, "my.net", NULL, &err);
    CHECK(net != NULL && net->layer_count == 2, "%s", err.text);
    net_free(net);
    CHECK(net_parse("network n\0", 10, "my.net", NULL, &err) == NULL && strstr(err.text, "not a text file") != NULL, "%s", err.text);
}

static void test_open_says_what_it_found(void **state)
{
    (void)state;
    static const struct { const char *name, *message; } bad[] = {
        {"googlnet", "did you mean 'googlenet'?"}, {"zzz", "no network 'zzz'; known: "}, {"nowhere/x.net", "No such file"}, {"tests/", "a folder"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Err err = {""};
        CHECK(net_open(bad[i].name, dir, NULL, &err) == NULL && strstr(err.text, bad[i].message) != NULL, "%s: '%s'", bad[i].name, err.text);
    }
}

/* Cutting a good description anywhere gives a smaller network or a message, never a crash. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    FILE *file = fopen("assets/networks/googlenet.net", "rb");
    CHECK(file != NULL, "googlenet.net");
    static char text[16384];
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    for (size_t n = 0; n < length; n += 7) {
        Err err = {""};
        Net *net = net_parse(text, n, "cut.net", NULL, &err);
        CHECK((net != NULL) == (err.text[0] == '\0'), "%zu bytes: '%s'", n, err.text);
        net_free(net);
    }
}

/* A network that ends at a layer: no rows or heads behind it, and parameters that are the first ones of the whole network, also where
 * the whole network does not fit the input. */
static void test_last(void **state)
{
    (void)state;
    static const struct { const char *name, *last, *end; int size; } want[] = {
        {"googlenet", "4c", "inception_4c/concat", 128}, {"googlenet", "inception_3b/3x3", "inception_3b/concat", 224},
        {"bvlc_googlenet", "conv2", "conv3", 97},        {"alexnet", "conv5", "conv5", 128},
        {"vgg16", "conv3_3", "conv3_3", 40},             {"tiny", "1a", "inception_1a/concat", 6},
        {"lenet5", "S4", "S4", 16},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        Net *whole = open_or_fail(want[i].name, NULL);
        const Shape input = {1, whole->input.c, want[i].size, want[i].size};
        Net *net = open_or_fail(want[i].name, &(NetOptions){.input = input, .last = want[i].last});
        CHECK(strcmp(net->layers[net->layer_count - 1].name, want[i].end) == 0, "%s ends with %s", want[i].name,
              net->layers[net->layer_count - 1].name);
        CHECK(net->head_count == 1 && net->main_count == net->layer_count, "%s", want[i].name);
        CHECK(net->input.h == want[i].size && net->heads[0].logits == net->layer_count - 1, "%s", want[i].name);
        for (int p = 0; p < net->param_count; p++)
            CHECK(net->params[p].offset == whole->params[p].offset && net->params[p].count == whole->params[p].count &&
                      net->params[p].kind == whole->params[p].kind && net->params[p].layer == whole->params[p].layer,
                  "%s, parameter %d", want[i].name, p);
        net_free(net);
        net_free(whole);
    }
    Err err = {""};
    assert_null(net_open("googlenet", dir, &(NetOptions){.last = "4f"}, &err));
    CHECK(strstr(err.text, "no layer '4f'; the nearest name is '4") != NULL, "'%s'", err.text);
    assert_null(net_open("lenet5", dir, &(NetOptions){.input = {1, 1, 16, 16}}, &err)); /* what comes after S4 does not fit */
}

static const struct CMUnitTest table[] = {
    cmocka_unit_test(test_profiles),
    cmocka_unit_test(test_shapes_of_table_1),
    cmocka_unit_test(test_profiles_differ_where_they_should),
    cmocka_unit_test(test_heads_that_do_not_fit),
    cmocka_unit_test(test_claims_beside_heads_that_are_left_out),
    cmocka_unit_test(test_scores),
    cmocka_unit_test(test_switches),
    cmocka_unit_test(test_addresses),
    cmocka_unit_test(test_titles), cmocka_unit_test(test_bad_descriptions),
    cmocka_unit_test(test_open_says_what_it_found),
    cmocka_unit_test(test_cut_anywhere),
    cmocka_unit_test(test_last),
};

TEST_MAIN(table)
