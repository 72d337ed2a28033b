/* errand.h - runs work on its own thread that nobody has to wait for. The owner polls whether it is done, or leaves. The last of
 * the two frees what they share. A thread that still runs when the program ends touches only that memory, so it ends safely with
 * the program. */
#ifndef INCEPTOSCOPE_ERRAND_H
#define INCEPTOSCOPE_ERRAND_H

#include "engine/base/stop.h"

#include <pthread.h>

/* First member of what the owner and the thread share. */
typedef struct Errand {
    Stop stop;                  /* requested when the owner leaves */
    pthread_mutex_t lock;       /* guards the two below and wake, which is not called after errand_leave has returned */
    bool done, left;
    void (*wake)(void *);       /* or NULL */
    void *wake_user;
} Errand;

/* Starts work(errand) on a thread; work must call errand_end last. False if no thread could be started. */
bool errand_start(Errand *errand, void (*work)(Errand *), void (*wake)(void *), void *wake_user);
/* For the owner. */
bool errand_done(Errand *errand);
bool errand_leave(Errand *errand);      /* true: the thread has ended and the owner frees; false: the thread will free */
/* For the thread. errand_wake: there is something to see. errand_end, its last call, tells the owner; true: the owner has left,
 * so the thread frees. */
void errand_wake(Errand *errand);
bool errand_end(Errand *errand);
/* How many threads an engine gets for work beside the window: one core is left to it, if there are several. */
int errand_threads(void);

#endif
