/* session.h - a session: the model, and above it what goes on with it over time. The model says what is shown and where; each activity here
 * gives it places and verbs, and the model knows none of them. The window, scripts and tests talk to the session.
 *
 * All of it runs on the main thread. session_begin_frame comes before a frame's views. */
#ifndef INCEPTOSCOPE_SESSION_H
#define INCEPTOSCOPE_SESSION_H

#include "app/model/model.h"
#include "app/session/classroom.h"
#include "app/session/opening.h"
#include "app/session/play.h"
#include "app/session/recording.h"

/* What only the shell can do. */
typedef struct ShellWishes {
    char save_png[512], copy[1024]; /* a file for the frame's picture; text for the clipboard; "" */
    bool grab;                  /* the frame's pixels go to session_pixels */
    bool quit;
} ShellWishes;

typedef struct Session {
    Model model;
    Opening opening;            /* files that are read in the background */
    Classroom classroom;        /* the lesson that is open */
    Play play;                  /* stepping by itself */
    Recording recording;        /* of an animation */
    ShellWishes wishes;
    char *images_dir;           /* pictures that came with the program; owned */
    char last_key[32];          /* as the help echoes it and lists obey it; "" when it was taken */
} Session;

typedef struct SessionOptions {
    ModelOptions model;         /* taken over as model_open does */
    const char *images_dir, *lessons_dir;
    bool keep;                  /* files opened last and answers of lessons are read and written; else they live in this run only */
} SessionOptions;

/* The session stays where it is until session_close: threads may hold its address. */
bool session_open(Session *s, const SessionOptions *options, Err *err);
void session_close(Session *s);

/* Takes up what finished in the background, lets every activity take its step, starts what is due. */
void session_begin_frame(Session *s, double now);
bool session_busy(Session *s);          /* the screen will change by itself soon */
ShellWishes session_end_frame(Session *s); /* after the views: what the shell is to do with this frame */
void session_pixels(Session *s, const unsigned char *rgb, int w, int h);

/* ---- verbs: the activities' own; the model's are passed on ---------------------------------------------------------------- */
void session_do(Session *s, Verb verb);
void session_key(Session *s, const char *key);
void session_key_taken(Session *s);                     /* a list obeyed the last key */
void session_open_path(Session *s, const char *path);   /* a picture or a weight file, in the background */
void session_open_other(Session *s, const char *path);  /* the second picture */
void session_open_lesson(Session *s, const char *path); /* goes on where it was left */
void session_choose(Session *s, int choice);            /* answers the lesson's question, from 0 */

#endif
