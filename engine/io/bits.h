/* bits.h - numbers as files store them: little-endian integers, IEEE half, bfloat16, single and double. */
#ifndef INCEPTOSCOPE_BITS_H
#define INCEPTOSCOPE_BITS_H

#include "engine/base/safe_file.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t load_le(const unsigned char *p, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | p[i];
    return value;
}

static inline void store_le(unsigned char *p, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        p[i] = (unsigned char)(value >> 8 * i);
}

static inline float float_from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t float_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double double_from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

float half_to_float(uint16_t half);
/* Converts count little-endian halves, exactly, several at a time. */
void halves_to_floats(float *out, const unsigned char *halves, size_t count);
uint16_t float_to_half(float value);    /* to nearest, ties to even; 65520 and above becomes infinity, NaN stays NaN */

/* Writes count values, little-endian, as F32 or rounded to F16. */
bool write_floats(SafeFile *file, const float *values, size_t count, bool half, Err *err);

#endif
