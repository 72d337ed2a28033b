/* accuracy_print.h - prints what `inceptoscope accuracy` found, as tables or JSON. */
#ifndef INCEPTOSCOPE_ACCURACY_PRINT_H
#define INCEPTOSCOPE_ACCURACY_PRINT_H

#include "app/model/judge.h"
#include "app/model/knife.h"

typedef struct AccuracyReport { /* everything is borrowed */
    const Source *source;
    const Dataset *set;
    const int *class_of;        /* the network's class of each label of the set */
    const Judge *judge;         /* all pictures are judged */
    Knife knife;                /* what was changed in its second result, if it has one */
} AccuracyReport;

bool accuracy_print(const AccuracyReport *report);
bool accuracy_print_json(const AccuracyReport *report);

#endif
