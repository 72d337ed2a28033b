/* recent.h - the list of files opened last: $XDG_STATE_HOME/inceptoscope/recent (~/.local/state if the variable is not set), one
 * path per line, newest first. */
#ifndef INCEPTOSCOPE_RECENT_H
#define INCEPTOSCOPE_RECENT_H

#include <stdbool.h>

enum { RECENT_MAX = 8, RECENT_PATH = 1024 };

typedef struct Recent {
    char paths[RECENT_MAX][RECENT_PATH];
    int count;
    bool keep;                  /* write the file at every change; headless runs do not */
} Recent;

/* A missing or unreadable file is an empty list. */
void recent_load(Recent *recent);
/* Puts a path first, as an absolute one. If the file cannot be written, it is kept only for this session, without a message. */
void recent_add(Recent *recent, const char *path);

#endif
