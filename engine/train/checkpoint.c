/* checkpoint.c - writes and reads the file that a training continues from; see checkpoint.h. */
#include "engine/train/checkpoint.h"
#include "engine/base/limits.h"

#include "engine/base/safe_file.h"
#include "engine/io/bits.h"
#include "engine/io/file.h"
#include "engine/io/safetensors_header.h"

#include <float.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, FIELDS_MAX = 64, HEADER_MAX = LIMIT_HEADER_MB << 20, FILE_MAX_GB = 64 };

/* The tensors in the file. */
enum { ARRAY_WEIGHTS, ARRAY_MOMENT1, ARRAY_MOMENT2, ARRAY_EMA, ARRAYS };
static const char *const array_names[] = {
    [ARRAY_WEIGHTS] = "weights", [ARRAY_MOMENT1] = "moment1", [ARRAY_MOMENT2] = "moment2", [ARRAY_EMA] = "average"};
_Static_assert(sizeof array_names / sizeof *array_names == ARRAYS, "every array has a name");

/* One scalar of the state. Writing and reading use the same table, so they cannot differ. */
typedef enum StateFieldKind { FIELD_INT, FIELD_INT64, FIELD_REAL, FIELD_BOOL } StateFieldKind;
typedef struct StateField {
    const char *name;
    StateFieldKind kind;
    void *value;
    double low, high;           /* its allowed range */
} StateField;

/* Far more steps than any training has, but far from an overflow. */
#define STEPS_MAX 1e15
#define PICTURES_MAX 1e9
#define EPOCHS_MAX 100000
#define SECONDS_MAX 1e12

static int list_fields(TrainOptions *o, Schedule *s, TrainProgress *p, int64_t *step, int *optimizer, int *kinds,
                       StateField fields[FIELDS_MAX])
{
    const StateField all[] = {
#define OPTION(kind, member, key, word, low, high) {key, FIELD_##kind, &o->member, low, high},
#include "engine/train/options.def"
#undef OPTION
        {"optimizer", FIELD_INT, optimizer, OPTIMIZER_ADAM, OPTIMIZER_SGD},
        {"schedule", FIELD_INT, &kinds[0], SCHEDULE_CONSTANT, SCHEDULE_STEP},
        {"phase_schedule", FIELD_INT, &kinds[1], SCHEDULE_CONSTANT, SCHEDULE_STEP},
        {"phase_lr", FIELD_REAL, &s->lr, 0, 1e6},
        {"phase_lr_min", FIELD_REAL, &s->lr_min, 0, 1e6},
        {"phase_first", FIELD_INT64, &s->first, 0, STEPS_MAX},
        {"phase_end", FIELD_INT64, &s->end, 0, STEPS_MAX},
        {"phase_warmup", FIELD_INT64, &s->warmup, 0, STEPS_MAX},
        {"phase_step_every", FIELD_INT64, &s->step_every, 0, STEPS_MAX},
        {"phase_step_factor", FIELD_REAL, &s->step_factor, 0, 1},
        {"step", FIELD_INT64, step, 0, STEPS_MAX},
        {"epoch", FIELD_INT, &p->epoch, 0, EPOCHS_MAX},
        {"batch_in_epoch", FIELD_INT, &p->batch, 0, PICTURES_MAX},
        {"phase", FIELD_INT, &p->phase, 1, EPOCHS_MAX},
        {"total", FIELD_REAL, &p->sums.total, 0, DBL_MAX},
        {"correct", FIELD_INT, &p->sums.correct, 0, PICTURES_MAX},
        {"seen", FIELD_INT64, &p->seen, 0, PICTURES_MAX},
        {"seconds", FIELD_REAL, &p->seconds, 0, SECONDS_MAX},
        {"best_accuracy", FIELD_REAL, &p->best_accuracy, -1, 1},
        {"best_loss", FIELD_REAL, &p->best_loss, 0, DBL_MAX},
        {"best_epoch", FIELD_INT, &p->best_epoch, 0, EPOCHS_MAX},
        {"best_is_average", FIELD_BOOL, &p->best_is_ema, 0, 1},
    };
    _Static_assert(sizeof all / sizeof *all <= FIELDS_MAX, "FIELDS_MAX is too small");
    memcpy(fields, all, sizeof all);
    return (int)(sizeof all / sizeof *all);
}

static json_t *field_json(const StateField *f)
{
    switch (f->kind) {
    case FIELD_INT:
        return json_integer(*(const int *)f->value);
    case FIELD_INT64:
        return json_integer(*(const json_int_t *)f->value);
    case FIELD_REAL:
        return json_real(*(const double *)f->value);
    case FIELD_BOOL:
        return json_boolean(*(const bool *)f->value);
    }
    return NULL;
}

static bool has_type(const StateField *f, const json_t *value)
{
    switch (f->kind) {
    case FIELD_INT:
    case FIELD_INT64:
        return json_is_integer(value);
    case FIELD_REAL:
        return json_is_real(value);
    case FIELD_BOOL:
        return json_is_boolean(value);
    }
    return false;
}

/* Not in the checkpoints of earlier versions: if it is missing, the value stays. */
static bool is_newer(const char *name)
{
    return strcmp(name, "views") == 0 || strcmp(name, "lr_ratio") == 0;
}

static bool field_read(const StateField *f, const json_t *value, const char *path, Err *err)
{
    if (value == NULL && is_newer(f->name))
        return true;
    if (!has_type(f, value))
        return err_set(err, "%s: '%s' is missing from its state or has a wrong type; it is damaged", path, f->name);
    const double number = json_is_boolean(value) ? json_is_true(value) : json_number_value(value);
    if (!(number >= f->low && number <= f->high))
        return err_set(err, "%s: '%s' of its state is %g, but must be %g to %g; it is damaged, start again in another --checkpoint-dir", path,
                       f->name, number, f->low, f->high);
    switch (f->kind) { /* every range of an int is inside an int's */
    case FIELD_INT:
        *(int *)f->value = (int)json_integer_value(value);
        break;
    case FIELD_INT64:
        *(json_int_t *)f->value = json_integer_value(value);
        break;
    case FIELD_REAL:
        *(double *)f->value = json_real_value(value);
        break;
    case FIELD_BOOL:
        *(bool *)f->value = json_is_true(value);
        break;
    }
    return true;
}

static json_t *numbers_json(const double *values, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_real(values[i]));
    return list;
}

/* Sums; none is negative. */
static bool numbers_read(const json_t *list, double *values, int count)
{
    if (!json_is_array(list) || json_array_size(list) != (size_t)count)
        return false;
    for (int i = 0; i < count; i++) {
        const json_t *value = json_array_get(list, (size_t)i);
        if (!json_is_real(value) || !(json_real_value(value) >= 0))
            return false;
        values[i] = json_real_value(value);
    }
    return true;
}

Identity checkpoint_identity(const Net *net, const Dataset *set)
{
    Identity id = {.train_count = set->count, .classes = &set->classes};
    snprintf(id.network, sizeof id.network, "%s", net->name);
    for (int i = 0; i < net->param_count; i++) {
        const Param *p = &net->params[i];
        for (const char *c = net->layers[p->layer].name; *c != '\0'; c++)
            id.layout = rng_mix(id.layout ^ (unsigned char)*c);
        for (int d = 0; d < p->dim_count; d++)
            id.layout = rng_mix(id.layout ^ (uint64_t)p->dims[d]);
    }
    id.layout >>= 1; /* JSON integers are signed */
    return id;
}

bool tuning_copy(Tuning *out, const Tuning *tuning, const Net *net)
{
    *out = *tuning;
    if (tuning->taken == NULL)
        return true;
    out->taken = malloc((size_t)net->param_count * sizeof *out->taken);
    if (out->taken != NULL)
        memcpy(out->taken, tuning->taken, (size_t)net->param_count * sizeof *out->taken);
    return out->taken != NULL;
}

void tuning_free(Tuning *tuning)
{
    free(tuning->taken);
    *tuning = (Tuning){.taken = NULL};
}

/* "taken" is a string with a 1 for every parameter that was taken, and a 0 for the others. False if out of memory. */
static bool write_tuning(json_t *state, const Tuning *tuning, int params)
{
    char *taken = tuning->taken != NULL ? calloc((size_t)params + 1, 1) : NULL;
    if (tuning->taken != NULL && taken == NULL)
        return false;
    for (int i = 0; taken != NULL && i < params; i++)
        taken[i] = tuning->taken[i] ? '1' : '0';
    json_object_set_new(state, "from", json_string_nocheck(tuning->from));
    json_object_set_new(state, "freeze", json_string(tuning->freeze));
    json_object_set_new(state, "taken", json_string(taken != NULL ? taken : ""));
    free(taken);
    return true;
}

static bool read_tuning(const json_t *state, const Net *net, Tuning *tuning, const char *path, Err *err)
{
    const char *from = json_string_value(json_object_get(state, "from")), *freeze = json_string_value(json_object_get(state, "freeze"));
    const char *taken = json_string_value(json_object_get(state, "taken"));
    if (from == NULL || from[0] == '\0') /* it began with random weights */
        return true;
    if (freeze == NULL || taken == NULL || strlen(taken) != (size_t)net->param_count)
        return err_set(err, "%s: 'freeze' or 'taken' of its state makes no sense; it is damaged", path);
    snprintf(tuning->from, sizeof tuning->from, "%s", from);
    snprintf(tuning->freeze, sizeof tuning->freeze, "%s", freeze);
    tuning->taken = calloc((size_t)net->param_count, sizeof *tuning->taken);
    for (int i = 0; tuning->taken != NULL && i < net->param_count; i++)
        tuning->taken[i] = taken[i] == '1';
    return tuning->taken != NULL || err_set(err, "%s: out of memory", path);
}

/* The state as a JSON string. */
static char *state_text(const Trainer *t, const Identity *id, const TrainProgress *progress, const Tuning *tuning)
{
    TrainOptions options = t->options;
    Schedule schedule = t->schedule;
    TrainProgress p = *progress;
    int64_t step = t->step;
    int optimizer = (int)options.optimizer, kinds[2] = {(int)options.schedule, (int)schedule.kind};
    StateField fields[FIELDS_MAX];
    int count = list_fields(&options, &schedule, &p, &step, &optimizer, kinds, fields);

    json_t *state = json_object(), *classes = json_array();
    for (int i = 0; i < count; i++)
        json_object_set_new(state, fields[i].name, field_json(&fields[i]));
    for (int i = 0; i < id->classes->count; i++)
        json_array_append_new(classes, json_string(id->classes->items[i]));
    json_object_set_new(state, "classes", classes);
    json_object_set_new(state, "network", json_string(id->network));
    json_object_set_new(state, "layout", json_integer((json_int_t)id->layout));
    json_object_set_new(state, "train_count", json_integer(id->train_count));
    json_object_set_new(state, "aux_heads", json_boolean(t->net->head_count > 1));
    const bool whole = write_tuning(state, tuning, t->net->param_count);
    json_object_set_new(state, "phase_note", json_string(p.phase_note));
    json_object_set_new(state, "heads", numbers_json(p.sums.head, HEADS_MAX));
    json_object_set_new(state, "norm2", numbers_json(p.norm2, HISTORY_GROUPS_MAX));
    char *text = whole ? json_dumps(state, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(state);
    return text;
}

/* Arrays that are NULL are left out. NULL if out of memory. */
static unsigned char *make_header(const float *const arrays[ARRAYS], size_t count, const char *state, const char *history,
                                  size_t *size)
{
    json_t *header = json_object(), *meta = json_object();
    char version[16];
    snprintf(version, sizeof version, "%d", VERSION);
    json_object_set_new(meta, "inceptoscope_checkpoint", json_string(version));
    json_object_set_new(meta, "state", json_string(state));
    json_object_set_new(meta, "history", json_string(history));
    json_object_set_new(header, "__metadata__", meta);
    size_t offset = 0, bytes = count * sizeof(float);
    for (int i = 0; i < ARRAYS; i++) {
        if (arrays[i] == NULL)
            continue;
        json_object_set_new(header, array_names[i],
                            json_pack("{s:s, s:[I], s:[I, I]}", "dtype", "F32", "shape", (json_int_t)count, "data_offsets",
                                      (json_int_t)offset, (json_int_t)(offset + bytes)));
        offset += bytes;
    }
    return safetensors_header(header, size);
}

bool checkpoint_save(const char *path, const Trainer *t, const Identity *identity, const TrainProgress *progress,
                     const History *history, const Tuning *tuning, Err *err)
{
    const size_t count = t->net->weight_count;
    const float *const arrays[ARRAYS] = {
        [ARRAY_WEIGHTS] = t->weights, [ARRAY_MOMENT1] = t->moment1, [ARRAY_MOMENT2] = t->moment2, [ARRAY_EMA] = t->ema};
    size_t size = 0;
    char *state = state_text(t, identity, progress, tuning);
    char *rows = history_text(history);
    unsigned char *header = state != NULL && rows != NULL ? make_header(arrays, count, state, rows, &size) : NULL;
    free(state);
    free(rows);
    if (header == NULL)
        return err_set(err, "%s: out of memory for the checkpoint's header", path);

    SafeFile file;
    bool ok = safe_file_open(&file, path, err) && safe_file_write(&file, header, size, err);
    for (int i = 0; ok && i < ARRAYS; i++)
        if (arrays[i] != NULL)
            ok = safe_file_write(&file, arrays[i], count * sizeof(float), err);
    ok = ok && safe_file_commit(&file, err);
    free(header);
    return ok;
}

/* Finds the arrays in the data part. A missing optional array stays NULL. */
static bool find_arrays(const json_t *header, unsigned char *data, size_t data_size, size_t count, Checkpoint *c,
                        const char *path, Err *err)
{
    float **const out[ARRAYS] = {
        [ARRAY_WEIGHTS] = &c->weights, [ARRAY_MOMENT1] = &c->moment1, [ARRAY_MOMENT2] = &c->moment2, [ARRAY_EMA] = &c->ema};
    for (int i = 0; i < ARRAYS; i++) {
        const json_t *tensor = json_object_get(header, array_names[i]);
        const bool needed = i == ARRAY_WEIGHTS || i == ARRAY_MOMENT1 || (i == ARRAY_MOMENT2 && c->options.optimizer == OPTIMIZER_ADAM);
        if (tensor == NULL && !needed)
            continue;
        const json_t *offsets = json_object_get(tensor, "data_offsets");
        json_int_t first = json_integer_value(json_array_get(offsets, 0));
        json_int_t end = json_integer_value(json_array_get(offsets, 1));
        const char *dtype = json_string_value(json_object_get(tensor, "dtype"));
        if (dtype == NULL || strcmp(dtype, "F32") != 0 || first < 0 || end < first || (uint64_t)end > data_size ||
            first % (json_int_t)sizeof(float) != 0)
            return err_set(err, "%s: tensor '%s' is missing or not inside the file; it is cut off or damaged, "
                                "start again in another --checkpoint-dir", path, array_names[i]);
        if ((size_t)(end - first) != count * sizeof(float))
            return err_set(err, "%s: tensor '%s' has %zu values, the network has %zu; it belongs to another network", path,
                           array_names[i], (size_t)(end - first) / sizeof(float), count);
        *out[i] = (float *)(void *)(data + first);
    }
    return true;
}

static bool check_identity(const json_t *state, const Identity *id, const char *path, Err *err)
{
    const char *network = json_string_value(json_object_get(state, "network"));
    const json_t *classes = json_object_get(state, "classes");
    if (network == NULL || !json_is_array(classes))
        return err_set(err, "%s: its state has no network or class names; it is damaged", path);
    if (strcmp(network, id->network) != 0)
        return err_set(err, "%s: it was made by network '%s', not '%s'; pass --network %s or choose another --checkpoint-dir",
                       path, network, id->network, network);
    if ((int)json_array_size(classes) != id->classes->count)
        return err_set(err, "%s: it was trained on %zu classes, but the data has %d; choose another --checkpoint-dir", path,
                       json_array_size(classes), id->classes->count);
    for (int i = 0; i < id->classes->count; i++) {
        const char *name = json_string_value(json_array_get(classes, (size_t)i));
        if (name == NULL || strcmp(name, id->classes->items[i]) != 0)
            return err_set(err, "%s: its class %d is '%s', but in the data it is '%s'; choose another --checkpoint-dir", path, i,
                           name == NULL ? "?" : name, id->classes->items[i]);
    }
    if ((uint64_t)json_integer_value(json_object_get(state, "layout")) != id->layout)
        return err_set(err, "%s: the layers of network '%s' have changed since; choose another --checkpoint-dir", path,
                       id->network);
    if (json_integer_value(json_object_get(state, "train_count")) != id->train_count)
        return err_set(err, "%s: it was trained on %lld pictures, but the data now has %d; restore the data or choose another "
                            "--checkpoint-dir", path, (long long)json_integer_value(json_object_get(state, "train_count")),
                       id->train_count);
    return true;
}

static bool read_state(const json_t *state, const Identity *id, Checkpoint *c, const char *path, Err *err)
{
    int optimizer = 0, kinds[2] = {0, 0};
    StateField fields[FIELDS_MAX];
    c->options = train_defaults(); /* for what it may lack */
    int count = list_fields(&c->options, &c->schedule, &c->progress, &c->step, &optimizer, kinds, fields);
    for (int i = 0; i < count; i++)
        if (!field_read(&fields[i], json_object_get(state, fields[i].name), path, err))
            return false;
    const char *note = json_string_value(json_object_get(state, "phase_note"));
    const TrainProgress *p = &c->progress;
    if (note == NULL || !numbers_read(json_object_get(state, "heads"), c->progress.sums.head, HEADS_MAX) ||
        !numbers_read(json_object_get(state, "norm2"), c->progress.norm2, HISTORY_GROUPS_MAX))
        return err_set(err, "%s: 'phase_note', 'heads' or 'norm2' of its state makes no sense; it is damaged", path);
    if (c->schedule.first > c->step || p->batch > id->train_count || p->seen > id->train_count || p->sums.correct > p->seen)
        return err_set(err, "%s: its state counts more steps, batches or pictures than there can be; it is damaged", path);
    snprintf(c->progress.phase_note, sizeof c->progress.phase_note, "%s", note);
    c->options.optimizer = (Optimizer)optimizer;
    c->options.schedule = (ScheduleKind)kinds[0];
    c->schedule.kind = (ScheduleKind)kinds[1];
    return true;
}

/* Splits the bytes into header and data; NULL if this is not a safetensors file. */
static json_t *parse_header(unsigned char *bytes, size_t size, unsigned char **data, size_t *data_size)
{
    if (size < 8)
        return NULL;
    const uint64_t length = load_le(bytes, 8);
    if (length % 8 != 0 || length > HEADER_MAX || length > size - 8)
        return NULL;
    *data = bytes + 8 + length;
    *data_size = size - 8 - (size_t)length;
    return json_loadb((const char *)bytes + 8, (size_t)length, 0, NULL);
}

/* The state in the header; NULL if it has none. */
static json_t *parse_state(const json_t *header)
{
    const char *text = json_string_value(json_object_get(json_object_get(header, "__metadata__"), "state"));
    return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

static bool load(const char *path, const Net *net, const Identity *id, unsigned char *bytes, size_t size, Checkpoint *c,
                 Err *err)
{
    unsigned char *data = NULL;
    size_t data_size = 0;
    json_t *header = parse_header(bytes, size, &data, &data_size);
    const char *history = json_string_value(json_object_get(json_object_get(header, "__metadata__"), "history"));
    json_t *state = parse_state(header);
    bool ok = state != NULL && history != NULL;
    if (!ok)
        err_set(err, "%s: this is not a complete checkpoint of inceptoscope train; choose another --checkpoint-dir", path);
    ok = ok && check_identity(state, id, path, err) && read_state(state, id, c, path, err) && read_tuning(state, net, &c->tuning, path, err) &&
         find_arrays(header, data, data_size, net->weight_count, c, path, err) && history_parse(history, path, &c->history, err);
    if (ok)
        snprintf(c->network, sizeof c->network, "%s", id->network);
    json_decref(state);
    json_decref(header);
    return ok;
}

bool checkpoint_peek(const char *path, char network[NET_NAME_MAX], bool *heads, Err *err)
{
    size_t size = 0, data_size;
    unsigned char *bytes, *data;
    if (!file_read_head(path, 8 + HEADER_MAX, &bytes, &size, err))
        return false;
    json_t *header = parse_header(bytes, size, &data, &data_size);
    json_t *state = parse_state(header);
    const char *name = json_string_value(json_object_get(state, "network"));
    if (name != NULL)
        snprintf(network, NET_NAME_MAX, "%s", name);
    *heads = !json_is_false(json_object_get(state, "aux_heads")); /* earlier versions have always trained them */
    const bool good = name != NULL || err_set(err, "%s: this is not a complete checkpoint of inceptoscope train; choose another --checkpoint-dir", path);
    json_decref(state);
    json_decref(header);
    free(bytes);
    return good;
}

bool checkpoint_load(const char *path, const Net *net, const Identity *identity, Checkpoint *out, Err *err)
{
    size_t size = 0;
    unsigned char *bytes;
    if (!file_read(path, size_limit(FILE_MAX_GB, 30), NULL, &bytes, &size, err))
        return false;
    Checkpoint c = {.bytes = bytes};
    if (!load(path, net, identity, bytes, size, &c, err)) {
        checkpoint_free(&c);
        return false;
    }
    *out = c;
    return true;
}

void checkpoint_free(Checkpoint *c)
{
    history_free(&c->history);
    tuning_free(&c->tuning);
    free(c->bytes);
    *c = (Checkpoint){0};
}

void checkpoint_restore(const Checkpoint *c, Trainer *t)
{
    const size_t size = t->net->weight_count * sizeof(float);
    memcpy(t->weights, c->weights, size);
    memcpy(t->moment1, c->moment1, size);
    if (t->moment2 != NULL && c->moment2 != NULL)
        memcpy(t->moment2, c->moment2, size);
    if (t->ema != NULL) /* a moving average that begins with this phase begins with these weights */
        memcpy(t->ema, c->ema != NULL ? c->ema : c->weights, size);
    t->step = c->step;
    t->schedule = c->schedule;
}
