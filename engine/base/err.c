/* err.c - the one place that formats a message for the user; see err.h. */
#include "engine/base/err.h"

#include <stdarg.h>
#include <stdio.h>

bool err_set(Err *err, const char *format, ...)
{
    if (err == NULL)
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    for (unsigned char *p = (unsigned char *)err->text; *p != '\0'; p++)
        if (*p < 0x20 || *p == 0x7f)
            *p = '?';
    return false;
}
