/* ledger.h - the accounting of a network as a table that can be sorted, searched, folded and copied: what the window's ledger shows.
 *
 * Rows stand in the order of the description. A module, and a row of two convolutions, is a parent whose parts (branches or
 * layers) are folded under it. Nothing here knows about a screen: a view asks ledger_arrange what to show, ledger_text what
 * stands in a cell and ledger_formula how a count comes about. */
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
    LEDGER_VERDICT,             /* on it, and where the network is not as described the value that it is about; sorts by how far off */
    LEDGER_MACS,
    LEDGER_MACS_BIAS,
    LEDGER_FLOPS,
    LEDGER_MULTIPLICATIONS,     /* that really happen */
    LEDGER_PRINTED_OPS,
    LEDGER_VERDICT_OPS,
    LEDGER_FIELD,               /* receptive field, "27-59" over the ways through a module */
    LEDGER_STRIDE,
    LEDGER_BYTES,               /* of the maps, float32 */
    LEDGER_COLUMN_COUNT,
} LedgerColumn;

typedef struct LedgerRow {
    char name[NET_NAME_MAX];    /* "conv1", "inception_3a", "3x3" for a branch */
    int parent;                 /* index of the row that it is folded under, or -1 */
    bool has_parts;
    int first, last;            /* its layers */
    int layer;                  /* where selecting the row leads: its last layer */
    int module;                 /* -1 outside of modules */
    Branch branch;              /* BRANCH_NONE but for the parts of a module: their colour */
    int head;                   /* 0 main path */
    Counts counts;
    int params_claim, ops_claim; /* indices into audit.lines, or -1 */
} LedgerRow;

typedef struct Ledger {
    const Trace *trace;         /* borrowed */
    Audit audit;                /* all claims, also those that are about no single row */
    LedgerRow *rows;
    int count;
} Ledger;

bool ledger_make(const Trace *trace, const char *networks_dir, Ledger *out, Err *err);
/* A network's trace and, of it, its ledger: both or neither. Whoever moves the trace sets out->trace anew. */
bool ledger_of(const Net *net, const char *networks_dir, Trace *trace, Ledger *out, Err *err);
void ledger_free(Ledger *ledger);

typedef struct LedgerView {
    LedgerColumn sort;          /* LEDGER_NAME: the description's order */
    bool descending;
    LedgerColumn share;         /* whose share is shown: LEDGER_PARAMS, LEDGER_MACS, ... */
    bool heads;                 /* show the auxiliary heads' rows too */
    const bool *open;           /* per row: its parts are shown; NULL: all are folded */
    const char *search;         /* rows whose name, or whose part's name, holds this text; NULL or "": all */
} LedgerView;

typedef struct LedgerShown {
    int row;
    double share;               /* of the total of the shown path; parts have a share too */
    double cumulative;          /* with the rows above it, in this order; a part's runs within its parent */
} LedgerShown;

/* Fills shown, room for ledger->count elements, and returns how many. Parts follow their parent and are sorted among
 * themselves. Equal rows keep the description's order. */
int ledger_arrange(const Ledger *ledger, const LedgerView *view, LedgerShown *shown);

const char *ledger_title(LedgerColumn column);          /* "weights", "MAC + bias" */
bool ledger_is_number(LedgerColumn column);             /* right-aligned */
void ledger_text(const Ledger *ledger, int row, LedgerColumn column, char *out, size_t size);
/* How the cell comes about, numbers put in: "64 x 3 x 7 x 7 = 9,408"; "" for none. */
void ledger_formula(const Ledger *ledger, int row, LedgerColumn column, const Phrases *p, char *out, size_t size);
/* The claim that a printed number or a verdict is about, NULL where nothing is claimed and for other columns. */
const AuditLine *ledger_claim(const Ledger *ledger, int row, LedgerColumn column);
/* The verdict of a verdict cell; false where nothing is claimed. */
bool ledger_verdict(const Ledger *ledger, int row, LedgerColumn column, VerdictKind *kind);
/* The table as shown, as CSV with a line of titles, plain integers. From malloc; NULL when memory is out. */
char *ledger_csv(const Ledger *ledger, const LedgerShown *shown, int count);

#endif
