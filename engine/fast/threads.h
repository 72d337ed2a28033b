/* threads.h - a few threads that wait for work. One pool per Run; the caller's thread is thread 0.
 *
 * A counter hands out the tasks, so any thread may run any task. A task must therefore write only to its own memory; then the
 * result depends neither on timing nor on the number of threads. */
#ifndef INCEPTOSCOPE_FAST_THREADS_H
#define INCEPTOSCOPE_FAST_THREADS_H

#include "engine/base/err.h"

enum { THREADS_MAX = 256 };

typedef struct Pool Pool;

/* task is in [0, tasks); thread is in [0, pool_threads), to select scratch memory. */
typedef void PoolTask(void *context, int task, int thread);

/* threads includes the caller; 0 means one per core. At most THREADS_MAX; fewer if the system gives no more: see pool_threads.
 * NULL and a message if out of memory. */
Pool *pool_new(int threads, Err *err);
void pool_free(Pool *pool);
int pool_threads(const Pool *pool);
/* Calls run(context, 0 .. tasks-1, thread) and returns when all calls have returned. A task must not call this. */
void pool_run(Pool *pool, PoolTask *run, void *context, int tasks);

#endif
