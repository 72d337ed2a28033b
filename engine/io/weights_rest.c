/* weights_rest.c - see weights_rest.h. */
#include "engine/io/weights_rest.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- what may be left out ---- */

typedef struct Rest {
    const char *begins, *ends;  /* of the name; NULL: any */
    const char *format;         /* only in this format; NULL: in any */
    bool integers;              /* only tensors of integers */
    const char *say;            /* a word for the note; NULL: not worth one */
} Rest;

static const Rest allowed[] = {
    {.ends = "num_batches_tracked"},                                /* BatchNorm2d counts its batches */
    {.begins = "n_averaged"},                                       /* AveragedModel counts its models */
    {.ends = "total_ops"}, {.ends = "total_params"},                /* thop counts operations */
    {.begins = "optimizer", .say = "optimizer state"},
    {.begins = "lr_scheduler", .say = "the state of a schedule"},
    {.begins = "criterion.", .say = "weights of the loss"}, {.begins = "loss_fn.", .say = "weights of the loss"},
    {.format = "onnx", .integers = true},                           /* shapes and axes of reshapes */
};

static const Rest *find_allowed(const TensorFile *file, const FileTensor *t)
{
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        const Rest *r = &allowed[i];
        if ((r->begins == NULL || strncmp(t->name, r->begins, strlen(r->begins)) == 0) && (r->ends == NULL || text_ends(t->name, r->ends)) &&
            (r->format == NULL || strcmp(r->format, file->format) == 0) && (!r->integers || !tensor_is_float(t)))
            return r;
    }
    return NULL;
}

bool rest_allowed(const TensorFile *file, const FileTensor *tensor)
{
    return find_allowed(file, tensor) != NULL;
}

void rest_note(const TensorFile *file, const Match *match, char *out, size_t size)
{
    int count = 0;
    const char *what = NULL;
    bool several = false;
    out[0] = '\0';
    for (int i = 0; i < file->count; i++) {
        const Rest *r = match->used[i] ? NULL : find_allowed(file, &file->tensors[i]);
        if (r == NULL || r->say == NULL)
            continue;
        several = several || (what != NULL && strcmp(what, r->say) != 0);
        what = r->say;
        count++;
    }
    if (count > 0)
        snprintf(out, size, "%d tensor%s not used: %s%s", count, count > 1 ? "s" : "", what, several ? " and others of the training" : "");
}

/* ---- what does not fit, for one message ---- */

typedef struct Misfit {
    int needed, missing, mismatched, unknown; /* needed: on the main path */
    char missing_names[220], first_mismatch[300], unknown_names[220];
    int sign;                   /* row of `remedies` that an unknown name shows, or REMEDIES */
} Misfit;

static void list_add(char *list, size_t size, int number, const char *name)
{
    size_t length = strlen(list);
    if (number < 4)
        snprintf(list + length, size - length, "%s%s", number > 0 ? ", " : "", name);
    else if (number == 4)
        snprintf(list + length, size - length, ", ...");
}

static void dims_text(const int64_t *dims, int count, char *out, size_t size)
{
    size_t length = 0;
    out[0] = '\0';
    for (int i = 0; i < count && length < size; i++)
        length += (size_t)snprintf(out + length, size - length, "%s%lld", i > 0 ? "x" : "", (long long)dims[i]);
}

/* "fc.weight is 5x512, not 5x1024" */
static void describe_shapes(const FileTensor *tensor, const Param *p, char *out, size_t size)
{
    char has[60], needs[60];
    int64_t dims[4];
    for (int d = 0; d < p->dim_count; d++)
        dims[d] = p->dims[d];
    dims_text(tensor->dims, tensor->dim_count, has, sizeof has);
    dims_text(dims, p->dim_count, needs, sizeof needs);
    snprintf(out, size, "%s is %s, not %s", tensor->name, has, needs);
}

/* ---- the auxiliary heads ---- */

/* Why the heads cannot be used: one of their tensors has another shape, or is missing, or is one that the network lacks. */
static void check_heads(const TensorFile *file, const Match *match, bool *heads, char lacking[200])
{
    const Net *net = match->net;
    int needed = 0, found = 0, others = 0;
    char missing[160] = "", other[160] = "", name[160];
    lacking[0] = '\0';
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        const FileTensor *tensor = match->tensors[i];
        if (net->layers[p->layer].head == 0)
            continue;
        needed++;
        match_name(match, i, name, sizeof name);
        const bool made = tensor == NULL && p->kind == PARAM_BIAS && match_folds(match, p->layer);
        found += tensor != NULL || made;
        if (tensor == NULL && !made && missing[0] == '\0')
            snprintf(missing, sizeof missing, "%s", name);
        if (tensor != NULL && lacking[0] == '\0' && (!match_shapes(tensor, p) || !tensor_is_float(tensor)))
            describe_shapes(tensor, p, lacking, 200);
    }
    for (int l = net->main_count; l < net->layer_count; l++)
        if (match_bad_norm(match, l) != NULL || (match_folds(match, l) && !net->layers[l].bias))
            snprintf(lacking, 200, "the batch norm of %s does not fit", net->layers[l].name);
    for (int i = 0; i < file->count; i++)
        if (!match->used[i] && name_is_of_head(file->tensors[i].name) && find_allowed(file, &file->tensors[i]) == NULL && others++ == 0)
            snprintf(other, sizeof other, "%s", file->tensors[i].name);
    if (lacking[0] == '\0' && found > 0 && missing[0] != '\0')
        snprintf(lacking, 200, "%s is missing (%d of %d tensors)", missing, found, needed);
    else if (lacking[0] == '\0' && others > 0 && needed > 0)
        snprintf(lacking, 200, "the network's heads have no %s", other);
    *heads = found > 0 && lacking[0] == '\0';
}

static void drop_heads(Match *match)
{
    const Net *net = match->net;
    for (int i = 0; i < net->param_count; i++)
        if (net->layers[net->params[i].layer].head > 0)
            match->tensors[i] = NULL;
    for (int l = net->main_count; l < net->layer_count; l++)
        match->norms[l] = (FileNorm){0};
}

/* ---- refusals ---- */

/* What people do to networks so that the names change, by a part of a name that tells it. */
static const struct {
    const char *part, *what;
} remedies[] = {
    {"_mask", "it is a pruned network with a mask or its weight missing; call torch.nn.utils.prune.remove for each layer, then save the state_dict"},
    {"_orig", "a weight is stored in parts (pruning or spectral norm); remove that in PyTorch, then save the state_dict"},
    {"weight_g", "weight norm splits its weights; call torch.nn.utils.remove_weight_norm for each layer, then save the state_dict"},
    {"parametrizations.", "its weights are parametrized; call torch.nn.utils.parametrize.remove_parametrizations, then save the state_dict"},
    {"lora_", "it has LoRA's additions; merge them into the weights and save the state_dict"},
    {"_packed_params", "it is quantised; save the state_dict of the float model"},
    {"activation_post_process", "it is prepared for quantisation; save the state_dict of the float model"},
    {"zero_point", "it is quantised; save the float model"},
    {".running_", "a batch norm without all its four tensors, or in a place where the network has none; save the whole state_dict, or describe the "
                     "network in a .net file and name it with --network"},
};

enum { REMEDIES = sizeof remedies / sizeof remedies[0] };

/* The first remedy for a name, or REMEDIES. */
static int find_sign(const char *name)
{
    int i = 0;
    while (i < REMEDIES && strstr(name, remedies[i].part) == NULL)
        i++;
    return i;
}

static const char *remedy_for(const TensorFile *file, const Misfit *misfit)
{
    const char *const slash = strrchr(file->path, '/');
    if (strstr(slash != NULL ? slash : file->path, "-of-") != NULL)
        return "it is one part of a model saved in several; join them: in Python load all parts into one dict and save that";
    if (misfit->sign < REMEDIES)
        return remedies[misfit->sign].what;
    if (misfit->missing == 0 && misfit->mismatched == 0)
        return "they may change its answer; describe the network in a .net file and name it with --network, or save without them";
    if (strcmp(file->format, "caffemodel") == 0)
        return "keep Caffe's layer names and sizes, or describe the network in a .net file and name it with --network";
    return "save the whole state_dict, or choose another network with --network";
}

static bool refuse(const TensorFile *file, const Net *net, const Misfit *misfit, Err *err)
{
    char shapes[360] = "", missing[290] = "", unknown[290] = "";
    if (misfit->mismatched > 0)
        snprintf(shapes, sizeof shapes, "; %d of another shape (%s)", misfit->mismatched, misfit->first_mismatch);
    if (misfit->missing > 0)
        snprintf(missing, sizeof missing, "; %d of %d missing (%s)", misfit->missing, misfit->needed, misfit->missing_names);
    if (misfit->unknown > 0)
        snprintf(unknown, sizeof unknown, "; %d that the network does not have (%s)", misfit->unknown, misfit->unknown_names);
    return err_set(err, "%s: does not fit network %s, nothing was loaded%s%s%s; %s", file->path, net->name, shapes, missing, unknown,
                   remedy_for(file, misfit));
}

/* A head of several layers: two or more of the tensors that no parameter took are matrices, one of them with the width of the
 * last layer; for example fc.1 (256x1024) and fc.4 (5x256). */
static bool refuse_deep_head(const TensorFile *file, const Match *match, Err *err)
{
    const Net *net = match->net;
    const int scorer = net_scorer(net, 0), weight = scorer >= 0 ? net->layers[scorer].weight : -1;
    const int64_t width = weight >= 0 ? (int64_t)(net->params[weight].count / (size_t)net->params[weight].dims[0]) : 0;
    const FileTensor *list[4];
    char text[3][200];
    int count = 0;
    bool first = false;
    for (int i = 0; i < file->count && count < 4; i++) {
        const FileTensor *t = &file->tensors[i];
        const bool last = weight >= 0 && match->tensors[weight] == t;
        if ((match->used[i] && !(last && match->last[0] != '\0')) || t->dim_count != 2 || !tensor_is_float(t) || name_is_of_head(t->name) || !text_ends(t->name, ".weight"))
            continue;
        first = first || t->dims[1] == width;
        list[count++] = t;
    }
    if (count < 2 || !first)
        return true;
    for (int i = 0; i < count && i < 3; i++) {
        char dims[60];
        dims_text(list[i]->dims, 2, dims, sizeof dims);
        snprintf(text[i], sizeof text[i], "%.80s %s", list[i]->name, dims);
    }
    return err_set(err, "%s: its classifier has several layers (%s, %s%s%s); one linear layer is possible behind network %s: train one that has no other, "
                        "or describe the network in a .net file and name it with --network", file->path, text[0], text[1], count > 2 ? ", " : "", count > 2 ? text[2] : "",
                   net->name);
}

/* A bias of the convolutions that batch norm follows: all have one, or none has. One alone may have got lost. */
static bool check_norm_biases(const TensorFile *file, const Match *match, Err *err)
{
    const Net *net = match->net;
    int with = -1, without = -1;
    for (int l = 0; l < net->main_count; l++) {
        const FileNorm *n = &match->norms[l];
        if (n->var == NULL)
            continue;
        const FileTensor *bad = match_bad_norm(match, l);
        if (bad != NULL)
            return err_set(err, "%s: does not fit network %s, nothing was loaded; %s has %zu numbers, not %d", file->path, net->name, bad->name,
                           bad->count, net->layers[l].out.c);
        if (match_folds(match, l) && !net->layers[l].bias)
            return err_set(err, "%s: has batch norm for %s, and network %s has neither that nor a bias there; write `batchnorm eps=1e-5` into its .net file",
                           file->path, net->layers[l].name, net->name);
        *(n->bias != NULL ? &with : &without) = l;
    }
    return with < 0 || without < 0 ||
           err_set(err, "%s: %s has a bias before its batch norm and %s has none, so one of them got lost; save the whole state_dict", file->path,
                   net->layers[with].name, net->layers[without].name);
}

static void check_params(const Match *match, Misfit *misfit)
{
    const Net *net = match->net;
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        const FileTensor *tensor = match->tensors[i];
        char name[160];
        if (net->layers[p->layer].head > 0)
            continue;
        misfit->needed++;
        match_name(match, i, name, sizeof name);
        if (tensor == NULL && !(p->kind == PARAM_BIAS && match_folds(match, p->layer)))
            list_add(misfit->missing_names, sizeof misfit->missing_names, misfit->missing++, name);
        else if (tensor != NULL && !match_shapes(tensor, p) && misfit->mismatched++ == 0)
            describe_shapes(tensor, p, misfit->first_mismatch, sizeof misfit->first_mismatch);
    }
}

static void check_unknown(const TensorFile *file, const Match *match, Misfit *misfit)
{
    for (int i = 0; i < file->count; i++) {
        const FileTensor *t = &file->tensors[i];
        if (match->used[i] || name_is_of_head(t->name) || find_allowed(file, t) != NULL)
            continue;
        const int sign = find_sign(t->name);
        misfit->sign = sign < misfit->sign ? sign : misfit->sign;
        list_add(misfit->unknown_names, sizeof misfit->unknown_names, misfit->unknown++, t->name);
    }
}

bool rest_check(const TensorFile *file, Match *match, bool *heads, char lacking[200], Err *err)
{
    const Net *net = match->net;
    Misfit misfit = {.sign = REMEDIES};
    check_params(match, &misfit);
    check_unknown(file, match, &misfit);
    if (misfit.unknown > 0 && misfit.mismatched == 0 && !refuse_deep_head(file, match, err))
        return false;
    if (misfit.missing > 0 || misfit.mismatched > 0 || misfit.unknown > 0)
        return refuse(file, net, &misfit, err);
    for (int i = 0; i < net->param_count; i++)
        if (net->layers[net->params[i].layer].head == 0 && match->tensors[i] != NULL && !tensor_is_float(match->tensors[i]))
            return err_set(err, "%s: tensor %s holds integers; weights are F32, F16, BF16 or F64", file->path, match->tensors[i]->name);
    if (!check_norm_biases(file, match, err))
        return false;
    check_heads(file, match, heads, lacking);
    if (!*heads)
        drop_heads(match);
    return true;
}
