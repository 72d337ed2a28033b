/* utf8.h - steps through UTF-8 text. A stray byte counts as a character, so that any file name can be read. */
#ifndef INCEPTOSCOPE_UTF8_H
#define INCEPTOSCOPE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* utf8_size: the bytes of the character at p (1 for a stray byte). utf8_code: also its code point (U+FFFD for a stray byte). */
size_t utf8_size(const char *p);
uint32_t utf8_code(const char *p, size_t *size);
/* The start of the character that ends at byte `end` of text; end > 0. */
size_t utf8_before(const char *text, size_t end);

#endif
