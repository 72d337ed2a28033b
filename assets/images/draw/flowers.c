/* flowers.c - five flowers: a soft background out of focus, then stems and leaves, then petals from the back to the
 * front. Every random number is drawn in a statement of its own: the order of arguments is the compiler's choice. */
#include "assets/images/draw/paint.h"

#include <math.h>

static const float pi = 3.14159265f, golden = 2.39996323f;

/* Foliage out of focus: patches of colour, then lights, each blurred. */
static void foliage(Canvas *canvas, const Colour *palette, int colours, Colour lights, int light_count, uint32_t seed)
{
    Dice dice = {seed};
    for (int i = 0; i < 160; i++) {
        float shade = between(&dice, 0.5f, 1.3f);
        Colour c = scaled(palette[(int)(roll(&dice) * (float)colours)], shade);
        float x = between(&dice, -40, PICTURE_W + 40), y = between(&dice, -40, PICTURE_H + 40);
        paint_disc(canvas, x, y, between(&dice, 18, 75), 12, c, 0.8f);
    }
    canvas_blur(canvas, 26);
    for (int i = 0; i < light_count; i++) {
        float x = between(&dice, 0, PICTURE_W), y = between(&dice, 0, PICTURE_H * 0.75f);
        float opacity = between(&dice, 0.06f, 0.30f), radius = between(&dice, 7, 24);
        paint_disc(canvas, x, y, radius, 2.5f, lights, opacity);
    }
    canvas_blur(canvas, 3);
}

/* Blades of grass from the lower edge. */
static void grass(Canvas *canvas, int count, float height, Colour dark, Colour bright, float blur, uint32_t seed)
{
    Dice dice = {seed};
    for (int i = 0; i < count; i++) {
        float x = between(&dice, -30, PICTURE_W + 30), lean = between(&dice, -55, 55);
        float up = height * between(&dice, 0.5f, 1.0f);
        Colour c = mix(dark, bright, roll(&dice));
        paint_stroke(canvas, &(Stroke){x, PICTURE_H + 10, x + lean * 0.2f, PICTURE_H - up * 0.6f, x + lean,
                                       PICTURE_H - up, between(&dice, 2.0f, 4.5f), 0.6f, scaled(c, 0.6f), c});
    }
    canvas_blur(canvas, blur);
}

/* A dome of florets in the golden angle, as they stand in a daisy or sunflower. */
static void florets(Canvas *canvas, float x, float y, float radius, float tilt, int count, float size, Colour centre,
                    Colour rim)
{
    for (int i = count - 1; i >= 0; i--) { /* from the rim inwards, so that the dome's top overlaps */
        float share = sqrtf(((float)i + 0.5f) / (float)count), angle = (float)i * golden;
        float dx = cosf(angle) * share, dy = sinf(angle) * share, high = sqrtf(1 - 0.9f * share * share);
        float lit = 0.75f + 0.30f * high - 0.22f * dx - 0.30f * dy;
        paint_ball(canvas, x + dx * radius, y + dy * radius * tilt - high * radius * 0.28f,
                   size * (0.7f + 0.3f * share), scaled(mix(centre, rim, smooth(0.15f, 0.9f, share)), lit));
    }
}

static void daisy_flower(Canvas *canvas, float x, float y, float radius, float tilt, float spin, uint32_t seed)
{
    Dice dice = {seed};
    enum { PETALS = 23 };
    for (int layer = 0; layer < 2; layer++)
        for (int i = 0; i < PETALS; i++) {
            int turn = i * 7 % PETALS; /* not one after the other, so that overlaps look grown */
            float angle = 2 * pi * ((float)turn + 0.5f * (float)layer + between(&dice, -0.22f, 0.22f)) / PETALS;
            float length = radius * between(&dice, 0.70f, 0.82f) * (layer == 0 ? 1.0f : 0.93f);
            float width = radius * between(&dice, 0.088f, 0.115f), bend = between(&dice, -0.07f, 0.07f);
            float curl = between(&dice, 0.10f, 0.50f);
            paint_petal(canvas,
                        &(Petal){.x = x, .y = y, .tilt = tilt, .spin = spin, .angle = angle, .start = radius * 0.17f,
                                 .length = length, .width = width, .belly = 0.62f, .foot = 0.38f, .bluntness = 0.52f,
                                 .bend = bend, .notch = 0.022f, .inner = srgb(0xc3c7a8), .outer = srgb(0xfafafc),
                                 .edge = srgb(0xe6e8f2), .rim = 0.35f, .veins = 0.16f, .cup = 0.34f, .curl = curl,
                                 .shadow = 0.20f, .seed = seed + (uint32_t)(100 * layer + i)});
        }
    paint_disc(canvas, x, y + 2, radius * 0.29f, 6, srgb(0x6b4b06), 0.65f);
    florets(canvas, x, y, radius * 0.265f, 0.35f + 0.65f * tilt, (int)(radius * 2.3f), radius * 0.024f, srgb(0xf6d72a),
            srgb(0xe39a0b));
}

void draw_daisy(Canvas *canvas)
{
    const Colour palette[] = {srgb(0x16341a), srgb(0x1f4a20), srgb(0x2f6526), srgb(0x0e2415), srgb(0x4d7f2d)};
    canvas_fill(canvas, srgb(0x1d3f22), srgb(0x12280f));
    foliage(canvas, palette, 5, srgb(0xd9ecaa), 34, 3);
    daisy_flower(canvas, 545, 128, 74, 0.8f, 0.3f, 60);
    daisy_flower(canvas, 78, 92, 60, 0.7f, -0.4f, 70);
    canvas_blur(canvas, 6);
    grass(canvas, 60, 190, srgb(0x1c4a17), srgb(0x5d9a35), 2.2f, 9);
    paint_stroke(canvas, &(Stroke){352, 520, 372, 380, 318, 235, 7, 6, srgb(0x3d6b22), srgb(0x6f9d3c)});
    grass(canvas, 14, 120, srgb(0x2a6a1c), srgb(0x79b944), 0.5f, 31);
    daisy_flower(canvas, 312, 222, 196, 0.93f, 0.2f, 5);
    canvas_vignette(canvas, 0.5f);
}

static void sunflower_head(Canvas *canvas, float x, float y, float radius, uint32_t seed)
{
    Dice dice = {seed};
    for (int i = 0; i < 14; i++) /* green bracts that look out between the petals */
        paint_petal(canvas,
                    &(Petal){.x = x, .y = y, .tilt = 0.96f, .angle = 2 * pi * ((float)i + 0.4f * roll(&dice)) / 14,
                             .start = radius * 0.45f, .length = radius * 0.46f, .width = radius * 0.10f,
                             .belly = 0.35f, .foot = 0.8f, .bluntness = 1.3f, .inner = srgb(0x31571c),
                             .outer = srgb(0x6d9a36), .cup = 0.4f, .shadow = 0.2f, .ridge = 0.2f,
                             .seed = seed + (uint32_t)i});
    for (int layer = 0; layer < 3; layer++)
        for (int i = 0; i < 17; i++) {
            float angle = 2 * pi * ((float)(i * 5 % 17) + (float)layer / 3 + between(&dice, -0.25f, 0.25f)) / 17;
            float length = radius * between(&dice, 0.50f, 0.64f) * (1 - 0.07f * (float)layer);
            float width = radius * between(&dice, 0.082f, 0.105f), bend = between(&dice, -0.14f, 0.14f);
            float curl = between(&dice, -0.3f, 0.7f);
            paint_petal(canvas,
                        &(Petal){.x = x, .y = y, .tilt = 0.96f, .angle = angle, .start = radius * 0.40f,
                                 .length = length, .width = width, .belly = 0.42f, .foot = 0.55f, .bluntness = 1.15f,
                                 .bend = bend, .inner = srgb(0xd97f02), .outer = srgb(0xffd21e),
                                 .edge = srgb(0xf3b50a), .rim = 0.4f, .veins = 0.24f, .cup = 0.45f, .curl = curl,
                                 .shadow = 0.30f, .seed = seed + (uint32_t)(40 * layer + i)});
        }
    paint_disc(canvas, x, y, radius * 0.47f, 5, srgb(0x1d0f05), 1);
    for (int i = 900; i >= 0; i--) {
        float share = sqrtf(((float)i + 0.5f) / 900), angle = (float)i * golden, dx = cosf(angle) * share,
              dy = sinf(angle) * share;
        Colour c = share > 0.80f ? srgb(0x9a5a12) : share > 0.52f ? srgb(0x4a2608) : srgb(0x6b5518);
        c = share > 0.90f && roll(&dice) < 0.45f ? srgb(0xd99414) : c;
        paint_ball(canvas, x + dx * radius * 0.46f, y + dy * radius * 0.46f * 0.96f,
                   radius * (share > 0.8f ? 0.017f : 0.014f),
                   scaled(c, between(&dice, 0.8f, 1.2f) * (1 - 0.2f * dx - 0.25f * dy)));
    }
}

static void leaf(Canvas *canvas, float x, float y, float angle, float length, float width, float bend, Colour inner,
                 Colour outer, uint32_t seed)
{
    paint_petal(canvas,
                &(Petal){.x = x, .y = y, .tilt = 1, .angle = angle, .length = length, .width = width, .belly = 0.34f,
                         .foot = 0.12f, .bluntness = 1.2f, .bend = bend, .inner = inner, .outer = outer,
                         .edge = scaled(outer, 1.15f), .rim = 0.2f, .veins = 0.12f, .cup = 0.35f, .curl = 0.6f,
                         .shadow = 0.25f, .ridge = 0.35f, .seed = seed});
}

void draw_sunflower(Canvas *canvas)
{
    canvas_fill(canvas, srgb(0x2f78c8), srgb(0xb9d8ee));
    for (int sy = 0; sy < canvas->h; sy++)
        for (int sx = 0; sx < canvas->w; sx++) {
            float x = (float)sx / SAMPLES, y = (float)sy / SAMPLES, c = clouds(x / 190, y / 95, 21);
            Colour *p = &canvas->pixels[(size_t)sy * (size_t)canvas->w + (size_t)sx];
            *p = mix(*p, srgb(0xf6fafd), 0.8f * smooth(0.02f, 0.42f, c));
        }
    for (int i = 0; i < 26; i++) { /* a field far away */
        Dice dice = {(uint32_t)i * 31 + 7};
        Colour green = mix(srgb(0x2a5a1d), srgb(0x6b9a35), roll(&dice));
        float y = between(&dice, 405, 500), x = between(&dice, 0, PICTURE_W);
        paint_disc(canvas, x, y, 46, 14, green, 0.9f);
    }
    for (int i = 0; i < 34; i++) {
        Dice dice = {(uint32_t)i * 17 + 3};
        float radius = between(&dice, 4, 10), y = between(&dice, 385, 440), x = between(&dice, 0, PICTURE_W);
        paint_disc(canvas, x, y, radius, 2, srgb(0xf5c21a), 0.9f);
    }
    canvas_blur(canvas, 5);
    sunflower_head(canvas, 556, 330, 62, 90);
    sunflower_head(canvas, 70, 352, 50, 95);
    canvas_blur(canvas, 3);
    paint_stroke(canvas, &(Stroke){318, 520, 352, 400, 316, 250, 13, 10, srgb(0x3f6b22), srgb(0x7ba343)});
    leaf(canvas, 335, 440, -0.35f, 200, 62, -0.22f, srgb(0x2c5a1b), srgb(0x5f9a34), 4);
    leaf(canvas, 330, 462, pi + 0.30f, 210, 64, 0.20f, srgb(0x28541a), srgb(0x548c2f), 6);
    sunflower_head(canvas, 312, 208, 196, 11);
    canvas_vignette(canvas, 0.3f);
}

static void dandelion_head(Canvas *canvas, float x, float y, float radius, float tilt, uint32_t seed)
{
    Dice dice = {seed};
    enum { PETALS = 280 };
    for (int i = 0; i < PETALS; i++) { /* long ones outside first, short ones towards the centre last */
        float share = 1 - (float)i / PETALS, angle = (float)i * golden + between(&dice, -0.15f, 0.15f);
        share = 1 - powf(1 - share, 1.5f); /* most of them are long */
        float length = radius * (0.24f + 0.68f * share) * between(&dice, 0.88f, 1.05f);
        float rise = radius * 0.16f * (1 - share), bend = between(&dice, -0.10f, 0.10f);
        Colour inner = mix(srgb(0xb87400), srgb(0xd89a00), share);
        Colour outer = mix(srgb(0xffcf12), srgb(0xffdd2a), roll(&dice));
        paint_petal(canvas,
                    &(Petal){.x = x, .y = y - rise, .tilt = tilt, .angle = angle, .start = radius * 0.05f * share,
                             .length = length, .width = radius * 0.046f, .belly = 0.75f, .foot = 0.5f,
                             .bluntness = 0.34f, .bend = bend, .notch = 0.05f, .inner = inner, .outer = outer,
                             .edge = srgb(0xe9a800), .rim = 0.35f, .veins = 0.1f, .cup = 0.4f, .curl = 0.55f,
                             .shadow = 0.17f, .seed = seed + (uint32_t)i});
    }
}

void draw_dandelion(Canvas *canvas)
{
    const Colour palette[] = {srgb(0x3a6a1e), srgb(0x5b8f2b), srgb(0x77a83a), srgb(0x2b5418), srgb(0x8fb94a)};
    canvas_fill(canvas, srgb(0x6f9d3a), srgb(0x2c5a18));
    foliage(canvas, palette, 5, srgb(0xf3f0b0), 26, 41);
    dandelion_head(canvas, 120, 118, 62, 0.6f, 300);
    dandelion_head(canvas, 556, 92, 50, 0.55f, 310);
    canvas_blur(canvas, 7);
    grass(canvas, 90, 240, srgb(0x2f6a18), srgb(0x86b840), 2.0f, 19);
    paint_stroke(canvas, &(Stroke){330, 520, 300, 420, 322, 265, 8, 7, srgb(0x7a8f3c), srgb(0xa9b257)});
    for (int i = 0; i < 6; i++) {
        Dice dice = {(uint32_t)i * 5 + 1};
        paint_petal(canvas,
                    &(Petal){.x = 330, .y = 500, .tilt = 1, .angle = -pi * (0.14f + 0.145f * (float)i),
                             .length = between(&dice, 200, 290), .width = 26, .belly = 0.7f, .foot = 0.2f,
                             .bluntness = 0.8f, .bend = i < 3 ? 0.18f : -0.18f, .notch = 0.1f,
                             .inner = srgb(0x2c5c17), .outer = srgb(0x66992f), .veins = 0.1f, .cup = 0.4f,
                             .curl = 0.4f, .shadow = 0.3f, .ridge = 0.35f, .seed = 70 + (uint32_t)i});
    }
    grass(canvas, 16, 150, srgb(0x3a7a1c), srgb(0x93c64a), 0.5f, 23);
    dandelion_head(canvas, 322, 236, 190, 0.86f, 8);
    canvas_vignette(canvas, 0.4f);
}

/* A tulip from the side: back petals, then the two at the sides, then the one in front. (x, y) is the flower's foot. */
static void tulip(Canvas *canvas, float x, float y, float size, float lean, Colour deep, Colour bright, uint32_t seed)
{
    static const struct {
        float angle, length, width, bend, shade;
    } parts[] = {
        {-0.10f, 1.02f, 0.30f, 0.04f, 0.62f}, {0.14f, 0.98f, 0.30f, -0.04f, 0.68f},
        {-0.36f, 0.99f, 0.32f, 0.23f, 0.88f}, {0.36f, 0.99f, 0.32f, -0.23f, 0.92f},
        {0.02f, 0.90f, 0.37f, 0.0f, 1.0f},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        paint_petal(canvas,
                    &(Petal){.x = x, .y = y, .tilt = 1, .angle = -pi / 2 + lean + parts[i].angle,
                             .length = size * parts[i].length, .width = size * parts[i].width, .belly = 0.44f,
                             .foot = 0.16f, .bluntness = 0.85f, .bend = parts[i].bend,
                             .inner = scaled(mix(deep, srgb(0xe8c23a), 0.30f), parts[i].shade),
                             .outer = scaled(bright, parts[i].shade),
                             .edge = scaled(mix(bright, srgb(0xffffff), 0.28f), parts[i].shade), .rim = 0.16f,
                             .veins = 0.26f, .cup = 0.95f, .curl = 0.35f, .shadow = i == 0 ? 0 : 0.30f,
                             .ridge = 0.06f, .seed = seed + (uint32_t)i});
}

static void tulip_plant(Canvas *canvas, float x, float y, float size, float lean, Colour deep, Colour bright,
                        uint32_t seed)
{
    float foot = x - lean * 300;
    paint_stroke(canvas, &(Stroke){foot, 520, foot, (y + 520) / 2, x, y - 4, size * 0.060f, size * 0.052f,
                                   srgb(0x3f6f2a), srgb(0x86ac58)});
    for (int side = -1; side <= 1; side += 2)
        paint_petal(canvas,
                    &(Petal){.x = foot, .y = 510, .tilt = 1, .angle = -pi / 2 + 0.30f * (float)side,
                             .length = (520 - y) * 0.95f, .width = size * 0.16f, .belly = 0.3f, .foot = 0.5f,
                             .bluntness = 1.3f, .bend = 0.10f * (float)side, .inner = srgb(0x2f5f30),
                             .outer = srgb(0x7aa866), .edge = srgb(0x9cc184), .rim = 0.2f, .veins = 0.2f, .cup = 0.6f,
                             .curl = 0.3f, .shadow = 0.25f, .seed = seed + (uint32_t)(side + 9)});
    tulip(canvas, x, y, size, lean, deep, bright, seed);
}

void draw_tulips(Canvas *canvas)
{
    const Colour palette[] = {srgb(0x39642c), srgb(0x55823c), srgb(0x7aa052), srgb(0x2b4f27), srgb(0x9cb56a)};
    canvas_fill(canvas, srgb(0x9dbb86), srgb(0x35602b));
    foliage(canvas, palette, 5, srgb(0xfff2e6), 18, 77);
    Dice dice = {5};
    for (int i = 0; i < 12; i++) {
        float lean = between(&dice, -0.1f, 0.1f), size = between(&dice, 60, 78);
        float y = between(&dice, 150, 240), x = between(&dice, 0, PICTURE_W);
        tulip_plant(canvas, x, y, size, lean, srgb(0xb01c4a), srgb(0xea5a86), 200 + (uint32_t)i * 10);
    }
    canvas_blur(canvas, 7);
    tulip_plant(canvas, 118, 262, 138, -0.10f, srgb(0xc01f3a), srgb(0xf0566a), 30);
    tulip_plant(canvas, 530, 250, 144, 0.10f, srgb(0xb81a40), srgb(0xec4f78), 50);
    canvas_blur(canvas, 0.8f);
    tulip_plant(canvas, 322, 292, 232, 0.02f, srgb(0xb3122e), srgb(0xee3b4c), 70);
    canvas_vignette(canvas, 0.35f);
}

void draw_rose(Canvas *canvas)
{
    const Colour palette[] = {srgb(0x14301c), srgb(0x1e4527), srgb(0x2c5a30), srgb(0x0c1f14), srgb(0x3c6b38)};
    canvas_fill(canvas, srgb(0x1b3a25), srgb(0x0e2014));
    foliage(canvas, palette, 5, srgb(0xcfe3b8), 20, 55);
    static const float leaves[][3] = {{2.75f, 270, 70}, {0.35f, 275, 72},  {1.35f, 240, 66},
                                      {-2.6f, 265, 62}, {-0.45f, 262, 60}, {2.05f, 250, 64}};
    for (uint32_t i = 0; i < 6; i++)
        leaf(canvas, 320, 240, leaves[i][0], leaves[i][1], leaves[i][2], i % 2 == 0 ? 0.08f : -0.08f, srgb(0x173a1c),
             srgb(0x3f7a36), 60 + i);
    /* Petals in the golden angle, large ones first; each is darker towards the heart, its rim is rolled and light. */
    Dice dice = {12};
    enum { PETALS = 34 };
    for (int i = 0; i < PETALS; i++) {
        float share = 1 - (float)i / PETALS, angle = (float)i * golden + between(&dice, -0.2f, 0.2f);
        float radius = 36 + 158 * powf(share, 1.15f);
        float width = radius * between(&dice, 0.62f, 0.74f), bend = between(&dice, -0.12f, 0.12f);
        Colour deep = mix(srgb(0x5a0416), srgb(0x8a0a26), share), bright = mix(srgb(0xc01836), srgb(0xe0405a), share);
        paint_petal(canvas,
                    &(Petal){.x = 320, .y = 232 - 14 * (1 - share), .tilt = 0.92f, .spin = 0.1f, .angle = angle,
                             .start = radius * 0.02f, .length = radius, .width = width, .belly = 0.62f, .foot = 0.35f,
                             .bluntness = 0.45f, .bend = bend, .inner = deep, .outer = bright,
                             .edge = mix(bright, srgb(0xffc8cc), 0.40f), .rim = 0.13f, .veins = 0.07f, .cup = 0.38f,
                             .curl = 1.15f, .shadow = 0.36f, .seed = 500 + (uint32_t)i});
    }
    for (int i = 0; i < 9; i++) { /* the closed bud in the middle: short arcs in a spiral */
        float t = (float)i / 9, angle = (float)i * 1.9f, radius = 34 * (1 - 0.8f * t);
        float x = 320 + cosf(angle) * radius * 0.45f, y = 214 + sinf(angle) * radius * 0.35f;
        paint_petal(canvas,
                    &(Petal){.x = x, .y = y, .tilt = 0.8f, .angle = angle + 0.9f, .length = radius * 1.05f,
                             .width = radius * 0.72f, .belly = 0.55f, .foot = 0.6f, .bluntness = 0.45f, .bend = 0.25f,
                             .inner = srgb(0x4a0312), .outer = srgb(0xb3142f), .edge = srgb(0xe8788a), .rim = 0.20f,
                             .cup = 0.5f, .curl = 1.3f, .shadow = 0.42f, .seed = 700 + (uint32_t)i});
    }
    canvas_vignette(canvas, 0.5f);
}
