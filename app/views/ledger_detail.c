/* ledger_detail.c - the panel below the ledger's table: the text of the selected cell or claim, a button to its layer, and a
 * module's switches. See ledger_view.h. */
#include "app/model/phrases.h"
#include "app/views/ledger_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A track with a knob and its label. Returns its width; sets *pressed if it was pressed. */
static float toggle(Ui *ui, Rect r, uint64_t id, const char *label, bool on, bool *pressed)
{
    const Theme *t = ui->theme;
    const float w = 34 + 8 + ui_text_width(ui, part_body(ui), label) + 4;
    const Rect all = {r.x, r.y, w, r.h}, track = {r.x, r.y + r.h / 2 - 9, 34, 18};
    const bool over = ui_hover(ui, all);
    *pressed = *pressed || ui_click(ui, id, all);
    ui_round(ui, track, 9, on ? t->accent : color_mix(t->panel_edge, t->text_dim, over ? 0.45f : 0.25f));
    ui_round(ui, (Rect){on ? track.x + 18 : track.x + 2, track.y + 2, 14, 14}, 7, on ? t->accent_text : t->panel);
    ui_text(ui, (Rect){r.x + 42, r.y, w - 42, r.h}, part_body(ui), ALIGN_LEFT, label);
    ui_item(ui, all, "switch", label);
    return w;
}

/* A module's two switches, each with the costs of the module if only this one is set. */
static void switches(Ui *ui, const Model *m, Rect r, const LedgerRow *plain, LedgerPressed *pressed)
{
    static const struct { Str name; ModuleSwitch change; } both[] = {{STR_SWITCH_NAIVE, {.without_reductions = true}}, {STR_SWITCH_THIRD, {.third_3x3 = true}}};
    for (int i = 0; i < 2; i++) {
        const Counts counts = trace_module_switched(model_net(m), plain->module, both[i].change);
        char text[96], weights[NUM_MAX];
        bool on = false;
        if (r.w < 200)
            return;
        rect_cut_left(&r, toggle(ui, r, ui_id("module switch", 2 * plain->module + i), model_text(m, both[i].name),
                                 switched_in(&m->switched, model_net(m), plain->module, i == 1), &on) + 8);
        if (on)
            *pressed = (LedgerPressed){.module = plain->module, .third = i == 1};
        snprintf(text, sizeof text, model_text(m, STR_SWITCH_COST), num_count(weights, counts.weights), (double)counts.weights / (double)plain->counts.weights);
        rect_cut_left(&r, part_text_fit(ui, r, part_small(ui), text) + 28);
    }
}

bool ledger_detail_of(const Model *m, const LedgerState *s, LedgerDetail *d)
{
    const Ledger *ledger = model_ledger(m);
    *d = (LedgerDetail){.layer = -1};
    if (s->claims) {
        if (s->claim <= 0 || s->claim > ledger->audit.count)
            return false;
        const AuditLine *line = &ledger->audit.lines[s->claim - 1];
        claim_text(m, &ledger->audit, line, &d->text);
        d->layer = line->row_index >= 0 ? model_net(m)->rows[line->row_index].last : -1;
        return true;
    }
    if (s->row < 0)
        return false;
    const LedgerRow *row = &ledger->rows[s->row];
    const AuditLine *line = ledger_claim(ledger, s->row, s->column);
    const Phrases phrases = phrases_in(m->screen.lang);
    char own[64];
    d->layer = m->ledger.rows[s->row].layer;
    if (row->parent < 0)
        d->claims = claims_of_row(&ledger->audit, model_net(m)->layers[d->layer].row);
    if (line != NULL) {
        claim_text(m, &ledger->audit, line, &d->text);
    } else {
        char name[NET_NAME_MAX];
        claim_row(row->name, name, sizeof name);
        snprintf(d->text.title, sizeof d->text.title, "%s · %s", name, ledger_column_title(m, s->column, own, sizeof own));
        ledger_formula(ledger, s->row, s->column, &phrases, d->text.formula, sizeof d->text.formula);
    }
    if (row->module >= 0 && row->parent < 0)
        d->module = &m->ledger.rows[s->row];
    return true;
}

float ledger_detail_height(Ui *ui, const LedgerDetail *d, float width)
{
    const Theme *t = ui->theme;
    float h = 24 + 22;
    if (d->text.formula[0] != '\0')
        h += ui_paragraph_height(ui, width, ui_style(FACE_MONO, t->size_small, t->text), d->text.formula) + 2;
    if (d->text.reason[0] != '\0')
        h += ui_paragraph_height(ui, width, part_body(ui), d->text.reason) + 6;
    return fmaxf(h, 24 + 2 * 34) + (d->module != NULL ? 34 : 0);
}

void ledger_detail(Ui *ui, Model *m, ViewState *v, Rect r, const LedgerDetail *d, LedgerPressed *pressed)
{
    LedgerState *s = &v->ledger;
    char text[96];
    ui_panel(ui, r);
    Rect in = rect_inset(r, 12);
    if (d->module != NULL) {
        switches(ui, m, rect_cut_bottom(&in, 28), d->module, pressed);
        rect_cut_bottom(&in, 6);
    }
    Rect buttons = rect_cut_right(&in, LEDGER_DETAIL_BUTTONS);
    in.w -= 12;
    if (d->layer >= 0 && ui_button(ui, ui_id("go to layer", 0), rect_cut_top(&buttons, 28), model_text(m, STR_GO_TO_LAYER), BUTTON_PLAIN))
        model_go(m, d->layer);
    rect_cut_top(&buttons, 6);
    snprintf(text, sizeof text, model_text(m, STR_LEDGER_ITS_CLAIMS), d->claims);
    if (d->claims > 0 && ui_button(ui, ui_id("its claims", 0), rect_cut_top(&buttons, 28), text, BUTTON_PLAIN)) {
        s->claims = true;
        s->claim = 0;
        v->scroll[SCROLL_LIST].offset = 0;
        claim_row(model_net(m)->rows[model_net(m)->layers[d->layer].row].name, s->query, sizeof s->query);
        ui->want_frame = true;
    }
    const float content = ledger_detail_height(ui, d, in.w) - 24 - (d->module != NULL ? 34 : 0);
    Rect body = ui_scroll_begin(ui, ui_id("ledger detail", 0), (Rect){in.x, in.y, in.w + 10, in.h}, &v->scroll[SCROLL_EXTRA], content);
    body.w = in.w;
    ui_text(ui, rect_cut_top(&body, 22), part_bold(ui), ALIGN_LEFT, d->text.title);
    if (d->text.formula[0] != '\0')
        part_paragraph(ui, &body, ui_style(FACE_MONO, ui->theme->size_small, ui->theme->text), d->text.formula);
    if (d->text.reason[0] != '\0')
        part_paragraph(ui, &body, part_body(ui), d->text.reason);
    ui_scroll_end(ui);
    if (ui_hover(ui, r))
        part_pressed(ui); /* a click into the text must not leave the view */
}
