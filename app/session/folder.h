/* folder.h - lists a folder on its own thread, so that a large or slow one does not hold a frame up: folders first, then the files
 * that can be opened, each in the order of their names. */
#ifndef INCEPTOSCOPE_FOLDER_H
#define INCEPTOSCOPE_FOLDER_H

#include "engine/base/err.h"

#include <stdbool.h>

/* What a file is by the ending of its name: for lists, which do not read files. Opening looks at the content. */
typedef enum FileSort { FILE_FOLDER, FILE_PICTURE, FILE_WEIGHTS, FILE_NETWORK, FILE_NAMES, FILE_OTHER } FileSort;
FileSort file_sort(const char *name);

typedef struct FolderEntry {
    char *name;                 /* without the folder */
    FileSort sort;              /* never FILE_OTHER */
} FolderEntry;

/* Of a larger folder the first so many entries that the system gives are listed, and `cut` is set. */
enum { FOLDER_MOST = 20000 };

typedef struct FolderList {
    FolderEntry *entries;
    int count;
    bool cut;
    Err err;                    /* why it cannot be read; "" if it can */
} FolderList;

typedef struct Folder Folder;

Folder *folder_start(const char *path, void (*wake)(void *), void *wake_user); /* NULL if out of memory or of threads */
const FolderList *folder_list(Folder *folder); /* NULL while it is read; valid until folder_free */
bool folder_busy(Folder *folder);       /* NULL is allowed */
void folder_free(Folder *folder);       /* waits for nothing; NULL is allowed */

/* The same for a small folder of the program's, at once: the files of one sort. The caller ends with folder_list_free. */
FolderList folder_files(const char *path, FileSort sort);
void folder_list_free(FolderList *list);

#endif
