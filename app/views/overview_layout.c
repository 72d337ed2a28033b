/* overview_layout.c - see overview_layout.h. */
#include "app/views/overview_layout.h"
#include "app/model/walk.h"

#include <math.h>

static const float ZOOM_MOST = 1.7f, ZOOM_LEAST = 0.4f, ZOOM_STEP = 0.02f, USUAL_WIDTH = 1400; /* a wider window may have larger boxes still */
static const float PICTURE = 118, SHRINK = 0.8f, MAP_LEAST = 26; /* art edges at zoom 1: each halving of the map makes it smaller by this */
static const float MODULE_W = 204, MODULE_H = 164, VALUES_W = 64, VALUES_H = 118, CLASSES_W = 250, CLASSES_LEAST = 160, CLASSES_ALL = 5; /* so few classes are always all there */
static const float GAP = 34, GAP_LEAST = 20, STACK = 8;     /* between boxes: an arrow; edges of the maps behind the first */
static const float WORDS = 34, LINE_GAP = 18, HEAD_W = 132, HEAD_H = 20, HEAD_GAP = 10;

static OverviewKind kind_of(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    if (l->op == OP_INPUT)
        return OVERVIEW_PICTURE;
    if (walk_is_module(net, layer))
        return OVERVIEW_MODULE;
    if (l->out.h > 1 || l->out.w > 1)
        return OVERVIEW_MAPS;
    return net_scores(net, 0) > 0 && layer == net->main_count - 1 ? OVERVIEW_CLASSES : OVERVIEW_VALUES;
}

/* The edge of a map's longer side at zoom 1. */
static float map_edge(const Net *net, int layer)
{
    const Shape in = net->input, out = net->layers[layer].out;
    const float whole = (float)(in.h > in.w ? in.h : in.w), edge = (float)(out.h > out.w ? out.h : out.w);
    return fmaxf(PICTURE * powf(SHRINK, log2f(fmaxf(whole / edge, 1))), MAP_LEAST);
}

/* Cells for all values in about this room, in as many whole rows as they take; where they would be less than a pixel, the room is all. */
static void fit_cells(OverviewBox *box, int values, float *w, float *h)
{
    box->cell = fminf(fmaxf(floorf(sqrtf(*w * *h / (float)values)), 1), 14);
    box->columns = (int)fmaxf(floorf(*w / box->cell), 1);
    *w = fminf((float)box->columns, (float)values) * box->cell;
    *h = fminf((float)((values + box->columns - 1) / box->columns) * box->cell, *h);
}

/* Width and height of a box's art at this zoom. */
static void art_size(const Net *net, OverviewBox *box, float zoom, float *w, float *h)
{
    const Shape out = net->layers[box->layer].out;
    const float classes = (float)net_scores(net, 0);
    float edge;
    switch (box->kind) {
    case OVERVIEW_PICTURE:
    case OVERVIEW_MAPS:
        edge = roundf(zoom * map_edge(net, box->layer));
        *w = out.w >= out.h ? edge : edge * (float)out.w / (float)out.h;
        *h = out.h >= out.w ? edge : edge * (float)out.h / (float)out.w;
        break;
    case OVERVIEW_MODULE:
        *w = roundf(zoom * MODULE_W);
        *h = roundf(zoom * MODULE_H);
        break;
    case OVERVIEW_VALUES: /* few values are a narrow column */
        *w = roundf(zoom * fminf(VALUES_W, fmaxf(12, 2 * sqrtf((float)out.c))));
        *h = roundf(zoom * VALUES_H);
        fit_cells(box, out.c, w, h);
        break;
    case OVERVIEW_CLASSES:
        *w = fmaxf(roundf(zoom * CLASSES_W), CLASSES_LEAST);
        *h = OVERVIEW_CLASS_ROW * fminf(fmaxf(floorf(zoom * MODULE_H * 0.85f / OVERVIEW_CLASS_ROW), classes <= CLASSES_ALL ? classes : 2), classes);
        break;
    case OVERVIEW_KIND_COUNT:
        *w = *h = 0;
        break;
    }
}

static float box_width(const OverviewBox *box)
{
    const float stack = box->kind == OVERVIEW_MAPS ? STACK : 0;
    if (box->kind == OVERVIEW_MODULE || box->kind == OVERVIEW_CLASSES)
        return box->art.w;
    return ceilf(fmaxf(box->art.w + stack, box->words));
}

/* The first auxiliary head that reads the stop; 0: none does. */
static int head_of(const Net *net, int layer)
{
    for (int h = 1; h < net->head_count; h++)
        if (walk_out(net, net->heads[h].tap) == layer)
            return h;
    return 0;
}

/* Sets a line's boxes beside each other, their art centred on one axis. Returns the line's height. */
static float set_line(Overview *o, int from, int to, Rect area, float y, float gap)
{
    float above = 0, below = 0, heads = 0, x = area.x;
    for (int i = from; i < to; i++) {
        const OverviewBox *b = &o->boxes[i];
        const float words = b->kind == OVERVIEW_MODULE ? 0 : WORDS;
        above = fmaxf(above, b->art.h / 2 + (b->kind == OVERVIEW_MAPS ? STACK : 0));
        below = fmaxf(below, b->art.h / 2 + words);
        heads = fmaxf(heads, b->head > 0 ? HEAD_GAP + HEAD_H : 0);
    }
    for (int i = from; i < to; i++) {
        OverviewBox *b = &o->boxes[i];
        const float top = y + above - b->art.h / 2, stack = b->kind == OVERVIEW_MAPS ? STACK : 0;
        b->art = (Rect){x, roundf(top), b->art.w, b->art.h};
        b->rect = b->kind == OVERVIEW_MODULE ? b->art : (Rect){x, b->art.y - stack, b->rect.w, b->art.h + stack + WORDS};
        const float head_w = b->head > 0 ? fminf(b->rect.w, HEAD_W) : 0;
        b->head_rect = (Rect){roundf(x + b->rect.w / 2 - head_w / 2), b->rect.y + b->rect.h + HEAD_GAP, head_w, HEAD_H};
        x += b->rect.w + gap;
    }
    return above + below + heads;
}

/* The last line's decision takes the width that is left. */
static void stretch_classes(Overview *o, Rect area, int from)
{
    OverviewBox *last = &o->boxes[o->count - 1];
    if (last->kind != OVERVIEW_CLASSES || o->count - 1 < from)
        return;
    last->rect.w = last->art.w = fminf(area.x + area.w - last->art.x, 2.2f * last->art.w);
}

static void lay_out(const Net *net, Rect area, float zoom, Overview *o)
{
    const float gap = fmaxf(roundf(zoom * GAP), GAP_LEAST);
    float y = area.y;
    o->zoom = zoom;
    o->lines = 0;
    for (int i = 0; i < o->count; i++) {
        OverviewBox *b = &o->boxes[i];
        art_size(net, b, zoom, &b->art.w, &b->art.h);
        b->rect.w = box_width(b);
    }
    for (int from = 0, to; from < o->count; from = to) {
        float used = 0;
        for (to = from; to < o->count && (to == from || used + o->boxes[to].rect.w <= area.w); to++) {
            used += o->boxes[to].rect.w + gap;
            o->boxes[to].line = o->lines;
        }
        /* Full lines end at the same edge; the last one keeps its gaps. */
        const float spare = to < o->count && to - from > 1 ? (area.w - used + gap) / (float)(to - from - 1) : 0;
        y += set_line(o, from, to, area, y, gap + floorf(fminf(fmaxf(spare, 0), gap))) + (to < o->count ? fmaxf(LINE_GAP, roundf(zoom * 2 * LINE_GAP)) : 0);
        if (to == o->count)
            stretch_classes(o, area, from);
        o->lines++;
    }
    o->height = y - area.y;
}

static bool fits(const Net *net, Rect area, float zoom, Overview *o)
{
    lay_out(net, area, zoom, o);
    bool good = o->height <= area.h;
    for (int i = 0; i < o->count; i++)
        good = good && o->boxes[i].rect.x + o->boxes[i].rect.w <= area.x + area.w + 0.5f;
    return good;
}

void overview_layout(const Net *net, Rect area, OverviewWords words, OverviewBox *boxes, Overview *out)
{
    *out = (Overview){.boxes = boxes};
    for (int l = 0; l < net->main_count; l++)
        if (walk_is_stop(net, l))
            boxes[out->count++] = (OverviewBox){.kind = kind_of(net, l), .layer = l, .words = words.width(words.user, l), .head = head_of(net, l)};
    float zoom = ZOOM_MOST * fmaxf(area.w / USUAL_WIDTH, 1);
    while (!fits(net, area, zoom, out) && zoom > ZOOM_LEAST)
        zoom -= ZOOM_STEP;
    /* A line less is worth boxes that are a little smaller. */
    const int lines = out->lines;
    for (float less = zoom; less >= fmaxf(zoom * 0.84f, ZOOM_LEAST); less -= ZOOM_STEP)
        if (fits(net, area, less, out) && out->lines < lines)
            return;
    fits(net, area, zoom, out);
}

int overview_find(const Overview *overview, const Net *net, int layer)
{
    while (layer >= 0 && !walk_is_stop(net, layer)) {
        const int out = walk_out(net, layer);
        if (out == layer)
            return -1;
        layer = out;
    }
    for (int i = 0; i < overview->count; i++)
        if (overview->boxes[i].layer == layer)
            return i;
    return -1;
}
