/* history.c - writes and reads the CSV of a training; see history.h.
 *
 * First line: "# inceptoscope training history, classes N, majority X"; second: the column names. The fixed columns come first,
 * then loss_HEAD per head, then grad_GROUP per group, and last the note, in quotes. */
#include "engine/train/history.h"

#include "engine/base/array.h"
#include "engine/base/limits.h"
#include "engine/base/safe_file.h"
#include "engine/base/size.h"
#include "engine/io/file.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 16 + HEADS_MAX + HISTORY_GROUPS_MAX };

static const char magic[] = "# inceptoscope training history, classes %d, majority %lf";

/* The fixed columns. */
enum { EPOCH, PHASE, STEP, LR, LOSS_TOTAL, TRAIN_ACCURACY, VAL_LOSS, VAL_ACCURACY, EMA_LOSS, EMA_ACCURACY, SECONDS, FIXED };
static const char *const fixed[] = {
    [EPOCH] = "epoch", [PHASE] = "phase", [STEP] = "step", [LR] = "lr", [LOSS_TOTAL] = "loss_total",
    [TRAIN_ACCURACY] = "train_accuracy", [VAL_LOSS] = "val_loss", [VAL_ACCURACY] = "val_accuracy",
    [EMA_LOSS] = "average_loss", [EMA_ACCURACY] = "average_accuracy", [SECONDS] = "seconds",
};
_Static_assert(sizeof fixed / sizeof *fixed == FIXED, "every column has a name");

/* Counts are small enough to be exact in a double. */
static void row_get(const HistoryRow *r, double values[FIXED])
{
    const double v[FIXED] = {
        [EPOCH] = r->epoch, [PHASE] = r->phase, [STEP] = (double)r->step, [LR] = r->lr, [LOSS_TOTAL] = r->train_total,
        [TRAIN_ACCURACY] = r->train_accuracy, [VAL_LOSS] = r->val_loss, [VAL_ACCURACY] = r->val_accuracy,
        [EMA_LOSS] = r->ema_loss, [EMA_ACCURACY] = r->ema_accuracy, [SECONDS] = r->seconds,
    };
    memcpy(values, v, sizeof v);
}

static void row_set(HistoryRow *r, const double values[FIXED])
{
    r->epoch = (int)values[EPOCH];
    r->phase = (int)values[PHASE];
    r->step = (int64_t)values[STEP];
    r->lr = values[LR];
    r->train_total = values[LOSS_TOTAL];
    r->train_accuracy = values[TRAIN_ACCURACY];
    r->val_loss = values[VAL_LOSS];
    r->val_accuracy = values[VAL_ACCURACY];
    r->ema_loss = values[EMA_LOSS];
    r->ema_accuracy = values[EMA_ACCURACY];
    r->seconds = values[SECONDS];
}

static const char *group_name(const Net *net, const Layer *layer)
{
    return layer->module >= 0 ? net->modules[layer->module].name
           : layer->head > 0  ? net->heads[layer->head].name
                              : layer->name;
}

static int find_group(History *h, const char *name)
{
    for (int g = 0; g < h->group_count; g++)
        if (strcmp(h->group_names[g], name) == 0)
            return g;
    if (h->group_count == HISTORY_GROUPS_MAX)
        return -1;
    snprintf(h->group_names[h->group_count], NET_NAME_MAX, "%s", name);
    return h->group_count++;
}

void history_init(History *h, const Net *net, const bool *skip, int *group_of_layer)
{
    *h = (History){.head_count = net->head_count, .classes = net_scores(net, 0)};
    for (int i = 0; i < net->head_count; i++)
        snprintf(h->head_names[i], sizeof h->head_names[i], "%s", net->heads[i].name);
    for (int l = 0; l < net->layer_count; l++)
        group_of_layer[l] = net->layers[l].weight >= 0 && (skip == NULL || !skip[l]) ? find_group(h, group_name(net, &net->layers[l])) : -1;
}

void history_free(History *h)
{
    free(h->rows);
    *h = (History){0};
}

bool history_add(History *h, const HistoryRow *row)
{
    HistoryRow *rows = array_grow(h->rows, h->count, sizeof *rows);
    if (rows == NULL)
        return false;
    h->rows = rows;
    h->rows[h->count++] = *row;
    return true;
}

static void write_row(FILE *out, const History *h, const HistoryRow *r)
{
    double values[FIXED];
    row_get(r, values);
    for (int i = 0; i < FIXED; i++)
        fprintf(out, "%.17g,", values[i]);
    for (int i = 0; i < h->head_count; i++)
        fprintf(out, "%.17g,", r->train_head[i]);
    for (int i = 0; i < h->group_count; i++)
        fprintf(out, "%.17g,", r->norm[i]);
    fprintf(out, "\"%s\"\n", r->note);
}

char *history_text(const History *h)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    fprintf(out, "# inceptoscope training history, classes %d, majority %.17g\n", h->classes, h->majority);
    for (int i = 0; i < FIXED; i++)
        fprintf(out, "%s,", fixed[i]);
    for (int i = 0; i < h->head_count; i++)
        fprintf(out, "loss_%s,", h->head_names[i]);
    for (int i = 0; i < h->group_count; i++)
        fprintf(out, "grad_%s,", h->group_names[i]);
    fputs("note\n", out);
    for (int i = 0; i < h->count; i++)
        write_row(out, h, &h->rows[i]);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* Splits a line at its commas in place. A comma inside quotes does not split; the quotes are removed. */
static int split(char *line, char *fields[FIELDS_MAX])
{
    int count = 0;
    char *p = line;
    while (count < FIELDS_MAX) {
        fields[count] = p;
        if (*p == '"') {
            fields[count] = ++p;
            p += strcspn(p, "\"");
            if (*p == '"')
                *p++ = '\0';
        }
        count++;
        p += strcspn(p, ",");
        if (*p == '\0')
            break;
        *p++ = '\0';
    }
    return count;
}

static bool parse_columns(char *line, const char *source, History *h, Err *err)
{
    char *fields[FIELDS_MAX];
    int count = split(line, fields);
    for (int i = 0; i < FIXED; i++)
        if (i >= count || strcmp(fields[i], fixed[i]) != 0)
            return err_set(err, "%s:2: column %d should be '%s'; this is not a training history", source, i + 1, fixed[i]);
    int i = FIXED;
    for (; i < count && strncmp(fields[i], "loss_", 5) == 0 && h->head_count < HEADS_MAX; i++)
        snprintf(h->head_names[h->head_count++], NET_NAME_MAX, "%s", fields[i] + 5);
    for (; i < count && strncmp(fields[i], "grad_", 5) == 0 && h->group_count < HISTORY_GROUPS_MAX; i++)
        snprintf(h->group_names[h->group_count++], NET_NAME_MAX, "%s", fields[i] + 5);
    if (i != count - 1 || strcmp(fields[i], "note") != 0)
        return err_set(err, "%s:2: unexpected column %d; this is not a training history", source, i + 1);
    return true;
}

static bool parse_row(char *line, const char *source, int number, History *h, Err *err)
{
    char *fields[FIELDS_MAX];
    double values[FIELDS_MAX];
    const int numbers = FIXED + h->head_count + h->group_count;
    int count = split(line, fields);
    if (count != numbers + 1)
        return err_set(err, "%s:%d: %d fields, expected %d; the line is cut off or was edited", source, number, count,
                       numbers + 1);
    for (int i = 0; i < numbers; i++) {
        char *end = NULL;
        values[i] = strtod(fields[i], &end);
        if (end == fields[i] || *end != '\0' || (i < 3 && !(values[i] >= 0 && values[i] < 1e9)))
            return err_set(err, "%s:%d: field %d is '%.40s', expected a number", source, number, i + 1, fields[i]);
    }
    HistoryRow row = {0};
    row_set(&row, values);
    memcpy(row.train_head, values + FIXED, (size_t)h->head_count * sizeof(double));
    memcpy(row.norm, values + FIXED + h->head_count, (size_t)h->group_count * sizeof(double));
    snprintf(row.note, sizeof row.note, "%s", fields[numbers]);
    return history_add(h, &row) || err_set(err, "%s: out of memory", source);
}

bool history_parse(const char *text, const char *source, History *out, Err *err)
{
    char *copy = strdup(text);
    if (copy == NULL)
        return err_set(err, "%s: out of memory", source);
    History h = {0};
    bool ok = true;
    int number = 0;
    char *rest = copy;
    for (char *line; ok && (line = strsep(&rest, "\n")) != NULL;) {
        number++;
        size_t length = strlen(line);
        if (length > 0 && line[length - 1] == '\r')
            line[length - 1] = '\0';
        if (number == 1)
            ok = sscanf(line, magic, &h.classes, &h.majority) == 2 ||
                 err_set(err, "%s:1: this is not a training history (the first line should be '# inceptoscope training "
                              "history, ...')", source);
        else if (number == 2)
            ok = parse_columns(line, source, &h, err);
        else if (line[0] != '\0')
            ok = parse_row(line, source, number, &h, err);
    }
    if (ok && number < 2)
        ok = err_set(err, "%s:2: the line with the column names is missing", source);
    free(copy);
    if (!ok) {
        history_free(&h);
        return false;
    }
    *out = h;
    return true;
}

bool history_save(const History *h, const char *path, Err *err)
{
    char *text = history_text(h);
    if (text == NULL)
        return err_set(err, "%s: out of memory", path);
    bool ok = safe_file_put(path, text, strlen(text), err);
    free(text);
    return ok;
}

bool history_load(const char *path, History *h, Err *err)
{
    unsigned char *bytes;
    size_t size;
    if (!file_read(path, size_limit(LIMIT_HISTORY_MB, 20), NULL, &bytes, &size, err))
        return false;
    char *text = (char *)bytes; /* ended by a zero byte */
    bool ok = history_parse(text, path, h, err);
    char *last = strrchr(text, '\n');
    if (!ok && last != NULL && last[1] != '\0') { /* the last row has no end of line: the file is still being written */
        last[1] = '\0';
        ok = history_parse(text, path, h, NULL);
    }
    free(text);
    return ok;
}
