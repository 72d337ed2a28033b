/* audit.h - what somebody printed about a network, beside what the arithmetic says. Claims are data in the .net files; every verdict
 * is computed here, none is written down anywhere. */
#ifndef INCEPTOSCOPE_AUDIT_H
#define INCEPTOSCOPE_AUDIT_H

#include "engine/net/expr.h"

typedef enum VerdictKind {
    VERDICT_EXACT,              /* the printed number is the value */
    VERDICT_KI,                 /* value / 1024 (1024^2 for M, 1024^3 for G), rounded or cut at the last printed digit */
    VERDICT_K,                  /* the same with 1000 */
    VERDICT_ROUNDING,           /* at most one unit of the last printed digit off */
    VERDICT_DIFFERS,
    VERDICT_COUNT,
} VerdictKind;

typedef struct Verdict {
    VerdictKind kind;
    int candidate;              /* which of the candidates it is about */
    bool binary;                /* measured in steps of 1024 */
    char text[64];              /* "exact", "agrees in Ki", "rounding: 1 Ki less", "differs: -70.6% in Ki" */
} Verdict;

/* Compares "2.7K", "163,328", "112.5", "40%" or "28*28*64" with candidates, the first that fits wins: exact ones first, then those that agree,
 * then roundings. In K steps of 1024 are tried before steps of 1000 (the paper's params column); in M and G, which are used for
 * operations, steps of 1000 before 1024. False when `printed` is no number. */
bool audit_verdict(const char *printed, const Rational *candidates, int count, Verdict *out, Err *err);

typedef struct AuditLine {
    const Claim *claim;         /* borrowed from the net */
    const char *row;            /* name of the claim's row, or of the network */
    Verdict verdict;
    char value[64];             /* what the arithmetic gives: "163,328", "112x112x64" */
    bool has_counts;            /* counts is about the claim's row or network: claims of params and ops */
    bool with_biases;           /* the value that the verdict is about includes biases */
    Counts counts;
    char formula[640];          /* "64 x 3 x 7 x 7 = 9,408", with the numbers put in */
} AuditLine;

typedef struct Audit {
    const Net *net;             /* borrowed, as is the trace that audit_make was given */
    AuditLine *lines;
    int count;
    int kinds[VERDICT_COUNT];   /* how many of each */
} Audit;

/* False, with file:line, when a claim cannot be evaluated; of a switched network it is left out then. networks_dir serves claims about other networks. */
bool audit_make(const Trace *trace, const char *networks_dir, Audit *out, Err *err);
void audit_free(Audit *audit);

const char *verdict_name(VerdictKind kind); /* "exact", "agrees in Ki", "agrees in K", "rounding", "differs" */

#endif
