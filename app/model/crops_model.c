/* crops_model.c - see crops_model.h. */
#include "app/model/crops_model.h"
#include "app/model/picture.h"
#include "app/model/source.h"
#include "engine/train/trainer.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 1 + CROPS_COUNT };

double crops_scale_least(void)
{
    return train_defaults().scale_min;
}

/* ---- the thread -------------------------------------------------------------------------------------------------------------------------- */

/* Crop `i` and its input values. */
static bool crop(Crops *c, const Net *net, int i, float *x, Err *err)
{
    CropSeen *seen = &c->seen[i];
    seen->crop = augment_crop(c->photo.w, c->photo.h, crops_scale_least(), augment_rng((uint64_t)c->made_seed, i, 0));
    seen->area = (double)seen->crop.w * (double)seen->crop.h / ((double)c->photo.w * (double)c->photo.h);
    if (!augment_apply(&c->photo, seen->crop, net->input.w, net->input.h, &seen->image, err))
        return false;
    seen->version = image_version(&seen->image);
    image_values(&seen->image, net, x);
    return true;
}

static void answer(Run *run, const float *x, float *probs)
{
    run_input(run, x, 1);
    run_forward(run);
    run_probabilities(run, probs);
}

/* While it runs only this thread writes what is beyond the counted steps. */
static bool work(SideJob *job, void *result, Err *err)
{
    Crops *c = result;
    const Net *net = side_job_net(job);
    float *x = malloc(size_product(shape_size(net->input), sizeof *x));
    Run *run = c->scores > 0 ? run_new(side_job_key(job)->engine, net, &(RunOptions){.batch = 1}, err) : NULL;
    bool good = x != NULL && (run != NULL || c->scores == 0);
    if (x == NULL)
        err_set(err, "not enough memory for a crop");
    if (good && run != NULL)
        run_weights(run, side_job_weights(job));
    for (int step = c->before; good && step < STEPS && !side_job_stopped(job); step++) {
        good = step == 0 || crop(c, net, step - 1, x, err);
        if (good && run != NULL)
            answer(run, step == 0 ? side_job_input(job) : x, c->probs + (size_t)step * (size_t)c->scores);
        if (good)
            side_job_step(job);
    }
    run_free(run);
    free(x);
    return good;
}

/* ---- the main thread ---------------------------------------------------------------------------------------------------------------------- */

static void forget(Crops *c)
{
    for (int i = 0; i < CROPS_COUNT; i++) {
        image_free(&c->seen[i].image);
        c->seen[i] = (CropSeen){.version = 0};
    }
    image_free(&c->photo);
    free(c->probs);
    c->probs = NULL;
    c->done = c->before = 0;
    c->problem.text[0] = '\0';
}

static bool room(Crops *c, const Net *net, const Image *original)
{
    const size_t bytes = size_product(size_product((size_t)original->w, (size_t)original->h), 3);
    c->scores = net_scores(net, 0);
    c->photo = (Image){.w = original->w, .h = original->h, .orientation = 1, .rgb = malloc(bytes)};
    c->probs = malloc(size_product(size_product((size_t)c->scores + 1, STEPS), sizeof *c->probs));
    if (c->photo.rgb != NULL)
        memcpy(c->photo.rgb, original->rgb, bytes);
    return (c->photo.rgb != NULL && c->probs != NULL) || err_set(&c->problem, "not enough memory for the crops");
}

static void start(Crops *c, const SideWish *wish, const Image *original, bool same)
{
    const Net *net = wish->source->source.net;
    if (!same) {
        forget(c);
        c->key = wish->key;
        c->made_seed = c->seed;
        if (original == NULL || (net->input.c != 3 && net->input.c != 1)) {
            err_set(&c->problem, "the input of %s is numbers from its description, not a photo that could be cropped; open a picture", net->name);
            return;
        }
        if (!room(c, net, original))
            return;
    }
    c->before = c->done;
    c->job = side_job_start(wish, work, c);
    if (c->job == NULL)
        side_job_none(&c->problem);
}

void crops_want(Crops *c, const SideWish *wish, const Image *original)
{
    const bool same = side_key_same(&c->key, &wish->key) && c->made_seed == c->seed;
    if (c->job != NULL)
        c->done = c->before + side_job_tend(&c->job, same, &c->problem);
    if (c->job == NULL && !(same && (c->done == STEPS || c->problem.text[0] != '\0')))
        start(c, wish, original, same);
}

void crops_rest(Crops *c)
{
    side_job_stop(c->job);
}

bool crops_busy(const Crops *c)
{
    return c->job != NULL;
}

void crops_close(Crops *c)
{
    side_job_quit(&c->job, &c->problem);
    forget(c);
    c->key = (SideKey){.source = NULL};
}

const float *crops_probs(const Crops *c, int variant)
{
    return c->scores > 0 && variant + 1 < c->done ? c->probs + (size_t)(variant + 1) * (size_t)c->scores : NULL;
}
