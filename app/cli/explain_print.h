/* explain_print.h - the result of `explain value`, and its two printers. */
#ifndef INCEPTOSCOPE_EXPLAIN_PRINT_H
#define INCEPTOSCOPE_EXPLAIN_PRINT_H

#include "engine/io/image.h"
#include "engine/net/explain.h"

#include <stdio.h>

typedef struct ValueReport {
    const Net *net;
    Address address;            /* of the value; its twin, "3a[142]" for "3a/3x3[78]", is derived */
    Explanation value;
    const Term *terms;          /* value.term_count */
    const ChannelPart *parts; int part_count; /* conv and fc: input channels, the strongest first */
    const Unit *path; int path_count; /* from the value down to the picture, see explain_path */
    ReceptiveField sees;                 /* the receptive field in the input, not cut at its edges */
    int bits; float scale;      /* conv and fc: how the channel's weights are rounded, see quantize_found; 0 if they are not */
    const Image *fitted;        /* the picture as the network sees it */
} ValueReport;

void explain_print_text(const ValueReport *report, FILE *file);
/* False if out of memory. */
bool explain_print_json(const ValueReport *report, FILE *file);

#endif
