/* views.c - the table of views: what the frame around each view must know about it. */
#include "app/views/parts.h"
#include "app/views/views.h"
#include "app/views/value_page.h"

#include <assert.h>

static bool maps_always(const Model *m)
{
    (void)m;
    return true;
}

/* A kernel's page also shows the map that it makes. */
static bool maps_of_kernel(const Model *m)
{
    return m->cursor.channel >= 0 && part_kernels_are_colours(model_net(m), m->cursor.layer);
}

/* The view says itself what its keys are. */
static void no_hints(const Model *m, char *out, size_t size)
{
    (void)m, (void)size;
    out[0] = '\0';
}

static const float THREE_COLUMNS = 740; /* two of at least 210, and room for the picture */
static const float ACCURACY_COLUMNS = 860; /* the changes, the matrix, and what is beside it */

const ViewPage *view_page(ViewKind view)
{
    static const ViewPage pages[] = {
        [VIEW_STAGE] = {.draw = view_stage, .rail = true, .inspector = true, .maps = maps_always},
        [VIEW_VALUE] = {.draw = view_value, .maps = maps_always, .hints = value_hints},
        [VIEW_ORDER] = {.draw = view_order, .maps = maps_always, .hints = order_hints},
        [VIEW_PATH] = {.draw = view_path, .maps = maps_always, .hints = path_hints},
        [VIEW_BACKWARD] = {.draw = view_backward, .maps = maps_always, .hints = backward_hints},
        [VIEW_CIRCUIT] = {.draw = view_circuit, .maps = maps_always, .hints = circuit_hints},
        [VIEW_WEIGHTS] = {.draw = view_weights, .rail = true, .inspector = true, .maps = maps_of_kernel},
        [VIEW_CAM] = {.draw = view_cam, .rail = true, .least = THREE_COLUMNS},
        [VIEW_SHARE] = {.draw = view_share, .rail = true, .least = THREE_COLUMNS},
        [VIEW_GROUPS] = {.draw = view_groups, .rail = true, .maps = maps_always, .least = THREE_COLUMNS},
        [VIEW_OCCLUSION] = {.draw = view_occlusion, .rail = true, .least = THREE_COLUMNS},
        [VIEW_COMPARE] = {.draw = view_compare, .rail = true, .inspector = true, .maps = maps_always, .second_picture = true},
        [VIEW_LEDGER] = {.draw = view_ledger, .rail = true},
        [VIEW_GRADIENTS] = {.draw = view_gradients, .rail = true, .least = THREE_COLUMNS, .hints = gradients_hints},
        [VIEW_TRAIN] = {.draw = view_training, .hints = no_hints},
        [VIEW_UNITS] = {.draw = view_units, .rail = true, .folder = true},
        [VIEW_WANTS] = {.draw = view_wants_page, .rail = true, .hints = wants_hints},
        [VIEW_TEACH] = {.draw = view_teach, .hints = no_hints, .bins = true},
        [VIEW_OVERVIEW] = {.draw = view_overview, .maps = maps_always},
        [VIEW_FOOL] = {.draw = view_fool, .hints = no_hints},
        [VIEW_SANITY] = {.draw = view_sanity, .hints = no_hints},
        [VIEW_ACCURACY] = {.draw = view_accuracy, .rail = true, .least = ACCURACY_COLUMNS, .folder = true, .hints = no_hints},
        [VIEW_CROPS] = {.draw = view_crops, .hints = no_hints},
        [VIEW_LINEAGE] = {.draw = view_lineage, .hints = no_hints},
    };
    _Static_assert(VIEW_COUNT == 24, "a new view has its row in this table");
    assert(view < VIEW_COUNT);
    return &pages[view];
}
