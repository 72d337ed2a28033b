/* explain_at.h - what the forms share that have --at: the channel or value that it names with --pos, and the maps below it. */
#ifndef INCEPTOSCOPE_CLI_EXPLAIN_AT_H
#define INCEPTOSCOPE_CLI_EXPLAIN_AT_H

#include "app/cli/open.h"
#include "engine/net/explain.h"

typedef struct MapPlace { int y, x; } MapPlace;

/* "12,15". False if it is anything else. */
bool explain_parse_place(const char *text, MapPlace *out);
/* Takes channel 0 if the address names none. False with a message if its layer has more. */
bool explain_one_channel(const Net *net, const char *at_text, Address *a, Err *err);
/* The unit that --at and --pos name; place NULL: none given, which a map with one position does not need. */
bool explain_find_unit(const Net *net, const char *at_text, const MapPlace *place, Unit *unit, bool *pre, Err *err);
/* "3a/3x3[78] at 12,15" */
void explain_unit_text(const Net *net, Unit u, char out[200]);

/* A picture that has gone through the reference engine. */
typedef struct ExplainMaps {
    const Net *net;
    Image fitted;               /* as the network sees it */
    float *input;               /* as the network takes it */
    float **maps;               /* net->layer_count; NULL after `last` and of other heads */
} ExplainMaps;

/* All maps up to `last`. False with a message, or with none if it was printed. Ends with explain_maps_close. */
bool explain_maps_open(ExplainMaps *at, const Source *source, const char *image, int last, Err *err);
void explain_maps_close(ExplainMaps *at);

#endif
