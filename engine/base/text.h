/* text.h - text files as people's editors leave them. */
#ifndef INCEPTOSCOPE_TEXT_H
#define INCEPTOSCOPE_TEXT_H

#include <stddef.h>
#include <string.h>

/* Bytes of the byte order mark that some editors put before a UTF-8 text: 3 or 0. */
static inline size_t text_mark(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

#endif
