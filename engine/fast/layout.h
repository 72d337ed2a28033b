/* layout.h - how the fast engine stores feature maps.
 *
 * A map is N images of B blocks of H rows of W pixels of 16 channels: one 512-bit register holds one pixel of a block. A
 * convolution multiplies by one input channel, a scalar next to its 15 neighbours. Channels are padded with zeros to whole
 * blocks. Every block of every image has a halo of zero pixels around it. It is as wide as the largest padding of any convolution
 * that reads the map, so convolution kernels have no edge cases. The halo is never written; pools clip their windows instead of
 * reading it (a zero is not minus infinity).
 *
 * A picture has three channels, and padding them to 16 would waste 13 of 16 multiplications. So the picture is stored as a map
 * with blocks of one channel (lanes == 1): the plain C H W order plus the halo.
 *
 * A branch of an Inception module is a view into the map of its concat: same rows and image stride, `data` moved by whole blocks.
 * So concatenation copies nothing. */
#ifndef INCEPTOSCOPE_FAST_LAYOUT_H
#define INCEPTOSCOPE_FAST_LAYOUT_H

#include "engine/base/tensor.h"

enum { LANES = 16, MAP_ALIGN = 64 };

typedef struct Map {
    float *data;                /* pixel (0, 0) of block 0 of image 0, after the halo. 64-byte aligned if lanes is 16 */
    int n, c, h, w;             /* images, channels, rows, columns; c without padding, h and w without halo */
    int lanes;                  /* channels per block: 16, or 1 for pictures */
    int blocks;                 /* ceil(c / lanes) */
    int halo;                   /* zero pixels on each of the four sides */
    size_t row, block, image;   /* strides in floats; a pixel is `lanes` floats */
} Map;

static inline int blocks_of(int channels, int lanes)
{
    return (int)(((int64_t)channels + lanes - 1) / lanes);
}

/* First float of pixel (y, x) of a block; y and x may be up to `halo` pixels outside the map. */
static inline float *map_at(const Map *m, int n, int block, int y, int x)
{
    return m->data + (ptrdiff_t)((size_t)n * m->image + (size_t)block * m->block) + (ptrdiff_t)y * (ptrdiff_t)m->row +
           (ptrdiff_t)x * m->lanes;
}

/* Geometry of a map of n images of shape s; data is NULL. False if the size does not fit in the address space. */
bool map_make(Map *m, int n, Shape s, int lanes, int halo);
/* Floats that the map needs, halo and padding included; and the distance from the first of them to `data`. */
size_t map_floats(const Map *m);
size_t map_origin(const Map *m);
/* Zeroed memory, aligned to MAP_ALIGN. long_lived: in large pages, if the system has them. Kernels are faster then, since their
 * streams are not cut at every small page; but getting large pages takes longer, so it pays only for memory that is used many
 * times. Free with free(). NULL if out of memory. */
float *map_memory(size_t floats, bool long_lived);
/* A map of blocks [block, block + blocks_of(c, 16)) of m, which shares m's memory. */
Map map_view(const Map *m, int block, int c);

/* These convert between plain C H W order and a map's image n. Neither touches the halo. */
void map_write(const Map *m, int n, const float *plain);
void map_read(const Map *m, int n, float *plain);

#endif
