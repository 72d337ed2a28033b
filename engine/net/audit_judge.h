/* audit_judge.h - judges one claim on a stretch of layers: a row, the main path, or an altered row. Only audit_*.c include
 * this. */
#ifndef INCEPTOSCOPE_AUDIT_JUDGE_H
#define INCEPTOSCOPE_AUDIT_JUDGE_H

#include "engine/net/audit.h"

#include <string.h>

/* Layers of a network: a row, the main path, or an altered row. */
typedef struct Stretch {
    const Trace *trace;
    const char *networks_dir;
    int first, last;
} Stretch;

/* The layers of a row of the net; row -1: of its main path. */
Stretch audit_stretch(const Trace *trace, const char *networks_dir, int row);
static inline ExprScope audit_scope(const Stretch *s) { return (ExprScope){.trace = s->trace, .networks_dir = s->networks_dir}; }
static inline bool claim_is(const Claim *claim, const char *what) { return strcmp(claim->what, what) == 0; }

/* Which of NUMBER_1X1 to NUMBER_POOL_PROJ a claim is about, or -1. */
int audit_column(const char *what);
/* Fills verdict, value and counts of a line whose claim and printed are set. */
bool audit_judge(AuditLine *line, const Stretch *s, Err *err);

#endif
