/* threads.c - the thread pool of threads.h.
 *
 * A network is about 25 bursts of work of a fraction of a millisecond each: putting the threads to sleep between them
 * would cost as much as some layers. A waiting thread therefore looks for a few microseconds before it sleeps. */
#include "engine/fast/threads.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { SPINS = 4000, THREADS_MAX = 256 };

typedef struct Worker {
    Pool *pool;
    int thread;
    pthread_t handle;
} Worker;

struct Pool {
    int threads;                /* the caller's included */
    Worker *workers;            /* threads - 1 of them */
    pthread_mutex_t lock;       /* guards sleeping and waking only */
    pthread_cond_t wake;
    atomic_uint burst;          /* grows by one per pool_run */
    atomic_int next, busy;      /* next task; workers that have not finished the burst */
    atomic_bool quit;
    PoolTask *run;
    void *context;
    int tasks;
};

static inline void pause_cpu(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static void take_tasks(Pool *pool, int thread)
{
    for (int task; (task = atomic_fetch_add(&pool->next, 1)) < pool->tasks;)
        pool->run(pool->context, task, thread);
}

static void *worker_main(void *argument)
{
    Worker *worker = argument;
    Pool *pool = worker->pool;
    for (unsigned seen = 0;; seen++) {
        for (int i = 0; i < SPINS && atomic_load(&pool->burst) == seen; i++)
            pause_cpu();
        if (atomic_load(&pool->burst) == seen) {
            pthread_mutex_lock(&pool->lock);
            while (atomic_load(&pool->burst) == seen)
                pthread_cond_wait(&pool->wake, &pool->lock);
            pthread_mutex_unlock(&pool->lock);
        }
        if (atomic_load(&pool->quit))
            return NULL;
        take_tasks(pool, worker->thread);
        atomic_fetch_sub(&pool->busy, 1);
    }
}

static void start_burst(Pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->burst, 1);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
}

Pool *pool_new(int threads, Err *err)
{
    if (threads <= 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        threads = cores > 0 && cores < THREADS_MAX ? (int)cores : 1;
    }
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    Pool *pool = calloc(1, sizeof *pool);
    Worker *workers = calloc((size_t)threads, sizeof *workers);
    if (pool == NULL || workers == NULL) {
        free(pool);
        free(workers);
        err_set(err, "out of memory for %d threads; close other programs or ask for fewer threads", threads);
        return NULL;
    }
    pool->threads = 1;
    pool->workers = workers;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    for (int i = 0; i + 1 < threads; i++) {
        workers[i] = (Worker){.pool = pool, .thread = i + 1};
        /* Where a thread cannot be had the pool is smaller, and everything still works. */
        if (pthread_create(&workers[i].handle, NULL, worker_main, &workers[i]) != 0)
            break;
        pool->threads++;
    }
    return pool;
}

void pool_free(Pool *pool)
{
    if (pool == NULL)
        return;
    atomic_store(&pool->quit, true);
    start_burst(pool);
    for (int i = 0; i + 1 < pool->threads; i++)
        pthread_join(pool->workers[i].handle, NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    free(pool->workers);
    free(pool);
}

int pool_threads(const Pool *pool)
{
    return pool->threads;
}

void pool_run(Pool *pool, PoolTask *run, void *context, int tasks)
{
    if (pool->threads == 1 || tasks <= 1) {
        for (int task = 0; task < tasks; task++)
            run(context, task, 0);
        return;
    }
    assert(atomic_load(&pool->busy) == 0);
    pool->run = run;
    pool->context = context;
    pool->tasks = tasks;
    atomic_store(&pool->next, 0);
    atomic_store(&pool->busy, pool->threads - 1);
    start_burst(pool);
    take_tasks(pool, 0);
    for (int spins = 0; atomic_load(&pool->busy) > 0; spins++) {
        if (spins < SPINS)
            pause_cpu();
        else
            sched_yield();
    }
}
