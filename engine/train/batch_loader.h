/* batch_loader.h - threads that decode the pictures of a Dataset into batches, ahead of the trainer.
 *
 * There is a ring of batch buffers between the threads and the trainer. Threads fill pictures in order; the trainer takes whole
 * batches in order, and waits only if none is ready. The content of a batch depends only on (seed, epoch, batch). */
#ifndef INCEPTOSCOPE_TRAIN_BATCH_LOADER_H
#define INCEPTOSCOPE_TRAIN_BATCH_LOADER_H

#include "engine/net/net.h"
#include "engine/train/data.h"

typedef struct BatchLoader BatchLoader;

typedef struct BatchLoaderOptions {
    int batch;          /* pictures per batch; the last one of an epoch may be smaller, as with PyTorch's DataLoader */
    int threads;        /* decoding threads, at least 1 */
    uint64_t seed;
    bool augment;       /* training: shuffled, cropped and flipped at random. Otherwise: in order, fitted by the network's rule */
    int views;          /* augment: 0 crops anew in each epoch. Else the pictures of epoch e are those of view e mod views: view 0 is
                           fitted by the network's rule, every other one is a crop that is always the same */
    double scale_min;   /* smallest crop, as a share of the picture's area */
    size_t cache_bytes; /* memory for decoded pictures; the first ones are kept; 0 for none */
} BatchLoaderOptions;

typedef struct Batch {
    const float *x;     /* (n, C, H, W), preprocessed; valid until the next batch_loader_next or batch_loader_begin */
    const int *labels;  /* n */
    const int *samples; /* n indices into Dataset.samples */
    int n;              /* pictures that were decoded: at most batch; 0 if none could be */
} Batch;

/* set and net are borrowed and must outlive the loader. NULL and a message if there is not enough memory or threads. */
BatchLoader *batch_loader_new(const Dataset *set, const Net *net, const BatchLoaderOptions *options, Err *err);
void batch_loader_free(BatchLoader *loader);

const Dataset *batch_loader_set(const BatchLoader *loader);
const BatchLoaderOptions *batch_loader_options(const BatchLoader *loader);

/* The order of an epoch's pictures: order[count] receives their indices. */
void batch_loader_order(const BatchLoaderOptions *options, int count, int epoch, int *order);

/* Batches in an epoch, the last small one included. */
int batch_loader_batches(const BatchLoader *loader);

/* Starts an epoch at one of its batches, and drops everything decoded for the previous one. Decoding begins at once. */
void batch_loader_begin(BatchLoader *loader, int epoch, int first_batch);

/* The next batch; false at the end of the epoch. A picture that cannot be decoded is left out and listed. */
bool batch_loader_next(BatchLoader *loader, Batch *batch);

/* The index-th picture so far that could not be decoded, as a line with the reason; each picture is listed once. False if there
 * are no more. May be called during decoding. */
bool batch_loader_unreadable(BatchLoader *loader, int index, char *line, size_t size);

/* Seconds that batch_loader_next has waited for pictures since batch_loader_begin. */
double batch_loader_waited(const BatchLoader *loader);

#endif
