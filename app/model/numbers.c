/* numbers.c - writes numbers for people; see numbers.h. */
#include "app/model/numbers.h"

#include "engine/base/count.h"

#include <math.h>
#include <stdio.h>

char *num_count(char out[NUM_MAX], int64_t value)
{
    format_count(value, out, NUM_MAX);
    return out;
}

char *num_shape(char out[NUM_MAX], Shape shape)
{
    if (shape.h == 1 && shape.w == 1)
        snprintf(out, NUM_MAX, "%d", shape.c);
    else
        snprintf(out, NUM_MAX, "%d×%d×%d", shape.c, shape.h, shape.w);
    return out;
}

char *num_value(char out[NUM_MAX], double value)
{
    const double size = fabs(value);
    if (value == 0)
        snprintf(out, NUM_MAX, "0");
    else if (!(size < 1e6) || size < 1e-4)
        snprintf(out, NUM_MAX, "%.1e", value);
    else
        snprintf(out, NUM_MAX, "%.*f", size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4, value);
    return out;
}

char *num_signed(char out[NUM_MAX], double value)
{
    char number[NUM_MAX];
    snprintf(out, NUM_MAX, "%s%s", value < 0 ? "−" : "+", num_value(number, fabs(value)));
    return out;
}

char *num_cell(char out[NUM_MAX], float value, bool sign)
{
    const float size = fabsf(value);
    snprintf(out, NUM_MAX, sign ? "%+.*f" : "%.*f", size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3, (double)value);
    return out;
}

char *num_exact(char out[NUM_MAX], float value)
{
    snprintf(out, NUM_MAX, "%.9g", (double)value);
    return out;
}

char *num_percent(char out[NUM_MAX], double share)
{
    const double percent = 100 * share;
    if (share == 0 || share == 1)
        snprintf(out, NUM_MAX, "%.0f %%", percent);
    else if (percent > 0 && percent < 0.01)
        snprintf(out, NUM_MAX, "<0.01 %%");
    else if (percent < 100 && percent >= 99.95) /* one decimal would make it 100.0 */
        snprintf(out, NUM_MAX, ">99.9 %%");
    else
        snprintf(out, NUM_MAX, "%.*f %%", percent < 0.995 ? 2 : 1, percent);
    return out;
}

char *num_probability(char out[NUM_MAX], double p)
{
    return num_percent(out, p >= 1 ? 1 - 1e-9 : p <= 0 ? 1e-9 : p);
}
