/* threads.c - the thread pool of threads.h.
 *
 * A network is about 25 task batches, each of a fraction of a millisecond. If the threads slept between them, waking them would
 * cost as much as some layers. So a waiting thread spins for a few microseconds before it sleeps. */
#include "engine/base/thread.h"
#include "engine/fast/threads.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { SPINS = 4000, LAST_SPINS = 200 };

typedef struct PoolWorker {
    Pool *pool;
    int thread;
    pthread_t handle;
} PoolWorker;

struct Pool {
    int threads;                /* the caller's included */
    PoolWorker *workers;        /* threads - 1 of them */
    pthread_mutex_t lock;       /* for sleeping and waking only */
    pthread_cond_t wake;
    atomic_int asleep;
    atomic_bool quit;
    atomic_int left;            /* tasks of the task batch that nobody has taken */
    atomic_int done;            /* tasks that have returned */
    PoolTask *run;              /* these three change only while `left` is 0 and all tasks are done */
    void *context;
    int tasks;
};

static inline void pause_cpu(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* A late thread finds no task left, and nobody waits for it: the batch is over when its tasks are. After a thread has taken a
 * task, the batch cannot end before that task is done, so the pool's fields about the batch are safe to read. */
static void take_tasks(Pool *pool, int thread)
{
    int left = atomic_load(&pool->left);
    while (left > 0) {
        if (!atomic_compare_exchange_weak(&pool->left, &left, left - 1))
            continue;
        pool->run(pool->context, pool->tasks - left, thread);
        atomic_fetch_add(&pool->done, 1);
        left = atomic_load(&pool->left);
    }
}

static void *worker_main(void *argument)
{
    const PoolWorker *worker = argument;
    Pool *pool = worker->pool;
    while (!atomic_load(&pool->quit)) {
        for (int i = 0; i < SPINS && atomic_load(&pool->left) == 0; i++)
            pause_cpu();
        if (atomic_load(&pool->left) == 0) {
            pthread_mutex_lock(&pool->lock);
            atomic_fetch_add(&pool->asleep, 1);
            while (atomic_load(&pool->left) == 0 && !atomic_load(&pool->quit))
                pthread_cond_wait(&pool->wake, &pool->lock);
            atomic_fetch_sub(&pool->asleep, 1);
            pthread_mutex_unlock(&pool->lock);
        }
        take_tasks(pool, worker->thread);
    }
    return NULL;
}

/* A thread that sleeps has counted itself before its last look at `left`, so every sleeper is woken. */
static void wake_sleepers(Pool *pool)
{
    if (atomic_load(&pool->asleep) == 0)
        return;
    pthread_mutex_lock(&pool->lock);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
}

Pool *pool_new(int threads, Err *err)
{
    if (threads <= 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        threads = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (int)cores;
    }
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    Pool *pool = calloc(1, sizeof *pool);
    PoolWorker *workers = calloc((size_t)threads, sizeof *workers);
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
        workers[i] = (PoolWorker){.pool = pool, .thread = i + 1};
        /* If the system refuses a thread, the pool is smaller and still works. */
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
    wake_sleepers(pool);
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
        for (int task = 0; task < tasks; task++) {
            run(context, task, 0);
            thread_yield();
        }
        return;
    }
    assert(atomic_load(&pool->left) == 0);
    pool->run = run;
    pool->context = context;
    pool->tasks = tasks;
    atomic_store(&pool->done, 0);
    atomic_store(&pool->left, tasks); /* from here on threads take tasks */
    wake_sleepers(pool);
    take_tasks(pool, 0);
    /* The last tasks are still running. If other programs use the cores, their threads may need this one: yield. */
    for (int spins = 0; atomic_load(&pool->done) < tasks; spins++) {
        if (spins < LAST_SPINS)
            pause_cpu();
        else
            sched_yield();
    }
}
