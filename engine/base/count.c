/* count.c - see count.h. */
#include "engine/base/count.h"

#include <inttypes.h>
#include <stdio.h>

void format_count(int64_t count, char *out, size_t size)
{
    char digits[24], text[40];
    int length = snprintf(digits, sizeof digits, "%" PRId64, count), used = 0;
    for (int i = 0; i < length; i++) {
        text[used++] = digits[i];
        int left = length - 1 - i;
        if (left > 0 && left % 3 == 0 && digits[i] != '-')
            text[used++] = ',';
    }
    text[used] = '\0';
    snprintf(out, size, "%s", text);
}
