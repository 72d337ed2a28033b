/* audit_tried.h - the hypotheses of an audit, between audit_make.c and audit_tried.c. */
#ifndef INCEPTOSCOPE_AUDIT_TRIED_H
#define INCEPTOSCOPE_AUDIT_TRIED_H

#include "engine/net/audit.h"

/* All hypotheses of the described net, once its claims have been judged. */
bool audit_try_all(Audit *a, Err *err);

#endif
