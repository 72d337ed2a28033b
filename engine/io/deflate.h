/* deflate.h - packing for the PNGs that stb_image_write writes. For stb.c alone. */
#ifndef INCEPTOSCOPE_DEFLATE_H
#define INCEPTOSCOPE_DEFLATE_H

/* zlib's format (RFC 1950 and 1951) with the fixed codes, the very bytes that stb_image_write's own packer makes of them. All memory is asked
 * for at the beginning: stb_image_write's packer has 16384 growing lists and ends the program where one cannot grow.
 * effort: places looked at per match, at least 5. NULL when memory is out; else *packed_size bytes from malloc, the caller's. */
unsigned char *deflate_pack(const unsigned char *bytes, int size, int *packed_size, int effort);

#endif
