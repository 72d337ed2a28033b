/* kernels_pick.c - chooses the instruction set: the best that this CPU has, unless $INCEPTOSCOPE_CPU names one. */
#include "engine/fast/kernels.h"

#include <stdlib.h>
#include <string.h>

typedef struct Choice {
    const Kernels *kernels;
    bool here;                  /* this CPU has it */
} Choice;

const Kernels *kernels_pick(Err *err)
{
    const Choice choices[] = { /* the best one first */
#if defined(__x86_64__)
        {&kernels_avx512, __builtin_cpu_supports("avx512f") != 0},
        {&kernels_avx2, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
#elif defined(__aarch64__)
        {&kernels_neon, true},
#endif
        {&kernels_plain, true},
    };
    const char *wanted = getenv("INCEPTOSCOPE_CPU");
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        bool named = wanted == NULL || wanted[0] == '\0' || strcmp(wanted, choices[i].kernels->name) == 0;
        if (named && choices[i].here)
            return choices[i].kernels;
    }
    err_set(err, "INCEPTOSCOPE_CPU=%s: this CPU has no such kernels; unset it, or use plain%s", wanted,
#if defined(__x86_64__)
            ", avx2 or avx512 where the CPU has them"
#else
            ""
#endif
    );
    return NULL;
}
