/* rail_rows.c - the rows of the rail; see rail_rows.h. */
#include "app/views/rail_rows.h"
#include "app/model/walk.h"

#include <math.h>

static const float HEAD_ROW = 0.8f, INNER_ROW = 0.76f; /* of a stop's row */

/* Layers [first, end) that unfold below a stop or a head. */
typedef struct Part { int first, end; } Part;

static Part module_part(const Net *net, int module)
{
    return (Part){net->modules[module].first, net->modules[module].last};
}

static Part head_part(const Net *net, int head)
{
    return (Part){net->heads[head].first, net->heads[head].last + 1};
}

/* The part that a layer is in, its concat included; empty for the other stops. */
static Part part_of(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    return l->head > 0 ? head_part(net, l->head) : l->module >= 0 ? module_part(net, l->module) : (Part){-1, -1};
}

/* 1: unfolded, 0: folded. */
static float unfolded(const Model *m, Part part)
{
    const Net *net = model_net(m);
    const bool here = part_of(net, m->at).first == part.first, was = part_of(net, m->motion.from).first == part.first;
    const float t = model_motion(m);
    return here && was ? 1 : here ? t : was ? 1 - t : 0;
}

/* The rows without the unfolded ones, in heights of a stop's. */
static float folded_rows(const Net *net)
{
    float rows = HEAD_ROW * (float)(net->head_count > 1 ? net->head_count - 1 : 0);
    for (int l = 0; l < net->main_count; l++)
        rows += walk_is_stop(net, l) ? 1 : 0;
    return rows;
}

static float longest_part(const Net *net)
{
    int most = 0;
    for (int l = 0; l < net->layer_count; l++) {
        const Part part = part_of(net, l);
        most = part.end - part.first > most ? part.end - part.first : most;
    }
    return INNER_ROW * (float)most;
}

float rail_row_height(const Net *net, float height, float least)
{
    return fminf(fmaxf(floorf(height / (folded_rows(net) + longest_part(net))), least), 34);
}

float rail_most(const Net *net, float row)
{
    return (folded_rows(net) + longest_part(net)) * row;
}

static int add(RailRow *rows, int count, RailRow row)
{
    row.y = count > 0 ? rows[count - 1].y + rows[count - 1].h : 0;
    rows[count] = row;
    return count + 1;
}

static int add_part(const Model *m, Part part, int head, float row, RailRow *rows, int count)
{
    const float open = unfolded(m, part);
    for (int l = part.first; open > 0 && l < part.end; l++)
        count = add(rows, count, (RailRow){.kind = RAIL_INNER, .layer = l, .head = head, .h = roundf(row * INNER_ROW * open)});
    return count;
}

int rail_rows(const Model *m, float row, RailRow *rows)
{
    const Net *net = model_net(m);
    int count = 0;
    for (int l = 0; l < net->main_count; l++) {
        if (!walk_is_stop(net, l))
            continue;
        count = add(rows, count, (RailRow){.kind = RAIL_STOP, .layer = l, .h = row});
        if (walk_is_module(net, l))
            count = add_part(m, module_part(net, net->layers[l].module), 0, row, rows, count);
        for (int h = 1; h < net->head_count; h++) {
            if (walk_out(net, net->heads[h].tap) != l)
                continue;
            count = add(rows, count, (RailRow){.kind = RAIL_HEAD, .layer = net->heads[h].first, .head = h, .h = roundf(row * HEAD_ROW)});
            count = add_part(m, head_part(net, h), h, row, rows, count);
        }
    }
    return count;
}

int rail_find(const Net *net, const RailRow *rows, int count, int layer)
{
    const int stop = net->layers[layer].head > 0 ? net->heads[net->layers[layer].head].first : walk_out(net, layer);
    int found = -1;
    for (int i = 0; i < count; i++) {
        if (rows[i].layer == layer && rows[i].kind != RAIL_HEAD)
            return i;
        if (rows[i].layer == stop && found < 0)
            found = i;
    }
    return found;
}
