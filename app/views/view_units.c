/* view_units.c - the photos of a folder that excite the channels of a layer most, and all about one of them: its strongest photos, how
 * its maxima are spread, which classes they are of. */
#include "app/views/parts.h"
#include "app/views/views.h"

void view_units(Ui *ui, Session *session, ViewState *v, Rect area)
{
    const Model *m = &session->model;
    part_stage_title(ui, &area, model_text(m, STR_HELP_UNITS), model_text(m, STR_UNITS_NUMBERS));
    const float wants = view_wants_width(ui, session, area.w);
    if (wants > 0)
        view_wants(ui, session, v, rect_cut_right(&area, wants));
}
