/* sliding.c - the window of one output value on the input's maps; see sliding.h. */
#include "app/model/sliding.h"
#include "engine/base/size.h"

#include <stdlib.h>

/* Memory of one explanation. */
typedef struct Room {
    const float **maps;         /* of all layers; only the input's is set */
    Term *terms;
    ChannelPart *parts;
} Room;

bool sliding_layer(const Layer *l)
{
    return l->op == OP_CONV || l->op == OP_MAXPOOL || l->op == OP_AVGPOOL;
}

static bool room_make(const Net *net, int layer, Room *room)
{
    *room = (Room){.maps = calloc((size_t)net->layer_count, sizeof *room->maps),
                   .terms = malloc(size_product(explain_terms_max(net, layer), sizeof *room->terms)),
                   .parts = malloc(size_product((size_t)net->layers[layer].in.c, sizeof *room->parts))};
    return room->maps != NULL && room->terms != NULL && room->parts != NULL;
}

static void room_free(Room *room)
{
    free(room->maps);
    free(room->terms);
    free(room->parts);
}

/* Fills room->parts, the largest first; returns their number. */
static int parts_of(const Model *m, Cursor at, Room *room, Explanation *e)
{
    explain_value(model_net(m), model_weights(m), room->maps, (Unit){at.layer, at.channel, at.y, at.x}, e, room->terms);
    if (e->op == OP_CONV)
        return explain_channels(e, room->terms, room->parts);
    room->parts[0] = (ChannelPart){.channel = at.channel, .count = e->term_count, .sum = (double)e->value};
    return 1;
}

static double sum_of(const ChannelPart *parts, int count, int channel)
{
    for (int i = 0; i < count; i++)
        if (parts[i].channel == channel)
            return parts[i].sum;
    return 0;
}

static bool inside(const Layer *l, Cursor c)
{
    return c.channel >= 0 && c.channel < l->out.c && c.y >= 0 && c.y < l->out.h && c.x >= 0 && c.x < l->out.w;
}

bool sliding_window(const Model *m, Cursor at, Cursor ranked, SlidingWindow *out)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[at.layer];
    LayerMap map;
    Room room;
    Explanation e;
    if (!sliding_layer(l) || ranked.layer != at.layer || !inside(l, at) || !inside(l, ranked) || !compute_map(m->compute, l->inputs[0], &map))
        return false;
    const bool made = room_make(net, at.layer, &room);
    if (made) {
        room.maps[l->inputs[0]] = map.data;
        int count = parts_of(m, ranked, &room, &e);
        *out = (SlidingWindow){.at = at, .input = l->inputs[0], .count = count < SLIDING_TOP ? count : SLIDING_TOP};
        for (int i = 0; i < out->count; i++)
            out->top[i] = room.parts[i];
        if (at.channel != ranked.channel || at.y != ranked.y || at.x != ranked.x) {
            count = parts_of(m, at, &room, &e);
            for (int i = 0; i < out->count; i++)
                out->top[i].sum = sum_of(room.parts, count, out->top[i].channel);
        }
        out->place = (ReceptiveField){e.y0, e.y1, e.x0, e.x1};
    }
    room_free(&room);
    return made;
}
