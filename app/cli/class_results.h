/* class_results.h - a class's results in one table and on one page. */
#ifndef INCEPTOSCOPE_CLASS_RESULTS_H
#define INCEPTOSCOPE_CLASS_RESULTS_H

#include "app/model/strings.h"

#include <stdbool.h>

/* Reads every .json file of the folder as lesson_results.h has it, and writes OUT/results.csv (a row for each file, a column for each question)
 * and OUT/results.html (for each lesson the questions that failed most, then who answered what). A file that cannot be used is named on
 * standard error and left out. False after the message if none could be used, or nothing can be written. */
bool class_results(const char *folder, const char *out, Lang lang);

#endif
