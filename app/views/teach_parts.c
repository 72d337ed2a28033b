/* teach_parts.c - what both halves of the view that teaches one's own classes draw; see teach_view.h. */
#include "app/views/teach_view.h"

void teach_thumb(Ui *ui, const Session *session, int picture, Rect r)
{
    const TeachLooks *looks = &session->teaching.looks;
    const TeachLook *look = picture < looks->count ? &looks->items[picture] : NULL; /* an old one too, until there is a new one */
    ui_round(ui, r, 3, ui->theme->tile_back);
    if (look != NULL && look->thumb.w > 0)
        ui_picture(ui, r, look->thumb.rgb, look->thumb.w, look->thumb.h, look->version, true);
    else if (look != NULL && look->problem != NULL)
        ui_text(ui, r, part_colored(part_bold(ui), ui->theme->bad), ALIGN_CENTER, "!");
}

const TeachAnswer *teach_answer(const Teaching *t, int picture)
{
    for (int i = 0; i < t->result.count; i++)
        if (t->result.answers[i].held && t->result.answers[i].picture == picture)
            return &t->result.answers[i];
    return NULL;
}
