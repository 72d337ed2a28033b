/* train_log.c - steps.csv and filters.npy; see train_log.h. */
#include "engine/train/train_log.h"

#include "engine/base/array.h"
#include "engine/base/safe_file.h"
#include "engine/io/bits.h"
#include "engine/io/npy.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- steps.csv ----------------------------------------------------------------------------------------------------- */

struct StepLog {
    FILE *file;
    char path[1024];
    int head_count;
};

/* The header and the lines of the first `keep` steps, if the file exists and has this header. NULL if out of memory. */
static char *lines_to_keep(const char *path, const char *header, int64_t keep)
{
    char *text = NULL, *line = NULL;
    size_t size = 0, line_size = 0;
    FILE *in = keep > 0 ? fopen(path, "rb") : NULL, *out = open_memstream(&text, &size);
    if (out == NULL) {
        if (in != NULL)
            fclose(in);
        return NULL;
    }
    fputs(header, out);
    if (in != NULL && getline(&line, &line_size, in) > 0 && strcmp(line, header) == 0)
        for (int64_t step = 0; step < keep && getline(&line, &line_size, in) > 0; step++)
            fputs(line, out);
    free(line);
    if (in != NULL)
        fclose(in);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

StepLog *step_log_open(const char *path, const Net *net, int64_t keep, Err *err)
{
    char header[512] = "step,lr,total";
    for (int h = 0; h < net->head_count; h++)
        snprintf(header + strlen(header), sizeof header - strlen(header), ",%s", net->heads[h].name);
    strcat(header, "\n");
    char *text = lines_to_keep(path, header, keep);
    StepLog *log = calloc(1, sizeof *log);
    bool ok = (text != NULL && log != NULL) || err_set(err, "%s: out of memory", path);
    ok = ok && safe_file_put(path, text, strlen(text), err);
    free(text);
    if (ok) {
        snprintf(log->path, sizeof log->path, "%s", path);
        log->head_count = net->head_count;
        log->file = fopen(path, "ab");
        ok = log->file != NULL || err_set(err, "%s: cannot write here: %s", path, strerror(errno));
    }
    if (!ok) {
        free(log);
        return NULL;
    }
    return log;
}

bool step_log_add(StepLog *log, int64_t step, double lr, const Losses *mean, Err *err)
{
    fprintf(log->file, "%lld,%.9g,%.9g", (long long)step, lr, mean->total);
    for (int h = 0; h < log->head_count; h++)
        fprintf(log->file, ",%.9g", mean->head[h]);
    fputc('\n', log->file);
    if (fflush(log->file) != 0)
        return err_set(err, "%s: writing: %s", log->path, strerror(errno));
    return true;
}

bool step_log_stays(const StepLog *log)
{
    struct stat open, named;
    return fstat(fileno(log->file), &open) == 0 && stat(log->path, &named) == 0 && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

void step_log_close(StepLog *log)
{
    if (log != NULL)
        fclose(log->file);
    free(log);
}

static bool parse_step(const char *line, int head_count, StepRow *row)
{
    long long step;
    int used = 0;
    if (sscanf(line, "%lld,%f,%f%n", &step, &row->lr, &row->total, &used) != 3)
        return false;
    row->step = step;
    for (int h = 0; h < head_count; h++) {
        int more = 0;
        line += used;
        if (sscanf(line, ",%f%n", &row->head[h], &more) != 1)
            return false;
        used = more;
    }
    return line[used] == '\n';
}

bool step_rows_load(const char *path, StepRows *out, Err *err)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        return err_set(err, "%s: cannot read this file: %s", path, strerror(errno));
    StepRows rows = {0};
    char *line = NULL;
    size_t size = 0;
    bool ok = getline(&line, &size, in) > 0 && strncmp(line, "step,lr,total", 13) == 0;
    for (const char *c = line; ok && *c != '\0'; c++)
        rows.head_count += *c == ',';
    rows.head_count -= 2;
    ok = (ok && rows.head_count >= 0 && rows.head_count <= HEADS_MAX) || err_set(err, "%s:1: expected 'step,lr,total,...'", path);
    for (StepRow row = {0}; ok && getline(&line, &size, in) > 0 && parse_step(line, rows.head_count, &row);) {
        StepRow *grown = array_grow(rows.rows, rows.count, sizeof *grown);
        ok = grown != NULL || err_set(err, "%s: out of memory", path);
        if (!ok)
            break;
        rows.rows = grown;
        rows.rows[rows.count++] = row;
    }
    free(line);
    fclose(in);
    if (ok)
        *out = rows;
    else
        step_rows_free(&rows);
    return ok;
}

void step_rows_free(StepRows *rows)
{
    free(rows->rows);
    *rows = (StepRows){0};
}

/* --- filters.npy --------------------------------------------------------------------------------------------------- */

/* Weights of the first convolution, which reads the picture; NULL if the network does not begin with a convolution. */
static const Param *first_kernels(const Net *net)
{
    for (int l = 0; l < net->layer_count; l++)
        if (net->layers[l].op == OP_CONV && net->layers[net->layers[l].inputs[0]].op == OP_INPUT)
            return &net->params[net->layers[l].weight];
    return NULL;
}

static size_t snapshot_size(const Filters *f)
{
    return (size_t)f->o * (size_t)f->c * (size_t)f->k * (size_t)f->k;
}

static bool filters_save(const char *path, const Filters *f, Err *err)
{
    SafeFile file;
    char header[NPY_HEADER_SIZE];
    npy_header(header, (int[]){f->epochs, f->o, f->c, f->k * f->k}, 4);
    return safe_file_open(&file, path, err) && safe_file_write(&file, header, sizeof header, err) &&
           write_floats(&file, f->values, (size_t)f->epochs * snapshot_size(f), false, err) && safe_file_commit(&file, err);
}

bool filters_add(const char *path, const Net *net, const float *weights, int epoch, Err *err)
{
    assert(epoch >= 0);
    const Param *p = first_kernels(net);
    if (p == NULL || p->dim_count != 4)
        return true;
    Filters old = {0}, now = {.epochs = epoch + 1, .o = p->dims[0], .c = p->dims[1], .k = p->dims[2]};
    const size_t one = snapshot_size(&now);
    now.values = calloc((size_t)now.epochs, size_product(one, sizeof(float)));
    if (now.values == NULL)
        return err_set(err, "%s: out of memory", path);
    size_t kept = 0;
    if (epoch > 0 && filters_load(path, &old, NULL) && snapshot_size(&old) == one)
        kept = (size_t)(old.epochs < epoch ? old.epochs : epoch) * one;
    if (kept > 0)
        memcpy(now.values, old.values, kept * sizeof(float));
    for (size_t i = kept; i < (size_t)epoch * one; i++)
        now.values[i] = NAN;
    memcpy(now.values + (size_t)epoch * one, weights + p->offset, one * sizeof(float));
    bool ok = filters_save(path, &now, err);
    filters_free(&old);
    filters_free(&now);
    return ok;
}

/* The shape in an .npy header: (epochs, o, c, k * k); k follows from it. */
static bool read_shape(const char *header, Filters *f)
{
    int kk = 0;
    const char *shape = strstr(header, "'shape': (");
    if (shape == NULL || sscanf(shape, "'shape': (%d, %d, %d, %d)", &f->epochs, &f->o, &f->c, &kk) != 4)
        return false;
    while (f->k < 1000 && f->k * f->k < kk)
        f->k++;
    return kk > 0 && f->k * f->k == kk;
}

static bool read_filters(FILE *in, Filters *f)
{
    char header[NPY_HEADER_SIZE + 1] = "";
    size_t count;
    struct stat info;
    if (fstat(fileno(in), &info) != 0 || fread(header, 1, NPY_HEADER_SIZE, in) != NPY_HEADER_SIZE || memcmp(header, "\x93NUMPY\x01\x00", 8) != 0 ||
        !read_shape(header + 10, f) || !shape_count((Shape){f->epochs, f->o, f->c, f->k * f->k}, &count) ||
        count > (uint64_t)info.st_size / sizeof *f->values) /* before memory is taken */
        return false;
    f->values = malloc(count * sizeof *f->values);
    if (f->values == NULL || fread(f->values, sizeof *f->values, count, in) != count)
        return false;
    for (size_t i = 0; i < count; i++)
        f->values[i] = float_from_bits((uint32_t)load_le((const unsigned char *)&f->values[i], 4));
    return true;
}

bool filters_load(const char *path, Filters *out, Err *err)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL)
        return err_set(err, "%s: cannot read this file: %s", path, strerror(errno));
    Filters f = {0};
    bool ok = read_filters(in, &f);
    fclose(in);
    if (!ok) {
        filters_free(&f);
        return err_set(err, "%s: this is not a filters.npy of inceptoscope train, or it is cut off", path);
    }
    *out = f;
    return true;
}

void filters_free(Filters *f)
{
    free(f->values);
    *f = (Filters){0};
}
