/* stb.c - the one place where stb_image and stb_image_write are compiled. Only the formats that are promised are in; of PNG
 * only the unpacking and the packing are stb's, or go through it (png.c, deflate.c). */
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
/* stb_image reads what a broken file did not fill: then at least the same for the same file. */
#define STBI_MALLOC(size) calloc(1, size)
#define STBI_REALLOC(block, size) realloc(block, size)
#define STBI_FREE(block) free(block)
#include <stb/stb_image.h>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#define STBIW_ZLIB_COMPRESS(bytes, size, packed_size, effort) deflate_pack(bytes, size, packed_size, effort)
#include <stb/stb_image_write.h>
