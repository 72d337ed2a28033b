/* explain_at.h - what `explain value` and `explain circuit` share: the value that --at and --pos name, and the maps below it. */
#ifndef INCEPTOSCOPE_CLI_EXPLAIN_AT_H
#define INCEPTOSCOPE_CLI_EXPLAIN_AT_H

#include "app/cli/open.h"
#include "engine/net/explain.h"

typedef struct MapPlace { int y, x; } MapPlace;

/* "12,15". False if it is anything else. */
bool explain_parse_place(const char *text, MapPlace *out);
/* The unit that --at and --pos name; place NULL: none given, which a map with one position does not need. */
bool explain_find_unit(const Net *net, const char *at_text, const MapPlace *place, Unit *unit, bool *pre, Err *err);
/* All maps up to `last`, by the reference engine, for the picture x as the network takes it. Ends with explain_maps_free. NULL and a message if
 * out of memory. */
float **explain_maps(const Source *source, const float *x, int last, Err *err);
void explain_maps_free(const Net *net, float **maps);

#endif
