/* thread_desktop.c - threads of the system; see thread.h. */
#include "engine/base/clock.h"
#include "engine/base/thread.h"

#include <stdlib.h>
#include <time.h>

struct Thread {
    pthread_t handle;
};

typedef struct Start {
    ThreadMain *run;
    void *user;
} Start;

static void *begin(void *argument)
{
    const Start start = *(Start *)argument;
    free(argument);
    start.run(start.user);
    return NULL;
}

Thread *thread_start(ThreadMain *run, void *user)
{
    Thread *thread = malloc(sizeof *thread);
    Start *start = malloc(sizeof *start);
    if (start != NULL)
        *start = (Start){run, user};
    if (thread == NULL || start == NULL || pthread_create(&thread->handle, NULL, begin, start) != 0) {
        free(thread);
        free(start);
        return NULL;
    }
    return thread;
}

void thread_join(Thread *thread)
{
    pthread_join(thread->handle, NULL);
    free(thread);
}

void thread_detach(Thread *thread)
{
    pthread_detach(thread->handle);
    free(thread);
}

void thread_wait(pthread_cond_t *changed, pthread_mutex_t *lock)
{
    pthread_cond_wait(changed, lock);
}

void thread_wake(pthread_cond_t *changed)
{
    pthread_cond_broadcast(changed);
}

void thread_yield(void)
{
}

bool thread_takes_turns(void)
{
    return false;
}

double thread_seconds(void)
{
    return clock_seconds();
}

void thread_rest(int milliseconds)
{
    nanosleep(&(struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000L}, NULL);
}

bool thread_turns(double seconds)
{
    (void)seconds;
    return false;
}
