/* watch_window.h - opens the window that watches a training; for `watch` and `train --watch`. */
#ifndef INCEPTOSCOPE_WATCH_WINDOW_H
#define INCEPTOSCOPE_WATCH_WINDOW_H

#include "app/ui/shell.h"
#include "app/views/watch_app.h"

/* path: a history file or the folder of a training. Runs until the window is closed, or headless if shell asks for a script, a
 * screenshot or a dump. Returns the exit status after printing what went wrong. */
int watch_window(const char *path, Lang lang, bool dark, ShellOptions *shell);

#endif
