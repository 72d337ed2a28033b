/* cursor.h - what is selected or pointed at: a layer, a channel of its map, a position in the channel. */
#ifndef INCEPTOSCOPE_CURSOR_H
#define INCEPTOSCOPE_CURSOR_H

#include "engine/net/net.h"

typedef struct Cursor {         /* -1 if not chosen; y and x need a channel */
    int layer, channel, y, x;
} Cursor;

void cursor_text(const Net *net, Cursor cursor, char *out, size_t size); /* "3a/3x3[78]" */

#endif
