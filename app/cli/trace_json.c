/* trace_json.c - a network's trace as JSON; integers are exact. */
#include "app/cli/trace_print.h"

#include <jansson.h>
#include <string.h>

static json_t *shape_json(Shape s)
{
    return json_pack("[i, i, i]", s.c, s.h, s.w);
}

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *int_or_null(bool known, int64_t value)
{
    return known ? json_integer(value) : json_null();
}

static json_t *counts_json(const Counts *c)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "weights", (json_int_t)c->weights, "biases", (json_int_t)c->biases,
                     "bn", (json_int_t)c->bn, "params", (json_int_t)c->params, "macs", (json_int_t)c->macs, "multiplications",
                     (json_int_t)c->multiplications, "macs_with_bias", (json_int_t)(c->macs + c->bias_adds), "values",
                     (json_int_t)c->values);
}

static json_t *layer_json(const Trace *trace, int index)
{
    const Net *net = trace->net;
    const Layer *layer = &net->layers[index];
    const LayerTrace *l = &trace->layers[index];
    bool pool = layer->op == OP_MAXPOOL || layer->op == OP_AVGPOOL, window = (layer->op == OP_CONV || pool) && layer->k > 0;
    json_t *in = json_array(), *o = json_object();
    for (int i = 0; i < layer->input_count; i++)
        json_array_append_new(in, shape_json(net->layers[layer->inputs[i]].out));
    json_object_set_new(o, "name", json_string(layer->name));
    json_object_set_new(o, "op", json_string(op_name(layer->op)));
    json_object_set_new(o, "module", text_or_null(layer->module >= 0 ? net->modules[layer->module].name : NULL));
    json_object_set_new(o, "branch", text_or_null(branch_name(layer->branch)));
    json_object_set_new(o, "head", text_or_null(layer->head > 0 ? net->heads[layer->head].name : NULL));
    json_object_set_new(o, "in", in);
    json_object_set_new(o, "out", shape_json(layer->out));
    json_object_set_new(o, "kernel", int_or_null(window, layer->k));
    json_object_set_new(o, "stride", int_or_null(window, layer->stride));
    json_object_set_new(o, "pad", int_or_null(window, layer->pad));
    json_object_set_new(o, "rounding", text_or_null(pool && !layer->adaptive ? rounding_name(layer->rounding)
                                                    : layer->op == OP_CONV   ? rounding_name(ROUND_FLOOR)
                                                                             : NULL));
    json_object_set_new(o, "groups", int_or_null(layer->op == OP_CONV, layer->groups));
    json_object_set_new(o, "weights", json_integer(l->counts.weights));
    json_object_set_new(o, "biases", json_integer(l->counts.biases));
    json_object_set_new(o, "bn", json_integer(l->counts.bn));
    json_object_set_new(o, "macs", json_integer(l->counts.macs));
    json_object_set_new(o, "multiplications", json_integer(l->counts.multiplications));
    json_object_set_new(o, "receptive_field", json_integer(l->field));
    json_object_set_new(o, "effective_stride", int_or_null(l->stride > 0, l->stride));
    return o;
}

static void print_value(json_t *value, const char *after)
{
    json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
    fputs(after, stdout);
    json_decref(value);
}

/* One layer per line, for text editors and diff. */
static void print_trace(const Trace *trace, bool aux)
{
    const Net *net = trace->net;
    int count = aux ? net->layer_count : net->main_count;
    fputs("{\"network\":", stdout);
    print_value(json_string(net->name), ",\n \"input\":");
    print_value(shape_json(net->input), ",\n \"layers\":[\n");
    for (int i = 0; i < count; i++)
        print_value(layer_json(trace, i), i + 1 < count ? ",\n" : "],\n");
    fputs(" \"totals\":", stdout);
    print_value(counts_json(&trace->main), ",\n \"aux_totals\":");
    print_value(counts_json(&trace->aux), ",\n \"training_totals\":");
    print_value(counts_json(&trace->training), ",\n \"note\":");
    print_value(text_or_null(net->heads_note[0] != '\0' ? net->heads_note : NULL), "}");
}

bool trace_print_json(const Trace *trace, bool aux)
{
    print_trace(trace, aux);
    putchar('\n');
    return !ferror(stdout);
}

bool trace_print_compare_json(const Trace *a, const Trace *b, bool aux)
{
    fputs("{\"a\":", stdout);
    print_trace(a, aux);
    fputs(",\n\"b\":", stdout);
    print_trace(b, aux);
    fputs("}\n", stdout);
    return !ferror(stdout);
}
