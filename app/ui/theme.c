/* theme.c - the two themes, and mixing of colours. The light theme is sampled from the design; the dark one keeps its hues and
 * contrasts. Every text has a contrast of at least 4.5 to what it is drawn on (WCAG 2.1, AA; tests/test_contrast.c). */
#include "app/ui/ui.h"

#include <math.h>

const Theme theme_light = {
    .name = "light",
    .page = 0xf6f7f9ff, .panel = 0xffffffff, .panel_edge = 0xe4e7ecff,
    .rail = 0xffffffff, .rail_selected = 0xeef4ffff,
    .accent = 0x2e62d9ff, .accent_soft = 0xeef4ffff, .accent_text = 0xffffffff,
    .text = 0x1d2939ff, .text_dim = 0x536071ff, .text_faint = 0x616c80ff,
    .good = 0x067647ff, .warn = 0xad4207ff, .bad = 0xb42318ff,
    .strip = 0x1d2939ff, .strip_text = 0xf2f4f7ff, .strip_dim = 0x98a2b3ff,
    .shadow = 0x10182818, .tile_back = 0xeceef2ff,
    .branch = {0x0072b2ff, 0xd55e00ff, 0x009e73ff, 0xaa4499ff},
    .branch_text = {0x0072b2ff, 0xb84f00ff, 0x007d5aff, 0xaa4499ff},
    .kind = {0x6c8490ff, 0x6456eaff, 0x06434fff, 0x8c7a34ff, 0x3d0a2cff, 0x565950ff, 0x9c1c3cff},
    .op_chip = 0x98a2b3ff, .histogram = 0x7496e6ff, .selection = 0xd55e00ff,
    .positive = 0x4f7be0ff, .negative = 0xd08a4aff,
    .size_title = 19, .size_body = 13, .size_small = 12, .size_caption = 11,
};

const Theme theme_dark = {
    .name = "dark",
    .page = 0x10161fff, .panel = 0x1a222dff, .panel_edge = 0x2c3744ff,
    .rail = 0x161d27ff, .rail_selected = 0x22324fff,
    .accent = 0x6f9bf7ff, .accent_soft = 0x22324fff, .accent_text = 0x0c1118ff,
    .text = 0xe8ecf2ff, .text_dim = 0xadb8c7ff, .text_faint = 0x909cb0ff,
    .good = 0x47cd89ff, .warn = 0xf79009ff, .bad = 0xf97066ff,
    .strip = 0x0a0e14ff, .strip_text = 0xf2f4f7ff, .strip_dim = 0x8c97a9ff,
    .shadow = 0x00000060, .tile_back = 0x232d3aff,
    .branch = {0x0072b2ff, 0xd55e00ff, 0x009e73ff, 0xaa4499ff},
    .branch_text = {0x56b4e9ff, 0xf28e3cff, 0x2fcf9fff, 0xd982cbff},
    .kind = {0xa9b4bdff, 0x8a7ef0ff, 0x45c8eeff, 0xd9c447ff, 0xff7aa2ff, 0xf0f2f5ff, 0xf0304fff},
    .op_chip = 0x5d6b7eff, .histogram = 0x5b7fd1ff, .selection = 0xf28e3cff,
    .positive = 0x4f7be0ff, .negative = 0xc67c38ff,
    .size_title = 19, .size_body = 13, .size_small = 12, .size_caption = 11,
};

const Color group_colors[8] = {0xe69f00ff, 0x56b4e9ff, 0x009e73ff, 0xcc79a7ff, 0xf0e442ff, 0x0072b2ff, 0xd55e00ff, 0x999999ff};

Color color_alpha(Color c, float alpha)
{
    float a = (float)(c & 0xff) * fminf(fmaxf(alpha, 0), 1);
    return (c & 0xffffff00u) | (Color)(a + 0.5f);
}

Color color_mix(Color a, Color b, float t)
{
    Color mixed = 0;
    t = fminf(fmaxf(t, 0), 1);
    for (int shift = 0; shift < 32; shift += 8) {
        float from = (float)((a >> shift) & 0xff), to = (float)((b >> shift) & 0xff);
        mixed |= (Color)(from + (to - from) * t + 0.5f) << shift;
    }
    return mixed;
}

/* WCAG 2.1, "relative luminance": sRGB to linear, weighted. */
float color_luminance(Color c)
{
    static const float weight[3] = {0.2126f, 0.7152f, 0.0722f};
    float luminance = 0;
    for (int i = 0; i < 3; i++) {
        const float v = (float)(c >> (24 - 8 * i) & 0xff) / 255;
        luminance += weight[i] * (v <= 0.03928f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f));
    }
    return luminance;
}

/* At a luminance of 0.179 black and white have the same contrast. */
Color color_ink(Color ground)
{
    return color_luminance(ground) > 0.1791f ? 0x000000ff : 0xffffffff;
}
