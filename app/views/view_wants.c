/* view_wants.c - a picture that is made for one channel, beside the photos that excite it. */
#include "app/views/views.h"

float view_wants_width(Ui *ui, const Session *session, float width)
{
    (void)ui, (void)session, (void)width;
    return 0;
}

void view_wants(Ui *ui, Session *session, ViewState *v, Rect area)
{
    (void)ui, (void)session, (void)v, (void)area;
}
