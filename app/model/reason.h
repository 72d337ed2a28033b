/* reason.h - writes verdicts on printed numbers, and the reasons for them, in the program's languages. The command line, the
 * ledger and the inspector use the same sentences. */
#ifndef INCEPTOSCOPE_REASON_H
#define INCEPTOSCOPE_REASON_H

#include "app/model/strings.h"
#include "engine/net/audit.h"

enum { REASON_MAX = 2048 };

/* "agrees in Ki, with biases", "differs: -70.6% in Ki". */
void reason_verdict(Lang lang, const AuditLine *line, char *out, size_t size);
/* The same in few words, for a narrow column: "Ki · 1000 classes", "differs -70.6%". */
void reason_short(Lang lang, const Audit *audit, const AuditLine *line, char *out, size_t size);
/* "paper", "论文"; a name is not translated. */
const char *reason_source(Lang lang, const char *source);
/* "params", "参数量"; an expression is not translated. */
void reason_what(Lang lang, const char *what, char *out, size_t size);
/* The reasons, one sentence per line, without the formula: what the network gives here, how the source counts, remarks. With
 * `tried`, also what the hypotheses about its row give if it disagrees. "" for most lines. */
void reason_text(Lang lang, const Audit *audit, const AuditLine *line, bool tried, char *out, size_t size);
/* "51 exact, 4 agrees in Ki, 12 agrees in M, 9 differs": for one source, or for all if it is NULL. */
void reason_sum(Lang lang, const Audit *audit, const char *source, char *out, size_t size);
/* One hypothesis. */
void reason_tried(Lang lang, const Audit *audit, const Tried *tried, char *out, size_t size);

#endif
