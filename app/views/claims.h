/* claims.h - shows printed numbers about the network (claims) in the ledger and the inspector: the list, and the reasons of a
 * verdict. */
#ifndef INCEPTOSCOPE_CLAIMS_H
#define INCEPTOSCOPE_CLAIMS_H

#include "app/views/parts.h"

/* "inception 3a" for "inception_3a"; other rows keep their names. */
void claim_row(const char *row, char *out, size_t size);
Color claim_color(const Theme *t, VerdictKind kind);
/* The number of claims about a row of the network. */
int claims_of_row(const Audit *audit, int row);
/* "inception_4a · paper params 364K · differs: -0.7% in Ki", the formula, and the sentences of app/model/reason.h. */
typedef struct ClaimText {
    char title[512], formula[768], reason[2048];
} ClaimText;
void claim_text(const Model *m, const Audit *audit, const AuditLine *line, ClaimText *out);
/* Shows the verdict and its reasons beside the pointer. */
void claim_tooltip(Ui *ui, const Model *m, const Audit *audit, const AuditLine *line);
/* Selects a cell of the ledger's table and scrolls its row into view. */
void ledger_select(LedgerState *s, int row, LedgerColumn column);
/* The list, filtered by the search text; a click selects. */
void claims_list(Ui *ui, Model *m, ViewState *v, Rect in);

#endif
