/* names.c - the names of views, ranges and colour maps; see names.h. */
#include "app/model/names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const views[] = {
    [VIEW_STAGE] = "stage", [VIEW_VALUE] = "value", [VIEW_WEIGHTS] = "weights", [VIEW_CAM] = "cam", [VIEW_OCCLUSION] = "occlusion",
    [VIEW_COMPARE] = "compare", [VIEW_LEDGER] = "ledger", [VIEW_GRADIENTS] = "gradients", [VIEW_OVERVIEW] = "overview",
    [VIEW_TRAIN] = "train", [VIEW_UNITS] = "units",
    [VIEW_SHARE] = "share", [VIEW_CIRCUIT] = "circuit",
    [VIEW_BACKWARD] = "backward",
    [VIEW_PATH] = "path",
    [VIEW_ORDER] = "order",
    [VIEW_GROUPS] = "groups",
    [VIEW_WANTS] = "wants",
    [VIEW_FOOL] = "fool", [VIEW_SANITY] = "sanity",
    [VIEW_TEACH] = "teach",
    [VIEW_ACCURACY] = "accuracy",
    [VIEW_CROPS] = "crops", [VIEW_LINEAGE] = "lineage",
};
_Static_assert(sizeof views / sizeof views[0] == VIEW_COUNT, "every view has a name");

static const char *const ranges[] = {[RANGE_MAP] = "map", [RANGE_LAYER] = "layer", [RANGE_MODULE] = "module"};
_Static_assert(sizeof ranges / sizeof ranges[0] == RANGE_LOCKED, "every range has a name, but the locked one, which is written as its two ends");
_Static_assert((int)RANGE_LOCKED + 1 == (int)RANGE_COUNT, "the locked range comes last");

static const char *const maps[] = {
    [LOOK_VIRIDIS] = "viridis", [LOOK_MAGMA] = "magma", [LOOK_GREY] = "grey", [LOOK_CIVIDIS] = "cividis", [LOOK_SIGNED] = "signed",
};
_Static_assert(sizeof maps / sizeof maps[0] == LOOK_MAPS, "every colour map has a name");

/* The name's index in the list, or -1. */
static int named(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    return -1;
}

static void join(const char *const *names, int count, const char *between, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? between : "", names[i]);
}

bool view_of_value(ViewKind view)
{
    return view == VIEW_VALUE || view == VIEW_CIRCUIT || view == VIEW_BACKWARD || view == VIEW_PATH || view == VIEW_ORDER;
}

const char *view_name(ViewKind view)
{
    return views[view];
}

void view_names_text(char *out, size_t size)
{
    join(views, VIEW_COUNT, ", ", out, size);
}

bool view_parse(const char *name, ViewKind *view)
{
    const int found = named(name, views, VIEW_COUNT);
    if (found >= 0)
        *view = (ViewKind)found;
    return found >= 0;
}

const char *look_map_name(int map)
{
    return maps[map];
}

void look_map_names_text(char *out, size_t size)
{
    join(maps, LOOK_MAPS, "|", out, size);
}

bool look_parse_range(const char *text, Look *look)
{
    float lo, hi;
    int end = -1;
    const int found = named(text, ranges, RANGE_LOCKED);
    if (found >= 0)
        look->range = (RangeKind)found;
    else if (sscanf(text, "%f,%f%n", &lo, &hi, &end) == 2 && text[end] == '\0' && isfinite(lo) && isfinite(hi) && lo < hi)
        *look = (Look){RANGE_LOCKED, lo, hi, look->clip_outliers, look->map, look->field};
    else
        return false;
    return true;
}

bool look_parse_map(const char *text, Look *look)
{
    const int found = named(text, maps, LOOK_MAPS);
    if (found >= 0)
        look->map = found;
    return found >= 0;
}

void look_range_text(const Look *look, char *out, size_t size)
{
    if (look->range == RANGE_LOCKED)
        snprintf(out, size, "%.9g,%.9g", (double)look->lock_lo, (double)look->lock_hi);
    else
        snprintf(out, size, "%s", ranges[look->range]);
}
