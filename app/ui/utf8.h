/* utf8.h - characters in bytes. Stray bytes are characters of their own, so that any file name can be gone through. */
#ifndef INCEPTOSCOPE_UTF8_H
#define INCEPTOSCOPE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of the character at p: its bytes (1 for a stray byte), and its code point (U+FFFD for a stray byte). */
size_t utf8_size(const char *p);
uint32_t utf8_code(const char *p, size_t *size);
/* Where the character begins that ends before byte `end` of text, which is not 0. */
size_t utf8_before(const char *text, size_t end);

#endif
