/* pickle_globals.h - the Python names that a pickle may use, and what this reader does instead of calling them. Only pickle.c
 * includes this. */
#ifndef INCEPTOSCOPE_PICKLE_GLOBALS_H
#define INCEPTOSCOPE_PICKLE_GLOBALS_H

#include "engine/io/tensor_file.h"

typedef enum Action { MAKE_DICT, MAKE_SIZE, MAKE_TENSOR, MAKE_PARAMETER, NAME_STORAGE, MAKE_OPAQUE } Action;

typedef struct PickleGlobal {
    const char *module, *name;
    Action action;
    DType dtype;                /* NAME_STORAGE */
    size_t element;             /* NAME_STORAGE: bytes of one element */
} PickleGlobal;

/* Its row; -1 if it is not in the table. */
int pickle_global_find(const char *module, size_t module_length, const char *name, size_t name_length);
const PickleGlobal *pickle_global(int64_t row);

#endif
