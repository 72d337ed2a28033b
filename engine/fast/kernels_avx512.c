/* kernels_avx512.c - the kernels of kernels.inc for AVX-512F; the Makefile passes the compiler's flags. */
#ifdef __AVX512F__
#define ISA avx512
#define VW 16
#define REGISTERS 31
#include "engine/fast/kernels.inc"
#else
typedef int not_for_this_target; /* ISO C wants a declaration */
#endif
