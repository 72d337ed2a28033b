/* cursor.c - writes a cursor as text; see cursor.h. */
#include "app/model/cursor.h"

void cursor_text(const Net *net, Cursor cursor, char *out, size_t size)
{
    net_address_text(net, (Address){.layer = cursor.layer, .channel = cursor.channel}, out, size);
}
