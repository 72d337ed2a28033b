/* charts.c - test pictures whose maps are easy to read: gratings, a colour wheel, a checkerboard. */
#include "assets/images/draw/paint.h"

#include <math.h>

static const float pi = 3.14159265f;

static Colour hue(float turn, float saturation, float value)
{
    float channel[3];
    for (int c = 0; c < 3; c++) {
        float k = fmodf((float)(c == 0 ? 5 : c == 1 ? 3 : 1) + turn * 6.0f, 6.0f);
        float ramp = fminf(k, 4 - k);
        ramp = ramp < 0 ? 0 : ramp > 1 ? 1 : ramp;
        channel[c] = value - value * saturation * ramp;
    }
    return srgb((uint32_t)(channel[0] * 255 + 0.5f) << 16 | (uint32_t)(channel[1] * 255 + 0.5f) << 8 |
                (uint32_t)(channel[2] * 255 + 0.5f));
}

/* Twelve round patches, 15 degrees apart; wavelength falls from row to row, the last row is in opponent colours. */
void draw_gratings(Canvas *canvas)
{
    static const float wavelength[3] = {20, 12, 16};
    Colour grey = srgb(0x808080), dark = srgb(0x101010), bright = srgb(0xf4f4f4);
    for (int sy = 0; sy < canvas->h; sy++)
        for (int sx = 0; sx < canvas->w; sx++) {
            float x = ((float)sx + 0.5f) / SAMPLES, y = ((float)sy + 0.5f) / SAMPLES;
            int column = (int)(x / 160), row = (int)(y / 160);
            float angle = (float)(row * 4 + column) * pi / 12;
            float dx = x - (float)column * 160 - 80, dy = y - (float)row * 160 - 80;
            float wave = 0.5f + 0.5f * cosf(2 * pi * (dx * cosf(angle) + dy * sinf(angle)) / wavelength[row]);
            Colour low = dark, high = bright;
            if (row == 2) {
                low = column % 2 == 0 ? srgb(0xc8281e) : srgb(0x1f4fd0);
                high = column % 2 == 0 ? srgb(0x1fa04a) : srgb(0xf2d21c);
            }
            float cover = 1 - smooth(66, 71, hypotf(dx, dy));
            canvas->pixels[(size_t)sy * (size_t)canvas->w + (size_t)sx] = mix(grey, mix(low, high, wave), cover);
        }
}

/* Hue around, saturation outwards; a ring of twelve pure swatches and a grey scale stand beside it. */
void draw_colour_wheel(Canvas *canvas)
{
    canvas_fill(canvas, srgb(0x2b2f36), srgb(0x1d2026));
    for (int sy = 0; sy < canvas->h; sy++)
        for (int sx = 0; sx < canvas->w; sx++) {
            float x = ((float)sx + 0.5f) / SAMPLES - 300, y = ((float)sy + 0.5f) / SAMPLES - 240;
            float r = hypotf(x, y), turn = atan2f(-y, x) / (2 * pi);
            turn -= floorf(turn);
            Colour *p = &canvas->pixels[(size_t)sy * (size_t)canvas->w + (size_t)sx];
            *p = mix(*p, hue(turn, fminf(r / 168, 1), 1), 1 - smooth(168, 169, r));
            float step = floorf(turn * 12 + 0.5f), away = fabsf(turn * 12 - step) / 12 * 2 * pi * r;
            float ring = (1 - smooth(214, 215, r)) * smooth(180, 181, r) * (1 - smooth(40, 41, away));
            *p = mix(*p, hue(fmodf(step / 12, 1), 1, 1), ring);
        }
    for (int i = 0; i < 8; i++)
        for (int sy = (40 + i * 50) * SAMPLES; sy < (90 + i * 50) * SAMPLES; sy++)
            for (int sx = 556 * SAMPLES; sx < 606 * SAMPLES; sx++) {
                uint32_t v = (uint32_t)(255 - i * 255 / 7);
                canvas->pixels[(size_t)sy * (size_t)canvas->w + (size_t)sx] = srgb(v << 16 | v << 8 | v);
            }
}

/* Squares of 40 pixels with a few in colour, so that a single square can be found again in a map. */
void draw_checkerboard(Canvas *canvas)
{
    enum { SIDE = 40 };
    static const struct {
        int column, row;
        uint32_t colour;
    } marked[] = {{3, 2, 0xd62f2f}, {12, 3, 0x2f62d6}, {4, 9, 0xe8b71a}, {11, 8, 0x2f9e4f}};
    for (int sy = 0; sy < canvas->h; sy++)
        for (int sx = 0; sx < canvas->w; sx++) {
            int column = sx / SAMPLES / SIDE, row = sy / SAMPLES / SIDE;
            Colour c = srgb((column + row) % 2 == 0 ? 0xf2f2f2 : 0x161616);
            for (size_t i = 0; i < sizeof marked / sizeof marked[0]; i++)
                if (marked[i].column == column && marked[i].row == row)
                    c = srgb(marked[i].colour);
            canvas->pixels[(size_t)sy * (size_t)canvas->w + (size_t)sx] = c;
        }
}
