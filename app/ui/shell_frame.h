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

#endif
