/* settings.h - what the program keeps between runs: window size, language, theme, colour map, range, type size. One `key value`
 * per line in $XDG_CONFIG_HOME/inceptoscope/settings (~/.config where the variable is not set). */
#ifndef INCEPTOSCOPE_SETTINGS_H
#define INCEPTOSCOPE_SETTINGS_H

#include "app/model/model.h"

typedef struct Settings {
    int width, height;
    Look look;
    Screen screen;              /* fullscreen and blackout are not saved */
} Settings;

/* The settings of a first start; the language follows LC_ALL, LC_MESSAGES, LANG. */
Settings settings_default(void);
/* Reads the file over *settings. A missing file is no error. An invalid line is skipped; then it returns false, and the message
 * names the first one. */
bool settings_load(Settings *settings, Err *err);
/* Makes the folder if it is missing. */
bool settings_save(const Settings *settings, Err *err);

#endif
