/* parts.h - pieces that several views draw: headings, grids of a layer's maps, the picture with a field over it. */
#ifndef INCEPTOSCOPE_PARTS_H
#define INCEPTOSCOPE_PARTS_H

#include "app/views/view_state.h"

/* Text styles in one word. */
TextStyle part_title(const Ui *ui);
TextStyle part_body(const Ui *ui);
TextStyle part_small(const Ui *ui);     /* dimmed */
TextStyle part_caption(const Ui *ui);   /* smaller still */
TextStyle part_bold(const Ui *ui);
TextStyle part_mono(const Ui *ui);
TextStyle part_colored(TextStyle style, Color color);
/* The style of the main path's prediction: grey if its weights are untrained, since it then means nothing. */
TextStyle part_means(const Ui *ui, const Model *m, TextStyle style);

/* A heading in small bold capitals; cuts its row off `r`. */
void part_heading(Ui *ui, Rect *r, const char *text);
/* The same, with a note about the numbers below at its right, or below it if there is no room. */
void part_heading_with(Ui *ui, Rect *r, const char *text, const char *what);
/* Rows cut off `r`: left and right text; numbers at the right are mono. */
void part_row(Ui *ui, Rect *r, const char *left, const char *right);
void part_row_styled(Ui *ui, Rect *r, TextStyle left_style, const char *left, TextStyle right_style, const char *right);
void part_paragraph(Ui *ui, Rect *r, TextStyle style, const char *text);
/* Draws as many parts of "first · second · third" as fit, from the beginning; nothing if even the first does not fit. */
float part_text_fit(Ui *ui, Rect r, TextStyle style, const char *text);
/* Copies as much of a text's beginning as fits the width, with an ellipsis if it is cut. */
void part_cut(Ui *ui, TextStyle style, const char *text, float width, char *out, size_t size);
/* A white card with its caption: bold, then dimmed; with a bar of this colour at its left if `mark` is not 0. Returns the room inside. */
static const float PART_CARD_PAD = 14;
Rect part_card(Ui *ui, Rect r, const char *caption, const char *dim, Color mark);
/* A white card that begins with a part_heading, which has its own room above. Returns the room inside. */
Rect part_panel(Ui *ui, Rect r);
/* An arrow in the gap between two cards, with an operation's words above and below it. */
void part_op_arrow(Ui *ui, Rect gap, const char *above, const char *below);
/* Two bars while something plays, else a triangle; around (x, y), 2 * half high. */
void part_play_icon(Ui *ui, float x, float y, float half, bool plays, Color color);
/* A title and a sentence, in one row at the top of the stage; cut off `r`. */
void part_stage_title(Ui *ui, Rect *r, const char *title, const char *says);

/* ---- part_maps.c ---- */
/* The colours that a channel of a layer's map is drawn with: the chosen map; if none was chosen the signed one for negative values, and
 * for a photo's input its own colour (model_tinted). */
Colormap part_colormap(const Model *m, int layer, const LayerMap *map, int channel);
/* A range for MapGrid.lo and hi, valid until the frame is drawn. */
const float *part_range_pair(ViewState *v, float lo, float hi);
/* Channels [first, first + count) of a layer's map as a grid, with the model's range; the caller still fits columns and tile. */
MapGrid part_grid(const Model *m, ViewState *v, int layer, const LayerMap *map, int first, int count);
/* Draws the grid at r's corner. Hovering points, clicking selects; the selection is framed, and relatives of the tile under the
 * pointer are lit. */
void part_maps(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, const MapGrid *grid);
/* The channel of this layer with the same values as the cursor's: that itself, or its twin between a branch and its concat. -1: none. */
int part_channel_here(const Model *m, Cursor cursor, int layer);
/* A grid without data, with columns and tile so that all maps of this shape fit r, with room for the caption below and a scroll
 * bar. */
MapGrid part_fit(const Ui *ui, Shape shape, Rect r, float min_tile, float max_tile);
/* Fits the maps into r and draws them. If they do not fit, scrolls with `slot` and says how many are visible. Returns the height
 * used. */
float part_maps_fit(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, float min_tile, float max_tile, int slot);
/* The same with columns, tile and gap of a grid that is already fitted. Two grids with one Scroll scroll together. */
float part_maps_as(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, const MapGrid *fit, int id, Scroll *scroll);
/* "drawn at 50 %" if the maps are larger than their tiles, else "". */
void part_averaged(const Ui *ui, const Model *m, const MapGrid *grid, char *out, size_t size);
/* A tooltip that explains it, if the pointer is over the caption. */
void part_averaged_tip(Ui *ui, const Model *m, Rect caption, const MapGrid *grid);
/* model_range_shown for the colour map in use: the signed map's range is -r .. r. */
RangeShown part_range(const Model *m, int layer, const LayerMap *map, int channel);
RangeShown part_signed_range(const Model *m, int layer, const LayerMap *map, RangeShown range); /* only this second step */
/* What is outside the legend's two numbers, "top 1 % clipped, true max 507.6", or "". */
void part_range_note(const Model *m, const RangeShown *range, char *out, size_t size);
/* ui_legend with lo and hi at its ends; for the signed map -r and r, where r is the larger |value| of the two. */
void part_legend(Ui *ui, Rect r, Colormap map, float lo, float hi);
/* "range 0 … 138.7": the range that a layer's map is drawn with. */
void part_range_text(const Model *m, int layer, const LayerMap *map, char *out, size_t size);

/* Whether a whole layer is lit: the lesson's step shows it, or the pointer is over its name. */
bool part_lit(const Model *m, const ViewState *v, int layer);
/* Draws the frame of a lit part around r. */
void part_light(Ui *ui, Rect r);

/* Takes this frame's press, if there is one. Tiles react to the press, since a held button hides what is under the pointer. */
bool part_pressed(Ui *ui);

/* A version for grids of weights: different from every map's version, and new for each part and each change of the weights. */
uint64_t part_weights_version(const Model *m, int layer, int part);

/* ---- part_digits.c ---- */
/* Over a grid that was drawn at r: prints each value into its cell, where the cells are large enough for a few digits. */
void part_digits(Ui *ui, Rect r, const MapGrid *grid);

/* ---- part_picture.c ---- */
/* Draws an image fitted into r, at its corner. A small one is enlarged by a whole factor with hard pixels, as maps are. Returns
 * its rectangle. */
Rect part_image(Ui *ui, const Image *image, uint64_t version, Rect r);
/* Draws the picture as the network sees it, fitted into r at its corner, and over it the field of one value: the rest is dimmed,
 * and a frame is around the field, at most 3 pixels outside the picture. field NULL: only the picture. Returns its rectangle. */
Rect part_picture(Ui *ui, const Picture *picture, Rect r, const ReceptiveField *field);

/* ---- what_if.c: rows cut off `r` ---- */
/* A slider and a field that scale the selected channel; nothing if it has no kernel. */
void part_scale_channel(Ui *ui, Model *m, ViewState *v, Rect *r);
/* The same for the weight that was chosen by part_choose_weight; its layer must be one of the network's. */
void part_edit_weight(Ui *ui, Model *m, ViewState *v, Rect *r);
/* The first classes before and after the changes, side by side, and the button that undoes all changes. Without changes both
 * sides are the same and the button's place is empty: the height stays the same, so that nothing jumps at the first change. */
void part_before_after(Ui *ui, Model *m, Rect *r);
/* Chooses the weight with this index in the flat array if its cell was pressed; frames the chosen one. */
void part_choose_weight(Ui *ui, ViewState *v, Rect cell, int layer, size_t index);

/* ---- part_kernels.c: kernels over the input's three colours ---- */
bool part_kernels_are_colours(const Net *net, int layer);
/* The colour of the network's input channel c (0..2): STR_RED, STR_GREEN or STR_BLUE. */
Str part_input_colour(const Net *net, int c);
/* Kernels [first, first + count) as pictures, always in the order red, green, blue; grey is 0. All kernels of the layer share one
 * scale; with RANGE_MAP each has its own. The caller still fits tile and columns. Uses view_scratch. False if out of memory. */
bool part_kernel_grid(const Model *m, ViewState *v, int layer, int first, int count, MapGrid *grid);
/* Draws all kernels fitted into r, with the scale below. Hovering points, clicking selects. */
void part_kernels(Ui *ui, Model *m, ViewState *v, Rect r, int layer, float max_tile);

/* ---- parts.c: colours and names in words ---- */
/* A branch's colour as text, or the plain text colour. */
Color part_layer_text(const Ui *ui, const Layer *layer);
LayerKind part_kind(Op op);
/* "inception 3a", "conv1", "3a / 3x3_reduce": for titles. */
void part_layer_title(const Model *m, int layer, char *out, size_t size);
/* Its address, "3a/3x3": for sentences. */
void part_layer_address(const Model *m, int layer, char *out, size_t size);
/* A key of the key table as people write it: "Shift+C", "←", "Esc". Returns where in `out` the key begins behind its modifiers. */
enum { PART_KEY_MAX = 32 };
const char *part_key_text(const char *key, char out[PART_KEY_MAX]);
/* Tells in a tooltip what a word of the bars does and its key, while the pointer is over it. */
void part_verb_tip(Ui *ui, const Model *m, Rect place, Str tip, Verb verb);
/* Says in one sentence what a layer does. */
void part_says(const Model *m, int layer, char *out, size_t size);
/* What is under the pointer, else what is selected; channel -1 if neither. */
Cursor part_focus(const Model *m);
/* "1×1", "pool": a branch's name for people. */
const char *part_branch_title(const Model *m, Branch branch);
/* A class's first name: ImageNet's lists synonyms. */
void part_class_name(const Model *m, int class_index, char *out, size_t size);
/* What is behind a path's last slash. */
const char *part_file_name(const char *path);
/* "GoogLeNet, 5 flowers": the beginning of the network's title, and how many classes of what it tells apart. */
void part_network_name(const Model *m, bool with_classes, char *out, size_t size);
/* The branch of a concat channel. */
Branch part_branch_of(const Module *module, int channel);

#endif
