/* hypothesis.c - see hypothesis.h. */
#include "engine/net/hypothesis.h"
#include "engine/base/limits.h"

#include "engine/base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[NUMBER_COUNT] = {
    [NUMBER_INPUT] = "in", [NUMBER_1X1] = "1x1", [NUMBER_3X3_REDUCE] = "3x3_reduce", [NUMBER_3X3] = "3x3",
    [NUMBER_5X5_REDUCE] = "5x5_reduce", [NUMBER_5X5] = "5x5", [NUMBER_POOL_PROJ] = "pool_proj",
};
_Static_assert(NUMBER_COUNT == 7, "a number without a name");

const char *number_name(int number) { return names[number]; }

static bool may_lack(int number) { return number == NUMBER_3X3_REDUCE || number == NUMBER_5X5_REDUCE || number == NUMBER_POOL_PROJ; }

int hypothesis_now(const Net *net, const Hypothesis *h, int number)
{
    return number == NUMBER_INPUT ? net->layers[net->rows[h->row].first].in.c : h->rows[0].channels[number - 1];
}

/* -------------------------------------------------------------------- reading */

/* "216", "1..1024" or "16..256/16". */
static bool read_range(const char *text, const char *name, int least, NumberRange *out, Err *reason)
{
    char part[3][24];
    NumberRange r = {.step = 1};
    const char *dots = strstr(text, ".."), *slash = strchr(text, '/');
    if (slash != NULL && dots == NULL)
        return err_set(reason, "%s=%.40s: a step without a range; expected such as 216, 1..1024 or 16..256/16", name, text);
    const char *end = slash != NULL ? slash : text + strlen(text);
    snprintf(part[0], sizeof part[0], "%.*s", (int)((dots != NULL ? dots : end) - text), text);
    snprintf(part[1], sizeof part[1], "%.*s", dots != NULL ? (int)(end - dots - 2) : 0, dots != NULL ? dots + 2 : "");
    snprintf(part[2], sizeof part[2], "%s", slash != NULL ? slash + 1 : "1");
    if (!line_int(part[0], name, least, 1 << 16, &r.from, reason))
        return false;
    r.to = r.from;
    if (dots != NULL && (!line_int(part[1], name, r.from, 1 << 16, &r.to, reason) || !line_int(part[2], "the step", 1, 1 << 16, &r.step, reason)))
        return false;
    *out = r;
    return true;
}

static bool read_numbers(Hypothesis *h, NetLine *line, int *given, Err *reason)
{
    for (int i = 0; i < NUMBER_COUNT; i++) {
        const char *text = line_option(line, names[i]);
        if (text == NULL)
            continue;
        if (!read_range(text, names[i], may_lack(i) ? 0 : 1, &h->numbers[i], reason))
            return false;
        ++*given;
    }
    const char *one = line_option(line, "one");
    if (one == NULL)
        return true;
    ++*given;
    if (*given > 1)
        return err_set(reason, "one= changes one number at a time, so no other number can be given with it");
    return read_range(one, "one", 1, &h->one, reason);
}

/* as="conv deep 7x7/2 24 pad=3" */
static bool read_rows(Hypothesis *h, NetLine *line, RowReader *read_row, Err *reason)
{
    NetLine *row = malloc(sizeof *row);
    bool good = row != NULL || err_set(reason, "not enough memory for the hypothesis");
    for (const char *as = line_option(line, "as"); good && as != NULL; as = line_option(line, "as")) {
        const size_t used = strlen(h->as);
        if (h->as[0] == '\0')
            h->row_count = 0;
        if (h->row_count == HYPOTHESIS_ROWS_MAX || used + strlen(as) + 3 > sizeof h->as) {
            good = err_set(reason, "as= has more than %d rows or %d letters", HYPOTHESIS_ROWS_MAX, (int)sizeof h->as - 1);
            break;
        }
        snprintf(h->as + used, sizeof h->as - used, "%s%s", used > 0 ? "; " : "", as);
        RowSpec *spec = &h->rows[h->row_count++];
        row->number = line->number;
        good = line_split(row, as, as + strlen(as), reason) && read_row(row, spec, reason);
    }
    free(row);
    return good;
}

static bool copy(char *out, size_t size, const char *text, const char *what, Err *reason)
{
    if (text != NULL && strlen(text) >= size)
        return err_set(reason, "%s is longer than %d bytes", what, (int)size - 1);
    snprintf(out, size, "%s", text != NULL ? text : "");
    return true;
}

bool hypothesis_read(Net *net, int row, const RowSpec *spec, bool shared, NetLine *line, RowReader *read_row, Err *reason)
{
    Hypothesis *all = array_grow(net->hypotheses, net->hypothesis_count, sizeof *all);
    if (all == NULL)
        return err_set(reason, "not enough memory for the hypothesis");
    net->hypotheses = all;
    Hypothesis *h = &net->hypotheses[net->hypothesis_count];
    *h = (Hypothesis){.row = row, .line = line->number, .shared = shared, .rows = {*spec}, .row_count = 1};
    const char *source = line_option(line, "source");
    int given = 0;
    if (source == NULL)
        return err_set(reason, "source is missing: whose numbers is it about?");
    if (!copy(h->source, sizeof h->source, source, "the source", reason) || !copy(h->note, sizeof h->note, line_option(line, "note"), "the note", reason) ||
        !copy(h->note_zh, sizeof h->note_zh, line_option(line, "note-zh"), "the note", reason) || !read_numbers(h, line, &given, reason) ||
        !read_rows(h, line, read_row, reason))
        return false;
    if ((given > 0) == (h->as[0] != '\0'))
        return err_set(reason, given > 0 ? "numbers change the row and as= replaces it: use one of the two" : "it changes nothing");
    if (given > 0 && spec->op != OP_CONCAT)
        return err_set(reason, "%s is not an inception module; to put another row in its place, use as=\"conv NAME KxK/STRIDE CHANNELS\"", net->rows[row].name);
    if (hypothesis_settings(net, h) > LIMIT_NET_SETTINGS)
        return err_set(reason, "more than %d settings to try", LIMIT_NET_SETTINGS);
    net->hypothesis_count++;
    return true;
}

/* -------------------------------------------------------------------- settings */

static int64_t range_size(const NumberRange *r) { return r->step > 0 ? ((int64_t)r->to - r->from) / r->step + 1 : 1; }

int64_t hypothesis_settings(const Net *net, const Hypothesis *h)
{
    int64_t count = 1;
    if (h->one.step > 0) {
        count = 0;
        for (int i = 0; i < NUMBER_COUNT; i++)
            count += hypothesis_now(net, h, i) > 0 ? range_size(&h->one) : 0;
        return count;
    }
    for (int i = 0; i < NUMBER_COUNT; i++)
        if (__builtin_mul_overflow(count, range_size(&h->numbers[i]), &count))
            return INT64_MAX;
    return count;
}

bool hypothesis_setting(const Net *net, const Hypothesis *h, int64_t at, int numbers[NUMBER_COUNT])
{
    bool changed = h->as[0] != '\0';
    for (int i = 0; i < NUMBER_COUNT; i++)
        numbers[i] = hypothesis_now(net, h, i);
    for (int i = 0; h->one.step > 0 && i < NUMBER_COUNT; i++) {
        const int64_t size = numbers[i] > 0 ? range_size(&h->one) : 0;
        if (at < size) {
            const int value = h->one.from + (int)at * h->one.step;
            changed = value != numbers[i];
            numbers[i] = value;
            return changed;
        }
        at -= size;
    }
    for (int i = NUMBER_COUNT - 1; i >= 0; i--) {
        const NumberRange *r = &h->numbers[i];
        const int64_t size = range_size(r);
        if (r->step > 0) {
            const int value = r->from + (int)(at % size) * r->step;
            changed = changed || value != numbers[i];
            numbers[i] = value;
        }
        at /= size;
    }
    return changed;
}

/* -------------------------------------------------------------------- the altered row */

Net *hypothesis_build(const Net *net, const Hypothesis *h, const int numbers[NUMBER_COUNT], Err *err)
{
    const Layer *first = &net->layers[net->rows[h->row].first];
    const NetOptions options = {.no_heads = true};
    Net *altered = calloc(1, sizeof *altered);
    if (altered == NULL) {
        err_set(err, "not enough memory to build %s", net->rows[h->row].name);
        return NULL;
    }
    memcpy(altered->name, net->name, sizeof altered->name);
    memcpy(altered->source, net->source, sizeof altered->source);
    altered->classes_word = net->classes_word;
    Build build = {.net = altered, .options = &options, .bn = first->bn, .bn_eps = first->bn_eps};
    Shape in = first->in;
    in.c = numbers[NUMBER_INPUT];
    bool good = build_input(&build, in, h->line, err);
    for (int i = 0; good && i < h->row_count; i++) {
        RowSpec spec = h->rows[i];
        if (h->as[0] == '\0')
            memcpy(spec.channels, numbers + 1, sizeof spec.channels);
        good = build_row(&build, &spec, err);
    }
    good = good && build_finish(&build, err);
    build_end(&build);
    if (good)
        return altered;
    net_free(altered);
    return NULL;
}

/* Adds the counts of a convolution over `in` channels; out 0 means that there is no such convolution. */
static bool add_conv(Counts *sum, int64_t in, int64_t out, int64_t k, int64_t places, const Layer *like)
{
    int64_t weights, macs;
    if (__builtin_mul_overflow(in * out, k * k, &weights) || __builtin_mul_overflow(weights, places, &macs) ||
        __builtin_add_overflow(sum->macs, macs, &sum->macs) || sum->macs > INT64_MAX / 8)
        return false;
    sum->weights += weights;
    sum->params += weights + (like->bias ? out : 0) + (like->bn ? 2 * out : 0);
    sum->bias_adds += like->bias ? out * places : 0;
    return true;
}

bool hypothesis_counts(const Net *net, const Hypothesis *h, const int numbers[NUMBER_COUNT], Counts *out)
{
    const Layer *like = &net->layers[net->rows[h->row].first];
    const int64_t places = (int64_t)like->in.h * like->in.w, in = numbers[NUMBER_INPUT];
    const int64_t second = numbers[NUMBER_3X3_REDUCE] > 0 ? numbers[NUMBER_3X3_REDUCE] : in;
    const int64_t third = numbers[NUMBER_5X5_REDUCE] > 0 ? numbers[NUMBER_5X5_REDUCE] : in;
    *out = (Counts){0};
    return h->as[0] == '\0' && h->rows[0].op == OP_CONCAT && add_conv(out, in, numbers[NUMBER_1X1], 1, places, like) &&
           add_conv(out, in, numbers[NUMBER_3X3_REDUCE], 1, places, like) && add_conv(out, second, numbers[NUMBER_3X3], 3, places, like) &&
           add_conv(out, in, numbers[NUMBER_5X5_REDUCE], 1, places, like) &&
           add_conv(out, third, numbers[NUMBER_5X5], h->rows[0].third_kernel, places, like) &&
           add_conv(out, in, numbers[NUMBER_POOL_PROJ], 1, places, like);
}
