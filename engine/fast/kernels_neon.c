/* kernels_neon.c - the kernels of kernels.inc for NEON of AArch64; the Makefile passes the compiler's flags. Cross-compiled, and
 * tested with tests/test_fast.c under qemu-user by hand; CI has no machine of this kind. */
#ifdef __ARM_NEON
#define ISA neon
#define VW 4
#define REGISTERS 7
#include "engine/fast/kernels.inc"
#else
typedef int not_for_this_target; /* ISO C wants a declaration */
#endif
