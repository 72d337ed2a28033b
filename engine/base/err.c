/* err.c - the one place that formats a message for the user; see err.h. */
#include "engine/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text that is too long keeps its beginning and its end: the reason comes after a long path. */
static void keep_both_ends(Err *err, const char *format, va_list args, size_t length)
{
    static const char gap[] = " ... ";
    const size_t room = sizeof err->text - sizeof gap, head = room / 2, tail = room - head;
    char *whole = malloc(length + 1);
    if (whole == NULL)
        return;
    vsnprintf(whole, length + 1, format, args);
    memcpy(err->text, whole, head);
    memcpy(err->text + head, gap, sizeof gap - 1);
    memcpy(err->text + head + sizeof gap - 1, whole + length - tail, tail + 1);
    free(whole);
}

/* Bytes of the UTF-8 character that begins here; 0 if it is cut short. An invalid first byte counts as one. */
static size_t character(const unsigned char *p)
{
    const size_t size = *p >= 0xf0 && *p <= 0xf4 ? 4 : *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xc2 && *p < 0xe0 ? 2 : 1;
    for (size_t i = 1; i < size; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

bool err_set(Err *err, const char *format, ...)
{
    if (err == NULL)
        return false;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int length = vsnprintf(err->text, sizeof err->text, format, args);
    if (length >= (int)sizeof err->text)
        keep_both_ends(err, format, again, (size_t)length);
    va_end(again);
    va_end(args);
    for (unsigned char *p = (unsigned char *)err->text; *p != '\0';) {
        const size_t size = character(p);
        if (size == 0 || *p < 0x20 || *p == 0x7f)
            *p = '?';
        p += size > 0 ? size : 1;
    }
    return false;
}
