/* augment.h - changes training pictures at random: RandomResizedCrop and a flip. Called by batch_loader.c.
 *
 * A crop depends on (seed, epoch, picture), never on the order in which threads ask for it, so a run can be repeated exactly. */
#ifndef INCEPTOSCOPE_TRAIN_AUGMENT_H
#define INCEPTOSCOPE_TRAIN_AUGMENT_H

#include "engine/base/rng.h"
#include "engine/io/image.h"

typedef struct Crop {
    int x, y, w, h; /* in pixels of the picture */
    bool flip;      /* mirrored left to right afterwards */
} Crop;

/* The random numbers of one picture in one epoch, both from 0: those that a training with this seed takes (batch_loader.c). */
Rng augment_rng(uint64_t seed, int epoch, int sample);

/* torchvision.transforms.RandomResizedCrop.get_params with ratio (3/4, 4/3), then RandomHorizontalFlip(0.5).
 * scale_min is the smallest share of the picture's area, 0.08 in the article; the largest is 1. */
Crop augment_crop(int width, int height, double scale_min, Rng rng);

/* Crops, resizes to w x h with PIL's bilinear, then flips. out->rgb is new. */
bool augment_apply(const Image *in, Crop crop, int w, int h, Image *out, Err *err);

#endif
