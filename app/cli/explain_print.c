/* explain_print.c - `explain value` as text. Numbers have nine digits, which identify a float exactly. */
#include "app/cli/explain_print.h"
#include "engine/net/quantize.h"

#include <string.h>

enum { STRONGEST_SHOWN = 8 };

static void address_of(const Net *net, Unit u, char *out, size_t size)
{
    net_address_text(net, (Address){.layer = u.layer, .channel = u.c}, out, size);
}

/* A receptive field may go far beyond the edges of the picture; only the part inside is printed. */
static void print_sees(const ValueReport *r, FILE *file)
{
    const Shape s = r->net->input;
    const ReceptiveField f = r->sees, seen = field_within(f, s);
    const int h = f.y1 - f.y0, w = f.x1 - f.x0, seen_h = seen.y1 - seen.y0, seen_w = seen.x1 - seen.x0;
    if (seen_h <= 0 || seen_w <= 0)
        fprintf(file, "\nsees only padding, nothing of the %dx%d input", s.h, s.w);
    else
        fprintf(file, "\nsees rows %d-%d, columns %d-%d of the %dx%d input", seen.y0, seen.y1 - 1, seen.x0, seen.x1 - 1, s.h, s.w);
    if (seen_h == s.h && seen_w == s.w)
        fprintf(file, ", the whole of it");
    if (h != seen_h || w != seen_w)
        fprintf(file, "; the receptive field of %dx%d goes beyond its edge", h, w);
    fprintf(file, "\n\n");
}

static void print_head(const ValueReport *r, FILE *file)
{
    const Layer *layer = &r->net->layers[r->address.layer];
    const Unit u = r->value.unit;
    char name[160], other[160];
    Address twin;
    net_address_text(r->net, r->address, name, sizeof name);
    fprintf(file, "%s at %d,%d = %.9g\n", name, u.y, u.x, (double)(r->address.pre ? r->value.pre : r->value.value));
    fprintf(file, "%s", op_name(layer->op));
    if (layer->op == OP_CONV || ((layer->op == OP_MAXPOOL || layer->op == OP_AVGPOOL) && !layer->adaptive))
        fprintf(file, " %dx%d/%d pad %d", layer->k, layer->k, layer->stride, layer->pad);
    fprintf(file, ", %dx%dx%d -> %dx%dx%d", layer->in.c, layer->in.h, layer->in.w, layer->out.c, layer->out.h, layer->out.w);
    if (net_address_twin(r->net, r->address, &twin)) {
        net_address_text(r->net, twin, other, sizeof other);
        fprintf(file, ", the same as %s", other);
    }
    print_sees(r, file);
}

/* The terms as a table. `product` and `sum` are the titles of their columns; a column without a title is left out. */
static void print_terms(const ValueReport *r, bool weights, const char *product, const char *sum, FILE *file)
{
    fprintf(file, "%6s%6s%5s%5s%18s", "term", "c", "y", "x", "input");
    if (r->bits > 0)
        fprintf(file, "%9s", "integer");
    if (weights)
        fprintf(file, "%18s", "weight");
    if (product != NULL)
        fprintf(file, "%18s", product);
    if (sum != NULL)
        fprintf(file, "%18s", sum);
    fputc('\n', file);
    for (int i = 0; i < r->value.term_count; i++) {
        const Term *t = &r->terms[i];
        fprintf(file, "%6d%6d%5d%5d%18.9g", i + 1, t->c, t->y, t->x, (double)t->in);
        if (r->bits > 0)
            fprintf(file, "%9d", quantize_integer(t->w, r->scale, r->bits));
        if (weights)
            fprintf(file, "%18.9g", (double)t->w);
        if (product != NULL)
            fprintf(file, "%18.9g", (double)t->product);
        if (sum != NULL)
            fprintf(file, "%18.9g", (double)t->sum);
        fputc('\n', file);
    }
}

static void print_line(FILE *file, const char *what, float value)
{
    fprintf(file, "%-32s%18.9g\n", what, (double)value);
}

static void print_weighted(const ValueReport *r, FILE *file)
{
    const WeightedSum *s = &r->value.of.weighted;
    const Layer *layer = &r->net->layers[r->address.layer];
    print_line(file, layer->bias ? "the sum starts from the bias" : "no bias; the sum starts from", s->bias);
    if (r->bits > 0)
        fprintf(file, "weights of %d bits: weight = %.9g * integer\n", r->bits, (double)r->scale);
    print_terms(r, true, "weight * input", "sum", file);
    fprintf(file, "%-32s%18.9g\n%-32s%18.9g\n", "positive terms", s->positive, "negative terms", s->negative);
    print_line(file, "sum", s->total);
    if (layer->bn) {
        fprintf(file, "batch norm: (sum - %.9g) / %.9g * %.9g + %.9g\n", (double)s->mean, (double)s->deviation, (double)s->gamma,
                (double)s->beta);
        print_line(file, "after batch norm", r->value.pre);
    }
    if (layer->relu)
        print_line(file, "after ReLU, max(0, .)", r->value.value);
    fprintf(file, "\nstrongest of %d input channels:", r->part_count);
    for (int i = 0; i < r->part_count && i < STRONGEST_SHOWN; i++)
        fprintf(file, "%s %d (%+.3g)", i > 0 ? "," : "", r->parts[i].channel, r->parts[i].sum);
    fputc('\n', file);
}

static void print_maxpool(const ValueReport *r, FILE *file)
{
    const Term *winner = &r->terms[r->value.of.max.winner];
    fprintf(file, "window: rows %d-%d, columns %d-%d; padding and places over the edge never win\n", r->value.y0, r->value.y1 - 1,
            r->value.x0, r->value.x1 - 1);
    print_terms(r, false, NULL, "largest so far", file);
    fprintf(file, "the winner is term %d, at %d,%d; the first of equal values wins\n", r->value.of.max.winner + 1, winner->y, winner->x);
}

static void print_lrn(const ValueReport *r, FILE *file)
{
    const Layer *layer = &r->net->layers[r->address.layer];
    print_terms(r, false, "input^2", "sum", file);
    fprintf(file, "denominator %.9g = %g + %g/%d * %.9g\n", (double)r->value.of.lrn.denominator, (double)layer->lrn_k,
            (double)layer->lrn_alpha, layer->lrn_size, (double)r->value.of.lrn.squares);
    fprintf(file, "factor      %.9g = denominator ^ -%g\n", (double)r->value.of.lrn.factor, (double)layer->lrn_beta);
    fprintf(file, "value       %.9g = input * factor\n", (double)r->value.value);
}

static void print_softmax(const ValueReport *r, FILE *file)
{
    fprintf(file, "largest score %.9g; subtracting it from every score cancels in the fraction and keeps exp from overflowing\n",
            (double)r->value.of.softmax.max);
    print_terms(r, false, "exp(score - max)", "sum", file);
    fprintf(file, "value %.9g = %.9g / %.9g\n", (double)r->value.value, (double)r->value.of.softmax.exponential,
            (double)r->value.of.softmax.sum);
}

static void print_input(const ValueReport *r, FILE *file)
{
    const Unit u = r->value.unit;
    const Preprocess *p = &r->net->preprocess;
    const unsigned char *rgb = r->fitted->rgb + 3 * ((size_t)u.y * (size_t)r->fitted->w + (size_t)u.x);
    const int byte = image_byte(rgb, r->net, u.c);
    fprintf(file, "pixel R %d G %d B %d of the picture after %s to %dx%d\n", rgb[0], rgb[1], rgb[2],
            p->rule == RESIZE_EXACT ? "resizing" : "resizing and cropping", r->fitted->w, r->fitted->h);
    fprintf(file, "channel %d is %s: %d\n", u.c, image_byte_name(r->net, u.c), byte);
    if (p->unit_scale)
        fprintf(file, "value %.9g = (%d / 255 - %.9g) / %.9g\n", (double)r->value.value, byte, (double)p->mean[u.c],
                (double)p->std[u.c]);
    else
        fprintf(file, "value %.9g = %d - %.9g\n", (double)r->value.value, byte, (double)p->mean[u.c]);
}

static void print_copy(const ValueReport *r, FILE *file)
{
    char source[160];
    const Unit from = r->value.of.source.unit;
    address_of(r->net, from, source, sizeof source);
    if (r->value.op == OP_DROPOUT)
        fprintf(file, "copied from %s at %d,%d: at inference dropout does nothing; in training it would zero %g of the values and "
                      "divide the rest by %g\n", source, from.y, from.x, (double)r->net->layers[r->address.layer].dropout_p,
                1 - (double)r->net->layers[r->address.layer].dropout_p);
    else
        fprintf(file, "copied from %s at %d,%d\n", source, from.y, from.x);
}

static void print_path(const ValueReport *r, FILE *file)
{
    if (r->path_count < 2)
        return;
    fprintf(file, "\nstrongest path back to the picture:\n");
    for (int i = 0; i < r->path_count; i++) {
        char name[160];
        address_of(r->net, r->path[i], name, sizeof name);
        fprintf(file, "  %s at %d,%d\n", name, r->path[i].y, r->path[i].x);
    }
}

void explain_print_text(const ValueReport *report, FILE *file)
{
    print_head(report, file);
    switch (report->value.op) {
    case OP_CONV:
    case OP_FC:
        print_weighted(report, file);
        break;
    case OP_MAXPOOL:
        print_maxpool(report, file);
        break;
    case OP_AVGPOOL:
        print_terms(report, false, NULL, "sum", file);
        fprintf(file, "value %.9g = %.9g / %d\n", (double)report->value.value, (double)report->value.of.average.total,
                report->value.of.average.divisor);
        break;
    case OP_LRN:
        print_lrn(report, file);
        break;
    case OP_SOFTMAX:
        print_softmax(report, file);
        break;
    case OP_INPUT:
        print_input(report, file);
        break;
    case OP_CONCAT:
    case OP_DROPOUT:
        print_copy(report, file);
        break;
    case OP_COUNT:
        break;
    }
    print_path(report, file);
}
