/* audited.h - a network of the program with its trace and its audit, for tests of claims. */
#ifndef INCEPTOSCOPE_TESTS_AUDITED_H
#define INCEPTOSCOPE_TESTS_AUDITED_H

#include "traced.h"

#include "engine/net/audit.h"

typedef struct Audited {
    Net *net;
    Trace trace;
    Audit audit;
} Audited;

static inline Audited audit_or_fail(const char *name, const NetOptions *options)
{
    Audited f = {0};
    Err err = {""};
    f.net = open_or_fail(name, options, &f.trace);
    CHECK(audit_make(&f.trace, dir, &f.audit, &err), "%s: %s", name, err.text);
    return f;
}

static inline void audited_free(Audited *f)
{
    audit_free(&f->audit);
    trace_free(&f->trace);
    net_free(f->net);
}

#endif
