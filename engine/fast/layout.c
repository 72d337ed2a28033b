/* layout.c - makes, views and converts blocked maps; see layout.h. */
#include "engine/base/clear.h"
#include "engine/fast/layout.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

bool map_make(Map *m, int n, Shape s, int lanes, int halo)
{
    *m = (Map){.n = n, .c = s.c, .h = s.h, .w = s.w, .lanes = lanes, .blocks = blocks_of(s.c, lanes), .halo = halo};
    size_t rows = (size_t)s.h + 2 * (size_t)halo, columns = (size_t)s.w + 2 * (size_t)halo, total;
    if (!size_mul(columns, (size_t)lanes, &m->row) || !size_mul(m->row, rows, &m->block) ||
        !size_mul(m->block, (size_t)m->blocks, &m->image) || !size_mul(m->image, (size_t)n, &total))
        return false;
    return total < SIZE_MAX / sizeof(float) / 4;
}

size_t map_floats(const Map *m)
{
    return m->image * (size_t)m->n;
}

size_t map_origin(const Map *m)
{
    return (size_t)m->halo * (m->row + (size_t)m->lanes);
}

float *map_memory(size_t floats, bool long_lived)
{
    const size_t page = 2u << 20, align = !long_lived || floats * sizeof(float) < page ? MAP_ALIGN : page;
    if (floats > SIZE_MAX / sizeof(float) - page)
        return NULL;
    const size_t bytes = (floats * sizeof(float) + align) / align * align;
    void *memory = aligned_alloc(align, bytes);
    if (memory == NULL)
        return NULL;
#ifdef MADV_HUGEPAGE
    if (align == page)
        madvise(memory, bytes, MADV_HUGEPAGE); /* only a hint */
#endif
    clear_memory(memory, bytes);
    return memory;
}

Map map_view(const Map *m, int block, int c)
{
    assert(m->lanes == LANES && block >= 0 && block + blocks_of(c, LANES) <= m->blocks);
    Map view = *m;
    view.data = m->data + (size_t)block * m->block;
    view.c = c;
    view.blocks = blocks_of(c, LANES);
    return view;
}

void map_write(const Map *m, int n, const float *plain)
{
    for (int c = 0; c < m->c; c++, thread_yield())
        for (int y = 0; y < m->h; y++) {
            const float *from = plain + ((size_t)c * (size_t)m->h + (size_t)y) * (size_t)m->w;
            float *to = map_at(m, n, c / m->lanes, y, 0) + c % m->lanes;
            for (int x = 0; x < m->w; x++)
                to[x * m->lanes] = from[x];
        }
}

void map_read(const Map *m, int n, float *plain)
{
    for (int c = 0; c < m->c; c++, thread_yield())
        for (int y = 0; y < m->h; y++) {
            float *to = plain + ((size_t)c * (size_t)m->h + (size_t)y) * (size_t)m->w;
            const float *from = map_at(m, n, c / m->lanes, y, 0) + c % m->lanes;
            for (int x = 0; x < m->w; x++)
                to[x] = from[x * m->lanes];
        }
}
