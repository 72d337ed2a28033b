/* teaching.h - the activity behind the view that teaches: pictures in bins, the classifier that learns them, and the networks that come of it.
 * Each taught network becomes the window's; the ones before it are kept for a way back.
 *
 * All of them are taught from the network that the window had before. If the user opens another one, that one is taught from then on. */
#ifndef INCEPTOSCOPE_TEACHING_H
#define INCEPTOSCOPE_TEACHING_H

#include "app/model/teach_whole.h"
#include "app/session/opening.h"
#include "app/session/saving.h"

enum { TEACH_FORMER_MOST = 8, TEACH_SEED = 1 };

typedef struct Teaching {
    TeachBins bins;
    TeachLooks looks;
    TeachLast *last;            /* that learns, or has learnt what is shown; NULL: nothing yet */
    bool learning;
    bool asked;                 /* it begins as soon as every picture is known */
    TeachResult result;         /* count 0: none */
    TeachWhole *whole;          /* that goes on from there with all layers; NULL: it does not */
    bool whole_runs;            /* it trains, or judges what it has reached */
    bool whole_given;           /* the window has what it reached at a pause */
    unsigned result_version;    /* of the bins that it was learnt from */
    SharedSource *own;          /* the network that this gave to the window last; held; NULL: none */
    SharedSource *former[TEACH_FORMER_MOST]; int former_count; /* those that the window had before, the latest last; held */
    int bin, picture;           /* chosen; the picture's number, -1: none */
    bool begun;                 /* there were bins once */
    bool judges;                /* a picture beside the bins is opened and judged; else it goes to the chosen bin */
    bool naming;                /* the chosen bin's name is to be typed */
    char **dropped; int dropped_count; /* on the window, until the view has said on which bin */
    Err problem;                /* why the last teaching failed, or "" */
} Teaching;

void teaching_close(Teaching *t);       /* waits for nothing */
/* Call before each frame. */
void teaching_frame(Teaching *t, Model *m);
bool teaching_busy(const Teaching *t);
/* Whether bins have changed since the result. */
bool teaching_stale(const Teaching *t);

void teaching_verb(Teaching *t, Model *m, Saving *saving, Verb verb); /* VERB_TEACH... */
void teaching_judges(Teaching *t, bool on);
/* A picture that was chosen goes where a dropped one goes; of a folder each folder in it is a class, or it is one. */
void teaching_add(Teaching *t, Model *m, Opening *opening, const char *path);
/* What was dropped waits for teaching_place: on a bin it goes there; with -1 see `judges`; a folder is added. */
void teaching_drop(Teaching *t, Model *m, const char *path);
void teaching_place(Teaching *t, Model *m, Opening *opening, int bin);
void teaching_choose(Teaching *t, int bin, int picture); /* picture -1: none */
void teaching_name(Teaching *t, const Model *m, int bin, const char *name);
void teaching_named(Teaching *t);       /* the field for the name has the keyboard now */
bool teaching_stop(Teaching *t);        /* Escape: looking, waiting and learning end; what is done stays. False: nothing was going on */

#endif
