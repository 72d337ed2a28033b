/* hypothesis.h - how a row of a description would count if it were different. A line of the .net file describes the change, and
 * the altered row is built like every other row, so audit.h can judge it like the row itself. The file gives the change only; all
 * results are computed.
 *
 *     hypothesis inception_4b source=paper in=480
 *     hypothesis conv1 source=paper as="conv deep 7x7/2 24 pad=3 groups=3" as="conv wide 1x1/1 64"
 *     hypothesis inception_5a source=paper one=1..1024                     # each number of the row alone
 *     hypothesis 3b source=cs231n 3x3_reduce=16..256/16 pool_proj=0..256/16    # all of them together; 0: no such convolution */
#ifndef INCEPTOSCOPE_HYPOTHESIS_H
#define INCEPTOSCOPE_HYPOTHESIS_H

#include "engine/net/build.h"
#include "engine/base/limits.h"
#include "engine/net/netline.h"
#include "engine/net/trace.h"

/* What a hypothesis can change in a module: its input channels, and its six numbers in the order of RowSpec.channels. */
enum { NUMBER_INPUT, NUMBER_1X1, NUMBER_3X3_REDUCE, NUMBER_3X3, NUMBER_5X5_REDUCE, NUMBER_5X5, NUMBER_POOL_PROJ, NUMBER_COUNT };
enum { HYPOTHESIS_ROWS_MAX = 3 };

typedef struct NumberRange {
    int from, to, step;         /* step 0: the number is unchanged */
} NumberRange;

typedef struct Hypothesis {
    int row, line;
    bool shared;                /* as in Claim */
    char source[48];            /* the source of the cells of the row that are judged */
    NumberRange numbers[NUMBER_COUNT]; /* all are set at once */
    NumberRange one;            /* or: each number of the row in turn takes these values, the others unchanged */
    RowSpec rows[HYPOTHESIS_ROWS_MAX]; /* the row itself, or its replacement */
    int row_count;
    char as[192];               /* the replacement as written, rows separated by "; "; or "" */
    char note[256], note_zh[256];
} Hypothesis;

/* The name of the number in the .net file: "in", "1x1", "3x3_reduce", ... */
const char *number_name(int number);
/* The number in the network; 0 if the convolution does not exist. */
int hypothesis_now(const Net *net, const Hypothesis *h, int number);

/* Reads a hypothesis line into the net. `spec`: the spec that the row was built from; `read_row` reads the text of a row. */
typedef bool RowReader(NetLine *line, RowSpec *spec, Err *reason);
bool hypothesis_read(Net *net, int row, const RowSpec *spec, bool shared, NetLine *line, RowReader *read_row, Err *reason);

/* The number of settings of a hypothesis; 1 for a single change. hypothesis_setting fills setting i; false if it is the
 * unchanged row. */
int64_t hypothesis_settings(const Net *net, const Hypothesis *h);
bool hypothesis_setting(const Net *net, const Hypothesis *h, int64_t i, int numbers[NUMBER_COUNT]);
/* Builds the altered row as a separate network: an input with the row's input shape (numbers[NUMBER_INPUT] channels), then the
 * row. The caller frees it. */
Net *hypothesis_build(const Net *net, const Hypothesis *h, const int numbers[NUMBER_COUNT], Err *err);
/* weights, params, macs and bias_adds of an altered module without building it, for searches; the other counts are 0. False when
 * they do not fit in 64 bits, or the row is not a module. */
bool hypothesis_counts(const Net *net, const Hypothesis *h, const int numbers[NUMBER_COUNT], Counts *out);

#endif
