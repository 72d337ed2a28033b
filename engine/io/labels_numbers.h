/* labels_numbers.h - class names with their numbers in the same line: "985 daisy", "985: daisy", "985,daisy", "daisy,985". Only
 * labels.c calls this. */
#ifndef INCEPTOSCOPE_LABELS_NUMBERS_H
#define INCEPTOSCOPE_LABELS_NUMBERS_H

#include "engine/base/err.h"

/* Removes the numbers, and puts the names into their order: all names of the list have one, and together they are 0 to count - 1, or 1 to
 * count. Names that are only numbers, or have one that is not theirs ("Boeing 747"), stay. The first line may be a header, such as
 * "index,name": then it is removed, and *count is one less. False and a message with name:line if only some have a number, or the numbers
 * do not fit. The strings are changed in place. */
bool labels_take_numbers(char **labels, int *count, const char *name, Err *err);

#endif
