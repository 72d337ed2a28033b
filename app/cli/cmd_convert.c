/* cmd_convert.c - writes the weights of any file that opens in another format, F32 bit for bit; and a network for other programs,
 * with its weights (ONNX) or as code (PyTorch). */
#include "app/cli/open.h"
#include "engine/base/safe_file.h"
#include "engine/base/text.h"
#include "engine/io/export.h"
#include "engine/io/labels.h"
#include "engine/net/quantize.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

typedef enum OutputFormat { TO_SAFETENSORS, TO_PTH, TO_NPZ, TO_ONNX, TO_TORCH, TO_NOTHING } OutputFormat;

static OutputFormat output_format(const char *path)
{
    static const struct {
        const char *ending;
        OutputFormat format;
    } endings[] = {{".safetensors", TO_SAFETENSORS}, {".pth", TO_PTH}, {".pt", TO_PTH}, {".npz", TO_NPZ}, {".onnx", TO_ONNX}, {".py", TO_TORCH}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(dot, endings[i].ending) == 0)
            return endings[i].format;
    return TO_NOTHING;
}

/* Whether IN is a network, a description or its name, and not a weight file. */
static bool is_network(const char *in)
{
    const size_t size = strlen(in) + sizeof "networks/.net";
    char *name = malloc(size), *path = NULL;
    if (name != NULL && strchr(in, '/') == NULL && access(in, F_OK) != 0) {
        snprintf(name, size, "networks/%s.net", in);
        path = asset_path(name);
    }
    const bool known = path != NULL && access(path, R_OK) == 0;
    free(name);
    free(path);
    return known || text_ends(in, ".net");
}

/* A file without auxiliary heads is converted without them: their seeded weights are not part of it. An ONNX model never has them.
 * The parameters of the main path come first in both networks. */
static bool drop_heads(Source *source, Err *err)
{
    char *networks = asset_path("networks");
    NetOptions options = {.classes = source->net->classes_word, .no_heads = true};
    Net *net = networks != NULL ? net_open(source->net->source, networks, &options, err) : NULL;
    free(networks);
    if (net == NULL)
        return false;
    for (int i = 0; i < net->param_count; i++)
        assert(net->params[i].offset == source->net->params[i].offset &&
               net->params[i].count == source->net->params[i].count);
    net_free(source->net);
    source->net = net;
    return true;
}

static bool save_native(const char *path, const Source *source, bool half, Err *err)
{
    const char *metadata[8] = {NULL};
    char *labels = source->info.label_count > 0 ? labels_json(source->info.labels, source->info.label_count) : NULL;
    int n = 0;
    if (labels == NULL && source->info.label_count > 0)
        return err_set(err, "%s: a class name is not UTF-8, so the names cannot be saved; save the file of names as UTF-8", source->info.path);
    if (labels != NULL) {
        metadata[n++] = "labels";
        metadata[n++] = labels;
    }
    if (source->info.trained != NULL) {
        metadata[n++] = "trained";
        metadata[n++] = source->info.trained;
    }
    bool good = weights_save(path, source->net, source->weights, half || source->info.half ? DTYPE_F16 : DTYPE_F32,
                             metadata, err);
    free(labels);
    return good;
}

/* Whether a program that opens the new file finds the same names. */
static bool names_are_beside(const char *path, const WeightsInfo *info)
{
    char **names;
    Err unused;
    if (!labels_beside(path, info->label_count, &names, &unused))
        return false;
    int same = 0;
    while (same < info->label_count && strcmp(names[same], info->labels[same]) == 0)
        same++;
    labels_free(names, info->label_count);
    return same == info->label_count;
}

/* Class names as the tutorial's train.py writes them, {"0": "daisy", ...}: the program finds them there again. */
static bool save_names_beside(const char *path, const WeightsInfo *info, char *beside, size_t size, Err *err)
{
    const char *slash = strrchr(path, '/');
    snprintf(beside, size, "%.*sclass_indices.json", slash != NULL ? (int)(slash + 1 - path) : 0, path);
    if (names_are_beside(path, info))
        return true;
    if (access(beside, F_OK) == 0)
        return err_set(err, "%s: cannot store the %d class names, and %s already exists; write them beside it", path,
                       info->label_count, beside);
    json_t *names = json_object();
    for (int i = 0; i < info->label_count; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        json_object_set_new(names, key, json_string(info->labels[i]));
    }
    char *text = json_dumps(names, JSON_INDENT(4) | JSON_PRESERVE_ORDER);
    json_decref(names);
    bool good = text != NULL ? safe_file_put(beside, text, strlen(text), err) : err_set(err, "%s: not enough memory", beside);
    free(text);
    return good;
}

static bool save_onnx(const char *path, const Source *source, int bits, Err *err)
{
    const WeightsInfo *info = &source->info;
    char *labels = info->label_count > 0 ? labels_json(info->labels, info->label_count) : NULL;
    const ExportNotes notes = {.labels = labels, .trained = info->trained, .bits = bits};
    const bool good = export_onnx(path, source->net, source->weights, &notes, err);
    if (good && info->label_count > 0 && labels == NULL)
        cli_complain("%s: a class name is not UTF-8, so the file has no names", path);
    free(labels);
    return good;
}

/* .pth and .npz store tensors only. Everything else in the old file is saved beside the new one or reported as lost. */
static void report_rest(const char *path, const Source *source)
{
    const WeightsInfo *info = &source->info;
    static const char *const by_names[] = {"googlenet", "bvlc_googlenet", "torchvision_googlenet"};
    char beside[1100];
    Err err;
    bool known = false;
    for (size_t i = 0; i < sizeof by_names / sizeof by_names[0]; i++)
        known = known || strcmp(source->net->name, by_names[i]) == 0;
    if (info->label_count > 0) {
        if (save_names_beside(path, info, beside, sizeof beside, &err))
            fprintf(stderr, "%s: the %d class names, which %s cannot store\n", beside, info->label_count, path);
        else
            cli_complain("%s", err.text);
    }
    if (info->trained != NULL)
        fprintf(stderr, "%s: cannot store how the network was trained; this information is lost\n", path);
    if (!known)
        fprintf(stderr, "%s: cannot store the network's name; open it with --network %s\n", path, source->net->name);
}

/* Rounds the weights to integers of `bits` bits times a scale for each output channel, and says what it costs. */
static void round_weights(Source *source, const char *path, int bits)
{
    const Net *net = source->net;
    QuantizeBytes sum = {0, 0};
    double worst = 0; /* share of a channel's largest weight */
    for (int l = 0; l < net->layer_count; l++) {
        const QuantizeBytes bytes = quantize_bytes(net, l, bits);
        sum.before += bytes.before;
        sum.after += bytes.after;
        if (net->layers[l].weight < 0)
            continue;
        const Param *p = &net->params[net->layers[l].weight];
        const size_t count = p->count / (size_t)p->dims[0];
        for (size_t i = 0; i < p->count; i += count) {
            const float *w = source->weights + p->offset + i, scale = quantize_scale(w, count, bits);
            for (size_t k = 0; k < count && scale > 0.0f; k++)
                worst = fmax(worst, fabs((double)w[k] - (double)scale * quantize_integer(w[k], scale, bits)) / ((double)scale * quantize_limit(bits)));
        }
    }
    quantize_weights(net, bits, source->weights, source->weights);
    source->info.half = false; /* scale times integer does not fit into F16 */
    fprintf(stderr, "%s: weights rounded to %d bits, one scale for each output channel: %.2f MB when packed, %.2f MB in float32 (%.1f times as much); a "
                    "weight moves by at most %.2g %% of the largest in its channel\n",
            path, bits, (double)sum.after / 1e6, (double)sum.before / 1e6, (double)sum.before / (double)sum.after, 100 * worst);
}

static bool save(OutputFormat format, const char *path, const Source *source, bool half, int bits, Err *err)
{
    switch (format) {
    case TO_SAFETENSORS: return save_native(path, source, half, err);
    case TO_PTH: return weights_save_pth(path, source->net, source->weights, err);
    case TO_NPZ: return weights_save_npz(path, source->net, source->weights, err);
    case TO_ONNX: return save_onnx(path, source, bits, err);
    case TO_TORCH: return export_torch(path, source->net, err);
    case TO_NOTHING: break;
    }
    assert(false);
    return false;
}

/* IN is a network: its weights are those of its description, or seeded ones. Code has no weights, so none are made for it. */
static bool open_network(Source *source, const char *in, OutputFormat format)
{
    char *networks = asset_path("networks");
    const SourceOptions options = {.network = in, .networks_dir = networks};
    Err err;
    bool good = networks != NULL || err_set(&err, "not enough memory");
    if (good && format == TO_TORCH) {
        *source = (Source){.net = net_open(in, networks, NULL, &err)};
        good = source->net != NULL;
    } else if (good) {
        good = source_open(source, &options, &err);
    }
    free(networks);
    if (!good)
        cli_complain("%s", err.text);
    else if (source->untrained)
        fprintf(stderr, "%s: untrained, so the new file gets seeded random weights; for trained ones: convert WEIGHTS OUT --network %s\n",
                source->net->name, in);
    if (good)
        source->info.heads = true; /* seeded or given like the rest */
    return good;
}

static void report(const char *path, OutputFormat format, const Source *source, bool had_heads)
{
    const Net *net = source->net;
    if (format == TO_PTH || format == TO_NPZ)
        report_rest(path, source);
    if (format == TO_ONNX && had_heads)
        fprintf(stderr, "%s: without the auxiliary heads, which prediction does not use; a .pth keeps them\n", path);
    if (format == TO_TORCH)
        printf("%s: %s, a PyTorch module of %d layers\n", path, net->name, net->layer_count - 1);
    else
        printf("%s: %s, %d tensors, %zu values\n", path, net->name, net->param_count, net->weight_count);
}

int cmd_convert(int argc, char **argv)
{
    const char *network = NULL, *files[2];
    bool half = false;
    int count, bits = 0;
    const Option options[] = {{"--network", OPT_STRING, &network, NULL}, {"--half", OPT_FLAG, &half, NULL}, {"--bits", OPT_INT, &bits, NULL}};
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], files, 2, &count))
        return EXIT_USAGE;
    if (count != 2) {
        cli_complain("convert: expected a weight file or a network, and the name of the new file");
        return EXIT_USAGE;
    }
    OutputFormat format = output_format(files[1]);
    if (format == TO_NOTHING || (half && format != TO_SAFETENSORS)) {
        cli_complain(format == TO_NOTHING ? "convert: %s: the new file's name must end in .safetensors, .pth, .npz, .onnx or .py"
                                          : "convert: %s: --half works with .safetensors only", files[1]);
        return EXIT_USAGE;
    }
    if (bits != 0 && (bits < QUANTIZE_BITS_MIN || bits > QUANTIZE_BITS_MAX || half || format == TO_TORCH)) {
        cli_complain(half                 ? "convert: --bits and --half exclude each other"
                     : format == TO_TORCH ? "convert: %s: code has no weights that --bits could round"
                                          : "convert: --bits takes 2 to 8, as in --bits 8", files[1]);
        return EXIT_USAGE;
    }
    Source source;
    if (!(network == NULL && is_network(files[0]) ? open_network(&source, files[0], format) : cli_open_source(&source, files[0], network)))
        return EXIT_INPUT;
    Err err;
    const bool has_heads = source.net->head_count > 1 && source.info.heads;
    bool good = (source.net->head_count == 1 || (has_heads && format != TO_ONNX)) || drop_heads(&source, &err);
    if (good && bits > 0)
        round_weights(&source, files[1], bits);
    good = good && save(format, files[1], &source, half, bits, &err);
    if (good)
        report(files[1], format, &source, has_heads);
    else
        cli_complain("%s", err.text);
    source_free(&source);
    return good ? EXIT_OK : EXIT_INPUT;
}
