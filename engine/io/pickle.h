/* pickle.h - reads the part of Python's pickle format that a state_dict needs. It builds plain values and never runs code. A
 * global that is not in the list in pickle_globals.c is an error that names it. Called by weights_pth.c. */
#ifndef INCEPTOSCOPE_PICKLE_H
#define INCEPTOSCOPE_PICKLE_H

#include "engine/io/tensor_file.h"

typedef enum ValueKind {
    VALUE_NONE,
    VALUE_INT,
    VALUE_FLOAT,
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_DICT,
    VALUE_GLOBAL,
    VALUE_STORAGE,
    VALUE_TENSOR,
    VALUE_MARK,
    VALUE_OPAQUE,               /* something that is not read */
} ValueKind;

typedef struct Value {
    ValueKind kind;
    int64_t integer; /* VALUE_INT; VALUE_STORAGE: number of elements; VALUE_GLOBAL: row in pickle_globals.c */
    const char *text;           /* VALUE_TEXT; VALUE_STORAGE: its key. Points into the pickle, not terminated */
    size_t length;
    int *items;                 /* VALUE_LIST (lists, tuples): values; VALUE_DICT: key, value, key, value, ... */
    int count;
    DType dtype;                /* VALUE_STORAGE */
    size_t element;             /* VALUE_STORAGE: bytes of one element */
    int storage, size, stride;  /* VALUE_TENSOR: values, a storage and two lists of VALUE_INT */
    int64_t offset; /* VALUE_TENSOR: into its storage; VALUE_STORAGE: into the stored data (views in old files) */
} Value;

typedef struct Pickle {
    Value *values;
    int count;
    int root;                   /* the value that the whole pickle describes */
    size_t used;                /* bytes up to and including its STOP */
} Pickle;

/* Reads one pickle at the beginning of bytes. `name` is used in messages. Call pickle_free in any case. */
bool pickle_read(Pickle *pickle, const unsigned char *bytes, size_t size, const char *name, Err *err);
void pickle_free(Pickle *pickle);
/* The value of a text key, or -1. */
int pickle_lookup(const Pickle *pickle, int dict, const char *key);
bool value_is_text(const Value *value, const char *text);

#endif
