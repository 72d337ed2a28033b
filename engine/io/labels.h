/* labels.h - reads class names: class_indices.json as the tutorial writes it, ImageFolder's class_to_idx, id2label in a config.json, a
 * JSON list, the same as a Python dict or list, one name per line, or with its number (CSV, "985 daisy"), or ImageNet's files:
 * synset_words.txt ("n01440764 tench, Tinca tinca"; the number is dropped) and imagenet_class_index.json. */
#ifndef INCEPTOSCOPE_LABELS_H
#define INCEPTOSCOPE_LABELS_H

#include "engine/base/err.h"

#include <stddef.h>

/* The caller owns the list and its strings, and frees them with labels_free. `name` is used in messages. */
bool labels_load(const char *path, char ***labels, int *count, Err *err);
bool labels_parse(const char *text, size_t length, const char *name, char ***labels, int *count, Err *err);
void labels_free(char **labels, int count);

/* Names in the folder of a weight file, from class_indices.json or imagenet_synset_words.txt, if one of them has exactly
 * `classes` names. False if none has. Then *unused says why an existing class_indices.json is not used; otherwise it is "". */
bool labels_beside(const char *weights_path, int classes, char ***labels, Err *unused);

/* The class whose name is that of the picture's folder, as a folder of labelled pictures has it (data.h); -1: none. A list of synonyms
 * counts by its first one. labels NULL: -1. */
int labels_of_folder(char *const *labels, int count, const char *picture);

/* The names as a JSON list, which labels_parse reads; from malloc. NULL if out of memory, or if a name is not UTF-8: leaving it
 * out would shift all later names. */
char *labels_json(char *const *labels, int count);

#endif
