/* examples.c - sends photos through a network and keeps each channel's largest value; see examples.h. */
#include "engine/train/examples.h"
#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/train/maxima.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FORMAT = 1, WORKERS_MAX = 64 };
static const size_t TABLE_BYTES_MAX = (size_t)1 << (sizeof(size_t) > 4 ? 30 : 28);
static const double SAVE_SECONDS = 1, SAVE_SHARE = 0.05; /* between two saves; of the time, at most for saving */

static bool has_units(const Layer *l)
{
    return l->head == 0 && (l->op == OP_CONV || l->op == OP_FC);
}

static uint64_t hash_int(uint64_t hash, int64_t number)
{
    return hash_bytes(hash, &number, sizeof number);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_bytes(hash, text, strlen(text) + 1);
}

static uint64_t hash_net(uint64_t hash, const Net *net)
{
    const Preprocess *p = &net->preprocess;
    for (int i = 0; i < net->main_count; i++) {
        const Layer *l = &net->layers[i];
        const int numbers[] = {l->op, l->input_count, l->inputs[0], l->inputs[1], l->inputs[2], l->inputs[3], l->out.c, l->out.h, l->out.w, l->k, l->stride, l->pad,
                               l->groups, l->rounding, l->adaptive, l->count_padding, l->bias, l->bn, l->relu, l->lrn_size};
        const float floats[] = {l->bn_eps, l->lrn_alpha, l->lrn_beta, l->lrn_k};
        hash = hash_bytes(hash_bytes(hash, numbers, sizeof numbers), floats, sizeof floats);
    }
    hash = hash_int(hash_int(hash_int(hash_int(hash, p->rule), p->resize), p->bgr), p->unit_scale);
    return hash_bytes(hash_bytes(hash, p->mean, sizeof p->mean), p->std, sizeof p->std);
}

static uint64_t make_key(const Net *net, const float *weights, const Photos *photos)
{
    uint64_t hash = hash_net(hash_int(HASH_START, FORMAT), net);
    hash = hash_bytes(hash, weights, net->weight_count * sizeof *weights);
    for (int i = 0; i < photos->count; i++)
        hash = hash_int(hash_int(hash_text(hash, photos_name(photos, i)), photos->items[i].size), photos->items[i].modified);
    return hash;
}

static void count_units(Examples *e)
{
    e->units = 0;
    for (int l = 0; l < e->net->layer_count; l++) {
        e->first[l] = e->units;
        if (has_units(&e->net->layers[l]))
            e->units += e->net->layers[l].out.c;
    }
    e->first[e->net->layer_count] = e->units;
}

bool examples_new(Examples *e, const Net *net, const float *weights, Photos photos, Err *err)
{
    size_t values = 0, bytes = 0;
    *e = (Examples){.net = net, .photos = photos, .first = calloc((size_t)net->layer_count + 1, sizeof *e->first)};
    if (e->first != NULL)
        count_units(e);
    bool good = e->first != NULL || err_set(err, "%s: out of memory", photos.root);
    if (good && e->units == 0)
        good = err_set(err, "%s: network %s has neither a convolution nor a fully connected layer, so it has no units", net->source, net->name);
    if (good && (!size_mul((size_t)e->units, (size_t)photos.count, &values) || !size_mul(values, sizeof *e->maxima, &bytes) || bytes > TABLE_BYTES_MAX))
        good = err_set(err, "%s: %d photos are too many at once for the %d units of %s; name a part of the folder, at most %d photos", photos.root, photos.count, e->units,
                       net->name, (int)(TABLE_BYTES_MAX / sizeof *e->maxima / (size_t)e->units));
    if (good) {
        e->maxima = malloc(bytes);
        e->states = calloc((size_t)photos.count, sizeof *e->states);
        e->problems = calloc((size_t)photos.count, sizeof *e->problems);
        good = (e->maxima != NULL && e->states != NULL && e->problems != NULL) || err_set(err, "%s: out of memory for %d photos", photos.root, photos.count);
    }
    if (good)
        e->key = make_key(net, weights, &photos);
    else
        examples_free(e);
    return good;
}

void examples_free(Examples *e)
{
    for (int i = 0; e->problems != NULL && i < e->photos.count; i++)
        free(e->problems[i]);
    free(e->problems);
    free(e->states);
    free(e->maxima);
    free(e->first);
    photos_free(&e->photos);
    *e = (Examples){.net = NULL};
}

bool examples_complete(const Examples *e)
{
    return atomic_load(&e->finished) == e->photos.count;
}

/* ---- one photo ------------------------------------------------------------------------------------------------------------------- */

typedef struct Filling {
    Examples *e;
    const ExamplesFill *fill;
    atomic_int next;            /* the photo that the next free worker takes */
    double saved;               /* when the cache was written last, and how long that took */
    double saving;
    Err save_problem;
} Filling;

typedef struct Worker {
    Filling *filling;
    Run *run;
    float *x, *map;             /* the network's input; room for the largest map */
} Worker;

/* The message without the folder, which may be written in several ways. */
static char *problem_text(const Examples *e, const char *text)
{
    const size_t root = strlen(e->photos.root);
    return strdup(strncmp(text, e->photos.root, root) == 0 && text[root] == '/' ? text + root + 1 : text);
}

static void keep_maxima(const Worker *w, Maximum *out)
{
    const Examples *e = w->filling->e;
    for (int l = 0; l < e->net->layer_count; l++) {
        const int channels = e->first[l + 1] - e->first[l];
        if (channels == 0)
            continue;
        const Shape s = e->net->layers[l].out;
        const int places = s.h * s.w;
        run_activation(w->run, l, 0, w->map);
        for (int c = 0; c < channels; c++) {
            Maximum *m = &out[e->first[l] + c];
            m->place = (int32_t)maxima_first(w->map + (size_t)c * (size_t)places, places, &m->value);
        }
    }
}

static void one_photo(const Worker *w, int photo)
{
    Examples *e = w->filling->e;
    Image image = {0}, fitted = {0};
    Err err = {""};
    const bool good = image_load_unless(w->filling->fill->stop, e->photos.items[photo].path, &image, &err) && image_fit(&image, e->net, &fitted, NULL, &err);
    image_free(&image);
    if (good) {
        image_values(&fitted, e->net, w->x);
        run_input(w->run, w->x, 1);
        run_forward(w->run);
        keep_maxima(w, e->maxima + (size_t)photo * (size_t)e->units);
    } else if (stop_asked(w->filling->fill->stop)) {
        return; /* the photo is not to blame */
    } else {
        e->problems[photo] = problem_text(e, err.text);
    }
    image_free(&fitted);
    atomic_store(&e->states[photo], good ? PHOTO_DONE : PHOTO_BROKEN);
    atomic_fetch_add(&e->finished, 1);
    if (w->filling->fill->progress != NULL)
        w->filling->fill->progress(w->filling->fill->user);
}

/* ---- all photos ------------------------------------------------------------------------------------------------------------------- */

static void save(Filling *f)
{
    const double start = clock_seconds();
    if (f->fill->file != NULL && examples_write(f->e, f->fill->file, &f->save_problem))
        f->save_problem.text[0] = '\0';
    f->saved = clock_seconds();
    f->saving = f->saved - start;
}

static bool save_is_due(const Filling *f)
{
    return f->fill->file != NULL && clock_seconds() - f->saved > fmax(SAVE_SECONDS, f->saving / SAVE_SHARE);
}

static void take_photos(const Worker *w, bool saves)
{
    Filling *f = w->filling;
    while (!stop_asked(f->fill->stop)) {
        const int photo = atomic_fetch_add(&f->next, 1);
        if (photo >= f->e->photos.count)
            break;
        if (atomic_load(&f->e->states[photo]) != PHOTO_WAITS)
            continue;
        one_photo(w, photo);
        if (saves && save_is_due(f))
            save(f);
    }
}

static void other_worker(void *user)
{
    take_photos(user, false);
}

static void worker_free(Worker *w)
{
    run_free(w->run);
    free(w->x);
    free(w->map);
    *w = (Worker){0};
}

static bool worker_new(Worker *w, Filling *f, Err *err)
{
    const Net *net = f->e->net;
    *w = (Worker){.filling = f, .x = malloc(shape_size(net->input) * sizeof *w->x), .map = malloc(net_largest_map(net) * sizeof *w->map)};
    bool good = (w->x != NULL && w->map != NULL) || err_set(err, "%s: out of memory", f->e->photos.root);
    good = good && (w->run = run_new(f->fill->engine, net, &(RunOptions){.batch = 1, .threads = 1}, err)) != NULL;
    if (good)
        run_weights(w->run, f->fill->weights);
    else
        worker_free(w);
    return good;
}

static int wanted_workers(const ExamplesFill *fill, int waiting)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const long wanted = fill->threads > 0 ? fill->threads : cores > 1 ? cores : 1;
    const int most = wanted < WORKERS_MAX ? (int)wanted : WORKERS_MAX;
    return most < waiting ? most : waiting;
}

/* The first worker is the caller's thread. Fewer than wanted are enough, if there is no more memory or no more threads. */
static bool run_workers(Filling *f, int wanted, Err *err)
{
    Worker workers[WORKERS_MAX];
    Thread *threads[WORKERS_MAX];
    Err none;
    int count = 1, started = 0;
    if (!worker_new(&workers[0], f, err))
        return false;
    while (count < wanted && worker_new(&workers[count], f, &none))
        count++;
    for (int i = 1; i < count; i++)
        if ((threads[started] = thread_start(other_worker, &workers[i])) != NULL)
            started++;
    take_photos(&workers[0], true);
    for (int i = 0; i < started; i++)
        thread_join(threads[i]);
    for (int i = 0; i < count; i++)
        worker_free(&workers[i]);
    return true;
}

bool examples_fill(Examples *e, const ExamplesFill *fill, Err *err)
{
    Filling f = {.e = e, .fill = fill, .saved = clock_seconds()};
    if (fill->file != NULL && atomic_load(&e->finished) == 0)
        examples_read(e, fill->file);
    const int before = atomic_load(&e->finished);
    if (before == e->photos.count)
        return true;
    if (!run_workers(&f, wanted_workers(fill, e->photos.count - before), err))
        return false;
    if (atomic_load(&e->finished) > before)
        save(&f);
    if (f.save_problem.text[0] != '\0')
        *err = f.save_problem;
    return true;
}
