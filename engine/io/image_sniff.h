/* image_sniff.h - reads the headers of a picture file without decoding it. Only image.c calls this. */
#ifndef INCEPTOSCOPE_IMAGE_SNIFF_H
#define INCEPTOSCOPE_IMAGE_SNIFF_H

#include "engine/io/image_facts.h"

ImageFacts image_sniff(const unsigned char *bytes, size_t size);

#endif
