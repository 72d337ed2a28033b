/* model.h - what the user is looking at, and the verbs that change it. No SDL, no drawing. Keys, widgets, scripts, lessons and
 * tests all change the model through the functions below and through nothing else. What goes on over time is above it, in app/session.
 *
 * All of it runs on the main thread; the only other thread is inside Compute. model_begin_frame comes before a frame's views. */
#ifndef INCEPTOSCOPE_MODEL_H
#define INCEPTOSCOPE_MODEL_H

#include "app/model/compute.h"
#include "app/model/cursor.h"
#include "app/model/gradients.h"
#include "app/model/keys.h"
#include "app/model/names.h"
#include "app/model/numbers.h"
#include "app/model/occlusion_model.h"
#include "app/model/picture.h"
#include "app/model/switched.h"
#include "app/model/taken.h"
#include "app/model/whatif.h"

typedef enum Overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_SEARCH, OVERLAY_PICTURES, OVERLAY_LESSONS, OVERLAY_RANGE, OVERLAY_MAP } Overlay;
typedef struct Screen {
    Lang lang;
    bool dark, presenter, fullscreen, blackout;
    bool still;                 /* no animation */
} Screen;

/* The last move, for animation: a pure function of (now - start) draws it. The cursor has already arrived. */
typedef struct Motion {
    int from;                   /* layer that was left */
    int direction;              /* +1 forward, -1 back, +2 into, -2 out, 0 jump */
    double start;
} Motion;

enum { LIT_MAX = 8 };

typedef struct Model {
    char *networks_dir;         /* owned */
    SharedSource *source;
    Picture picture;
    Compute *compute;
    const Engine *engine;
    WhatIf what_if;
    WhatIf retired;             /* put back in this frame; what is being drawn may still borrow it */
    uint64_t weights_version;   /* changes when model_weights' values do */
    Trace trace;                /* counts and fields of the source's network */
    Ledger ledger;              /* the same as a table, with what was printed about it and the verdicts */
    Switched switched;          /* the ledger with switches set, when there are any */
    Picture other;              /* second picture, path "" when there is none */
    Compute *other_compute;     /* NULL until a second picture is chosen */

    int at;                     /* the layer whose stage is shown; a module's concat for the whole module */
    Cursor cursor;              /* what is selected: on `at` itself, or a channel of what its stage shows beside it */
    Cursor hover;               /* under the pointer in this frame; layer -1 when nothing is */
    ViewKind view;
    Overlay overlay;
    Gradients gradients;        /* gradient flow, kept up to date while its view is shown */
    Occlusion occlusion;        /* the same for the occlusion's view */
    int cam_class;              /* class of the activation map and the occlusion; -1: the predicted one */
    Look look;
    Screen screen;
    Motion motion;
    bool playing;               /* the cursor moves by itself (app/session/play.h); in one value, what it has not reached is not shown */
    int term;                   /* in one value: terms that were multiplied so far; -1: all, nothing is stepped */
    Cursor lit[LIT_MAX];        /* parts that a lesson's step shows; channel -1: the whole layer */
    int lit_count;

    double now;                 /* seconds, of the frame */
    char status[1024];          /* message in the status line; model_status says whether it is still to be read */
    double status_until;
    bool status_bad;
    bool status_here; ViewKind status_view; int status_at; /* it is about this place: who moves on has done with it */
    bool recompute;             /* compute_start is due at the next model_compute */
    void (*wake)(void *);       /* from any thread: a frame is wanted */
    void *wake_user;
} Model;

/* What stays when the program ends (settings.c) and what the command line sets. */
typedef struct ModelOptions {
    SharedSource *source;       /* taken over */
    Picture picture;            /* taken over */
    const Engine *engine;
    const char *networks_dir;
    Look look;
    Screen screen;
    void (*wake)(void *);
    void *wake_user;
} ModelOptions;

bool model_open(Model *m, const ModelOptions *options, Err *err);
void model_close(Model *m);

void model_begin_frame(Model *m, double now);
/* After what changes the model before a frame: starts to compute what is due. */
void model_compute(Model *m);
bool model_busy(Model *m);      /* something is being computed */

/* ---- verbs ---------------------------------------------------------------------------------------------------------- */
void model_do(Model *m, Verb verb);                     /* not those of activities: session_do has them all */
bool model_back(Model *m);                              /* VERB_BACK; false: there was nothing to go back from */
void model_go(Model *m, int layer);                     /* to a layer; the view becomes the stage */
void model_select(Model *m, Cursor cursor);             /* a channel and a place in it; invalid parts become -1 */
void model_position(Model *m, int y, int x);            /* another place in the selected map; the terms shown stay */
void model_point(Model *m, Cursor cursor);              /* the pointer is over it (in this frame) */
void model_light(Model *m, const Cursor *parts, int count); /* at most LIT_MAX */
/* "3a/5x5[7]"; pos "12,15" or NULL; view a name or NULL. False with a message, nothing changed. */
bool model_goto(Model *m, const char *address, const char *pos, const char *view, Err *err);
/* A whole place: what model_address and model_state_text say of where one is. NULL: not said. */
typedef struct Place {
    const char *at, *pos, *view, *stage;
    const char *without_reductions, *third_3x3; /* the ledger's switches, as trace takes them */
    bool has_class;
    int class_index;            /* of the class activation map */
} Place;
bool model_place(Model *m, const Place *place, Err *err);
void model_view(Model *m, ViewKind view);
void model_overlay(Model *m, Overlay overlay);
void model_choose_class(Model *m, int class_index);     /* of the activation map and the occlusion; -1: the predicted one */
void model_choose_label(Model *m, int label);           /* that the gradients' loss is taken for; -1: the network's own answer */
void model_choose_square(Model *m, int square);         /* of the occlusion; chosen again it is let go; -1: none */
bool model_occlusion_of(Model *m, int class_index);     /* makes the occlusion's map that of a class; false while there is nothing */
void model_gradients_show(Model *m, bool by_layer, bool of_weights);
void model_range_kind(Model *m, RangeKind range);       /* to lock it there is VERB_LOCK */
void model_colour_map(Model *m, int map);               /* a LookMap */
void model_play(Model *m, bool on);                     /* the cursor moves by itself, or stays where it is */
void model_status_read(Model *m);                       /* what was said needs to be shown no longer */
/* What if: channels of a conv or fc scaled, 0 silenced .. 1 as they were; one weight, by its place in the flat array; all put back. */
void model_scale(Model *m, int layer, int first, int count, float scale);
void model_edit_weight(Model *m, size_t index, float value);
void model_restore(Model *m);
void model_switch(Model *m, int module, bool third);    /* the ledger's: 1x1 reductions, or the third branch's kernel */
/* What was opened, taken over. */
void model_take_picture(Model *m, Picture picture);
void model_take_other(Model *m, Picture picture);       /* the second picture */
bool model_take_source(Model *m, Source source, Err *err); /* network and weights: the pictures are fitted anew; on failure nothing changes */
void model_picture_seen(Model *m);                      /* its file has changed and is being read again */
void model_engine(Model *m, const Engine *engine);
#if defined(__GNUC__)
#define MODEL_PRINTF __attribute__((format(printf, 3, 4)))
#else
#define MODEL_PRINTF
#endif
void model_say(Model *m, bool bad, const char *format, ...) MODEL_PRINTF;
void model_say_here(Model *m, bool bad, const char *format, ...) MODEL_PRINTF; /* about the layer and view that are shown: gone with them */

/* ---- what views ask -------------------------------------------------------------------------------------------------- */
const Net *model_net(const Model *m);
const Ledger *model_ledger(const Model *m);             /* the switched one when there is */
const float *model_weights(const Model *m);             /* the edited ones when there are */
const char *model_status(const Model *m);               /* what was said and is still to be read, or NULL */
const char *model_text(const Model *m, Str id);         /* in the language chosen */
const char *model_label(const Model *m, int class_index, char *scratch, size_t size);
/* What the main head answers: the softmax of its scores. */
typedef struct Prediction {
    const float *values;        /* the map at its end; good for this frame */
    int count;                  /* classes */
    float max, sum;             /* where no softmax layer ends it, those of softmax_parts; else sum is 0 and the values are the answer */
} Prediction;
/* False until it is computed, and for a network without class scores (net_need_scores). */
bool model_prediction(const Model *m, Prediction *out);
float prediction_prob(const Prediction *p, int class_index);
/* The main head's classes, best first; 0 until they are computed, and without class scores. */
int model_top(const Model *m, Guess *out, int k);
/* The same with one class more, first, when it is none of the best: a choice that was made stays in sight. -1: no class. */
int model_top_with(const Model *m, int class_index, Guess *out, int k);
/* Of those with `part` in one of their names, case ignored, or with that number, the best k first; all of them for "". */
int model_find_classes(const Model *m, const char *part, Guess *out, int k);
/* Maps of all layers for engine/net/explain.h, NULL where not computed; true when every one of `layer`'s inputs is there. */
bool model_maps(const Model *m, const float **maps, int layer);
/* Takes the value under `at` apart. False while its maps are not computed, or without memory. Ends with taken_free. */
bool model_taken(const Model *m, Cursor at, Taken *out);
/* The range that a layer's map is drawn with: one pair, or one per channel when *count is its channels. */
void model_range(const Model *m, int layer, const LayerMap *map, const float **lo, const float **hi, int *count, float pair[2]);
/* The range that the colours of a map span beside the one that the values have; of one channel where every map has its own. */
typedef struct RangeShown {
    float lo, hi;               /* colours */
    float true_lo, true_hi;     /* values, of all that share the range; beyond lo and hi where outliers are clipped or the range is locked */
    bool each;                  /* every map has a range of its own, within true_lo .. true_hi, and no channel was asked for */
    bool clips;                 /* with each: outliers are clipped in some of them */
} RangeShown;
RangeShown model_range_shown(const Model *m, int layer, const LayerMap *map, int channel);
/* The kernels that read this map and give it the largest mean |w|, largest first: of every convolution and fully connected layer whose
 * input it is a channel of, as it is or behind a concat, pools, norms and dropout. Each of these layers gets an equal part of `max`, so
 * that all of them are named. Of a grouped convolution only the map's group reads it. Heads count for their own layers only. Returns how
 * many were written. */
typedef struct Reader {
    int layer, kernel;
    float weight;               /* mean |w| over the kernel's taps on this channel */
    int via;                    /* the pool, norm or dropout right before the reader, when it does not read the map itself; else -1 */
} Reader;
int model_readers(const Model *m, int layer, int channel, Reader *out, int max);
/* "--at '3a/3x3[78]' --pos 12,15 --view value": all it takes to come to this place again. */
void model_address(const Model *m, char *out, size_t size);
/* The same and how it looks: " --range layer --map viridis --outliers clip --lang en --theme light"; `size` of 1024 is
 * enough. */
void model_state_text(const Model *m, char *out, size_t size);
/* Progress of the move 0..1, eased; 1 when it is over or motion is off. */
float model_motion(const Model *m);

#endif
