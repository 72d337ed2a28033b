/* ledger_view.h - the pieces of the ledger's view: view_ledger.c has its tools and puts them together. The list of all printed numbers is
 * claims.h. */
#ifndef INCEPTOSCOPE_LEDGER_VIEW_H
#define INCEPTOSCOPE_LEDGER_VIEW_H

#include "app/views/claims.h"

/* What was pressed in this frame, done when the table that it changes is drawn. */
typedef struct LedgerPressed {
    int module;                 /* whose switch was pressed, or -1 */
    bool third, restore;
} LedgerPressed;

/* ---- ledger_table.c ---- */
void ledger_table(Ui *ui, Model *m, ViewState *v, Rect in, const LedgerShown *shown, int count, LedgerPressed *pressed);
/* A column's title; the source's name where one alone printed all of it. own: room for it. */
const char *ledger_column_title(const Model *m, LedgerColumn column, char *own, size_t size);

/* ---- ledger_detail.c ---- */
/* What the panel below the table says about the selected cell or claim. */
typedef struct LedgerDetail {
    ClaimText text;
    int layer;                  /* where it leads, or -1 */
    int claims;                 /* printed numbers about the selected row, in the table alone */
    const LedgerRow *module;    /* as it is, where it has switches, or NULL */
} LedgerDetail;

enum { LEDGER_DETAIL_BUTTONS = 190 }; /* their column's width */
/* False when nothing is selected. */
bool ledger_detail_of(const Model *m, const LedgerState *s, LedgerDetail *d);
/* With everything in it, from the width that its text has. */
float ledger_detail_height(Ui *ui, const LedgerDetail *d, float width);
void ledger_detail(Ui *ui, Model *m, ViewState *v, Rect r, const LedgerDetail *d, LedgerPressed *pressed);

#endif
