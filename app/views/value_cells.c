/* value_cells.c - the card, cells and rows of the one-value view; see value_cells.h. */
#include "app/views/value_cells.h"
#include "app/views/value_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PAD = 14;

/* The one of the two that has the larger contrast to the ground. */
static Color ink_on(Color ground, Color a, Color b)
{
    const float l = color_luminance(ground) + 0.05f, la = color_luminance(a) + 0.05f, lb = color_luminance(b) + 0.05f;
    return fmaxf(l / la, la / l) >= fmaxf(l / lb, lb / l) ? a : b;
}

static void cell_with(Ui *ui, Rect r, float value, float reach, const char *text, bool faded)
{
    const Theme *t = ui->theme;
    const float share = reach > 0 ? fminf(fabsf(value) / reach, 1) : 0;
    const Color ground = color_mix(t->panel, value < 0 ? t->negative : t->positive, share * (faded ? 0.25f : 0.75f));
    ui_round(ui, rect_inset(r, 0.5f), 3, ground);
    const float size = fminf(fmaxf(t->size_caption, fminf(r.h * 0.36f, 16)), r.w / 4.2f);
    if (size < 8.4f)
        return;
    const Color ink = faded ? t->text_dim : ink_on(ground, t->text, t->panel);
    ui_text(ui, r, ui_style(FACE_MONO, size, ink), ALIGN_CENTER, text);
}

void value_bar(Ui *ui, Rect r, double value, double reach)
{
    const float middle = r.x + r.w / 2, w = reach > 0 ? (float)(fabs(value) / reach) * r.w / 2 : 0;
    ui_fill(ui, (Rect){middle, r.y - 2, 1, r.h + 4}, ui->theme->panel_edge);
    ui_fill(ui, (Rect){value < 0 ? middle - w : middle + 1, r.y, w, r.h}, value < 0 ? ui->theme->negative : ui->theme->positive);
}

void value_cell(Ui *ui, Rect r, float value, float reach, bool sign, bool faded)
{
    char text[NUM_MAX];
    cell_with(ui, r, value, reach, num_cell(text, value, sign), faded);
}

void value_integer_cell(Ui *ui, Rect r, int value, int reach, bool faded)
{
    char text[NUM_MAX];
    snprintf(text, sizeof text, value != 0 ? "%+d" : "%d", value);
    cell_with(ui, r, (float)value, (float)reach, text, faded);
}

void value_no_cell(Ui *ui, Rect r)
{
    ui_frame_round(ui, rect_inset(r, 1), 3, 1, ui->theme->panel_edge);
    ui_line(ui, r.x + 4, r.y + r.h - 4, r.x + r.w - 4, r.y + 4, 1, ui->theme->panel_edge);
}

Rect value_terms_card(Ui *ui, Rect r, const char *left, const char *right)
{
    ui_panel(ui, r);
    Rect in = rect_inset(r, PAD);
    in.y -= 6;
    in.h += 6;
    const TextStyle style = ui_style(FACE_BOLD, ui->theme->size_caption, ui->theme->text_dim);
    ui_pair(ui, rect_cut_top(&in, 22), style, left, style, right);
    rect_cut_top(&in, 4);
    return in;
}

void value_channel_label(Ui *ui, const Model *m, Rect r, int input, int channel)
{
    const Net *net = model_net(m);
    const Layer *in = &net->layers[input];
    char name[NET_NAME_MAX + 128];
    const char *slash;
    Color color = ui->theme->text;
    value_name(m, (Cursor){input, channel, -1, -1}, name, sizeof name);
    if (in->op == OP_CONCAT)
        color = ui->theme->branch_text[part_branch_of(&net->modules[in->module], channel)];
    slash = strchr(name, '/'); /* the module is in the title */
    ui_text(ui, r, ui_style(FACE_MONO, ui->theme->size_caption, color), ALIGN_LEFT, slash != NULL ? slash + 1 : name);
}

void value_unit_row(Ui *ui, Model *m, Rect *r, const Taken *t, Unit u, int index)
{
    const Net *net = model_net(m);
    char name[NET_NAME_MAX + 128], place[64], number[NUM_MAX], value[NUM_MAX + 32];
    const Rect row = rect_cut_top(r, VALUE_UNIT_ROW);
    value_name(m, (Cursor){u.layer, u.c, u.y, u.x}, name, sizeof name);
    snprintf(place, sizeof place, model_text(m, STR_YX), u.y, u.x);
    snprintf(value, sizeof value, "%s   %s", place, num_exact(number, t->maps[u.layer][at(net->layers[u.layer].out, 0, u.c, u.y, u.x)]));
    if (ui_hover(ui, row))
        ui_round(ui, row, 4, color_alpha(ui->theme->text, 0.06f));
    if (ui_click(ui, ui_id("unit", index), row)) {
        model_select(m, (Cursor){u.layer, u.c, u.y, u.x});
        model_view(m, VIEW_VALUE);
    }
    const TextStyle style = ui_style(FACE_MONO, ui->theme->size_small, part_layer_text(ui, &net->layers[u.layer]));
    ui_pair(ui, (Rect){row.x + 4, row.y, row.w - 8, row.h}, style, name, part_mono(ui), value);
}

/* ---- rows of the ledger -------------------------------------------------------------------------------------------------------------- */

static void line(Ui *ui, Rect *r)
{
    ui_fill(ui, (Rect){r->x, r->y + 3, r->w, 1}, ui->theme->panel_edge);
    rect_cut_top(r, 7);
}

void value_sum_row(Ui *ui, Rect *r, const char *left, float value)
{
    char number[NUM_MAX];
    line(ui, r);
    part_row_styled(ui, r, part_bold(ui), left, ui_style(FACE_MONO_BOLD, ui->theme->size_small, ui->theme->text), num_exact(number, value));
}

void value_step_rows(Ui *ui, const Model *m, Rect *r, const Taken *t, Str sum)
{
    const int n = m->term, all = t->e.term_count;
    char left[96], right[64], a[NUM_MAX];
    if (n < 1 || n > all)
        return;
    const Term *term = &t->terms[n - 1];
    const bool weighted = t->part_count > 0;
    const TextStyle words = part_colored(part_body(ui), ui->theme->branch_text[1]), number = part_colored(part_mono(ui), ui->theme->branch_text[1]);
    snprintf(left, sizeof left, model_text(m, weighted ? STR_AT_TERM : STR_AT_VALUE), n, all);
    if (weighted) {
        snprintf(right, sizeof right, "%.4g · %.4g", (double)term->in, (double)term->w);
        part_row_styled(ui, r, words, left, number, right);
        snprintf(left, sizeof left, "%s", model_text(m, STR_THIS_TERM));
    }
    part_row_styled(ui, r, words, left, number, num_exact(a, term->product));
    snprintf(left, sizeof left, model_text(m, sum), n, all);
    part_row_styled(ui, r, words, left, number, num_exact(a, term->sum));
}
