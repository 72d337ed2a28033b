/* layout.h - how the fast engine stores feature maps.
 *
 * A map is N images of B blocks of H rows of W pixels of 16 channels: one 512-bit register holds one pixel of a block, and the
 * input channel that a convolution multiplies by is a scalar next to its 15 neighbours. Channels are padded with zeros
 * to whole blocks. Around every block of every image stands a halo of zero pixels, as wide as the largest padding of any
 * convolution that reads the map, so that no convolution kernel has an edge case. Nobody ever writes to the halo; pools
 * clip their windows instead of reading it (a zero is not minus infinity).
 *
 * A picture has three channels, and padding those to 16 would waste 13 of 16 multiplications: it is kept as a map whose
 * blocks are one channel wide (lanes == 1), the plain C H W order plus the halo.
 *
 * A branch of an Inception module is a view into the map of its concat: same rows and image stride, `data` moved by whole
 * blocks, so that nothing is ever copied into place. */
#ifndef INCEPTOSCOPE_FAST_LAYOUT_H
#define INCEPTOSCOPE_FAST_LAYOUT_H

#include "engine/base/tensor.h"

enum { LANES = 16, MAP_ALIGN = 64 };

typedef struct Map {
    float *data;                /* pixel (0, 0) of block 0 of image 0; the halo stands before it. 64-byte aligned if lanes is 16 */
    int n, c, h, w;             /* images, channels, rows, columns, all without padding */
    int lanes;                  /* channels per block: 16, or 1 for pictures */
    int blocks;                 /* ceil(c / lanes) */
    int halo;                   /* zero pixels on each of the four sides */
    size_t row, block, image;   /* strides in floats; a pixel is `lanes` floats */
} Map;

static inline int blocks_of(int channels, int lanes)
{
    return (int)(((int64_t)channels + lanes - 1) / lanes);
}

/* First float of pixel (y, x) of a block; y and x may reach `halo` pixels outside of the map. */
static inline float *map_at(const Map *m, int n, int block, int y, int x)
{
    return m->data + (ptrdiff_t)((size_t)n * m->image + (size_t)block * m->block) + (ptrdiff_t)y * (ptrdiff_t)m->row +
           (ptrdiff_t)x * m->lanes;
}

/* Geometry of a map of n images of shape s; data is NULL. False when the size does not fit in memory's address range. */
bool map_make(Map *m, int n, Shape s, int lanes, int halo);
/* Floats that the map needs, halo and padding included, and the distance of `data` from the first of them. */
size_t map_floats(const Map *m);
size_t map_origin(const Map *m);
/* Zeros, aligned to MAP_ALIGN; for what is used again and again in large pages where the system has them: the streams of a
 * kernel are cut at every page, but getting large pages takes longer. To be freed with free(); NULL when there is not
 * enough memory. */
float *map_memory(size_t floats, bool long_lived);
/* Blocks [block, block + blocks_of(c, 16)) of m as a map of its own that shares the memory. */
Map map_view(const Map *m, int block, int c);

/* Between plain C H W order and a map's image n. Neither touches the halo. */
void map_write(const Map *m, int n, const float *plain);
void map_read(const Map *m, int n, float *plain);

#endif
