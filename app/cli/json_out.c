/* json_out.c - see json_out.h. */
#include "app/cli/json_out.h"

#include <math.h>
#include <stdio.h>

bool json_out(json_t *value, size_t flags)
{
    const bool good = value != NULL && json_dumpf(value, stdout, flags) == 0 && putchar('\n') != EOF;
    json_decref(value);
    return good;
}

json_t *json_finite(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}
