/* state_file.h - where the program keeps what it remembers between runs: $XDG_STATE_HOME/inceptoscope/NAME (~/.local/state where the
 * variable is not set). */
#ifndef INCEPTOSCOPE_STATE_FILE_H
#define INCEPTOSCOPE_STATE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* False when neither variable names a folder. */
bool state_path(const char *name, char *out, size_t size);
/* For reading, changing and writing a file while another program of this user may do so too: a lock on the folder, -1 where there is none yet.
 * It waits for a moment; a program that holds it for longer stands still, and is not waited for. */
int state_lock(void);
void state_unlock(int lock);
/* Writes the file whole, its folders made where they are missing; quietly keeps nothing where that cannot be. */
void state_write(const char *name, const char *text, size_t size);

#endif
