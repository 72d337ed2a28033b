/* view_ledger.c - the whole network as a table (key L): tools above, the table (ledger_table.c) or the list of printed numbers
 * (view_claims.c), and the panel about the selection (ledger_detail.c). All content comes from engine/net/ledger.h. */
#include "app/session/save.h"
#include "app/views/ledger_view.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* One of the words above the table. It has a border, so that it looks like a button even if it is not chosen. */
static bool pill(Ui *ui, uint64_t id, Rect *r, const char *label, bool chosen)
{
    const Rect place = rect_cut_right(r, ui_button_width(ui, label));
    const bool pressed = ui_choice(ui, id, place, label, chosen);
    ui_frame_round(ui, place, 10, 1, chosen ? ui->theme->accent : ui->theme->panel_edge);
    rect_cut_right(r, 8);
    return pressed;
}

static const char *share_title(const Model *m, LedgerColumn column, char *out, size_t size)
{
    char own[64];
    snprintf(out, size, model_text(m, STR_COL_SHARE), ledger_column_title(m, column, own, sizeof own));
    return out;
}

static void tools(Ui *ui, Model *m, ViewState *v, Rect r, const LedgerShown *shown, int count)
{
    LedgerState *s = &v->ledger;
    const int claims = model_ledger(m)->audit.count;
    char text[96];
    if (!s->claims) {
        const char *csv = model_text(m, STR_LEDGER_CSV);
        if (ui_button(ui, ui_id("save csv", 0), rect_cut_right(&r, ui_button_width(ui, csv)), csv, BUTTON_PLAIN)) {
            char *table = ledger_csv(model_ledger(m), shown, count);
            if (table != NULL)
                save_text(m, "inceptoscope-ledger", ".csv", table);
            free(table);
        }
        rect_cut_right(&r, 8);
        if (model_net(m)->head_count > 1 && pill(ui, ui_id("ledger heads", 0), &r, model_text(m, STR_LEDGER_HEADS), s->heads))
            s->heads = !s->heads;
        if (pill(ui, ui_id("ledger fold", 0), &r, model_text(m, STR_LEDGER_FOLD), s->open[LEDGER_OPEN_MAX])) {
            s->open[LEDGER_OPEN_MAX] = !s->open[LEDGER_OPEN_MAX];
            for (int i = 0; i < LEDGER_OPEN_MAX; i++)
                s->open[i] = s->open[LEDGER_OPEN_MAX];
        }
        if (pill(ui, ui_id("ledger share", 0), &r, share_title(m, s->share, text, sizeof text), true))
            s->share = s->share == LEDGER_WEIGHTS ? LEDGER_MACS : s->share == LEDGER_MACS ? LEDGER_BYTES : LEDGER_WEIGHTS;
    }
    snprintf(text, sizeof text, model_text(m, STR_LEDGER_CLAIMS), claims);
    if (claims > 0 && pill(ui, ui_id("ledger claims", 0), &r, text, s->claims)) {
        s->claims = !s->claims;
        s->query[0] = '\0';
        v->scroll[SCROLL_LIST].offset = 0;
        ui->want_frame = true;
    }
    ui_field(ui, ui_id("ledger search", 0), rect_cut_left(&r, fminf(r.w, 260)), model_text(m, s->claims ? STR_LEDGER_CLAIMS_FIND : STR_LEDGER_SEARCH), s->query, sizeof s->query);
}

void view_ledger(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    LedgerState *s = &v->ledger;
    const Ledger *ledger = model_ledger(m);
    if (s->share == LEDGER_NAME)
        s->share = LEDGER_WEIGHTS;
    LedgerShown *shown = view_scratch(v, (size_t)ledger->count * sizeof *shown);
    part_stage_title(ui, &area, model_text(m, STR_LEDGER_TITLE), model_text(m, STR_LEDGER_SAYS));
    if (shown == NULL)
        return;
    const LedgerView view = {.sort = s->sort, .descending = s->descending, .share = s->share, .heads = s->heads,
                             .open = ledger->count <= LEDGER_OPEN_MAX ? s->open : NULL, .search = s->query};
    const int count = ledger_arrange(ledger, &view, shown);
    if (s->row >= ledger->count)
        s->row = -1;
    if (ledger->audit.count == 0)
        s->claims = false;
    if (s->at != m->at) {
        s->at = m->at;
        s->follow = 2;
        v->scroll[SCROLL_LIST].offset = 0; /* where the row is then depends on nothing that was scrolled before */
    }
    LedgerPressed pressed = {.module = -1};
    LedgerDetail d;
    rect_cut_top(&area, 6);
    tools(ui, m, v, rect_cut_top(&area, 30), shown, count);
    rect_cut_top(&area, 10);
    if (ledger_detail_of(m, s, &d)) {
        ledger_detail(ui, m, v, rect_cut_bottom(&area, fminf(ledger_detail_height(ui, &d, area.w - 36 - LEDGER_DETAIL_BUTTONS), floorf(area.h * 0.45f))), &d, &pressed);
        rect_cut_bottom(&area, 10);
    }
    ui_panel(ui, area);
    if (s->claims)
        claims_list(ui, m, v, rect_inset(area, 6));
    else
        ledger_table(ui, m, v, rect_inset(area, 6), shown, count, &pressed);
    if (pressed.module >= 0)
        model_switch(m, pressed.module, pressed.third);
    if (pressed.restore)
        model_do(m, VERB_RESTORE);
    if (pressed.module >= 0 || pressed.restore)
        ui->want_frame = true;
}
