/* state_file.h - files that the program keeps between runs: $XDG_STATE_HOME/inceptoscope/NAME (~/.local/state if the variable is
 * not set). */
#ifndef INCEPTOSCOPE_STATE_FILE_H
#define INCEPTOSCOPE_STATE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* False if neither variable names a folder. */
bool state_path(const char *name, char *out, size_t size);
/* Locks the folder while a file is read, changed and written, since another program of this user may do the same. Returns the
 * lock, or -1 if there is no folder yet. Waits at most two seconds; a program that holds the lock longer is taken as hung and
 * ignored. */
int state_lock(void);
void state_unlock(int lock);
/* Writes the whole file and makes missing folders. On failure nothing is saved, without a message. */
void state_write(const char *name, const char *text, size_t size);
/* A chosen folder: its absolute name, or the given one where there is no such folder; the kept one, false if there is none; keeping one that
 * has an absolute name. */
void state_folder_name(const char *folder, char *out, size_t size);
bool state_folder_kept(const char *name, char *out, size_t size);
void state_folder_keep(const char *name, const char *folder);

#endif
