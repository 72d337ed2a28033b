/* sign_step.c - see sign_step.h. */
#include "engine/net/sign_step.h"
#include "engine/base/rng.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

float step_amount(int position)
{
    static const float amounts[] = {0, 0.25f, 0.5f, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 28, STEP_MOST};
    _Static_assert(sizeof amounts / sizeof amounts[0] == STEP_POSITIONS, "an amount for each position");
    assert(position >= 0 && position < STEP_POSITIONS);
    return amounts[position];
}

int step_position(double amount)
{
    for (int i = 0; i < STEP_POSITIONS; i++)
        if (fabs((double)step_amount(i) - amount) <= 0)
            return i;
    return -1;
}

int step_doubling(int index)
{
    assert(index >= 0 && index < STEP_DOUBLINGS);
    return step_position(ldexp(0.25, index));
}

bool sign_step_allowed(const Net *net, Err *err)
{
    if (!net_need_scores(net, err))
        return false;
    if (net_scores(net, 0) < 2)
        return err_set(err, "network %s has one score, so a step cannot lead to another answer", net->name);
    if (net->input.c != 1 && net->input.c != 3)
        return err_set(err, "network %s takes %d input channels; a step in levels of 255 needs a picture, with 3, or 1 as grey", net->name, net->input.c);
    return true;
}

int sign_step_answer(const SignStep *s, const float *logits)
{
    int best = 0;
    for (int k = 1; k < s->classes; k++)
        best = logits[k] > logits[best] ? k : best;
    return best;
}

bool sign_step_reached(const SignStep *s, int answer)
{
    return s->target < 0 ? answer != s->answer : answer == s->target;
}

static size_t pixels(const SignStep *s)
{
    return (size_t)s->input.h * (size_t)s->input.w;
}

static size_t values(const SignStep *s)
{
    return shape_size(s->input);
}

static void to_network(const SignStep *s, StepKind kind, float amount, float *x)
{
    const size_t plane = pixels(s);
    for (size_t i = 0; i < values(s); i++)
        x[i] = preprocess_value(&s->preprocess, (int)(i / plane), sign_step_level(s, kind, amount, i));
}

float sign_step_level(const SignStep *s, StepKind kind, float amount, size_t i)
{
    const int sign = kind == STEP_RANDOM ? s->random[i] : s->sign[i];
    const float level = fminf(fmaxf(s->levels[i] + amount * (float)sign, 0), 255);
    return kind == STEP_ROUNDED ? floorf(level + 0.5f) : level;
}

/* The value that the byte at `colour` (0..2: red, green, blue) of pixel i shows. */
static size_t shown(const SignStep *s, size_t i, int colour)
{
    return s->input.c == 1 ? i : (size_t)preprocess_colour(&s->preprocess, colour) * pixels(s) + i;
}

void sign_step_bytes(const SignStep *s, StepKind kind, float amount, unsigned char *rgb)
{
    for (size_t i = 0; i < pixels(s); i++)
        for (int colour = 0; colour < 3; colour++)
            rgb[3 * i + (size_t)colour] = (unsigned char)floorf(sign_step_level(s, kind, amount, shown(s, i, colour)) + 0.5f);
}

void sign_step_signs(const SignStep *s, StepKind kind, unsigned char *rgb)
{
    const signed char *signs = kind == STEP_RANDOM ? s->random : s->sign;
    for (size_t i = 0; i < pixels(s); i++)
        for (int colour = 0; colour < 3; colour++)
            rgb[3 * i + (size_t)colour] = (unsigned char)(128 + 127 * signs[shown(s, i, colour)]);
}

/* dL/d(scores) of the cross-entropy of a class: softmax minus one-hot. It is divided by 1 - p of the class, which changes no sign, so
 * that a probability that rounds to 1 still has a direction. */
static void loss_gradient(const SignStep *s, int class_index, float *seed)
{
    const double top = (double)s->before[s->answer];
    double others = 0;
    for (int k = 0; k < s->classes; k++)
        others += k != class_index ? exp((double)s->before[k] - top) : 0;
    for (int k = 0; k < s->classes; k++)
        seed[k] = others > 0 && k != class_index ? (float)(exp((double)s->before[k] - top) / others) : 0;
    seed[class_index] = others > 0 ? -1 : 0;
}

/* The picture's gradient by its network values has the sign of that by its levels, since a deviation is above 0 and grey rises with
 * each colour. */
static void take_signs(SignStep *s, const float *gradient)
{
    for (size_t i = 0; i < values(s); i++) {
        const int up = (gradient[i] > 0) - (gradient[i] < 0);
        s->sign[i] = (signed char)(s->target < 0 ? up : -up);
        s->zeros += up == 0;
    }
}

static bool room(SignStep *s)
{
    const size_t n = values(s);
    s->levels = malloc(size_product(n, sizeof *s->levels));
    s->x = malloc(size_product(n, STEP_KINDS * sizeof *s->x));
    s->sign = malloc(n);
    s->random = malloc(n);
    s->before = malloc((size_t)s->classes * sizeof *s->before);
    return s->levels != NULL && s->x != NULL && s->sign != NULL && s->random != NULL && s->before != NULL;
}

bool sign_step_make(Run *run, const float *levels, int target, uint64_t seed, SignStep *out, Err *err)
{
    const Net *net = run->net;
    SignStep s = {.input = net->input, .preprocess = net->preprocess, .classes = net_scores(net, 0)};
    const Rng rng = rng_make(seed, 0);
    assert(s.classes >= 2 && target < s.classes && run->options.batch >= STEP_KINDS);
    float *slope = malloc((size_t)s.classes * sizeof *slope);
    if (!room(&s) || slope == NULL) {
        sign_step_free(&s);
        free(slope);
        return err_set(err, "not enough memory for the step");
    }
    memcpy(s.levels, levels, values(&s) * sizeof *levels);
    memset(s.sign, 0, values(&s));
    for (size_t i = 0; i < values(&s); i++)
        s.random[i] = rng_at(rng, i) >> 63 ? 1 : -1;
    to_network(&s, STEP_SIGN, 0, s.x);
    run_input(run, s.x, 1);
    run_forward(run);
    run_activation(run, net->heads[0].logits, 0, s.before);
    s.answer = sign_step_answer(&s, s.before);
    s.target = target == s.answer ? -1 : target;
    loss_gradient(&s, s.target < 0 ? s.answer : s.target, slope);
    run_gradient(run, &(Gradient){.from = net->heads[0].logits, .seed = slope});
    run_map_gradient(run, 0, 0, s.x);
    take_signs(&s, s.x);
    free(slope);
    *out = s;
    return true;
}

void sign_step_free(SignStep *s)
{
    free(s->levels);
    free(s->sign);
    free(s->random);
    free(s->x);
    free(s->before);
    *s = (SignStep){.target = -1};
}

void sign_step_logits(Run *run, SignStep *s, float amount, float *logits)
{
    for (int kind = 0; kind < STEP_KINDS; kind++)
        to_network(s, (StepKind)kind, amount, s->x + (size_t)kind * values(s));
    run_input(run, s->x, STEP_KINDS);
    run_forward(run);
    for (int kind = 0; kind < STEP_KINDS; kind++)
        run_activation(run, run->net->heads[0].logits, kind, logits + (size_t)kind * (size_t)s->classes);
}
