/* colormap.c - turns values into colours. */
#include "app/ui/ui.h"

#include <math.h>

#include "app/ui/colormap_tables.inc"

static const Color NOT_A_NUMBER = 0xff00ffff;

/* Zero is white, blue is above and orange below, each in two linear pieces so that small values differ visibly from zero. */
static Color signed_color(float t)
{
    static const Color blue[3] = {0xffffffff, 0x7ea2f0ff, 0x12409fff}, orange[3] = {0xffffffff, 0xe8a868ff, 0x9c4a00ff};
    const Color *stops = t >= 0 ? blue : orange;
    float s = fminf(fabsf(t), 1) * 2;
    return s <= 1 ? color_mix(stops[0], stops[1], s) : color_mix(stops[1], stops[2], s - 1);
}

Color colormap_color(Colormap map, float value, float lo, float hi)
{
    if (isnan(value))
        return NOT_A_NUMBER;
    if (map == MAP_SIGNED) {
        float reach = fmaxf(fabsf(lo), fabsf(hi));
        return signed_color(reach > 0 ? fminf(fmaxf(value / reach, -1), 1) : 0);
    }
    float t = hi > lo ? (value - lo) / (hi - lo) : 0;
    uint32_t i = (uint32_t)(fminf(fmaxf(t, 0), 1) * 255 + 0.5f);
    if (map >= MAP_COUNT)
        return i << (map == MAP_RED ? 24 : map == MAP_GREEN ? 16 : 8) | 0xff;
    uint32_t rgb = map == MAP_VIRIDIS ? viridis[i] : map == MAP_MAGMA ? magma[i] : map == MAP_CIVIDIS ? cividis[i] : i * 0x010101u;
    return rgb << 8 | 0xff;
}
