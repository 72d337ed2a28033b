/* reason.h - verdicts on printed numbers, and why they are what they are, in the program's languages. The command line, the ledger and the
 * inspector say the same. */
#ifndef INCEPTOSCOPE_REASON_H
#define INCEPTOSCOPE_REASON_H

#include "app/model/strings.h"
#include "engine/net/audit.h"

enum { REASON_MAX = 2048 };

/* "agrees in Ki, with biases", "differs: -70.6% in Ki". */
void reason_verdict(Lang lang, const AuditLine *line, char *out, size_t size);
/* The same in few words, for a narrow column: "Ki · 1000 classes", "differs -70.6%". */
void reason_short(Lang lang, const Audit *audit, const AuditLine *line, char *out, size_t size);
/* "paper", "论文"; a name as it is. */
const char *reason_source(Lang lang, const char *source);
/* "params", "参数量"; an expression as it is. */
void reason_what(Lang lang, const char *what, char *out, size_t size);
/* Why, one sentence a line, without the formula: what the network gives here, how the source counts, remarks; `tried`: also what the
 * hypotheses about its row give, where it disagrees. "" for most. */
void reason_text(Lang lang, const Audit *audit, const AuditLine *line, bool tried, char *out, size_t size);
/* "51 exact, 4 agrees in Ki, 12 agrees in M, 9 differs": of one source, or with NULL of all. */
void reason_sum(Lang lang, const Audit *audit, const char *source, char *out, size_t size);
/* One hypothesis. */
void reason_tried(Lang lang, const Audit *audit, const Tried *tried, char *out, size_t size);

#endif
