/* thread_web.c - threads that take turns on the one thread of a page; see thread.h.
 *
 * A thread is one of Emscripten's fibers: a stack of its own, and memory for what WebAssembly keeps outside of it while the
 * thread does not run (Asyncify unwinds the calls there and rewinds them at the next turn). Only the main thread gives turns, and
 * every thread gives the turn back to it. */
#include "engine/base/clock.h"
#include "engine/base/thread.h"

#include <assert.h>
#include <emscripten/fiber.h>
#include <stdint.h>
#include <stdlib.h>

enum {
    STACK_SIZE = 512 << 10,     /* bytes; the deepest are readers of weight files */
    CALLS_SIZE = 64 << 10,      /* bytes for the unwound calls, a few hundred of them */
};
static const uint32_t CANARY = 0x5eedbead; /* at the end of a stack, which nothing else guards */

struct Thread {
    emscripten_fiber_t fiber;
    ThreadMain *run;
    void *user;
    const pthread_cond_t *waits; /* for this, or NULL */
    bool ended, detached;
    double away;                /* seconds between its turns */
    Thread *next;               /* of all threads; whoever had a turn is the last */
    uint32_t *stack;
    char *calls;
};

typedef struct Scheduler {
    emscripten_fiber_t main;
    char *main_calls;
    Thread *first;
    Thread *running;            /* NULL: the main thread */
    double until;               /* when the turns end, in seconds */
} Scheduler;

/* The page's one scheduler: what the system's is on a desktop. */
static Scheduler *scheduler(void)
{
    static Scheduler only;
    return &only;
}

static void give_back(void)
{
    Scheduler *s = scheduler();
    Thread *self = s->running;
    assert(self->stack[0] == CANARY);
    const double gone = clock_seconds();
    emscripten_fiber_swap(&self->fiber, &s->main);
    self->away += clock_seconds() - gone;
}

static void begin(void *user)
{
    Thread *self = user;
    self->run(self->user);
    self->ended = true;
    give_back();                /* for good */
}

static void append(Thread *thread)
{
    Thread **end = &scheduler()->first;
    while (*end != NULL)
        end = &(*end)->next;
    thread->next = NULL;
    *end = thread;
}

static void take_out(Thread *thread)
{
    Thread **at = &scheduler()->first;
    while (*at != thread)
        at = &(*at)->next;
    *at = thread->next;
}

static void thread_free(Thread *thread)
{
    free(thread->stack);
    free(thread->calls);
    free(thread);
}

Thread *thread_start(ThreadMain *run, void *user)
{
    Scheduler *s = scheduler();
    if (s->main_calls == NULL) {
        if ((s->main_calls = malloc(CALLS_SIZE)) == NULL)
            return NULL;
        emscripten_fiber_init_from_current_context(&s->main, s->main_calls, CALLS_SIZE);
    }
    Thread *thread = malloc(sizeof *thread);
    if (thread == NULL)
        return NULL;
    *thread = (Thread){.run = run, .user = user, .stack = aligned_alloc(16, STACK_SIZE), .calls = malloc(CALLS_SIZE)};
    if (thread->stack == NULL || thread->calls == NULL) {
        thread_free(thread);
        return NULL;
    }
    thread->stack[0] = CANARY;
    emscripten_fiber_init(&thread->fiber, begin, thread, thread->stack, STACK_SIZE, thread->calls, CALLS_SIZE);
    append(thread);
    return thread;
}

/* One turn: until the thread gives it back. */
static void turn(Thread *thread)
{
    Scheduler *s = scheduler();
    take_out(thread);
    append(thread);
    s->running = thread;
    emscripten_fiber_swap(&s->main, &thread->fiber);
    s->running = NULL;
    if (thread->ended && thread->detached) {
        take_out(thread);
        thread_free(thread);
    }
}

static Thread *next_ready(void)
{
    Thread *thread = scheduler()->first;
    while (thread != NULL && (thread->ended || thread->waits != NULL))
        thread = thread->next;
    return thread;
}

bool thread_turns(double seconds)
{
    Scheduler *s = scheduler();
    assert(s->running == NULL);
    s->until = clock_seconds() + seconds;
    for (Thread *thread; (thread = next_ready()) != NULL && clock_seconds() < s->until;)
        turn(thread);
    return next_ready() != NULL;
}

void thread_join(Thread *thread)
{
    while (!thread->ended && thread->waits == NULL)
        if (scheduler()->running != NULL)
            give_back();
        else
            thread_turns(0.01);
    take_out(thread);           /* one that waits would do so for ever */
    thread_free(thread);
}

void thread_detach(Thread *thread)
{
    thread->detached = true;
}

void thread_wait(pthread_cond_t *changed, pthread_mutex_t *lock)
{
    Thread *self = scheduler()->running;
    (void)lock;                 /* nobody else runs, so nobody else can hold it */
    if (self == NULL) {
        thread_turns(0.01);
        return;
    }
    self->waits = changed;
    give_back();
}

void thread_wake(pthread_cond_t *changed)
{
    for (Thread *thread = scheduler()->first; thread != NULL; thread = thread->next)
        if (thread->waits == changed)
            thread->waits = NULL;
}

void thread_yield(void)
{
    const Scheduler *s = scheduler();
    if (s->running != NULL && clock_seconds() >= s->until)
        give_back();
}

bool thread_takes_turns(void)
{
    return true;
}

double thread_seconds(void)
{
    const Thread *self = scheduler()->running;
    return clock_seconds() - (self != NULL ? self->away : 0);
}

void thread_rest(int milliseconds)
{
    thread_turns(milliseconds * 1e-3);
}
