/* value_page.h - the page of the one-value view, which is different for each op. */
#ifndef INCEPTOSCOPE_VALUE_PAGE_H
#define INCEPTOSCOPE_VALUE_PAGE_H

#include "app/model/taken.h"
#include "app/views/parts.h"

/* The parts of the one-value view that depend on the op. A new op needs one of these, in its own file or that of a similar op,
 * and a row in value_ops.c. Texts are never NULL; "" if there is nothing to say. */
typedef struct ValuePage {
    void (*terms)(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *taken);   /* the card: how the value is computed */
    void (*ledger)(Ui *ui, const Model *m, Rect *r, const Taken *taken);         /* rows from start to sum, cut off r */
    void (*says)(const Model *m, const Taken *taken, char *out, size_t size);    /* the headline: the same as a sentence */
    void (*formula)(const Model *m, const Taken *taken, char *out, size_t size);
    bool rounds;                /* the value is computed, so the engine's order of adding can show in its last bits */
    bool copies;                /* it is an unchanged value of another layer */
    Str hint;                   /* for the footer: what Enter does, or STR_NONE */
    Str hint_play;              /* what Space does if the map has more than one position */
} ValuePage;

extern const ValuePage value_conv, value_fc;            /* value_conv.c */
void value_products(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *taken); /* value_products.c: their terms */
extern const ValuePage value_maxpool, value_avgpool;    /* value_pool.c */
extern const ValuePage value_lrn, value_softmax;        /* value_list.c */
extern const ValuePage value_input;                     /* value_input.c */
/* Draws how a pixel becomes a number: in the file, fitted, and as the network's input, each with its neighbours. x: the network's
 * input (C, H, W); at: one of its values. */
void input_steps(Ui *ui, const Model *m, Rect in, const float *x, Cursor at);
/* What preprocessing did to the picture, with its numbers: "squeezed to 224×224 · its proportions changed". */
void input_fitting_text(const Model *m, char *out, size_t size);
/* What the byte v of the input's channel c becomes: "2·v/255 − 1", "(v/255 − 0.485)/0.229", "v − 104". */
void input_channel_formula(const Net *net, int c, char *out, size_t size);

/* ---- view_value.c ---- */
/* The title row of a value, cut off `area`, with the choice between its terms and the way through its reduction. */
void value_title(Ui *ui, Model *m, Rect *area);
/* What is left, in the middle and at the right of a value, and the left one: what the value sees, and its map. */
void value_columns(Rect area, Rect *left, Rect *middle, Rect *right);
/* While the reference engine computes the network: how far it is, or why it cannot. */
void value_waiting(Ui *ui, const Model *m, Rect area, const Err *problem);
void value_left(Ui *ui, Model *m, ViewState *v, Rect left, const Taken *taken);

/* ---- view_circuit.c ---- */
void circuit_hints(const Model *m, char *out, size_t size);

/* ---- view_backward.c ---- */
void backward_hints(const Model *m, char *out, size_t size);

/* ---- view_order.c ---- */
void order_hints(const Model *m, char *out, size_t size);

/* ---- view_path.c ---- */
void path_hints(const Model *m, char *out, size_t size);

/* ---- value_ops.c ---- */
const ValuePage *value_page(Op op);
/* The headline of any value: its address, its op's sentence, and whether the engine stored exactly this value. */
void value_says(const Model *m, const Taken *taken, char *out, size_t size);
/* The footer: the keys that do something here. */
void value_hints(const Model *m, char *out, size_t size);

#endif
