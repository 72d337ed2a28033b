/* why.c - shared parts of the views that show why a class was chosen; see why.h. */
#include "app/views/why.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void why_title(Ui *ui, Model *m, Rect *area, const char *title, const char *says)
{
    static const struct { ViewKind view; Str name; } views[] = {{VIEW_OCCLUSION, STR_WHY_COVERED}, {VIEW_CAM, STR_WHY_MAP}, {VIEW_SHARE, STR_WHY_SHARE}};
    Rect row = {area->x, area->y, area->w, 34}, rest = *area;
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) { /* from the right */
        const char *name = model_text(m, views[i].name);
        const Rect place = rect_cut_right(&row, ui_text_width(ui, part_bold(ui), name) + 20);
        if (ui_choice(ui, ui_id("why view", (int)i), place, name, m->view == views[i].view))
            model_explain(m, views[i].view);
    }
    rest.w = row.w - 12;
    char text[320];
    const bool means = source_trained(&m->source->source, 0);
    snprintf(text, sizeof text, "%s%s%s", means ? "" : model_text(m, STR_NO_MEANING), means ? "" : " · ", says);
    part_stage_title(ui, &rest, title, text);
    rect_cut_top(area, rest.y - area->y);
}

float why_side_width(float whole)
{
    return fminf(fmaxf(whole * 0.23f, 210), 300);
}

Color why_color(float value, float reach)
{
    const float share = reach > 0 ? fminf(fabsf(value) / reach, 1) : 0;
    return color_alpha(colormap_color(MAP_SIGNED, value < 0 ? -reach : reach, -reach, reach), 0.8f * share);
}

void why_map(Ui *ui, Rect place, const float *map, int rows, int columns, float reach)
{
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++) {
            const float value = map[y * columns + x];
            const Rect cell = rect_cell(place, rows, columns, y, x);
            ui_fill(ui, cell, why_color(value, reach));
            if (ui_hover(ui, cell)) {
                char text[64];
                snprintf(text, sizeof text, "(%d, %d)  %.4g", y, x, (double)value);
                ui_frame(ui, cell, 2, 0xffffffff);
                ui_tooltip(ui, text);
            }
        }
}

void why_sum_text(double a, double b, char *out, size_t size)
{
    int decimals = 3;
    double unit = 1000;
    while (decimals < 6 && llround(a * unit) + llround(b * unit) != llround((a + b) * unit)) {
        decimals++;
        unit *= 10;
    }
    snprintf(out, size, "%.*f %s %.*f = %.*f", decimals, a, b < 0 ? "−" : "+", decimals, fabs(b), decimals, a + b);
}

void why_legend(Ui *ui, const Model *m, Rect *r, int class_index, const WhyScale *scale, Str what)
{
    char name[96], whole[96], owner[96], number[NUM_MAX], low[192], high[192], text[320], lo[NUM_MAX], hi[NUM_MAX];
    part_class_name(m, class_index, whole, sizeof whole);
    part_cut(ui, part_mono(ui), whole, fminf(r->w, 520) * 0.2f, name, sizeof name); /* both ends, and the bar needs room too */
    part_class_name(m, scale->owner, owner, sizeof owner);
    snprintf(low, sizeof low, model_text(m, STR_WHY_AGAINST), name, num_value(number, -(double)scale->reach));
    snprintf(high, sizeof high, model_text(m, STR_WHY_FOR), num_value(number, (double)scale->reach), name);
    Rect row = rect_cut_top(r, 22);
    if (ui_text_width(ui, part_caption(ui), low) + ui_text_width(ui, part_caption(ui), high) + 110 > row.w) { /* only the numbers, so that there is a bar */
        num_value(low, -(double)scale->reach);
        num_value(high, (double)scale->reach);
    }
    ui_legend(ui, (Rect){row.x, row.y + 2, fminf(row.w, 520), 18}, MAP_SIGNED, look_map_name(LOOK_SIGNED), -scale->reach, scale->reach, low, high);
    snprintf(text, sizeof text, model_text(m, what), num_value(lo, (double)scale->lo), num_value(hi, (double)scale->hi));
    if (scale->hi > scale->reach || scale->lo < -scale->reach)
        snprintf(text + strlen(text), sizeof text - strlen(text), model_text(m, STR_WHY_CLIPPED), owner);
    else if (scale->owner != class_index)
        snprintf(text + strlen(text), sizeof text - strlen(text), model_text(m, STR_WHY_SCALE), owner);
    part_text_fit(ui, rect_cut_top(r, 18), part_caption(ui), text);
}

int why_class_list(Ui *ui, Model *m, ViewState *v, Rect in, Str heading, int chosen)
{
    enum { TOP = 30 };
    Guess top[TOP];
    const bool many = net_scores(model_net(m), 0) > TOP;
    const char *hint = model_text(m, STR_CAM_FIND);
    int picked = -1;
    part_heading(ui, &in, model_text(m, heading));
    const bool entered = many && ui_field(ui, ui_id("find class", 0), rect_cut_top(&in, 28), hint, v->class_query, sizeof v->class_query);
    const int count = v->class_query[0] != '\0' ? model_find_classes(m, v->class_query, top, TOP) : model_top_with(m, chosen, top, TOP);
    if (many)
        rect_cut_top(&in, 6);
    if (entered && count > 0) {
        picked = top[0].index;
        v->class_query[0] = '\0';
        ui_field_focus(ui, 0);
        ui->want_frame = true;
    }
    if (count == 0 && v->class_query[0] != '\0') {
        char text[128];
        snprintf(text, sizeof text, model_text(m, STR_CAM_NONE), v->class_query);
        part_paragraph(ui, &in, part_small(ui), text);
    }
    Rect body = ui_scroll_begin(ui, ui_id("cam classes", 0), in, &v->scroll[SCROLL_VALUE], 27 * (float)count);
    for (int i = 0; i < count; i++) {
        const Rect row = rect_cut_top(&body, 27);
        char whole[96], name[96], percent[NUM_MAX];
        const bool here = top[i].index == chosen;
        part_class_name(m, top[i].index, whole, sizeof whole);
        num_probability(percent, (double)top[i].prob);
        part_cut(ui, here ? part_bold(ui) : part_body(ui), whole, row.w - 30 - ui_text_width(ui, part_mono(ui), percent), name, sizeof name);
        if (here)
            ui_round(ui, row, 5, ui->theme->accent_soft);
        else if (ui_hover(ui, row))
            ui_round(ui, row, 5, color_alpha(ui->theme->text, 0.05f));
        if (ui_click(ui, ui_id("cam class", top[i].index), row)) {
            picked = top[i].index;
            ui->want_frame = true;
        }
        ui_pair(ui, (Rect){row.x + 8, row.y, row.w - 16, row.h}, part_means(ui, m, here ? part_bold(ui) : part_body(ui)), name,
                part_means(ui, m, part_mono(ui)), percent);
        ui_item(ui, row, "row", whole);
    }
    ui_scroll_end(ui);
    return picked;
}

void why_classes(Ui *ui, Model *m, ViewState *v, Rect r, int chosen)
{
    const int picked = why_class_list(ui, m, v, part_panel(ui, r), STR_CAM_PICK, chosen);
    if (picked >= 0)
        model_choose_class(m, picked);
}
