/* weights_pth.c - reads PyTorch's checkpoints: the zip form (since 1.6) and the legacy form before it. Both are a pickle that
 * describes tensors, and storages that hold their elements. */
#include "engine/base/size.h"
#include "engine/base/limits.h"
#include "engine/io/bits.h"
#include "engine/io/pickle.h"
#include "engine/io/weights_readers.h"
#include "engine/io/weights_zip.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 3, DICT_MAX = 20000 };

/* The place of the elements of the storage with this key, once it is known. */
typedef struct Storage {
    const char *key;
    size_t key_length;
    unsigned char *data;
    size_t size;                /* bytes */
    size_t element;
} Storage;

typedef struct Storages {
    Storage *list;              /* by key_length and key, each key once */
    int count;
} Storages;

static int by_key(const void *a, const void *b)
{
    const Storage *x = a, *y = b;
    if (x->key_length != y->key_length)
        return x->key_length < y->key_length ? -1 : 1;
    return x->key == y->key ? 0 : memcmp(x->key, y->key, x->key_length);
}

/* Orders by key; equal keys in the order in which the pickle names them: keys point into the pickle. */
static int by_key_and_place(const void *a, const void *b)
{
    const Storage *x = a, *y = b;
    const int order = by_key(a, b);
    return order != 0 ? order : (x->key > y->key) - (x->key < y->key);
}

static Storage *find_storage(const Storages *storages, const char *key, size_t length)
{
    const Storage wanted = {.key = key, .key_length = length};
    return storages->count > 0 ? bsearch(&wanted, storages->list, (size_t)storages->count, sizeof wanted, by_key) : NULL;
}

static bool add_storage(const TensorFile *file, Storages *storages, const Value *v, Err *err)
{
    if (v->length > LIMIT_STORAGE_KEY)
        return err_set(err, "%s: the key of a storage has %zu bytes, but at most %d are possible; the file is broken", file->path, v->length, LIMIT_STORAGE_KEY);
    storages->list[storages->count++] = (Storage){.key = v->text, .key_length = v->length, .element = v->element};
    return true;
}

/* Sorts and drops repeated keys. */
static bool finish_storages(const TensorFile *file, Storages *storages, Err *err)
{
    int kept = 0;
    if (storages->count > 0)
        qsort(storages->list, (size_t)storages->count, sizeof *storages->list, by_key_and_place);
    for (int i = 0; i < storages->count; i++)
        if (kept == 0 || by_key(&storages->list[kept - 1], &storages->list[i]) != 0)
            storages->list[kept++] = storages->list[i];
    storages->count = kept;
    return kept <= LIMIT_STORAGES || err_set(err, "%s: more than %d storages, so not a GoogLeNet", file->path, LIMIT_STORAGES);
}

static bool make_room(const TensorFile *file, Storages *storages, int count, Err *err)
{
    *storages = (Storages){.list = malloc(((size_t)count + 1) * sizeof *storages->list)};
    return storages->list != NULL || err_set(err, "%s: not enough memory", file->path);
}

/* Every storage that the pickle names. */
static bool list_storages(const TensorFile *file, const Pickle *pickle, Storages *storages, Err *err)
{
    if (!make_room(file, storages, pickle->count, err))
        return false;
    for (int i = 0; i < pickle->count; i++)
        if (pickle->values[i].kind == VALUE_STORAGE && !add_storage(file, storages, &pickle->values[i], err))
            return false;
    return finish_storages(file, storages, err);
}

/* The storages of the tensors in one dict. The state of an optimiser, outside it, is not needed. */
static bool list_storages_of(const TensorFile *file, const Pickle *pickle, int dict, Storages *storages, Err *err)
{
    const Value *d = &pickle->values[dict];
    if (!make_room(file, storages, d->count, err))
        return false;
    for (int i = 0; i < d->count; i += 2) {
        const Value *tensor = &pickle->values[d->items[i + 1]];
        if (tensor->kind == VALUE_TENSOR && !add_storage(file, storages, &pickle->values[tensor->storage], err))
            return false;
    }
    return finish_storages(file, storages, err);
}

static void swap_bytes(const Storage *s)
{
    for (size_t i = 0; i + s->element <= s->size; i += s->element)
        for (size_t a = i, b = i + s->element - 1; a < b; a++, b--) {
            unsigned char byte = s->data[a];
            s->data[a] = s->data[b];
            s->data[b] = byte;
        }
}

/* Adds one tensor. Its furthest element is computed from the strides and must be inside the storage. */
static bool add_tensor(TensorFile *file, const Pickle *pickle, const Storages *storages, const Value *name,
                       const Value *tensor, Err *err)
{
    const Value *storage = &pickle->values[tensor->storage];
    const Value *size = &pickle->values[tensor->size], *stride = &pickle->values[tensor->stride];
    const Storage *stored = find_storage(storages, storage->text, storage->length);
    FileTensor *t = tensor_file_add(file, name->text, name->length, err);
    int64_t dims[8];
    if (t == NULL)
        return false;
    if (stored == NULL || stored->data == NULL || size->count > 8 || stride->count != size->count)
        return err_set(err, "%s: tensor %s has no storage or an impossible shape", file->path, t->name);
    for (int i = 0; i < size->count; i++)
        dims[i] = pickle->values[size->items[i]].kind == VALUE_INT ? pickle->values[size->items[i]].integer : -1;
    if (!tensor_set_dims(file, t, dims, size->count, err))
        return false;
    const size_t elements = storage->element > 0 ? stored->size / storage->element : 0;
    uint64_t first, last; /* sums of ten sizes at most */
    bool inside = tensor->offset >= 0 && storage->offset >= 0 && (uint64_t)tensor->offset <= elements &&
                  (uint64_t)storage->offset <= elements;
    first = last = inside ? (uint64_t)tensor->offset + (uint64_t)storage->offset : 0;
    for (int i = 0; inside && i < size->count; i++) {
        int64_t step =
            pickle->values[stride->items[i]].kind == VALUE_INT ? pickle->values[stride->items[i]].integer : -1;
        size_t reach = 0;
        inside =
            size_fits(step) && (dims[i] < 2 || (size_mul((size_t)(dims[i] - 1), (size_t)step, &reach) && reach <= elements));
        last += reach;
        t->strides[i] = step;
    }
    if (!inside || (t->count > 0 && last >= elements))
        return err_set(err,
                       "%s: tensor %s reaches beyond its storage of %zu elements; the file is broken, get it again",
                       file->path, t->name, elements);
    t->dtype = storage->dtype;
    t->data = stored->data + first * storage->element;
    return true;
}

typedef struct Found {
    int dict, tensors;          /* -1 before one is found */
    const char *key;            /* its key, not terminated */
    int key_length;             /* 0 for the root */
} Found;

typedef struct Search {
    const Pickle *pickle;
    int *tensors;               /* per value: the number of tensors in a dict, + 1; 0 before it is counted */
    Found best;
} Search;

static int count_tensors(Search *s, int dict)
{
    const Value *values = s->pickle->values, *d = &values[dict];
    if (s->tensors[dict] == 0) {
        s->tensors[dict] = 1;
        for (int i = 0; d->kind == VALUE_DICT && i < d->count; i += 2)
            s->tensors[dict] += values[d->items[i]].kind == VALUE_TEXT && values[d->items[i + 1]].kind == VALUE_TENSOR;
    }
    return s->tensors[dict] - 1;
}

/* Finds the dict of tensors: the root, or an entry that a training script put into it. If there are several, the one with most
 * tensors, since a checkpoint may also contain a loss. Of equal ones, the first in the order of the usual names, then of the
 * file. Other names are searched only in the root. `depth` ends circular files, and dicts that are much too large are skipped. */
static void find_state_dict(Search *s, int dict, const char *key, size_t key_length, int depth)
{
    static const char *const usual[] = {"state_dict", "model_state_dict", "model_state", "model",
                                        "net",        "network",          "weights",     "params"};
    const Value *values = s->pickle->values, *root = &values[dict];
    if (root->kind != VALUE_DICT || root->count > 2 * DICT_MAX)
        return;
    int tensors = count_tensors(s, dict);
    if (tensors > s->best.tensors)
        s->best = (Found){dict, tensors, key, key_length < 30 ? (int)key_length : 30};
    for (size_t i = 0; depth < DEPTH_MAX && i < sizeof usual / sizeof usual[0]; i++) {
        int inner = pickle_lookup(s->pickle, dict, usual[i]);
        if (inner >= 0)
            find_state_dict(s, inner, usual[i], strlen(usual[i]), depth + 1);
    }
    for (int i = 0; depth == 0 && i < root->count; i += 2)
        if (values[root->items[i]].kind == VALUE_TEXT)
            find_state_dict(s, root->items[i + 1], values[root->items[i]].text, values[root->items[i]].length, DEPTH_MAX);
}

/* Finds the state_dict: *dict is its value. */
static bool find_weights(TensorFile *file, const Pickle *pickle, int *dict, Err *err)
{
    Search search = {.pickle = pickle, .tensors = calloc((size_t)pickle->count, sizeof(int)), .best = {.dict = -1}};
    if (search.tensors == NULL)
        return err_set(err, "%s: not enough memory", file->path);
    find_state_dict(&search, pickle->root, "", 0, 0);
    free(search.tensors);
    if (search.best.dict < 0)
        return err_set(err,
                       "%s: a PyTorch file, but without a state_dict in it; in Python save "
                       "torch.save(net.state_dict(), 'weights.pth')",
                       file->path);
    snprintf(file->nested, sizeof file->nested, "%.*s", search.best.key_length, search.best.key);
    *dict = search.best.dict;
    return true;
}

static bool add_tensors(TensorFile *file, const Pickle *pickle, int dict, const Storages *storages, Err *err)
{
    const Value *d = &pickle->values[dict];
    for (int i = 0; i < d->count; i += 2) {
        const Value *key = &pickle->values[d->items[i]], *value = &pickle->values[d->items[i + 1]];
        if (key->kind == VALUE_TEXT && value->kind == VALUE_TENSOR &&
            !add_tensor(file, pickle, storages, key, value, err))
            return false;
    }
    return true;
}

/* ---- the zip form: ROOT/data.pkl, ROOT/data/KEY, ROOT/byteorder ---- */

static bool read_zip_storages(TensorFile *file, zip_t *zip, const char *root, int root_length, const Storages *storages,
                              Err *err)
{
    char name[400];
    unsigned char *order;
    size_t size;
    snprintf(name, sizeof name, "%.*sbyteorder", root_length, root);
    zip_int64_t index = zip_name_locate(zip, name, 0);
    bool big = index >= 0 && zip_read_member(file, zip, (zip_uint64_t)index, &order, &size, err) && size >= 3 &&
               memcmp(order, "big", 3) == 0;
    for (int i = 0; i < storages->count; i++) {
        Storage *s = &storages->list[i];
        snprintf(name, sizeof name, "%.*sdata/%.*s", root_length, root, (int)s->key_length, s->key);
        index = zip_name_locate(zip, name, 0);
        if (index < 0)
            return err_set(err, "%s: member %s is missing; the file is broken, get it again", file->path, name);
        if (!zip_read_member(file, zip, (zip_uint64_t)index, &s->data, &s->size, err))
            return false;
        if (big)
            swap_bytes(s);
    }
    return true;
}

/* index: that of the member data.pkl. */
static bool read_archive(TensorFile *file, zip_t *zip, zip_uint64_t index, Err *err)
{
    static const char suffix[] = "data.pkl";
    unsigned char *bytes;
    size_t size;
    const char *name = zip_get_name(zip, index, 0);
    char root[256];
    int root_length = (int)(strlen(name) - strlen(suffix));
    if (root_length >= (int)sizeof root)
        return err_set(err, "%s: broken zip archive", file->path);
    snprintf(root, sizeof root, "%.*s", root_length, name);
    zip_stat_t stat;
    if (zip_stat_index(zip, index, 0, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) != 0 && stat.size > (uint64_t)LIMIT_PICKLE_MB << 20)
        return err_set(err, "%s: its %s is larger than %d MB, so it has more than a state_dict; in Python save only the weights, "
                            "torch.save(net.state_dict(), 'weights.pth')", file->path, name, LIMIT_PICKLE_MB);
    if (!zip_read_member(file, zip, index, &bytes, &size, err)) /* an error where the size is not known */
        return false;
    Pickle pickle;
    Storages storages = {0};
    int dict;
    bool good = pickle_read(&pickle, bytes, size, file->path, err) && find_weights(file, &pickle, &dict, err) &&
                list_storages_of(file, &pickle, dict, &storages, err) &&
                read_zip_storages(file, zip, root, root_length, &storages, err) &&
                add_tensors(file, &pickle, dict, &storages, err);
    pickle_free(&pickle);
    free(storages.list);
    return good;
}

bool pth_zip_recognise(const TensorFile *file)
{
    return zip_holds(file, "/data.pkl");
}

bool pth_zip_read(TensorFile *file, Err *err)
{
    zip_t *zip = zip_open_tensors(file, err);
    const bool good = zip != NULL && read_archive(file, zip, (zip_uint64_t)zip_find_ending(zip, "/data.pkl"), err);
    if (zip != NULL)
        zip_discard(zip);
    return good;
}

bool torchscript_recognise(const TensorFile *file)
{
    return zip_holds(file, "/constants.pkl");
}

bool torchscript_refuse(TensorFile *file, Err *err)
{
    return err_set(err,
                   "%s: a TorchScript archive, which contains code; in Python save torch.save(torch.jit.load('%.200s').state_dict(), "
                   "'weights.pth')",
                   file->path, file->path);
}

/* ---- the legacy form: magic, protocol, system, object, keys as five pickles, then per key a count and the elements ---- */

static bool legacy_storages(TensorFile *file, const Pickle *keys, size_t at, bool big, const Storages *storages,
                            Err *err)
{
    unsigned char *bytes = file->bytes;
    const Value *list = &keys->values[keys->root];
    for (int i = 0; list->kind == VALUE_LIST && i < list->count; i++) {
        const Value *key = &keys->values[list->items[i]];
        Storage *s = key->kind == VALUE_TEXT ? find_storage(storages, key->text, key->length) : NULL;
        if (s == NULL || s->data != NULL || s->element == 0)
            return err_set(err, "%s: its list of storages does not match its tensors; the file is broken", file->path);
        if (file->size - at < 8)
            return err_set(err, "%s: the file ends before storage %d of %d; get it again", file->path, i + 1,
                           list->count);
        uint64_t count = load_le(bytes + at, 8);
        if (big)
            count = __builtin_bswap64(count);
        at += 8;
        if (count > (file->size - at) / s->element)
            return err_set(err, "%s: the file ends inside storage %d of %d; get it again", file->path, i + 1,
                           list->count);
        s->data = bytes + at;
        s->size = (size_t)count * s->element;
        at += s->size;
        if (big)
            swap_bytes(s);
    }
    return true;
}

bool pth_legacy_recognise(const TensorFile *file)
{
    return file->size >= 8 && memcmp(file->bytes, "\x80\2\x8a\x0a\x6c\xfc\x9c\x46", 8) == 0;
}

bool pth_legacy_read(TensorFile *file, Err *err)
{
    enum { MAGIC, PROTOCOL, SYSTEM, OBJECT, KEYS, PICKLES };
    Pickle pickles[PICKLES] = {{0}};
    Storages storages = {0};
    size_t at = 0;
    bool good = true;
    for (int i = 0; good && i < PICKLES; i++) {
        good = pickle_read(&pickles[i], (unsigned char *)file->bytes + at, file->size - at, file->path, err);
        at += pickles[i].used;
    }
    if (good) {
        const Pickle *system = &pickles[SYSTEM];
        int little = pickle_lookup(system, system->root, "little_endian");
        bool big = little >= 0 && system->values[little].kind == VALUE_INT && system->values[little].integer == 0;
        int dict;
        good = find_weights(file, &pickles[OBJECT], &dict, err) && list_storages(file, &pickles[OBJECT], &storages, err) &&
               legacy_storages(file, &pickles[KEYS], at, big, &storages, err) &&
               add_tensors(file, &pickles[OBJECT], dict, &storages, err);
    }
    for (int i = 0; i < PICKLES; i++)
        pickle_free(&pickles[i]);
    free(storages.list);
    return good;
}

/* ---- near misses ---- */

bool pickle_recognise(const TensorFile *file)
{
    const unsigned char *bytes = file->bytes;
    return file->size >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
}

bool pickle_refuse(TensorFile *file, Err *err)
{
    return err_set(err, "%s: a bare Python pickle, not a file of torch.save; in Python save torch.save(net.state_dict(), 'weights.pth')",
                   file->path);
}

bool tar_recognise(const TensorFile *file)
{
    return file->size >= 263 && memcmp((const unsigned char *)file->bytes + 257, "ustar", 5) == 0;
}

bool tar_refuse(TensorFile *file, Err *err)
{
    return err_set(err, "%s: a tar archive, as PyTorch wrote before version 0.2; unpack it, or load and save it again in PyTorch", file->path);
}
