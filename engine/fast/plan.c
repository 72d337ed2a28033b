/* plan.c - the place of every map of a network, and the order in which layers run; made once for a Run. */
#include "engine/base/thread.h"
#include "engine/fast/fast.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINOGRAD_USES_MIN = 16,     /* the least number of tiles per weight for Winograd's algorithm */
    WINOGRAD_CACHE = 128 << 10, /* floats of transformed input that stay in the second cache */
};

/* The layer that has the memory of a layer's map. */
typedef struct MapOwner {
    int owner;                  /* a layer; the layer itself if it has its own memory */
    int channel;                /* first channel within the owner's map */
    int halo;                   /* for an owner: the largest padding of any convolution that reads the memory */
} MapOwner;

static bool wants_picture(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    return l->op == OP_CONV && net->layers[l->inputs[0]].op == OP_INPUT && l->in.c < LANES / 2;
}

/* A branch can be written directly into the concat if its channels fill whole blocks there. */
static bool fits_in_concat(const FastRun *f, const MapOwner *owners, int branch, int channel, bool last)
{
    const Layer *l = f->layers[branch].layer;
    bool computes = l->op == OP_CONV || l->op == OP_MAXPOOL || l->op == OP_AVGPOOL || l->op == OP_LRN;
    return computes && owners[branch].owner == branch && channel % LANES == 0 && (l->out.c % LANES == 0 || last);
}

static void find_owners(FastRun *f, MapOwner *owners)
{
    const Net *net = f->run.net;
    for (int i = 0; i < net->layer_count; i++)
        owners[i] = (MapOwner){.owner = i};
    for (int i = 0; i < net->layer_count; i++) {
        const Layer *l = &net->layers[i];
        if (l->op == OP_DROPOUT && !f->run.options.training) {
            owners[i] = owners[l->inputs[0]];
            f->layers[i].in_place = true;
        } else if (l->op == OP_CONCAT) {
            f->layers[i].in_place = true;
            for (int b = 0, channel = 0; b < l->input_count; channel += net->layers[l->inputs[b]].out.c, b++)
                if (fits_in_concat(f, owners, l->inputs[b], channel, b == l->input_count - 1))
                    owners[l->inputs[b]] = (MapOwner){.owner = i, .channel = channel};
                else
                    f->layers[i].in_place = false; /* this branch is copied */
        }
    }
    for (int i = 0; i < net->layer_count; i++) {
        const Layer *l = &net->layers[i];
        if (l->op == OP_CONV && l->pad > owners[owners[l->inputs[0]].owner].halo)
            owners[owners[l->inputs[0]].owner].halo = l->pad;
    }
}

static bool too_large(const FastRun *f, Err *err)
{
    return err_set(err, "%s: its maps for %d pictures do not fit in memory; use a smaller input or batch",
                   f->run.net->source, f->run.options.batch);
}

/* Whether the input is needed in blocks of 16 channels, too. */
static bool blocks_are_read(const Net *net, const FastRun *f, int input)
{
    for (int i = 0; i < net->layer_count; i++)
        for (int b = 0; b < net->layers[i].input_count; b++)
            if (net->layers[i].inputs[b] == input && !f->layers[i].reads_picture)
                return true;
    return false;
}

/* A map that has its own memory, with its geometry. */
typedef struct OwnMap {
    Map *map;
    int n, lanes, halo;
    Shape shape;
} OwnMap;

enum { OWN_MAX = 3 };           /* the most that a layer has: its map, and the picture or the two rows of fc */

/* The maps of layer i that need their own memory; -1 if a row of fc would be longer than an int can count. */
static int own_maps(FastRun *f, const MapOwner *owners, int i, OwnMap own[OWN_MAX])
{
    const Net *net = f->run.net;
    FastLayer *fl = &f->layers[i];
    const Layer *l = fl->layer;
    const int batch = f->run.options.batch;
    int count = 0;
    if (!fast_computes(f, i))
        return 0;
    if (owners[i].owner == i && (l->op != OP_INPUT || blocks_are_read(net, f, i)))
        own[count++] = (OwnMap){&fl->out, batch, LANES, owners[i].halo, l->out};
    if (l->op == OP_INPUT)
        own[count++] = (OwnMap){&fl->picture, batch, 1, owners[i].halo, l->out};
    if (l->op == OP_FC) {
        const int64_t in = (int64_t)blocks_of(l->in.c, LANES) * LANES * l->in.h * l->in.w;
        if (in > INT_MAX)
            return -1;
        own[count++] = (OwnMap){&fl->fc_in, 1, LANES, 0, {1, (int)in, 1, batch}};
        own[count++] = (OwnMap){&fl->fc_out, 1, LANES, 0, {1, l->out.c, 1, batch}};
    }
    return count;
}

/* Floats of the allocation that a map takes: whole registers, so that the next map is aligned. */
static size_t taken_floats(const Map *m)
{
    return (map_floats(m) + LANES - 1) / LANES * LANES;
}

/* Whether the run is for more than one picture. */
static bool long_lived(const FastRun *f)
{
    return f->run.options.training || f->run.options.gradients;
}

/* Sets the geometry of all maps, then makes one allocation for them: owners get memory, the others are views. */
static bool make_maps(FastRun *f, const MapOwner *owners, Err *err)
{
    const Net *net = f->run.net;
    OwnMap own[OWN_MAX];
    size_t total = 0;
    for (int i = 0; i < net->layer_count; i++) {
        const int count = own_maps(f, owners, i, own);
        if (count < 0)
            return too_large(f, err);
        for (int m = 0; m < count; m++)
            if (!map_make(own[m].map, own[m].n, own[m].shape, own[m].lanes, own[m].halo) ||
                (total += taken_floats(own[m].map)) > SIZE_MAX / sizeof(float) / 2)
                return too_large(f, err);
    }
    f->maps = map_memory(total, long_lived(f));
    if (f->maps == NULL)
        return too_large(f, err);
    float *next = f->maps;
    for (int i = 0; i < net->layer_count; i++) {
        const int count = own_maps(f, owners, i, own);
        for (int m = 0; m < count; m++) {
            own[m].map->data = next + map_origin(own[m].map);
            next += taken_floats(own[m].map);
        }
    }
    for (int i = 0; i < net->layer_count; i++) /* views last: their owners may come after them */
        if (net->layers[i].op == OP_INPUT && !blocks_are_read(net, f, i))
            f->layers[i].out = f->layers[i].picture;
        else if (owners[i].owner != i && fast_computes(f, i))
            f->layers[i].out = map_view(&f->layers[owners[i].owner].out, owners[i].channel / LANES, net->layers[i].out.c);
    return true;
}

static double layer_work(const Layer *l)
{
    double taps = l->op == OP_CONV ? (double)l->k * l->k * l->in.c : l->op == OP_FC ? (double)l->in.c * l->in.h * l->in.w
                                                                                    : (double)l->k * l->k;
    return taps * l->out.c * l->out.h * l->out.w;
}

static void make_order(FastRun *f)
{
    const Net *net = f->run.net;
    for (int i = 0; i < net->layer_count; i++) {
        const Layer *l = &net->layers[i];
        FastLayer *fl = &f->layers[i];
        for (int b = 0; b < l->input_count; b++) {
            int level = f->layers[l->inputs[b]].level + (fl->in_place ? 0 : 1);
            fl->level = level > fl->level ? level : fl->level;
        }
        if (fl->in_place || l->op == OP_INPUT || !fast_computes(f, i))
            continue;
        int at = f->order_count++;
        for (; at > 0; at--) { /* insertion sort: at most about a hundred layers, once */
            const FastLayer *before = &f->layers[f->order[at - 1]];
            bool stays = before->level < fl->level ||
                         (before->level == fl->level && layer_work(before->layer) >= layer_work(l));
            if (stays)
                break;
            f->order[at] = f->order[at - 1];
        }
        f->order[at] = i;
    }
}

/* Winograd's algorithm needs a quarter of the multiplications, but four times as many weights. It is faster if each weight is
 * used for many tiles (large maps or batches), and if few pixels of the tiles are outside the map. */
bool plan_winograd(const FastRun *f, const Layer *l)
{
    int tiles = winograd_tiles(l->out.h, l->out.w);
    return l->op == OP_CONV && l->k == 3 && l->stride == 1 && l->groups == 1 && l->in.c >= LANES &&
           (int64_t)tiles * f->run.options.batch >= WINOGRAD_USES_MIN && l->out.h * l->out.w * 2 >= tiles * LANES;
}

int plan_tiles(const PackedConv *p, int tiles)
{
    int most = WINOGRAD_CACHE / (WINOGRAD_ELEMENTS * p->in_blocks * LANES);
    most = most < 1 ? 1 : most > tiles ? tiles : most;
    int chunks = (tiles + most - 1) / most;
    return (tiles + chunks - 1) / chunks;
}

static void make_packed_shapes(FastRun *f)
{
    for (int i = 0; i < f->run.net->layer_count; i++) {
        FastLayer *fl = &f->layers[i];
        const Layer *l = fl->layer;
        const Map *in = l->op == OP_FC ? &fl->fc_in : l->op == OP_CONV ? fast_input_map(f, i) : NULL;
        if (in == NULL || !fast_computes(f, i))
            continue;
        if (plan_winograd(f, l)) {
            fl->packed.in_blocks = in->blocks;
            int tiles = plan_tiles(&fl->packed, winograd_tiles(l->out.h, l->out.w));
            pack_winograd_shape(&fl->packed, in->c, l->out.c, f->kernels->registers, tiles);
            size_t floats = winograd_scratch(&fl->packed, tiles);
            f->scratch_floats = floats > f->scratch_floats ? floats : f->scratch_floats;
            continue;
        }
        pack_shape(&fl->packed, in->c, l->out.c, l->op == OP_FC ? 1 : l->k, l->op == OP_FC ? 1 : l->stride, in->lanes,
                   f->kernels->registers, l->op == OP_FC ? f->run.options.batch : l->out.w);
    }
}

/* Floats of all packed weights, biases and scales; SIZE_MAX if they are too many. With groups, each kernel is packed as if it
 * read all channels, so these can be many more than the network's weights. */
static size_t packed_floats(const FastRun *f)
{
    size_t total = size_product(f->scratch_floats, (size_t)pool_threads(f->pool));
    for (int i = 0; i < f->run.net->layer_count && total <= FLOATS_MAX; i++) {
        const size_t blocks = (size_t)f->layers[i].packed.out_blocks, weights = size_product(blocks, f->layers[i].packed.per_block);
        total = weights <= FLOATS_MAX ? total + weights + 2 * blocks * LANES : SIZE_MAX;
    }
    return total <= FLOATS_MAX ? total : SIZE_MAX;
}

/* Makes one allocation for them. */
static bool make_packed(FastRun *f, Err *err)
{
    const size_t total = packed_floats(f);
    f->packed = total < SIZE_MAX ? map_memory(total, long_lived(f)) : NULL;
    if (f->packed == NULL)
        return err_set(err, "%s: its weights do not fit in memory; close other programs", f->run.net->source);
    float *next = f->packed;
    for (int i = 0; i < f->run.net->layer_count; i++) {
        FastLayer *fl = &f->layers[i];
        const size_t blocks = (size_t)fl->packed.out_blocks, weights = blocks * fl->packed.per_block;
        if (blocks == 0)
            continue;
        fl->packed.w = next;
        fl->bias = next + weights;
        fl->scale = fl->layer->bn ? fl->bias + blocks * LANES : NULL;
        next += weights + 2 * blocks * LANES;
    }
    f->scratch = next;
    return true;
}

bool plan_make(FastRun *f, Err *err)
{
    const Net *net = f->run.net;
    MapOwner *owners = calloc((size_t)net->layer_count, sizeof *owners);
    f->layers = calloc((size_t)net->layer_count, sizeof *f->layers);
    f->order = calloc((size_t)net->layer_count, sizeof *f->order);
    bool ok = owners != NULL && f->layers != NULL && f->order != NULL;
    if (!ok) {
        err_set(err, "out of memory for the plan of %s; close other programs", net->source);
    } else {
        for (int i = 0; i < net->layer_count; i++) {
            f->layers[i].layer = &net->layers[i];
            f->layers[i].input = net->layers[i].input_count > 0 ? net->layers[i].inputs[0] : -1;
            f->layers[i].reads_picture = wants_picture(net, i);
        }
        find_owners(f, owners);
        ok = make_maps(f, owners, err);
        if (ok) {
            make_order(f);
            make_packed_shapes(f);
            ok = make_packed(f, err);
        }
    }
    free(owners);
    return ok;
}

void plan_free(FastRun *f)
{
    free(f->layers);
    free(f->order);
    free(f->maps);
    free(f->packed);
}
