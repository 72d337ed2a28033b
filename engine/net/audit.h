/* audit.h - compares what somebody printed about a network with what the arithmetic gives. Claims are data in the .net files, and
 * so are hypotheses about how a row was counted (hypothesis.h). All verdicts are computed here; no file contains one.
 *
 * A claim is about the network that its file describes. If that network has 1000 outputs, the claim is judged with 1000 outputs,
 * even if the audited network was opened with another number of classes; likewise for the size of the picture. Where the audited
 * network gives another value, that value is reported next to the verdict. */
#ifndef INCEPTOSCOPE_AUDIT_H
#define INCEPTOSCOPE_AUDIT_H

#include "engine/net/expr.h"
#include "engine/net/hypothesis.h"
#include "engine/net/verdict.h"

enum { AUDIT_NETWORK = -1, AUDIT_NOWHERE = -2 };

typedef struct AuditLine {
    const Claim *claim;         /* borrowed from the described net, like row */
    const char *row;            /* name of the claim's row, or of the network */
    int row_index;              /* in the audited net; AUDIT_NETWORK, or AUDIT_NOWHERE if that net does not have the row */
    char printed[48];           /* as in the claim; for a sum, the sum of the printed cells: "6,797.7K" */
    Verdict verdict;
    char value[64];             /* what the arithmetic gives for the described network: "163,328", "112x112x64"; "none" if the
                                   column has no convolution */
    bool elsewhere;             /* the audited network gives another value (its classes, input or switches differ): `here` */
    char here[64];              /* "" if the audited network has no such row */
    bool has_counts;            /* counts is set, to the counts of the row or network: only for claims of params and ops */
    bool with_biases;           /* the value that the verdict is about includes biases */
    Counts counts;
    /* For a printed number of operations that differs, where the row's printed parameters differ too: set if those parameters,
     * read in steps of `step` (1000 or 1024), times h x w give the printed operations. Then the two cells agree with each other.
     * step 0: not set. */
    struct { int step; int h, w; const char *params; char product[64]; Verdict verdict; } pair;
} AuditLine;

enum { TRIED_CELLS_MAX = 16, TRIED_EXAMPLES_MAX = 24 };

typedef struct TriedCell {
    const AuditLine *line;      /* of the same row and source */
    bool premise;               /* the hypothesis itself sets this column */
    bool agreed;                /* without the change */
    Verdict verdict;            /* of the altered row */
    char value[64];
    bool with_biases;
} TriedCell;

/* A hypothesis that was tried: its row is built with the change, and every cell of that row and source is judged again. A cell
 * that agrees only with the change is gained; one that agrees only without it is lost. Columns that the change itself sets are
 * not counted. */
typedef struct Tried {
    const Hypothesis *hypothesis; /* borrowed */
    bool search;                /* a set of settings, not a single change */
    int64_t settings;           /* search: settings that were tried */
    int64_t fits;               /* search: settings with which all printed params and ops of the row agree */
    int64_t gives;              /* search: settings with which every other cell agrees as well */
    int examples[TRIED_EXAMPLES_MAX][NUMBER_COUNT]; /* the first that give all cells; if there are none, the first that fit */
    int example_count;
    int numbers[NUMBER_COUNT];  /* a single change: the row's numbers with it */
    bool same;                  /* the change sets the numbers that the row already has, so there is nothing to compare */
    TriedCell cells[TRIED_CELLS_MAX];
    int cell_count, gained, lost, still; /* still: disagrees with and without */
} Tried;

/* Whether a single change explains the whole row: it gains a cell, loses none, and no cell still disagrees. */
static inline bool tried_gives_all(const Tried *t) { return t->gained > 0 && t->lost == 0 && t->still == 0; }

typedef struct Audit {
    const Net *net;             /* borrowed */
    Net *described;             /* the same network opened without options, owned; NULL if net is as described */
    Trace judged;               /* of the described net; its layers are borrowed when described is NULL */
    const char *networks_dir;   /* borrowed */
    AuditLine *lines;
    int count;
    int kinds[VERDICT_COUNT];   /* how many of each */
    Tried *tried;               /* one for each hypothesis of the described net */
    int tried_count;
} Audit;

/* False, with file:line, when a claim or a hypothesis cannot be evaluated. networks_dir: for claims about other networks;
 * borrowed until audit_free. */
bool audit_make(const Trace *trace, const char *networks_dir, Audit *out, Err *err);
void audit_free(Audit *audit);

/* How the value is computed, with the numbers put in: "64 x 3 x 7 x 7 = 9,408; / 1,024 = 9.19"; "" if there is no formula. */
void audit_formula(const Audit *audit, const AuditLine *line, const Phrases *p, char *out, size_t size);
/* The claim's own expression with the numbers put in: "55*48*96 = 253,440"; "" if it has none. */
void audit_own(const Audit *audit, const AuditLine *line, char *out, size_t size);
/* A remark with its {expressions} replaced by their values. False with a reason when one cannot be evaluated. */
bool audit_note(const Audit *audit, const char *note, char *out, size_t size, Err *err);
/* The first hypothesis at or after index `from` about the line's row and source, or -1. */
int audit_hypothesis(const Audit *audit, const AuditLine *line, int from);
/* Whether this is the first line of its row and source that disagrees. A list shows the row's hypotheses there. */
bool audit_leads(const Audit *audit, const AuditLine *line);

#endif
