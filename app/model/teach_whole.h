/* teach_whole.h - goes on from a taught network with all of its layers, beside the window: Adam at a small rate on random crops of the pictures
 * that learn. It can be paused after any step and goes on from there with the same bits as without the pause; what it has reached then is
 * judged on the held-out pictures, which still take no part. */
#ifndef INCEPTOSCOPE_TEACH_WHOLE_H
#define INCEPTOSCOPE_TEACH_WHOLE_H

#include "app/model/teach_last.h"

enum { TEACH_EPOCHS = 10, TEACH_BATCH = 16 };

typedef struct TeachWhole TeachWhole;
typedef struct TeachWholeSetup {
    SharedSource *source;       /* the taught network */
    const TeachBins *bins;      /* the paths, and the result of the teaching: which pictures learn; copied */
    const TeachResult *result;
    const char *networks_dir;
    uint64_t seed;
    int threads;                /* of the engine; 0: errand_threads. They change no bit */
    void (*wake)(void *);
    void *wake_user;
} TeachWholeSetup;
TeachWhole *teach_whole_start(const TeachWholeSetup *setup, Err *err);
void teach_whole_leave(TeachWhole *whole);      /* does not wait; NULL is allowed */
void teach_whole_pause(TeachWhole *whole);      /* after the step that runs; then it is judged */
bool teach_whole_pausing(TeachWhole *whole);    /* asked, and not done yet */
bool teach_whole_done(TeachWhole *whole);       /* paused, failed or at its end */
bool teach_whole_ended(const TeachWhole *whole); /* at its end; only when it is done */
bool teach_whole_go_on(TeachWhole *whole, Err *err); /* when it is done */
/* Once each time it is done: the network as it is now, and its answers; the caller owns *result. */
bool teach_whole_take(TeachWhole *whole, TeachResult *result, Err *err);
/* A point for each epoch that has ended, the first one is the network before. */
const TeachPoint *teach_whole_curve(const TeachWhole *whole, int *count);
int teach_whole_steps(const TeachWhole *whole, int *all); /* done, of all epochs */

#endif
