/* confusion.c - writes and reads a confusion matrix; see confusion.h. */
#include "engine/train/confusion.h"
#include "engine/base/safe_file.h"
#include "engine/base/size.h"
#include "engine/io/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A quote inside is doubled; the end of a line becomes a blank. */
static void write_name(FILE *out, const char *name)
{
    fputc('"', out);
    for (const char *p = name; *p != '\0'; p++) {
        if (*p == '"')
            fputc('"', out);
        fputc(*p == '\n' || *p == '\r' ? ' ' : *p, out);
    }
    fputc('"', out);
}

bool confusion_save(const char *path, const StringList *names, const int *counts, int epoch, Err *err)
{
    char *text = NULL;
    size_t size = 0;
    const int n = names->count;
    if (n > CONFUSION_CLASSES)
        return err_set(err, "%s: a matrix of %d classes is not written, only up to %d", path, n, CONFUSION_CLASSES);
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return err_set(err, "%s: not enough memory", path);
    fprintf(out, "# inceptoscope confusion matrix, classes %d, epoch %d\n", n, epoch);
    fputs("label", out);
    for (int k = 0; k < n; k++) {
        fputc(',', out);
        write_name(out, names->items[k]);
    }
    fputc('\n', out);
    for (int row = 0; row < n; row++) {
        write_name(out, names->items[row]);
        for (int k = 0; k < n; k++)
            fprintf(out, ",%d", counts[(size_t)row * (size_t)n + (size_t)k]);
        fputc('\n', out);
    }
    const bool good = fclose(out) == 0 ? safe_file_put(path, text, size, err) : err_set(err, "%s: not enough memory", path);
    free(text);
    return good;
}

/* A name in quotes at *p, which is moved behind it; decoded in its place. NULL if there is none. */
static char *read_name(char **p)
{
    char *from = *p, *name = from + 1, *to = name;
    if (*from++ != '"')
        return NULL;
    for (; *from != '\0' && *from != '\n'; from++) {
        if (*from == '"' && from[1] != '"') {
            *p = from + 1;
            *to = '\0';
            return name;
        }
        from += *from == '"';
        *to++ = *from;
    }
    return NULL;
}

static bool skip(char **p, char c)
{
    const bool good = **p == c;
    *p += good;
    return good;
}

static bool read_count(char **p, int *out)
{
    char *end;
    errno = 0;
    const long value = strtol(*p, &end, 10);
    if (**p < '0' || **p > '9' || errno != 0 || value > INT_MAX)
        return false;
    *p = end;
    *out = (int)value;
    return true;
}

static bool parse(char *p, Confusion *c)
{
    int used = 0;
    if (sscanf(p, "# inceptoscope confusion matrix, classes %d, epoch %d%n", &c->classes, &c->epoch, &used) != 2 || used == 0 || c->classes < 1 ||
        c->classes > CONFUSION_CLASSES)
        return false;
    const size_t n = (size_t)c->classes;
    p += used;
    c->counts = calloc(n, size_product(n, sizeof *c->counts));
    if (c->counts == NULL || !skip(&p, '\n') || strncmp(p, "label", 5) != 0)
        return false;
    p += 5;
    for (size_t k = 0; k < n; k++) {
        const char *name = skip(&p, ',') ? read_name(&p) : NULL;
        if (name == NULL || !string_list_add(&c->names, "%s", name))
            return false;
    }
    for (size_t row = 0; row < n; row++) {
        if (!skip(&p, '\n') || read_name(&p) == NULL)
            return false;
        for (size_t k = 0; k < n; k++)
            if (!skip(&p, ',') || !read_count(&p, &c->counts[row * n + k]))
                return false;
    }
    return true;
}

bool confusion_load(const char *path, Confusion *out, Err *err)
{
    unsigned char *bytes;
    size_t size;
    Confusion c = {.classes = 0};
    if (!file_read(path, size_limit(LIMIT_CONFUSION_MB, 20), NULL, &bytes, &size, err))
        return false;
    const bool good = parse((char *)bytes, &c); /* there is a zero byte after the end */
    free(bytes);
    if (!good) {
        confusion_free(&c);
        return err_set(err, "%s: this is not a confusion matrix of a training", path);
    }
    *out = c;
    return true;
}

void confusion_free(Confusion *c)
{
    string_list_free(&c->names);
    free(c->counts);
    *c = (Confusion){0};
}
