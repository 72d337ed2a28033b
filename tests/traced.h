/* traced.h - a network of the program with its trace, for tests of counts. */
#ifndef INCEPTOSCOPE_TESTS_TRACED_H
#define INCEPTOSCOPE_TESTS_TRACED_H

#include "check.h"

#include "engine/net/trace.h"

static const char *const dir = "assets/networks";

static inline Net *open_or_fail(const char *name, const NetOptions *options, Trace *trace)
{
    Err err = {""};
    Net *net = net_open(name, dir, options, &err);
    CHECK(net != NULL, "%s: %s", name, err.text);
    CHECK(trace_make(net, trace, &err), "%s: %s", name, err.text);
    return net;
}

#endif
