/* names.h - the names of views, ranges and colour maps on the command line, in settings, in lessons and in saved addresses. Each
 * kind has its enum here and one table of names in names.c. */
#ifndef INCEPTOSCOPE_NAMES_H
#define INCEPTOSCOPE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

typedef enum ViewKind {
    VIEW_STAGE, VIEW_VALUE, VIEW_WEIGHTS, VIEW_CAM, VIEW_OCCLUSION, VIEW_COMPARE, VIEW_LEDGER, VIEW_GRADIENTS, VIEW_OVERVIEW, VIEW_TRAIN, VIEW_UNITS,
    VIEW_SHARE, VIEW_CIRCUIT,
    VIEW_BACKWARD,
    VIEW_PATH,
    VIEW_ORDER,
    VIEW_GROUPS,
    VIEW_WANTS,
    VIEW_FOOL, VIEW_SANITY,
    VIEW_TEACH,
    VIEW_ACCURACY,
    VIEW_CROPS, VIEW_LINEAGE,
    VIEW_COUNT
} ViewKind;
typedef enum RangeKind { RANGE_MAP, RANGE_LAYER, RANGE_MODULE, RANGE_LOCKED, RANGE_COUNT } RangeKind;
/* Colour maps to choose from. They have the same numbers as Colormap of app/ui/ui.h (app/views/part_maps.c asserts it). */
typedef enum LookMap { LOOK_VIRIDIS, LOOK_MAGMA, LOOK_GREY, LOOK_CIVIDIS, LOOK_SIGNED, LOOK_MAPS } LookMap;

typedef struct Look {           /* how values become colours */
    RangeKind range;
    float lock_lo, lock_hi;
    bool clip_outliers;
    int map;                    /* a LookMap */
    bool field;                 /* receptive field over the picture */
} Look;

bool view_of_value(ViewKind view);                      /* one value, or the same through its reduction */
const char *view_name(ViewKind view);
bool view_parse(const char *name, ViewKind *view);
void view_names_text(char *out, size_t size);           /* "stage, value, ..." for messages */

const char *look_map_name(int map);                     /* of a LookMap: "viridis" ... */
void look_map_names_text(char *out, size_t size);       /* "viridis|magma|..." as usage lines write it */
/* "map", "layer", "module" or "LOW,HIGH", which locks it; a colour map's name. False: *look is as it was. */
bool look_parse_range(const char *text, Look *look);
bool look_parse_map(const char *text, Look *look);
void look_range_text(const Look *look, char *out, size_t size); /* as look_parse_range takes it; a size of 64 is enough */

#endif
