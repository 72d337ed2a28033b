/* netfile.c - reads a network description (assets/networks, or a user's own .net): a text table in the column order of Table 1 of
 * the GoogLeNet paper. Every error message has file:line and the expected form. build.c gives rows their meaning. */
#include "engine/base/array.h"
#include "engine/base/text.h"
#include "engine/net/build.h"
#include "engine/net/netreader_private.h"
#include "engine/net/words.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A kind of line: either `read` handles it, or `row` fills a RowSpec for build_row. */
typedef struct RowKind {
    const char *word, *form;
    bool (*read)(NetReader *r, NetLine *line, Err *reason);
    bool (*row)(NetLine *line, RowSpec *spec, Err *reason);
    Op op;
} RowKind;

/* -------------------------------------------------------------------- the head of the file */

static bool read_network(NetReader *r, NetLine *line, Err *reason)
{
    if (r->net->name[0] != '\0')
        return err_set(reason, "there is already a network line");
    if (!line_name(line_word(line), "the network's name", r->net->name, reason))
        return false;
    const char *title_zh = line_option(line, "title-zh"), *title = line_word(line);
    if (title_zh != NULL && title_zh[0] == '\0')
        return err_set(reason, "title-zh is empty");
    if (title_zh != NULL && strlen(title_zh) >= sizeof r->net->title_zh)
        return err_set(reason, "title-zh is longer than %d bytes", LIMIT_NET_TITLE);
    if (title != NULL && strlen(title) >= sizeof r->net->title)
        return err_set(reason, "the title is longer than %d bytes", LIMIT_NET_TITLE);
    snprintf(r->net->title, sizeof r->net->title, "%s", title != NULL ? title : r->net->name);
    snprintf(r->net->title_zh, sizeof r->net->title_zh, "%s", title_zh != NULL ? title_zh : "");
    r->claim_row = CLAIM_NETWORK;
    return true;
}

static bool read_input(NetReader *r, NetLine *line, Err *reason)
{
    const char *text = line_word(line);
    Shape input;
    if (r->has_input)
        return err_set(reason, "there is already an input line");
    if (text == NULL)
        return err_set(reason, "the shape is missing");
    if (!net_shape(text, &input, reason))
        return false;
    r->has_input = true;
    const Shape *wanted = &r->options.input;
    r->changed = r->changed || (wanted->c > 0 && (wanted->c != input.c || wanted->h != input.h || wanted->w != input.w));
    if (wanted->c > 0)
        input = (Shape){1, wanted->c, wanted->h, wanted->w};
    r->claim_row = 0;
    return build_input(&r->build, input, line->number, reason);
}

static bool read_classes(NetReader *r, NetLine *line, Err *reason)
{
    const char *text = line_word(line);
    int classes;
    if (text == NULL)
        return err_set(reason, "the number is missing");
    if (!line_int(text, "the number of classes", 1, LIMIT_NET_CLASSES, &classes, reason))
        return false;
    r->changed = r->changed || (r->options.classes > 0 && r->options.classes != classes);
    if (r->options.classes == 0)
        r->net->classes_word = classes;
    return true;
}

static bool read_three(const char *text, const char *what, float out[3], Err *reason)
{
    char part[64];
    int count = 0;
    for (const char *p = text; *p != '\0' && count < 3; count++) {
        size_t length = strcspn(p, ",");
        snprintf(part, sizeof part, "%.*s", (int)(length < 63 ? length : 63), p);
        if (!line_float(part, what, &out[count], reason))
            return false;
        p += length + (p[length] == ',');
    }
    if (count == 1)
        out[1] = out[2] = out[0];
    return count == 1 || count == 3 ? true : err_set(reason, "%s has %d numbers; expected one, or one per channel", what, count);
}

static bool read_preprocess(NetReader *r, NetLine *line, Err *reason)
{
    Preprocess *p = &r->net->preprocess;
    const char *shorter = line_option(line, "shorter"), *mean = line_option(line, "mean"), *std = line_option(line, "std");
    bool exact = line_flag(line, "exact");
    p->bgr = line_flag(line, "bgr");
    if (line_flag(line, "rgb") && p->bgr)
        return err_set(reason, "rgb and bgr cannot both be given");
    p->unit_scale = line_flag(line, "unit");
    if (exact == (shorter != NULL))
        return err_set(reason, "expected either exact or shorter=N");
    p->rule = exact ? RESIZE_EXACT : RESIZE_SHORTER_SIDE;
    if (shorter != NULL && !line_int(shorter, "shorter", 1, LIMIT_NET_WINDOW, &p->resize, reason))
        return false;
    if ((mean != NULL && !read_three(mean, "mean", p->mean, reason)) || (std != NULL && !read_three(std, "std", p->std, reason)))
        return false;
    for (int i = 0; i < 3; i++)
        if (!(p->std[i] > 0))
            return err_set(reason, "std is %g; expected more than 0", (double)p->std[i]);
    if (std != NULL && !p->unit_scale)
        return err_set(reason, "std without unit; values are divided by std only after they have been divided by 255");
    return true;
}

static bool read_batchnorm(NetReader *r, NetLine *line, Err *reason)
{
    const char *eps = line_option(line, "eps");
    if (eps == NULL)
        return err_set(reason, "eps is missing");
    r->build.bn = true;
    if (!line_float(eps, "eps", &r->build.bn_eps, reason))
        return false;
    return r->build.bn_eps > 0 ? true : err_set(reason, "eps is %s; expected more than 0", eps);
}

/* -------------------------------------------------------------------- the table's rows */

/* conv and the modules: [norelu] [nobias] [groups=G]; pools: a rounding word; both: [pad=P]. */
static bool read_geometry(NetLine *line, RowSpec *spec, Err *reason)
{
    const char *pad = line_option(line, "pad"), *groups = line_option(line, "groups");
    spec->relu = !line_flag(line, "norelu");
    spec->bias = !line_flag(line, "nobias");
    for (int i = 0; i < ROUND_COUNT; i++)
        if (line_flag(line, rounding_name((Rounding)i)))
            spec->rounding = (Rounding)i;
    return (pad == NULL || line_int(pad, "the padding", 0, LIMIT_NET_WINDOW, &spec->pad, reason)) &&
           (groups == NULL || line_int(groups, "the number of groups", 1, LIMIT_NET_CHANNELS, &spec->groups, reason));
}

static bool read_conv(NetLine *line, RowSpec *spec, Err *reason)
{
    const char *name = line_word(line), *window = line_word(line);
    const char *plus = name == NULL ? NULL : strchr(name, '+');
    char first[NET_NAME_MAX] = "";
    if (plus != NULL) {
        snprintf(first, sizeof first, "%.*s", (int)(plus - name), name);
        if (!line_name(first, "the reduction's name", spec->reduce, reason))
            return false;
        name = plus + 1;
    }
    if (!line_name(name, "the row's name", spec->name, reason))
        return false;
    if (window == NULL)
        return err_set(reason, "the window is missing");
    if (!line_window(window, &spec->k, &spec->stride, reason) || !read_geometry(line, spec, reason))
        return false;
    for (int i = 0; i < (plus != NULL ? 2 : 1); i++) {
        const char *channels = line_word(line);
        if (channels == NULL)
            return err_set(reason, "the number of output channels is missing");
        spec->classes = i == (plus != NULL) && strcmp(channels, "classes") == 0;
        if (!spec->classes && !line_int(channels, "the number of output channels", 1, LIMIT_NET_CHANNELS, &spec->channels[i], reason))
            return false;
    }
    return true;
}

static bool read_pool(NetLine *line, RowSpec *spec, Err *reason)
{
    const char *to = spec->op == OP_AVGPOOL ? line_option(line, "to") : NULL;
    if (!line_name(line_word(line), "the row's name", spec->name, reason))
        return false;
    spec->count_padding = !line_flag(line, "nopadcount");
    if (to != NULL) {
        char side[32];
        snprintf(side, sizeof side, "%.*s", (int)(strcspn(to, "x") < 31 ? strcspn(to, "x") : 31), to);
        const char *x = strchr(to, 'x');
        if (x == NULL || strcmp(x + 1, side) != 0)
            return err_set(reason, "to=%.40s is not a square size; expected to=1x1 or to=4x4", to);
        return line_int(side, "to", 1, LIMIT_NET_WINDOW, &spec->adaptive, reason);
    }
    const char *window = line_word(line);
    if (window == NULL)
        return err_set(reason, "the window is missing");
    return line_window(window, &spec->k, &spec->stride, reason) && read_geometry(line, spec, reason);
}

static bool read_lrn(NetLine *line, RowSpec *spec, Err *reason)
{
    const char *size = line_option(line, "size"), *alpha = line_option(line, "alpha"), *beta = line_option(line, "beta"),
               *k = line_option(line, "k");
    if (size == NULL || alpha == NULL || beta == NULL || k == NULL)
        return err_set(reason, "size, alpha, beta and k are all needed, because libraries have different defaults");
    if (!line_name(line_word(line), "the row's name", spec->name, reason) ||
        !line_int(size, "size", 1, LIMIT_NET_WINDOW, &spec->lrn_size, reason) || !line_float(alpha, "alpha", &spec->lrn_alpha, reason) ||
        !line_float(beta, "beta", &spec->lrn_beta, reason) || !line_float(k, "k", &spec->lrn_k, reason))
        return false;
    return spec->lrn_size % 2 == 1 ? true : err_set(reason, "size is %d; expected an odd number of channels", spec->lrn_size);
}

static bool read_dropout(NetLine *line, RowSpec *spec, Err *reason)
{
    if (!line_name(line_word(line), "the row's name", spec->name, reason))
        return false;
    const char *share = line_word(line);
    return share == NULL ? err_set(reason, "the dropped share is missing") : line_share(share, "the dropped share", &spec->dropout_p, reason);
}

static bool read_fc(NetLine *line, RowSpec *spec, Err *reason)
{
    const char *in = line_option(line, "in");
    spec->relu = line_flag(line, "relu");
    spec->bias = !line_flag(line, "nobias");
    if (!line_name(line_word(line), "the row's name", spec->name, reason))
        return false;
    const char *out = line_word(line);
    if (in != NULL && !line_int(in, "in", 1, LIMIT_NET_CHANNELS, &spec->fc_in, reason))
        return false;
    if (out == NULL)
        return err_set(reason, "the number of outputs is missing");
    spec->classes = strcmp(out, "classes") == 0;
    return spec->classes || line_int(out, "the number of outputs", 1, LIMIT_NET_CHANNELS, &spec->channels[0], reason);
}

static bool read_softmax(NetLine *line, RowSpec *spec, Err *reason)
{
    return line_name(line_word(line), "the row's name", spec->name, reason);
}

static bool read_inception(NetLine *line, RowSpec *spec, Err *reason)
{
    static const char *const columns[6] = {"#1x1", "#3x3 reduce", "#3x3", "#5x5 reduce", "#5x5", "pool proj"};
    const char *third = line_option(line, "5x5");
    if (!line_name(line_word(line), "the row's name", spec->name, reason) || !read_geometry(line, spec, reason))
        return false;
    for (int i = 0; i < 6; i++) {
        const char *text = line_word(line);
        bool may_lack = i == 1 || i == 3 || i == 5;
        if (text == NULL)
            return err_set(reason, "%s is missing: %d of six numbers", columns[i], i);
        if (may_lack && strcmp(text, "-") == 0)
            continue;
        if (!line_int(text, columns[i], 1, LIMIT_NET_CHANNELS, &spec->channels[i], reason))
            return false;
    }
    spec->third_kernel = 5;
    if (third != NULL && strcmp(third, "3x3") == 0)
        spec->third_kernel = 3;
    else if (third != NULL && strcmp(third, "5x5") != 0)
        return err_set(reason, "5x5=%.40s; the third branch is 5x5, or 3x3 as in torchvision", third);
    return true;
}

static bool read_aux(NetReader *r, NetLine *line, Err *reason)
{
    char name[NET_NAME_MAX];
    const char *tap = line_option(line, "tap"), *loss = line_option(line, "loss");
    float weight = 0.3f;
    if (!line_name(line_word(line), "the head's name", name, reason))
        return false;
    if (tap == NULL)
        return err_set(reason, "the tap is missing");
    if (loss != NULL && !line_float(loss, "loss", &weight, reason))
        return false;
    r->claim_row = CLAIM_NOWHERE;
    r->changed = r->changed || r->options.no_heads;
    return build_head(&r->build, name, tap, weight, reason);
}

static bool read_numbers(NetReader *r, NetLine *line, Err *reason)
{
    return given_read(&r->given, line, reason);
}

/* -------------------------------------------------------------------- the file */

static const RowKind kinds[] = {
    {"network", "network NAME \"TITLE\" [title-zh=\"TITLE\"]", read_network, NULL, OP_COUNT},
    {"input", "input CxHxW", read_input, NULL, OP_COUNT},
    {"classes", "classes N", read_classes, NULL, OP_COUNT},
    {"preprocess", "preprocess exact|shorter=N rgb|bgr [unit] [mean=A,B,C] [std=A,B,C]", read_preprocess, NULL, OP_COUNT},
    {"batchnorm", "batchnorm eps=E", read_batchnorm, NULL, OP_COUNT},
    {"conv", "conv [REDUCTION+]NAME KxK/STRIDE [REDUCED] CHANNELS|classes [pad=P] [groups=G] [norelu] [nobias]", NULL, read_conv, OP_CONV},
    {"maxpool", "maxpool NAME KxK/STRIDE [pad=P] [floor|ceil-caffe|ceil-torch|ceil-onnx]", NULL, read_pool, OP_MAXPOOL},
    {"avgpool", "avgpool NAME KxK/STRIDE [pad=P] [floor|ceil-caffe|ceil-torch|ceil-onnx] [nopadcount], or avgpool NAME to=NxN", NULL,
     read_pool, OP_AVGPOOL},
    {"lrn", "lrn NAME size=N alpha=A beta=B k=K", NULL, read_lrn, OP_LRN},
    {"inception", "inception NAME #1x1 #3x3-reduce #3x3 #5x5-reduce #5x5 pool-proj [5x5=3x3], with - for a missing 1x1", NULL,
     read_inception, OP_CONCAT},
    {"dropout", "dropout NAME SHARE", NULL, read_dropout, OP_DROPOUT},
    {"fc", "fc NAME OUTPUTS|classes [in=N] [relu] [nobias]", NULL, read_fc, OP_FC},
    {"softmax", "softmax NAME", NULL, read_softmax, OP_SOFTMAX},
    {"aux", "aux NAME tap=LAYER [loss=W], and the head's rows below it", read_aux, NULL, OP_COUNT},
    {"claim", "claim [ROW] WHAT=PRINTED ... source=WHO [unit=K|Ki] [own=EXPRESSION] [note=\"REMARK\"] [note-zh=\"REMARK\"]", netread_claim, NULL, OP_COUNT},
    {"claims", "claims NAME, the file NAME.claims beside this one", netread_claims, NULL, OP_COUNT},
    {"hypothesis", "hypothesis ROW source=WHO [NUMBER=N|FROM..TO/STEP ...] [one=FROM..TO/STEP] [as=\"conv NAME KxK/STRIDE CHANNELS\" ...], NUMBER being "
     "in 1x1 3x3_reduce 3x3 5x5_reduce 5x5 or pool_proj", netread_hypothesis, NULL, OP_COUNT},
    {"weights", "weights LAYER NUMBER ...", read_numbers, NULL, OP_COUNT},
    {"biases", "biases LAYER NUMBER ...", read_numbers, NULL, OP_COUNT},
    {"picture", "picture NUMBER ...", read_numbers, NULL, OP_COUNT},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static bool unknown_kind(const char *word, Err *reason)
{
    const char *words[KIND_COUNT];
    char all[256] = "";
    for (int i = 0; i < KIND_COUNT; i++) {
        words[i] = kinds[i].word;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i > 0 ? ", " : "", words[i]);
    }
    const char *nearest = word_nearest(word, words, KIND_COUNT);
    if (nearest != NULL)
        return err_set(reason, "unknown row '%.40s'; did you mean '%s'? Known: %s", word, nearest, all);
    return err_set(reason, "unknown row '%.40s'; expected one of %s", word, all);
}

static const RowKind *find_kind(const char *word)
{
    for (int i = 0; i < KIND_COUNT; i++)
        if (strcmp(word, kinds[i].word) == 0)
            return &kinds[i];
    return NULL;
}

/* Keeps the spec of the last row, in the order of the net's rows. Specs of rows that left with their head are overwritten. */
static bool keep_spec(NetReader *r, const RowSpec *spec, Err *reason)
{
    const int row = r->net->row_count - 1;
    r->spec_count = r->spec_count < row ? r->spec_count : row;
    while (r->spec_count <= row) {
        RowSpec *specs = array_grow(r->specs, r->spec_count, sizeof *specs);
        if (specs == NULL)
            return err_set(reason, "not enough memory for the description");
        r->specs = specs;
        r->specs[r->spec_count++] = *spec;
    }
    return true;
}

/* If it fails with *form set, the message also shows the form: the line is badly written. Otherwise its content is wrong. */
static bool read_line(NetReader *r, NetLine *line, const char **form, Err *reason)
{
    const RowKind *kind = find_kind(line->words[0]);
    if (kind == NULL)
        return unknown_kind(line->words[0], reason);
    if (r->shared && kind->read != netread_claim && kind->read != netread_hypothesis && kind->read != netread_claims)
        return err_set(reason, "'%s' is not a claim; each line of a .claims file begins with claim or hypothesis", kind->word);
    line->next = kind->read == read_numbers ? 0 : 1;
    if (kind->read != read_network && r->net->name[0] == '\0')
        return err_set(reason, "the first line must be: %s", kinds[0].form);
    if (!r->has_input && (kind->row != NULL || kind->read == read_aux))
        return err_set(reason, "the first row of the table needs a line above it: input CxHxW");

    *form = kind->form;
    RowSpec spec = {.op = kind->op, .groups = 1, .stride = 1, .line = line->number};
    bool good = kind->row != NULL ? kind->row(line, &spec, reason) : kind->read(r, line, reason);
    if (good && line->count > line->next)
        return err_set(reason, "'%.40s' does not belong in this line", line->words[line->next]);
    if (!good || kind->row == NULL)
        return good;
    *form = NULL;
    if (!build_row(&r->build, &spec, reason))
        return false;
    if (r->build.skip_head)
        netread_forget(r->net);
    r->claim_row = r->build.skip_head ? CLAIM_LEFT_OUT : r->net->row_count - 1;
    Address last;
    r->ended = r->options.last != NULL && net_address(r->net, r->options.last, &last, NULL);
    r->changed = r->changed || r->ended;
    return r->build.skip_head || keep_spec(r, &spec, reason);
}

bool netread_row(NetLine *line, RowSpec *spec, Err *reason)
{
    const RowKind *kind = line->count > 0 ? find_kind(line->words[0]) : NULL;
    if (kind == NULL || kind->row == NULL)
        return err_set(reason, "'%.40s' is not a row; expected one such as conv NAME 3x3/1 64", line->count > 0 ? line->words[0] : "");
    line->next = 1;
    *spec = (RowSpec){.op = kind->op, .groups = 1, .stride = 1, .line = line->number};
    return (kind->row(line, spec, reason) && line->count <= line->next) || err_set(reason, "expected: %s", kind->form);
}

bool netread_lines(NetReader *r, const char *text, size_t length, const char *source, int *last, Err *err)
{
    NetLine *line = malloc(sizeof *line);
    if (line == NULL)
        return err_set(err, "%s: not enough memory", source);
    bool good = true;
    line->number = 0;
    for (const char *p = text + text_mark(text, length), *end = text + length; good && p < end && !r->ended;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        if (stop == NULL)
            stop = end;
        Err reason = {""};
        const char *form = NULL;
        line->number++;
        good = line_split(line, p, stop, &reason) && (line->count == 0 || read_line(r, line, &form, &reason));
        if (!good)
            err_set(err, "%s:%d: %s%s%s", source, line->number, reason.text, form != NULL ? "; expected: " : "", form != NULL ? form : "");
        p = stop + 1;
    }
    *last = line->number;
    free(line);
    return good;
}

static bool read_text(NetReader *r, const char *text, size_t length, const char *source, Err *err)
{
    int last;
    if (!netread_lines(r, text, length, source, &last, err))
        return false;
    Err reason = {""};
    if (!r->has_input || r->net->layer_count < 2)
        return err_set(err, "%s:%d: the file ends before %s; expected %s", source, last, r->has_input ? "the first row" : "its input line",
                       r->has_input ? "a row such as conv conv1 7x7/2 64 pad=3" : kinds[1].form);
    Address missing;
    if (r->options.last != NULL && !r->ended && !net_address(r->net, r->options.last, &missing, &reason))
        return err_set(err, "%s: %s", source, reason.text);
    if (!build_finish(&r->build, &reason))
        return err_set(err, "%s:%d: %s", source, last, reason.text);
    return given_apply(&r->given, &r->build, source, err);
}

Net *net_parse(const char *text, size_t length, const char *source, const NetOptions *options, Err *err)
{
    Net *net = calloc(1, sizeof *net);
    if (net == NULL) {
        err_set(err, "%s: not enough memory", source);
        return NULL;
    }
    snprintf(net->source, sizeof net->source, "%s", source);
    net->text = malloc(length + 1);
    if (net->text == NULL) {
        err_set(err, "%s: not enough memory", source);
        net_free(net);
        return NULL;
    }
    memcpy(net->text, text, length);
    net->text[length] = '\0';
    net->text_length = length;
    net->preprocess = (Preprocess){.rule = RESIZE_EXACT, .unit_scale = true, .std = {1, 1, 1}};
    NetReader r = {.net = net, .claim_row = CLAIM_NOWHERE, .build = {.net = net}};
    if (options != NULL)
        r.options = *options;
    r.build.options = &r.options;
    net->classes_word = r.options.classes;
    bool good = memchr(text, '\0', length) == NULL ? read_text(&r, text, length, source, err)
                                                   : err_set(err, "%s: not a text file; expected a network description", source);
    given_free(&r.given);
    build_end(&r.build);
    free(r.specs);
    net->as_described = !net->switched && !r.changed;
    if (good)
        return net;
    net_free(net);
    return NULL;
}

Net *net_again(const Net *net, const NetOptions *options, Err *err)
{
    return net_parse(net->text, net->text_length, net->source, options, err);
}
