/* lineage.h - the networks that led to GoogLeNet, by the program's own counts: depth, parameters and where they are, multiply-adds. */
#ifndef INCEPTOSCOPE_LINEAGE_H
#define INCEPTOSCOPE_LINEAGE_H

#include "engine/net/trace.h"

enum { LINEAGE_MOST = 8 };

typedef struct LineageRow {
    char name[NET_NAME_MAX];    /* of its description */
    char title[LIMIT_NET_TITLE + 1], title_zh[LIMIT_NET_TITLE + 1];
    int year;                   /* when it was published; 0: not told */
    int classes;
    int64_t depth;              /* layers with weights on the longest path */
    int64_t params, dense;      /* of the main path; those of the fully connected layers among them */
    int64_t macs;
} LineageRow;

typedef struct Lineage {
    const Net *of;              /* the network of the last row, only compared */
    LineageRow rows[LINEAGE_MOST];
    int count;                  /* 0: not made yet, or none could be read */
    Err problem;                /* why a description is missing, or "" */
} Lineage;

/* The descriptions in networks_dir by year, and behind them the network `trace` is about. Reads them once for each such network. */
void lineage_make(Lineage *l, const char *networks_dir, const Trace *trace);

#endif
