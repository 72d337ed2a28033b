/* paint.h - a small software painter for the pictures that come with the program: soft-edged shapes with a little
 * shading, in linear light, on a canvas that is drawn at twice its final size. `make images` runs it. */
#ifndef INCEPTOSCOPE_PAINT_H
#define INCEPTOSCOPE_PAINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PICTURE_W = 640, PICTURE_H = 480, SAMPLES = 2 };

typedef struct Colour {
    float r, g, b;              /* linear light */
} Colour;

typedef struct Canvas {
    int w, h;                   /* samples: SAMPLES times the picture */
    Colour *pixels;
} Canvas;

/* All lengths and positions below are in pixels of the final picture. */
bool canvas_new(Canvas *canvas);
void canvas_free(Canvas *canvas);
void canvas_fill(Canvas *canvas, Colour top, Colour bottom);
/* About a Gaussian: three box filters, edges repeated. */
void canvas_blur(Canvas *canvas, float radius);
void canvas_vignette(Canvas *canvas, float strength);
/* Averages the samples and converts to 8-bit sRGB; rgb has 3 * PICTURE_W * PICTURE_H bytes. */
void canvas_develop(const Canvas *canvas, unsigned char *rgb);

Colour srgb(uint32_t hex);      /* 0xrrggbb */
Colour mix(Colour a, Colour b, float t);
Colour scaled(Colour a, float k);
float smooth(float low, float high, float x); /* 0 below, 1 above, a cubic between */
float noise(float x, float y, uint32_t seed); /* value noise in [-1, 1] */
float clouds(float x, float y, uint32_t seed); /* four octaves of it, about [-1, 1] */

/* A repeatable random number in [0, 1). */
typedef struct Dice {
    uint32_t state;
} Dice;
float roll(Dice *dice);
float between(Dice *dice, float low, float high);

void paint_disc(Canvas *canvas, float x, float y, float radius, float softness, Colour colour, float opacity);
/* A ball lit from the upper left. */
void paint_ball(Canvas *canvas, float x, float y, float radius, Colour colour);

/* A tapered round stroke along a quadratic curve, shaded as a cylinder. */
typedef struct Stroke {
    float x0, y0, x1, y1, x2, y2;
    float radius0, radius1;
    Colour colour0, colour1;
} Stroke;
void paint_stroke(Canvas *canvas, const Stroke *stroke);

/* A petal or leaf. It grows from (0, 0) of its flower along `angle`, and the flower's plane is seen tilted. */
typedef struct Petal {
    float x, y;                 /* where the flower's centre stands */
    float tilt, spin;           /* height of a circle in that plane, and the direction of its short axis */
    float angle, start;         /* direction, and distance of the petal's foot from the centre */
    float length, width;        /* width is the largest half-width */
    float belly;                /* where along the length that is, 0..1 */
    float foot;                 /* half-width at the foot, as a share of width */
    float bluntness;            /* 0.5 a round tip, 1 a parabola, 2 pointed */
    float bend;                 /* sideways, as a share of the length */
    float notch;                /* teeth at the tip: depth as a share of the length */
    Colour inner, outer, edge;  /* at the foot, at the tip, along the rim */
    float rim;                  /* how broad the rim colour is, 0..1 of the half-width */
    float veins, cup, curl;     /* relief: fine lines, across, along */
    float shadow;               /* darkness of the shadow below it, 0..1 */
    float ridge;                /* a middle vein, as in a leaf: its darkness */
    uint32_t seed;
} Petal;
void paint_petal(Canvas *canvas, const Petal *petal);

/* The pictures. */
void draw_daisy(Canvas *canvas);
void draw_sunflower(Canvas *canvas);
void draw_dandelion(Canvas *canvas);
void draw_tulips(Canvas *canvas);
void draw_rose(Canvas *canvas);
void draw_gratings(Canvas *canvas);
void draw_colour_wheel(Canvas *canvas);
void draw_checkerboard(Canvas *canvas);

#endif
