/* switched.c - builds the network without some of the paper's ideas, and counts it; see switched.h. */
#include "app/model/switched.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void switched_free(Switched *s)
{
    if (s->net != NULL) {
        ledger_free(&s->ledger);
        trace_free(&s->trace);
        net_free(s->net);
    }
    free(s->without_reductions);
    free(s->third_3x3);
    *s = (Switched){0};
}

/* The titles of the modules in the list, in the network's order, each once; membership of module `turned` is toggled, -1 for
 * none. NULL for an empty list, or if out of memory. */
static char *titles(const Net *net, const char *list, int turned)
{
    char *out = calloc((size_t)net->module_count + 1, NET_NAME_MAX + 1);
    bool any = false;
    for (int i = 0; out != NULL && i < net->module_count; i++) {
        const char *title = net->modules[i].title;
        if (net_listed(list, title) == (i == turned))
            continue;
        if (any)
            strcat(out, ",");
        strcat(out, title);
        any = true;
    }
    if (!any) {
        free(out);
        return NULL;
    }
    return out;
}

/* Builds and counts the network that s's lists describe, with the same description, input and classes. False: the caller must
 * still free s. */
static bool count(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, Err *err)
{
    const NetOptions options = {.input = plain->input, .classes = plain->classes_word, .no_heads = plain->head_count == 1,
                                .without_reductions = s->without_reductions, .third_3x3 = s->third_3x3};
    Net *net = net_open(plain->source, networks_dir, &options, err);
    if (net == NULL || !ledger_of(net, networks_dir, &s->trace, &s->ledger, err)) {
        net_free(net);
        return false;
    }
    s->net = net;
    if (s->ledger.count == ledger->count)
        return true;
    return err_set(err, "%s: its rows have changed since it was opened; open it again", plain->source);
}

static bool set(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, Switched next, Err *err)
{
    const bool plainly = next.without_reductions == NULL && next.third_3x3 == NULL;
    if (!plainly && !count(&next, plain, ledger, networks_dir, err)) {
        switched_free(&next);
        return false;
    }
    switched_free(s);
    *s = next;
    s->ledger.trace = &s->trace; /* the trace has moved */
    return true;
}

bool switched_set(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, const char *without_reductions,
                  const char *third_3x3, Err *err)
{
    assert(net_check_modules(plain, without_reductions, NULL) && net_check_modules(plain, third_3x3, NULL));
    const Switched next = {.without_reductions = titles(plain, without_reductions, -1), .third_3x3 = titles(plain, third_3x3, -1)};
    return set(s, plain, ledger, networks_dir, next, err);
}

bool switched_toggle(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, int module, bool third, Err *err)
{
    const Switched next = {.without_reductions = titles(plain, s->without_reductions, third ? -1 : module),
                           .third_3x3 = titles(plain, s->third_3x3, third ? module : -1)};
    return set(s, plain, ledger, networks_dir, next, err);
}

bool switched_in(const Switched *s, const Net *plain, int module, bool third)
{
    return net_listed(third ? s->third_3x3 : s->without_reductions, plain->modules[module].title);
}
