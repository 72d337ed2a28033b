/* every_op.h - for each op a small network that has it, so that tests can go through all ops. An op without a row here does not compile. */
#ifndef INCEPTOSCOPE_TESTS_EVERY_OP_H
#define INCEPTOSCOPE_TESTS_EVERY_OP_H

#include "engine/net/net.h"
#include "tests/check.h"

typedef struct OpRows {
    const char *word;           /* the row's, in a .net file */
    const char *rows;           /* of which the last is the op's; they read 18 channels of 7x9 and are followed by an fc row */
} OpRows;

static const OpRows every_op[] = {
    [OP_INPUT] = {"input", ""},
    [OP_CONV] = {"conv", "conv t 3x3/2 6 pad=1 groups=2\n"},
    [OP_MAXPOOL] = {"maxpool", "maxpool t 3x3/2 ceil-torch\n"},
    [OP_AVGPOOL] = {"avgpool", "avgpool t 3x3/2 pad=1\n"},
    [OP_LRN] = {"lrn", "lrn t size=3 alpha=0.9 beta=0.75 k=1\n"},
    [OP_CONCAT] = {"inception", "inception t 2 2 3 2 3 2\n"},
    [OP_DROPOUT] = {"dropout", "dropout t 40%\n"},
    [OP_FC] = {"fc", "fc t 5 relu\n"},
    [OP_SOFTMAX] = {"softmax", "fc b 5\nsoftmax t\n"},
};
_Static_assert(sizeof every_op / sizeof every_op[0] == OP_COUNT, "an op that no test goes through: give it rows here");

enum { OP_TEXT_MAX = 512 };

static inline void every_op_text(Op op, char out[OP_TEXT_MAX])
{
    CHECK(every_op[op].word != NULL && every_op[op].rows != NULL, "op %d has no rows in tests/every_op.h", (int)op);
    snprintf(out, OP_TEXT_MAX, "network every_%s\ninput 3x9x7\nclasses 3\npreprocess exact rgb unit mean=0.5 std=0.5\nconv a 3x3/1 18 pad=1 norelu\n%s"
             "fc s classes\nsoftmax p\n", every_op[op].word, every_op[op].rows);
}

/* The network, and which of its layers is the op's. */
static inline Net *every_op_net(Op op, int *layer)
{
    char text[OP_TEXT_MAX];
    Err err = {""};
    every_op_text(op, text);
    Net *net = net_parse(text, strlen(text), "every_op.net", NULL, &err);
    CHECK(net != NULL, "%s: %s", every_op[op].word, err.text);
    *layer = op == OP_INPUT ? 0 : -1;
    for (int l = 2; l < net->layer_count && *layer < 0; l++)
        *layer = net->layers[l].op == op ? l : -1;
    CHECK(*layer >= 0, "%s: its rows make no such layer", every_op[op].word);
    return net;
}

#endif
