/* shell.h - runs the program's interface in a window, or headless for scripts and screenshots.
 *
 * Both run the same App, a table of functions that app/views fills in. The shell owns SDL, the fonts, the clock and the pointer;
 * the App owns what is shown. Every App function runs on the main thread. */
#ifndef INCEPTOSCOPE_SHELL_H
#define INCEPTOSCOPE_SHELL_H

#include "app/ui/ui.h"
#include "engine/base/err.h"

/* Asks for a new frame; may be called from any thread, and any number of times. */
typedef void WakeFn(void *wake_user);

typedef struct App {
    void *user;                 /* passed back to each function */
    /* Called once before the first frame: worker threads call wake(wake_user) whenever they have finished something that the
     * screen shows. Called again with NULL after the last frame; once that returns, no wake may be called. */
    void (*attach)(void *user, WakeFn *wake, void *wake_user);
    /* Builds one frame: adds widgets to ui. ui->in has pointer and text; ui->wish takes requests to the shell. */
    void (*frame)(void *user, Ui *ui);
    /* A key was pressed (repeats included). Named keys are "Left" "Right" "Up" "Down" "Enter" "Escape" "Space"
     * "Backspace" "Delete" "Tab" "Home" "End" "PageUp" "PageDown" "F1".."F12"; characters are themselves in lower case
     * ("a" "/" "." "?" "+" "-"); before them "Ctrl+", "Alt+" and, except on characters that shift already changed such
     * as "?", "Shift+", in this order: "Ctrl+Shift+s". While a text field has the focus, only "Escape", "Up", "Down",
     * "PageUp", "PageDown", "Tab", "F..." and what has "Ctrl+" or "Alt+" arrive here; Enter is what ui_field returns. */
    void (*key)(void *user, const char *key);
    /* A file was dropped on the window, or its path was pasted while no text field had the focus. Returns whether any number of them may
     * follow; else one of many opened at once is as good as the other. */
    bool (*drop)(void *user, const char *path);
    /* The shipped weights, of which a page fetches some only after the first picture, are whole now. NULL if the App takes no files. */
    void (*whole)(void *user, const char *path);
    /* Whether work is running that will change the screen when it ends (headless: `wait-idle` and --screenshot wait for it). */
    bool (*busy)(void *user);
    /* Gets the pixels of a frame that asked for them (Wish.grab): h rows of w pixels of 3 bytes. NULL if the App never asks. */
    void (*pixels)(void *user, const unsigned char *rgb, int w, int h);
} App;

typedef struct ShellOptions {
    int width, height;          /* of the window in the display's units; headless: of the picture in pixels */
    float scale;                /* device pixels per logical pixel; 0: ask the display (headless: 1). Headless at
                                   3840x2160 and scale 2 lays out 1920x1080; scripts speak of logical pixels */
    const char *title;
    const char *script;         /* headless: file of actions, see script.c; NULL: none */
    const char *screenshot;     /* headless: PNG written at the end; NULL: none */
    const char *dump;           /* headless: JSON of what is on the screen at the end; NULL: none */
    /* What is kept for the next time is written here; or NULL. Called when the window is closed, with its size when it was last
     * not full screen; a page never hears of its end, so there whenever it is hidden. */
    void (*leave)(void *user, int width, int height);
    void *leave_user;
} ShellOptions;

/* Opens a window and runs until it is closed; in a page it never returns. False and a message if there is no display, no
 * font, or nothing that can draw any more. */
bool shell_window(const App *app, const ShellOptions *options, Err *err);

/* Runs without a display: runs the script if there is one, waits until the view is computed and still, then writes screenshot and
 * dump. Time is virtual: it passes only in `wait` and while an animation runs, in steps of 1/60 s, so that pictures repeat. False
 * and a message (script:line) at the first action that fails. */
bool shell_headless(const App *app, const ShellOptions *options, Err *err);

#endif
