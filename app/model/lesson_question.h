/* lesson_question.h - reads what a lesson's question wants: a number, a place to point at, something that shall happen. app/session/lesson_judge.h
 * compares places and deeds with the model. */
#ifndef INCEPTOSCOPE_LESSON_QUESTION_H
#define INCEPTOSCOPE_LESSON_QUESTION_H

#include "app/model/lesson.h"
#include "engine/net/expr.h"
#include "app/model/names.h"

/* Where to point: a layer or module, one of its channels, or some: "3a/5x5", "3a[7]", "3a[192..223]"; "brightest 5b[3]" is the place of
 * the channel's largest value. */
typedef struct Spot {
    int layer;
    int first, last;            /* channels; -1: any place of the layer */
    bool brightest;
} Spot;

/* What shall be the case. */
typedef enum DeedKind { DEED_SILENT, DEED_ANSWER, DEED_PROBABILITY, DEED_VALUE, DEED_AT, DEED_VIEW, DEED_SWITCHED } DeedKind;
typedef struct Deed {
    DeedKind kind;
    bool not;                   /* the opposite shall be the case */
    Spot spot;                  /* DEED_SILENT, DEED_AT, DEED_SWITCHED */
    ViewKind view;              /* DEED_VIEW */
    char class_name[64];        /* DEED_ANSWER, DEED_PROBABILITY */
    char than;                  /* DEED_PROBABILITY, DEED_VALUE: '<', '>' or '=' */
    double number;
} Deed;

enum { SPOTS_MAX = 8, DEEDS_MAX = 4 };

/* Parse a step's `point:` (separated by commas: any of them) and `make:` (joined by "and": all of them). They return how many there are,
 * or -1 and a reason. */
int spots_parse(const Net *net, const char *text, Spot out[SPOTS_MAX], Err *err);
int deeds_parse(const Net *net, const char *text, Deed out[DEEDS_MAX], Err *err);

/* Evaluates the step's typed answer, its slips, and what is blank while it is open. The secrets already have the numbers of the right
 * choice. */
bool question_evaluate(const ExprScope *scope, const char *path, LessonStep *step, Err *err);

#endif
