/* netgiven.h - the numbers that a description itself contains (weights, biases, a picture), so that students can compute a
 * network by hand. Only netfile.c calls this. */
#ifndef INCEPTOSCOPE_NETGIVEN_H
#define INCEPTOSCOPE_NETGIVEN_H

#include "engine/net/build.h"
#include "engine/net/netline.h"

typedef struct GivenList {      /* all numbers of one kind for one layer, in the order of the lines */
    char kind[16], layer[NET_NAME_MAX];
    int line;                   /* of the first number */
    float *values;
    int count;
} GivenList;

typedef struct Given {
    GivenList *lists;
    int count;
} Given;

/* Reads a line whose first word is weights, biases or picture. Another line for the same layer continues its list. */
bool given_read(Given *given, NetLine *line, Err *reason);
/* Fills given_weights and given_input of the built net. If the input, the class count or a module was changed, the numbers no
 * longer belong to the network and are left out. Numbers for heads that were left out are left out too. */
bool given_apply(const Given *given, const Build *build, const char *source, Err *err);
void given_free(Given *given);

#endif
