/* recent.h - the files opened last: $XDG_STATE_HOME/inceptoscope/recent (~/.local/state where the variable is not set), one path a
 * line, the newest first. */
#ifndef INCEPTOSCOPE_RECENT_H
#define INCEPTOSCOPE_RECENT_H

#include <stdbool.h>

enum { RECENT_MAX = 8, RECENT_PATH = 1024 };

typedef struct Recent {
    char paths[RECENT_MAX][RECENT_PATH];
    int count;
    bool keep;                  /* written to the file at every change; headless runs only remember */
} Recent;

/* A missing or unreadable file is an empty list. */
void recent_load(Recent *recent);
/* Puts a path first, as an absolute one; quietly keeps it for this session only where the file cannot be written. */
void recent_add(Recent *recent, const char *path);

#endif
