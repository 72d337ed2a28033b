/* exercise_training.c - see exercise_training.h. */
#include "app/model/exercise_training.h"
#include "app/model/errand.h"
#include "app/model/source.h"

#include <stdlib.h>

struct ExerciseTraining {
    Errand errand;
    SharedSource *source;       /* held */
    int epochs;
    pthread_mutex_t lock;       /* guards seen while it runs */
    FiguresSeen seen;
    bool good;                  /* with err, read when it is done */
    Err err;
};

static void dispose(ExerciseTraining *t)
{
    pthread_mutex_destroy(&t->lock);
    shared_source_release(t->source);
    free(t);
}

static void note(void *user, const FiguresSeen *seen)
{
    ExerciseTraining *t = user;
    pthread_mutex_lock(&t->lock);
    t->seen = *seen;
    pthread_mutex_unlock(&t->lock);
    errand_wake(&t->errand);
}

static void work(Errand *errand)
{
    ExerciseTraining *t = (ExerciseTraining *)errand;
    const Exercise e = {.epochs = t->epochs};
    FiguresSeen last;
    t->good = exercise_train(&e, (FiguresTask){.engine = engine_named(NULL), .net = t->source->source.net, .threads = errand_threads(), .stop = &errand->stop,
                                               .seen = note, .user = t}, &last, &t->err);
    if (errand_end(errand))
        dispose(t);
}

ExerciseTraining *exercise_training_start(const Exercise *e, SharedSource *source, void (*wake)(void *), void *wake_user, Err *err)
{
    if (!figures_fit(source->source.net, err))
        return NULL;
    ExerciseTraining *t = calloc(1, sizeof *t);
    if (t == NULL) {
        err_set(err, "not enough memory to train %s", source->source.net->name);
        return NULL;
    }
    t->source = shared_source_hold(source);
    t->epochs = e->epochs;
    pthread_mutex_init(&t->lock, NULL);
    if (errand_start(&t->errand, work, wake, wake_user))
        return t;
    dispose(t);
    err_set(err, "no thread could be started to train %s", source->source.net->name);
    return NULL;
}

void exercise_training_leave(ExerciseTraining *t)
{
    if (t != NULL && errand_leave(&t->errand))
        dispose(t);
}

void exercise_training_seen(ExerciseTraining *t, FiguresSeen *out)
{
    pthread_mutex_lock(&t->lock);
    *out = t->seen;
    pthread_mutex_unlock(&t->lock);
}

bool exercise_training_done(ExerciseTraining *t)
{
    return errand_done(&t->errand);
}

bool exercise_training_end(ExerciseTraining *t, FiguresSeen *out, Err *err)
{
    const bool good = t->good;
    exercise_training_seen(t, out);
    *err = t->err;
    dispose(t);
    return good;
}
