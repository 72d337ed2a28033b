/* loader.h - decoding threads that turn a Dataset into batches ahead of the trainer.
 *
 * A ring of batch buffers stands between the threads and the trainer: threads fill pictures in order, the trainer takes
 * whole batches in order and waits only when none is ready. What a batch holds depends on (seed, epoch, batch) alone. */
#ifndef INCEPTOSCOPE_TRAIN_LOADER_H
#define INCEPTOSCOPE_TRAIN_LOADER_H

#include "engine/net/net.h"
#include "engine/train/data.h"

typedef struct Loader Loader;

typedef struct LoaderOptions {
    int batch;          /* pictures per batch; the last one of an epoch may be smaller, as with PyTorch's DataLoader */
    int threads;        /* decoding threads, at least 1 */
    uint64_t seed;
    bool augment;       /* training: shuffled, cropped and flipped at random. Else: in order, fitted by the network's rule */
    double scale_min;   /* smallest crop, as a share of the picture's area */
    size_t cache_bytes; /* decoded pictures kept in memory, first come first kept; 0 for none */
} LoaderOptions;

typedef struct Batch {
    const float *x;     /* (n, C, H, W), preprocessed; valid until the next loader_next or loader_begin */
    const int *labels;  /* n */
    const int *samples; /* n indices into Dataset.samples */
    int n;              /* pictures that could be decoded: batch or fewer, 0 if none could */
} Batch;

/* set and net are borrowed and must outlive the loader. NULL and a message when memory or threads do not suffice. */
Loader *loader_new(const Dataset *set, const Net *net, const LoaderOptions *options, Err *err);
void loader_free(Loader *loader);

/* Batches in an epoch, the last small one included. */
int loader_batches(const Loader *loader);

/* Starts an epoch at one of its batches and throws away what was decoded of the one before. Decoding begins at once. */
void loader_begin(Loader *loader, int epoch, int first_batch);

/* The next batch; false at the end of the epoch. A picture that cannot be decoded is left out and listed. */
bool loader_next(Loader *loader, Batch *batch);

/* The index-th picture that could not be decoded so far, as a line with the reason; each picture is listed once. False
 * when there are no more. May be called while decoding goes on. */
bool loader_unreadable(Loader *loader, int index, char *line, size_t size);

/* Seconds that loader_next has waited for pictures since loader_begin. */
double loader_waited(const Loader *loader);

#endif
