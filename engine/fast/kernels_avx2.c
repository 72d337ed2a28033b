/* kernels_avx2.c - the kernels of kernels.inc for AVX2 with FMA; the Makefile passes the compiler's flags. */
#ifdef __AVX2__
#define ISA avx2
#define VW 8
#define REGISTERS 7
#include "engine/fast/kernels.inc"
#else
typedef int not_for_this_target; /* ISO C wants a declaration */
#endif
