/* user_folders.h - the folders of the user's own that lists of files begin with. A desktop has them; a web page has none. */
#ifndef INCEPTOSCOPE_USER_FOLDERS_H
#define INCEPTOSCOPE_USER_FOLDERS_H

#include <stdbool.h>
#include <stddef.h>

/* Each writes an absolute path; false if there is no such folder or no room. */
bool user_folder_current(char *out, size_t size);   /* where the program was started, and where it saves files */
bool user_folder_home(char *out, size_t size);
bool user_folder_weights(char *out, size_t size);   /* filled by `make weights`: $XDG_DATA_HOME/inceptoscope/weights, or below ~/.local/share */

#endif
