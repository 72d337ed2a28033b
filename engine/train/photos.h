/* photos.h - the photos in a folder and in all folders below it, as they are used to look at a network: with the name of the folder that
 * each lies in as its class, if there are such folders. Unlike a Dataset there may be no class, or one with a single photo. */
#ifndef INCEPTOSCOPE_TRAIN_PHOTOS_H
#define INCEPTOSCOPE_TRAIN_PHOTOS_H

#include "engine/base/stop.h"
#include "engine/base/limits.h"
#include "engine/train/data.h"

#include <stdint.h>

typedef struct Photo {
    char *path;                 /* root/class/name; owned */
    int label;                  /* index into classes; -1: it lies in the root itself */
    int64_t size, modified;     /* bytes; nanoseconds since 1970 */
} Photo;

typedef struct Photos {
    char *root;
    StringList classes;         /* names of folders, in the order of their first photo */
    Photo *items;               /* in the order of their paths: the files of a folder, then its folders */
    int count;
    int *per_class;             /* photos of each class */
} Photos;

/* False and a message if the folder cannot be read, has no photo or more than LIMIT_PHOTOS, or `stop` was asked. Files that are no
 * pictures by their name are passed over. */
bool photos_open(const char *root, Stop *stop, Photos *out, Err *err);
void photos_free(Photos *photos);
/* A photo's path below the root. */
const char *photos_name(const Photos *photos, int photo);
/* Whether these are likely the photos that weights were trained on: a folder on the way is named train or training, or there are exactly
 * as many as the weights' file says that it was trained on (`trained`: its sentence about that, or NULL). */
bool photos_are_training(const Photos *photos, const char *trained);

#endif
