/* image_sniff.h - reads what a picture file says about itself, without decoding it. For image.c alone. */
#ifndef INCEPTOSCOPE_IMAGE_SNIFF_H
#define INCEPTOSCOPE_IMAGE_SNIFF_H

#include "engine/io/image_facts.h"

ImageFacts image_sniff(const unsigned char *bytes, size_t size);

#endif
