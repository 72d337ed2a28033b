/* model.h - what the user is looking at, and the verbs that change it. No SDL, no drawing. Keys, widgets, scripts, lessons and
 * tests all change the model through the functions below and through nothing else. Activities over time are above it, in
 * app/session.
 *
 * All of it runs on the main thread; the only other thread is inside Compute. Call model_begin_frame before a frame's views. */
#ifndef INCEPTOSCOPE_MODEL_H
#define INCEPTOSCOPE_MODEL_H

#include "app/model/accuracy_model.h"
#include "app/model/backward_model.h"
#include "app/model/circuit_model.h"
#include "app/model/compute.h"
#include "app/model/crops_model.h"
#include "app/model/cursor.h"
#include "app/model/fool_model.h"
#include "app/model/gradients.h"
#include "app/model/groups_model.h"
#include "app/model/keys.h"
#include "app/model/lineage.h"
#include "app/model/names.h"
#include "app/model/numbers.h"
#include "app/model/occlusion_model.h"
#include "app/model/order_model.h"
#include "app/model/path_model.h"
#include "app/model/overfit.h"
#include "app/model/picture.h"
#include "app/model/sanity_model.h"
#include "app/model/share_model.h"
#include "app/model/switched.h"
#include "app/model/taken.h"
#include "app/model/terms.h"
#include "app/model/wants_model.h"
#include "app/model/whatif.h"

typedef enum Overlay {
    OVERLAY_NONE, OVERLAY_HELP, OVERLAY_SEARCH, OVERLAY_PICTURES, OVERLAY_NETWORKS, OVERLAY_LESSONS, OVERLAY_HAND_IN, OVERLAY_RANGE, OVERLAY_MAP, OVERLAY_BAR
} Overlay;
typedef struct Screen {
    Lang lang;
    bool dark, presenter, fullscreen, blackout;
    bool still;                 /* no animation */
} Screen;

/* The last move, for its animation, which is a pure function of (now - start). The cursor has already arrived. */
typedef struct Motion {
    int from;                   /* the layer before the move */
    int direction;              /* +1 forward, -1 back, +2 into, -2 out, 0 jump */
    double start;
    double hurry;               /* how many times faster than usual; 0: as usual */
} Motion;

enum { LIT_MAX = 8 };

typedef struct Model {
    char *networks_dir;         /* owned */
    SharedSource *source;
    Picture picture;
    Compute *compute;
    const Engine *engine;
    WhatIf what_if;
    WhatIf retired;             /* discarded in this frame; the draw list may still borrow it */
    uint64_t weights_version;   /* changes when model_weights' values do */
    Trace trace;                /* counts and fields of the source's network */
    Ledger ledger;              /* the same as a table, with printed numbers about it and the verdicts */
    Switched switched;          /* the network and ledger with the switches applied, if any is set */
    Picture other;              /* second picture, path "" when there is none */
    Compute *other_compute;     /* NULL until a second picture is chosen */

    int at;                     /* the layer whose stage is shown; a module's concat for the whole module */
    Cursor cursor;              /* what is selected: in `at` itself, or a channel of another layer on its stage */
    Cursor hover;               /* under the pointer in this frame; layer -1 when nothing is */
    ViewKind view;
    Overlay overlay;
    Gradients gradients;        /* gradient flow, kept up to date while its view is shown */
    Overfit overfit;            /* training steps on the picture, in the same view */
    Occlusion occlusion;        /* the same for the occlusion's view */
    ShareModel share;           /* and for what the score is made of */
    GroupsModel groups;         /* and for the groups of a layer's channels */
    CircuitModel circuit;       /* and for one value through its reduction */
    BackwardModel backward;     /* and for its gradient */
    ExactModel exact;           /* the reference engine's maps, for the path and the order */
    OrderModel order;           /* one value in the orders of two engines */
    PathModel path;             /* from a score or value down to a pixel */
    Wants wants;                /* pictures that units want */
    Fool fool;                  /* and for the step that fools the network */
    SanityChecks sanity;        /* and for the maps that are put to the test */
    Crops crops;                /* and for the picture as a training sees it */
    Lineage lineage;            /* older networks; made when the view is first shown */
    AccuracyModel accuracy;     /* and for right answers on a folder of pictures */
    int cam_class;              /* class of the activation map, the occlusion and the share, target of the step; -1: the predicted class */
    Look look;
    Screen screen;
    Motion motion;
    bool playing;               /* the cursor moves by itself (app/session/play.h); one value then hides what is ahead of it */
    TermStep term_step;         /* what one step through the terms is */
    int term;                   /* in the one-value view: terms multiplied so far; -1: all, without steps */
    Cursor lit[LIT_MAX];        /* parts that a lesson's step shows; channel -1: the whole layer */
    int lit_count;

    double now;                 /* seconds, of the frame */
    char status[1024];          /* message in the status line; model_status returns it while it is shown */
    double status_until;
    bool status_bad;
    bool status_here; ViewKind status_view; int status_at; /* the message disappears when the user leaves this place */
    bool recompute;             /* the next model_compute calls compute_start */
    void (*wake)(void *);       /* asks for a frame; from any thread */
    void *wake_user;
} Model;

/* What the settings (settings.c) and the command line set. */
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
/* Starts computations that are due. Call after everything that changes the model before a frame. */
void model_compute(Model *m);
bool model_busy(Model *m);      /* something is being computed */

/* ---- verbs ---------------------------------------------------------------------------------------------------------- */
void model_do(Model *m, Verb verb);                     /* not those of activities; session_do takes all verbs */
bool model_back(Model *m);                              /* VERB_BACK; false: nothing to go back from */
void model_go(Model *m, int layer);                     /* to a layer; the view becomes the stage, or stays the comparison or the units */
void model_select(Model *m, Cursor cursor);             /* a channel and a place in it; invalid parts become -1 */
void model_source(Model *m, int channel);               /* through a reduction: to the value of this channel in the window */
void model_position(Model *m, int y, int x);            /* another position in the selected map; `term` stays */
void model_point(Model *m, Cursor cursor);              /* what the pointer is over (in this frame) */
void model_light(Model *m, const Cursor *parts, int count); /* at most LIT_MAX */
/* "3a/5x5[7]"; pos "12,15" or NULL; view a name or NULL. False with a message, nothing changed. */
bool model_goto(Model *m, const char *address, const char *pos, const char *view, Err *err);
/* The current view as model_address and model_state_text write it. NULL: not given. */
typedef struct Place {
    const char *at, *pos, *view, *stage;
    const char *without_reductions, *third_3x3; /* the ledger's switches, as trace takes them */
    bool has_class;
    int class_index;            /* of the class activation map */
    bool has_groups; int groups; /* how many groups of channels */
    bool has_against; int against; /* the class that the share's margin is counted from, or beside which maps are shown */
    bool has_levels, has_seed;
    double levels;              /* of the step that fools the network */
    int seed;                   /* of random signs */
    const char *choose; int step; bool has_step, upwards; /* of the path: terms that are followed, from 1; the step that is looked at, from 1 */
    const char *of;             /* "score" or "loss": whose gradient is shown */
    KnifeWords knife;           /* of the accuracy's view */
    const char *page, *mode, *losses; /* of the gradients: "step" or "chart"; "train" or "eval"; names of heads, with commas between them */
    bool has_label; int label;
    double lr;                  /* one of overfit_rates; 0: not given */
    const char *randomize;      /* random weights from this layer to the top, for the maps that are put to the test */
} Place;
bool model_place(Model *m, const Place *place, Err *err);
void model_view(Model *m, ViewKind view);
void model_overlay(Model *m, Overlay overlay);
void model_choose_class(Model *m, int class_index);     /* of the activation map and the occlusion; -1: the predicted one */
void model_explain(Model *m, ViewKind view);            /* one of the views that show why a class was chosen */
void model_choose_against(Model *m, int class_index);   /* the share's margin; choosing it again clears it; -1: none */
void model_groups(Model *m, int count);                 /* GROUPS_LEAST .. GROUPS_MOST */
void model_gradient_of(Model *m, bool loss);             /* whose gradient: the loss's, or the score's */
void model_reader(Model *m, int term);                  /* in the gradient's view: to the value that reads this one; -1: to the strongest */
/* The terms of the selected value, in the one-value view: so many of them are multiplied, -1 shows all without steps; by what a step goes;
 * a step, +1 or -1, false after the last one; and playing them. */
void model_term(Model *m, int term);
void model_term_by(Model *m, TermStep step);
bool model_term_step(Model *m, int direction);
void model_terms_play(Model *m, bool on);
bool model_terms_stepped(const Model *m);               /* they are stepped through now */
int model_term_count(const Model *m);                   /* 0 until it is computed, and for values without terms */
void model_order(Model *m, int seed);                   /* the random order of additions that is looked at, from 1 */
void model_path_to(Model *m, int step);                 /* the path's step that is looked at */
void model_path_choose(Model *m, int rank);             /* the term that it follows, by its rank */
void model_path_up(Model *m, bool up);                  /* it is played from the pixel up */
void model_path_apart(Model *m);                        /* to the value of the step that is looked at */
void model_share_how(Model *m, bool cam);               /* the share's map: Grad-CAM's, to compare */
void model_share_try(Model *m, int channel);            /* the score without a channel of the share's layer */
void model_choose_label(Model *m, int label);           /* label of the gradients' loss; -1: the network's own answer */
void model_choose_square(Model *m, int square);         /* of the occlusion; choosing it again clears it; -1: none */
bool model_occlusion_of(Model *m, int class_index);     /* makes the occlusion's map for a class; false without results */
/* The switches of the pictures that units want; the channel is the cursor's. */
void model_want(Model *m, const WantOptions *switches);
void model_want_all(Model *m, bool shown, bool asked);  /* small pictures of the whole layer: shown instead of the one; made, or no longer */
void model_want_beside(Model *m);                       /* from now on pictures grow beside a unit's photos too */
/* The unit whose picture is shown: the selected channel, else the first. */
Cursor model_wants_unit(const Model *m);
void model_choose_step(Model *m, int position);         /* the amount of the step that fools the network: step_amount's, 0 at least, the last at most */
void model_choose_signs(Model *m, int seed);            /* the random signs beside it */
void model_step_saved(Model *m, const char *path);      /* the changed picture is in this file */
void model_choose_crops(Model *m, int seed);            /* the seed of the training whose crops are shown */
void model_choose_stage(Model *m, int stage);           /* random weights from the top down, see sanity_stage_first */
void model_choose_beside(Model *m, int class_index);    /* the class beside the chosen one; -1: the likeliest other one */
/* The folder of labelled pictures that judges the network; what is changed about it there; what of the answers is shown. */
void model_judge(Model *m, const char *folder);
bool model_judge_stop(Model *m);                        /* false: nothing is being computed */
void model_judge_go_on(Model *m);
void model_cut(Model *m, const Knife *knife);           /* one that does not fit the network: the status line says why */
void model_accuracy_show(Model *m, AccuracyShown shown);
int model_cut_layer(const Model *m);                    /* where one is: the layer with weights that pruning can be limited to, or -1 */
void model_gradients_show(Model *m, bool by_layer, bool of_weights);
void model_gradients_page(Model *m, bool chart);        /* the list of gradients, or one training step */
/* Training on the picture, in the view of gradients: a step; step after step; back to the weights from before, and forth again; the learning
 * rate's place in overfit_rates; the network as it is used, or as it is trained; which heads take part in the loss. */
void model_overfit_step(Model *m);
void model_overfit_keep(Model *m, bool on);
void model_overfit_undo(Model *m);
bool model_overfit_stop(Model *m);                      /* false: nothing was going on */
void model_overfit_rate(Model *m, int rate);
void model_overfit_mode(Model *m, bool eval);
void model_overfit_head(Model *m, int head, bool on);
void model_range_kind(Model *m, RangeKind range);       /* VERB_LOCK locks it */
void model_colour_map(Model *m, int map);               /* a LookMap */
void model_look(Model *m, Look look);                   /* all of it at once */
void model_play(Model *m, bool on);                     /* starts or stops moving the cursor by itself */
void model_hurry(Model *m, double factor);              /* the move that has begun takes less time */
void model_status_read(Model *m);                       /* hides the message */
/* What if: scales channels of a conv or fc, 0 silenced .. 1 unchanged; sets one weight, by its index in the flat array; undoes
 * all. */
void model_scale(Model *m, int layer, int first, int count, float scale);
void model_edit_weight(Model *m, size_t index, float value);
void model_restore(Model *m);
void model_switch(Model *m, int module, bool third);    /* a switch of the ledger: 1x1 reductions, or the third branch's kernel */
bool model_switches(Model *m, const char *without_reductions, Err *err); /* all of them: modules' titles, "all"; NULL: none */
/* Take over what was opened. */
void model_take_picture(Model *m, Picture picture);
void model_take_other(Model *m, Picture picture);       /* the second picture */
void model_swap(Model *m);                              /* the two pictures change places; undoes all what-ifs */
bool model_can_swap(const Model *m);                    /* there are two, and both come from files */
/* Refits the pictures; what is shown and selected stays, where the new network has it. On failure nothing changes. */
bool model_take_source(Model *m, Source source, Err *err);
bool model_take_shared(Model *m, SharedSource *shared, Err *err); /* the same with one that others hold too; the model holds it from now on */
/* The heads of the same weights, which were not in the file when it was opened: nothing that is shown moves. `whole` stays the caller's.
 * False if they are not those, or if something computes or is edited. */
bool model_take_heads(Model *m, const Source *whole);
bool model_take_labels(Model *m, const char *path, char **labels, int count, Err *err); /* frees them if they do not fit */
void model_picture_seen(Model *m);                      /* its file has changed and is being read again */
void model_engine(Model *m, const Engine *engine);
#if defined(__GNUC__)
#define MODEL_PRINTF __attribute__((format(printf, 3, 4)))
#else
#define MODEL_PRINTF
#endif
void model_say(Model *m, bool bad, const char *format, ...) MODEL_PRINTF; /* an error disappears with the next step */
void model_say_here(Model *m, bool bad, const char *format, ...) MODEL_PRINTF; /* disappears with the layer and view */

/* ---- queries of the views -------------------------------------------------------------------------------------------------- */
const Net *model_net(const Model *m);
bool model_overfit_held(const Model *m);                /* the next step may follow at once, so nothing else is computed for a moment */
int64_t model_overfit_next(const Model *m);             /* the number of the next step for its dropout, see LossChoice */
const Ledger *model_ledger(const Model *m);             /* the switched one, if any switch is set */
const float *model_weights(const Model *m);             /* the edited ones, if any */
const char *model_status(const Model *m);               /* the message while it is shown, or NULL */
const char *model_text(const Model *m, Str id);         /* in the chosen language */
const char *model_label(const Model *m, int class_index, char *scratch, size_t size); /* a class's name, in the chosen language where it has one */
/* The main head's answer: the softmax of its scores. */
typedef struct Prediction {
    const float *values;        /* the map of its last layer; valid in this frame */
    int count;                  /* classes */
    float max, sum;             /* see softmax_parts; if the head ends in a softmax, sum is 0 and the values are the answer */
} Prediction;
/* False until it is computed, and for a network without class scores (net_need_scores). */
bool model_prediction(const Model *m, Prediction *out);
float prediction_prob(const Prediction *p, int class_index);
int model_class_named(const Model *m, const char *name); /* the class of this name, as the weights give it, or number; -1: none */
/* The main head's classes, best first; 0 until they are computed, and without class scores. */
int model_top(const Model *m, Guess *out, int k);
int model_top_other(const Model *m, Guess *out, int k); /* the same for the second picture */
/* The same, with class_index added at the front if it is not among the best, so that the chosen class is always visible. -1:
 * none. */
int model_top_with(const Model *m, int class_index, Guess *out, int k);
/* The best k classes, best first, that have `part` in one of their names, ignoring case, or as their number; "" means all. */
int model_find_classes(const Model *m, const char *part, Guess *out, int k);
/* Maps of all layers for engine/net/explain.h, NULL if not computed; returns whether all inputs of `layer` are computed. */
bool model_maps(const Model *m, const float **maps, int layer);
/* The place of the largest value in a channel, or in the whole layer if `c` has no channel; 0, 0 until its map is computed. */
Cursor model_brightest(const Model *m, Cursor c);
/* Takes the value at `at` apart. False if its maps are not computed yet or memory is out. Ends with taken_free. */
bool model_taken(const Model *m, Cursor at, Taken *out);
/* Whether this is a photo's input that is drawn in its own colours, each plane from the value of the byte 0 to that of 255, since no
 * colour map was chosen. Only a locked range is used instead of these. */
bool model_tinted(const Model *m, int layer);
/* The range that a layer's map is drawn with: one pair, or one per channel, then *count is its channels. With the range of the layer a
 * branch's output has its concat's range, since the concat only copies it. */
void model_range(const Model *m, int layer, const LayerMap *map, const float **lo, const float **hi, int *count, float pair[2]);
/* The range of a map's colours, and the range of its values. They are those of one channel if every channel has its own range. */
typedef struct RangeShown {
    float lo, hi;               /* colours */
    float true_lo, true_hi;     /* values of all that share the range; beyond lo and hi if those are clipped or locked */
    bool each;                  /* every channel has its own range, within true_lo .. true_hi, and no channel was given */
    bool clips;                 /* with each: outliers are clipped in some channels */
} RangeShown;
RangeShown model_range_shown(const Model *m, int layer, const LayerMap *map, int channel);
/* The kernels that read this map with the largest mean |w|, largest first. They belong to convolutions and fully connected layers
 * that have the map as an input channel, directly or behind a concat, pools, norms and dropout. Each of these layers gets an
 * equal part of `max`, so that all of them appear. In a grouped convolution only the map's group reads it. Heads count for their
 * own layers only. Returns how many were written. */
typedef struct Reader {
    int layer, kernel;
    float weight;               /* mean |w| over the kernel's taps on this channel */
    int via;                    /* the pool, norm or dropout right before the reader; -1 if it reads the map directly */
} Reader;
int model_readers(const Model *m, int layer, int channel, Reader *out, int max);
/* "--at '3a/3x3[78]' --pos 12,15 --view value": the options that open this place again. */
void model_address(const Model *m, char *out, size_t size);
/* The same, and the look: " --range layer --map viridis --outliers clip --lang en --theme light"; `size` of 1024 is enough. */
void model_state_text(const Model *m, char *out, size_t size);
/* Progress of the move 0..1, eased; 1 when it is over or motion is off. */
float model_motion(const Model *m);
/* The same of something that begins `delay` seconds after the move and takes so many. */
float model_motion_part(const Model *m, double delay, double seconds);

#endif
