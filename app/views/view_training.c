/* view_training.c - trainings in the window: the curves of one, and beside them the list of those that there are, how to open another, and
 * how to begin one. */
#include "app/views/parts.h"
#include "app/views/views.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char command[] = "inceptoscope train DATA --checkpoint-dir run --out my.safetensors";
static const float LIST_W = 268, WIDE = 900, ROW = 44;

/* A history's name and folder; true when it is clicked. */
static bool history_row(Ui *ui, Rect r, int index, const char *path, bool shown)
{
    char name[96], folder[160] = "";
    const char *slash = strrchr(path, '/');
    if (shown)
        ui_round(ui, r, 5, ui->theme->accent_soft);
    else if (ui_hover(ui, r))
        ui_round(ui, r, 5, color_alpha(ui->theme->text, 0.05f));
    const bool clicked = ui_click(ui, ui_id("history", index), r);
    part_cut(ui, part_bold(ui), slash != NULL ? slash + 1 : path, r.w - 20, name, sizeof name);
    if (slash != NULL) {
        char whole[1200];
        snprintf(whole, sizeof whole, "%.*s", (int)(slash - path), path);
        part_cut(ui, part_caption(ui), whole, r.w - 20, folder, sizeof folder);
    }
    ui_text(ui, (Rect){r.x + 10, r.y + 4, r.w - 20, 18}, shown ? part_colored(part_bold(ui), ui->theme->accent) : part_body(ui), ALIGN_LEFT, name);
    ui_text(ui, (Rect){r.x + 10, r.y + 22, r.w - 20, 16}, part_caption(ui), ALIGN_LEFT, folder);
    ui_item(ui, r, "row", path);
    ui_tip(ui, r, TIP_BELOW, path);
    return clicked;
}

/* Opens a typed path with Enter. */
static void open_field(Ui *ui, Session *session, ViewState *v, Rect *r)
{
    const Model *m = &session->model;
    if (ui_field(ui, ui_id("history path", 0), rect_cut_top(r, 32), model_text(m, STR_TRAINING_PATH), v->history, sizeof v->history) && v->history[0] != '\0')
        session_open_path(session, v->history);
    rect_cut_top(r, 6);
    part_paragraph(ui, r, part_small(ui), model_text(m, STR_TRAINING_DROP));
}

static void how_to_begin(Ui *ui, Session *session, Rect *r)
{
    const Model *m = &session->model;
    part_heading(ui, r, model_text(m, STR_TRAINING_BEGIN));
    if (ui->in_page)
        part_paragraph(ui, r, part_body(ui), model_text(m, STR_TRAINING_DESKTOP));
    part_paragraph(ui, r, part_body(ui), model_text(m, STR_TRAINING_HOW));
    rect_cut_top(r, 6);
    part_paragraph(ui, r, part_mono(ui), command);
    rect_cut_top(r, 6);
    const char *copy = model_text(m, STR_TRAINING_COPY);
    Rect line = rect_cut_top(r, 26);
    if (ui_button(ui, ui_id("copy command", 0), rect_cut_left(&line, ui_button_width(ui, copy)), copy, BUTTON_PLAIN))
        session_copy(session, command);
    rect_cut_top(r, 8);
    if (!ui->in_page)
        part_paragraph(ui, r, part_small(ui), model_text(m, STR_TRAINING_THEN));
}

static void list(Ui *ui, Session *session, ViewState *v, Rect r)
{
    const Model *m = &session->model;
    const Trainings *t = &session->training;
    ui_panel(ui, r);
    Rect in = ui_column_begin(ui, ui_id("trainings", 0), rect_inset(r, 12), &v->scroll[SCROLL_EXTRA]);
    const float top = in.y;
    const char *chosen = NULL;
    part_heading(ui, &in, model_text(m, STR_TRAINING_FOUND));
    if (t->count == 0)
        part_paragraph(ui, &in, part_small(ui), model_text(m, STR_TRAINING_NONE));
    for (int i = 0; i < t->count; i++)
        if (history_row(ui, rect_cut_top(&in, ROW), i, t->paths[i], t->open && strcmp(t->paths[i], t->watch.history_file.path) == 0))
            chosen = t->paths[i];
    rect_cut_top(&in, 10);
    part_heading(ui, &in, model_text(m, STR_TRAINING_OPEN));
    open_field(ui, session, v, &in);
    rect_cut_top(&in, 14);
    how_to_begin(ui, session, &in);
    ui_column_end(ui, in.y - top + 4);
    if (chosen != NULL)
        session_open_path(session, chosen);
}

static void curves(Ui *ui, Session *session, ViewState *v, Rect r)
{
    const Model *m = &session->model;
    v->watch.watch = session_watch(session);
    v->watch.now = m->now;
    v->watch.inside = true;
    view_train(ui, &v->watch, r);
    ui_frame_later(ui, m->now + 1); /* its files may have grown */
}

/* In a small window the list or the curves, and a way from one to the other. */
void view_training(Ui *ui, Session *session, ViewState *v, Rect area)
{
    const Model *m = &session->model;
    const Trainings *t = &session->training;
    if (!t->open || area.w >= WIDE) {
        Rect left = t->open ? rect_cut_left(&area, LIST_W) : (Rect){area.x, area.y, fminf(area.w, 560), area.h};
        list(ui, session, v, left);
        rect_cut_left(&area, 12);
    } else {
        const char *back = model_text(m, STR_TRAINING_ALL);
        Rect line = rect_cut_top(&area, 30);
        if (ui_button(ui, ui_id("all trainings", 0), rect_inset(rect_cut_left(&line, ui_button_width(ui, back)), 1), back, BUTTON_PLAIN))
            session_leave_training(session);
    }
    if (t->open)
        curves(ui, session, v, area);
}
