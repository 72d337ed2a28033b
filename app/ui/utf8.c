/* utf8.c - steps through UTF-8 text; see utf8.h. */
#include "app/ui/utf8.h"

size_t utf8_size(const char *p)
{
    size_t size;
    utf8_code(p, &size);
    return size;
}

/* RFC 3629: overlong forms, surrogates and code points above U+10FFFF are stray bytes. */
uint32_t utf8_code(const char *p, size_t *size)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)p;
    *size = 1;
    if (s[0] < 0x80)
        return s[0];
    size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc2 ? 2 : 0;
    if (length == 0 || s[0] > 0xf4)
        return 0xfffd;
    uint32_t code = s[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0xfffd;
        code = code << 6 | (s[i] & 0x3f);
    }
    if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0xfffd;
    *size = length;
    return code;
}

size_t utf8_before(const char *text, size_t end)
{
    do
        end--;
    while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80);
    return end;
}
