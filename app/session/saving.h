/* saving.h - writes files on threads of their own: a large map as text, or an animation, takes longer than a frame. The status line
 * tells when a file is there, or why not. */
#ifndef INCEPTOSCOPE_SAVING_H
#define INCEPTOSCOPE_SAVING_H

#include "app/model/model.h"

typedef struct SaveJob SaveJob;

typedef struct Saving {
    SaveJob *first;             /* of the files that are being written; the latest */
} Saving;

/* How a file is written. write runs on the thread; `done` frees data, on the main thread. */
typedef struct SaveHow {
    bool (*write)(void *data, const char *path, Err *err);
    void (*done)(void *data);
} SaveHow;

/* Writes data to the path, which no other file of these has; see saving_path_free. Owns data from now on, also if it fails. NULL data: out
 * of memory, which is told. */
void saving_start(Saving *s, Model *m, const char *path, SaveHow how, void *data);
/* Whether neither a file nor one that is being written has this path. */
bool saving_path_free(const Saving *s, const char *path);
void saving_frame(Saving *s, Model *m);     /* tells what has ended */
bool saving_busy(const Saving *s);
void saving_close(Saving *s);               /* waits for all of them */

/* Tells that the file was written, or why not. */
void saving_said(Model *m, bool good, const char *path, const Err *err);

#endif
