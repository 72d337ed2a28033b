/* explain_json.c - `explain value` as JSON. Numbers have nine digits, which identify a float exactly. */
#include "app/cli/explain_print.h"
#include "app/cli/json_out.h"
#include "engine/net/quantize.h"

static void set_number(json_t *object, const char *key, double value)
{
    json_object_set_new(object, key, json_finite(value));
}

static void set_address(json_t *object, const Net *net, Unit u)
{
    char text[160];
    net_address_text(net, (Address){.layer = u.layer, .channel = u.c}, text, sizeof text);
    json_object_set_new(object, "address", json_string(text));
    json_object_set_new(object, "pos", json_pack("[i, i]", u.y, u.x));
}

static json_t *terms_json(const ValueReport *r)
{
    const bool weighted = r->value.op == OP_CONV || r->value.op == OP_FC;
    const bool product = weighted || r->value.op == OP_LRN || r->value.op == OP_SOFTMAX;
    json_t *list = json_array();
    for (int i = 0; i < r->value.term_count; i++) {
        const Term *t = &r->terms[i];
        json_t *o = json_pack("{s:[i, i, i]}", "in", t->c, t->y, t->x);
        set_number(o, "x", (double)t->in);
        if (r->bits > 0)
            json_object_set_new(o, "integer", json_integer(quantize_integer(t->w, r->scale, r->bits)));
        if (weighted)
            set_number(o, "w", (double)t->w);
        if (product)
            set_number(o, "product", (double)t->product);
        set_number(o, "sum", (double)t->sum);
        json_array_append_new(list, o);
    }
    return list;
}

static void add_weighted(json_t *o, const ValueReport *r)
{
    const WeightedSum *s = &r->value.of.weighted;
    set_number(o, "bias", (double)s->bias);
    if (r->bits > 0) {
        json_object_set_new(o, "bits", json_integer(r->bits));
        set_number(o, "scale", (double)r->scale);
    }
    json_object_set_new(o, "terms", terms_json(r));
    set_number(o, "positive", s->positive);
    set_number(o, "negative", s->negative);
    set_number(o, "total", (double)s->total);
    if (r->net->layers[r->address.layer].bn) {
        json_t *bn = json_object();
        set_number(bn, "gamma", (double)s->gamma);
        set_number(bn, "beta", (double)s->beta);
        set_number(bn, "mean", (double)s->mean);
        set_number(bn, "var", (double)s->var);
        set_number(bn, "deviation", (double)s->deviation);
        json_object_set_new(o, "bn", bn);
    }
    set_number(o, "pre", (double)r->value.pre);
    json_t *channels = json_array();
    for (int i = 0; i < r->part_count; i++) {
        json_t *part = json_pack("{s:i, s:i}", "channel", r->parts[i].channel, "terms", r->parts[i].count);
        set_number(part, "sum", r->parts[i].sum);
        json_array_append_new(channels, part);
    }
    json_object_set_new(o, "channels", channels);
}

static void add_input(json_t *o, const ValueReport *r)
{
    const Unit u = r->value.unit;
    const Preprocess *p = &r->net->preprocess;
    const unsigned char *rgb = r->fitted->rgb + 3 * ((size_t)u.y * (size_t)r->fitted->w + (size_t)u.x);
    json_object_set_new(o, "pixel", json_pack("[i, i, i]", rgb[0], rgb[1], rgb[2]));
    json_object_set_new(o, "byte", json_integer(image_byte(rgb, r->net, u.c)));
    json_object_set_new(o, "scale", json_integer(p->unit_scale ? 255 : 1));
    set_number(o, "mean", (double)p->mean[u.c]);
    set_number(o, "std", p->unit_scale ? (double)p->std[u.c] : 1);
}

static void add_window(json_t *o, const Explanation *e)
{
    json_object_set_new(o, "window", json_pack("{s:[i, i], s:[i, i]}", "rows", e->y0, e->y1 - 1, "columns", e->x0, e->x1 - 1));
}

/* The members that only this op has, between the receptive field and the value. */
static void add_op(json_t *o, const ValueReport *r)
{
    const Explanation *e = &r->value;
    switch (e->op) {
    case OP_CONV:
        add_window(o, e);
        add_weighted(o, r);
        break;
    case OP_FC:
        add_weighted(o, r);
        break;
    case OP_MAXPOOL: {
        const Term *t = &r->terms[e->of.max.winner];
        add_window(o, e);
        json_object_set_new(o, "terms", terms_json(r));
        json_object_set_new(o, "winner", json_pack("[i, i, i]", t->c, t->y, t->x));
        break;
    }
    case OP_AVGPOOL:
        add_window(o, e);
        json_object_set_new(o, "terms", terms_json(r));
        set_number(o, "total", (double)e->of.average.total);
        json_object_set_new(o, "divisor", json_integer(e->of.average.divisor));
        break;
    case OP_LRN:
        json_object_set_new(o, "terms", terms_json(r));
        set_number(o, "denominator", (double)e->of.lrn.denominator);
        set_number(o, "factor", (double)e->of.lrn.factor);
        break;
    case OP_CONCAT:
    case OP_DROPOUT: {
        json_t *source = json_object();
        set_address(source, r->net, e->of.source.unit);
        json_object_set_new(o, "source", source);
        break;
    }
    case OP_SOFTMAX:
        json_object_set_new(o, "terms", terms_json(r));
        set_number(o, "max", (double)e->of.softmax.max);
        set_number(o, "exponential", (double)e->of.softmax.exponential);
        set_number(o, "total", (double)e->of.softmax.sum);
        break;
    case OP_INPUT:
        add_input(o, r);
        break;
    case OP_COUNT:
        break;
    }
}

bool explain_print_json(const ValueReport *report, FILE *file)
{
    const Net *net = report->net;
    const Unit u = report->value.unit;
    const ReceptiveField f = report->sees;
    json_t *o = json_object(), *path = json_array();
    Address twin;
    char text[160];
    set_address(o, net, u);
    net_address_text(net, report->address, text, sizeof text); /* the same, with :pre if that was asked for */
    json_object_set_new(o, "address", json_string(text));
    if (net_address_twin(net, report->address, &twin)) {
        net_address_text(net, twin, text, sizeof text);
        json_object_set_new(o, "twin", json_string(text));
    }
    json_object_set_new(o, "op", json_string(op_name(report->value.op)));
    json_object_set_new(o, "receptive_field", json_pack("{s:[i, i], s:[i, i]}", "rows", f.y0, f.y1 - 1, "columns", f.x0, f.x1 - 1));
    add_op(o, report);
    set_number(o, "value", (double)(report->address.pre ? report->value.pre : report->value.value));
    for (int i = 0; i < report->path_count; i++) {
        json_t *step = json_object();
        set_address(step, net, report->path[i]);
        json_array_append_new(path, step);
    }
    json_object_set_new(o, "path", path);
    const bool good = o != NULL && json_dumpf(o, file, JSON_REAL_PRECISION(9)) == 0 && fputc('\n', file) != EOF;
    json_decref(o);
    return good;
}
