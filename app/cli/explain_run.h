/* explain_run.h - a picture that has gone forward through the fast engine, ready for gradients: what `explain share` and `explain groups`
 * begin with. */
#ifndef INCEPTOSCOPE_CLI_EXPLAIN_RUN_H
#define INCEPTOSCOPE_CLI_EXPLAIN_RUN_H

#include "app/cli/open.h"
#include "engine/net/run.h"

typedef struct ExplainRun {
    Run *run;
    Image fitted;               /* the picture as the network sees it */
    int answer;                 /* the class with the largest score; -1: the network has no scores */
} ExplainRun;

/* False with a message, or with none if it was printed. Ends with explain_run_close. source must outlive it. */
bool explain_run_open(ExplainRun *at, const Source *source, const char *image, Err *err);
void explain_run_close(ExplainRun *at);

#endif
