/* weights_tidy.c - see weights_tidy.h. */
#include "engine/io/weights_tidy.h"
#include "engine/io/bits.h"

#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* Whether the name begins with these letters and goes on after them. */
static bool has_prefix(const FileTensor *tensor, const char *prefix, size_t length)
{
    return strncmp(tensor->name, prefix, length) == 0 && tensor->name[length] != '\0';
}

/* The length of the word that DataParallel or another wrapper put in front of the names; 0 for none. The first convolution tells
 * it, since its name has the same end in every GoogLeNet of PyTorch; otherwise it is a usual word that all names begin with. */
static size_t prefix_length(const TensorFile *file, const char **prefix)
{
    static const char *const usual[] = {"module.", "model.", "net.", "_orig_mod."};
    static const char first[] = "conv1.conv.weight";
    size_t length = 0;
    for (int i = 0; i < file->count; i++) {
        const char *name = file->tensors[i].name;
        size_t size = strlen(name), before = size >= sizeof first - 1 ? size - (sizeof first - 1) : size;
        if (strcmp(name, first) == 0)
            return 0;
        if (length == 0 && before > 0 && before < size && before < sizeof file->prefix && name[before - 1] == '.' &&
            strcmp(name + before, first) == 0) {
            length = before;
            *prefix = name;
        }
    }
    for (size_t p = 0; length == 0 && p < sizeof usual / sizeof usual[0]; p++) {
        int common = 0;
        while (common < file->count && has_prefix(&file->tensors[common], usual[p], strlen(usual[p])))
            common++;
        length = common == file->count ? strlen(usual[p]) : 0;
        *prefix = usual[p];
    }
    return length;
}

static void strip_prefix(TensorFile *file)
{
    const char *prefix = "";
    size_t length = prefix_length(file, &prefix);
    memcpy(file->prefix, prefix, length);
    for (int i = 0; length > 0 && i < file->count; i++) {
        char *name = file->tensors[i].name;
        if (has_prefix(&file->tensors[i], file->prefix, length))
            memmove(name, name + length, strlen(name + length) + 1);
    }
}

/* Wrappers put words inside the names too: "inception3a._fsdp_wrapped_module.branch1". Removes them all. */
static void strip_inner(TensorFile *file)
{
    static const char *const words[] = {"_fsdp_wrapped_module.", "_checkpoint_wrapped_module.", "_orig_mod."};
    const char *removed = NULL;
    for (int i = 0; i < file->count; i++)
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
            for (char *at; (at = strstr(file->tensors[i].name, words[w])) != NULL && at[strlen(words[w])] != '\0'; removed = words[w])
                memmove(at, at + strlen(words[w]), strlen(at + strlen(words[w])) + 1);
    if (removed != NULL)
        tensor_file_remark(file, "'%s' removed from the names", removed);
}

static void make_printable(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

/* Names are shown, so line breaks and escape sequences are removed. Names of real tensors have none. */
static void make_names_printable(TensorFile *file)
{
    for (int i = 0; i < file->count; i++)
        make_printable(file->tensors[i].name);
    make_printable(file->nested);
}

/* ---- pruned weights ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const FileTensor *const *)a)->name, (*(const FileTensor *const *)b)->name);
}

static FileTensor *find(FileTensor **sorted, int count, const char *name)
{
    FileTensor key, *wanted = &key;
    snprintf(key.name, sizeof key.name, "%s", name);
    FileTensor **found = bsearch(&wanted, sorted, (size_t)count, sizeof *sorted, by_name);
    return found != NULL ? *found : NULL;
}

/* Replaces a weight by its product with the mask, rounded to float as in PyTorch. */
static bool multiply(TensorFile *file, FileTensor *weight, const FileTensor *mask, Err *err)
{
    unsigned char *values = weight->count <= SIZE_MAX / 4 ? tensor_file_alloc(file, weight->count * 4, err) : NULL;
    int64_t stride = 1;
    if (values == NULL)
        return false;
    for (size_t i = 0; i < weight->count; i++)
        store_le(values + 4 * i, float_bits(tensor_element(weight, i) * tensor_element(mask, i)), 4);
    for (int d = weight->dim_count - 1; d >= 0; stride *= weight->dims[d--])
        weight->strides[d] = stride;
    weight->data = values;
    weight->dtype = DTYPE_F32;
    return true;
}

static const char mask_end[] = "_mask", weight_end[] = "_orig";

/* The weight NAME_orig of the mask NAME_mask; NULL if there is none, or a NAME already. */
static FileTensor *weight_of(FileTensor **sorted, int count, const FileTensor *mask)
{
    const size_t size = strlen(mask->name), end = sizeof mask_end - 1;
    char name[200];
    if (size <= end || strcmp(mask->name + size - end, mask_end) != 0)
        return NULL;
    snprintf(name, sizeof name, "%.*s", (int)(size - end), mask->name);
    if (find(sorted, count, name) != NULL)
        return NULL;
    snprintf(name + size - end, sizeof name - (size - end), "%s", weight_end);
    FileTensor *weight = find(sorted, count, name);
    const bool fits = weight != NULL && tensor_is_float(weight) && tensor_is_float(mask) && weight->dim_count == mask->dim_count &&
                      memcmp(weight->dims, mask->dims, sizeof *mask->dims * (size_t)mask->dim_count) == 0;
    return fits ? weight : NULL;
}

/* Fills weights[i], the weight of the mask i or NULL. False if out of memory. */
static bool find_masks(TensorFile *file, FileTensor **weights)
{
    FileTensor **sorted = malloc(((size_t)file->count + 1) * sizeof *sorted);
    if (sorted == NULL)
        return false;
    for (int i = 0; i < file->count; i++)
        sorted[i] = &file->tensors[i];
    qsort(sorted, (size_t)file->count, sizeof *sorted, by_name);
    for (int i = 0; i < file->count; i++)
        weights[i] = weight_of(sorted, file->count, &file->tensors[i]);
    free(sorted);
    return true;
}

/* torch.nn.utils.prune stores NAME_orig and NAME_mask for NAME, their product. A mask without its weight, or the other way round,
 * stays as it is, and no network has such a parameter. */
static bool apply_masks(TensorFile *file, Err *err)
{
    FileTensor **weights = malloc(((size_t)file->count + 1) * sizeof *weights);
    int applied = 0, kept = 0;
    if (weights == NULL || !find_masks(file, weights)) {
        free(weights);
        return err_set(err, "%s: not enough memory for its list of tensors", file->path);
    }
    bool good = true;
    for (int i = 0; good && i < file->count; i++)
        if (weights[i] != NULL) {
            good = multiply(file, weights[i], &file->tensors[i], err);
            weights[i]->name[strlen(weights[i]->name) - (sizeof weight_end - 1)] = '\0';
            applied++;
        }
    for (int i = 0; good && i < file->count; i++)
        if (weights[i] == NULL)
            file->tensors[kept++] = file->tensors[i];
    file->count = good ? kept : file->count;
    free(weights);
    if (applied > 0)
        tensor_file_remark(file, "pruned: %d weights multiplied by their masks", applied);
    return good;
}

bool tensors_tidy(TensorFile *file, Err *err)
{
    make_names_printable(file);
    strip_inner(file);
    strip_prefix(file);
    return apply_masks(file, err);
}
