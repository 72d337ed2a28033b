/* value_words.c - what the one-value view says in words: the headline and the keys, which differ from op to op, names and the formula. */
#include "app/views/view_value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Whether the picture was made of colours: not where the network's description brings the numbers itself. */
static bool of_colours(const Model *m)
{
    return model_net(m)->input.c == 3 && m->picture.path[0] != '\0';
}

void value_name(const Model *m, Cursor c, char *out, size_t size)
{
    const Net *net = model_net(m);
    cursor_text(net, c, out, size);
    const size_t used = strlen(out);
    if (c.layer == 0 && c.channel >= 0 && of_colours(m))
        snprintf(out + used, size - used, " %s", model_text(m, part_input_colour(net, c.channel)));
    for (int h = 0; h < net->head_count; h++)
        if (c.channel >= 0 && (c.layer == net->heads[h].logits || c.layer == net->heads[h].last) && net->layers[c.layer].out.h * net->layers[c.layer].out.w == 1) {
            char name[96];
            part_class_name(m, c.channel, name, sizeof name);
            snprintf(out + used, size - used, " %s", name);
            break;
        }
}

bool value_is_copy(Op op)
{
    return op == OP_CONCAT || op == OP_DROPOUT;
}

/* ---- the headline ---------------------------------------------------------------------------------------------------------------- */

static void pixel_formula(const Model *m, int channel, char *out, size_t size)
{
    const Preprocess *p = &model_net(m)->preprocess;
    if (m->picture.path[0] == '\0')
        out[0] = '\0'; /* given as it is */
    else if (p->unit_scale)
        snprintf(out, size, "x = (v/255 − %g) / %g", (double)p->mean[channel % 3], (double)p->std[channel % 3]);
    else
        snprintf(out, size, "x = v − %g", (double)p->mean[channel % 3]);
}

static void of_weighted(const Model *m, const Taken *t, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    char count[NUM_MAX];
    snprintf(out, size, model_text(m, l->bias ? STR_VALUE_OF_BIAS : STR_VALUE_OF_TERMS), num_count(count, t->e.term_count));
    snprintf(out + strlen(out), size - strlen(out), "%s%s", l->bn ? model_text(m, STR_VALUE_THEN_NORM) : "", l->relu ? model_text(m, STR_VALUE_THEN_RELU) : "");
}

static void of_pixel(const Model *m, const Taken *t, char *out, size_t size)
{
    char formula[96];
    pixel_formula(m, t->at.channel, formula, sizeof formula);
    if (m->picture.path[0] == '\0')
        snprintf(out, size, "%s", model_text(m, STR_VALUE_OF_GIVEN));
    else if (of_colours(m))
        snprintf(out, size, model_text(m, STR_VALUE_OF_COLOUR), model_text(m, part_input_colour(model_net(m), t->at.channel)), formula);
    else
        snprintf(out, size, model_text(m, STR_VALUE_OF_GREY), formula);
}

/* How the value came about, one sentence for each op. */
static void of_op(const Model *m, const Taken *t, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    char name[NET_NAME_MAX + 32];
    const Unit from = t->e.of.source.unit;
    if (value_is_copy(t->e.op))
        cursor_text(model_net(m), (Cursor){from.layer, from.c, from.y, from.x}, name, sizeof name);
    switch (t->e.op) {
    case OP_CONV:
    case OP_FC: of_weighted(m, t, out, size); break;
    case OP_MAXPOOL: snprintf(out, size, model_text(m, STR_VALUE_OF_MAX), t->e.term_count); break;
    case OP_AVGPOOL: snprintf(out, size, model_text(m, STR_VALUE_OF_AVERAGE), t->e.term_count, t->e.of.average.divisor); break;
    case OP_LRN: snprintf(out, size, model_text(m, STR_VALUE_OF_LRN), t->e.term_count); break;
    case OP_CONCAT: snprintf(out, size, model_text(m, STR_VALUE_OF_CONCAT), name); break;
    case OP_DROPOUT: snprintf(out, size, model_text(m, STR_VALUE_OF_DROPOUT), name, 1 - (double)l->drop); break;
    case OP_SOFTMAX: snprintf(out, size, model_text(m, STR_VALUE_OF_SOFTMAX), t->e.term_count); break;
    case OP_INPUT: of_pixel(m, t, out, size); break;
    case OP_COUNT: out[0] = '\0'; break;
    }
}

bool value_agrees(const Taken *t)
{
    return memcmp(&t->stored, &t->e.value, sizeof t->stored) == 0;
}

char *value_difference(char out[NUM_MAX], const Taken *t)
{
    snprintf(out, NUM_MAX, "%.2e", (double)t->stored - (double)t->e.value);
    return out;
}

/* Whether the engine has stored just that. Nothing is to be said of what is chosen or copied: there is no order in it. */
static void of_engine(const Model *m, const Taken *t, char *out, size_t size)
{
    char value[NUM_MAX], other[NUM_MAX];
    const bool fast = strcmp(m->engine->name, "fast") == 0;
    out[0] = '\0';
    num_exact(value, t->e.value);
    if (t->e.op == OP_MAXPOOL || t->e.op == OP_INPUT || value_is_copy(t->e.op))
        return;
    if (value_agrees(t))
        snprintf(out, size, model_text(m, fast ? STR_VALUE_FAST_AGREES : STR_VALUE_EXACT), value);
    else if (fast)
        snprintf(out, size, model_text(m, STR_VALUE_FAST_DIFFERS), value, value_difference(other, t));
    else
        snprintf(out, size, model_text(m, STR_VALUE_UNLIKE), value, num_exact(other, t->stored));
}

void value_says(const Model *m, const Taken *t, char *out, size_t size)
{
    const Shape s = model_net(m)->layers[t->at.layer].out;
    char op[256], engine[256] = "";
    size_t used = 0;
    of_op(m, t, op, sizeof op);
    if (!m->playing) /* a number that changes with every place cannot be read */
        of_engine(m, t, engine, sizeof engine);
    if (s.h * s.w > 1)
        used = (size_t)snprintf(out, size, model_text(m, STR_VALUE_AT), t->at.y, t->at.x);
    snprintf(out + used, size - used, "%s%s", op, engine);
}

/* ---- the keys -------------------------------------------------------------------------------------------------------------------- */

void value_hints(const Model *m, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[m->cursor.layer];
    const bool places = l->out.h * l->out.w > 1, pool = l->op == OP_MAXPOOL || l->op == OP_AVGPOOL;
    Str hints[5];
    int count = 0;
    if (l->op == OP_CONV || l->op == OP_FC)
        hints[count++] = STR_HINT_MULTIPLY;
    else if (pool)
        hints[count++] = STR_HINT_NEXT_VALUE;
    else if (value_is_copy(l->op))
        hints[count++] = STR_HINT_SOURCE;
    if (places)
        hints[count++] = l->op == OP_CONV ? STR_HINT_PLAY_KERNEL : pool ? STR_HINT_PLAY_WINDOW : STR_HINT_PLAY_PLACES;
    hints[count++] = STR_HINT_BACK;
    if (places)
        hints[count++] = STR_HINT_ARROWS;
    if (l->out.c > 1)
        hints[count++] = STR_HINT_CHANNEL;
    out[0] = '\0';
    for (int i = 0; i < count; i++)
        snprintf(out + strlen(out), size - strlen(out), "%s%s", i > 0 ? " · " : "", model_text(m, hints[i]));
}

/* ---- what it sees ---------------------------------------------------------------------------------------------------------------- */

void value_sees(const Model *m, const Field *field, char *out, size_t size)
{
    const Shape picture = model_net(m)->input;
    const Field seen = field_within(*field, picture);
    const int h = field->y1 - field->y0, w = field->x1 - field->x0, seen_h = seen.y1 - seen.y0, seen_w = seen.x1 - seen.x0;
    if (seen_h <= 0 || seen_w <= 0)
        snprintf(out, size, "%s", model_text(m, STR_SEES_NOTHING));
    else if (seen_h == h && seen_w == w)
        snprintf(out, size, model_text(m, STR_OF_THE_INPUT), h, w);
    else if (seen_h == picture.h && seen_w == picture.w)
        snprintf(out, size, model_text(m, STR_SEES_WHOLE), h, w);
    else
        snprintf(out, size, model_text(m, STR_SEES_CUT), seen_h, seen_w, h, w);
}

/* ---- the formula ----------------------------------------------------------------------------------------------------------------- */

static void weighted_formula(const Layer *l, Cursor c, char *out, size_t size)
{
    char left[96], bias[32] = "", close[8];
    if (l->bias)
        snprintf(bias, sizeof bias, "b[%d] +\n  ", c.channel);
    if (l->op == OP_FC)
        snprintf(left, sizeof left, "y[%d]", c.channel);
    else
        snprintf(left, sizeof left, "y[%d,%d,%d]", c.channel, c.y, c.x);
    snprintf(close, sizeof close, "%s%s", l->bn ? " )" : "", l->relu ? " )" : "");
    size_t used = (size_t)snprintf(out, size, "%s = %s%s%s", left, l->relu ? "ReLU( " : "", l->bn ? "BN(\n  " : "", bias);
    if (l->op == OP_FC)
        used += (size_t)snprintf(out + used, size - used, "Σ i=0…%d  w[%d,i] · x[i]", (int)shape_size(l->in) - 1, c.channel);
    else if (l->k == 1)
        used += (size_t)snprintf(out + used, size - used, "Σ c=0…%d  w[%d,c] · x[c,%d,%d]", l->in.c / l->groups - 1, c.channel, c.y * l->stride, c.x * l->stride);
    else
        used += (size_t)snprintf(out + used, size - used, "Σ c=0…%d  Σ ky,kx=0…%d\n  w[%d,c,ky,kx] ·\n  x[c, %d+ky−%d, %d+kx−%d]", l->in.c / l->groups - 1, l->k - 1,
                                 c.channel, c.y * l->stride, l->pad, c.x * l->stride, l->pad);
    snprintf(out + used, size - used, "%s", close);
}

/* Over the part of the window that lies in the map. */
static void pool_formula(const Layer *l, const Taken *t, char *out, size_t size)
{
    const Field in = field_within((Field){t->e.y0, t->e.y1, t->e.x0, t->e.x1}, l->in);
    const bool max = l->op == OP_MAXPOOL;
    const int used = snprintf(out, size, "y[%d,%d,%d] = %s\n  y=%d…%d, x=%d…%d\n  x[%d, y, x]", t->at.channel, t->at.y, t->at.x, max ? "max" : "Σ", in.y0, in.y1 - 1,
                              in.x0, in.x1 - 1, t->at.channel);
    if (!max)
        snprintf(out + used, size - (size_t)used, " / %d", t->e.of.average.divisor);
}

void value_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const Cursor c = t->at;
    switch (t->e.op) {
    case OP_CONV:
    case OP_FC: weighted_formula(l, c, out, size); break;
    case OP_MAXPOOL:
    case OP_AVGPOOL: pool_formula(l, t, out, size); break;
    case OP_LRN:
        snprintf(out, size, "y = x / (k + α/n · Σ x²)^β\nk = %g, α = %g, n = %d, β = %g", (double)l->lrn_k, (double)l->lrn_alpha, l->lrn_size,
                 (double)l->lrn_beta);
        break;
    case OP_SOFTMAX: snprintf(out, size, "p[%d] = e^(x[%d] − max) /\n  Σ i  e^(x[i] − max)", c.channel, c.channel); break;
    case OP_CONCAT:
    case OP_DROPOUT: snprintf(out, size, "y[%d,%d,%d] = x[%d,%d,%d]", c.channel, c.y, c.x, t->e.of.source.unit.c, c.y, c.x); break;
    case OP_INPUT: pixel_formula(m, c.channel, out, size); break;
    case OP_COUNT: out[0] = '\0'; break;
    }
}
