/* examples_rank.c - what the maxima of a channel say; see examples.h. */
#include "engine/train/examples.h"
#include "engine/base/array.h"

#include <assert.h>
#include <math.h>

bool examples_unit(const Net *net, Address at, bool through, Address *unit, Err *err)
{
    char asked[160], source[160];
    Address a = at;
    a.pre = false;
    net_address_text(net, (Address){.layer = at.layer, .channel = at.channel}, asked, sizeof asked);
    assert(at.channel >= 0);
    if (at.pre)
        return err_set(err, "%s: the largest values are those after ReLU; leave out :pre", asked);
    if (net->layers[a.layer].head != 0)
        return err_set(err, "%s: the auxiliary heads are not computed here; name a layer of the main path", asked);
    for (bool copies = true;;) {
        const Layer *l = &net->layers[a.layer];
        if (l->op == OP_CONCAT) {
            a.layer = l->inputs[net_branch_of(net, l, &a.channel)];
        } else if (l->op == OP_DROPOUT || ((l->op != OP_SOFTMAX && op_keeps_channels(l->op)))) {
            copies = copies && l->op == OP_DROPOUT;
            a.layer = l->inputs[0];
        } else if (l->op != OP_CONV && l->op != OP_FC) {
            return err_set(err, "%s: %s has no channels that the network has learnt; name one of a convolution or of a module, such as 4c[60]", asked, l->name);
        } else if (copies || through) {
            *unit = a;
            return true;
        } else {
            net_address_text(net, a, source, sizeof source);
            return err_set(err, "%s: %s only passes on the channels of another layer; name %s", asked, net->layers[at.layer].name, source);
        }
    }
}

/* Whether a value of this layer counts: after ReLU only what is above 0. */
static bool counts(const Layer *l, float value)
{
    return l->relu ? value > 0 : !isnan(value) && !isinf(value);
}

static bool is_done(const Examples *e, int photo)
{
    return atomic_load(&e->states[photo]) == PHOTO_DONE;
}

static const Maximum *maximum_of(const Examples *e, int photo, int unit)
{
    return &e->maxima[(size_t)photo * (size_t)e->units + (size_t)unit];
}

static void insert(ExamplesUnit *out, int most, const Example *new)
{
    int place = out->count;
    while (place > 0 && new->value > out->top[place - 1].value)
        place--;
    if (place < most)
        out->count = array_insert(out->top, out->count, most, place, new, sizeof *new);
}

void examples_of(const Examples *e, Address at, int most, ExamplesUnit *out)
{
    const Layer *l = &e->net->layers[at.layer];
    const int unit = e->first[at.layer] + at.channel;
    assert(most <= EXAMPLES_TOP_MAX && unit < e->first[at.layer + 1]);
    *out = (ExamplesUnit){.lo = INFINITY, .hi = -INFINITY};
    for (int i = 0; i < e->photos.count; i++) {
        if (!is_done(e, i))
            continue;
        const Maximum *m = maximum_of(e, i, unit);
        const Example new = {i, m->place / l->out.w, m->place % l->out.w, m->value};
        out->photos++;
        out->above += m->value > 0;
        out->lo = fminf(out->lo, m->value);
        out->hi = fmaxf(out->hi, m->value);
        if (counts(l, m->value))
            insert(out, most, &new);
    }
    if (out->photos == 0)
        out->lo = out->hi = 0;
    const double width = (double)out->hi - (double)out->lo;
    for (int i = 0; i < e->photos.count && width > 0 && isfinite(width); i++)
        if (is_done(e, i)) {
            const int bin = (int)(((double)maximum_of(e, i, unit)->value - (double)out->lo) / width * EXAMPLES_BINS);
            out->bins[bin < EXAMPLES_BINS ? bin : EXAMPLES_BINS - 1]++;
        }
    if (!(width > 0))
        out->bins[0] = out->photos;
}

void examples_of_layer(const Examples *e, int layer, Example *out)
{
    const Layer *l = &e->net->layers[layer];
    for (int c = 0; c < l->out.c; c++)
        out[c] = (Example){.photo = -1};
    for (int i = 0; i < e->photos.count; i++) {
        const Maximum *row = maximum_of(e, i, e->first[layer]);
        if (!is_done(e, i))
            continue;
        for (int c = 0; c < l->out.c; c++)
            if ((out[c].photo < 0 || row[c].value > out[c].value) && counts(l, row[c].value))
                out[c] = (Example){i, row[c].place / l->out.w, row[c].place % l->out.w, row[c].value};
    }
}

int examples_purity(const Examples *e, const Example *top, int count, int *label)
{
    int most = 0;
    *label = -1;
    for (int c = 0; c < e->photos.classes.count; c++) {
        int here = 0;
        for (int i = 0; i < count; i++)
            here += e->photos.items[top[i].photo].label == c;
        if (here > most) {
            most = here;
            *label = c;
        }
    }
    return most;
}

double examples_random(const Examples *e, int label, int count)
{
    int done = 0, of_class = 0;
    for (int i = 0; i < e->photos.count; i++)
        if (is_done(e, i)) {
            done++;
            of_class += e->photos.items[i].label == label;
        }
    return done > 0 ? (double)count * of_class / done : 0;
}

ReceptiveField examples_field(const Net *net, int layer, int y, int x)
{
    ReceptiveField f = {y, y + 1, x, x + 1};
    if (!receptive_field(net, layer, f, 0, &f))
        f = (ReceptiveField){0, net->input.h, 0, net->input.w};
    f.y0 = f.y0 > 0 ? f.y0 : 0;
    f.x0 = f.x0 > 0 ? f.x0 : 0;
    f.y1 = f.y1 < net->input.h ? f.y1 : net->input.h;
    f.x1 = f.x1 < net->input.w ? f.x1 : net->input.w;
    return f;
}
