/* safetensors_header.c - see safetensors_header.h. */
#include "engine/io/safetensors_header.h"
#include "engine/io/bits.h"

#include <stdlib.h>
#include <string.h>

unsigned char *safetensors_header(json_t *header, size_t *size)
{
    char *text = json_dumps(header, JSON_COMPACT);
    json_decref(header);
    if (text == NULL)
        return NULL;
    const size_t length = strlen(text), padded = (length + 7) / 8 * 8;
    unsigned char *bytes = malloc(8 + padded);
    if (bytes != NULL) {
        store_le(bytes, padded, 8);
        memcpy(bytes + 8, text, length);
        memset(bytes + 8 + length, ' ', padded - length);
        *size = 8 + padded;
    }
    free(text);
    return bytes;
}
