/* paint.c - see paint.h. */
#include "assets/images/draw/paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool canvas_new(Canvas *canvas)
{
    canvas->w = PICTURE_W * SAMPLES;
    canvas->h = PICTURE_H * SAMPLES;
    canvas->pixels = calloc((size_t)canvas->w * (size_t)canvas->h, sizeof *canvas->pixels);
    return canvas->pixels != NULL;
}

void canvas_free(Canvas *canvas)
{
    free(canvas->pixels);
    canvas->pixels = NULL;
}

Colour mix(Colour a, Colour b, float t)
{
    return (Colour){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

Colour scaled(Colour a, float k)
{
    return (Colour){a.r * k, a.g * k, a.b * k};
}

float smooth(float low, float high, float x)
{
    float t = (x - low) / (high - low);
    t = t < 0.0f ? 0.0f : t > 1.0f ? 1.0f : t;
    return t * t * (3.0f - 2.0f * t);
}

static float linear(uint32_t byte)
{
    float v = (float)byte / 255.0f;
    return v <= 0.04045f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f);
}

Colour srgb(uint32_t hex)
{
    return (Colour){linear(hex >> 16 & 255), linear(hex >> 8 & 255), linear(hex & 255)};
}

static uint32_t scramble(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ x >> 16;
}

float roll(Dice *dice)
{
    dice->state += 0x9e3779b9u;
    return (float)(scramble(dice->state) >> 8) / 16777216.0f;
}

float between(Dice *dice, float low, float high)
{
    return low + (high - low) * roll(dice);
}

static float lattice(int x, int y, uint32_t seed)
{
    return (float)(scramble((uint32_t)x * 0x9e3779b1u ^ scramble((uint32_t)y + seed * 0x85ebca6bu)) >> 8) / 8388608.0f -
           1.0f;
}

float noise(float x, float y, uint32_t seed)
{
    float fx = floorf(x), fy = floorf(y);
    int ix = (int)fx, iy = (int)fy;
    float tx = smooth(0, 1, x - fx), ty = smooth(0, 1, y - fy);
    float top = lattice(ix, iy, seed) * (1 - tx) + lattice(ix + 1, iy, seed) * tx;
    float bottom = lattice(ix, iy + 1, seed) * (1 - tx) + lattice(ix + 1, iy + 1, seed) * tx;
    return top * (1 - ty) + bottom * ty;
}

float clouds(float x, float y, uint32_t seed)
{
    float sum = 0, weight = 0.5f;
    for (uint32_t octave = 0; octave < 4; octave++, weight *= 0.5f, x *= 2.03f, y *= 2.03f)
        sum += weight * noise(x, y, seed + octave);
    return sum;
}

void canvas_fill(Canvas *canvas, Colour top, Colour bottom)
{
    for (int y = 0; y < canvas->h; y++)
        for (int x = 0; x < canvas->w; x++)
            canvas->pixels[(size_t)y * (size_t)canvas->w + (size_t)x] =
                mix(top, bottom, (float)y / (float)(canvas->h - 1));
}

static void box_line(Colour *line, Colour *scratch, int n, size_t step, int radius)
{
    float share = 1.0f / (float)(2 * radius + 1);
    for (int i = 0; i < n; i++)
        scratch[i] = line[(size_t)i * step];
    Colour sum = scaled(scratch[0], (float)(radius + 1));
    for (int i = 1; i <= radius; i++) {
        Colour c = scratch[i < n ? i : n - 1];
        sum = (Colour){sum.r + c.r, sum.g + c.g, sum.b + c.b};
    }
    for (int i = 0; i < n; i++) {
        line[(size_t)i * step] = scaled(sum, share);
        Colour in = scratch[i + radius + 1 < n ? i + radius + 1 : n - 1],
               out = scratch[i - radius > 0 ? i - radius : 0];
        sum = (Colour){sum.r + in.r - out.r, sum.g + in.g - out.g, sum.b + in.b - out.b};
    }
}

void canvas_blur(Canvas *canvas, float radius)
{
    int r = (int)(radius * SAMPLES * 0.6f + 0.5f);
    Colour *scratch = malloc((size_t)(canvas->w > canvas->h ? canvas->w : canvas->h) * sizeof *scratch);
    for (int pass = 0; scratch != NULL && r > 0 && pass < 3; pass++) {
        for (int y = 0; y < canvas->h; y++)
            box_line(canvas->pixels + (size_t)y * (size_t)canvas->w, scratch, canvas->w, 1, r);
        for (int x = 0; x < canvas->w; x++)
            box_line(canvas->pixels + x, scratch, canvas->h, (size_t)canvas->w, r);
    }
    free(scratch);
}

void canvas_vignette(Canvas *canvas, float strength)
{
    for (int y = 0; y < canvas->h; y++)
        for (int x = 0; x < canvas->w; x++) {
            float dx = 2.0f * (float)x / (float)canvas->w - 1.0f, dy = 2.0f * (float)y / (float)canvas->h - 1.0f;
            Colour *p = &canvas->pixels[(size_t)y * (size_t)canvas->w + (size_t)x];
            *p = scaled(*p, 1.0f - strength * smooth(0.5f, 1.9f, dx * dx + dy * dy));
        }
}

static unsigned char encode(float v)
{
    v = v < 0.0f ? 0.0f : v > 1.0f ? 1.0f : v;
    float s = v <= 0.0031308f ? 12.92f * v : 1.055f * powf(v, 1.0f / 2.4f) - 0.055f;
    return (unsigned char)(s * 255.0f + 0.5f);
}

void canvas_develop(const Canvas *canvas, unsigned char *rgb)
{
    for (int y = 0; y < PICTURE_H; y++)
        for (int x = 0; x < PICTURE_W; x++, rgb += 3) {
            Colour sum = {0, 0, 0};
            for (int sy = 0; sy < SAMPLES; sy++)
                for (int sx = 0; sx < SAMPLES; sx++) {
                    Colour c =
                        canvas->pixels[(size_t)(y * SAMPLES + sy) * (size_t)canvas->w + (size_t)(x * SAMPLES + sx)];
                    sum = (Colour){sum.r + c.r, sum.g + c.g, sum.b + c.b};
                }
            sum = scaled(sum, 1.0f / (SAMPLES * SAMPLES));
            rgb[0] = encode(sum.r);
            rgb[1] = encode(sum.g);
            rgb[2] = encode(sum.b);
        }
}

/* The samples that a shape of this extent can touch. */
typedef struct Box {
    int x0, y0, x1, y1;
} Box;

static Box box_around(const Canvas *canvas, float x, float y, float reach)
{
    Box b = {(int)floorf((x - reach) * SAMPLES), (int)floorf((y - reach) * SAMPLES),
             (int)ceilf((x + reach) * SAMPLES) + 1, (int)ceilf((y + reach) * SAMPLES) + 1};
    b.x0 = b.x0 < 0 ? 0 : b.x0;
    b.y0 = b.y0 < 0 ? 0 : b.y0;
    b.x1 = b.x1 > canvas->w ? canvas->w : b.x1;
    b.y1 = b.y1 > canvas->h ? canvas->h : b.y1;
    return b;
}

static void blend(Canvas *canvas, int x, int y, Colour colour, float opacity)
{
    Colour *p = &canvas->pixels[(size_t)y * (size_t)canvas->w + (size_t)x];
    *p = mix(*p, colour, opacity);
}

static float centre(int sample)
{
    return ((float)sample + 0.5f) / SAMPLES;
}

void paint_disc(Canvas *canvas, float x, float y, float radius, float softness, Colour colour, float opacity)
{
    Box b = box_around(canvas, x, y, radius + softness);
    for (int sy = b.y0; sy < b.y1; sy++)
        for (int sx = b.x0; sx < b.x1; sx++) {
            float d = hypotf(centre(sx) - x, centre(sy) - y);
            blend(canvas, sx, sy, colour, opacity * (1.0f - smooth(radius - softness, radius + softness, d)));
        }
}

static const float light[3] = {-0.45f, -0.60f, 0.66f}; /* from the upper left, towards the viewer */

void paint_ball(Canvas *canvas, float x, float y, float radius, Colour colour)
{
    Box b = box_around(canvas, x, y, radius + 1);
    for (int sy = b.y0; sy < b.y1; sy++)
        for (int sx = b.x0; sx < b.x1; sx++) {
            float nx = (centre(sx) - x) / radius, ny = (centre(sy) - y) / radius, d2 = nx * nx + ny * ny;
            float nz = sqrtf(d2 < 1.0f ? 1.0f - d2 : 0.0f);
            float lit = nx * light[0] + ny * light[1] + nz * light[2];
            float cover = 1.0f - smooth(1.0f - 0.6f / radius, 1.0f + 0.6f / radius, sqrtf(d2));
            blend(canvas, sx, sy, scaled(colour, 0.35f + 0.9f * (lit > 0 ? lit : 0)), cover);
        }
}

void paint_stroke(Canvas *canvas, const Stroke *s)
{
    enum { PIECES = 60 };
    float px = s->x0, py = s->y0;
    for (int i = 1; i <= PIECES; i++) {
        float t = (float)i / PIECES, u = 1 - t;
        float x = u * u * s->x0 + 2 * u * t * s->x1 + t * t * s->x2,
              y = u * u * s->y0 + 2 * u * t * s->y1 + t * t * s->y2;
        float radius = s->radius0 + (s->radius1 - s->radius0) * t, length = hypotf(x - px, y - py);
        float dx = length > 0 ? (x - px) / length : 1, dy = length > 0 ? (y - py) / length : 0;
        Colour colour = mix(s->colour0, s->colour1, t);
        Box b = box_around(canvas, (x + px) / 2, (y + py) / 2, length / 2 + radius + 1);
        for (int sy = b.y0; sy < b.y1; sy++)
            for (int sx = b.x0; sx < b.x1; sx++) {
                float rx = centre(sx) - px, ry = centre(sy) - py;
                float along = rx * dx + ry * dy, across = (rx * -dy + ry * dx) / radius;
                if (along < -0.5f || along > length + 0.5f)
                    continue;
                float nz = sqrtf(across * across < 1 ? 1 - across * across : 0);
                float lit = across * (-dy * light[0] + dx * light[1]) + nz * light[2];
                float streak = 1 + 0.08f * noise(across * 3, (float)i * 0.13f, 77);
                blend(canvas, sx, sy, scaled(colour, (0.4f + 0.85f * (lit > 0 ? lit : 0)) * streak),
                      1 - smooth(1 - 0.7f / radius, 1 + 0.5f / radius, fabsf(across)));
            }
        px = x;
        py = y;
    }
}

/* Half-width of the petal at u along its length, as a share of width. */
static float profile(const Petal *p, float u)
{
    if (u < p->belly)
        return p->foot + (1 - p->foot) * sinf(1.5707963f * u / p->belly);
    float t = (u - p->belly) / (1 - p->belly);
    return powf(1 - t * t, p->bluntness);
}

/* How far inside the petal a point of its own plane is, in pixels, and its place (u along, v across in half-widths). */
static float inside(const Petal *p, float along, float across, float *u, float *v)
{
    *u = along / p->length;
    float clipped = *u < 0 ? 0 : *u > 0.999f ? 0.999f : *u;
    float side = across - p->bend * p->length * clipped * clipped;
    float half = p->width * profile(p, clipped) * (1 + 0.07f * noise(clipped * 4, 0, p->seed));
    half = half < 0.3f ? 0.3f : half;
    *v = side / half;
    float end =
        p->length * (1 - p->notch * (0.5f + 0.5f * cosf(side / p->width * 9.0f + (float)(p->seed % 7)))) - along;
    float d = half - fabsf(side), foot = along;
    d = d < end ? d : end;
    return d < foot ? d : foot;
}

static Colour petal_colour(const Petal *p, float u, float v, float direction)
{
    float grain = noise(v * 5.0f, u * 1.5f, p->seed + 11) + 0.6f * noise(v * 11.0f, u * 2.5f, p->seed + 12);
    Colour c = mix(p->inner, p->outer, smooth(0.0f, 0.85f, u + 0.05f * grain));
    if (p->rim > 0)
        c = mix(c, p->edge, smooth(1 - p->rim, 1.0f, fmaxf(fabsf(v), smooth(0.75f, 1.0f, u))));
    if (p->ridge > 0) {
        float side_vein = 0.5f + 0.5f * cosf((u * 1.0f - fabsf(v) * 0.16f) * 52.0f);
        c = scaled(c, 1 - p->ridge * (1 - smooth(0.0f, 0.09f, fabsf(v))) -
                          0.25f * p->ridge * side_vein * side_vein * side_vein);
    }
    /* Relief: a trough across, a curve along, fine lines; its slope turns the normal. */
    float slope_v = p->cup * v + p->veins * grain, slope_u = p->curl * (u - 0.45f);
    float cx = cosf(direction), sx = sinf(direction);
    float nx = -slope_u * cx + slope_v * sx, ny = -slope_u * sx - slope_v * cx, nz = 1 / sqrtf(1 + nx * nx + ny * ny);
    float lit = (nx * light[0] + ny * light[1] + light[2]) * nz;
    return scaled(c, 0.50f + 0.72f * (lit > 0 ? lit : 0));
}

void paint_petal(Canvas *canvas, const Petal *p)
{
    float cs = cosf(p->spin), sn = sinf(p->spin), ca = cosf(p->angle), sa = sinf(p->angle);
    float reach = p->start + p->length * (1.1f + fabsf(p->bend)) + p->width + 12;
    float seen_x = ca * cs - sa * p->tilt * sn, seen_y = ca * sn + sa * p->tilt * cs,
          direction = atan2f(seen_y, seen_x);
    Box b = box_around(canvas, p->x, p->y, reach);
    for (int pass = p->shadow > 0 ? 0 : 1; pass < 2; pass++)
        for (int sy = b.y0; sy < b.y1; sy++)
            for (int sx = b.x0; sx < b.x1; sx++) {
                /* Undo the view: turn back, stretch the tilted axis, turn so that the petal lies along x. */
                float x = centre(sx) - p->x - (pass == 0 ? 2.0f : 0), y = centre(sy) - p->y - (pass == 0 ? 3.5f : 0), u,
                      v;
                float rx = x * cs + y * sn, ry = (-x * sn + y * cs) / p->tilt;
                float d = inside(p, rx * ca + ry * sa - p->start, -rx * sa + ry * ca, &u, &v);
                if (pass == 0 && d > -5) {
                    Colour *under = &canvas->pixels[(size_t)sy * (size_t)canvas->w + (size_t)sx];
                    *under = scaled(*under, 1 - p->shadow * smooth(-5, 4, d));
                } else if (pass == 1 && d > -1) {
                    blend(canvas, sx, sy, petal_colour(p, u, v, direction), smooth(-0.6f, 0.6f, d));
                }
            }
}
