/* ui.h - immediate-mode widgets that write a draw list. No SDL here: a frame can be built and asserted on in a test without a
 * window. draw.c replays the list.
 *
 * Units are logical pixels; draw.c multiplies by the scale (HiDPI, presenter). A frame is: ui_begin, widgets, ui_end. Widgets
 * keep no pointers between frames unless a comment says so (map data and pictures: until the frame is drawn). */
#ifndef INCEPTOSCOPE_UI_H
#define INCEPTOSCOPE_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define UI_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define UI_PRINTF(at, first)
#endif

typedef struct Rect { float x, y, w, h; } Rect;
typedef uint32_t Color;         /* 0xRRGGBBAA */

typedef enum Face { FACE_SANS, FACE_BOLD, FACE_MONO, FACE_MONO_BOLD, FACE_COUNT } Face;
typedef struct TextStyle { Face face; float size; Color color; } TextStyle;
typedef enum Align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT } Align;

/* Kinds of layers by colour and by the shape of their chip; those of a module have its branches' colours instead. */
typedef enum LayerKind { KIND_INPUT, KIND_CONV, KIND_POOL, KIND_NORM, KIND_FC, KIND_DROPOUT, KIND_SOFTMAX, LAYER_KINDS } LayerKind;

/* Colours and sizes: one const table per theme, in theme.c. */
typedef struct Theme {
    const char *name;           /* "light" or "dark" */
    Color page, panel, panel_edge, rail, rail_selected, accent, accent_soft, accent_text;
    Color text, text_dim, text_faint, good, warn, bad, strip, strip_text, strip_dim, shadow, tile_back;
    Color branch[4];            /* 1x1, 3x3, 5x5, pool: marks and bars */
    Color branch_text[4];       /* the same as text on a panel, bright enough to read in either theme */
    Color kind[LAYER_KINDS];    /* layers outside modules; told apart with every colour vision, like the branches */
    Color op_chip;              /* bars and marks without a branch */
    Color histogram, selection; /* bars; the frame around what is selected */
    Color positive, negative;   /* full strength of the signed map: cells of patch and kernel */
    float size_title, size_body, size_small, size_caption; /* type sizes */
} Theme;
extern const Theme theme_light, theme_dark;
extern const Color group_colors[8]; /* of neuron groups, in order: Okabe and Ito's, which the colour-blind tell apart */

Color color_alpha(Color c, float alpha);            /* the same colour, its alpha multiplied by 0..1 */
Color color_mix(Color a, Color b, float t);         /* a at t = 0, b at t = 1 */
float color_luminance(Color c);                     /* relative, 0 black to 1 white; alpha does not count */
Color color_ink(Color ground);                      /* black or white: the one whose contrast to it is larger, 4.58 at least */

typedef enum Colormap {
    MAP_VIRIDIS, MAP_MAGMA, MAP_GREY, MAP_CIVIDIS, MAP_SIGNED, MAP_COUNT,
    MAP_RED = MAP_COUNT, MAP_GREEN, MAP_BLUE /* for the planes of a picture, not to be chosen: from black to the full colour */
} Colormap;
/* Value to colour: t = (v - lo) / (hi - lo) for the sequential maps; MAP_SIGNED is fixed at zero and reaches its ends at
 * +-max(|lo|, |hi|), negative orange, positive blue. NaN is shown as magenta; an empty range shows its low end. */
Color colormap_color(Colormap map, float value, float lo, float hi);

/* A grid of feature maps (or of anything else that is a C x H x W array), drawn as one cached texture. */
typedef struct MapGrid {
    const float *data;          /* (C, H, W), or (C, 3, H, W) when rgb; borrowed until the frame is drawn */
    int c, h, w;
    bool rgb;                   /* a tile shows its three planes as red, green, blue from lo to hi (kernels of conv1) */
    uint64_t version;           /* new whenever the data change, never repeated: only then is the texture made again */
    Colormap map;
    const Colormap *tints;      /* one for each channel, used instead of `map`; NULL: none; borrowed like data */
    const float *lo, *hi;       /* range per channel, or one pair for all when range_count is 1 */
    int range_count;
    int columns;                /* tiles in a row */
    float tile, gap;            /* tile edge (of the longer side of a map) and gap */
    int first;                  /* first channel shown */
    int count;                  /* channels shown from `first` on */
    const int *picked;          /* with it the channels shown are picked[0 .. count), in this order, and `first` is 0; borrowed like data */
} MapGrid;
typedef struct MapHit { int channel, y, x; } MapHit; /* channel -1: none */

typedef enum CommandKind {
    CMD_RECT, CMD_FRAME, CMD_SHADOW, CMD_LINE, CMD_TEXT, CMD_MAPS, CMD_PICTURE, CMD_CLIP, CMD_POLY, CMD_POLYLINE
} CommandKind;
typedef struct Command {
    CommandKind kind;
    Rect rect;                  /* CMD_LINE: from (x, y) to (x + w, y + h) */
    Color color;
    float radius, width;        /* corner radius; line and frame width, CMD_SHADOW's reach */
    TextStyle style;            /* CMD_TEXT: rect is the place of the glyphs, x left, y top */
    size_t text;                /* CMD_TEXT: offset into Ui's text buffer */
    size_t point; int point_count; /* CMD_POLY..: offset into Ui's points, number of (x, y) pairs */
    MapGrid maps;
    const unsigned char *rgb; int rgb_w, rgb_h; uint64_t version; bool smooth; /* CMD_PICTURE */
} Command;

/* What the dump says about a place on the screen. */
typedef struct Item {
    Rect rect;                  /* of the text or the thing itself, not of the room around it */
    char role[16];              /* "text", "tile", "maps", "picture", "button", "choice", "slider", "field", "row", ... */
    char address[64];           /* set by ui_address, or "" */
    size_t text;
    int first, count, columns; float tile, tile_w, tile_h, gap; const int *picked; /* "maps": the tiles that are shown, see MapGrid */
    int layer;                  /* 0, or 1 inside an overlay or a tooltip, which may cover what is under it */
    bool clipped;               /* the text did not fit its place (a bug that tests look for) */
} Item;

typedef struct Input {
    float mouse_x, mouse_y; bool mouse_inside;
    bool down, pressed, released, double_clicked, right_pressed; /* left button unless said */
    float wheel_x, wheel_y;     /* in rows; positive: content moves towards its start */
    bool shift, ctrl, alt;
    bool dragged;               /* a file from another program is held over the window, or is being dropped */
    char text[512];             /* UTF-8 typed or pasted since the last frame; only while a text field has the focus */
    char key[16];               /* editing key for the focused field: "Backspace", "Left", "Enter", ...; "" none */
    double now;                 /* seconds, monotonic; virtual when headless */
    char trouble[256];          /* why the shell could not fulfil a wish, for the user; "" none */
} Input;

/* What only the shell can do; the App sets it in a frame, the shell carries it out after the frame. */
typedef struct Wish {
    bool quit;
    bool fullscreen;            /* wanted state, not a toggle */
    bool hide_pointer;
    float zoom;                 /* presenter type size: 1 normal; multiplies the scale, so that ui->width and height
                                   shrink, to no less than 1120 x 630 */
    bool grab;                  /* asks for this frame's pixels, see App.pixels */
    char copy[1024];             /* put on the clipboard when not "" */
    char save_png[512];         /* write this frame as a PNG when not "" */
    bool pick_files;            /* in a page: let the user choose files to open */
    bool camera;                /* in a page, a wanted state: its pictures are dropped on the window as they come */
} Wish;

/* Width in logical pixels of a UTF-8 string; given by the owner of the fonts, or by a test. */
typedef float MeasureFn(void *user, Face face, float size, const char *text, size_t bytes);

/* Changes a text before it is drawn and listed; it must not become longer. */
typedef void BlankFn(const void *user, char *text);

typedef struct Clip { Rect rect; bool scrolls; } Clip; /* scrolls: it may cut things at its edges */
typedef struct Scroll { float offset, content; } Scroll;
typedef struct ScrollArea { Rect rect; Scroll *scroll; uint64_t id; } ScrollArea;

/* The tip of a word in the bars: what it does, its key. */
typedef enum TipSide { TIP_BELOW, TIP_BESIDE } TipSide;
typedef struct Tip {
    bool on;                    /* the text in Ui.tooltip is a tip, of this target */
    TipSide side;
    Rect target, last;          /* of this frame, of the last one */
    float x, y;                 /* the pointer in the last frame */
    double since, seen;         /* since when the pointer rests; when a tip was shown last */
    bool ended;                 /* by a click */
} Tip;

typedef enum PointerShape { POINTER_ARROW, POINTER_HAND, POINTER_TEXT, POINTER_COUNT } PointerShape;

typedef struct Ui {
    Input in;
    const Theme *theme;         /* may be changed at the start of a frame */
    float width, height;        /* of the window, logical */
    float scale;                /* device pixels per logical pixel, zoom included */
    MeasureFn *measure; void *measure_user;
    BlankFn *blank; const void *blank_user; /* of every text that follows, whoever draws it; NULL: none. ui_begin clears it */
    Command *commands; size_t command_count, command_capacity;
    Item *items; size_t item_count, item_capacity;
    char *text; size_t text_size, text_capacity;
    float *points; size_t point_size, point_capacity;
    Clip clip[16]; int clip_count;
    ScrollArea area[8]; int area_count;
    char address[64];           /* see ui_address */
    char tooltip[1024];         /* see ui_tooltip */
    Tip tip;                    /* see ui_tip */
    uint64_t *ids; size_t id_count, id_capacity; /* of this frame's widgets, in call order */
    uint64_t active, focus;     /* widget ids: what the pointer holds, what the keyboard goes to */
    bool focus_seen;            /* the focused field was drawn in this frame */
    float grab;                 /* start of a dragged track at the press; for a scroll bar plus the offset in its thumb */
    int cursor;                 /* byte offset in the focused text field */
    Rect overlay, overlay_next; bool in_overlay; /* see ui_overlay_begin */
    PointerShape pointer;       /* the pointer's shape here, for the shell */
    bool clicked;               /* some widget took this frame's press: a click on empty space is pressed && !clicked */
    bool want_frame;            /* an animation runs: draw again without waiting for an event */
    double frame_at;            /* draw again at this in.now at the latest (a pause in playing); 0: no need */
    bool want_text;             /* a text field has the focus */
    bool over_drag;             /* the pointer is over something that can be dragged: a finger there does not scroll */
    bool in_page;               /* the window is a page: files are chosen by its dialog, and it may have a camera */
    Wish wish;
    Command spare_command; Item spare_item; /* what the lists have no memory for; written, never drawn */
} Ui;

/* False without memory; then only ui_free may follow. Later a frame that has too little memory lacks what does not fit. */
bool ui_init(Ui *ui, const Theme *theme, MeasureFn *measure, void *user);
void ui_free(Ui *ui);
/* wish.quit, copy, save_png and pick_files are cleared by ui_begin; the others stay until changed. */
void ui_begin(Ui *ui, const Input *in, float width, float height);
void ui_end(Ui *ui);
uint64_t ui_id(const char *name, int index); /* hash of both; see the widgets below */

/* Sets the address of the items that follow ("3a/3x3[78]"); "" or NULL ends it. Cut to 63 bytes. */
void ui_address(Ui *ui, const char *address);
/* Adds an item to the dump without drawing anything. */
void ui_item(Ui *ui, Rect r, const char *role, const char *text);

/* ---- drawing --------------------------------------------------------------------------------------------------- */
void ui_fill(Ui *ui, Rect r, Color c);
void ui_round(Ui *ui, Rect r, float radius, Color c);
void ui_frame(Ui *ui, Rect r, float width, Color c);                        /* inside r */
void ui_frame_round(Ui *ui, Rect r, float radius, float width, Color c);
void ui_shadow(Ui *ui, Rect r, float radius, float reach, Color c);         /* soft, around r; draw it before r */
void ui_panel(Ui *ui, Rect r);                                              /* white card with its faint shadow */
void ui_panel_marked(Ui *ui, Rect r, Color mark);                           /* with a coloured bar at the left, for a lane */
void ui_line(Ui *ui, float x0, float y0, float x1, float y1, float width, Color c);
void ui_arrow(Ui *ui, float x0, float y0, float x1, float y1, float width, Color c);
void ui_poly(Ui *ui, const float *xy, int count, Color c);                  /* filled, even-odd; count points */
void ui_polyline(Ui *ui, const float *xy, int count, float width, Color c);
/* A band that flows from the segment (x0, a0..b0) to (x1, a1..b1) with horizontal ends, as in a Sankey diagram. */
void ui_ribbon(Ui *ui, float x0, float a0, float b0, float x1, float a1, float b1, Color c);
void ui_clip_push(Ui *ui, Rect r);
void ui_clip_pop(Ui *ui);

/* Text in a rectangle: aligned horizontally, centred vertically, cut with an ellipsis if it does not fit (the item is then marked
 * as clipped). Returns the width used; cut it off the rectangle to continue in another style. */
float ui_text(Ui *ui, Rect r, TextStyle style, Align align, const char *text);
float ui_textf(Ui *ui, Rect r, TextStyle style, Align align, const char *format, ...) UI_PRINTF(5, 6);
/* Two texts in one row, left and right: "weights      163,328". The left one is cut if there is no room for both. */
void ui_pair(Ui *ui, Rect r, TextStyle left_style, const char *left, TextStyle right_style, const char *right);
/* Wrapped text from the top of r (breaks at spaces, newlines and between CJK characters); lines 1.45 x size apart.
 * Returns the height used. ui_paragraph_height is the same without drawing. */
float ui_paragraph(Ui *ui, Rect r, TextStyle style, const char *text);
float ui_paragraph_height(Ui *ui, float width, TextStyle style, const char *text);
/* The same for a text in several styles; the runs must cover the whole text. *hit: the run under the pointer, or -1. */
typedef struct TextRun {
    size_t bytes;
    TextStyle style;
    bool underline;
} TextRun;
float ui_runs(Ui *ui, Rect r, const char *text, const TextRun *runs, int count, int *hit);
float ui_runs_height(Ui *ui, float width, const char *text, const TextRun *runs, int count);
float ui_text_width(Ui *ui, TextStyle style, const char *text);
/* Makes a style, for example from the theme: ui_style(FACE_BOLD, ui->theme->size_small, ui->theme->text_dim). */
TextStyle ui_style(Face face, float size, Color color);

/* ---- feature maps ------------------------------------------------------------------------------------------------ */
/* Chooses columns and tile so that all grid->count maps fit width x height with the largest tile in min_tile..max_tile: a whole
 * multiple of the map's size in device pixels if the map is enlarged. If even min_tile does not fit the height, tile is min_tile
 * or the next whole multiple, and the grid must scroll. c, h, w, count, gap must be set; the gap becomes smaller where the maps
 * are then drawn whole. */
void map_grid_fit(const Ui *ui, MapGrid *grid, float width, float height, float min_tile, float max_tile);
/* The largest sharp tile edge <= want. Enlarged: a whole multiple of the map. Averaged: a whole fraction of the map if that is
 * nearly as large, else a whole number of device pixels. */
float map_tile_sharp(const Ui *ui, int h, int w, float want);
/* The smallest sharp tile edge >= `least`, for grids that scroll anyway: a map a little larger than `least` is shown at its own
 * size. */
float map_tile_least(const Ui *ui, int h, int w, float least);
float map_grid_width(const MapGrid *grid);
float map_grid_height(const MapGrid *grid);
bool map_is_averaged(const Ui *ui, const MapGrid *grid); /* the maps are larger than their tiles: say so in the caption */
int map_shown(const MapGrid *grid, int place);      /* the channel of tile `place`, from 0 */
int map_place(const MapGrid *grid, int channel);    /* the number of a channel's tile, or -1 if it is not shown */
Rect map_tile_rect(Rect r, const MapGrid *grid, int channel); /* a channel's tile in a grid drawn at r; w = h = 0 if it is not shown */
Rect map_place_rect(Rect r, const MapGrid *grid, int place); /* the same of tile `place`, from 0; columns >= 1 */
Rect map_cell_rect(Rect r, const MapGrid *grid, int channel, int y, int x); /* the place of one of its values */
/* Draws the maps from r's corner on. Returns the value under the pointer. Only visible rows are made. */
MapHit ui_maps(Ui *ui, Rect r, const MapGrid *grid, const char *address);
/* Draws a bar of the colour map from lo to hi (MAP_SIGNED: from -hi to hi) with the texts low and high at its ends; r is about
 * 160 x 24. `name` is the colour map's name, for the dump. */
void ui_legend(Ui *ui, Rect r, Colormap map, const char *name, float lo, float hi, const char *low, const char *high);
/* Stretches rgb (h rows of w pixels) over r: smooth (area-averaged or bilinear) or with hard pixels. Borrowed until the frame is
 * drawn. */
void ui_picture(Ui *ui, Rect r, const unsigned char *rgb, int w, int h, uint64_t version, bool smooth);

/* ---- widgets: id, rect, update, draw; each returns what happened to it this frame -------------------------------- Between the
 * press and the release a widget is known by its id. ui_id makes it from a name and an index. The index says what the widget is
 * about (a class, a layer), not where it is: the layout may move while the button is down, and the words may change. This is as
 * in microui, but the caller gives the id. Two widgets of a frame never have the same id; tests check ui->ids. */
bool ui_hover(Ui *ui, Rect r);  /* pointer inside r, inside the clip, not under an overlay, and nothing else is dragged */
bool ui_click(Ui *ui, uint64_t id, Rect r); /* invisible button: pressed and released inside */
bool ui_drag(Ui *ui, uint64_t id, Rect r);  /* pressed inside and not yet released, wherever the pointer is now */
typedef enum ButtonKind { BUTTON_PLAIN, BUTTON_PRIMARY, BUTTON_STRIP } ButtonKind; /* STRIP: outline on the dark strip */
bool ui_button(Ui *ui, uint64_t id, Rect r, const char *label, ButtonKind kind);
bool ui_choice(Ui *ui, uint64_t id, Rect r, const char *label, bool selected); /* one of several words in a row */
bool ui_slider(Ui *ui, uint64_t id, Rect r, const char *label, float *value, float lo, float hi); /* true while it changes */
bool ui_field(Ui *ui, uint64_t id, Rect r, const char *label, char *text, size_t size); /* true on Enter; shows label if empty */
void ui_field_focus(Ui *ui, uint64_t id); /* gives a field the focus, cursor at its end; 0 takes it away */
float ui_button_width(Ui *ui, const char *label); /* the width that the label needs */
/* An area that scrolls by wheel and bar. Returns the rectangle for the content, with y moved by the offset, and pushes r as clip;
 * end with ui_scroll_end. There is no bar if the content fits. */
Rect ui_scroll_begin(Ui *ui, uint64_t id, Rect r, Scroll *scroll, float content_height);
void ui_scroll_end(Ui *ui);
/* The same for content with a height that is known only after drawing: the last frame's height is used, and a change asks for
 * another frame. used: the height that was drawn. */
Rect ui_column_begin(Ui *ui, uint64_t id, Rect r, Scroll *scroll);
void ui_column_end(Ui *ui, float used);
/* Call before ui_scroll_begin: scrolls as little as needed to show [top, bottom) of the content in an area of this height. */
void ui_scroll_to(Scroll *scroll, float height, float top, float bottom);
/* Call between begin and end: scrolls as little as needed to show r, a part of the content, in the next frame; if r is higher
 * than the area, shows its top. */
void ui_scroll_show(Ui *ui, Rect r);
/* What is drawn between these two is above everything drawn before, and widgets under r ignore the pointer. */
void ui_overlay_begin(Ui *ui, Rect r);
void ui_overlay_end(Ui *ui);
/* A small dark note beside the pointer; lines separated by newlines, long ones wrapped. Drawn over everything at the end of the
 * frame. */
void ui_tooltip(Ui *ui, const char *text);
/* The same for a word of the bars, once the pointer has rested on `target` for a moment: below it or beside it, never over it. */
void ui_tip(Ui *ui, Rect target, TipSide side, const char *text);
void ui_frame_later(Ui *ui, double at); /* asks for a frame at a time to come */

Rect rect_cut_left(Rect *r, float w);   /* cuts a slice off r and returns it */
Rect rect_cut_right(Rect *r, float w);
Rect rect_cut_top(Rect *r, float h);
Rect rect_cut_bottom(Rect *r, float h);
Rect rect_inset(Rect r, float d);
Rect rect_cell(Rect r, int rows, int columns, int y, int x); /* of r in so many rows and columns, rounded so that neighbours touch */
Rect rect_intersect(Rect a, Rect b);    /* empty: w = h = 0 */
bool rect_has(Rect r, float x, float y);

#endif
