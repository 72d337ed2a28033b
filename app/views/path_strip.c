/* path_strip.c - see path_strip.h. */
#include "app/views/path_strip.h"
#include "app/model/walk.h"

#include <math.h>
#include <stdio.h>

static const float LEAST = 27, THUMB = 46, LANES_H = 36;

typedef struct Strip {
    Model *m;
    const PathModel *path;
    int *stops, count;          /* layers; those that are shown */
    Rect area;
    float step;                 /* width of a stop */
} Strip;

bool path_reached(const PathModel *p, int step)
{
    return p->up ? step >= p->at : step <= p->at;
}

/* A stop of the main path; of a head all its layers. */
static bool is_stop(const Net *net, int layer, int head)
{
    return net->layers[layer].head == 0 ? walk_is_stop(net, layer) : net->layers[layer].head == head;
}

/* The stop of a layer: itself, or its module. */
static int stop_of(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    return l->module >= 0 && l->head == 0 ? net->modules[l->module].last : layer;
}

static int place_of(const Strip *s, int layer)
{
    const int stop = stop_of(model_net(s->m), layer);
    for (int i = 0; i < s->count; i++)
        if (s->stops[i] == stop)
            return i;
    return -1;
}

static Rect column_of(const Strip *s, int place)
{
    const float x0 = roundf(s->area.x + (float)place * s->step), x1 = roundf(s->area.x + (float)(place + 1) * s->step);
    return (Rect){x0, s->area.y, x1 - x0, s->area.h};
}

static float lane_y(const Strip *s, int branch)
{
    return roundf(s->area.y + THUMB + 10 + LANES_H * ((float)branch + 0.5f) / BRANCH_COUNT);
}

static float axis_y(const Strip *s)
{
    return roundf(s->area.y + THUMB + 10 + LANES_H / 2);
}

/* Where a layer's dot is: on the axis; a module's layers on their lanes, and its concat behind them. False if it is not shown. */
static bool dot_of(const Strip *s, int layer, float *x, float *y)
{
    const Net *net = model_net(s->m);
    const Layer *l = &net->layers[layer];
    const int place = place_of(s, layer);
    if (place < 0)
        return false;
    const Rect column = column_of(s, place);
    const bool module = l->module >= 0 && l->head == 0, inner = module && layer != net->modules[l->module].last;
    const bool first = inner && l->inputs[0] == net->modules[l->module].input && l->branch != BRANCH_1X1;
    *x = roundf(column.x + column.w * (!module ? 0.5f : !inner ? 0.86f : first ? 0.26f : 0.54f));
    *y = inner && l->branch != BRANCH_NONE ? lane_y(s, (int)l->branch) : axis_y(s);
    return true;
}

static void lanes(Ui *ui, const Strip *s, Rect column)
{
    const float in = column.x, left = roundf(column.x + column.w * 0.16f), right = roundf(column.x + column.w * 0.68f), out = roundf(column.x + column.w * 0.86f);
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const Color color = color_alpha(ui->theme->branch[b], 0.55f);
        const float y = lane_y(s, b);
        ui_line(ui, in, axis_y(s), left, y, 1, color);
        ui_line(ui, left, y, right, y, 1, color);
        ui_line(ui, right, y, out, axis_y(s), 1, color);
    }
    ui_line(ui, out, axis_y(s), column.x + column.w, axis_y(s), 1, ui->theme->text_faint);
}

/* The step that a stop's picture shows: the one that is looked at, or the first one there; -1: the path does not go through it. */
static int step_at(const Strip *s, int place)
{
    const PathModel *p = s->path;
    if (place_of(s, p->steps[p->at].e.unit.layer) == place)
        return p->at;
    for (int i = 0; i < p->count; i++)
        if (place_of(s, p->steps[i].e.unit.layer) == place)
            return i;
    return -1;
}

/* The map of the step's channel with its place, or the picture with its pixel. */
static void thumb(Ui *ui, const Strip *s, ViewState *v, Rect column, const PathStep *step, bool reached)
{
    const Unit u = step->e.unit;
    LayerMap map;
    const float side = fminf(column.w - 3, THUMB);
    Rect place = {column.x + floorf((column.w - side) / 2), column.y, side, side};
    if (!compute_map(s->m->compute, u.layer, &map) || map.shape.h * map.shape.w == 1)
        return;
    MapGrid grid = part_grid(s->m, v, u.layer, &map, u.c, 1);
    char name[NET_NAME_MAX + 32];
    grid.columns = 1;
    grid.tile = map_tile_sharp(ui, map.shape.h, map.shape.w, side);
    place.x = column.x + floorf((column.w - grid.tile) / 2);
    place.y += THUMB - map_grid_height(&grid);
    cursor_text(model_net(s->m), (Cursor){u.layer, -1, -1, -1}, name, sizeof name);
    ui_maps(ui, place, &grid, name);
    const Rect cell = map_cell_rect(place, &grid, u.c, u.y, u.x);
    const float x = roundf(cell.x + cell.w / 2), y = roundf(cell.y + cell.h / 2), half = fmaxf(cell.w / 2, 3);
    ui_frame(ui, (Rect){x - half - 1, y - half - 1, 2 * half + 2, 2 * half + 2}, 1, 0x000000ff);
    ui_frame(ui, (Rect){x - half, y - half, 2 * half, 2 * half}, 1, 0xffffffff);
    if (!reached)
        ui_fill(ui, (Rect){place.x, place.y, map_grid_width(&grid), map_grid_height(&grid)}, color_alpha(ui->theme->page, 0.6f));
}

static void stop(Ui *ui, const Strip *s, ViewState *v, int place)
{
    const Net *net = model_net(s->m);
    const Rect column = column_of(s, place);
    const int layer = s->stops[place], step = step_at(s, place);
    const bool here = step >= 0 && step == s->path->at;
    char title[NET_NAME_MAX + 16], name[NET_NAME_MAX + 16];
    part_layer_address(s->m, layer, name, sizeof name);
    part_layer_title(s->m, layer, title, sizeof title);
    if (here)
        ui_round(ui, (Rect){column.x, column.y - 3, column.w, column.h + 4}, 5, ui->theme->accent_soft);
    if (net->layers[layer].op == OP_CONCAT)
        lanes(ui, s, column);
    else
        ui_line(ui, column.x + (place == 0 ? column.w / 2 : 0), axis_y(s), column.x + column.w, axis_y(s), 1, ui->theme->text_faint);
    if (step >= 0)
        thumb(ui, s, v, column, &s->path->steps[step], path_reached(s->path, step));
    const Rect words = {column.x, column.y + column.h - 16, column.w, 16};
    if (ui_text_width(ui, part_caption(ui), name) <= words.w)
        ui_text(ui, words, part_colored(part_caption(ui), here ? ui->theme->accent : ui->theme->text_dim), ALIGN_CENTER, name);
    if (ui_hover(ui, column))
        ui_tooltip(ui, title);
    if (ui_click(ui, ui_id("path stop", layer), column) && step >= 0)
        model_path_to(s->m, step);
    ui_item(ui, column, "stop", name);
}

static void line_of(Ui *ui, const Strip *s)
{
    const PathModel *p = s->path;
    const Theme *t = ui->theme;
    float x0, y0, x1, y1;
    for (int reached = 0; reached < 2; reached++) /* what is reached is over the rest */
        for (int i = 0; i + 1 < p->count; i++) {
            const bool lit = path_reached(p, i) && path_reached(p, i + 1);
            if (lit == (reached == 1) && dot_of(s, p->steps[i].e.unit.layer, &x0, &y0) && dot_of(s, p->steps[i + 1].e.unit.layer, &x1, &y1))
                ui_line(ui, x1, y1, x0, y0, lit ? 3 : 2, lit ? t->accent : color_mix(t->page, t->accent, 0.4f));
        }
    for (int i = 0; i < p->count; i++) {
        const float half = i == p->at ? 5 : 3;
        if (!dot_of(s, p->steps[i].e.unit.layer, &x0, &y0))
            continue;
        ui_round(ui, (Rect){x0 - half, y0 - half, 2 * half, 2 * half}, half, path_reached(p, i) ? t->accent : color_mix(t->page, t->accent, 0.4f));
        if (i == p->at)
            ui_round(ui, (Rect){x0 - 2, y0 - 2, 4, 4}, 2, t->accent_text);
    }
}

void path_strip(Ui *ui, Model *m, ViewState *v, Rect r)
{
    const Net *net = model_net(m);
    const PathModel *p = &m->path;
    int *stops = view_scratch(v, (size_t)net->layer_count * sizeof *stops);
    int count = 0, here = 0;
    if (stops == NULL || p->count == 0)
        return;
    const int head = net->layers[p->start.layer].head, last = stop_of(net, p->start.layer);
    for (int l = 0; l < net->layer_count; l++)
        if (is_stop(net, l, head) && (l <= last || head == 0)) {
            if (l == stop_of(net, p->steps[p->at].e.unit.layer))
                here = count;
            stops[count++] = l;
        }
    const int room = (int)fmaxf(floorf(r.w / LEAST), 1), shown = count < room ? count : room;
    int first = here - shown / 2;
    first = first > count - shown ? count - shown : first;
    first = first < 0 ? 0 : first;
    const Strip s = {m, p, stops + first, shown, r, fminf(r.w / (float)shown, 92)};
    for (int i = 0; i < shown; i++)
        stop(ui, &s, v, i);
    line_of(ui, &s);
}
