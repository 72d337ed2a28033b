/* kernels_plain.c - the kernels of kernels.inc with the instructions that every CPU of the target has (no FMA on x86-64); the
 * Makefile passes the compiler's flags. The same in WebAssembly, where all of 16 registers are in use: 8 sums, 4 weights, 2 values, and a
 * product. Other tiles and unrolled loops were slower there (5 pixels of half a block by 11 %, two channels a turn by a fifth). */
#define ISA plain
#define VW 4
#define REGISTERS 3
#include "engine/fast/kernels.inc"
