/* wants.c - activation maximisation; see wants.h. */
#include "engine/train/wants.h"
#include "engine/train/optim.h"
#include "engine/train/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const AdamOptions adam = {.lr = 0.05, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-7};
/* The standard deviation of the first numbers, and what a spectrum's picture is divided by: Lucid's (Olah et al. 2017). */
static const double noise = 0.01, soften = 4;
static const float grey = 0.5f;
/* Three uncorrelated planes to R, G, B: tests/wants_colours.py prints this from the flower photos. */
static const float colours[3][3] = {
    {0.600f, 0.272f, 0.122f},
    {0.565f, 0.036f, -0.209f},
    {0.567f, -0.324f, 0.079f},
};

enum { STREAM_START, STREAM_JITTER }; /* of a picture's random numbers */

struct WantsNet {
    Net *net;                   /* up to the layer, whose own ReLU is left out: so its map is the value before it */
    Run *run;
    bool *way;                  /* what the layer is computed from */
    int layer, size, planes, batch;
    Spectrum *spectrum;
    float *scale;               /* (size, size/2 + 1): of a frequency's number */
    float *spread, *plane;      /* one spectrum, (planes, size, size): scratch of one picture */
    float *x;                   /* (batch, planes, size, size): as the network takes it */
    float *dx;                  /* (planes, size, size) */
    float *map, *seed;          /* (C, H, W); (batch, C, H, W) */
};

bool wants_allowed(const Net *net, int layer, Err *err)
{
    const Layer *l = &net->layers[layer];
    char name[160];
    net_address_text(net, (Address){.layer = layer, .channel = -1}, name, sizeof name);
    if (net->input.c != 3 && net->input.c != 1)
        return err_set(err, "%s takes pictures of %d channels: one can be made for 3 (colour) or 1 (grey)", net->name, net->input.c);
    if (layer == 0)
        return err_set(err, "%s is the picture itself; name a channel of a later layer", name);
    if (l->head != 0)
        return err_set(err, "%s belongs to the head %s: a picture can be made for layers of the main path", name, net->heads[l->head].name);
    if (l->op == OP_SOFTMAX)
        return err_set(err, "%s compares all classes; name a channel of the layer before it", name);
    if (l->op == OP_CONV && l->inputs[0] == 0)
        return err_set(err, "%s reads the picture itself: its kernels already are what its channels look for. See them in the weights (key W); name a later layer here", name);
    return true;
}

int wants_size(const Net *net, int layer)
{
    bool own = false;
    bool *way = calloc((size_t)net->layer_count, sizeof *way);
    if (way != NULL && net_way(net, layer, 0, way))
        for (int l = 0; l <= layer; l++)
            own = own || (way[l] && net->layers[l].op == OP_FC);
    free(way);
    return own && net->input.h >= WANTS_SIZE_MIN && net->input.h <= WANTS_SIZE_MAX ? net->input.h : WANTS_SIZE;
}

/* The copy's parameters must be the first ones of the network's: a fully connected layer's need not be, at another size. */
static bool same_weights(const Net *net, const Net *copy, int size, Err *err)
{
    for (int p = 0; p < copy->param_count; p++) {
        const Param *a = &net->params[p], *b = &copy->params[p];
        if (p < net->param_count && a->layer == b->layer && a->kind == b->kind && a->count == b->count && a->offset == b->offset)
            continue;
        return err_set(err, "%s has other weights for pictures of %dx%d than for %dx%d; give the size %d, or name an earlier layer",
                       copy->layers[b->layer].name, size, size, net->input.h, net->input.w, net->input.h);
    }
    return true;
}

static bool cut(WantsNet *w, const Net *net, Err *err)
{
    char last[160];
    Err reason;
    net_address_text(net, (Address){.layer = w->layer, .channel = -1}, last, sizeof last);
    const NetOptions options = {.input = {1, net->input.c, w->size, w->size}, .no_heads = true, .last = last};
    w->net = net_again(net, &options, &reason);
    if (w->net == NULL)
        return err_set(err, "no picture of %dx%d for %s: %s", w->size, w->size, last, reason.text);
    if (w->layer >= w->net->layer_count || strcmp(w->net->layers[w->layer].name, net->layers[w->layer].name) != 0)
        return err_set(err, "%s of a changed network: no picture can be made with its switches", last);
    if (!same_weights(net, w->net, w->size, err))
        return false;
    Layer *layer = &w->net->layers[w->layer];
    layer->relu = false;
    for (int i = 0; layer->op == OP_CONCAT && i < layer->input_count; i++)
        w->net->layers[layer->inputs[i]].relu = false;
    return true;
}

static bool allocate(WantsNet *w)
{
    const size_t pixels = shape_size(w->net->input), map = shape_size(w->net->layers[w->layer].out);
    const size_t spectrum = spectrum_count(w->size), batch = (size_t)w->batch;
    w->way = calloc((size_t)w->net->layer_count, sizeof *w->way);
    w->spectrum = spectrum_new(w->size);
    w->scale = malloc(spectrum / 2 * sizeof *w->scale);
    w->spread = malloc(spectrum * sizeof *w->spread);
    w->plane = malloc(pixels * sizeof *w->plane);
    w->x = calloc(batch, pixels * sizeof *w->x);
    w->dx = malloc(pixels * sizeof *w->dx);
    w->map = malloc(map * sizeof *w->map);
    w->seed = calloc(batch, map * sizeof *w->seed);
    return w->way != NULL && w->spectrum != NULL && w->scale != NULL && w->spread != NULL && w->plane != NULL && w->x != NULL && w->dx != NULL && w->map != NULL &&
           w->seed != NULL;
}

/* 1/f, as the amplitudes of photos fall: every scale then has the same share of the first picture. */
static void fill_scale(WantsNet *w)
{
    const int columns = w->size / 2 + 1;
    for (int ky = 0; ky < w->size; ky++)
        for (int kx = 0; kx < columns; kx++)
            w->scale[ky * columns + kx] = (float)(w->size / fmax(spectrum_frequency(w->size, ky, kx), 1.0 / w->size));
}

WantsNet *wants_open(const Engine *engine, const Net *net, const float *weights, int layer, int size, int batch, int threads, Err *err)
{
    assert(batch >= 1 && layer >= 0 && layer < net->layer_count);
    WantsNet *w = wants_allowed(net, layer, err) ? calloc(1, sizeof *w) : NULL;
    if (w == NULL)
        return NULL;
    w->layer = layer;
    w->size = size;
    w->planes = net->input.c;
    w->batch = batch;
    bool good = (size >= WANTS_SIZE_MIN && size <= WANTS_SIZE_MAX) || err_set(err, "a picture can have a size of %d to %d, not %d", WANTS_SIZE_MIN, WANTS_SIZE_MAX, size);
    good = good && cut(w, net, err) && (allocate(w) || err_set(err, "not enough memory for a picture of %dx%d", size, size));
    good = good && (w->run = run_new(engine, w->net, &(RunOptions){.batch = batch, .threads = threads, .gradients = true}, err)) != NULL;
    good = good && (net_way(w->net, layer, 0, w->way) || err_set(err, "%s does not depend on the picture", net->layers[layer].name));
    if (!good) {
        wants_close(w);
        return NULL;
    }
    fill_scale(w);
    run_weights(w->run, weights);
    return w;
}

void wants_close(WantsNet *w)
{
    if (w == NULL)
        return;
    run_free(w->run);
    net_free(w->net);
    spectrum_free(w->spectrum);
    free(w->way);
    free(w->scale);
    free(w->spread);
    free(w->plane);
    free(w->x);
    free(w->dx);
    free(w->map);
    free(w->seed);
    free(w);
}

Shape wants_map(const WantsNet *w)
{
    return w->net->layers[w->layer].out;
}

bool want_start(const WantsNet *w, const WantOptions *options, Want *out)
{
    const size_t pixels = shape_size(w->net->input);
    assert(options->channel >= 0 && options->channel < w->net->layers[w->layer].out.c);
    *out = (Want){.options = *options, .size = w->size, .planes = w->planes};
    out->count = options->pixels ? pixels : spectrum_count(w->size) * (size_t)w->planes;
    out->param = malloc(out->count * sizeof *out->param);
    out->gradient = calloc(out->count, sizeof *out->gradient);
    out->m = calloc(out->count, sizeof *out->m);
    out->v = calloc(out->count, sizeof *out->v);
    out->rgb = calloc(pixels, sizeof *out->rgb);
    if (out->param == NULL || out->gradient == NULL || out->m == NULL || out->v == NULL || out->rgb == NULL) {
        want_free(out);
        return false;
    }
    Rng rng = rng_make(options->seed, STREAM_START);
    for (size_t i = 0; i < out->count; i++)
        out->param[i] = (float)(noise * rng_normal(&rng));
    return true;
}

void want_free(Want *want)
{
    free(want->param);
    free(want->gradient);
    free(want->m);
    free(want->v);
    free(want->rgb);
    *want = (Want){.size = 0};
}

/* rgb = sigmoid(colours * plane), plane = irfft2(scale * param) / 4; pixels: sigmoid(param). A grey network has one plane. */
static void render(WantsNet *w, const Want *want, float *rgb)
{
    const size_t pixels = (size_t)w->size * (size_t)w->size, half = spectrum_count(w->size);
    const float *plane = want->param;
    if (!want->options.pixels) {
        for (int p = 0; p < w->planes; p++) {
            for (size_t i = 0; i < half; i++)
                w->spread[i] = want->param[(size_t)p * half + i] * w->scale[i / 2];
            spectrum_forward(w->spectrum, w->spread, w->plane + (size_t)p * pixels);
        }
        plane = w->plane;
    }
    const bool mixed = !want->options.pixels && w->planes == 3;
    for (int c = 0; c < w->planes; c++)
        for (size_t i = 0; i < pixels; i++) {
            float t = plane[(size_t)c * pixels + i];
            if (mixed)
                t = colours[c][0] * plane[i] + colours[c][1] * plane[pixels + i] + colours[c][2] * plane[2 * pixels + i];
            if (!want->options.pixels)
                t /= (float)soften;
            rgb[(size_t)c * pixels + i] = 1 / (1 + expf(-t));
        }
}

/* dL/d(param) from drgb = dL/d(rgb), which is overwritten. */
static void render_backward(WantsNet *w, Want *want, float *drgb)
{
    const size_t pixels = (size_t)w->size * (size_t)w->size, half = spectrum_count(w->size);
    for (size_t i = 0; i < pixels * (size_t)w->planes; i++)
        drgb[i] *= want->rgb[i] * (1 - want->rgb[i]);
    if (want->options.pixels) {
        memcpy(want->gradient, drgb, want->count * sizeof *drgb);
        return;
    }
    for (int p = 0; p < w->planes; p++) {
        float *d = want->gradient + (size_t)p * half;
        for (size_t i = 0; i < pixels; i++) {
            const float t = w->planes == 3 ? colours[0][p] * drgb[i] + colours[1][p] * drgb[pixels + i] + colours[2][p] * drgb[2 * pixels + i] : drgb[i];
            w->plane[i] = t / (float)soften;
        }
        spectrum_backward(w->spectrum, w->plane, d);
        for (size_t i = 0; i < half; i++)
            d[i] *= w->scale[i / 2];
    }
}

/* How far the network's view of the picture is moved in this step, -WANTS_PAD to WANTS_JITTER - WANTS_PAD. */
static void jitter(const Want *want, int *dy, int *dx)
{
    *dy = *dx = 0;
    if (want->options.still)
        return;
    Rng rng = rng_make(want->options.seed, STREAM_JITTER);
    rng.counter = 2 * (uint64_t)want->steps;
    *dy = (int)(rng_uniform(&rng) * (WANTS_JITTER + 1)) - WANTS_PAD;
    *dx = (int)(rng_uniform(&rng) * (WANTS_JITTER + 1)) - WANTS_PAD;
}

/* The factor between a colour of 0 to 1 and the network's value. */
static float contrast(const Preprocess *p, int c)
{
    return p->unit_scale ? 1 / p->std[c] : 255;
}

/* The picture as the network takes it: moved, grey where it ends, preprocessed. x (planes, size, size). */
static void present(const WantsNet *w, const Want *want, float *x)
{
    const Preprocess *p = &w->net->preprocess;
    const int n = w->size;
    int dy, dx;
    jitter(want, &dy, &dx);
    for (int c = 0; c < w->planes; c++) {
        const float *plane = want->rgb + (size_t)(w->planes == 3 ? preprocess_colour(p, c) : 0) * (size_t)n * (size_t)n;
        const float k = contrast(p, c), mean = p->unit_scale ? p->mean[c] : p->mean[c] / 255;
        for (int y = 0; y < n; y++)
            for (int i = 0; i < n; i++) {
                const bool inside = y + dy >= 0 && y + dy < n && i + dx >= 0 && i + dx < n;
                const float v = inside ? plane[(size_t)(y + dy) * (size_t)n + (size_t)(i + dx)] : grey;
                *x++ = (v - mean) * k;
            }
    }
}

/* drgb (planes, size, size) from w->dx, the gradient by what `present` made. */
static void present_backward(const WantsNet *w, const Want *want, float *drgb)
{
    const Preprocess *p = &w->net->preprocess;
    const int n = w->size;
    const float *d = w->dx;
    int dy, dx;
    jitter(want, &dy, &dx);
    memset(drgb, 0, shape_size(w->net->input) * sizeof *drgb);
    for (int c = 0; c < w->planes; c++) {
        float *plane = drgb + (size_t)(w->planes == 3 ? preprocess_colour(p, c) : 0) * (size_t)n * (size_t)n;
        const float k = contrast(p, c);
        for (int y = 0; y < n; y++)
            for (int i = 0; i < n; i++, d++)
                if (y + dy >= 0 && y + dy < n && i + dx >= 0 && i + dx < n)
                    plane[(size_t)(y + dy) * (size_t)n + (size_t)(i + dx)] = k * *d;
    }
}

/* The objective in the run's picture, and -dL/d(map) in its seed. */
static void look(WantsNet *w, Want *want, int image)
{
    const Shape s = w->net->layers[w->layer].out;
    const size_t places = (size_t)s.h * (size_t)s.w, at = (size_t)want->options.channel * places;
    float *seed = w->seed + (size_t)image * shape_size(s);
    run_activation(w->run, w->layer, image, w->map);
    memset(seed, 0, shape_size(s) * sizeof *seed);
    if (want->options.neuron) {
        const size_t middle = at + (size_t)(s.h / 2) * (size_t)s.w + (size_t)(s.w / 2);
        want->value = w->map[middle];
        seed[middle] = -1;
    } else {
        double sum = 0;
        for (size_t i = 0; i < places; i++) {
            sum += (double)w->map[at + i];
            seed[at + i] = -1 / (float)places;
        }
        want->value = (float)(sum / (double)places);
    }
    want->first = want->steps == 0 ? want->value : want->first;
    want->best = want->steps == 0 || want->value > want->best ? want->value : want->best;
}

void wants_step(WantsNet *w, Want *const *list, int n)
{
    const size_t pixels = shape_size(w->net->input);
    assert(n >= 1 && n <= w->batch);
    for (int i = 0; i < n; i++) {
        render(w, list[i], list[i]->rgb);
        present(w, list[i], w->x + (size_t)i * pixels);
    }
    run_input(w->run, w->x, n);
    run_forward_of(w->run, w->way);
    for (int i = 0; i < n; i++)
        look(w, list[i], i);
    run_gradient(w->run, &(Gradient){.from = w->layer, .seed = w->seed});
    for (int i = 0; i < n; i++) {
        Want *want = list[i];
        run_map_gradient(w->run, 0, i, w->dx);
        present_backward(w, want, w->x);
        render_backward(w, want, w->x);
        want->steps++;
        adam_step(want->param, want->m, want->v, want->gradient, want->count, want->steps, &adam);
    }
}

static void to_bytes(const float *planes, int count, size_t pixels, unsigned char *rgb)
{
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < 3; c++)
            rgb[3 * i + c] = (unsigned char)(planes[(count == 3 ? c * pixels : 0) + i] * 255 + 0.5f);
}

void wants_picture(WantsNet *w, const Want *want, unsigned char *rgb)
{
    render(w, want, w->x);
    to_bytes(w->x, w->planes, (size_t)w->size * (size_t)w->size, rgb);
}

void want_seen(const Want *want, unsigned char *rgb)
{
    to_bytes(want->rgb, want->planes, (size_t)want->size * (size_t)want->size, rgb);
}

bool want_rises(const Want *want)
{
    return want->steps == 0 || want->best > want->first;
}
