/* build.h - from rows of a description to layers. For the readers of .net files, and for hypothesis.c, which builds an altered row.
 *
 * Errors here carry the reason only; netfile.c puts file:line in front. */
#ifndef INCEPTOSCOPE_BUILD_H
#define INCEPTOSCOPE_BUILD_H

#include "engine/net/net.h"

typedef struct RowSpec {
    Op op;                      /* OP_CONCAT: an Inception module */
    char name[NET_NAME_MAX];    /* without the head's prefix */
    char reduce[NET_NAME_MAX];  /* conv: name of the 1x1 reduction in front of it, or "" */
    int k, stride, pad, groups;
    Rounding rounding;
    int adaptive;               /* average pool: the size of its output, or 0 */
    bool count_padding;
    int channels[6];            /* conv: [reduction,] output; fc: output; module: the six numbers, 0 for "-" */
    bool classes;               /* conv, fc: as many outputs as there are classes */
    int fc_in;                  /* fc: the inputs that its weights are made for, or 0 */
    bool relu, bias;
    int third_kernel;           /* module: 5, or 3 */
    float dropout_p;
    int lrn_size;
    float lrn_alpha, lrn_beta, lrn_k;
    int line;
} RowSpec;

typedef struct Build {
    Net *net;
    const NetOptions *options;
    int current;                /* the layer whose map the next row reads */
    int head;                   /* index of the head being built; 0 the main path */
    bool skip_head;             /* the rest of this head's rows is left out */
    char skipped[NET_NAME_MAX]; /* with skip_head: its name */
    char (*left_out)[NET_NAME_MAX]; int left_out_count; /* names of all rows left out so; owned, see build_end */
    bool bn;                    /* convolutions are followed by batch norm and have no bias */
    float bn_eps;
    int64_t macs, values;       /* running totals, so that no later sum can overflow */
    bool too_small;             /* the failure was one of shape, and a smaller head would do */
} Build;

bool build_input(Build *b, Shape input, int line, Err *reason);
/* Where a head turns out not to fit, its rows are taken back, and skip_head is set: what was said about rows from net->row_count on is the
 * caller's to forget. */
bool build_row(Build *b, const RowSpec *spec, Err *reason);
/* Begins a head; the rows that follow are its. */
bool build_head(Build *b, const char *name, const char *tap, float loss_weight, Err *reason);
/* Places the parameters; after this the net is complete. */
bool build_finish(Build *b, Err *reason);
/* Whether a row was left out with its head: what is said about it is no mistake, and goes with it. */
bool build_left_out(const Build *b, const char *row);
/* The same for a layer of such a head, or the head itself. */
bool build_left_out_layer(const Build *b, const char *name);
void build_end(Build *b);       /* frees what only building needs */

#endif
