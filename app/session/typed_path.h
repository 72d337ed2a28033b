/* typed_path.h - what somebody types into the field above a list of files: a part of a name, or a path. */
#ifndef INCEPTOSCOPE_TYPED_PATH_H
#define INCEPTOSCOPE_TYPED_PATH_H

#include "app/session/folder.h"

#include <stddef.h>

typedef struct TypedPath {
    char folder[1024];          /* to list: that of the path, with ~ and relative ones made absolute; else `start` */
    const char *name;           /* the part of `text` behind the folder: filters the list */
    bool is_path;               /* the text has a folder */
} TypedPath;
/* `start`: the folder in which names without a path are looked for; "": there is none. */
TypedPath typed_path(const char *text, const char *start);
/* Ignores case; "" matches all. */
bool typed_matches(const char *name, const char *typed);
/* Completes the text, as far as all entries go together that begin with its name; a folder that is the only one gets its slash. If
 * none begins with it but a single one has it inside, that one is taken. False if there is nothing to add or no room. */
bool typed_complete(const FolderList *list, const TypedPath *typed, char *text, size_t size);
/* FOLDER/NAME, with a slash behind it for a folder; false if it does not fit. ".." is the folder above. */
bool typed_enter(const char *folder, const char *name, bool is_folder, char *text, size_t size);

#endif
