/* exercise_training.h - trains an exercise's network beside the window (errand.h). */
#ifndef INCEPTOSCOPE_EXERCISE_TRAINING_H
#define INCEPTOSCOPE_EXERCISE_TRAINING_H

#include "app/model/compute.h"
#include "app/model/exercise.h"

typedef struct ExerciseTraining ExerciseTraining;

/* Only e's epochs are used. NULL and a message if the network cannot learn the pictures, or no thread could be started. */
ExerciseTraining *exercise_training_start(const Exercise *e, SharedSource *source, void (*wake)(void *), void *wake_user, Err *err);
void exercise_training_leave(ExerciseTraining *t); /* does not wait; NULL is allowed */
void exercise_training_seen(ExerciseTraining *t, FiguresSeen *out); /* how far it is */
/* Once, when it has ended: frees it. False with a message if it failed. */
bool exercise_training_done(ExerciseTraining *t);
bool exercise_training_end(ExerciseTraining *t, FiguresSeen *out, Err *err);

#endif
