/* unit_panel.h - all about one channel's photos: the strongest ones, how the maxima are spread, the classes. For the view of units. */
#ifndef INCEPTOSCOPE_UNIT_PANEL_H
#define INCEPTOSCOPE_UNIT_PANEL_H

#include "app/views/parts.h"

/* shown: as the user names the channel; unit: where its values are (units_channel). */
void unit_panel(Ui *ui, Session *session, ViewState *v, Rect r, Cursor shown, Address unit);
/* A patch in the middle of a place, as large as fits; returns its rectangle. */
Rect unit_patch(Ui *ui, const Patch *patch, Rect place);

#endif
