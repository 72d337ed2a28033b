/* input_stage.h - the stage of the network's input: how the picture becomes numbers. */
#ifndef INCEPTOSCOPE_INPUT_STAGE_H
#define INCEPTOSCOPE_INPUT_STAGE_H

#include "app/views/view_state.h"

void input_stage(Ui *ui, Model *m, ViewState *v, Rect area);

#endif
