/* keys.h - the verbs that a user has, and the one table of keys for them. Dispatch and the help overlay read the same table, so
 * that the help cannot be wrong. */
#ifndef INCEPTOSCOPE_KEYS_H
#define INCEPTOSCOPE_KEYS_H

#include "app/model/names.h"
#include "app/model/strings.h"

typedef enum Verb {
    VERB_NONE,
    VERB_NEXT, VERB_PREV, VERB_INTO, VERB_OUT, VERB_DEEPER, VERB_BACK, VERB_HOME, VERB_END, VERB_HEADS, VERB_SEARCH,
    VERB_CHANNEL_NEXT, VERB_CHANNEL_PREV, VERB_BRANCH, VERB_TWIN,
    VERB_PIXEL_LEFT, VERB_PIXEL_RIGHT, VERB_PIXEL_UP, VERB_PIXEL_DOWN,
    VERB_PLAY, VERB_SLIDE, VERB_SLOWER, VERB_FASTER, VERB_LESSON_NEXT, VERB_LESSON_PREV, VERB_HAND_IN, VERB_LESSONS, VERB_CHOICE_1, VERB_CHOICE_2, VERB_CHOICE_3, VERB_CHOICE_4, VERB_CHOICE_5,
    VERB_VIEW_OVERVIEW, VERB_VIEW_WEIGHTS, VERB_VIEW_CAM, VERB_VIEW_OCCLUSION, VERB_VIEW_COMPARE, VERB_VIEW_LEDGER, VERB_VIEW_GRADIENTS,
    VERB_VIEW_STAGE, VERB_VIEW_TRAIN, VERB_VIEW_UNITS, VERB_EPOCH_PREV, VERB_EPOCH_NEXT, VERB_EPOCH_FIRST, VERB_EPOCH_LAST,
    VERB_VIEW_CIRCUIT,
    VERB_VIEW_GROUPS, VERB_GROUPS_4, VERB_GROUPS_5, VERB_GROUPS_6,
    VERB_VIEW_WANTS, VERB_WANT_PAUSE, VERB_WANT_BASIS, VERB_WANT_JITTER, VERB_WANT_NEURON, VERB_WANT_SEED, VERB_WANT_ALL,
    VERB_VIEW_FOOL, VERB_FOOL_LESS, VERB_FOOL_MORE, VERB_FOOL_NONE, VERB_FOOL_MOST, VERB_FOOL_SIGNS, VERB_FOOL_CLASS_PREV, VERB_FOOL_CLASS_NEXT, VERB_FOOL_SAVE, VERB_FOOL_COMPARE,
    VERB_VIEW_SANITY, VERB_SANITY_LESS, VERB_SANITY_MORE, VERB_SANITY_NONE, VERB_SANITY_ALL, VERB_SANITY_CLASS_PREV, VERB_SANITY_CLASS_NEXT, VERB_SANITY_AGAINST,
    VERB_SILENCE, VERB_SILENCE_BRANCH, VERB_RESTORE,
    VERB_RANGE, VERB_LOCK, VERB_OUTLIERS, VERB_MAP, VERB_ENGINE, VERB_PICTURES, VERB_NETWORKS, VERB_TURN, VERB_FIELD,
    VERB_SAVE_PNG, VERB_SAVE_CSV, VERB_SAVE_NPY, VERB_SAVE_GIF, VERB_COPY_ADDRESS,
    VERB_FULLSCREEN, VERB_PRESENTER, VERB_BLACKOUT, VERB_THEME, VERB_LANGUAGE, VERB_MOTION, VERB_HELP, VERB_QUIT,
    VERB_COUNT
} Verb;

/* Where a key is valid. Rows are tried in the table's order; the first valid one wins. */
typedef enum KeyPlace {
    KEY_ANYWHERE,
    KEY_IN_LESSON,
    KEY_IN_VALUE,
    KEY_IN_TRAINING,
    KEY_IN_GROUPS,
    KEY_IN_WANTS,
    KEY_IN_FOOL,
    KEY_IN_SANITY,
} KeyPlace;

typedef struct KeyBinding {
    const char *key;            /* as app/ui/shell.h spells it */
    KeyPlace place;
    Verb verb;
    Str help;                   /* STR_NONE: another key for the row above */
    Str group;                  /* heading in the help overlay */
} KeyBinding;

extern const KeyBinding key_bindings[];
extern const int key_binding_count;

/* The first key that asks for the verb anywhere, or "". */
const char *verb_key(Verb verb);
/* The verb of a key here; VERB_NONE if there is none. */
Verb key_verb(const char *key, bool lesson_open, ViewKind view);

#endif
