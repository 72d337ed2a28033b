/* explain_gradients.c - `inceptoscope explain gradients`: the gradient of one picture's loss in each layer, with and without the
 * auxiliary heads, as a table or JSON. */
#include "app/cli/explain_forms.h"
#include "app/cli/json_out.h"
#include "app/cli/open.h"
#include "app/cli/table.h"
#include "engine/train/loss_gradients.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *label_name(const Source *source, int index)
{
    return source->info.labels != NULL ? source->info.labels[index] : NULL;
}

/* What is printed. Heads without trained weights are left out. */
typedef struct Told {
    const LossGradients *gradients;
    const Source *source;
    bool heads;                 /* whether the auxiliary heads, and what they add, are printed */
    bool chosen;                /* the user chose the label */
} Told;

static bool shows_layer(const Told *told, const LayerGradients *f)
{
    return told->heads || told->source->net->layers[f->layer].head == 0;
}

static void print_heads(const Told *told)
{
    const LossGradients *gradients = told->gradients;
    const char *name = label_name(told->source, gradients->label);
    printf("label %d%s%s%s\n", gradients->label, name != NULL ? " " : "", name != NULL ? name : "",
           told->chosen || gradients->label == gradients->heads[0].answer ? "" : " (the second most likely class: for the answer itself the loss is smallest)");
    for (int h = 0; h < (told->heads ? gradients->head_count : 1); h++) {
        const HeadLoss *head = &gradients->heads[h];
        const char *answer = label_name(told->source, head->answer);
        printf("%-5s answers %d%s%s with %.6g; the label has %.4g, loss %.4g\n", told->source->net->heads[h].name, head->answer,
               answer != NULL ? " " : "", answer != NULL ? answer : "", head->answer_prob, head->label_prob, head->loss);
    }
}

static void value_cell(Table *t, double value)
{
    if (value < 0)
        table_text(t, "%s", "");
    else
        table_text(t, "%.3e", value);
}

/* With the auxiliary losses, without them, and the ratio of the two. */
static void value_cells(Table *t, double on, double off, bool heads)
{
    if (heads)
        value_cell(t, on);
    value_cell(t, off);
    if (heads && off > 0)
        table_text(t, "%.2f", on / off);
    else if (heads)
        table_text(t, "%s", "");
}

static bool print_table(const Told *told)
{
    static const TableColumn with[] = {{"layer", false}, {"map, aux on", true},     {"aux off", true},     {"on/off", true},       {"weights, aux on", true},
                                       {"aux off", true}, {"on/off", true}, {"zero values", true}, {"channels that are 0", true}};
    static const TableColumn without[] = {{"layer", false}, {"map", true}, {"weights", true}, {"zero values", true}, {"channels that are 0", true}};
    const Net *net = told->source->net;
    print_heads(told);
    printf("root mean square of the loss's gradient, over the values of the layer's map and over its weights and biases;\n"
           "channels that are 0 everywhere on this picture\n\n");
    Table t = told->heads ? table_make(TABLE_TEXT, with, sizeof with / sizeof *with) : table_make(TABLE_TEXT, without, sizeof without / sizeof *without);
    for (int i = 0; i < told->gradients->layer_count; i++) {
        const LayerGradients *f = &told->gradients->layers[i];
        if (!shows_layer(told, f))
            continue;
        table_text(&t, "%s", net->layers[f->layer].name);
        value_cells(&t, loss_gradients_map_rms(net, f, PASS_WITH_AUX), loss_gradients_map_rms(net, f, PASS_MAIN_ONLY), told->heads);
        value_cells(&t, loss_gradients_weight_rms(net, f, PASS_WITH_AUX), loss_gradients_weight_rms(net, f, PASS_MAIN_ONLY), told->heads);
        if (f->channels > 0) {
            table_text(&t, "%.1f%%", 100 * f->zero_share);
            table_text(&t, "%d of %d", f->dead, f->channels);
        }
        table_end_row(&t);
    }
    return table_print(&t, stdout);
}

static json_t *real_json(double value)
{
    return value < 0 ? json_null() : json_real(value);
}

static json_t *layer_json(const Told *told, const LayerGradients *f)
{
    const Net *net = told->source->net;
    const bool left_out = told->gradients->head_count > 1 && !told->heads; /* without auxiliary heads there is nothing to leave out */
    const double unknown = -1;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", net->layers[f->layer].name, /* L2 norms */
                     "map_aux_on", real_json(left_out ? unknown : f->map_norm[PASS_WITH_AUX]), "map_aux_off", real_json(f->map_norm[PASS_MAIN_ONLY]),
                     "weights_aux_on", real_json(left_out ? unknown : f->weight_norm[PASS_WITH_AUX]), "weights_aux_off",
                     real_json(f->weight_norm[PASS_MAIN_ONLY]), "map_rms_aux_on", real_json(left_out ? unknown : loss_gradients_map_rms(net, f, PASS_WITH_AUX)),
                     "map_rms_aux_off", real_json(loss_gradients_map_rms(net, f, PASS_MAIN_ONLY)), "weights_rms_aux_on",
                     real_json(left_out ? unknown : loss_gradients_weight_rms(net, f, PASS_WITH_AUX)), "weights_rms_aux_off",
                     real_json(loss_gradients_weight_rms(net, f, PASS_MAIN_ONLY)), "zero_share", real_json(f->zero_share), "dead_units",
                     f->channels > 0 ? json_integer(f->dead) : json_null(), "units", f->channels > 0 ? json_integer(f->channels) : json_null());
}

static bool print_json(const Told *told)
{
    const LossGradients *gradients = told->gradients;
    json_t *heads = json_array(), *layers = json_array();
    for (int h = 0; h < (told->heads ? gradients->head_count : 1); h++) {
        const HeadLoss *head = &gradients->heads[h];
        json_array_append_new(heads, json_pack("{s:s, s:f, s:f, s:i, s:f, s:f}", "head", told->source->net->heads[h].name, "loss",
                                               head->loss, "label_prob", head->label_prob, "answer", head->answer, "answer_prob",
                                               head->answer_prob, "weight", (double)told->source->net->heads[h].loss_weight));
    }
    for (int i = 0; i < gradients->layer_count; i++)
        if (shows_layer(told, &gradients->layers[i]))
            json_array_append_new(layers, layer_json(told, &gradients->layers[i]));
    json_t *root = json_pack("{s:i, s:b, s:b, s:o, s:o}", "label", gradients->label, "label_chosen", told->chosen, "aux_shown", told->heads, "heads", heads, "layers", layers);
    return json_out(root, JSON_INDENT(1));
}

typedef struct Wanted { const char *image, *engine; int label; bool json; } Wanted; /* label: INT_MIN if not given */

static bool explain_in(const Source *source, void *wanted, Err *err)
{
    const Wanted *w = wanted;
    const int classes = net_scores(source->net, 0), label = w->label == INT_MIN ? -1 : w->label;
    if (source->net->head_count > 1 && source_trained(source, 1) != source_trained(source, 0))
        cli_complain("the auxiliary heads' weights are not in the file; random weights would mean nothing, so these heads are left out");
    if (!net_need_losses(source->net, err))
        return false;
    if (w->label != INT_MIN && (w->label < 0 || w->label >= classes))
        return err_set(err, "explain gradients: --label takes a class from 0 to %d, not %d", classes - 1, w->label);
    float *x = cli_read_picture(w->image, source->net);
    if (x == NULL)
        return false;
    LossGradients gradients;
    bool ok = loss_gradients_compute(engine_named(w->engine), source->net, source->weights, x, &(LossChoice){.label = label}, &gradients, err);
    if (ok) {
        const Told told = {&gradients, source, gradients.head_count > 1 && source_trained(source, 1) == source_trained(source, 0), label >= 0};
        ok = w->json ? print_json(&told) : print_table(&told);
        if (!ok)
            err_set(err, "%s", ferror(stdout) ? "" : "not enough memory"); /* main reports a full disk */
        loss_gradients_free(&gradients);
    }
    free(x);
    return ok;
}

int explain_gradients(int argc, char **argv)
{
    const char *weights = NULL, *network = NULL, *format = "table", *image;
    Wanted w = {.label = INT_MIN};
    int image_count;
    const Option options[] = {
        {"--weights", OPT_STRING, &weights, NULL},       {"--network", OPT_STRING, &network, NULL},
        {"--engine", OPT_STRING, &w.engine, engine_names}, {"--label", OPT_INT, &w.label, NULL},
        {"--format", OPT_STRING, &format, "table|json"},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &image, 1, &image_count))
        return EXIT_USAGE;
    if (image_count == 0) {
        cli_complain("explain gradients: name a picture (and --label N; without it, the label is the second most likely class)");
        return EXIT_USAGE;
    }
    w.image = image;
    w.json = strcmp(format, "json") == 0;
    return cli_with_source(weights, network, explain_in, &w);
}
