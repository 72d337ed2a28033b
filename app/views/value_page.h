/* value_page.h - how one value is taken apart on the screen, which differs from op to op. */
#ifndef INCEPTOSCOPE_VALUE_PAGE_H
#define INCEPTOSCOPE_VALUE_PAGE_H

#include "app/model/taken.h"
#include "app/views/parts.h"

/* The parts of the one-value view that know the op. A new op needs one of these, in the file of an op like it or in its own, and its
 * row in value_ops.c. Texts are never NULL; "" means that there is nothing to say. */
typedef struct ValuePage {
    void (*terms)(Ui *ui, Model *m, ViewState *v, Rect r, const Taken *taken);   /* the card in the middle: how the value came about */
    void (*ledger)(Ui *ui, const Model *m, Rect *r, const Taken *taken);         /* rows from start to sum; cut off r */
    void (*says)(const Model *m, const Taken *taken, char *out, size_t size);    /* the headline: the same in a sentence */
    void (*formula)(const Model *m, const Taken *taken, char *out, size_t size);
    bool rounds;                /* the value is computed, so the engine's order of adding can show in its last bits */
    bool copies;                /* it is another layer's value as it is */
    Str hint;                   /* the footer: what Enter does, or STR_NONE */
    Str hint_play;              /* what Space does where the map has more than one place */
} ValuePage;

extern const ValuePage value_conv, value_fc;            /* value_conv.c */
extern const ValuePage value_maxpool, value_avgpool;    /* value_pool.c */
extern const ValuePage value_lrn, value_softmax;        /* value_list.c */
extern const ValuePage value_input;                     /* value_input.c */
/* How a pixel becomes a number: in the file, as it was fitted, as the network receives it; each with what is around it. x: the
 * network's input (C, H, W); at: one of its values. */
void input_steps(Ui *ui, const Model *m, Rect in, const float *x, Cursor at);

/* ---- value_ops.c ---- */
const ValuePage *value_page(Op op);
/* The headline of any value: where it is, its op's sentence, and whether the engine has stored just that. */
void value_says(const Model *m, const Taken *taken, char *out, size_t size);
/* The footer: the keys that do something here. */
void value_hints(const Model *m, char *out, size_t size);

#endif
