/* claims.h - what others printed about the network, for the ledger and the inspector: the list of all of it, and why a verdict is what it is. */
#ifndef INCEPTOSCOPE_CLAIMS_H
#define INCEPTOSCOPE_CLAIMS_H

#include "app/views/parts.h"

/* "inception 3a" for "inception_3a"; other rows' names as they are. */
void claim_row(const char *row, char *out, size_t size);
Color claim_color(const Theme *t, VerdictKind kind);
/* How many are about a row of the network. */
int claims_of_row(const Audit *audit, int row);
/* "inception_4a · paper params 364K · differs: -0.7% in Ki", the formula, and the sentences of app/model/reason.h. */
typedef struct ClaimText {
    char title[512], formula[768], reason[2048];
} ClaimText;
void claim_text(const Model *m, const Audit *audit, const AuditLine *line, ClaimText *out);
/* The verdict and its reasons beside the pointer. */
void claim_tooltip(Ui *ui, const Model *m, const Audit *audit, const AuditLine *line);
/* Selects a cell of the ledger's table, which brings its row in sight. */
void ledger_select(LedgerState *s, int row, LedgerColumn column);
/* The list, with the search's text; a click selects. */
void claims_list(Ui *ui, Model *m, ViewState *v, Rect in);

#endif
