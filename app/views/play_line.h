/* play_line.h - the line of what plays, in the status line: that it runs, how far it is, how fast. */
#ifndef INCEPTOSCOPE_PLAY_LINE_H
#define INCEPTOSCOPE_PLAY_LINE_H

#include "app/views/view_state.h"

/* For something that plays or is paused. The line can be clicked and dragged to go elsewhere. */
void play_line(Ui *ui, Session *session, Rect r);

#endif
