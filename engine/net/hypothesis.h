/* hypothesis.h - what a row of a description would count if it were another: a line of the .net file names the change, and the altered row is built as
 * every row is, so that audit.h can judge it like the row itself. Nothing that it says about the change is written down anywhere.
 *
 *     hypothesis inception_4b source=paper in=480
 *     hypothesis conv1 source=paper as="conv deep 7x7/2 24 pad=3 groups=3" as="conv wide 1x1/1 64"
 *     hypothesis inception_5a source=paper one=1..1024                     # each number of the row alone
 *     hypothesis 3b source=cs231n 3x3_reduce=16..256/16 pool_proj=0..256/16    # all of them together; 0: no such convolution
 */
#ifndef INCEPTOSCOPE_HYPOTHESIS_H
#define INCEPTOSCOPE_HYPOTHESIS_H

#include "engine/net/build.h"
#include "engine/net/netline.h"
#include "engine/net/trace.h"

/* What can be changed about a module: the channels that it reads, and its six numbers in the order of RowSpec.channels. */
enum { NUMBER_INPUT, NUMBER_1X1, NUMBER_3X3_REDUCE, NUMBER_3X3, NUMBER_5X5_REDUCE, NUMBER_5X5, NUMBER_POOL_PROJ, NUMBER_COUNT };
enum { HYPOTHESIS_ROWS_MAX = 3, SETTINGS_MAX = 1 << 15 };

typedef struct NumberRange {
    int from, to, step;         /* step 0: the number is left as it is */
} NumberRange;

typedef struct Hypothesis {
    int row, line;
    bool shared;                /* as in Claim */
    char source[48];            /* whose cells of the row it is about */
    NumberRange numbers[NUMBER_COUNT]; /* all are set together */
    NumberRange one;            /* or each of the row's numbers alone takes these values */
    RowSpec rows[HYPOTHESIS_ROWS_MAX]; /* the row itself, or what takes its place */
    int row_count;
    char as[192];               /* what takes its place, as it was written, "; " in between; or "" */
    char note[256], note_zh[256];
} Hypothesis;

/* "in", "1x1", "3x3_reduce", ... as the .net file names them. */
const char *number_name(int number);
/* What the network has; 0 for a convolution that is not there. */
int hypothesis_now(const Net *net, const Hypothesis *h, int number);

/* Reads a line into the net; `spec` is what its row was built from, `read_row` reads the text of a row. */
typedef bool RowReader(NetLine *line, RowSpec *spec, Err *reason);
bool hypothesis_read(Net *net, int row, const RowSpec *spec, bool shared, NetLine *line, RowReader *read_row, Err *reason);

/* The settings that a hypothesis has, 1 for a single change. hypothesis_setting fills setting i, and is false where that is the row as it is. */
int64_t hypothesis_settings(const Net *net, const Hypothesis *h);
bool hypothesis_setting(const Net *net, const Hypothesis *h, int64_t i, int numbers[NUMBER_COUNT]);
/* The altered row as a network of its own: an input as the row reads it (of numbers[NUMBER_INPUT] channels), then the row. The caller frees it. */
Net *hypothesis_build(const Net *net, const Hypothesis *h, const int numbers[NUMBER_COUNT], Err *err);
/* weights, params, macs and bias_adds of an altered module without building it, for searches; the other counts stay 0. False when they
 * do not fit 64 bits, or the row is no module. */
bool hypothesis_counts(const Net *net, const Hypothesis *h, const int numbers[NUMBER_COUNT], Counts *out);

#endif
