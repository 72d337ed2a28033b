/* occlusion.c - see occlusion.h. */
#include "engine/net/occlusion.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Squares along one side. The last one is the first that reaches the border. */
static int squares_along(int side, int square, int step)
{
    return (side - square + step - 1) / step + 1;
}

bool occlusion_plan(Shape input, int square, int step, OcclusionPlan *plan, Err *err)
{
    if (square < 1 || square > input.h || square > input.w)
        return err_set(err, "a square of %d pixels does not fit a picture of %dx%d; take 1 to %d", square, input.h, input.w,
                       input.h < input.w ? input.h : input.w);
    if (step < 1 || step > square)
        return err_set(err, "a step of %d pixels leaves gaps between squares of %d; take 1 to %d", step, square, square);
    *plan = (OcclusionPlan){.input = input, .square = square, .step = step};
    plan->rows = squares_along(input.h, square, step);
    plan->cols = squares_along(input.w, square, step);
    if ((int64_t)plan->rows * plan->cols > INT_MAX)
        return err_set(err, "%d by %d squares are too many; take a larger step", plan->rows, plan->cols);
    return true;
}

OcclusionPlan occlusion_plan_default(Shape input)
{
    OcclusionPlan plan;
    const int side = input.h < input.w ? input.h : input.w, step = side / 14 > 1 ? side / 14 : 1;
    const bool fits = occlusion_plan(input, 2 * step <= side ? 2 * step : side, step, &plan, NULL);
    assert(fits);
    (void)fits;
    return plan;
}

int occlusion_count(const OcclusionPlan *plan)
{
    return plan->rows * plan->cols;
}

void occlusion_square(const OcclusionPlan *plan, int square, int *y0, int *x0, int *y1, int *x1)
{
    assert(square >= 0 && square < occlusion_count(plan));
    *y0 = square / plan->cols * plan->step;
    *x0 = square % plan->cols * plan->step;
    *y1 = *y0 + plan->square < plan->input.h ? *y0 + plan->square : plan->input.h;
    *x1 = *x0 + plan->square < plan->input.w ? *x0 + plan->square : plan->input.w;
}

void occlusion_logits(Run *run, const OcclusionPlan *plan, const float *x, int square, float *covered, float *logits)
{
    memcpy(covered, x, shape_size(plan->input) * sizeof *covered);
    if (square >= 0) {
        int y0, x0, y1, x1;
        occlusion_square(plan, square, &y0, &x0, &y1, &x1);
        for (int c = 0; c < plan->input.c; c++)
            for (int y = y0; y < y1; y++)
                for (int i = x0; i < x1; i++)
                    covered[at(plan->input, 0, c, y, i)] = 0;
    }
    run_input(run, covered, 1);
    run_forward(run);
    run_activation(run, run->net->heads[0].logits, 0, logits);
}

float occlusion_map(const OcclusionPlan *plan, const float *whole, const float *logits, int count, int classes, int class_index, float *map)
{
    assert(class_index >= 0 && class_index < classes && count <= occlusion_count(plan));
    const int step = plan->step;
    float reach = 0;
    for (int y = 0; y < plan->input.h; y++)
        for (int x = 0; x < plan->input.w; x++) {
            /* The squares that cover (y, x) start at most square - 1 pixels before it. */
            const int above = y - plan->square + 1, before = x - plan->square + 1;
            const int first_row = above > 0 ? (above + step - 1) / step : 0, first_col = before > 0 ? (before + step - 1) / step : 0;
            double sum = 0;
            int covers = 0;
            for (int r = first_row; r < plan->rows && r * step <= y; r++)
                for (int c = first_col; c < plan->cols && c * step <= x && r * plan->cols + c < count; c++) {
                    const size_t square = (size_t)r * (size_t)plan->cols + (size_t)c;
                    sum += (double)whole[class_index] - (double)logits[square * (size_t)classes + (size_t)class_index];
                    covers++;
                }
            const float loss = covers > 0 ? (float)(sum / covers) : 0;
            map[(size_t)y * (size_t)plan->input.w + (size_t)x] = loss;
            reach = fmaxf(reach, fabsf(loss));
        }
    return reach;
}
