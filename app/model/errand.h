/* errand.h - work on a thread of its own that nobody ever has to wait for: its owner looks whether it is done, or leaves. Who is the last
 * to go frees what both use. A thread that is still running when the program ends touches only that, so it ends with it. */
#ifndef INCEPTOSCOPE_ERRAND_H
#define INCEPTOSCOPE_ERRAND_H

#include "engine/base/stop.h"

#include <pthread.h>

/* First member of what the owner and the thread share. */
typedef struct Errand {
    Stop stop;                  /* asked when the owner leaves */
    pthread_mutex_t lock;       /* of the two below, and of wake: it is not called once errand_leave has returned */
    bool done, left;
    void (*wake)(void *);       /* or NULL */
    void *wake_user;
} Errand;

/* Starts work(errand) on a thread; it ends with errand_end. False without a thread; then nothing was started. */
bool errand_start(Errand *errand, void (*work)(Errand *), void (*wake)(void *), void *wake_user);
/* For the owner. */
bool errand_done(Errand *errand);
bool errand_leave(Errand *errand);      /* true: the thread has ended and the owner frees; false: the thread will */
/* For the thread: something is to be seen; and its last act, which tells the owner, or says true: the owner has left, free it. */
void errand_wake(Errand *errand);
bool errand_end(Errand *errand);

#endif
