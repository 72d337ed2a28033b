/* teach_bins.h - pictures sorted into named bins, which become the classes of a network: add, remove, rename, undo. Only paths and names;
 * what the pictures look like is in teach_looks.h. */
#ifndef INCEPTOSCOPE_TEACH_BINS_H
#define INCEPTOSCOPE_TEACH_BINS_H

#include "engine/base/err.h"

#include <stdbool.h>

enum { TEACH_BINS_LEAST = 2, TEACH_BINS_MOST = 10, TEACH_NAME_MAX = 48, TEACH_PICTURES_MOST = 2000, TEACH_UNDO_MOST = 50 };

/* Which pictures are in which bin; one step of undo. */
typedef struct TeachState {
    int bin_count;
    char names[TEACH_BINS_MOST][TEACH_NAME_MAX];
    signed char *bin_of;        /* of each picture of that time, -1: in none; owned */
    int picture_count;
} TeachState;

typedef enum TeachEdit { TEACH_ADDED, TEACH_REMOVED, TEACH_RENAMED, TEACH_NEW_BIN, TEACH_BIN_REMOVED } TeachEdit;

typedef struct TeachUndo {
    TeachState before;
    TeachEdit edit;
    int bin;                    /* that the edit was about; -1: several, see teach_bins_join */
    double when;                /* of its latest part: files of one drop come one by one */
} TeachUndo;

typedef struct TeachBins {
    TeachState now;
    char **paths;               /* of all pictures that were ever added, so that a picture keeps its number; owned */
    TeachUndo undo[TEACH_UNDO_MOST]; int undo_count;
    bool joins, joined;         /* see teach_bins_join */
    unsigned version;           /* changes with every edit of pictures or bins, not with names alone */
} TeachBins;

void teach_bins_free(TeachBins *bins);

/* Edits; each can be undone. `when` is the time in seconds: parts of one edit that follow each other closely are undone at once. False and
 * a message if there are too many, or out of memory; then nothing is changed. */
bool teach_bin_new(TeachBins *bins, const char *name, double when, int *bin, Err *err);
/* A picture that is in another bin moves; one that is here already changes nothing. */
bool teach_bin_add(TeachBins *bins, int bin, const char *path, double when, Err *err);
void teach_bin_rename(TeachBins *bins, int bin, const char *name, double when);
void teach_bin_remove(TeachBins *bins, int bin, double when); /* with its pictures; later bins move up */
void teach_picture_remove(TeachBins *bins, int picture, double when);
/* From `on` true to false all edits are undone at once, as the first of them: a folder of several classes. */
void teach_bins_join(TeachBins *bins, bool on);
/* Takes the latest edit back; false if there is none. */
bool teach_bins_undo(TeachBins *bins);
void teach_bins_forget(TeachBins *bins); /* nothing can be taken back any more */
const TeachUndo *teach_bins_last(const TeachBins *bins); /* what that would take back, or NULL */

int teach_bin_named(const TeachBins *bins, const char *name); /* -1: none */
int teach_bin_size(const TeachBins *bins, int bin);
/* The index-th picture of a bin, in the order in which they came; -1: it has fewer. */
int teach_bin_picture(const TeachBins *bins, int bin, int index);
/* The place of a picture in its bin. */
int teach_picture_index(const TeachBins *bins, int picture);

#endif
