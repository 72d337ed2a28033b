/* audit.h - what somebody printed about a network, beside what the arithmetic says. Claims are data in the .net files, and so is what a row might have
 * been counted as (hypothesis.h); every verdict is computed here, none is written down anywhere.
 *
 * A claim is about the network that its file describes: one of a row with 1000 outputs is judged with 1000, whatever number of classes the
 * audited network was opened with, and likewise the size of the picture. What the audited network gives instead is told beside it. */
#ifndef INCEPTOSCOPE_AUDIT_H
#define INCEPTOSCOPE_AUDIT_H

#include "engine/net/expr.h"
#include "engine/net/hypothesis.h"
#include "engine/net/verdict.h"

enum { AUDIT_NETWORK = -1, AUDIT_NOWHERE = -2 };

typedef struct AuditLine {
    const Claim *claim;         /* borrowed from the described net, as is row */
    const char *row;            /* name of the claim's row, or of the network */
    int row_index;              /* in the audited net; AUDIT_NETWORK, or AUDIT_NOWHERE for a row that it does not have */
    char printed[48];           /* as the claim has it; of a sum what the cells add up to, "6,797.7K" */
    Verdict verdict;
    char value[64];             /* what the arithmetic gives, as described: "163,328", "112x112x64"; "none" for a column without a convolution */
    bool elsewhere;             /* the audited network, with its own classes, input or switches, gives another value: */
    char here[64];              /* that one, or "" where it has no such thing */
    bool has_counts;            /* counts is about the claim's row or network: claims of params and ops */
    bool with_biases;           /* the value that the verdict is about includes biases */
    Counts counts;
    /* Of a printed number of operations that differs, as the printed parameters of its row do: those times the row's places read as these,
     * so that the two cells fit each other and not the channels. step 0: they do not, or nothing differs. */
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

/* A hypothesis, tried: its row built with the change, and every cell of that row and source judged again. A cell agrees or it does not; what agrees
 * only with the change is gained, what agrees only without it is lost. Columns that the change itself sets are not counted. */
typedef struct Tried {
    const Hypothesis *hypothesis; /* borrowed */
    bool search;                /* a set of settings: */
    int64_t settings;           /* that were tried */
    int64_t fits;               /* of these, all printed params and ops of the row agree */
    int64_t gives;              /* of those, every other cell agrees as well */
    int examples[TRIED_EXAMPLES_MAX][NUMBER_COUNT]; /* the first that give all, or else the first that fit */
    int example_count;
    int numbers[NUMBER_COUNT];  /* a single change: the row's numbers with it */
    bool same;                  /* which are those that the row has: there is nothing to say */
    TriedCell cells[TRIED_CELLS_MAX];
    int cell_count, gained, lost, still; /* still: disagrees with and without */
} Tried;

/* Whether a single change gives every cell of its row: something gained, nothing lost, nothing left. */
static inline bool tried_gives_all(const Tried *t) { return t->gained > 0 && t->lost == 0 && t->still == 0; }

typedef struct Audit {
    const Net *net;             /* borrowed */
    Net *described;             /* the same without the options that it was opened with, owned; NULL: net is as described */
    Trace judged;               /* of the described net; its layers are borrowed when described is NULL */
    const char *networks_dir;   /* borrowed */
    AuditLine *lines;
    int count;
    int kinds[VERDICT_COUNT];   /* how many of each */
    Tried *tried;               /* one for each hypothesis of the described net */
    int tried_count;
} Audit;

/* False, with file:line, when a claim or a hypothesis cannot be evaluated. networks_dir serves claims about other networks, and must stay. */
bool audit_make(const Trace *trace, const char *networks_dir, Audit *out, Err *err);
void audit_free(Audit *audit);

/* How the value comes about, numbers put in: "64 x 3 x 7 x 7 = 9,408; / 1,024 = 9.19"; "" for what needs none. */
void audit_formula(const Audit *audit, const AuditLine *line, const Phrases *p, char *out, size_t size);
/* What the claim's own expression says, numbers put in: "55*48*96 = 253,440"; "" without one. */
void audit_own(const Audit *audit, const AuditLine *line, char *out, size_t size);
/* A remark with the values of its {expressions} in it. False with a reason when one cannot be evaluated. */
bool audit_note(const Audit *audit, const char *note, char *out, size_t size, Err *err);
/* The first hypothesis from `from` on about the line's row and source, or -1. */
int audit_hypothesis(const Audit *audit, const AuditLine *line, int from);
/* Whether this is the first line of its row and source that disagrees: a list says there what was tried about the row. */
bool audit_leads(const Audit *audit, const AuditLine *line);

#endif
