/* kernels_plain.c - the kernels of kernels.inc with the instructions that every CPU of the target has (no FMA on x86-64); the
 * Makefile passes the compiler's flags. */
#define ISA plain
#define VW 4
#define REGISTERS 3
#include "engine/fast/kernels.inc"
