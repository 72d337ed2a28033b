/* switched.h - the network as it would be with the paper's ideas taken out of some modules: without 1x1 reductions, or with a 3x3 in
 * the third branch. Nobody trained it, so it is counted and not computed: its trace and its ledger are all there is. */
#ifndef INCEPTOSCOPE_SWITCHED_H
#define INCEPTOSCOPE_SWITCHED_H

#include "engine/net/ledger.h"

typedef struct Switched {
    char *without_reductions, *third_3x3; /* lists of module titles as NetOptions takes them; NULL for none. Owned */
    Net *net;                   /* NULL: no switch is set, and the rest is not there */
    Trace trace;
    Ledger ledger;              /* its rows are those of the plain network's ledger, one for one */
} Switched;

/* Both lists anew; NULL and "" for none, "all"; net_check_modules holds for them. False and a message when the description cannot be read
 * (any more); then nothing changes. plain: the network as it is, and its ledger. */
bool switched_set(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, const char *without_reductions,
                  const char *third_3x3, Err *err);
/* The other way round for one module and one of the switches. */
bool switched_toggle(Switched *s, const Net *plain, const Ledger *ledger, const char *networks_dir, int module, bool third, Err *err);
/* Whether a module is in one of the lists. */
bool switched_in(const Switched *s, const Net *plain, int module, bool third);
void switched_free(Switched *s);

#endif
