/* bits.c - see bits.h. */
#include "engine/io/bits.h"

#include <math.h>

float half_to_float(uint16_t half)
{
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = half >> 10 & 31, fraction = half & 1023;
    if (exponent == 31)
        return float_from_bits(sign | 0x7f800000 | fraction << 13);
    if (exponent == 0) { /* zero and subnormals: fraction * 2^-24 */
        float value = ldexpf((float)fraction, -24);
        return sign != 0 ? -value : value;
    }
    return float_from_bits(sign | (exponent + 112) << 23 | fraction << 13);
}

/* Without branches, so that the compiler makes vector code of it. Exponent and fraction of a half, moved to their places in a
 * float, are the value times 2^-112. A multiplication corrects this exactly, also for subnormals; infinity and NaN need the full
 * exponent. */
void halves_to_floats(float *out, const unsigned char *halves, size_t count)
{
    const float scale = 0x1p112f;
    for (size_t i = 0; i < count; i++) {
        uint32_t half = (uint32_t)halves[2 * i] | (uint32_t)halves[2 * i + 1] << 8;
        uint32_t scaled = float_bits(float_from_bits((half & 0x7fff) << 13) * scale);
        uint32_t special = (half & 0x7c00) == 0x7c00 ? 0x7f800000 : 0;
        out[i] = float_from_bits(scaled | special | (half & 0x8000) << 16);
    }
}

uint16_t float_to_half(float value)
{
    uint32_t bits = float_bits(value);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    uint32_t magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000)
        return (uint16_t)(sign | 0x7e00 | (magnitude >> 13 & 0x3ff));
    if (magnitude >= 0x477ff000) /* 65520 and more round to infinity */
        return sign | 0x7c00;
    if (magnitude < 0x38800000) /* below 2^-14: a multiple of 2^-24; rintf rounds ties to even */
        return (uint16_t)(sign | (uint16_t)rintf(ldexpf(float_from_bits(magnitude), 24)));
    uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    return (uint16_t)(sign | (rounded - (112u << 23)) >> 13);
}

bool write_floats(SafeFile *file, const float *values, size_t count, bool half, Err *err)
{
    unsigned char block[4096];
    const size_t size = half ? 2 : 4;
    while (count > 0) {
        size_t n = count < sizeof block / size ? count : sizeof block / size;
        for (size_t i = 0; i < n; i++)
            store_le(block + size * i, half ? float_to_half(values[i]) : float_bits(values[i]), size);
        if (!safe_file_write(file, block, size * n, err))
            return false;
        values += n;
        count -= n;
    }
    return true;
}
