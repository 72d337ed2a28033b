/* experiment.h - what if?: silencing, scaling and editing what is selected, as keys, sliders and typed text ask for it. The changed weights
 * themselves are the model's (model_scale, model_edit_weight, model_restore), since everything is computed with them. What cannot be
 * done is said in the status line. */
#ifndef INCEPTOSCOPE_EXPERIMENT_H
#define INCEPTOSCOPE_EXPERIMENT_H

#include "app/model/model.h"

void experiment_scale(Model *m, float scale);   /* the selected channel, 0 silenced .. 1 as it was */
void experiment_silence(Model *m);              /* the selected channel, or the one pointed at; a silent one comes back */
void experiment_silence_branch(Model *m);       /* all channels of the branch that is selected, pointed at or on the stage */
/* The same from what was typed. What is no number or out of range changes nothing: false. */
bool experiment_scale_text(Model *m, const char *text);
bool experiment_edit_text(Model *m, size_t index, const char *text); /* one weight, by its place in the flat array */

#endif
