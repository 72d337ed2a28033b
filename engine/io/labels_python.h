/* labels_python.h - a Python dict, list or tuple of names, as people paste them from a notebook, read as JSON. Only labels.c calls this. */
#ifndef INCEPTOSCOPE_LABELS_PYTHON_H
#define INCEPTOSCOPE_LABELS_PYTHON_H

#include <jansson.h>

/* {0: 'tench', 1: "jack-o'-lantern"}, {'tench': 0}, ['tench'], ('tench',): strings in either kind of quotes, whole numbers, comments,
 * a comma at the end. Numbers as keys become strings. NULL and its line if it has another form, or a key twice. */
json_t *labels_python(const char *text, size_t length, int *line);

#endif
