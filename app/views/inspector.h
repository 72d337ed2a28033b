/* inspector.h - the two halves of the column at the right; each cuts its rows off r. */
#ifndef INCEPTOSCOPE_INSPECTOR_H
#define INCEPTOSCOPE_INSPECTOR_H

#include "app/views/parts.h"

void inspector_stage(Ui *ui, Session *session, ViewState *v, Rect *r); /* what is on the stage */
void inspector_focus(Ui *ui, Session *session, ViewState *v, Rect *r); /* what is under the pointer, or selected */

#endif
