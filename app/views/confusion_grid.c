/* confusion_grid.c - see confusion_grid.h. */
#include "app/views/confusion_grid.h"

#include <math.h>
#include <stdio.h>

enum { NAMED_MOST = 12 };
static const float NAMES = 20, CELL_MOST = 44;

static bool named(const ConfusionGrid *g)
{
    return g->classes <= NAMED_MOST;
}

/* The room for the labels' names, and the width of a cell. */
static float label_width(const ConfusionGrid *g, float width)
{
    return named(g) ? fminf(floorf(width * 0.24f), 96) : 0;
}

static float cell_width(const ConfusionGrid *g, float width)
{
    return floorf(fminf((width - label_width(g, width)) / (float)(g->classes + (g->others != NULL)), named(g) ? 76 : 26));
}

float confusion_grid_height(const ConfusionGrid *g, float width)
{
    return fminf(cell_width(g, width), CELL_MOST) * (float)g->classes + (named(g) ? NAMES : 0);
}

static bool cell(Ui *ui, Rect r, const ConfusionGrid *g, int label, int answer, int pictures)
{
    const Theme *t = ui->theme;
    const int count = g->count(g->user, label, answer);
    const float part = pictures > 0 ? (float)count / (float)pictures : 0;
    const Color ground = color_mix(t->tile_back, label == answer ? t->accent : t->bad, count > 0 ? 0.12f + 0.88f * sqrtf(part) : 0);
    char text[240], number[16];
    ui_fill(ui, r, ground);
    snprintf(number, sizeof number, "%d", count);
    if (count > 0 && ui_text_width(ui, part_small(ui), number) + 4 <= r.w && r.h >= 13)
        ui_text(ui, r, part_colored(part_small(ui), color_ink(ground)), ALIGN_CENTER, number);
    if (g->chosen && g->label == label && g->answer == answer)
        ui_frame(ui, r, 2, t->selection);
    g->text(g->user, label, answer, text, sizeof text);
    ui_item(ui, r, "cell", text);
    if (ui_hover(ui, r)) {
        ui_frame(ui, r, 1, t->text);
        ui_tooltip(ui, text);
    }
    return ui_click(ui, ui_id("confusion", label * (g->classes + 1) + answer + 1), r);
}

bool confusion_grid(Ui *ui, Rect r, const ConfusionGrid *g, int *label, int *answer)
{
    const int columns = g->classes + (g->others != NULL);
    const float names = label_width(g, r.w), top = named(g) ? NAMES : 0, w = cell_width(g, r.w), gap = w >= 8 ? 2 : 0;
    const float h = fminf(fminf(w, CELL_MOST), floorf((r.h - top) / (float)g->classes));
    bool clicked = false;
    char name[64];
    for (int k = 0; named(g) && k < columns; k++) {
        part_cut(ui, part_caption(ui), k < g->classes ? str_class(g->lang, g->names, g->classes, k) : g->others, w - 2, name, sizeof name);
        ui_text(ui, (Rect){r.x + names + w * (float)k, r.y, w - 2, top}, part_caption(ui), ALIGN_CENTER, name);
    }
    for (int row = 0; row < g->classes; row++) {
        const float y = r.y + top + h * (float)row;
        int pictures = 0;
        for (int k = 0; k < columns; k++)
            pictures += g->count(g->user, row, k < g->classes ? k : -1);
        if (named(g)) {
            part_cut(ui, part_caption(ui), str_class(g->lang, g->names, g->classes, row), names - 6, name, sizeof name);
            ui_text(ui, (Rect){r.x, y, names - 6, h}, part_caption(ui), ALIGN_LEFT, name);
        }
        for (int k = 0; k < columns; k++)
            if (cell(ui, (Rect){r.x + names + w * (float)k, y, w - gap, h - gap}, g, row, k < g->classes ? k : -1, pictures)) {
                clicked = true;
                *label = row;
                *answer = k < g->classes ? k : -1;
            }
    }
    return clicked;
}
