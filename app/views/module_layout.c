/* module_layout.c - see module_layout.h. */
#include "app/views/module_layout.h"

#include <math.h>
#include <stdio.h>

static const float TILE_MOST = 120, TILE_LEAST = 12, TILE_WHOLE = 13, TILE_USUAL = 26; /* edges; where all fit, and where they do not */
static const float LANE_GAP = 8, PAD = 10, HEAD = 19, CAPTION = 17, FOOT = 8, ARROW = 30, INTO = 26, FLOW = 40;
static const float WORDS = 18, BAND_W = 5, BAND_INSET = 5, LABEL_W = 62, LABEL_INSET = 4, BAND_SIDES = 5 + 5 + 62 + 4, BAND_GAP = 7, BAND_LEAST = 28;
static const float CONCAT_WORDS = 150, INPUT_WORDS = 96;    /* widths of the words above the columns at the sides */

TextStyle module_more_style(const Ui *ui)
{
    return ui_style(FACE_BOLD, ui->theme->size_caption - 1.5f, ui->theme->text_dim);
}

static int ceil_div(int a, int b)
{
    return (a + b - 1) / b;
}

static int at_least(int a, int b)
{
    return a > b ? a : b;
}

/* What the functions below share. */
typedef struct Plan {
    Ui *ui;
    const Net *net;
    const Module *module;
    Rect area;
    Branch open;
    bool one_line;              /* a lane has one row of text, not two */
    Shape shape;                /* of the maps that leave the module */
} Plan;

static float tile_pitch(Shape s, float tile, bool down)
{
    const float longer = (float)(s.h > s.w ? s.h : s.w);
    return tile * (float)(down ? s.h : s.w) / longer + 1;
}

static float chrome(const Plan *p)
{
    return (p->one_line ? 0 : HEAD) + CAPTION + 3 + FOOT;
}

static ModuleGrid grid_of(int layer, int first, int count, float tile)
{
    return (ModuleGrid){.layer = layer, .first = first, .count = count, .tile = tile};
}

/* As many maps as so many columns and rows have places for; the tile that says how many more takes what its text needs. */
static void fill(const Plan *p, ModuleGrid *g, int columns, int rows, float x, float y)
{
    const Shape s = p->net->layers[g->layer].out;
    const float across = tile_pitch(s, g->tile, false), down = tile_pitch(s, g->tile, true);
    columns = at_least(columns, 1);
    rows = at_least(rows, 1);
    g->columns = columns;
    g->rows = rows;
    g->shown = g->count;
    g->more = (Rect){0};
    if (columns * rows < g->count) {
        char text[16];
        snprintf(text, sizeof text, "+%d", g->count);
        const float room = ui_text_width(p->ui, module_more_style(p->ui), text) + 1;
        int tiles = at_least((int)ceilf((room + 1) / across), 1);
        const int most = rows == 1 && columns > 1 ? columns - 1 : columns; /* one map at least */
        tiles = tiles < most ? tiles : most;
        g->shown = columns * rows - tiles;
        g->more = (Rect){x + (float)(columns - tiles) * across, y + (float)(rows - 1) * down, (float)tiles * across - 1, down - 1};
    }
    g->rect = (Rect){x, y, (float)(g->count < columns ? g->count : columns) * across - 1, (float)rows * down - 1};
}

/* ---- the lanes ------------------------------------------------------------------------------------------------------------------- */

/* Columns of a lane's two grids out of `all`: where every map is to be shown by their counts, else the reduction gets a third. */
static void split_columns(const ModuleLane *lane, int all, bool whole, int *before, int *out)
{
    if (lane->before.layer < 0) {
        *before = 0;
        *out = at_least(all, 1);
        return;
    }
    const float share = (float)lane->before.count / (float)(lane->before.count + lane->out.count);
    int n = (int)roundf((whole ? share : fminf(fmaxf(share, 0.26f), 0.36f)) * (float)all);
    const int least = at_least(all / 5, 1);
    n = n < least ? least : n > all - least ? all - least : n;
    *before = at_least(n, 1);
    *out = at_least(all - n, 1);
}

static int lane_columns(const Plan *p, const ModuleLane *lane, float width, float tile)
{
    const float room = width - 2 * PAD - 6 - (lane->before.layer >= 0 ? ARROW : 0);
    return at_least((int)((room + 1) / tile_pitch(p->shape, tile, false)), lane->before.layer >= 0 ? 2 : 1);
}

/* Rows in which all maps of a lane are shown. */
static int rows_for_all(const Plan *p, const ModuleLane *lane, float width, float tile, bool whole)
{
    int before, out;
    split_columns(lane, lane_columns(p, lane, width, tile), whole, &before, &out);
    const int a = lane->before.layer >= 0 ? ceil_div(lane->before.count, before) : 1;
    return at_least(a, ceil_div(lane->out.count, out));
}

/* Where a lane's text and grids are, its card being set. */
static void set_lane(const Plan *p, ModuleLane *lane, int rows, float tile, bool whole)
{
    Rect in = {lane->rect.x + PAD + 6, lane->rect.y + 3, lane->rect.w - 2 * PAD - 6, lane->rect.h - 3};
    int before, out;
    lane->head = p->one_line ? (Rect){in.x, in.y, in.w, 0} : rect_cut_top(&in, HEAD);
    lane->captions = rect_cut_top(&in, CAPTION);
    lane->before.tile = lane->out.tile = tile;
    split_columns(lane, lane_columns(p, lane, lane->rect.w, tile), whole, &before, &out);
    float x = in.x;
    if (lane->before.layer >= 0) {
        fill(p, &lane->before, before, rows < ceil_div(lane->before.count, before) ? rows : ceil_div(lane->before.count, before), x, in.y);
        x += (float)before * tile_pitch(p->shape, tile, false) + ARROW;
    }
    fill(p, &lane->out, out, rows < ceil_div(lane->out.count, out) ? rows : ceil_div(lane->out.count, out), x, in.y);
}

/* Rows for each lane: one at least, then one after the other to the lane with the most channels for each row that it has; an open lane
 * takes all that are left. */
static void share_rows(const Plan *p, const ModuleLayout *l, float width, int total, int rows[BRANCH_COUNT])
{
    int most[BRANCH_COUNT];
    for (int b = 0; b < BRANCH_COUNT; b++) {
        rows[b] = 1;
        most[b] = rows_for_all(p, &l->lanes[b], width, l->tile, false);
    }
    for (int left = total - BRANCH_COUNT; left > 0; left--) {
        int best = -1;
        for (int b = 0; b < BRANCH_COUNT; b++) {
            const bool wants = rows[b] < most[b] && (p->open == BRANCH_NONE || p->open == (Branch)b);
            if (wants && (best < 0 || (float)l->lanes[b].out.count / (float)rows[b] > (float)l->lanes[best].out.count / (float)rows[best]))
                best = b;
        }
        if (best < 0)
            return;
        rows[best]++;
    }
}

/* The largest tile with which an open lane shows everything in its card, at most the module's. */
static float open_tile(const Plan *p, const ModuleLane *lane, float tile)
{
    const float height = lane->rect.h - chrome(p);
    for (float want = tile; want >= TILE_LEAST; want -= 1) {
        const float t = map_tile_sharp(p->ui, p->shape.h, p->shape.w, want);
        if (t >= TILE_LEAST && (float)rows_for_all(p, lane, lane->rect.w, t, true) * tile_pitch(p->shape, t, true) - 1 <= height)
            return t;
    }
    return fminf(tile, map_tile_least(p->ui, p->shape.h, p->shape.w, TILE_LEAST));
}

/* ---- the concat ---------------------------------------------------------------------------------------------------------------------- */

/* Heights in proportion to channels, each at least as high as its label and a tile; the larger ones give what the smaller ones lack. */
static void band_heights(const Plan *p, float height, float tile, float out[BRANCH_COUNT])
{
    const float room = height - BAND_GAP * (BRANCH_COUNT - 1), least = fmaxf(BAND_LEAST, tile_pitch(p->shape, tile, true));
    float fixed = 0, channels = (float)p->shape.c;
    bool small[BRANCH_COUNT] = {false};
    for (int again = 0; again < BRANCH_COUNT; again++)
        for (int b = 0; b < BRANCH_COUNT; b++) {
            const float count = (float)(p->module->offset[b + 1] - p->module->offset[b]);
            if (small[b] || (room - fixed) * count / channels >= least)
                continue;
            small[b] = true;
            fixed += least;
            channels -= count;
        }
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const float count = (float)(p->module->offset[b + 1] - p->module->offset[b]);
        out[b] = small[b] ? least : floorf((room - fixed) * count / channels);
    }
}

/* Fewest columns with which all bands fit the height, or 0. */
static int concat_columns(const Plan *p, float height, float tile, int most)
{
    for (int columns = 1; columns <= most; columns++) {
        float h = BAND_GAP * (BRANCH_COUNT - 1);
        for (int b = 0; b < BRANCH_COUNT; b++)
            h += fmaxf((float)ceil_div(p->module->offset[b + 1] - p->module->offset[b], columns) * tile_pitch(p->shape, tile, true), BAND_LEAST);
        if (h <= height)
            return columns;
    }
    return 0;
}

static void set_concat(const Plan *p, ModuleLayout *l, Rect r, int columns)
{
    float heights[BRANCH_COUNT], y = r.y;
    const float down = tile_pitch(p->shape, l->tile, true);
    band_heights(p, r.h, l->tile, heights);
    if (l->whole) /* as high as their maps: that is in proportion too, and together they fit */
        for (int b = 0; b < BRANCH_COUNT; b++)
            heights[b] = fmaxf((float)ceil_div(l->lanes[b].out.count, columns) * down - 1, BAND_LEAST - 1);
    for (int b = 0; b < BRANCH_COUNT; b++) {
        ModuleLane *lane = &l->lanes[b];
        const int need = ceil_div(lane->out.count, columns), room = (int)((heights[b] + 1) / down);
        lane->band = (Rect){r.x, y, BAND_W, heights[b]};
        lane->concat = grid_of(p->module->last, p->module->offset[b], lane->out.count, l->tile);
        fill(p, &lane->concat, columns, room < need ? room : need, r.x + BAND_W + BAND_INSET, y);
        lane->label = (Rect){lane->concat.rect.x + (float)columns * tile_pitch(p->shape, l->tile, false) + LABEL_INSET,
                             y + fmaxf(heights[b] / 2 - 15, -1), LABEL_W, 30};
        y += heights[b] + BAND_GAP;
    }
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------------------ */

/* Widths of the two columns at the sides, and columns of tiles in them. */
typedef struct Sides {
    float input, concat;
    int input_columns, concat_columns;
} Sides;

static Sides sides_of(const Plan *p, float tile, int input_columns, int concat)
{
    const Shape in = p->net->layers[p->module->input].out;
    Sides s = {.input_columns = input_columns, .concat_columns = concat};
    s.input = fmaxf((float)input_columns * tile_pitch(in, tile, false), INPUT_WORDS);
    s.concat = fmaxf((float)concat * tile_pitch(p->shape, tile, false) + BAND_SIDES, CONCAT_WORDS);
    return s;
}

static float lanes_width(const Plan *p, const Sides *s)
{
    return p->area.w - s->input - INTO - FLOW - s->concat;
}

/* Whether every map fits with this tile, and with which columns at the sides. */
static bool all_fit(const Plan *p, const ModuleLayout *l, float tile, Sides *sides)
{
    const Shape in = p->net->layers[p->module->input].out;
    const float side_h = p->area.h - WORDS, down = tile_pitch(in, tile, true);
    const int rows = (int)((side_h + 1) / down), concat = concat_columns(p, side_h, tile, (int)(0.34f * p->area.w / tile));
    if (rows < 1 || concat == 0)
        return false;
    *sides = sides_of(p, tile, ceil_div(in.c, rows), concat);
    const float width = lanes_width(p, sides);
    if (sides->input > 0.26f * p->area.w || width < 0.36f * p->area.w)
        return false;
    float height = LANE_GAP * (BRANCH_COUNT - 1);
    for (int b = 0; b < BRANCH_COUNT; b++)
        height += chrome(p) + (float)rows_for_all(p, &l->lanes[b], width, tile, true) * tile_pitch(p->shape, tile, true);
    return height <= p->area.h;
}

/* Widths of the columns at the sides where not all maps are shown. */
static float usual_input(const Plan *p)
{
    return fmaxf(0.1f * p->area.w, INPUT_WORDS);
}

static float usual_concat(const Plan *p)
{
    return fmaxf(0.215f * p->area.w, CONCAT_WORDS) - BAND_SIDES + 1;
}

/* A tile with which each lane has a row, the larger ones more, and no grid is so narrow that its last tile takes the place of every map. */
static float usual_tile(const Plan *p)
{
    enum { LANE_COLUMNS = 6 }; /* two of them are the reduction's */
    const float room = p->area.h - LANE_GAP * (BRANCH_COUNT - 1) - BRANCH_COUNT * chrome(p);
    const float lane = p->area.w - usual_input(p) - INTO - FLOW - (usual_concat(p) + BAND_SIDES) - 2 * PAD - 6 - ARROW;
    float tile = map_tile_least(p->ui, p->shape.h, p->shape.w, TILE_USUAL);
    for (float want = tile; want >= TILE_LEAST; want -= 1) {
        tile = map_tile_sharp(p->ui, p->shape.h, p->shape.w, want);
        const float across = tile_pitch(p->shape, tile, false);
        if (tile_pitch(p->shape, tile, true) * (BRANCH_COUNT + 2) <= room && 2 * across <= usual_concat(p) && LANE_COLUMNS * across <= lane)
            break;
    }
    return fmaxf(tile, 1);
}

static void set_lanes(const Plan *p, ModuleLayout *l, Rect r)
{
    const float down = tile_pitch(p->shape, l->tile, true), room = r.h - LANE_GAP * (BRANCH_COUNT - 1) - BRANCH_COUNT * chrome(p);
    int rows[BRANCH_COUNT], used = 0;
    if (l->whole)
        for (int b = 0; b < BRANCH_COUNT; b++)
            rows[b] = rows_for_all(p, &l->lanes[b], r.w, l->tile, true);
    else
        share_rows(p, l, r.w, at_least((int)(room / down), BRANCH_COUNT), rows);
    for (int b = 0; b < BRANCH_COUNT; b++)
        used += rows[b];
    const float left = fmaxf(room - (float)used * down, 0);
    const float spare = p->open == BRANCH_NONE ? floorf(l->whole ? fminf(left / BRANCH_COUNT, 14) : left / BRANCH_COUNT) : 0;
    float y = r.y;
    for (int b = 0; b < BRANCH_COUNT; b++) {
        ModuleLane *lane = &l->lanes[b];
        const bool open = p->open == (Branch)b && !l->whole;
        lane->rect = (Rect){r.x, y, r.w, chrome(p) + (float)rows[b] * down + spare + (open ? floorf(left) : 0)};
        const float tile = open ? open_tile(p, lane, l->tile) : l->tile;
        const int fits = (int)((lane->rect.h - chrome(p) + 1) / tile_pitch(p->shape, tile, true));
        set_lane(p, lane, open ? fits : rows[b], tile, l->whole || open);
        y += lane->rect.h + LANE_GAP;
    }
    l->lanes_area = (Rect){r.x, r.y, r.w, y - LANE_GAP - r.y};
}

void module_layout(Ui *ui, const Net *net, int module, Rect area, Branch open, ModuleLayout *out)
{
    const Module *mod = &net->modules[module];
    Plan p = {.ui = ui, .net = net, .module = mod, .area = area, .open = open, .shape = net->layers[mod->last].out};
    const Shape in = net->layers[mod->input].out;
    Sides sides;
    *out = (ModuleLayout){.input = grid_of(mod->input, 0, in.c, 0)};
    for (int b = 0; b < BRANCH_COUNT; b++) {
        const int last = net->layers[mod->last].inputs[b], before = net->layers[last].inputs[0];
        out->lanes[b] = (ModuleLane){.branch = (Branch)b, .before = grid_of(before != mod->input ? before : -1, 0, net->layers[before].out.c, 0),
                                     .out = grid_of(last, 0, net->layers[last].out.c, 0)};
    }
    p.one_line = area.h < 430;
    for (float want = TILE_MOST; want >= TILE_WHOLE && !out->whole; want -= 1) {
        out->tile = map_tile_sharp(ui, p.shape.h, p.shape.w, want);
        out->whole = out->tile >= TILE_WHOLE && all_fit(&p, out, out->tile, &sides);
    }
    if (!out->whole) {
        out->tile = usual_tile(&p);
        const float across = tile_pitch(in, out->tile, false);
        const int input = at_least((int)fminf(floorf(usual_input(&p) / across), (float)in.c), 1);
        sides = sides_of(&p, out->tile, input, at_least((int)(usual_concat(&p) / tile_pitch(p.shape, out->tile, false)), 1));
    }
    Rect rest = area, input = rect_cut_left(&rest, sides.input), concat;
    rect_cut_left(&rest, INTO);
    concat = rect_cut_right(&rest, sides.concat);
    rect_cut_right(&rest, FLOW);
    set_lanes(&p, out, rest);
    out->input_words = rect_cut_top(&input, WORDS);
    out->concat_words = rect_cut_top(&concat, WORDS);
    const int rows = at_least((int)((input.h + 1) / tile_pitch(in, out->tile, true)), 1), need = ceil_div(in.c, sides.input_columns);
    out->input.tile = out->tile;
    fill(&p, &out->input, sides.input_columns, rows < need ? rows : need, input.x, input.y);
    set_concat(&p, out, concat, sides.concat_columns);
}
