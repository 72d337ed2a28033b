/* unit_panel.h - all about one channel's photos: the strongest ones, how the maxima are spread, the classes. For the view of units. */
#ifndef INCEPTOSCOPE_UNIT_PANEL_H
#define INCEPTOSCOPE_UNIT_PANEL_H

#include "app/views/parts.h"

/* shown: as the user names the channel; unit: where its values are (units_channel). */
void unit_panel(Ui *ui, Session *session, ViewState *v, Rect r, Cursor shown, Address unit);
/* An example's patch with its longer side of so many pixels, in the middle of a place, as large as fits. Returns its rectangle; w = 0: there
 * is none yet, or x->photo is -1, and the place is empty. */
Rect unit_patch(Ui *ui, Session *session, int layer, const Example *x, int pixels, Rect place);

#endif
