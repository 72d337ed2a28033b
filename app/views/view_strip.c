/* view_strip.c - the dark strip under the stage with the lesson's text, and the status line below it: the address of what is
 * seen, a message or what to do next, and the legend. */
#include "app/model/walk.h"
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float PAD = 20, CAPTION = 22, BUTTONS = 250, TEXT_MAX = 900;

static TextStyle strip_style(const Ui *ui)
{
    return ui_style(FACE_SANS, ui->theme->size_body + 2, ui->theme->strip_text);
}

static float text_width(float width)
{
    return fminf(width - 2 * PAD - BUTTONS, TEXT_MAX);
}

/* Everything that a step may say, what is still hidden included: the strip keeps its height when a question is answered. */
static float text_height(Ui *ui, const LessonStep *step, float width)
{
    const char *const texts[] = {step->say, step->ask, step->reveal};
    float h = 0;
    for (int i = 0; i < 3; i++)
        h += texts[i] != NULL ? ui_paragraph_height(ui, width, strip_style(ui), texts[i]) : 0;
    return h;
}

float view_strip_height(Ui *ui, const Model *m, float width)
{
    if (m->lesson.step_count == 0)
        return 0;
    return fmaxf(CAPTION + text_height(ui, &m->lesson.steps[m->lesson_step], text_width(width)) + 26, 92);
}

void view_strip(Ui *ui, Model *m, ViewState *v, Rect area)
{
    (void)v;
    const Theme *t = ui->theme;
    const LessonStep *step = &m->lesson.steps[m->lesson_step];
    const bool hidden = step->reveal != NULL && !m->lesson_revealed, last = m->lesson_step + 1 == m->lesson.step_count;
    ui_fill(ui, area, t->strip);
    Rect in = {area.x + PAD, area.y + 10, text_width(area.w), area.h - 16};
    char head[160];
    snprintf(head, sizeof head, model_text(m, STR_LESSON_STEP), m->lesson.number, m->lesson.title, m->lesson_step + 1, m->lesson.step_count);
    ui_text(ui, rect_cut_top(&in, CAPTION), ui_style(FACE_SANS, t->size_small, t->strip_dim), ALIGN_LEFT, head);
    const TextStyle style = strip_style(ui);
    if (step->say != NULL)
        rect_cut_top(&in, ui_paragraph(ui, in, style, step->say));
    if (step->ask != NULL)
        rect_cut_top(&in, ui_paragraph(ui, in, style, step->ask));
    if (step->reveal != NULL && m->lesson_revealed)
        ui_paragraph(ui, in, part_colored(style, color_mix(t->good, t->strip_text, 0.55f)), step->reveal);

    const char *next = model_text(m, hidden ? STR_REVEAL_BUTTON : last ? STR_DONE_BUTTON : STR_NEXT_BUTTON);
    const float next_w = ui_button_width(ui, next), back_w = ui_button_width(ui, model_text(m, STR_BACK_BUTTON));
    const float y = area.y + floorf(area.h / 2) - 15;
    const Rect next_r = {area.x + area.w - PAD - next_w, y, next_w, 30};
    if (ui_button(ui, next_r, next, BUTTON_PRIMARY))
        model_do(m, VERB_LESSON_NEXT);
    if (ui_button(ui, (Rect){next_r.x - 8 - back_w, y, back_w, 30}, model_text(m, STR_BACK_BUTTON), BUTTON_STRIP))
        model_do(m, VERB_LESSON_PREV);
    /* Progress: one dot a step. */
    const float pitch = fminf(12, (BUTTONS - 20) / (float)m->lesson.step_count);
    float x = next_r.x + next_w - pitch * (float)m->lesson.step_count;
    for (int i = 0; i < m->lesson.step_count; i++, x += pitch)
        ui_round(ui, (Rect){x, y + 40, 5, 5}, 2.5f, i <= m->lesson_step ? t->accent : color_alpha(t->strip_text, 0.25f));
}

/* ---- the status line --------------------------------------------------------------------------------------------------------------- */

static void legend(Ui *ui, const Model *m, Rect r)
{
    LayerMap map;
    const float *lo, *hi;
    float pair[2];
    int count;
    const int layer = part_focus(m).layer;
    if (!compute_map(m->compute, layer, &map))
        return;
    model_range(m, layer, &map, &lo, &hi, &count, pair);
    if (count > 1) { /* each map its own: the one in focus, or nothing to say */
        const int c = part_focus(m).channel;
        if (c < 0)
            return;
        ui_legend(ui, r, part_colormap(m, &map), lo[c], hi[c]);
        return;
    }
    ui_legend(ui, r, part_colormap(m, &map), lo[0], hi[0]);
}

static Str hints(const Model *m)
{
    if (m->view == VIEW_VALUE)
        return STR_HINTS_VALUE;
    return m->view == VIEW_STAGE && walk_is_module(model_net(m), m->at) ? STR_HINTS_MODULE : STR_HINTS;
}

void view_status(Ui *ui, Model *m, ViewState *v, Rect area)
{
    (void)v;
    const Theme *t = ui->theme;
    char address[192];
    ui_fill(ui, area, t->panel);
    ui_fill(ui, (Rect){area.x, area.y, area.w, 1}, t->panel_edge);
    Rect row = {area.x + 14, area.y + 1, area.w - 28, area.h - 1};
    if (m->view != VIEW_LEDGER && m->view != VIEW_FLOW && m->view != VIEW_CAM) { /* these have no maps in the chosen colours */
        legend(ui, m, rect_cut_right(&row, 250));
        rect_cut_right(&row, 16);
    }
    model_address(m, address, sizeof address);
    const TextStyle mono = ui_style(FACE_MONO, t->size_caption, t->text_dim);
    const float w = ui_text_width(ui, mono, address) + 4;
    const Rect place = {row.x, row.y, w, row.h};
    if (ui_click(ui, ui_id("address", 0), place))
        model_do(m, VERB_COPY_ADDRESS);
    ui_text(ui, rect_cut_left(&row, w), part_colored(mono, ui_hover(ui, place) ? t->text : t->text_dim), ALIGN_LEFT, address);
    ui_item(ui, place, "button", "address");
    rect_cut_left(&row, 18);
    if (m->loader != NULL) {
        char text[160];
        const char *slash = strrchr(loader_path(m->loader), '/');
        snprintf(text, sizeof text, model_text(m, STR_LOADING), slash != NULL ? slash + 1 : loader_path(m->loader));
        ui_text(ui, row, part_caption(ui), ALIGN_LEFT, text);
    } else if (m->status[0] != '\0' && m->now < m->status_until) {
        ui_text(ui, row, part_colored(part_caption(ui), m->status_bad ? t->bad : t->text), ALIGN_LEFT, m->status);
    } else if (m->lesson.step_count == 0) {
        const char *text = model_text(m, hints(m));
        if (ui_text_width(ui, part_caption(ui), text) > row.w)
            text = model_text(m, STR_HINTS_SHORT);
        ui_text(ui, row, part_colored(part_caption(ui), t->text_faint), ALIGN_LEFT, text);
    }
}
