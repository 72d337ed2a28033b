/* ledger_view.h - the parts of the ledger's view, for view_ledger.c, which has the tools above them. The list of all printed
 * numbers is in claims.h. */
#ifndef INCEPTOSCOPE_LEDGER_VIEW_H
#define INCEPTOSCOPE_LEDGER_VIEW_H

#include "app/views/claims.h"

/* What was pressed in this frame; it takes effect after the table is drawn. */
typedef struct LedgerPressed {
    int module;                 /* its switch was pressed, or -1 */
    bool third, restore;
} LedgerPressed;

/* ---- ledger_table.c ---- */
void ledger_table(Ui *ui, Model *m, ViewState *v, Rect in, const LedgerShown *shown, int count, LedgerPressed *pressed);
/* A column's title, or the source's name if one source printed all of it. own: buffer for the name. */
const char *ledger_column_title(const Model *m, LedgerColumn column, char *own, size_t size);

/* ---- ledger_detail.c ---- */
/* The content of the panel about the selected cell or claim. */
typedef struct LedgerDetail {
    ClaimText text;
    int layer;                  /* the button goes there; or -1 */
    int claims;                 /* number of claims about the selected row, in the table only */
    const LedgerRow *module;    /* its row, if it has switches; or NULL */
} LedgerDetail;

enum { LEDGER_DETAIL_BUTTONS = 190 }; /* their column's width */
/* False if nothing is selected. */
bool ledger_detail_of(const Model *m, const LedgerState *s, LedgerDetail *d);
/* The height of its whole content, for a text of this width. */
float ledger_detail_height(Ui *ui, const LedgerDetail *d, float width);
void ledger_detail(Ui *ui, Model *m, ViewState *v, Rect r, const LedgerDetail *d, LedgerPressed *pressed);

#endif
