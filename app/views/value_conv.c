/* value_conv.c - one value of a convolution or a fully connected layer in words and numbers: its ledger, its sentence, its formula. The terms
 * themselves are in value_products.c. */
#include "app/views/value_cells.h"
#include "app/views/value_page.h"

#include <stdio.h>
#include <string.h>

/* ---- words and numbers ------------------------------------------------------------------------------------------------------------------ */

static void weighted_ledger(Ui *ui, const Model *m, Rect *r, const Taken *t)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const WeightedSum *w = &t->e.of.weighted;
    char left[128], right[64], a[NUM_MAX], b[NUM_MAX];
    snprintf(left, sizeof left, model_text(m, l->bias ? STR_START_BIAS : STR_START_ZERO), t->at.channel);
    part_row(ui, r, left, num_exact(a, w->bias));
    if (t->bits > 0) {
        snprintf(left, sizeof left, model_text(m, STR_WEIGHT_BITS), t->bits);
        part_row(ui, r, left, num_exact(a, t->scale));
    }
    const bool conv = l->op == OP_CONV;
    const int taps = conv ? l->k * l->k : l->in.h * l->in.w, channels = conv ? l->in.c / l->groups : l->in.c, all = channels * taps;
    if (taps > 1)
        snprintf(left, sizeof left, model_text(m, conv ? STR_CHANNELS_TAPS : STR_CHANNELS_PLACES), channels, taps);
    else
        snprintf(left, sizeof left, model_text(m, STR_CHANNELS_N), channels);
    snprintf(right, sizeof right, model_text(m, STR_TERMS_N), num_count(a, all));
    part_row(ui, r, left, right);
    if (t->e.term_count < all) {
        snprintf(right, sizeof right, "−%s", num_count(b, all - t->e.term_count));
        part_row_styled(ui, r, part_small(ui), model_text(m, STR_IN_PADDING), part_mono(ui), right);
    }
    snprintf(right, sizeof right, "%+.4f", w->positive);
    part_row(ui, r, model_text(m, STR_POSITIVE_TERMS), right);
    snprintf(right, sizeof right, "%+.4f", w->negative);
    part_row(ui, r, model_text(m, STR_NEGATIVE_TERMS), right);
    value_step_rows(ui, m, r, t, STR_SUM_AFTER);
    value_sum_row(ui, r, model_text(m, taps == 1 ? STR_SUM_BY_CHANNEL : conv ? STR_SUM_IN_ORDER : STR_SUM_BY_PLACE), w->total);
    if (l->bn)
        part_row(ui, r, model_text(m, STR_BATCH_NORM), num_exact(a, t->e.pre));
    if (l->relu)
        part_row(ui, r, model_text(m, STR_RELU_OF), num_exact(a, t->e.value));
}

static void weighted_says(const Model *m, const Taken *t, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    char count[NUM_MAX];
    snprintf(out, size, model_text(m, l->bias ? STR_VALUE_OF_BIAS : STR_VALUE_OF_TERMS), num_count(count, t->e.term_count));
    snprintf(out + strlen(out), size - strlen(out), "%s%s", l->bn ? model_text(m, STR_VALUE_THEN_NORM) : "", l->relu ? model_text(m, STR_VALUE_THEN_RELU) : "");
}

static void weighted_formula(const Model *m, const Taken *t, char *out, size_t size)
{
    const Layer *l = &model_net(m)->layers[t->at.layer];
    const Cursor c = t->at;
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

const ValuePage value_conv = {.terms = value_products, .ledger = weighted_ledger, .says = weighted_says, .formula = weighted_formula,
                              .rounds = true, .hint = STR_HINT_MULTIPLY, .hint_play = STR_HINT_PLAY_KERNEL};
const ValuePage value_fc = {.terms = value_products, .ledger = weighted_ledger, .says = weighted_says, .formula = weighted_formula,
                            .rounds = true, .hint = STR_HINT_MULTIPLY, .hint_play = STR_HINT_PLAY_PLACES};
