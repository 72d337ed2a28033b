/* script.h - runs a file of actions as if a user were at the window, for tests and pictures. */
#ifndef INCEPTOSCOPE_SCRIPT_H
#define INCEPTOSCOPE_SCRIPT_H

#include "app/ui/offscreen.h"

/* The file has one action per line, see the table in script.c. Empty lines and lines that begin with # are skipped. False and
 * "path:line: why" at the first action that fails. */
bool script_run(Offscreen *o, const char *path, Err *err);

#endif
