/* image_sniff_gif.c - the blocks of a GIF (GIF89a specification, sections 17 to 25), and its first picture's unpacked size. */
#include "engine/io/image_sniff_parts.h"

enum { CODES = 8192 /* the number that stb_image makes before it refuses the file */, PIXELS_TIMES = 4, PIXELS_FREE = 65536 };

/* Skips a chain of length-prefixed blocks; false when the file ends first. */
static bool skip_blocks(Bytes b, size_t *at)
{
    while (*at < b.size) {
        size_t length = b.p[*at];
        *at += 1 + length;
        if (length == 0)
            return true;
    }
    return false;
}

/* The data of a picture as a stream of bits, without the block lengths. */
typedef struct Bits {
    Bytes b;
    size_t at, left;            /* left: bytes of this block */
    uint32_t value;
    int count;
} Bits;

static int next_code(Bits *bits, int size)
{
    for (; bits->count < size; bits->count += 8) {
        if (bits->left == 0)
            bits->left = sniff_number(bits->b, bits->at++, 1, false);
        if (bits->left == 0 || bits->at >= bits->b.size)
            return -1;
        bits->left--;
        bits->value |= (uint32_t)bits->b.p[bits->at++] << bits->count;
    }
    const int code = (int)(bits->value & ((1u << size) - 1));
    bits->value >>= size;
    bits->count -= size;
    return code;
}

/* Whether the codes from `at` on, which begin with their smallest size, give more than `most` pixels. stb_image writes all pixels
 * (up to 4096) of each code even when the picture is full, so a megabyte of codes would take seconds. */
static bool unpacks_to_more(Bytes b, size_t at, int64_t most)
{
    uint16_t length[CODES];     /* pixels of each code */
    const int smallest = (int)sniff_number(b, at, 1, false);
    if (smallest > 12)
        return false;           /* stb_image refuses it */
    const int clear = 1 << smallest;
    Bits bits = {.b = b, .at = at + 1};
    int size = smallest + 1, made = clear + 2, last = -1, code;
    for (int i = 0; i < CODES; i++)
        length[i] = i < clear;
    while (most >= 0 && (code = next_code(&bits, size)) >= 0 && code != clear + 1) {
        if (code == clear) {
            size = smallest + 1;
            made = clear + 2;
            last = -1;
            continue;
        }
        if (code > made || made >= CODES || (last < 0 && code == made))
            return false;       /* refused too */
        if (last >= 0)
            length[made++] = (uint16_t)(length[last] + 1);
        most -= length[code];
        if ((made & ((1 << size) - 1)) == 0 && made < 4096)
            size++;
        last = code;
    }
    return most < 0;
}

/* The frame's place, and what surrounds it: the transparent colour, as in PIL, else the canvas's background colour. flags: offset of
 * the frame's flags of transparency, or 0. at: that of its separator. */
static void read_frame(Bytes b, size_t at, size_t flags, ImageFacts *facts)
{
    const int w = (int)sniff_number(b, 6, 2, false), h = (int)sniff_number(b, 8, 2, false);
    const GifFrame frame = {.x = (int)sniff_number(b, at + 1, 2, false), .y = (int)sniff_number(b, at + 3, 2, false),
                            .w = (int)sniff_number(b, at + 5, 2, false), .h = (int)sniff_number(b, at + 7, 2, false)};
    const bool global = (b.p[10] & 0x80) != 0, local = (b.p[at + 9] & 0x80) != 0;
    const size_t index = flags != 0 ? sniff_number(b, flags + 3, 1, false) : b.p[11];
    const bool in_local = flags != 0 && local;
    const size_t colours = (size_t)2 << ((in_local ? b.p[at + 9] : b.p[10]) & 7), table = in_local ? at + 10 : 13;
    if (frame.x <= 0 && frame.y <= 0 && frame.w >= w && frame.h >= h)
        return;
    facts->frame = frame;
    if ((in_local || global) && index < colours && table + 3 * index + 3 <= b.size)
        facts->frame.background = table + 3 * index;
}

void sniff_gif(Bytes b, ImageFacts *facts)
{
    facts->palette = true;
    facts->truncated = true;
    if (b.size < 13)
        return;
    /* The shortest code has 3 bits and gives at most 4096 pixels; stb_image allocates memory before it reads. */
    facts->pixels = (int64_t)sniff_number(b, 6, 2, false) * (int64_t)sniff_number(b, 8, 2, false);
    if (facts->pixels * 3 / 8 / 4096 > (int64_t)b.size)
        return;
    size_t at = 13 + ((b.p[10] & 0x80) != 0 ? (size_t)6 << (b.p[10] & 7) : 0);
    while (at < b.size) {
        if (b.p[at] == 0x21) { /* extension: its kind, then blocks */
            if (sniff_number(b, at + 1, 1, false) == 0xf9 && sniff_number(b, at + 2, 1, false) >= 4 && (sniff_number(b, at + 3, 1, false) & 1) != 0)
                facts->transparency = at + 3;
            at += 2;
            if (!skip_blocks(b, &at))
                return;
        } else if (b.p[at] == 0x2c) { /* the first picture */
            if (b.size - at < 11)
                return;
            read_frame(b, at, facts->transparency, facts);
            at += 11 + ((b.p[at + 9] & 0x80) != 0 ? (size_t)6 << (b.p[at + 9] & 7) : 0);
            if (unpacks_to_more(b, at - 1, facts->pixels * PIXELS_TIMES + PIXELS_FREE))
                facts->broken = "its data is many times larger than its picture";
            facts->truncated = !skip_blocks(b, &at);
            return;
        } else {
            facts->truncated = false; /* no picture at all: stb_image's message is enough */
            return;
        }
    }
}
