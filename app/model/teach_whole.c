/* teach_whole.c - goes on with all layers of a taught network; see teach_whole.h. */
#include "app/model/teach_whole.h"
#include "app/model/errand.h"
#include "app/model/picture.h"
#include "engine/train/augment.h"
#include "engine/train/trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MICRO_BATCH = 8, STREAM_ORDER = 0x544f, STREAM_CROP = 0x5443 };
static const double RATE = 3e-5, CROP_LEAST = 0.3;

struct TeachWhole {
    Errand errand;
    SharedSource *source;       /* held */
    char networks_dir[1024];
    void (*wake)(void *);
    void *wake_user;
    uint64_t seed;
    int threads;
    TeachResult begun;          /* names and answers that it began with; no network */
    char **paths;               /* of the answers' pictures */
    Trainer *trainer;           /* NULL before the first step */
    float *x;                   /* (TEACH_BATCH, C, H, W) */
    int *order;                 /* of the epoch, of the pictures that learn */
    int epoch, batch;           /* where it is */
    Losses sum; int summed;     /* of this epoch so far, and its pictures */
    TeachPoint curve[TEACH_EPOCHS + 1];
    atomic_int points, steps;
    TeachResult result;         /* of the last pause */
    bool good;                  /* with err, read when it is done */
    Err err;
};

static void whole_free(TeachWhole *w)
{
    for (int i = 0; w->paths != NULL && i < w->begun.count; i++)
        free(w->paths[i]);
    free(w->paths);
    free(w->x);
    free(w->order);
    trainer_free(w->trainer);
    teach_result_free(&w->begun);
    teach_result_free(&w->result);
    shared_source_release(w->source);
    free(w);
}

static int batches(const TeachWhole *w)
{
    return (w->begun.learned + TEACH_BATCH - 1) / TEACH_BATCH;
}

/* ---- the thread ---------------------------------------------------------------------------------------------------------------------------- */

static bool open_trainer(TeachWhole *w, Err *err)
{
    const Source *s = &w->source->source;
    TrainOptions options = train_defaults();
    options.batch = TEACH_BATCH;
    options.micro_batch = MICRO_BATCH;
    options.threads = w->threads;
    options.seed = w->seed;
    options.lr = RATE;
    options.lr_ratio = 1;
    w->trainer = trainer_new(engine_named("fast"), s->net, &options, NULL, err);
    bool *taken = w->trainer != NULL ? malloc((size_t)s->net->param_count * sizeof *taken + 1) : NULL;
    w->x = malloc(size_product(size_product(TEACH_BATCH, shape_size(s->net->input)), sizeof *w->x));
    w->order = malloc((size_t)w->begun.learned * sizeof *w->order + 1);
    const bool good = taken != NULL && w->x != NULL && w->order != NULL;
    if (good) {
        memset(taken, true, (size_t)s->net->param_count * sizeof *taken);
        trainer_take(w->trainer, s->weights, taken);
    } else if (w->trainer != NULL) {
        err_set(err, "not enough memory to train the whole network");
    }
    free(taken);
    return good;
}

/* A random crop that depends on the seed, the epoch and the picture alone. */
static bool load_crop(TeachWhole *w, int sample, float *x, Err *err)
{
    const Net *net = w->source->source.net;
    Image whole, cropped;
    if (!image_load_unless(&w->errand.stop, w->paths[sample], &whole, err))
        return false;
    const Rng rng = rng_make(rng_mix(w->seed + STREAM_CROP), (uint64_t)w->epoch * TEACH_PICTURES_MOST + (uint64_t)sample);
    const bool good = augment_apply(&whole, augment_crop(whole.w, whole.h, CROP_LEAST, rng), net->input.w, net->input.h, &cropped, err);
    image_free(&whole);
    if (good) {
        image_values(&cropped, net, x);
        image_free(&cropped);
    }
    return good;
}

static bool step(TeachWhole *w, Err *err)
{
    const size_t picture = shape_size(w->source->source.net->input);
    const int first = w->batch * TEACH_BATCH, left = w->begun.learned - first, n = left < TEACH_BATCH ? left : TEACH_BATCH;
    int labels[TEACH_BATCH];
    StepResult r;
    for (int i = 0; i < n; i++) {
        const int sample = w->order[first + i];
        labels[i] = w->begun.answers[sample].label;
        if (!load_crop(w, sample, w->x + (size_t)i * picture, err))
            return false;
    }
    if (!trainer_step(w->trainer, w->x, labels, n, &r, err))
        return false;
    w->sum.total += r.losses.head[0];
    w->sum.correct += r.losses.correct;
    w->summed += n;
    atomic_fetch_add(&w->steps, 1);
    errand_wake(&w->errand);
    return true;
}

/* The answers of these weights from the pictures themselves, of those held out or of all. */
static bool judge(TeachWhole *w, const float *weights, bool all, TeachResult *r, ProbeScore *held, Err *err)
{
    const Net *net = w->source->source.net;
    float probs[TEACH_BINS_MOST];
    Run *run = run_new(engine_named("fast"), net, &(RunOptions){.batch = 1, .threads = w->threads}, err);
    if (run == NULL)
        return false;
    run_weights(run, weights);
    *held = (ProbeScore){0, 0};
    bool good = true;
    for (int i = all ? 0 : r->learned; good && i < r->count; i++) {
        TeachAnswer *a = &r->answers[i];
        Picture picture;
        if (!(good = picture_open_unless(&w->errand.stop, w->paths[i], net, &picture, err)))
            break;
        run_input(run, picture.x, 1);
        run_forward(run);
        run_probabilities(run, probs);
        picture_free(&picture);
        teach_count(r, a, probs);
        held->loss -= a->held ? log(fmax((double)probs[a->label], 1e-30)) / r->held : 0;
    }
    held->accuracy = (double)r->right / r->held;
    run_free(run);
    return good;
}

/* A copy to count in. */
static bool count_in(const TeachWhole *w, TeachResult *r, Err *err)
{
    *r = w->begun;
    r->right = 0;
    r->source = (Source){.net = NULL};
    r->answers = malloc((size_t)r->count * sizeof *r->answers);
    r->confusion = calloc((size_t)(r->classes * r->classes), sizeof *r->confusion);
    if (r->answers == NULL || r->confusion == NULL)
        return err_set(err, "not enough memory to judge the pictures");
    memcpy(r->answers, w->begun.answers, (size_t)r->count * sizeof *r->answers);
    return true;
}

static bool end_epoch(TeachWhole *w, Err *err)
{
    const int at = atomic_load(&w->points);
    TeachResult r;
    TeachPoint *point = &w->curve[at];
    bool good = count_in(w, &r, err) && judge(w, w->trainer->weights, false, &r, &point->held, err);
    if (at > 0)
        point->learned = (ProbeScore){w->sum.total / w->summed, (double)w->sum.correct / w->summed};
    else
        point->learned = (ProbeScore){(double)NAN, (double)NAN}; /* the first epoch has no mean before it */
    teach_result_free(&r);
    if (!good)
        return false;
    w->sum = (Losses){.total = 0};
    w->summed = 0;
    atomic_store(&w->points, at + 1);
    return true;
}

static bool train(TeachWhole *w, Err *err)
{
    if (w->trainer == NULL && !open_trainer(w, err))
        return false;
    if (atomic_load(&w->points) == 0 && !end_epoch(w, err))
        return stop_asked(&w->errand.stop);
    for (; w->epoch < TEACH_EPOCHS; w->epoch++) {
        Rng rng = rng_make(rng_mix(w->seed + STREAM_ORDER), (uint64_t)w->epoch);
        for (int i = 0; i < w->begun.learned; i++)
            w->order[i] = i;
        rng_shuffle(&rng, w->order, w->begun.learned);
        for (; w->batch < batches(w); w->batch++) {
            if (stop_asked(&w->errand.stop))
                return true;
            if (!step(w, err))
                return stop_asked(&w->errand.stop); /* in the middle of a picture: the step is made again */
        }
        w->batch = 0;
        if (!end_epoch(w, err)) {
            w->batch = batches(w); /* only its judgement is missing */
            return stop_asked(&w->errand.stop);
        }
    }
    return true;
}

/* The network as it is now. The stop that paused it must not stop this. */
static bool make_result(TeachWhole *w, Err *err)
{
    TeachResult *r = &w->result;
    ProbeScore held;
    int layer;
    char *trained = NULL;
    const WeightsInfo *base = &w->source->source.info;
    atomic_store(&w->errand.stop.asked, false);
    bool good = count_in(w, r, err) && teach_source(&w->source->source, r->classes, w->networks_dir, &r->source, &layer, err);
    if (good)
        memcpy(r->source.weights, w->trainer->weights, r->source.net->weight_count * sizeof(float));
    good = good && judge(w, r->source.weights, true, r, &held, err);
    if (good && asprintf(&trained, "%.600s; then all layers for %d steps; %d of %d held-out pictures right", base->trained != NULL ? base->trained : base->why,
                         atomic_load(&w->steps), r->right, r->held) < 0)
        trained = NULL;
    return good && teach_name_classes(r, base->why, trained, err);
}

static void work(Errand *errand)
{
    TeachWhole *w = (TeachWhole *)errand;
    w->good = train(w, &w->err);
    pthread_mutex_lock(&errand->lock);
    const bool left = errand->left;
    pthread_mutex_unlock(&errand->lock);
    w->good = w->good && (left || make_result(w, &w->err));
    if (errand_end(errand))
        whole_free(w);
}

/* ---- the main thread -------------------------------------------------------------------------------------------------------------------------- */

static bool copy_begun(TeachWhole *w, const TeachWholeSetup *setup)
{
    const TeachResult *from = setup->result;
    w->begun = *from;
    w->begun.source = (Source){.net = NULL};
    w->begun.confusion = NULL;
    w->begun.answers = malloc((size_t)from->count * sizeof *from->answers);
    w->paths = calloc((size_t)from->count, sizeof *w->paths);
    if (w->begun.answers == NULL || w->paths == NULL)
        return false;
    memcpy(w->begun.answers, from->answers, (size_t)from->count * sizeof *from->answers);
    for (int i = 0; i < from->count; i++)
        if ((w->paths[i] = strdup(setup->bins->paths[from->answers[i].picture])) == NULL)
            return false;
    return true;
}

TeachWhole *teach_whole_start(const TeachWholeSetup *setup, Err *err)
{
    if (!trainer_takes(setup->source->source.net, NULL, err))
        return NULL;
    TeachWhole *w = calloc(1, sizeof *w);
    if (w == NULL) {
        err_set(err, "not enough memory to train the whole network");
        return NULL;
    }
    w->source = shared_source_hold(setup->source);
    w->wake = setup->wake;
    w->wake_user = setup->wake_user;
    w->seed = setup->seed;
    w->threads = setup->threads > 0 ? setup->threads : errand_threads();
    snprintf(w->networks_dir, sizeof w->networks_dir, "%s", setup->networks_dir);
    if (copy_begun(w, setup) && errand_start(&w->errand, work, w->wake, w->wake_user))
        return w;
    whole_free(w);
    err_set(err, "not enough memory to train the whole network, or no thread could be started");
    return NULL;
}

void teach_whole_leave(TeachWhole *w)
{
    if (w != NULL && errand_leave(&w->errand))
        whole_free(w);
}

void teach_whole_pause(TeachWhole *w)
{
    stop_ask(&w->errand.stop);
}

bool teach_whole_pausing(TeachWhole *w)
{
    return !errand_done(&w->errand) && atomic_load(&w->errand.stop.asked);
}

bool teach_whole_done(TeachWhole *w)
{
    return errand_done(&w->errand);
}

bool teach_whole_ended(const TeachWhole *w)
{
    return w->epoch == TEACH_EPOCHS;
}

bool teach_whole_go_on(TeachWhole *w, Err *err)
{
    teach_result_free(&w->result);
    return errand_start(&w->errand, work, w->wake, w->wake_user) || err_set(err, "no thread could be started to train the whole network");
}

bool teach_whole_take(TeachWhole *w, TeachResult *result, Err *err)
{
    if (!w->good) {
        *err = w->err;
        return false;
    }
    *result = w->result;
    w->result = (TeachResult){.count = 0};
    return true;
}

const TeachPoint *teach_whole_curve(const TeachWhole *w, int *count)
{
    *count = atomic_load(&w->points);
    return w->curve;
}

int teach_whole_steps(const TeachWhole *w, int *all)
{
    *all = batches(w) * TEACH_EPOCHS;
    return atomic_load(&w->steps);
}
