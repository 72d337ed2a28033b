/* experiment.h - silences, scales and edits what is selected, for keys, sliders and typed text ("what if?"). The model owns the
 * changed weights (model_scale, model_edit_weight, model_restore), since everything is computed with them. Errors appear in the
 * status line. */
#ifndef INCEPTOSCOPE_EXPERIMENT_H
#define INCEPTOSCOPE_EXPERIMENT_H

#include "app/model/model.h"

void experiment_scale(Model *m, float scale);   /* the selected channel, 0 silenced .. 1 unchanged */
void experiment_silence(Model *m);              /* the selected channel, or the one pointed at; restores a silent one */
void experiment_silence_branch(Model *m);       /* all channels of the branch that is selected, pointed at or on the stage */
/* The same from typed text. False, and nothing changes, if it is not a number or out of range. */
bool experiment_scale_text(Model *m, const char *text);
bool experiment_edit_text(Model *m, size_t index, const char *text); /* one weight, by its index in the flat array */

#endif
