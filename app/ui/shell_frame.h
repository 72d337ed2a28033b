/* shell_frame.h - shared by window and headless mode: an App, its frame, and a renderer to draw it. */
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
    Input in;                   /* input of the next frame; shell_frame clears presses and keys */
    int pixel_w, pixel_h;       /* size of the drawing surface */
    float scale;                /* device pixels per logical pixel, before the App's zoom */
} Shell;

bool shell_open(Shell *shell, const App *app, SDL_Renderer *renderer, Err *err);
void shell_close(Shell *shell);

/* Builds one frame of widgets from shell->in; draws nothing yet. */
void shell_frame(Shell *shell);
void shell_paint(Shell *shell);
/* Saves the frame as last painted. */
bool shell_save_png(Shell *shell, const char *path, Err *err);
/* Paints the frame, passes its pixels to the App, and builds another for the screen: what is recorded has no sign that it is. */
void shell_grab(Shell *shell);

/* Sends a key to the focused text field or to the App, see App.key. */
void shell_key(Shell *shell, const char *key);
/* Sends UTF-8 to the focused field; without one each character is a key. */
void shell_text(Shell *shell, const char *text);

/* The frame's items as JSON: {"width", "height", "scale", "theme", "items": [{"role", "rect": [x, y, w, h], "text",
 * "address", "layer", "clipped"}]}, a grid of maps followed by its tiles. Logical pixels. */
bool dump_save(const Ui *ui, const char *path, Err *err);
/* Whether the text is on the screen: in one item, or in neighbouring items of a row, joined by a space. */
bool dump_contains(const Ui *ui, const char *text);

#endif
