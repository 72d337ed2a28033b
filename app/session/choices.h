/* choices.h - the networks and weights that the window offers: those that come with the program, those that `make weights` has
 * downloaded, those opened last. */
#ifndef INCEPTOSCOPE_CHOICES_H
#define INCEPTOSCOPE_CHOICES_H

#include "app/session/recent.h"
#include "engine/base/limits.h"

typedef enum ChoiceGroup { CHOICE_SHIPPED, CHOICE_FOUND, CHOICE_RECENT, CHOICE_NETWORK } ChoiceGroup;

typedef struct SourceChoice {
    char *path;                 /* to open it */
    char title[160], title_zh[LIMIT_NET_TITLE + 1]; /* of a network as its description says, else the file's name and "" */
    ChoiceGroup group;
    bool own_weights;           /* a network with numbers in its description; others get random weights */
} SourceChoice;

typedef struct SourceChoices {
    SourceChoice *rows;               /* in the order of the groups */
    int count;
} SourceChoices;

/* The folders of weights and of networks that come with the program; NULL or a missing one adds nothing. Reads the first lines of
 * each of the program's descriptions. The caller ends with choices_free. */
SourceChoices choices_make(const char *weights_dir, const char *networks_dir, const Recent *recent);
void choices_free(SourceChoices *choices);

#endif
