/* netreader_private.h - the state that the readers of a .net file share. Only netfile.c and netclaims.c include this. */
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
    bool changed;               /* the options change the input or the classes, or leave out heads */
    bool shared;                /* the current lines are from a shared .claims file */
    bool ended;                 /* options.last has been read: later rows are left out */
    int claim_row;              /* the row of the next claim: an index or one of the constants above; LEFT_OUT: a row of a head
                                   that does not fit */
    RowSpec *specs;             /* the specs that rows [0, spec_count) of the net were built from; unused for the input */
    int spec_count;
} NetReader;

/* These read lines of claims into the net. */
bool netread_claim(NetReader *r, NetLine *line, Err *reason);
bool netread_hypothesis(NetReader *r, NetLine *line, Err *reason);
/* Forgets claims about rows that were removed with their head. */
void netread_forget(Net *net);
/* claims NAME: reads the claims and hypotheses of NAME.claims, which several descriptions of the same network share. */
bool netread_claims(NetReader *r, NetLine *line, Err *reason);

/* Reads a row of the table from a text that replaces another row; a RowReader. */
bool netread_row(NetLine *line, RowSpec *spec, Err *reason);
/* Reads all lines of a text; *last is the number of the last line. False with source:line and the reason. */
bool netread_lines(NetReader *r, const char *text, size_t length, const char *source, int *last, Err *err);

#endif
