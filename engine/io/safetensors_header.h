/* safetensors_header.h - makes the beginning of a safetensors file. Writers call this: weights_save.c and train/checkpoint.c. */
#ifndef INCEPTOSCOPE_SAFETENSORS_HEADER_H
#define INCEPTOSCOPE_SAFETENSORS_HEADER_H

#include <jansson.h>

/* Everything before the data: the header's length in 8 bytes, little-endian, and its text, padded with spaces so that the data
 * begin at a multiple of 8. From malloc; NULL if out of memory. Takes ownership of `header`. */
unsigned char *safetensors_header(json_t *header, size_t *size);

#endif
