/* netgiven.h - the numbers that a description brings itself (weights, biases, a picture), so that a class can compute a network by
 * hand. For netfile.c alone. */
#ifndef INCEPTOSCOPE_NETGIVEN_H
#define INCEPTOSCOPE_NETGIVEN_H

#include "engine/net/build.h"
#include "engine/net/netline.h"

typedef struct GivenList {      /* all numbers of one kind for one layer, in the order of the lines */
    char kind[16], layer[NET_NAME_MAX];
    int line;                   /* of the first */
    float *values;
    int count;
} GivenList;

typedef struct Given {
    GivenList *lists;
    int count;
} Given;

/* Takes a whole line, whose first word is weights, biases or picture. Further lines for the same layer go on where the last stopped. */
bool given_read(Given *given, NetLine *line, Err *reason);
/* Fills given_weights and given_input of the net that was built. With a changed input, class count or module the numbers no longer belong
 * to the network and are left out; so are those of heads that were left out. */
bool given_apply(const Given *given, const Build *build, const char *source, Err *err);
void given_free(Given *given);

#endif
