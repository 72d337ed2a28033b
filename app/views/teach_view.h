/* teach_view.h - the two halves of the view that teaches one's own classes. */
#ifndef INCEPTOSCOPE_TEACH_VIEW_H
#define INCEPTOSCOPE_TEACH_VIEW_H

#include "app/views/parts.h"

/* The classes with their pictures. Returns the one under the pointer, or -1. */
int teach_bins_part(Ui *ui, Session *session, ViewState *v, Rect r);
/* What was learnt: the judged picture, right and wrong, curves. */
void teach_results_part(Ui *ui, Session *session, ViewState *v, Rect r);
/* teach_parts.c: the small picture of a picture in a bin, fitted into r; nothing if there is none yet. */
void teach_thumb(Ui *ui, const Session *session, int picture, Rect r);
/* What the taught network says of a held-out picture; NULL: it is none. */
const TeachAnswer *teach_answer(const Teaching *t, int picture);

#endif
