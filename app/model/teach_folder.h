/* teach_folder.h - the pictures of a folder into bins. */
#ifndef INCEPTOSCOPE_TEACH_FOLDER_H
#define INCEPTOSCOPE_TEACH_FOLDER_H

#include "app/model/teach_bins.h"

/* With `bin` -1 each folder in it that has pictures is a class: they go to the bin of that name, else to an empty bin, which gets the name, else
 * to a new one; a folder with pictures and without such folders is one class. Else all pictures in it and below go to this bin. All of it is
 * one edit. False and a message if there are no pictures, or too many bins or pictures; what came before that stays. */
bool teach_folder_add(TeachBins *bins, const char *folder, int bin, double when, Err *err);

#endif
