/* batch_loader.c - decoding threads and their ring of batches; see batch_loader.h. */
#include "engine/train/batch_loader.h"

#include "engine/base/clock.h"
#include "engine/base/thread.h"
#include "engine/io/image.h"
#include "engine/train/augment.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RING = 3, THREADS_MAX = 64 };
enum { STREAM_SHUFFLE = 0x5348 }; /* another one than that of augment_rng */

typedef struct BatchSlot {
    float *x;
    int *labels, *samples;
    unsigned char *decoded;     /* 1 for each picture that could be decoded */
    int finished;               /* pictures done, decoded or not */
} BatchSlot;

struct BatchLoader {
    const Dataset *set;
    const Net *net;
    BatchLoaderOptions options;
    size_t picture;             /* floats per picture */
    int batches;

    Thread *threads[THREADS_MAX];
    int thread_count;
    pthread_mutex_t lock;       /* guards everything below; the pixels of a claimed picture belong to its thread */
    pthread_cond_t work, ready; /* room or a new epoch for the threads; progress for the trainer */
    bool quit;
    int epoch, generation;      /* generation: number of calls of batch_loader_begin; results of an earlier one are dropped */
    int *order;                 /* samples in this epoch's order */
    int next;                   /* position in `order` that the next thread claims */
    int taken, end;             /* batches [taken, taken + RING) may be filled; end = batches, or 0 before the start */
    int busy;                   /* number of threads that process a picture */
    bool holding;               /* the trainer still reads the slot of batch taken - 1 */
    BatchSlot ring[RING];
    Image *cache;               /* decoded pictures by sample; rgb is NULL if not kept */
    size_t cached;
    unsigned char *known_bad;
    StringList unreadable;
    double waited;
};

static int batch_size(const BatchLoader *l, int batch)
{
    int left = l->set->count - batch * l->options.batch;
    return left < l->options.batch ? left : l->options.batch;
}

/* The picture as the network sees it. Needs no lock: it reads only constants and its own data. */
static bool prepare(const BatchLoader *l, const Image *photo, int sample, int epoch, float *x, Err *err)
{
    const Shape in = l->net->input;
    Image fitted = {0};
    bool ok;
    const int view = l->options.views > 0 ? epoch % l->options.views : epoch; /* with views, 0 is not cropped */
    if (l->options.augment && (view > 0 || l->options.views == 0)) {
        Crop crop = augment_crop(photo->w, photo->h, l->options.scale_min, augment_rng(l->options.seed, view, sample));
        ok = augment_apply(photo, crop, in.w, in.h, &fitted, err);
    } else {
        ok = image_fit(photo, l->net, &fitted, NULL, err);
    }
    if (ok)
        image_values(&fitted, l->net, x);
    image_free(&fitted);
    return ok;
}

/* Keeps a decoded photo if there is room; then the cache owns it and *photo is cleared. Called with the lock held. */
static void keep(BatchLoader *l, int sample, Image *photo)
{
    size_t size = (size_t)photo->w * (size_t)photo->h * 3;
    if (l->cache == NULL || l->cache[sample].rgb != NULL || size > l->options.cache_bytes - l->cached)
        return;
    l->cache[sample] = *photo;
    l->cached += size;
    *photo = (Image){0};
}

/* Claims one picture, decodes it, and delivers it. The lock is held before and after. */
static void one_picture(BatchLoader *l)
{
    int position = l->next++, generation = l->generation, epoch = l->epoch;
    int sample = l->order[position];
    int batch = position / l->options.batch, place = position % l->options.batch;
    BatchSlot *slot = &l->ring[batch % RING];
    Image cached = l->cache != NULL ? l->cache[sample] : (Image){0};
    l->busy++;
    pthread_mutex_unlock(&l->lock);

    Image photo = {0};
    Err err = {""};
    const char *path = l->set->samples[sample].path;
    bool ok = cached.rgb != NULL || image_load(path, &photo, &err);
    ok = ok && prepare(l, cached.rgb != NULL ? &cached : &photo, sample, epoch,
                       slot->x + (size_t)place * l->picture, &err);

    pthread_mutex_lock(&l->lock);
    if (ok && photo.rgb != NULL)
        keep(l, sample, &photo);
    image_free(&photo);
    if (!ok && !l->known_bad[sample]) {
        l->known_bad[sample] = 1;
        string_list_add(&l->unreadable, "%s", err.text);
    }
    if (generation == l->generation) {
        slot->labels[place] = l->set->samples[sample].label;
        slot->samples[place] = sample;
        slot->decoded[place] = ok;
        slot->finished++;
    }
    l->busy--;
    thread_wake(&l->ready);
}

static bool has_work(const BatchLoader *l)
{
    int batch = l->next / l->options.batch;
    return l->next < l->set->count && batch < l->end && batch < l->taken + RING - (l->holding ? 1 : 0);
}

static void decode_thread(void *argument)
{
    BatchLoader *l = argument;
    pthread_mutex_lock(&l->lock);
    while (!l->quit) {
        if (has_work(l))
            one_picture(l);
        else
            thread_wait(&l->work, &l->lock);
    }
    pthread_mutex_unlock(&l->lock);
}

static bool allocate(BatchLoader *l)
{
    size_t batch = (size_t)l->options.batch, count = (size_t)l->set->count, floats;
    if (!size_mul(batch, l->picture, &floats) || !size_mul(floats, sizeof(float), &floats))
        return false;
    bool ok = true;
    for (int i = 0; i < RING; i++) {
        BatchSlot *slot = &l->ring[i];
        slot->x = malloc(floats);
        slot->labels = calloc(batch, sizeof(int));
        slot->samples = calloc(batch, sizeof(int));
        slot->decoded = calloc(batch, 1);
        ok = ok && slot->x != NULL && slot->labels != NULL && slot->samples != NULL && slot->decoded != NULL;
    }
    l->order = calloc(count, sizeof *l->order);
    l->known_bad = calloc(count, 1);
    if (l->options.cache_bytes > 0)
        ok = ok && (l->cache = calloc(count, sizeof *l->cache)) != NULL;
    return ok && l->order != NULL && l->known_bad != NULL;
}

BatchLoader *batch_loader_new(const Dataset *set, const Net *net, const BatchLoaderOptions *options, Err *err)
{
    assert(options->batch > 0 && options->threads > 0 && set->count > 0);
    BatchLoader *l = calloc(1, sizeof *l);
    if (l == NULL) {
        err_set(err, "%s: out of memory", set->root);
        return NULL;
    }
    l->set = set;
    l->net = net;
    l->options = *options;
    l->picture = shape_size((Shape){1, net->input.c, net->input.h, net->input.w});
    l->batches = (set->count + options->batch - 1) / options->batch;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->work, NULL);
    pthread_cond_init(&l->ready, NULL);
    if (!allocate(l)) {
        err_set(err, "%s: out of memory for batches of %d pictures; choose a smaller --batch", set->root, options->batch);
        batch_loader_free(l);
        return NULL;
    }
    int wanted = options->threads < THREADS_MAX ? options->threads : THREADS_MAX;
    while (l->thread_count < wanted && (l->threads[l->thread_count] = thread_start(decode_thread, l)) != NULL)
        l->thread_count++;
    if (l->thread_count == 0) {
        err_set(err, "%s: no thread could be started for decoding", set->root);
        batch_loader_free(l);
        return NULL;
    }
    return l;
}

void batch_loader_free(BatchLoader *l)
{
    if (l == NULL)
        return;
    pthread_mutex_lock(&l->lock);
    l->quit = true;
    thread_wake(&l->work);
    pthread_mutex_unlock(&l->lock);
    for (int i = 0; i < l->thread_count; i++)
        thread_join(l->threads[i]);
    for (int i = 0; i < RING; i++) {
        free(l->ring[i].x);
        free(l->ring[i].labels);
        free(l->ring[i].samples);
        free(l->ring[i].decoded);
    }
    for (int i = 0; l->cache != NULL && i < l->set->count; i++)
        image_free(&l->cache[i]);
    free(l->cache);
    free(l->order);
    free(l->known_bad);
    string_list_free(&l->unreadable);
    pthread_cond_destroy(&l->work);
    pthread_cond_destroy(&l->ready);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

const Dataset *batch_loader_set(const BatchLoader *l)
{
    return l->set;
}

const BatchLoaderOptions *batch_loader_options(const BatchLoader *l)
{
    return &l->options;
}

int batch_loader_batches(const BatchLoader *l)
{
    return l->batches;
}

void batch_loader_order(const BatchLoaderOptions *options, int count, int epoch, int *order)
{
    for (int i = 0; i < count; i++)
        order[i] = i;
    Rng rng = rng_make(rng_mix(options->seed + STREAM_SHUFFLE), (uint64_t)epoch);
    if (options->augment)
        rng_shuffle(&rng, order, count);
}

void batch_loader_begin(BatchLoader *l, int epoch, int first_batch)
{
    assert(first_batch >= 0 && first_batch <= l->batches);
    pthread_mutex_lock(&l->lock);
    l->end = 0; /* no new claims; threads at work must leave their buffers first */
    l->generation++;
    while (l->busy > 0)
        thread_wait(&l->ready, &l->lock);
    batch_loader_order(&l->options, l->set->count, epoch, l->order);
    for (int i = 0; i < RING; i++)
        l->ring[i].finished = 0;
    l->epoch = epoch;
    l->next = first_batch * l->options.batch;
    l->taken = first_batch;
    l->end = l->batches;
    l->holding = false;
    l->waited = 0;
    thread_wake(&l->work);
    pthread_mutex_unlock(&l->lock);
}

/* Moves the pictures that were decoded to the front; returns their number. */
static int close_gaps(const BatchLoader *l, BatchSlot *slot, int n)
{
    int kept = 0;
    for (int i = 0; i < n; i++) {
        if (!slot->decoded[i])
            continue;
        if (kept != i) {
            memcpy(slot->x + (size_t)kept * l->picture, slot->x + (size_t)i * l->picture, l->picture * sizeof(float));
            slot->labels[kept] = slot->labels[i];
            slot->samples[kept] = slot->samples[i];
        }
        kept++;
    }
    return kept;
}

bool batch_loader_next(BatchLoader *l, Batch *batch)
{
    pthread_mutex_lock(&l->lock);
    if (l->holding) { /* the slot that the trainer had is free again */
        l->ring[(l->taken - 1) % RING].finished = 0;
        l->holding = false;
        thread_wake(&l->work);
    }
    bool more = l->taken < l->end;
    if (more) {
        BatchSlot *slot = &l->ring[l->taken % RING];
        int n = batch_size(l, l->taken);
        double start = clock_seconds();
        while (slot->finished < n)
            thread_wait(&l->ready, &l->lock);
        l->waited += clock_seconds() - start;
        l->taken++;
        l->holding = true;
        *batch = (Batch){.x = slot->x, .labels = slot->labels, .samples = slot->samples, .n = close_gaps(l, slot, n)};
    }
    pthread_mutex_unlock(&l->lock);
    return more;
}

bool batch_loader_unreadable(BatchLoader *l, int index, char *line, size_t size)
{
    pthread_mutex_lock(&l->lock);
    bool listed = index < l->unreadable.count;
    if (listed)
        snprintf(line, size, "%s", l->unreadable.items[index]);
    pthread_mutex_unlock(&l->lock);
    return listed;
}

double batch_loader_waited(const BatchLoader *l)
{
    return l->waited;
}
