/* settings.h - what outlasts the program: window size, language, theme, colour map, range, type size. One `key value` a line in
 * $XDG_CONFIG_HOME/inceptoscope/settings (~/.config where the variable is not set). */
#ifndef INCEPTOSCOPE_SETTINGS_H
#define INCEPTOSCOPE_SETTINGS_H

#include "app/model/model.h"

typedef struct Settings {
    int width, height;
    Look look;
    Screen screen;              /* fullscreen and blackout are not kept */
} Settings;

/* What a first start shows; the language follows LC_ALL, LC_MESSAGES, LANG. */
Settings settings_default(void);
/* Reads the file over *settings. A missing file is no error; a line that makes no sense is skipped, and the message names the
 * first one: false, and everything else was read. */
bool settings_load(Settings *settings, Err *err);
/* Makes the folder when it is missing. */
bool settings_save(const Settings *settings, Err *err);

#endif
