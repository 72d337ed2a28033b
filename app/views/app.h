/* app.h - the program's interface as an App for app/ui's shell: the session, the views and their layout, in one object. */
#ifndef INCEPTOSCOPE_APP_H
#define INCEPTOSCOPE_APP_H

#include "app/session/session.h"
#include "app/ui/shell.h"

typedef struct Inceptoscope Inceptoscope;

/* Takes over what session_open takes over; options->model.wake is not used. NULL and a message on failure. */
Inceptoscope *inceptoscope_new(const SessionOptions *options, Err *err);
void inceptoscope_free(Inceptoscope *program);
Session *inceptoscope_session(Inceptoscope *program);
/* The hooks for shell_window and shell_headless; valid as long as the program. */
App inceptoscope_app(Inceptoscope *program);

#endif
