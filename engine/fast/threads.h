/* threads.h - a few threads that wait for work. One pool per Run; the caller's thread is thread 0 of it.
 *
 * Tasks are handed out by a counter, so which thread runs a task is not fixed; a task must therefore write only what is its
 * own, and then the result depends neither on timing nor on the number of threads. */
#ifndef INCEPTOSCOPE_FAST_THREADS_H
#define INCEPTOSCOPE_FAST_THREADS_H

#include "engine/base/err.h"

enum { THREADS_MAX = 256 };

typedef struct Pool Pool;

/* task in [0, tasks); thread in [0, pool_threads), for scratch memory. */
typedef void PoolTask(void *context, int task, int thread);

/* threads counts the caller; 0 means one per core. At most THREADS_MAX, and fewer where the system gives no more: see pool_threads.
 * NULL and a message without memory. */
Pool *pool_new(int threads, Err *err);
void pool_free(Pool *pool);
int pool_threads(const Pool *pool);
/* Calls run(context, 0 .. tasks-1, thread), returns when all have returned. Not to be called from within a task. */
void pool_run(Pool *pool, PoolTask *run, void *context, int tasks);

#endif
