/* shell_frame.h - what window and headless mode have in common: an App, its frame, and something to draw it on. */
#ifndef INCEPTOSCOPE_SHELL_FRAME_H
#define INCEPTOSCOPE_SHELL_FRAME_H

#include "app/ui/draw.h"
#include "app/ui/shell.h"

typedef struct Shell {
    const App *app;
    SDL_Renderer *renderer;     /* borrowed */
    Fonts *fonts;
    Painter *painter;
    Ui ui;
    Input in;                   /* what the next frame will see; its edges are cleared by shell_frame */
    int pixel_w, pixel_h;       /* of what is drawn on */
    float scale;                /* device pixels per logical pixel, before the App's zoom */
} Shell;

bool shell_open(Shell *shell, const App *app, SDL_Renderer *renderer, Err *err);
void shell_close(Shell *shell);

/* One frame of widgets from shell->in; nothing is drawn yet. */
void shell_frame(Shell *shell);
void shell_paint(Shell *shell);
/* The frame as last painted. */
bool shell_save_png(Shell *shell, const char *path, Err *err);
/* Hands it to the App. */
void shell_grab(Shell *shell);

/* Goes to the focused text field or to the App, see App.key. */
void shell_key(Shell *shell, const char *key);
/* UTF-8 for the focused field; without one each character is a key. */
void shell_text(Shell *shell, const char *text);

/* The frame's items as JSON: {"width", "height", "scale", "theme", "items": [{"role", "rect": [x, y, w, h], "text",
 * "address", "layer", "clipped"}]}, a grid of maps followed by its tiles. Logical pixels. */
bool dump_save(const Ui *ui, const char *path, Err *err);
/* Whether the text stands on the screen: in one item, or across neighbouring ones in a row, joined by a space. */
bool dump_contains(const Ui *ui, const char *text);

/* Headless: runs a script of actions, one a line:
 *   key NAME | text STRING | move X Y | click X Y | press X Y | release X Y | wheel ROWS | drop FILE | wait-idle | wait MS |
 *   resize W H | screenshot FILE | dump FILE | expect TEXT | expect-not TEXT |
 *   time-frames | expect-median MS | expect-slowest MS     (processor time to build and paint a frame, nothing being computed)
 * Empty lines and lines that begin with # are skipped. */
typedef struct Headless Headless;
bool headless_script(Headless *headless, const char *path, Err *err);
bool headless_action(Headless *headless, const char *verb, const char *rest, Err *err);

#endif
