/* explain_gradients.c - `inceptoscope explain gradients`: how the loss of one picture reaches each layer, with and without the
 * auxiliary heads, as a table or JSON. */
#include "app/cli/explain.h"
#include "app/cli/open.h"
#include "app/cli/table.h"
#include "engine/train/flow.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *label_name(const Source *source, int index)
{
    return source->info.labels != NULL ? source->info.labels[index] : NULL;
}

static void print_heads(const Flow *flow, const Source *source)
{
    const char *name = label_name(source, flow->label);
    printf("label %d%s%s\n", flow->label, name != NULL ? " " : "", name != NULL ? name : "");
    for (int h = 0; h < flow->head_count; h++) {
        const FlowHead *head = &flow->heads[h];
        const char *answer = label_name(source, head->answer);
        printf("%-5s answers %d%s%s with %.4f; the label has %.4f, loss %.4f\n", source->net->heads[h].name, head->answer,
               answer != NULL ? " " : "", answer != NULL ? answer : "", head->answer_prob, head->label_prob, head->loss);
    }
}

static void norm_cell(Table *t, double norm)
{
    if (norm < 0)
        table_text(t, "%s", "");
    else
        table_text(t, "%.4g", norm);
}

static bool print_table(const Flow *flow, const Source *source)
{
    static const TableColumn columns[] = {{"layer", false},          {"dL/dmap, aux on", true}, {"aux off", true},
                                          {"on/off", true},          {"dL/dw, aux on", true},   {"aux off", true},
                                          {"zero values", true},     {"dead units", true}};
    print_heads(flow, source);
    printf("norms over the whole layer for this one picture; dead: a unit that is 0 everywhere on it\n\n");
    Table t = table_make(TABLE_TEXT, columns, sizeof columns / sizeof *columns);
    for (int i = 0; i < flow->layer_count; i++) {
        const FlowLayer *f = &flow->layers[i];
        table_text(&t, "%s", source->net->layers[f->layer].name);
        norm_cell(&t, f->map_norm[FLOW_WITH_AUX]);
        norm_cell(&t, f->map_norm[FLOW_MAIN_ONLY]);
        if (f->map_norm[FLOW_MAIN_ONLY] > 0)
            table_text(&t, "%.2f", f->map_norm[FLOW_WITH_AUX] / f->map_norm[FLOW_MAIN_ONLY]);
        else
            table_text(&t, "%s", "");
        norm_cell(&t, f->weight_norm[FLOW_WITH_AUX]);
        norm_cell(&t, f->weight_norm[FLOW_MAIN_ONLY]);
        if (f->channels > 0) {
            table_text(&t, "%.1f%%", 100 * f->zero_share);
            table_text(&t, "%d of %d", f->dead, f->channels);
        }
        table_end_row(&t);
    }
    return table_print(&t, stdout);
}

static json_t *norm_json(double norm)
{
    return norm < 0 ? json_null() : json_real(norm);
}

static bool print_json(const Flow *flow, const Source *source)
{
    json_t *heads = json_array(), *layers = json_array();
    for (int h = 0; h < flow->head_count; h++) {
        const FlowHead *head = &flow->heads[h];
        json_array_append_new(heads, json_pack("{s:s, s:f, s:f, s:i, s:f, s:f}", "head", source->net->heads[h].name, "loss",
                                               head->loss, "label_prob", head->label_prob, "answer", head->answer, "answer_prob",
                                               head->answer_prob, "weight", (double)source->net->heads[h].loss_weight));
    }
    for (int i = 0; i < flow->layer_count; i++) {
        const FlowLayer *f = &flow->layers[i];
        json_array_append_new(
            layers, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", source->net->layers[f->layer].name, "map_aux_on",
                              norm_json(f->map_norm[FLOW_WITH_AUX]), "map_aux_off", norm_json(f->map_norm[FLOW_MAIN_ONLY]),
                              "weights_aux_on", norm_json(f->weight_norm[FLOW_WITH_AUX]), "weights_aux_off",
                              norm_json(f->weight_norm[FLOW_MAIN_ONLY]), "zero_share", norm_json(f->zero_share), "dead_units",
                              f->channels > 0 ? json_integer(f->dead) : json_null(), "units",
                              f->channels > 0 ? json_integer(f->channels) : json_null()));
    }
    json_t *root = json_pack("{s:i, s:o, s:o}", "label", flow->label, "heads", heads, "layers", layers);
    bool ok = root != NULL && json_dumpf(root, stdout, JSON_INDENT(1)) == 0 && putchar('\n') != EOF;
    json_decref(root);
    return ok;
}

static bool explain(const Source *source, const Engine *engine, const char *image, int label, bool json)
{
    float *x = cli_read_picture(image, source->net);
    if (x == NULL)
        return false;
    Err err;
    Flow flow;
    bool ok = flow_compute(engine, source->net, source->weights, x, label, &flow, &err);
    if (ok) {
        ok = json ? print_json(&flow, source) : print_table(&flow, source);
        if (!ok)
            err_set(&err, "%s", ferror(stdout) ? "" : "not enough memory"); /* main tells of a full disk */
        flow_free(&flow);
    }
    if (!ok && err.text[0] != '\0')
        cli_complain("%s", err.text);
    free(x);
    return ok;
}

int explain_gradients(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *engine = NULL, *format = "table", *image;
    int label = INT_MIN, image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL},       {"--network", OPT_STRING, &network, NULL},
        {"--engine", OPT_STRING, &engine, engine_names}, {"--label", OPT_INT, &label, NULL},
        {"--format", OPT_STRING, &format, "table|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (image_count == 0) {
        cli_complain("explain gradients: name a picture (and --label N, else the network's own answer is taken)");
        return EXIT_USAGE;
    }
    Source source;
    if (!cli_open_source(&source, weights, network))
        return EXIT_INPUT;
    if (!source.untrained && source.net->head_count > 1 && !source.info.heads)
        cli_complain("the auxiliary heads' weights are not in the file: what they add to the gradients means nothing");
    const int classes = net_scores(source.net, 0);
    Err err;
    bool ok = false;
    if (!net_need_losses(source.net, &err))
        cli_complain("%s", err.text);
    else if (label != INT_MIN && (label < 0 || label >= classes))
        cli_complain("explain gradients: --label takes a class from 0 to %d, not %d", classes - 1, label);
    else
        ok = explain(&source, engine_named(engine), image, label == INT_MIN ? -1 : label, strcmp(format, "json") == 0);
    source_free(&source);
    return ok ? EXIT_OK : EXIT_INPUT;
}
