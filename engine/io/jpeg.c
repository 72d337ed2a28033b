/* jpeg.c - see jpeg.h. */
#include "engine/io/jpeg.h"
#include "engine/base/hash.h"

#include <stdlib.h>
#include <string.h>

enum { PADDING = 64 };

static unsigned char *decode(const unsigned char *bytes, size_t size, bool half, int *w, int *h, int *channels)
{
    return (half ? stb_jpeg_half : stb_jpeg)(bytes, (int)size, w, h, channels);
}

/* The file with Adobe's marker (version 100, no flags, no transform) behind its first two bytes if `adobe`, and, if it has no end mark,
 * with `padding` and the mark behind its last scan. From malloc; NULL if out of memory. */
static unsigned char *completed(const unsigned char *bytes, size_t size, bool adobe, size_t end, int padding, size_t *length)
{
    static const unsigned char marker[16] = {0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    unsigned char *copy = malloc(size + sizeof marker + PADDING + 2), *out = copy;
    if (copy == NULL)
        return NULL;
    size_t from = 0;
    if (adobe) {
        memcpy(out, bytes, from = 2);
        memcpy(out + 2, marker, sizeof marker);
        out += 2 + sizeof marker;
    }
    const size_t to = end > 0 ? end : size;
    memcpy(out, bytes + from, to - from);
    out += to - from;
    if (end > 0) {
        memset(out, padding, PADDING);
        memcpy(out + PADDING, "\xff\xd9", 2);
        out += PADDING + 2;
    }
    *length = (size_t)(out - copy);
    return copy;
}

/* Decodes the completed file; *sum: a hash of the pixels. */
static unsigned char *decode_completed(const unsigned char *bytes, size_t size, const ImageFacts *facts, bool half, int padding, int *w, int *h, int *channels,
                                       uint64_t *sum)
{
    size_t length = 0;
    unsigned char *copy = completed(bytes, size, facts->four_inks && !facts->adobe, facts->end, padding, &length);
    unsigned char *rgb = copy != NULL ? decode(copy, length, half, w, h, channels) : NULL;
    free(copy);
    *sum = rgb != NULL ? hash_bytes(HASH_START, rgb, (size_t)*w * (size_t)*h * 3) : 0;
    return rgb;
}

unsigned char *jpeg_decode(const unsigned char *bytes, size_t size, const ImageFacts *facts, bool half, int *w, int *h, int *channels, const char **reason)
{
    uint64_t first = 0, second = 0;
    *reason = "cut short";
    if (facts->end == 0 && !(facts->four_inks && !facts->adobe))
        return decode(bytes, size, half, w, h, channels);
    unsigned char *rgb = decode_completed(bytes, size, facts, half, 0x00, w, h, channels, &first);
    if (rgb == NULL || facts->end == 0)
        return rgb;
    free(rgb);
    rgb = decode_completed(bytes, size, facts, half, 0x5a, w, h, channels, &second);
    if (rgb != NULL && first == second)
        return rgb;
    free(rgb);
    *reason = "the file ends inside the picture";
    return NULL;
}
