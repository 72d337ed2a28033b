/* path_words.c - see path_words.h. */
#include "app/model/path_words.h"
#include "app/model/numbers.h"

#include <stdio.h>
#include <string.h>

enum { OTHERS = 3 };

static bool sums(Op op)
{
    return op == OP_CONV || op == OP_FC || op == OP_AVGPOOL;
}

/* Room for one more line. */
static char *next_line(PathLines *out)
{
    assert(out->count < PATH_LINES);
    return out->text[out->count++];
}

void path_unit_text(const Net *net, Unit u, Lang lang, char out[PATH_NAME_MAX])
{
    char name[160];
    net_address_text(net, (Address){.layer = u.layer, .channel = u.c}, name, sizeof name);
    snprintf(out, PATH_NAME_MAX, str(lang, STR_PATH_AT), name, u.y, u.x);
}

void path_head_text(const PathScene *scene, const PathStep *s, const char *label, char *out, size_t size)
{
    char name[PATH_NAME_MAX], value[NUM_MAX];
    path_unit_text(scene->net, s->e.unit, scene->lang, name);
    const int used = snprintf(out, size, "%s = %s", name, num_exact(value, s->e.value));
    if (label != NULL && (size_t)used < size)
        snprintf(out + used, size - (size_t)used, str(scene->lang, STR_PATH_SCORE_OF), label);
}

static void norm_lines(const PathScene *scene, const Explanation *e, PathLines *out)
{
    const Layer *layer = &scene->net->layers[e->unit.layer];
    const WeightedSum *s = &e->of.weighted;
    if (layer->bn)
        snprintf(next_line(out), PATH_LINE_MAX, str(scene->lang, STR_PATH_NORM), (double)s->total, (double)s->mean, (double)s->deviation, (double)s->gamma,
                 (double)s->beta, (double)e->pre, (double)s->gamma / (double)s->deviation);
    if (layer->relu && e->pre < 0)
        snprintf(next_line(out), PATH_LINE_MAX, str(scene->lang, STR_PATH_RELU), (double)e->pre);
}

static void most_line(const PathScene *scene, const PathStep *s, const Term *terms, const int *order, PathLines *out)
{
    char *line = next_line(out);
    const int count = s->e.term_count;
    size_t used = (size_t)snprintf(line, PATH_LINE_MAX, str(scene->lang, STR_PATH_MOST), order[0] + 1, count);
    for (int i = 1; i <= OTHERS && i < count && used < PATH_LINE_MAX; i++) {
        const Term *other = &terms[order[i]];
        used += (size_t)snprintf(line + used, PATH_LINE_MAX - used, "%s", str(scene->lang, i == 1 ? STR_PATH_THEN : STR_LIST_COMMA));
        used += (size_t)snprintf(line + used, PATH_LINE_MAX - used, str(scene->lang, STR_PATH_OTHER), i + 1, (double)other->product, other->c, other->y, other->x);
    }
}

/* Before, the term, after: three numbers that add up, then what follows to the sum. */
static void sum_lines(const PathScene *scene, const PathStep *s, const Term *terms, const int *order, PathLines *out)
{
    const Explanation *e = &s->e;
    const Term *t = &s->followed;
    const bool average = e->op == OP_AVGPOOL, on = s->end == PATH_GOES_ON && s->term >= 0;
    const int more = e->term_count - s->term - 1;
    if (on && average)
        snprintf(next_line(out), PATH_LINE_MAX, str(scene->lang, STR_PATH_AVERAGE), (double)s->before, s->term, (double)t->in, (double)t->sum, more,
                 (double)e->of.average.total, e->of.average.divisor);
    else if (on)
        snprintf(next_line(out), PATH_LINE_MAX, str(scene->lang, STR_PATH_SUM), (double)s->before, s->term, (double)t->in, (double)t->w, (double)t->sum, more,
                 (double)e->of.weighted.total);
    else if (!average)
        snprintf(next_line(out), PATH_LINE_MAX, str(scene->lang, STR_PATH_WHOLE_SUM), (double)e->of.weighted.bias, e->term_count, (double)e->of.weighted.total);
    if (!average)
        norm_lines(scene, e, out);
    if (on)
        most_line(scene, s, terms, order, out);
}

static void lrn_line(const PathScene *scene, const PathStep *s, const Term *terms, PathLines *out)
{
    const Explanation *e = &s->e;
    const Layer *layer = &scene->net->layers[e->unit.layer];
    const float own = scene->maps[layer->inputs[0]][at(layer->in, 0, e->unit.c, e->unit.y, e->unit.x)];
    char channels[128] = "";
    size_t used = 0;
    for (int i = 0; i < e->term_count && used < sizeof channels; i++)
        used += (size_t)snprintf(channels + used, sizeof channels - used, "%s%d", i > 0 ? ", " : "", terms[i].c);
    snprintf(next_line(out), PATH_LINE_MAX, str(scene->lang, STR_PATH_LRN), (double)own, (double)e->of.lrn.factor, channels, (double)layer->lrn_k,
             (double)layer->lrn_alpha, layer->lrn_size, (double)e->of.lrn.squares, (double)layer->lrn_beta);
}

static void maxpool_line(const PathScene *scene, const PathStep *s, const Term *terms, PathLines *out)
{
    const Explanation *e = &s->e;
    const Term *winner = &terms[e->of.max.winner];
    char *line = next_line(out);
    const int used = snprintf(line, PATH_LINE_MAX, str(scene->lang, STR_PATH_WINS), e->term_count, winner->y, winner->x);
    if (s->term != e->of.max.winner)
        snprintf(line + used, PATH_LINE_MAX - (size_t)used, "%s", str(scene->lang, STR_PATH_LOST));
}

static const char *source_branch(const Explanation *e)
{
    const char *name = branch_name(e->of.source.branch);
    return name != NULL ? name : "";
}

void path_lines(const PathScene *scene, const PathStep *s, const Term *terms, const int *order, PathLines *out)
{
    const Explanation *e = &s->e;
    out->count = 0;
    if (sums(e->op)) {
        sum_lines(scene, s, terms, order, out);
        return;
    }
    if (s->end != PATH_GOES_ON || s->term < 0)
        return;
    switch (e->op) {
    case OP_MAXPOOL: maxpool_line(scene, s, terms, out); break;
    case OP_LRN: lrn_line(scene, s, terms, out); break;
    case OP_SOFTMAX:
        snprintf(next_line(out), PATH_LINE_MAX, str(scene->lang, STR_PATH_SOFTMAX), (double)e->of.softmax.max, (double)e->of.softmax.exponential,
                 (double)e->of.softmax.sum);
        break;
    case OP_CONCAT: snprintf(next_line(out), PATH_LINE_MAX, str(scene->lang, STR_PATH_COPIED), source_branch(e), e->of.source.unit.c); break;
    case OP_DROPOUT: snprintf(next_line(out), PATH_LINE_MAX, "%s", str(scene->lang, STR_PATH_DROPOUT)); break;
    case OP_CONV: case OP_FC: case OP_AVGPOOL: case OP_INPUT: case OP_COUNT: break;
    }
}

void path_followed_text(const PathScene *scene, const PathStep *s, char *out, size_t size)
{
    const bool copy = s->share == 1 && s->rank == 0;
    out[0] = '\0';
    if (s->end == PATH_GOES_ON && s->term >= 0 && !copy)
        snprintf(out, size, str(scene->lang, STR_PATH_FOLLOWED), s->rank + 1, 100 * s->share, 100 * s->whole);
}

static void pixel_text(const PathScene *scene, const PathStep *s, char *out, size_t size)
{
    const Unit u = s->e.unit;
    const unsigned char *rgb = scene->fitted->rgb + 3 * ((size_t)u.y * (size_t)scene->fitted->w + (size_t)u.x);
    const char *name = image_byte_name(scene->net, u.c);
    const bool letter = name[1] == '\0';
    snprintf(out, size, str(scene->lang, STR_PATH_ENDS_PIXEL), u.y, u.x, letter ? name : str(scene->lang, STR_PATH_GREY), image_byte(rgb, scene->net, u.c), rgb[0],
             rgb[1], rgb[2]);
}

void path_end_text(const PathScene *scene, const PathStep *s, char *out, size_t size)
{
    out[0] = '\0';
    if (s->end == PATH_PIXEL)
        pixel_text(scene, s, out, size);
    else if (s->end != PATH_GOES_ON)
        snprintf(out, size, "%s", str(scene->lang, s->end == PATH_ZERO ? STR_PATH_ENDS_ZERO : STR_PATH_ENDS_CONSTANT));
}

void path_short_text(const PathScene *scene, const PathStep *s, char *out, size_t size)
{
    const Explanation *e = &s->e;
    const Lang lang = scene->lang;
    char a[NUM_MAX], b[NUM_MAX], count[NUM_MAX];
    static const Str ends[] = {[PATH_PIXEL] = STR_PATH_BY_PIXEL, [PATH_ZERO] = STR_PATH_BY_ZERO, [PATH_CONSTANT] = STR_PATH_BY_CONSTANT};
    const bool own = s->followed.c == e->unit.c;
    num_count(count, e->term_count);
    out[0] = '\0';
    if (s->end != PATH_GOES_ON) {
        snprintf(out, size, "%s", str(lang, ends[s->end]));
        return;
    }
    switch (e->op) {
    case OP_CONV: case OP_FC:
        snprintf(out, size, str(lang, STR_PATH_BY_PRODUCT), num_value(a, (double)s->followed.in), num_value(b, (double)s->followed.w), count);
        break;
    case OP_AVGPOOL: snprintf(out, size, str(lang, STR_PATH_BY_CELL), num_value(a, (double)s->followed.in), e->of.average.divisor, count); break;
    case OP_MAXPOOL: snprintf(out, size, str(lang, s->term == e->of.max.winner ? STR_PATH_BY_WIN : STR_PATH_BY_LOSER), count); break;
    case OP_LRN:
        if (own)
            snprintf(out, size, str(lang, STR_PATH_BY_LRN), num_value(a, (double)e->of.lrn.factor), e->term_count);
        else
            snprintf(out, size, "%s", str(lang, STR_PATH_BY_NEIGHBOUR));
        break;
    case OP_SOFTMAX: snprintf(out, size, "%s", str(lang, own ? STR_PATH_BY_OWN_SCORE : STR_PATH_BY_NEIGHBOUR)); break;
    case OP_CONCAT: snprintf(out, size, str(lang, STR_PATH_BY_BRANCH), source_branch(e)); break;
    case OP_DROPOUT: snprintf(out, size, "%s", str(lang, STR_PATH_BY_DROPOUT)); break;
    case OP_INPUT: case OP_COUNT: break;
    }
}
