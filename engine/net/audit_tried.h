/* audit_tried.h - tries the hypotheses of an audit. Only audit_make.c calls this, after it has judged the claims. */
#ifndef INCEPTOSCOPE_AUDIT_TRIED_H
#define INCEPTOSCOPE_AUDIT_TRIED_H

#include "engine/net/audit.h"

/* Tries all hypotheses of the described net. Its claims must have been judged. */
bool audit_try_all(Audit *a, Err *err);

#endif
