/* weights_save.c - writes the native file; and makes random weights. */
#include "engine/base/safe_file.h"
#include "engine/io/bits.h"
#include "engine/io/safetensors_header.h"
#include "engine/io/weights.h"
#include "engine/io/weights_names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* NULL if out of memory. */
static unsigned char *make_header(const Net *net, size_t element, const char *type, const char *const *metadata, size_t *size)
{
    json_t *root = json_object(), *strings = json_object();
    size_t offset = 0;
    json_object_set_new(strings, "format", json_string("pt"));
    json_object_set_new(strings, "network", json_string(net->name));
    for (const char *const *pair = metadata; pair != NULL && pair[0] != NULL; pair += 2)
        json_object_set_new(strings, pair[0], json_string(pair[1]));
    json_object_set_new(root, "__metadata__", strings);
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        char name[160];
        param_torch_name(net, i, name, sizeof name);
        json_t *shape = json_array();
        for (int d = 0; d < p->dim_count; d++)
            json_array_append_new(shape, json_integer(p->dims[d]));
        size_t end = offset + p->count * element;
        json_object_set_new(root, name, json_pack("{s:s, s:o, s:[I, I]}", "dtype", type, "shape", shape, "data_offsets",
                                                  (json_int_t)offset, (json_int_t)end));
        offset = end;
    }
    return safetensors_header(root, size);
}

bool weights_save(const char *path, const Net *net, const float *weights, DType dtype, const char *const *metadata,
                  Err *err)
{
    assert(dtype == DTYPE_F32 || dtype == DTYPE_F16);
    bool half = dtype == DTYPE_F16;
    size_t size = 0;
    unsigned char *header = make_header(net, half ? 2 : 4, half ? "F16" : "F32", metadata, &size);
    if (header == NULL)
        return err_set(err, "%s: not enough memory for the file's header", path);
    SafeFile file;
    bool good = safe_file_open(&file, path, err) && safe_file_write(&file, header, size, err);
    free(header);
    for (int i = 0; good && i < net->param_count; i++) {
        const Param *p = &net->params[i];
        good = write_floats(&file, weights + p->offset, p->count, half, err);
    }
    return good && safe_file_commit(&file, err);
}

static void random_param(const Net *net, int index, uint64_t seed, float *weights)
{
    const Param *p = &net->params[index];
    float *w = weights + p->offset;
    Rng rng = rng_make(seed, (uint64_t)index);
    double fan_in = 1.0;
    for (int d = 1; d < p->dim_count; d++)
        fan_in *= p->dims[d];
    double deviation = sqrt(2.0 / fan_in);
    float constant = p->kind == PARAM_BN_GAMMA || p->kind == PARAM_BN_VAR ? 1.0f : 0.0f;
    for (size_t k = 0; k < p->count; k++)
        w[k] = p->kind == PARAM_WEIGHT ? (float)(deviation * rng_normal(&rng)) : constant;
}

void weights_random(const Net *net, uint64_t seed, float *weights)
{
    for (int i = 0; i < net->param_count; i++)
        random_param(net, i, seed, weights);
}

void weights_random_heads(const Net *net, uint64_t seed, float *weights)
{
    for (int i = 0; i < net->param_count; i++)
        if (net->layers[net->params[i].layer].head > 0)
            random_param(net, i, seed, weights);
}
