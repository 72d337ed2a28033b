/* stb.c - the only file that compiles stb_image and stb_image_write, with only the formats that the program promises. For PNG,
 * only unpacking is stb_image's (png.c), and packing calls deflate.c. */
#include "engine/io/deflate.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_SUPPORT_ZLIB
#define STBI_NO_STDIO
/* stb_image reads memory that a broken file did not fill. With calloc the same file at least always gives the same picture. */
#define STBI_MALLOC(size) calloc(1, size)
#define STBI_REALLOC(block, size) realloc(block, size)
#define STBI_FREE(block) free(block)
#include <stb/stb_image.h>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#define STBIW_ZLIB_COMPRESS(bytes, size, packed_size, effort) deflate_pack(bytes, size, packed_size, effort)
#include <stb/stb_image_write.h>
