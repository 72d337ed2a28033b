/* features.c - see features.h. */
#include "engine/train/features.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct Features {
    BatchLoader *loader;
    const Frozen *frozen;
    const Dataset *set;
    BatchLoaderOptions options;
    int views;
    float *kept;                /* [view][sample][floats] */
    bool *known;                /* [view][sample]: the picture could be decoded */
    int view, done;             /* being computed; done counts batches' pictures of all views */
    bool begun;
    int *order;                 /* of the epoch that is read */
    int next;                   /* its next position */
    float *x;                   /* of the batch that was given last, and its labels and samples */
    int *labels, *samples;
    int epoch;
};

/* Physical memory; 0 if the system does not say. */
static size_t memory_size(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (size_t)pages * (size_t)page : 0;
}

static bool allocate(Features *f, Err *err)
{
    const size_t count = size_product((size_t)f->set->count, (size_t)f->views), batch = (size_t)f->options.batch;
    const size_t size = size_product(size_product(count, f->frozen->floats), sizeof(float)), memory = memory_size();
    if (memory > 0 && size > memory / 2)
        return err_set(err, "%s: the frozen layers' maps of %zu pictures take %zu MB, more than half of this machine's memory; freeze more layers, or "
                            "choose fewer --views, or --views 0 to compute them each time", f->set->root, count, size >> 20);
    f->kept = malloc(size);
    f->known = calloc(count, sizeof *f->known);
    f->order = calloc((size_t)f->set->count, sizeof *f->order);
    f->x = malloc(size_product(size_product(batch, f->frozen->floats), sizeof(float)));
    f->labels = calloc(batch, sizeof *f->labels);
    f->samples = calloc(batch, sizeof *f->samples);
    return (f->kept != NULL && f->known != NULL && f->order != NULL && f->x != NULL && f->labels != NULL && f->samples != NULL) ||
           err_set(err, "%s: not enough memory for the frozen layers' maps of %zu pictures (%zu MB); freeze more layers, or choose fewer --views",
                   f->set->root, count, size >> 20);
}

Features *features_new(BatchLoader *loader, const Frozen *frozen, Err *err)
{
    const BatchLoaderOptions *options = batch_loader_options(loader);
    const Dataset *set = batch_loader_set(loader);
    assert(!options->augment || options->views > 0);
    Features *f = calloc(1, sizeof *f);
    if (f == NULL) {
        err_set(err, "%s: out of memory", set->root);
        return NULL;
    }
    *f = (Features){.loader = loader, .frozen = frozen, .set = set, .options = *options, .views = options->augment ? options->views : 1};
    if (allocate(f, err))
        return f;
    features_free(f);
    return NULL;
}

void features_free(Features *f)
{
    if (f == NULL)
        return;
    free(f->kept);
    free(f->known);
    free(f->order);
    free(f->x);
    free(f->labels);
    free(f->samples);
    free(f);
}

static size_t place_of(const Features *f, int view, int sample)
{
    return (size_t)view * (size_t)f->set->count + (size_t)sample;
}

static void compute(Features *f, Run *run, const Batch *batch)
{
    const size_t picture = shape_size(run->net->input);
    for (int first = 0; first < batch->n; first += run->options.batch) {
        const int part = batch->n - first < run->options.batch ? batch->n - first : run->options.batch;
        run->dropout = false;
        run_input(run, batch->x + (size_t)first * picture, part);
        run_forward_of(run, f->frozen->layers);
        for (int i = 0; i < part; i++) {
            const size_t place = place_of(f, f->view, batch->samples[first + i]);
            frozen_take(f->frozen, run, i, f->kept + place * f->frozen->floats);
            f->known[place] = true;
        }
    }
}

bool features_compute(Features *f, Run *run, int *done, int *all)
{
    Batch batch;
    *all = f->set->count * f->views;
    while (f->view < f->views) {
        if (!f->begun)
            batch_loader_begin(f->loader, f->view, 0);
        f->begun = true;
        if (batch_loader_next(f->loader, &batch)) {
            compute(f, run, &batch);
            f->done += f->options.batch;
            *done = f->done < *all ? f->done : *all;
            return true;
        }
        f->view++;
        f->done = f->view * f->set->count;
        f->begun = false;
    }
    *done = *all;
    return false;
}

void features_begin(Features *f, int epoch, int first_batch)
{
    assert(f->view == f->views);
    batch_loader_order(&f->options, f->set->count, epoch, f->order);
    f->epoch = epoch;
    f->next = first_batch * f->options.batch;
}

bool features_next(Features *f, Batch *batch)
{
    const int end = f->next + f->options.batch < f->set->count ? f->next + f->options.batch : f->set->count;
    int n = 0;
    if (f->next >= end)
        return false;
    for (; f->next < end; f->next++) {
        const int sample = f->order[f->next];
        const size_t place = place_of(f, f->epoch % f->views, sample);
        if (!f->known[place])
            continue;
        memcpy(f->x + (size_t)n * f->frozen->floats, f->kept + place * f->frozen->floats, f->frozen->floats * sizeof(float));
        f->labels[n] = f->set->samples[sample].label;
        f->samples[n++] = sample;
    }
    *batch = (Batch){.x = f->x, .labels = f->labels, .samples = f->samples, .n = n};
    return true;
}

void batches_begin(BatchLoader *loader, Features *features, int epoch, int first_batch)
{
    if (features != NULL)
        features_begin(features, epoch, first_batch);
    else
        batch_loader_begin(loader, epoch, first_batch);
}

bool batches_next(BatchLoader *loader, Features *features, Batch *batch)
{
    return features != NULL ? features_next(features, batch) : batch_loader_next(loader, batch);
}
