/* occlusion_model.c - computes the occlusion of the current picture in the background; see occlusion_model.h. */
#include "app/model/occlusion_model.h"

#include <math.h>
#include <stdlib.h>

/* Row 0 belongs to the whole picture, row 1 + s to square s. */
static bool work(SideJob *job, void *result, Err *err)
{
    Occlusion *o = result; /* only this thread uses these while it runs: logits beyond the counted steps, and covered */
    const RunOptions options = {.batch = 1};
    Run *run = run_new(side_job_key(job)->engine, side_job_net(job), &options, err);
    if (run == NULL)
        return false;
    run_weights(run, side_job_weights(job));
    for (int row = 0; row <= occlusion_count(&o->plan) && !side_job_stopped(job); row++) {
        occlusion_logits(run, &o->plan, side_job_input(job), row - 1, o->covered, o->logits + (size_t)row * (size_t)o->classes);
        side_job_step(job);
    }
    run_free(run);
    return true;
}

static void forget(Occlusion *o)
{
    free(o->logits);
    free(o->covered);
    free(o->map);
    o->logits = o->covered = o->map = NULL;
    o->done = o->map_done = 0;
    o->problem.text[0] = '\0';
}

static bool room(Occlusion *o, const Net *net)
{
    size_t count;
    o->plan = occlusion_plan_default(net->input);
    o->classes = net_scores(net, 0);
    if (o->square >= occlusion_count(&o->plan))
        o->square = -1;
    if (!size_mul((size_t)occlusion_count(&o->plan) + 1, (size_t)o->classes, &count) || count > SIZE_MAX / sizeof(float))
        return false;
    o->logits = malloc(count * sizeof *o->logits);
    o->covered = malloc(shape_size(net->input) * sizeof *o->covered);
    o->map = malloc((size_t)net->input.h * (size_t)net->input.w * sizeof *o->map);
    return o->logits != NULL && o->covered != NULL && o->map != NULL;
}

static void start(Occlusion *o, const SideWish *wish)
{
    forget(o);
    o->key = wish->key;
    if (!net_need_scores(wish->source->source.net, &o->problem))
        return;
    if (room(o, wish->source->source.net))
        o->job = side_job_start(wish, work, o);
    if (o->job == NULL) {
        forget(o);
        side_job_none(&o->problem);
    }
}

void occlusion_want(Occlusion *o, const SideWish *wish)
{
    const bool same = side_key_same(&o->key, &wish->key);
    if (o->job != NULL)
        o->done = side_job_tend(&o->job, same, &o->problem);
    const bool there = same && (o->done == occlusion_count(&o->plan) + 1 || o->problem.text[0] != '\0');
    if (o->job == NULL && !there)
        start(o, wish);
}

void occlusion_rest(Occlusion *o)
{
    side_job_stop(o->job);
}

bool occlusion_busy(const Occlusion *o)
{
    return o->job != NULL;
}

void occlusion_close(Occlusion *o)
{
    side_job_quit(&o->job, &o->problem);
    forget(o);
    *o = (Occlusion){.square = -1};
}

const float *occlusion_scores(const Occlusion *o, int square)
{
    return square + 1 < o->done ? o->logits + (size_t)(square + 1) * (size_t)o->classes : NULL;
}

int occlusion_top(const Occlusion *o, int square, Guess *out, int k)
{
    const float *logits = occlusion_scores(o, square);
    if (logits == NULL)
        return 0;
    float max, sum;
    softmax_parts(logits, o->classes, &max, &sum);
    const int count = top_guesses(logits, o->classes, out, k);
    for (int i = 0; i < count; i++)
        out[i].prob = expf(out[i].prob - max) / sum;
    return count;
}

float occlusion_prob(const Occlusion *o, int square, int class_index)
{
    const float *logits = occlusion_scores(o, square);
    float max, sum;
    assert(logits != NULL);
    softmax_parts(logits, o->classes, &max, &sum);
    return expf(logits[class_index] - max) / sum;
}

int occlusion_costly(const Occlusion *o, int class_index, Guess *out, int k)
{
    const int count = o->done - 1;
    float *losses = count > 0 ? malloc((size_t)count * sizeof *losses) : NULL;
    if (losses == NULL)
        return 0;
    for (int s = 0; s < count; s++)
        losses[s] = o->logits[class_index] - occlusion_scores(o, s)[class_index];
    const int written = top_guesses(losses, count, out, k);
    free(losses);
    return written;
}

float occlusion_most(const Occlusion *o, int class_index)
{
    float most = 0;
    for (int s = 0; s < o->done - 1; s++)
        most = fmaxf(most, fabsf(o->logits[class_index] - occlusion_scores(o, s)[class_index]));
    return most;
}

bool occlusion_view(Occlusion *o, int class_index)
{
    if (o->done == 0 || o->map == NULL)
        return false;
    if (o->map_done == o->done && o->map_class == class_index)
        return true;
    o->reach = occlusion_map(&o->plan, o->logits, o->logits + o->classes, o->done - 1, o->classes, class_index, o->map);
    o->lo = o->hi = o->map[0];
    for (int i = 1; i < o->plan.input.h * o->plan.input.w; i++) {
        o->lo = fminf(o->lo, o->map[i]);
        o->hi = fmaxf(o->hi, o->map[i]);
    }
    o->map_done = o->done;
    o->map_class = class_index;
    return true;
}

static int within(int v, int count)
{
    return v < 0 ? 0 : v < count ? v : count - 1;
}

void occlusion_move(Occlusion *o, int rows, int cols)
{
    const OcclusionPlan *p = &o->plan;
    if (o->logits == NULL)
        return;
    const int from = o->square >= 0 ? o->square : p->rows / 2 * p->cols + p->cols / 2;
    const bool first = o->square < 0;
    o->square = within(from / p->cols + (first ? 0 : rows), p->rows) * p->cols + within(from % p->cols + (first ? 0 : cols), p->cols);
}

int occlusion_nearest(const OcclusionPlan *p, int y, int x)
{
    const int row = (y - p->square / 2 + p->step / 2), col = (x - p->square / 2 + p->step / 2);
    return within(row / p->step, p->rows) * p->cols + within(col / p->step, p->cols);
}
