/* pickle_globals.c - see pickle_globals.h. */
#include "engine/io/pickle_globals.h"

#include <string.h>

/* The globals of a state_dict. Calling one is a fixed action of this reader; no Python code is run. */
static const PickleGlobal globals[] = {
    {"collections", "OrderedDict", MAKE_DICT, DTYPE_OTHER, 0},
    {"torch", "Size", MAKE_SIZE, DTYPE_OTHER, 0},
    {"torch._utils", "_rebuild_tensor_v2", MAKE_TENSOR, DTYPE_OTHER, 0},
    {"torch._utils", "_rebuild_tensor", MAKE_TENSOR, DTYPE_OTHER, 0},
    {"torch._utils", "_rebuild_parameter", MAKE_PARAMETER, DTYPE_OTHER, 0},
    {"torch", "FloatStorage", NAME_STORAGE, DTYPE_F32, 4},
    {"torch", "HalfStorage", NAME_STORAGE, DTYPE_F16, 2},
    {"torch", "BFloat16Storage", NAME_STORAGE, DTYPE_BF16, 2},
    {"torch", "DoubleStorage", NAME_STORAGE, DTYPE_F64, 8},
    {"torch", "LongStorage", NAME_STORAGE, DTYPE_I64, 8},
    {"torch", "IntStorage", NAME_STORAGE, DTYPE_OTHER, 4},
    {"torch", "ShortStorage", NAME_STORAGE, DTYPE_OTHER, 2},
    {"torch", "CharStorage", NAME_STORAGE, DTYPE_OTHER, 1},
    {"torch", "ByteStorage", NAME_STORAGE, DTYPE_OTHER, 1},
    {"torch", "BoolStorage", NAME_STORAGE, DTYPE_OTHER, 1},
    /* What training scripts, schedulers and loggers leave in a checkpoint. */
    {"collections", "Counter", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"collections", "defaultdict", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"collections", "deque", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"__builtin__", "list", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"__builtin__", "set", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"__builtin__", "frozenset", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"__builtin__", "bytearray", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"__builtin__", "complex", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"builtins", "list", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"builtins", "set", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"builtins", "frozenset", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"builtins", "bytearray", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"builtins", "complex", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"numpy", "dtype", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"numpy", "ndarray", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"numpy.core.multiarray", "scalar", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"numpy.core.multiarray", "_reconstruct", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"numpy._core.multiarray", "scalar", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"numpy._core.multiarray", "_reconstruct", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"_codecs", "encode", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"torch", "device", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"torch", "float16", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"torch", "bfloat16", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"torch", "float32", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"torch", "float64", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"torch", "int64", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"torch", "strided", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"torch.serialization", "_get_layout", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"pathlib", "PosixPath", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"pathlib", "WindowsPath", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"datetime", "datetime", MAKE_OPAQUE, DTYPE_OTHER, 0},
    {"datetime", "timedelta", MAKE_OPAQUE, DTYPE_OTHER, 0},
};

static bool is(const char *text, size_t length, const char *wanted)
{
    return length == strlen(wanted) && memcmp(text, wanted, length) == 0;
}

int pickle_global_find(const char *module, size_t module_length, const char *name, size_t name_length)
{
    for (int i = 0; i < (int)(sizeof globals / sizeof globals[0]); i++)
        if (is(module, module_length, globals[i].module) && is(name, name_length, globals[i].name))
            return i;
    return -1;
}

const PickleGlobal *pickle_global(int64_t row)
{
    return &globals[row];
}
