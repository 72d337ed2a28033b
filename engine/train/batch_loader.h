/* batch_loader.h - decoding threads that turn a Dataset into batches ahead of the trainer.
 *
 * A ring of batch buffers stands between the threads and the trainer: threads fill pictures in order, the trainer takes
 * whole batches in order and waits only when none is ready. What a batch holds depends on (seed, epoch, batch) alone. */
#ifndef INCEPTOSCOPE_TRAIN_BATCH_LOADER_H
#define INCEPTOSCOPE_TRAIN_BATCH_LOADER_H

#include "engine/net/net.h"
#include "engine/train/data.h"

typedef struct BatchLoader BatchLoader;

typedef struct BatchLoaderOptions {
    int batch;          /* pictures per batch; the last one of an epoch may be smaller, as with PyTorch's DataLoader */
    int threads;        /* decoding threads, at least 1 */
    uint64_t seed;
    bool augment;       /* training: shuffled, cropped and flipped at random. Else: in order, fitted by the network's rule */
    double scale_min;   /* smallest crop, as a share of the picture's area */
    size_t cache_bytes; /* decoded pictures kept in memory, first come first kept; 0 for none */
} BatchLoaderOptions;

typedef struct Batch {
    const float *x;     /* (n, C, H, W), preprocessed; valid until the next batch_loader_next or batch_loader_begin */
    const int *labels;  /* n */
    const int *samples; /* n indices into Dataset.samples */
    int n;              /* pictures that could be decoded: batch or fewer, 0 if none could */
} Batch;

/* set and net are borrowed and must outlive the loader. NULL and a message when memory or threads do not suffice. */
BatchLoader *batch_loader_new(const Dataset *set, const Net *net, const BatchLoaderOptions *options, Err *err);
void batch_loader_free(BatchLoader *loader);

/* Batches in an epoch, the last small one included. */
int batch_loader_batches(const BatchLoader *loader);

/* Starts an epoch at one of its batches and throws away what was decoded of the one before. Decoding begins at once. */
void batch_loader_begin(BatchLoader *loader, int epoch, int first_batch);

/* The next batch; false at the end of the epoch. A picture that cannot be decoded is left out and listed. */
bool batch_loader_next(BatchLoader *loader, Batch *batch);

/* The index-th picture that could not be decoded so far, as a line with the reason; each picture is listed once. False
 * when there are no more. May be called while decoding goes on. */
bool batch_loader_unreadable(BatchLoader *loader, int index, char *line, size_t size);

/* Seconds that batch_loader_next has waited for pictures since batch_loader_begin. */
double batch_loader_waited(const BatchLoader *loader);

#endif
