/* app.h - the program's interface as an App for app/ui's shell: the model, the views and their layout, in one object. */
#ifndef INCEPTOSCOPE_APP_H
#define INCEPTOSCOPE_APP_H

#include "app/model/model.h"
#include "app/ui/shell.h"

typedef struct Inceptoscope Inceptoscope;

/* Takes over what model_open takes over; options->wake is not used. NULL and a message on failure. */
Inceptoscope *inceptoscope_new(const ModelOptions *options, Err *err);
void inceptoscope_free(Inceptoscope *program);
Model *inceptoscope_model(Inceptoscope *program);
/* The hooks for shell_window and shell_headless; valid as long as the program. */
App inceptoscope_app(Inceptoscope *program);

#endif
