/* netreader_private.h - what the readers of a .net file share while they read it. For netfile.c and netclaims.c alone. */
#ifndef INCEPTOSCOPE_NETREADER_PRIVATE_H
#define INCEPTOSCOPE_NETREADER_PRIVATE_H

#include "engine/net/hypothesis.h"
#include "engine/net/netgiven.h"

enum { CLAIM_LEFT_OUT = -3, CLAIM_NOWHERE = -2, CLAIM_NETWORK = -1 };

typedef struct NetReader {
    Net *net;
    Build build;
    NetOptions options;
    Given given;
    bool has_input;
    bool changed;               /* the options ask for another input, other classes or fewer heads than the description has */
    bool shared;                /* the lines are those of a file that a claims line names */
    bool ended;                 /* options.last has been read: what follows is not */
    int claim_row;              /* what the next claim is about: a row, or one of the above; LEFT_OUT: a row of a head that does not fit */
    RowSpec *specs;             /* what rows [0, spec_count) of the net were built from; of the input: nothing */
    int spec_count;
} NetReader;

/* Lines of claims: read into the net. */
bool netread_claim(NetReader *r, NetLine *line, Err *reason);
bool netread_hypothesis(NetReader *r, NetLine *line, Err *reason);
/* Forgets what was said about rows that a head has taken with it. */
void netread_forget(Net *net);
/* claims NAME: the claims and hypotheses of NAME.claims, which several descriptions of the same network share. */
bool netread_claims(NetReader *r, NetLine *line, Err *reason);

/* A row of the table as a text of its own, in the place of another: a RowReader. */
bool netread_row(NetLine *line, RowSpec *spec, Err *reason);
/* All lines of a text; *last is the last one's number. False with source:line and the reason. */
bool netread_lines(NetReader *r, const char *text, size_t length, const char *source, int *last, Err *err);

#endif
