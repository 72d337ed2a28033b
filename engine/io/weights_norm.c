/* weights_norm.c - see weights_norm.h. */
#include "engine/io/weights_norm.h"

#include <math.h>
#include <stdio.h>

/* torch.nn.BatchNorm2d, and batch_norm_param in caffe.proto. */
static const double default_eps = 1e-5;

/* The file's epsilon, else PyTorch's and Caffe's default. */
static double epsilon(const Match *match, int layer)
{
    const FileTensor *var = match->norms[layer].var;
    return var->norm_eps > 0.0f ? (double)var->norm_eps : default_eps;
}

/* Folds channel c: y = scale * (w*x) + shift. */
static void channel(const Match *match, int layer, size_t c, double *scale, double *shift)
{
    const FileNorm *n = &match->norms[layer];
    const double bias = n->bias != NULL ? tensor_number(n->bias, c) : 0.0;
    *scale = tensor_number(n->gamma, c) / sqrt(tensor_number(n->var, c) + epsilon(match, layer));
    *shift = (bias - tensor_number(n->mean, c)) * *scale + tensor_number(n->beta, c);
}

/* The file's epsilon minus the network's; 0 if the file gives none. */
static double eps_difference(const Match *match, int layer)
{
    const float file = match->norms[layer].var->norm_eps, own = match->net->layers[layer].bn_eps;
    return file > 0.0f && file != own ? (double)file - (double)own : 0.0;
}

bool norm_take(const Match *match, int param, float *out)
{
    const Param *p = &match->net->params[param];
    const FileNorm *n = &match->norms[p->layer];
    const FileTensor *tensor = match->tensors[param];
    const bool folds = match_folds(match, p->layer);
    double scale, shift;
    if (folds && p->kind == PARAM_BIAS) {
        for (size_t c = 0; c < p->count; c++) {
            channel(match, p->layer, c, &scale, &shift);
            out[c] = (float)shift;
        }
    } else if (folds && p->kind == PARAM_WEIGHT) {
        const size_t columns = p->count / (size_t)p->dims[0];
        for (size_t c = 0; c < (size_t)p->dims[0]; c++) {
            channel(match, p->layer, c, &scale, &shift);
            for (size_t i = c * columns; i < (c + 1) * columns; i++)
                out[i] = (float)(tensor_number(tensor, i) * scale);
        }
    } else if (p->kind == PARAM_BN_MEAN && n->bias != NULL) {
        for (size_t c = 0; c < p->count; c++)
            out[c] = (float)(tensor_number(tensor, c) - tensor_number(n->bias, c));
    } else if (p->kind == PARAM_BN_VAR && n->var != NULL && eps_difference(match, p->layer) != 0.0) {
        for (size_t c = 0; c < p->count; c++)
            out[c] = (float)(tensor_number(tensor, c) + eps_difference(match, p->layer));
    } else {
        tensor_copy(tensor, out);
        return true;
    }
    return false;
}

void norm_note(const Match *match, char *out, size_t size)
{
    const Net *net = match->net;
    int folded = 0, first = -1, biases = 0, shifted = 0;
    bool given = false, differ = false;
    for (int l = 0; l < net->main_count; l++) {
        if (match->norms[l].var == NULL)
            continue;
        if (match_folds(match, l)) {
            first = first < 0 ? l : first;
            folded++;
            given = given || match->norms[l].var->norm_eps > 0.0f;
            differ = differ || epsilon(match, l) != epsilon(match, first);
        } else {
            biases += match->norms[l].bias != NULL;
            shifted += eps_difference(match, l) != 0.0;
        }
    }
    out[0] = '\0';
    if (folded > 0 && differ)
        snprintf(out, size, "batch norm folded into %d convolutions, each with the file's own epsilon", folded);
    else if (folded > 0)
        snprintf(out, size, "batch norm folded into %d convolutions with epsilon %g, %s", folded, epsilon(match, first),
                 given ? "as the file says" : match->naming == NAMING_CAFFE ? "Caffe's default" : "PyTorch's default, since the file names none");
    else if (biases > 0 || shifted > 0)
        snprintf(out, size, "%s%s%s", biases > 0 ? "the convolutions' biases subtracted from the means of their batch norm" : "", biases > 0 && shifted > 0 ? "; " : "",
                 shifted > 0 ? "the variances changed by the difference between the file's epsilon and the network's" : "");
}
