/* thread.h - work beside the main thread. On a desktop it runs on threads of the system (thread_desktop.c). A web page has none
 * unless its server sends special headers: there every thread has a stack of its own and runs in turns between frames
 * (thread_web.c). So long work calls thread_yield every few milliseconds, and never while it holds a lock. stop_asked and the
 * thread pool do it for most work.
 *
 * Mutexes are pthread's on both sides. Conditions that a Thread waits for go through the functions below. */
#ifndef INCEPTOSCOPE_THREAD_H
#define INCEPTOSCOPE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

typedef struct Thread Thread;
typedef void ThreadMain(void *user);

/* NULL if out of memory or threads. End it with one of the next two. */
Thread *thread_start(ThreadMain *run, void *user);
void thread_join(Thread *thread);           /* waits until run has returned; for the main thread and for others */
void thread_detach(Thread *thread);         /* nobody waits; it ends with the program at the latest */

/* As pthread_cond_wait and pthread_cond_broadcast: the lock is held by the caller, and a wait may end without a reason. */
void thread_wait(pthread_cond_t *changed, pthread_mutex_t *lock);
void thread_wake(pthread_cond_t *changed);

/* For work that takes long: a good moment to let others run. Costs nothing where the system does it by itself. */
void thread_yield(void);
/* Whether threads take turns: then what waits for a thread holds up every other one that waits for nothing. False on a desktop. */
bool thread_takes_turns(void);
/* Seconds, like clock_seconds, without the time that others had between this thread's turns. */
double thread_seconds(void);
/* For the main thread, when it has nothing to do for some milliseconds: sleeps, or gives its threads that long. */
void thread_rest(int milliseconds);
/* For the main thread of a page, between two frames: its threads run for about this long. Returns whether one of them has more to
 * do. False on a desktop, where threads need no turns. */
bool thread_turns(double seconds);

#endif
