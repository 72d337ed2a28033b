/* app.h - the program's interface as an App for the shell of app/ui: session, views and layout in one object. */
#ifndef INCEPTOSCOPE_APP_H
#define INCEPTOSCOPE_APP_H

#include "app/session/session.h"
#include "app/ui/shell.h"

typedef struct Inceptoscope Inceptoscope;

/* Takes over the same options as session_open; options->model.wake is not used. NULL and a message on failure. */
Inceptoscope *inceptoscope_new(const SessionOptions *options, Err *err);
void inceptoscope_free(Inceptoscope *program);
Session *inceptoscope_session(Inceptoscope *program);
/* The App for shell_window and shell_headless; valid as long as the program. */
App inceptoscope_app(Inceptoscope *program);

#endif
