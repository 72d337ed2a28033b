/* view_hand_in.c - the card with which the answers of a lesson are handed in: how they stand, and a name for those who want one. */
#include "app/session/hand_in.h"
#include "app/views/overlay.h"
#include "app/views/views.h"

#include <stdio.h>

void view_hand_in(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    LessonResults results;
    char text[160];
    if (v->overlay_was != OVERLAY_HAND_IN) {
        v->query[0] = '\0';
        ui_field_focus(ui, ui_id("hand in", 0));
    }
    Rect in = overlay_dialog(ui, m, 520, 244, model_text(m, STR_HAND_IN_TITLE));
    if (hand_in_results(&session->classroom, m->screen.lang, "", &results)) {
        snprintf(text, sizeof text, model_text(m, STR_HAND_IN_SAYS), lesson_results_count(&results, OUTCOME_RIGHT), lesson_results_count(&results, OUTCOME_WRONG),
                 lesson_results_count(&results, OUTCOME_SHOWN), lesson_results_count(&results, OUTCOME_OPEN));
        part_paragraph(ui, &in, part_body(ui), text);
    }
    lesson_results_free(&results);
    rect_cut_top(&in, 8);
    bool save = ui_field(ui, ui_id("hand in", 0), rect_cut_top(&in, 36), model_text(m, STR_HAND_IN_NAME), v->query, sizeof v->query);
    rect_cut_top(&in, 8);
    part_paragraph(ui, &in, part_small(ui), model_text(m, STR_HAND_IN_FILE));
    rect_cut_top(&in, 12);
    const char *words = model_text(m, STR_HAND_IN_SAVE);
    const Rect button = {in.x, in.y, ui_button_width(ui, words), 30};
    save = ui_button(ui, ui_id("hand in save", 0), button, words, BUTTON_PRIMARY) || save;
    overlay_end(ui);
    if (save) {
        session_hand_in(session, v->query);
        ui->want_frame = true;
    }
}
