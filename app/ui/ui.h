/* ui.h - immediate-mode widgets that write a draw list. No SDL here: a frame can be built and asserted on in a test
 * without a window. app/ui/draw.c replays the list.
 *
 * Units are logical pixels; draw.c multiplies by the scale (HiDPI, presenter). A frame is: ui_begin, widgets, ui_end. */
#ifndef INCEPTOSCOPE_UI_H
#define INCEPTOSCOPE_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Rect { float x, y, w, h; } Rect;
typedef uint32_t Color;         /* 0xRRGGBBAA */

typedef enum Face { FACE_SANS, FACE_BOLD, FACE_MONO, FACE_MONO_BOLD, FACE_COUNT } Face;
typedef struct TextStyle { Face face; float size; Color color; } TextStyle;
typedef enum Align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT } Align;

/* Colours and sizes: one const table per theme, in theme.c. */
typedef struct Theme {
    const char *name;
    Color page, panel, panel_edge, rail, rail_selected, accent, accent_soft, accent_text;
    Color text, text_dim, text_faint, good, warn, bad, strip, strip_text, strip_dim, shadow, tile_back;
    Color branch[4];            /* 1x1, 3x3, 5x5, pool */
    Color op_chip;              /* layers outside modules */
    float size_title, size_body, size_small, size_caption; /* type sizes */
} Theme;
extern const Theme theme_light, theme_dark;

typedef enum Colormap { MAP_VIRIDIS, MAP_MAGMA, MAP_GREY, MAP_CIVIDIS, MAP_SIGNED, MAP_COUNT } Colormap;
/* Value to colour: t = (v - lo) / (hi - lo) for the sequential maps; MAP_SIGNED is fixed at zero and reaches its ends at
 * +-max(|lo|, |hi|). NaN is shown as magenta. */
Color colormap_color(Colormap map, float value, float lo, float hi);
const char *colormap_name(Colormap map);

/* A grid of feature maps (or of anything else that is a C x H x W array), drawn as one cached texture. */
typedef struct MapGrid {
    const float *data;          /* (C, H, W), borrowed until the frame is drawn */
    int c, h, w;
    uint64_t version;           /* changes when the data do: the texture is made anew only then */
    Colormap map;
    const float *lo, *hi;       /* range per channel, or one pair for all when range_count is 1 */
    int range_count;
    int columns;                /* tiles in a row */
    float tile, gap;            /* tile edge (its longer side) and gap */
    int first;                  /* first channel shown, for scrolling by rows */
    int count;                  /* channels shown from `first` on */
} MapGrid;
typedef struct MapHit { int channel, y, x; } MapHit; /* channel -1: none */

typedef enum CommandKind { CMD_RECT, CMD_FRAME, CMD_LINE, CMD_TEXT, CMD_MAPS, CMD_PICTURE, CMD_CLIP, CMD_POLY } CommandKind;
typedef struct Command {
    CommandKind kind;
    Rect rect;
    Color color;
    float radius, width;        /* CMD_RECT corner radius; CMD_FRAME, CMD_LINE width */
    TextStyle style;            /* CMD_TEXT; `text` is an offset into Ui's text buffer */
    size_t text;
    MapGrid maps;
    const unsigned char *rgb; int rgb_w, rgb_h; uint64_t version; bool smooth; /* CMD_PICTURE */
} Command;

/* What the dump says about a place on the screen. */
typedef struct Item {
    Rect rect;
    char role[16];              /* "text", "tile", "maps", "button", "row", "picture", "bar", "input" */
    char address[64];           /* layer address, "" when none */
    size_t text;
    bool clipped;               /* the text did not fit its place (a bug that tests look for) */
} Item;

typedef struct Input {
    float mouse_x, mouse_y; bool mouse_inside;
    bool down, pressed, released, double_clicked, right_pressed; /* left button unless said */
    float wheel_x, wheel_y;     /* in rows */
    bool shift, ctrl, alt;
    char text[64];              /* UTF-8 typed since the last frame */
    double now;                 /* seconds, monotonic */
} Input;

/* Width in logical pixels of a UTF-8 string; given by the owner of the fonts, or by a test. */
typedef float MeasureFn(void *user, Face face, float size, const char *text, size_t bytes);

typedef struct Ui {
    Input in;
    const Theme *theme;
    float width, height;        /* of the window, logical */
    MeasureFn *measure; void *measure_user;
    Command *commands; size_t command_count, command_capacity;
    Item *items; size_t item_count, item_capacity;
    char *text; size_t text_size, text_capacity;
    Rect clip[16]; int clip_count;
    uint64_t hot, active, focus; /* widget ids */
    bool want_frame;            /* an animation runs: draw again without waiting for an event */
    bool want_text;             /* a text field has the focus */
} Ui;

void ui_init(Ui *ui, const Theme *theme, MeasureFn *measure, void *user);
void ui_free(Ui *ui);
void ui_begin(Ui *ui, const Input *in, float width, float height);
void ui_end(Ui *ui);
uint64_t ui_id(const char *label, int index); /* hash of label and index */

/* Drawing. */
void ui_fill(Ui *ui, Rect r, Color c);
void ui_round(Ui *ui, Rect r, float radius, Color c);
void ui_frame(Ui *ui, Rect r, float width, Color c);
void ui_line(Ui *ui, float x0, float y0, float x1, float y1, float width, Color c);
void ui_clip_push(Ui *ui, Rect r);
void ui_clip_pop(Ui *ui);
/* Text in a rectangle: aligned horizontally, centred vertically, cut with an ellipsis when it does not fit (the item is
 * then marked as clipped). Returns the width used. */
float ui_text(Ui *ui, Rect r, TextStyle style, Align align, const char *text);
float ui_textf(Ui *ui, Rect r, TextStyle style, Align align, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 5, 6)))
#endif
    ;
/* Wrapped text from the top of r (breaks at spaces and between CJK characters); returns the height used. */
float ui_paragraph(Ui *ui, Rect r, TextStyle style, const char *text);
float ui_text_width(Ui *ui, TextStyle style, const char *text);
/* Feature maps; hit says which value is under the pointer. */
MapHit ui_maps(Ui *ui, Rect r, const MapGrid *grid, const char *address);
Rect map_tile_rect(Rect r, const MapGrid *grid, int channel); /* where a channel's tile stands */
void ui_picture(Ui *ui, Rect r, const unsigned char *rgb, int w, int h, uint64_t version, bool smooth, const char *address);

/* Widgets: id, rect, update, draw; each returns what happened to it this frame. */
bool ui_hover(Ui *ui, Rect r);  /* pointer inside r and inside the clip, and no other widget is active */
bool ui_click(Ui *ui, uint64_t id, Rect r); /* invisible button */
bool ui_button(Ui *ui, Rect r, const char *label, bool primary);
bool ui_choice(Ui *ui, Rect r, const char *label, bool selected);  /* one of several words in a row */
bool ui_slider(Ui *ui, Rect r, const char *label, float *value, float lo, float hi);
bool ui_field(Ui *ui, Rect r, const char *label, char *text, size_t size); /* true on Enter */
typedef struct Scroll { float offset, content; } Scroll;
/* Wheel and a bar; returns the rectangle left for the content, pushed as clip; end with ui_scroll_end. */
Rect ui_scroll_begin(Ui *ui, uint64_t id, Rect r, Scroll *scroll, float content_height);
void ui_scroll_end(Ui *ui);

Rect rect_cut_left(Rect *r, float w);   /* cuts a slice off r and returns it */
Rect rect_cut_right(Rect *r, float w);
Rect rect_cut_top(Rect *r, float h);
Rect rect_cut_bottom(Rect *r, float h);
Rect rect_inset(Rect r, float d);
bool rect_has(Rect r, float x, float y);

/* Ease in-out (smoothstep) of clamp((now - start) / duration). */
float ui_ease(double now, double start, double duration);

#endif
