/* switched.h - the network without some of the paper's ideas in some modules: without 1x1 reductions, or with a 3x3 in the third
 * branch. It has no trained weights, so it is only counted, not computed: it has a trace and a ledger. */
#ifndef INCEPTOSCOPE_SWITCHED_H
#define INCEPTOSCOPE_SWITCHED_H

#include "engine/net/ledger.h"

typedef struct Switched {
    char *without_reductions, *third_3x3; /* lists of module titles as in NetOptions; NULL for none; owned */
    Net *net;                   /* NULL: no switch is set, and the rest is not valid */
    Trace trace;
    Ledger ledger;              /* has the same rows as the plain network's ledger, one for one */
} Switched;

/* Sets both lists: titles, "all", or NULL or "" for none; they must pass net_check_modules. plain: the unchanged network; ledger:
 * its ledger. False and a message if the description can no longer be read; then nothing changes. */
bool switched_set(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, const char *without_reductions,
                  const char *third_3x3, Err *err);
/* Toggles one of the switches of one module. */
bool switched_toggle(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, int module, bool third, Err *err);
/* Whether a module is in one of the lists. */
bool switched_in(const Switched *s, const Net *plain, int module, bool third);
void switched_free(Switched *s);

#endif
