/* errand.c - runs work on its own thread that nobody waits for; see errand.h. */
#include "app/model/errand.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct Start {
    Errand *errand;
    void (*work)(Errand *);
} Start;

static void errand_main(void *user)
{
    const Start start = *(Start *)user;
    free(user);
    start.work(start.errand);
}

bool errand_start(Errand *errand, void (*work)(Errand *), void (*wake)(void *), void *wake_user)
{
    Start *start = malloc(sizeof *start);
    if (start == NULL)
        return false;
    *start = (Start){errand, work};
    *errand = (Errand){.wake = wake, .wake_user = wake_user};
    pthread_mutex_init(&errand->lock, NULL);
    Thread *thread = thread_start(errand_main, start);
    if (thread == NULL) {
        free(start);
        return false;
    }
    thread_detach(thread);
    return true;
}

bool errand_done(Errand *errand)
{
    pthread_mutex_lock(&errand->lock);
    const bool done = errand->done;
    pthread_mutex_unlock(&errand->lock);
    return done;
}

bool errand_leave(Errand *errand)
{
    stop_ask(&errand->stop);
    pthread_mutex_lock(&errand->lock);
    errand->left = true;
    const bool done = errand->done;
    pthread_mutex_unlock(&errand->lock);
    return done;
}

/* With the lock held. */
static void wake(Errand *errand)
{
    if (!errand->left && errand->wake != NULL)
        errand->wake(errand->wake_user);
}

void errand_wake(Errand *errand)
{
    pthread_mutex_lock(&errand->lock);
    wake(errand);
    pthread_mutex_unlock(&errand->lock);
}

bool errand_end(Errand *errand)
{
    pthread_mutex_lock(&errand->lock);
    errand->done = true;
    const bool left = errand->left;
    wake(errand);
    pthread_mutex_unlock(&errand->lock);
    return left;
}

int errand_threads(void)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 2 ? (int)cores - 1 : 1;
}
