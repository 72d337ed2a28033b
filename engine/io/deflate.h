/* deflate.h - packs the data of the PNGs that stb_image_write writes. Only stb.c calls this. */
#ifndef INCEPTOSCOPE_DEFLATE_H
#define INCEPTOSCOPE_DEFLATE_H

/* Packs to zlib's format (RFC 1950 and 1951) with the fixed codes; the bytes equal those of stb_image_write's own packer. All
 * memory is allocated at the beginning: stb_image_write's packer has 16384 growing lists, and ends the program if one cannot
 * grow. effort: places tried per match, at least 5. Returns *packed_size bytes from malloc, owned by the caller; NULL if out of
 * memory. */
unsigned char *deflate_pack(const unsigned char *bytes, int size, int *packed_size, int effort);

#endif
