/* switched.c - see switched.h. */
#include "app/model/switched.h"

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

/* The titles of the modules in the list, in the network's order, each once; the other way round for `turned`, -1 for none of them.
 * NULL for an empty one, and without memory. */
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

/* The same description with the same input and classes. */
static Net *open_switched(const Net *plain, const char *networks_dir, const Switched *s, Err *err)
{
    NetOptions options = {.no_heads = plain->head_count == 1, .without_reductions = s->without_reductions, .third_3x3 = s->third_3x3};
    Net *net = net_open(plain->source, networks_dir, &options, err);
    if (net == NULL || (net->classes == plain->classes && memcmp(&net->input, &plain->input, sizeof net->input) == 0))
        return net;
    net_free(net);
    options.classes = plain->classes;
    options.input = plain->input;
    return net_open(plain->source, networks_dir, &options, err);
}

/* Counts what s's lists say. False: s has no network, but still its lists. */
static bool count(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, Err *err)
{
    Net *net = open_switched(plain, networks_dir, s, err);
    if (net == NULL)
        return false;
    bool good = trace_make(net, &s->trace, err);
    if (good && !ledger_make(&s->trace, networks_dir, &s->ledger, err)) {
        trace_free(&s->trace);
        good = false;
    } else if (good && s->ledger.count != ledger->count) { /* the file changed since it was opened */
        err_set(err, "%s: has other rows than when it was opened; open it again", plain->source);
        ledger_free(&s->ledger);
        trace_free(&s->trace);
        good = false;
    }
    if (!good) {
        net_free(net);
        return false;
    }
    s->net = net;
    return true;
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
    s->ledger.trace = &s->trace; /* moved */
    return true;
}

bool switched_set(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, const char *without_reductions,
                  const char *third_3x3, Err *err)
{
    if (!net_check_modules(plain, without_reductions, err) || !net_check_modules(plain, third_3x3, err))
        return false;
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
