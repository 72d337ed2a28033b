/* session.h - a session: the model, and above it the activities that change it over time (lesson, playing, recording, opening
 * files). Activities call the model's verbs; the model does not know them. The window, scripts and tests call the session.
 *
 * All of it runs on the main thread. Call session_begin_frame before a frame's views. */
#ifndef INCEPTOSCOPE_SESSION_H
#define INCEPTOSCOPE_SESSION_H

#include "app/model/model.h"
#include "app/session/classroom.h"
#include "app/session/exercising.h"
#include "app/session/judging.h"
#include "app/session/opening.h"
#include "app/session/play.h"
#include "app/session/recording.h"
#include "app/session/saving.h"
#include "app/session/teaching.h"
#include "app/session/training.h"
#include "app/session/units.h"

/* What only the shell can do. */
typedef struct ShellWishes {
    char save_png[512], copy[1024]; /* a file for the frame's picture; text for the clipboard; or "" */
    bool grab;                  /* the frame's pixels go to session_pixels */
    bool quit;
} ShellWishes;

typedef struct Session {
    Model model;
    Opening opening;            /* files that are being opened */
    Classroom classroom;        /* the open lesson */
    Exercising exercising;      /* the open exercise; never with a lesson */
    Play play;                  /* stepping by itself */
    Trainings training;         /* whose curves are shown */
    Units units;                /* a folder of photos, for the view of units */
    Teaching teaching;          /* of one's own classes */
    Judging judging;            /* a folder of labelled pictures, for the view of accuracy */
    Recording recording;        /* of an animation */
    Saving saving;              /* files that are being written */
    double leaving_until;       /* until then a second Escape leaves the lesson; seconds of Model.now */
    ShellWishes wishes;
    char *images_dir, *weights_dir; /* folders of the program's own pictures and weights; owned */
    char last_key[32];          /* for the help, which shows it, and for lists; "" after a list has used it */
} Session;

typedef struct SessionOptions {
    ModelOptions model;         /* taken over as model_open does */
    const char *images_dir, *weights_dir, *lessons_dir;
    bool keep;                  /* read and write recent files and answers of lessons; else they last only for this run */
} SessionOptions;

/* The session must not move in memory until session_close: threads may hold its address. */
bool session_open(Session *s, const SessionOptions *options, Err *err);
void session_close(Session *s);

/* Takes finished results from the background, runs every activity's step, and starts computations that are due. */
void session_begin_frame(Session *s, double now);
bool session_busy(Session *s);          /* the screen will change by itself soon */
ShellWishes session_end_frame(Session *s); /* call after the views: what the shell should do with this frame */
void session_pixels(Session *s, const unsigned char *rgb, int w, int h);

/* ---- verbs: the activities' own; the model's are passed on ---------------------------------------------------------------- */
void session_do(Session *s, Verb verb);
void session_key(Session *s, const char *key);
void session_key_taken(Session *s);                     /* a list has used the last key */
void session_open_path(Session *s, const char *path);   /* any file of open_job.h, in the background; a training */
void session_whole(Session *s, const char *path);       /* see opening_whole */
bool session_stop_opening(Session *s);                  /* false: nothing is being opened */
void session_open_other(Session *s, const char *path);  /* the second picture */
void session_open_photos(Session *s, const char *folder); /* a folder of photos, for the view of units */
void session_judge(Session *s, const char *folder);     /* a folder of labelled pictures, for the view of accuracy */
void session_open_folder(Session *s, const char *folder); /* for the view that is shown, else for the view of units, which is then shown */
void session_open_judged(Session *s, int picture);      /* of that folder, by its number in the set */
bool session_is_folder(const char *path);
bool session_stop_photos(Session *s);                   /* false: none are being computed */
void session_go_on_with_photos(Session *s);
bool session_open_photo(Session *s, int rank);          /* of the shown channel's strongest photos: opens it at its value */
const Example *session_strongest_photos(Session *s, int layer); /* of each channel; see unit_photos.h for these three */
const ExamplesUnit *session_unit_photos(Session *s, Address unit);
const Patch *session_patch(Session *s, int layer, const Example *x, int side);
/* The view that teaches one's own classes; see teaching.h. */
void session_teach_add(Session *s, const char *path);
void session_teach_judges(Session *s, bool on);
void session_teach_drop(Session *s, const char *path);
void session_teach_place(Session *s, int bin);
void session_teach_choose(Session *s, int bin, int picture);
void session_teach_name(Session *s, int bin, const char *name);
void session_teach_named(Session *s);
void session_teach_open(Session *s, int picture);       /* as the window's picture, which is judged */
void session_open_lesson(Session *s, const char *path); /* continues where it was left */
void session_seek(Session *s, int place);               /* what plays goes on from this place of PlayProgress */
void session_speed(Session *s, int speed);              /* PLAY_SLOWEST .. PLAY_FASTEST */
void session_copy(Session *s, const char *text);        /* to the clipboard */
Watch *session_watch(Session *s);                       /* the open training's curves, which the view of a training draws and moves in */
void session_leave_training(Session *s);                /* back to the list of trainings */
bool session_plays(const Session *s);                   /* what VERB_PLAY starts and stops runs here */
void session_choose(Session *s, int choice);            /* answers the lesson's question; choices count from 0, as they are shown */
void session_type(Session *s, const char *text);        /* the number that answers it, as typed so far */
void session_hand_in(Session *s, const char *name);     /* writes the lesson's answers; "" for no name */
void session_open_exercise(Session *s, const char *path);
void session_leave_exercise(Session *s);
void session_leave_lesson(Session *s);                  /* the answers are kept */
/* A click on an empty place: VERB_BACK, which in a lesson only returns to the step's place and never leaves the lesson. */
void session_click_empty(Session *s);

#endif
