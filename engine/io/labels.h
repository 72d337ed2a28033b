/* labels.h - class names: class_indices.json as the tutorial writes it, ImageFolder's class_to_idx, a JSON list, one name a
 * line, or ImageNet's: synset_words.txt ("n01440764 tench, Tinca tinca"; the number is dropped), imagenet_class_index.json. */
#ifndef INCEPTOSCOPE_LABELS_H
#define INCEPTOSCOPE_LABELS_H

#include "engine/base/err.h"

#include <stddef.h>

/* The list and its strings are the caller's; labels_free takes them back. `name` stands in messages. */
bool labels_load(const char *path, char ***labels, int *count, Err *err);
bool labels_parse(const char *text, size_t length, const char *name, char ***labels, int *count, Err *err);
void labels_free(char **labels, int count);

/* Names that stand beside a weight file, in class_indices.json or imagenet_synset_words.txt, if one of these has
 * exactly `classes` names. False when none has; *unused then says why a class_indices.json that stands there is not used, else it is "". */
bool labels_beside(const char *weights_path, int classes, char ***labels, Err *unused);

/* The names as a JSON list, which labels_parse reads; from malloc. NULL without memory, or when a name is not UTF-8: a list that lacks
 * one would shift all that follow. */
char *labels_json(char *const *labels, int count);

#endif
