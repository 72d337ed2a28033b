/* ledger.h - the accounting of a network as a table that can be sorted, searched, folded and copied. The window's ledger shows
 * it.
 *
 * Rows are in the order of the description. A module, or a row of two convolutions, is a parent; its parts (branches or layers)
 * are folded under it. Nothing here knows about a screen: ledger_arrange gives a view the rows to show, ledger_text the text of a
 * cell, and ledger_formula how a count is computed. */
#ifndef INCEPTOSCOPE_LEDGER_H
#define INCEPTOSCOPE_LEDGER_H

#include "engine/net/audit.h"

typedef enum LedgerColumn {
    LEDGER_NAME,
    LEDGER_WINDOW,              /* "7x7/2 pad 3" */
    LEDGER_OUTPUT,              /* "64x112x112" */
    LEDGER_WEIGHTS,
    LEDGER_PARAMS,              /* weights + biases + batch norm */
    LEDGER_K,                   /* weights / 1000 */
    LEDGER_KI,                  /* weights / 1024 */
    LEDGER_PRINTED,             /* params as printed, first claim on the row: "2.7K" */
    LEDGER_VERDICT,             /* of the printed number; where the network is not as described, also the value that it is about.
                                   Sorts by how far off it is */
    LEDGER_MACS,
    LEDGER_MACS_BIAS,
    LEDGER_FLOPS,
    LEDGER_MULTIPLICATIONS,     /* without those by zeros in the padding */
    LEDGER_PRINTED_OPS,
    LEDGER_VERDICT_OPS,
    LEDGER_FIELD,               /* receptive field; "27-59" if it differs between the paths through a module */
    LEDGER_STRIDE,
    LEDGER_BYTES,               /* of the maps, float32 */
    LEDGER_COLUMN_COUNT,
} LedgerColumn;

typedef struct LedgerRow {
    char name[NET_NAME_MAX];    /* "conv1", "inception_3a", "3x3" for a branch */
    int parent;                 /* index of the parent row, or -1 */
    bool has_parts;
    int first, last;            /* its layers */
    int layer;                  /* selecting the row selects this layer: its last one */
    int module;                 /* -1 outside of modules */
    Branch branch;              /* for the parts of a module, which have the branch's colour; else BRANCH_NONE */
    int head;                   /* 0 main path */
    Counts counts;
    int params_claim, ops_claim; /* indices into audit.lines, or -1 */
} LedgerRow;

typedef struct Ledger {
    const Trace *trace;         /* borrowed */
    Audit audit;                /* all claims, also those that belong to no single row */
    LedgerRow *rows;
    int count;
} Ledger;

bool ledger_make(const Trace *trace, const char *networks_dir, Ledger *out, Err *err);
/* Makes a network's trace and its ledger; on failure neither exists. A caller that moves the trace must update out->trace. */
bool ledger_of(const Net *net, const char *networks_dir, Trace *trace, Ledger *out, Err *err);
void ledger_free(Ledger *ledger);

typedef struct LedgerView {
    LedgerColumn sort;          /* LEDGER_NAME: the order of the description */
    bool descending;
    LedgerColumn share;         /* the column of which shares are shown: LEDGER_PARAMS, LEDGER_MACS, ... */
    bool heads;                 /* show the auxiliary heads' rows too */
    const bool *open;           /* per row: its parts are shown; NULL: all are folded */
    const char *search;         /* show rows with this text in their name or in a part's name; NULL or "": all */
} LedgerView;

typedef struct LedgerShown {
    int row;
    double share;               /* of the shown path's total; parts have a share too */
    double cumulative;          /* sum of the shares of this row and the rows above it; for a part, within its parent */
} LedgerShown;

/* Fills shown (room for ledger->count elements) and returns their number. Parts follow their parent and are sorted among
 * themselves. Equal rows keep the order of the description. */
int ledger_arrange(const Ledger *ledger, const LedgerView *view, LedgerShown *shown);

const char *ledger_title(LedgerColumn column);          /* "weights", "MAC + bias" */
bool ledger_is_number(LedgerColumn column);             /* right-aligned */
void ledger_text(const Ledger *ledger, int row, LedgerColumn column, char *out, size_t size);
/* How the cell is computed, with the numbers put in: "64 x 3 x 7 x 7 = 9,408"; "" if there is no formula. */
void ledger_formula(const Ledger *ledger, int row, LedgerColumn column, const Phrases *p, char *out, size_t size);
/* The claim that a printed number or a verdict belongs to; NULL if there is no claim, and for other columns. */
const AuditLine *ledger_claim(const Ledger *ledger, int row, LedgerColumn column);
/* The verdict of a verdict cell; false if there is no claim. */
bool ledger_verdict(const Ledger *ledger, int row, LedgerColumn column, VerdictKind *kind);
/* The shown table as CSV, with a line of titles and plain integers. From malloc; NULL if out of memory. */
char *ledger_csv(const Ledger *ledger, const LedgerShown *shown, int count);

#endif
