/* stb.c - the only file that compiles stb_image and stb_image_write, with only the formats that the program promises. For PNG,
 * only unpacking is stb_image's (png.c), and packing calls deflate.c.
 *
 * A large picture takes stb_image hundreds of milliseconds, and it never calls thread_yield. So it does where it calls back: for the
 * next bytes of the file, for a block of a JPEG, for a row of its colours, and for a row of a PNG that is written. */
#include "engine/base/thread.h"
#include "engine/io/deflate.h"
#include "engine/io/jpeg.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_SUPPORT_ZLIB
#define STBI_NO_STDIO
/* stb_image reads memory that a broken file did not fill. With calloc the same file at least always gives the same picture. */
#define STBI_MALLOC(size) calloc(1, size)
#define STBI_REALLOC(block, size) realloc(block, size)
#define STBI_FREE(block) free(block)
#include <stb/stb_image.h>

/* ---- bytes in memory, given to stb_image piece by piece ---- */

typedef struct InMemory {
    const unsigned char *bytes;
    int size, at;
} InMemory;

static int give(void *user, char *out, int most)
{
    InMemory *file = user;
    const int count = most < file->size - file->at ? most : file->size - file->at;
    thread_yield();
    memcpy(out, file->bytes + file->at, (size_t)count);
    file->at += count;
    return count;
}

static void skip(void *user, int count)
{
    InMemory *file = user;
    file->at = count < file->size - file->at ? file->at + count : file->size;
}

static int ended(void *user)
{
    const InMemory *file = user;
    return file->at >= file->size;
}

static const stbi_io_callbacks giving = {give, skip, ended};

unsigned char *stb_decode(const unsigned char *bytes, int size, int *w, int *h, int *channels)
{
    InMemory file = {.bytes = bytes, .size = size};
    return stbi_load_from_callbacks(&giving, &file, w, h, channels, 3);
}

/* ---- JPEG ---- */

#if defined(STBI_SSE2) || defined(STBI_NEON)
#define IDCT stbi__idct_simd
#define COLOURS stbi__YCbCr_to_RGB_simd
#else
#define IDCT stbi__idct_block
#define COLOURS stbi__YCbCr_to_RGB_row
#endif

/* A row of blocks is written 8 bytes after 8 bytes: one block in 64 lets others run. */
static void idct(stbi_uc *out, int stride, short data[64])
{
    if (((uintptr_t)out & 511) < 8)
        thread_yield();
    IDCT(out, stride, data);
}

static void colours(stbi_uc *out, const stbi_uc *y, const stbi_uc *cb, const stbi_uc *cr, int count, int step)
{
    thread_yield();
    COLOURS(out, y, cb, cr, count, step);
}

static stbi__jpeg *jpeg_new(stbi__context *s, InMemory *file)
{
    stbi__jpeg *z = calloc(1, sizeof *z);
    if (z == NULL)
        return NULL;
    *s = (stbi__context){.img_n = 0}; /* the count of components that stbi__cleanup_jpeg frees, also after a header that is broken */
    stbi__start_callbacks(s, (stbi_io_callbacks *)&giving, file);
    z->s = s;
    stbi__setup_jpeg(z);
    z->idct_block_kernel = idct;
    z->YCbCr_to_RGB_kernel = colours;
    return z;
}

unsigned char *stb_jpeg(const unsigned char *bytes, int size, int *w, int *h, int *channels)
{
    InMemory file = {.bytes = bytes, .size = size};
    stbi__context s;
    stbi__jpeg *z = jpeg_new(&s, &file);
    unsigned char *rgb = z != NULL ? load_jpeg_image(z, w, h, channels, 3) : NULL;
    free(z);
    return rgb;
}

/* ---- JPEG at half size, from stb_image's planes ---- */

/* The mean of a component's samples below one pixel of the half picture. step: pixels of the picture for one sample. */
static int mean_of(const unsigned char *plane, int stride, int w, int h, int step_x, int step_y, int x, int y)
{
    const int column = 2 * x / step_x, row = 2 * y / step_y;
    const int left = column < w ? column : w - 1, top = row < h ? row : h - 1; /* sampling factors of 3 and 2 have no whole step */
    const int right = step_x == 1 && left + 1 < w ? left + 1 : left, bottom = step_y == 1 && top + 1 < h ? top + 1 : top;
    const unsigned char *a = plane + (size_t)top * (size_t)stride, *b = plane + (size_t)bottom * (size_t)stride;
    return (a[left] + a[right] + b[left] + b[right] + 2) / 4;
}

/* Rows of each component at half size, then the same conversion as stb_image's, which writes one byte behind the last pixel. */
static unsigned char *half_of(stbi__jpeg *z, int *w, int *h)
{
    const int across = (int)(z->s->img_x + 1) / 2, down = (int)(z->s->img_y + 1) / 2, n = z->s->img_n;
    const bool is_rgb = n == 3 && (z->rgb == 3 || (z->app14_color_transform == 0 && !z->jfif));
    unsigned char *rgb = malloc((size_t)across * (size_t)down * 3 + 1), *rows = malloc((size_t)across * 3);
    for (int y = 0; rgb != NULL && rows != NULL && y < down; y++) {
        thread_yield();
        unsigned char *out = rgb + (size_t)y * (size_t)across * 3;
        for (int c = 0; c < n; c++)
            for (int x = 0; x < across; x++)
                rows[c * across + x] = (unsigned char)mean_of(z->img_comp[c].data, z->img_comp[c].w2, z->img_comp[c].x, z->img_comp[c].y,
                                                              z->img_h_max / z->img_comp[c].h, z->img_v_max / z->img_comp[c].v, x, y);
        if (n == 3 && !is_rgb)
            z->YCbCr_to_RGB_kernel(out, rows, rows + across, rows + 2 * across, across, 3);
        else
            for (int x = 0; x < 3 * across; x++)
                out[x] = rows[(n == 3 ? x % 3 * across : 0) + x / 3];
    }
    free(rows);
    *w = across;
    *h = down;
    return rgb;
}

unsigned char *stb_jpeg_half(const unsigned char *bytes, int size, int *w, int *h, int *channels)
{
    InMemory file = {.bytes = bytes, .size = size};
    stbi__context s;
    stbi__jpeg *z = jpeg_new(&s, &file);
    unsigned char *rgb = NULL;
    if (z == NULL)
        return NULL;
    if (stbi__decode_jpeg_image(z) && (s.img_n == 1 || s.img_n == 3))
        rgb = half_of(z, w, h);
    *channels = s.img_n;
    stbi__cleanup_jpeg(z);
    free(z);
    return rgb;
}

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#define STBIW_ZLIB_COMPRESS(bytes, size, packed_size, effort) deflate_pack(bytes, size, packed_size, effort)
#define STBIW_MEMMOVE(to, from, size) (thread_yield(), memmove(to, from, size)) /* called once for each row of a PNG */
#include <stb/stb_image_write.h>
