/* build.h - makes layers from the rows of a description. Called by the readers of .net files, and by hypothesis.c, which builds
 * an altered row.
 *
 * Errors contain the reason only; netfile.c puts file:line in front. */
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
    int head;                   /* index of the head being built; 0 is the main path */
    bool skip_head;             /* the remaining rows of this head are left out */
    char skipped[NET_NAME_MAX]; /* if skip_head: the head's name */
    char (*left_out)[NET_NAME_MAX]; int left_out_count; /* names of all rows that were left out; owned, freed by build_end */
    bool bn;                    /* convolutions are followed by batch norm and have no bias */
    float bn_eps;
    int64_t macs, values;       /* running totals, so that no later sum can overflow */
    bool too_small;             /* the row failed because the map is too small for it; without its head the network can still be
                                   built */
} Build;

bool build_input(Build *b, Shape input, int line, Err *reason);
/* Adds a row. If a head does not fit, its rows are removed and skip_head is set. The caller must then forget what was said about
 * rows at or after net->row_count. */
bool build_row(Build *b, const RowSpec *spec, Err *reason);
/* Begins a head; the rows that follow belong to it. */
bool build_head(Build *b, const char *name, const char *tap, float loss_weight, Err *reason);
/* Gives the parameters their offsets; after this the net is complete. */
bool build_finish(Build *b, Err *reason);
/* Whether a row was left out with its head. A claim about such a row is not an error; it is dropped too. */
bool build_left_out(const Build *b, const char *row);
/* The same for a layer of such a head, or the head itself. */
bool build_left_out_layer(const Build *b, const char *name);
void build_end(Build *b);       /* frees what only building needs */

#endif
