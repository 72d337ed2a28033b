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
/* The style of what the main path predicts: grey where its weights are untrained, so that it means nothing. */
TextStyle part_means(const Ui *ui, const Model *m, TextStyle style);

/* A heading in small bold capitals; cuts its row off `r`. */
void part_heading(Ui *ui, Rect *r, const char *text);
/* And at its right what the numbers below are; below it where there is no room beside. */
void part_heading_with(Ui *ui, Rect *r, const char *text, const char *what);
/* Rows cut off `r`: left and right text; numbers at the right are mono. */
void part_row(Ui *ui, Rect *r, const char *left, const char *right);
void part_row_styled(Ui *ui, Rect *r, TextStyle left_style, const char *left, TextStyle right_style, const char *right);
void part_paragraph(Ui *ui, Rect *r, TextStyle style, const char *text);
/* What fits of "longest · middle · end": leaves parts out from the end; draws nothing when even the first does not fit. */
float part_text_fit(Ui *ui, Rect r, TextStyle style, const char *text);
/* As much of a text's beginning as fits the width, with an ellipsis where there is more. */
void part_cut(Ui *ui, TextStyle style, const char *text, float width, char *out, size_t size);
/* Title and what it says, in one row at the top of the stage; cut off `r`. */
void part_stage_title(Ui *ui, Rect *r, const char *title, const char *says);

/* ---- part_maps.c ---- */
/* The colours that a layer's map is drawn with: the chosen map, or the signed one where values are negative and nothing else was
 * chosen. */
Colormap part_colormap(const Model *m, const LayerMap *map);
/* A range for a grid: MapGrid.lo and hi, which last until the frame is drawn. */
const float *part_range_pair(ViewState *v, float lo, float hi);
/* Channels [first, first + count) of a layer's map as a grid, with the range that the model asks for; columns and tile are still
 * to be fitted. */
MapGrid part_grid(const Model *m, ViewState *v, int layer, const LayerMap *map, int first, int count);
/* Draws it at r's corner; hovering points, clicking selects, what is selected is framed, relatives of what is pointed at are lit. */
void part_maps(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, const MapGrid *grid);
/* Columns and tile with which all maps of this shape fit r, room for the caption below them and for a scroll bar left; a grid
 * without data. */
MapGrid part_fit(const Ui *ui, Shape shape, Rect r, float min_tile, float max_tile);
/* Fits into r and draws; scrolls in `slot` where the maps do not fit, and says how many are seen. Returns the height used. */
float part_maps_fit(Ui *ui, Model *m, ViewState *v, Rect r, int layer, const LayerMap *map, float min_tile, float max_tile, int slot);
/* "drawn at 50 %" of maps that are larger than their tiles, or "". */
void part_averaged(const Ui *ui, const Model *m, const MapGrid *grid, char *out, size_t size);
/* What that means, for the pointer over the caption that says it. */
void part_averaged_tip(Ui *ui, const Model *m, Rect caption, const MapGrid *grid);
/* model_range_shown in the colours that it is drawn with: the signed map spans as far below zero as above. */
RangeShown part_range(const Model *m, int layer, const LayerMap *map, int channel);
RangeShown part_signed_range(const Model *m, const LayerMap *map, RangeShown range); /* the second half of it alone */
/* What the legend's two numbers leave out, "top 1 % clipped, true max 507.6", or "". */
void part_range_note(const Model *m, const RangeShown *range, char *out, size_t size);
/* ui_legend with these two numbers at its ends; of the signed map as far below zero as above. */
void part_legend(Ui *ui, Rect r, Colormap map, float lo, float hi);
/* "range 0 … 138.7" of what a layer's map is drawn with. */
void part_range_text(const Model *m, int layer, const LayerMap *map, char *out, size_t size);

/* Whether all of a layer is to be seen: the lesson's step shows it, or the pointer is over its name. */
bool part_lit(const Model *m, const ViewState *v, int layer);
/* The frame of what is lit, around r. */
void part_light(Ui *ui, Rect r);

/* A press on what the pointer is over, taken: tiles answer to the press, since a held button hides what is under the pointer. */
bool part_pressed(Ui *ui);

/* For grids of weights: differs from every map's version, and for every part of every state of the weights. */
uint64_t part_weights_version(const Model *m, int layer, int part);

/* ---- part_picture.c ---- */
/* An image fitted into r, from its corner; small ones grow by a whole factor with hard pixels, as maps do. Returns its rectangle. */
Rect part_image(Ui *ui, const Image *image, uint64_t version, Rect r);
/* The picture as the network sees it, fitted into r (from its corner), and over it the field of one value: the rest dimmed, a
 * frame where the field ends, at most 3 pixels beyond the picture's edge. field NULL: only the picture. Returns its rectangle. */
Rect part_picture(Ui *ui, const Picture *picture, Rect r, const ReceptiveField *field);

/* ---- what_if.c: rows cut off `r` ---- */
/* A slider and a field that scale the selected channel; nothing where it has no kernel. */
void part_scale_channel(Ui *ui, Model *m, ViewState *v, Rect *r);
/* The same for the weight that was chosen by part_choose_weight; its layer must be one of the network's. */
void part_edit_weight(Ui *ui, Model *m, ViewState *v, Rect *r);
/* The first classes before and after the changes, side by side, and the button that puts everything back. Without a change both are what is
 * predicted, and the button's place is empty: the height is the same, so that nothing jumps when a change begins. */
void part_before_after(Ui *ui, Model *m, Rect *r);
/* Chooses the weight with this place in the flat array when it was pressed; frames the chosen one. */
void part_choose_weight(Ui *ui, ViewState *v, Rect cell, int layer, size_t index);

/* ---- part_kernels.c: kernels over the input's three colours ---- */
bool part_kernels_are_colours(const Net *net, int layer);
/* What input channel c (0..2) of the network is: STR_RED, STR_GREEN or STR_BLUE. */
Str part_input_colour(const Net *net, int c);
/* Kernels [first, first + count) as pictures, red, green and blue in their places whatever order the network reads; grey is 0. One scale for
 * all kernels of the layer, or each its own where the range chosen is that of the map. False without memory; tile and columns still to be
 * fitted. Uses view_scratch. */
bool part_kernel_grid(const Model *m, ViewState *v, int layer, int first, int count, MapGrid *grid);
/* All of them fitted into r, with what the scale is below; hovering points, clicking selects. */
void part_kernels(Ui *ui, Model *m, ViewState *v, Rect r, int layer, float max_tile);

/* ---- parts.c: colours and names in words ---- */
/* A branch's colour as text, or the plain text colour. */
Color part_layer_text(const Ui *ui, const Layer *layer);
/* "inception 3a", "conv1", "3a / 3x3_reduce": for titles. */
void part_layer_title(const Model *m, int layer, char *out, size_t size);
/* What is pointed at, or else selected; channel -1 when neither. */
Cursor part_focus(const Model *m);
/* "1×1", "pool": a branch's name for people. */
const char *part_branch_title(const Model *m, Branch branch);
/* A class's first name: ImageNet's lists synonyms. */
void part_class_name(const Model *m, int class_index, char *out, size_t size);
/* The branch of a concat channel. */
Branch part_branch_of(const Module *module, int channel);

#endif
