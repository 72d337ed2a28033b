/* view_weights.c - the kernels of a convolution. All of them: pictures where they read the input's colours, else matrices of kernels by
 * input channels, one for each branch that the channels come from. Of a selected one: all its slices, grouped in the same way. A fully
 * connected layer is a convolution of its inputs. */
#include "app/model/walk.h"
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the views below need to know of a layer's kernels. */
typedef struct Kernels {
    int layer;
    const float *w;             /* (count, channels, taps) */
    int count, channels, k, taps; /* k is 1 for a fully connected layer; taps = k * k */
    struct Group {              /* input channels that come from one place */
        int first, count;
        Branch branch;          /* BRANCH_NONE when no concat lies behind them */
        int layer;              /* that made them: a branch's last layer, or what the kernels read */
    } group[BRANCH_COUNT];
    int group_count;
} Kernels;

typedef struct Group Group;

static Kernels kernels_of(const Model *m, int layer)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    const Param *p = &net->params[l->weight];
    const int k = l->op == OP_CONV ? l->k : 1, channels = (int)(p->count / (size_t)p->dims[0]) / (k * k);
    Kernels out = {.layer = layer, .w = model_weights(m) + p->offset, .count = p->dims[0], .channels = channels, .k = k, .taps = k * k};
    const Layer *source = &net->layers[walk_channels_of(net, l->inputs[0])];
    if (source->op != OP_CONCAT || source->out.c != channels) {
        out.group[out.group_count++] = (Group){0, channels, BRANCH_NONE, l->inputs[0]};
        return out;
    }
    const int *offset = net->modules[source->module].offset;
    for (int b = 0; b < BRANCH_COUNT; b++)
        if (offset[b + 1] > offset[b])
            out.group[out.group_count++] = (Group){offset[b], offset[b + 1] - offset[b], (Branch)b, source->inputs[b]};
    return out;
}

static const float *kernel_at(const Kernels *kernels, int kernel)
{
    return kernels->w + (size_t)kernel * (size_t)kernels->channels * (size_t)kernels->taps;
}

static Color group_text(const Ui *ui, const Group *g)
{
    return g->branch != BRANCH_NONE ? ui->theme->branch_text[g->branch] : ui->theme->text_dim;
}

static float *range_pair(ViewState *v, float lo, float hi)
{
    float *pair = v->ranges[v->range_count++ % RANGE_SLOTS];
    pair[0] = lo;
    pair[1] = hi;
    return pair;
}

/* "from 3a/3x3 · 64–191", in the branch's colour. */
static void group_name(const Model *m, const Group *g, char *out, size_t size)
{
    char name[NET_NAME_MAX + 32], from[NET_NAME_MAX + 64];
    cursor_text(model_net(m), (Cursor){g->layer, -1, -1, -1}, name, sizeof name);
    snprintf(from, sizeof from, model_text(m, STR_FROM_BRANCH), name);
    snprintf(out, size, "%s · %d–%d", from, g->first, g->first + g->count - 1);
}

/* "mean |w| 0.048 · 42 % of all", of `values` weights whose sizes add up to `sum`. */
static void group_share(const Model *m, double sum, double values, double all, char *out, size_t size)
{
    char mean[NUM_MAX], share[NUM_MAX];
    snprintf(out, size, model_text(m, STR_GROUP_SHARE), num_value(mean, values > 0 ? sum / values : 0), num_percent(share, all > 0 ? sum / all : 0));
}

/* ---- one kernel ---------------------------------------------------------------------------------------------------------------- */

/* The heading: number, bias, mean size. */
static void kernel_heading(Ui *ui, const Model *m, Rect r, const Kernels *kernels, int kernel, double sum)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[kernels->layer];
    char text[64], mean[96], right[256], number[NUM_MAX];
    snprintf(text, sizeof text, model_text(m, STR_KERNEL_N), kernel);
    snprintf(mean, sizeof mean, model_text(m, STR_MEAN_ABS), num_value(number, sum / (double)(kernels->channels * kernels->taps)));
    snprintf(right, sizeof right, "%s", mean);
    if (l->bias_param >= 0) {
        char bias[96];
        snprintf(bias, sizeof bias, model_text(m, STR_BIAS_IS), num_exact(number, model_weights(m)[net->params[l->bias_param].offset + (size_t)kernel]));
        snprintf(right, sizeof right, "%s · %s", bias, mean);
    }
    ui_pair(ui, r, part_bold(ui), text, part_small(ui), right);
}

/* What stands under the pointer; a click chooses it to be changed. The chosen one is framed. */
static void slice_weight(Ui *ui, const Model *m, ViewState *v, Rect place, const MapGrid *grid, const Kernels *kernels, int kernel, MapHit hit)
{
    char text[128], number[NUM_MAX];
    const Param *p = &model_net(m)->params[model_net(m)->layers[kernels->layer].weight];
    const size_t row = p->offset + (size_t)kernel * (size_t)kernels->channels * (size_t)kernels->taps, first = row + (size_t)grid->first * (size_t)kernels->taps;
    if (v->weight_layer == kernels->layer && v->weight >= first && v->weight < first + (size_t)grid->count * (size_t)kernels->taps) {
        const int i = (int)(v->weight - row), tap = i % kernels->taps;
        part_choose_weight(ui, v, map_cell_rect(place, grid, i / kernels->taps, tap / kernels->k, tap % kernels->k), kernels->layer, v->weight);
    }
    if (hit.channel < 0)
        return;
    const size_t index = row + (size_t)((hit.channel * kernels->k + hit.y) * kernels->k + hit.x);
    part_choose_weight(ui, v, map_cell_rect(place, grid, hit.channel, hit.y, hit.x), kernels->layer, index);
    snprintf(text, sizeof text, "w[%d, %d, %d, %d] = %s", kernel, hit.channel, hit.y, hit.x,
             num_exact(number, kernel_at(kernels, kernel)[(hit.channel * kernels->k + hit.y) * kernels->k + hit.x]));
    ui_tooltip(ui, text);
}

static MapGrid slice_grid(const Model *m, const Kernels *kernels, int kernel, const float *pair)
{
    return (MapGrid){.data = kernel_at(kernels, kernel), .c = kernels->channels, .h = kernels->k, .w = kernels->k,
                     .version = part_weights_version(m, kernels->layer, kernel), .map = MAP_SIGNED, .lo = &pair[0], .hi = &pair[1],
                     .range_count = 1, .gap = 2};
}

/* A kernel that reads colours: as a picture, then what it does with each colour, then the map that it makes. */
static void colour_kernel(Ui *ui, Model *m, ViewState *v, Rect in, const Kernels *kernels, int kernel, const float *pair)
{
    const Net *net = model_net(m);
    MapGrid picture, grid = slice_grid(m, kernels, kernel, pair);
    LayerMap map;
    char text[64];
    if (!part_kernel_grid(m, v, kernels->layer, kernel, 1, &picture))
        return;
    const float gap = 18, tile = map_tile_sharp(ui, kernels->k, kernels->k, fminf((in.w - 3 * gap) / 4, in.h * 0.4f));
    picture.columns = grid.columns = grid.count = 1;
    picture.tile = grid.tile = tile;
    Rect row = rect_cut_top(&in, tile + 28), cell = rect_cut_left(&row, tile + gap);
    ui_text(ui, (Rect){cell.x, cell.y, tile, 20}, part_caption(ui), ALIGN_LEFT, model_text(m, STR_IN_COLOUR));
    ui_maps(ui, (Rect){cell.x, cell.y + 22, tile, tile}, &picture, "kernels");
    for (int c = 0; c < 3; c++) {
        cell = rect_cut_left(&row, tile + gap);
        snprintf(text, sizeof text, model_text(m, STR_CHANNEL_IS_COLOUR), c, model_text(m, part_input_colour(net, c)));
        ui_text(ui, (Rect){cell.x, cell.y, tile, 20}, part_caption(ui), ALIGN_LEFT, text);
        grid.first = c;
        const Rect place = {cell.x, cell.y + 22, tile, tile};
        slice_weight(ui, m, v, place, &grid, kernels, kernel, ui_maps(ui, place, &grid, "weights"));
    }
    Rect legend = rect_cut_top(&in, 24);
    rect_cut_left(&legend, tile + gap);
    part_legend(ui, (Rect){legend.x, legend.y + 2, fminf(legend.w, 3 * tile + 2 * gap), 18}, MAP_SIGNED, pair[0], pair[1]);
    rect_cut_top(&in, 8);
    if (in.h < 90 || !compute_map(m->compute, kernels->layer, &map))
        return;
    MapGrid out = part_grid(m, v, kernels->layer, &map, kernel, 1);
    out.columns = 1;
    out.tile = map_tile_sharp(ui, map.shape.h, map.shape.w, fminf(in.h - 22, (in.w - gap) / 2));
    Rect labels = rect_cut_top(&in, 20);
    const Rect seen = {in.x, in.y, out.tile, out.tile}, made = {in.x + out.tile + gap, in.y, out.tile, out.tile};
    ui_text(ui, labels, part_caption(ui), ALIGN_LEFT, model_text(m, STR_AS_SEEN));
    part_picture(ui, &m->picture, seen, NULL);
    labels.x = made.x;
    ui_text(ui, labels, part_caption(ui), ALIGN_LEFT, model_text(m, STR_ITS_MAP));
    part_maps(ui, m, v, made, kernels->layer, &map, &out);
}

/* The largest tile with which all groups' slices fit; *height is theirs. */
static float slices_fit(const Ui *ui, const Kernels *kernels, Rect in, float *height)
{
    float tile = 14;
    for (float want = 64; want >= 12; want -= 1) {
        tile = kernels->k > 1 ? map_tile_sharp(ui, kernels->k, kernels->k, want) : floorf(want / 2);
        const int columns = (int)fmaxf((in.w - 10) / (tile + 2), 1);
        *height = 0;
        for (int g = 0; g < kernels->group_count; g++)
            *height += 24 + (float)((kernels->group[g].count + columns - 1) / columns) * (tile + 2) + 8;
        if (*height <= in.h)
            break;
    }
    return tile;
}

/* One kernel: its slices in a grid for each group. */
static void slices(Ui *ui, Model *m, ViewState *v, Rect area, const Kernels *kernels, int kernel)
{
    const float *w = kernel_at(kernels, kernel);
    float reach = 0, height = 0;
    double total = 0, sum[BRANCH_COUNT] = {0};
    char text[192], share[96];
    for (int g = 0; g < kernels->group_count; g++) {
        const size_t taps = (size_t)kernels->taps, first = (size_t)kernels->group[g].first * taps, end = first + (size_t)kernels->group[g].count * taps;
        for (size_t i = first; i < end; i++) {
            reach = fmaxf(reach, fabsf(w[i]));
            sum[g] += (double)fabsf(w[i]);
        }
        total += sum[g];
    }
    ui_panel(ui, area);
    Rect in = rect_inset(area, 14);
    kernel_heading(ui, m, rect_cut_top(&in, 22), kernels, kernel, total);
    const float *pair = range_pair(v, 0 - reach, reach); /* no -0 of a silent kernel */
    if (part_kernels_are_colours(model_net(m), kernels->layer)) {
        colour_kernel(ui, m, v, in, kernels, kernel, pair);
        return;
    }
    part_legend(ui, (Rect){in.x + in.w - 260, in.y + 2, 260, 18}, MAP_SIGNED, pair[0], pair[1]);
    const float tile = slices_fit(ui, kernels, in, &height);
    Rect body = ui_scroll_begin(ui, ui_id("slices", 0), in, &v->scroll[SCROLL_EXTRA], height);
    for (int g = 0; g < kernels->group_count; g++) {
        const Group *group = &kernels->group[g];
        Rect label = rect_cut_top(&body, 24);
        label.w -= g == 0 ? 270 : 0;
        if (group->branch != BRANCH_NONE) {
            const Rect mark = rect_cut_left(&label, 10);
            ui_round(ui, (Rect){mark.x, mark.y + 3, 4, mark.h - 6}, 2, ui->theme->branch[group->branch]);
        }
        group_name(m, group, text, sizeof text);
        const TextStyle style = ui_style(FACE_BOLD, ui->theme->size_caption, group_text(ui, group));
        rect_cut_left(&label, ui_text(ui, label, style, ALIGN_LEFT, text) + 12);
        group_share(m, sum[g], (double)(group->count * kernels->taps), total, share, sizeof share);
        part_text_fit(ui, label, part_caption(ui), share);
        MapGrid grid = slice_grid(m, kernels, kernel, pair);
        grid.tile = tile;
        grid.columns = (int)fmaxf((in.w - 10) / (tile + 2), 1);
        grid.first = group->first;
        grid.count = group->count;
        slice_weight(ui, m, v, body, &grid, kernels, kernel, ui_maps(ui, body, &grid, "weights"));
        rect_cut_top(&body, map_grid_height(&grid) + 8);
    }
    ui_scroll_end(ui);
}

/* ---- all kernels ---------------------------------------------------------------------------------------------------------------- */

/* A cell is the weight itself, or the mean size of a slice's weights. */
static bool make_cells(const Model *m, const Kernels *kernels, WeightCells *out)
{
    const uint64_t version = part_weights_version(m, kernels->layer, 1 << 15);
    const size_t count = (size_t)kernels->count * (size_t)kernels->channels, taps = (size_t)kernels->taps;
    if (out->version == version)
        return true;
    if (out->size < count * sizeof *out->cells) {
        float *grown = realloc(out->cells, count * sizeof *grown);
        if (grown == NULL)
            return false;
        out->cells = grown;
        out->size = count * sizeof *grown;
    }
    float *to = out->cells;
    double all = 0;
    out->largest = 0;
    for (int g = 0; g < kernels->group_count; g++) {
        const Group *group = &kernels->group[g];
        out->sum[g] = 0;
        for (int o = 0; o < kernels->count; o++) {
            const float *w = kernel_at(kernels, o) + (size_t)group->first * taps;
            for (int c = 0; c < group->count; c++, to++, w += taps) {
                float sum = 0;
                for (size_t t = 0; t < taps; t++)
                    sum += fabsf(w[t]);
                *to = taps == 1 ? w[0] : sum / (float)taps;
                out->sum[g] += (double)sum;
                out->largest = fmaxf(out->largest, fabsf(*to));
            }
        }
        all += out->sum[g];
    }
    out->reach = fminf((float)(4 * all / (double)(count * taps)), out->largest); /* a few large weights must not darken all others */
    out->version = version;
    return true;
}

/* Some rows of one group's matrix, and where they stand. */
typedef struct Piece {
    int group, first, rows;     /* kernels [first, first + rows) */
    Rect rect;                  /* of the matrix, its heading above it */
} Piece;

enum { STRIPS_MAX = 8, PIECES_MAX = STRIPS_MAX * BRANCH_COUNT };
static const float PIECE_GAP = 14, PIECE_HEAD = 26;

typedef struct Pieces {
    Piece piece[PIECES_MAX];
    int count;
    float width, height;
} Pieces;

static void add_piece(Pieces *out, int group, int first, int rows, Rect r)
{
    out->piece[out->count++] = (Piece){group, first, rows, r};
    out->width = fmaxf(out->width, r.x + r.w);
    out->height = fmaxf(out->height, r.y + r.h);
}

/* The groups one after another, in lines like words; cells of `edge`. */
static Pieces place_lines(const Kernels *kernels, float width, float edge)
{
    Pieces out = {.count = 0};
    const float h = (float)kernels->count * edge;
    float x = 0, y = PIECE_HEAD;
    for (int g = 0; g < kernels->group_count; g++) {
        const float w = (float)kernels->group[g].count * edge, shrink = fminf(1, width / w);
        if (x > 0 && x + w > width) {
            x = 0;
            y += h + PIECE_GAP + PIECE_HEAD;
        }
        add_piece(&out, g, 0, kernels->count, (Rect){x, y, w * shrink, h * shrink});
        x += w + PIECE_GAP;
    }
    return out;
}

/* All groups in one line, the kernels cut into strips that stand beside each other. */
static Pieces place_strips(const Kernels *kernels, float edge, int strips)
{
    Pieces out = {.count = 0};
    const int rows = (kernels->count + strips - 1) / strips;
    float x = 0;
    for (int first = 0; first < kernels->count; first += rows) {
        const int n = kernels->count - first < rows ? kernels->count - first : rows;
        for (int g = 0; g < kernels->group_count; g++) {
            const float w = (float)kernels->group[g].count * edge;
            add_piece(&out, g, first, n, (Rect){x, PIECE_HEAD, w, (float)n * edge});
            x += w + 4;
        }
        x += PIECE_GAP;
    }
    return out;
}

/* The arrangement with the largest cells, which are whole pixels. */
static Pieces place_pieces(const Ui *ui, const Kernels *kernels, Rect in)
{
    for (int pixels = (int)(12 * ui->scale); pixels >= 1; pixels--) {
        const float edge = (float)pixels / ui->scale;
        Pieces out = place_lines(kernels, in.w, edge);
        for (int strips = 1; strips <= STRIPS_MAX && (out.width > in.w || out.height > in.h); strips++)
            out = place_strips(kernels, edge, strips);
        if (out.width <= in.w && out.height <= in.h)
            return out;
    }
    return place_lines(kernels, in.w - 10, 1 / ui->scale); /* it scrolls */
}

static void cell_tip(Ui *ui, const Model *m, const Kernels *kernels, const Group *g, int kernel, int c, float cell)
{
    char text[288], what[96], number[NUM_MAX], name[NET_NAME_MAX + 32], from[NET_NAME_MAX + 64];
    cursor_text(model_net(m), (Cursor){g->layer, c, -1, -1}, name, sizeof name);
    snprintf(from, sizeof from, model_text(m, STR_FROM_BRANCH), name);
    if (kernels->taps == 1)
        snprintf(what, sizeof what, "= %s", num_exact(number, cell));
    else
        snprintf(what, sizeof what, model_text(m, STR_MEAN_ABS), num_value(number, (double)cell));
    snprintf(text, sizeof text, "w[%d, %d] %s\n%s", kernel, g->first + c, what, from);
    ui_tooltip(ui, text);
}

static void piece_heading(Ui *ui, const Model *m, Rect r, const Kernels *kernels, const Piece *piece)
{
    const Group *group = &kernels->group[piece->group];
    const Theme *t = ui->theme;
    const TextStyle style = ui_style(FACE_BOLD, t->size_caption, group_text(ui, group));
    char text[64];
    if (group->branch != BRANCH_NONE)
        snprintf(text, sizeof text, "%s", part_branch_title(m, group->branch));
    else
        snprintf(text, sizeof text, model_text(m, STR_KERNELS_RANGE), piece->first, piece->first + piece->rows - 1);
    if (ui_text_width(ui, style, text) <= r.w)
        ui_text(ui, (Rect){r.x, r.y, r.w, 17}, style, ALIGN_LEFT, text);
    ui_fill(ui, (Rect){r.x, r.y + 18, r.w, 4}, group->branch != BRANCH_NONE ? t->branch[group->branch] : t->op_chip);
}

static void draw_piece(Ui *ui, Model *m, ViewState *v, Rect place, const Kernels *kernels, const Piece *piece, const float *cells, const float *pair)
{
    const Group *group = &kernels->group[piece->group];
    piece_heading(ui, m, (Rect){place.x, place.y - PIECE_HEAD, place.w, PIECE_HEAD}, kernels, piece);
    const MapGrid grid = {.data = cells, .c = 1, .h = piece->rows, .w = group->count, .map = kernels->taps == 1 ? MAP_SIGNED : MAP_VIRIDIS,
                          .version = part_weights_version(m, kernels->layer, (1 << 15) + 8 + piece->group * 4096 + piece->first), .lo = &pair[0], .hi = &pair[1],
                          .range_count = 1, .columns = 1, .count = 1, .tile = fmaxf(place.w, place.h)};
    const MapHit hit = ui_maps(ui, place, &grid, "weights");
    const int lit = v->lit.layer == kernels->layer ? v->lit.channel - piece->first : -1;
    if (lit >= 0 && lit < piece->rows) {
        const Rect first = map_cell_rect(place, &grid, 0, lit, 0);
        ui_frame(ui, rect_inset((Rect){place.x, first.y, place.w, first.h}, -1), 1, ui->theme->selection);
    }
    if (hit.channel < 0)
        return;
    const Cursor kernel = {kernels->layer, piece->first + hit.y, -1, -1};
    model_point(m, kernel);
    cell_tip(ui, m, kernels, group, kernel.channel, hit.x, cells[hit.y * group->count + hit.x]);
    if (part_pressed(ui))
        model_select(m, kernel);
}

/* A row for each group: its colour, where its channels come from, how much of the weights it has. */
static void group_rows(Ui *ui, const Model *m, Rect r, const Kernels *kernels, const WeightCells *made)
{
    char name[NET_NAME_MAX + 96], share[96];
    double all = 0;
    for (int g = 0; g < kernels->group_count; g++)
        all += made->sum[g];
    for (int g = 0; g < kernels->group_count; g++) {
        const Group *group = &kernels->group[g];
        Rect row = rect_cut_top(&r, 20), mark = rect_cut_left(&row, 18);
        ui_round(ui, (Rect){mark.x, mark.y + 5, 10, 10}, 2, group->branch != BRANCH_NONE ? ui->theme->branch[group->branch] : ui->theme->op_chip);
        group_name(m, group, name, sizeof name);
        ui_text(ui, rect_cut_left(&row, 210), ui_style(FACE_BOLD, ui->theme->size_caption, group_text(ui, group)), ALIGN_LEFT, name);
        group_share(m, made->sum[g], (double)group->count * kernels->count * kernels->taps, all, share, sizeof share);
        rect_cut_left(&row, ui_text(ui, row, part_caption(ui), ALIGN_LEFT, share) + 14);
        const float w = fminf(row.w, 240);
        if (kernels->group_count > 1 && w > 60 && all > 0) {
            ui_round(ui, (Rect){row.x, row.y + 7, w, 6}, 2, color_alpha(ui->theme->text, 0.07f));
            const Color color = group->branch != BRANCH_NONE ? ui->theme->branch[group->branch] : ui->theme->op_chip;
            ui_round(ui, (Rect){row.x, row.y + 7, w * (float)(made->sum[g] / all), 6}, 2, color);
        }
    }
}

/* All kernels: a row for each, a column for each input channel, a matrix for each place that channels come from. */
static void overview(Ui *ui, Model *m, ViewState *v, Rect area, const Kernels *kernels)
{
    WeightCells *made = &v->weight_cells;
    char text[160], end[160], number[NUM_MAX], largest[NUM_MAX];
    ui_panel(ui, area);
    Rect in = rect_inset(area, 16);
    if (!make_cells(m, kernels, made))
        return;
    const bool sign = kernels->taps == 1;
    if (made->reach < made->largest)
        snprintf(end, sizeof end, model_text(m, STR_COLOURS_END_MEAN), num_value(number, (double)made->reach), num_value(largest, (double)made->largest));
    else
        snprintf(end, sizeof end, model_text(m, STR_COLOURS_END_LARGEST), num_value(number, (double)made->largest));
    const float LEGEND_W = 240, LEGEND_GAP = 16;
    const bool beside = ui_text_width(ui, part_caption(ui), end) <= in.w - LEGEND_W - LEGEND_GAP;
    const float *pair = range_pair(v, sign ? -made->reach : 0, made->reach), rows = 20 * (float)kernels->group_count + (beside ? 8 : 26);
    if (sign)
        snprintf(text, sizeof text, "%s", model_text(m, STR_CELL_IS_WEIGHT));
    else
        snprintf(text, sizeof text, model_text(m, STR_CELL_IS_MEAN), kernels->k, kernels->k);
    part_text_fit(ui, rect_cut_top(&in, 24), part_caption(ui), text);
    const Pieces pieces = place_pieces(ui, kernels, (Rect){in.x, in.y, in.w, in.h - rows - 32});
    const float seen = fminf(pieces.height, in.h - rows - 32);
    Rect below = in;
    rect_cut_top(&below, seen + 12);
    in.h = seen;
    const Rect body = ui_scroll_begin(ui, ui_id("weights", 0), in, &v->scroll[SCROLL_EXTRA], pieces.height);
    const float *of_group[BRANCH_COUNT], *cells = made->cells;
    for (int g = 0; g < kernels->group_count; g++) {
        of_group[g] = cells;
        cells += (size_t)kernels->group[g].count * (size_t)kernels->count;
    }
    for (int i = 0; i < pieces.count; i++) {
        const Piece *piece = &pieces.piece[i];
        const Rect place = {body.x + piece->rect.x, body.y + piece->rect.y, piece->rect.w, piece->rect.h};
        draw_piece(ui, m, v, place, kernels, piece, of_group[piece->group] + (size_t)piece->first * (size_t)kernels->group[piece->group].count, pair);
    }
    ui_scroll_end(ui);
    Rect legend = rect_cut_top(&below, 20);
    part_legend(ui, rect_cut_left(&legend, LEGEND_W), sign ? MAP_SIGNED : MAP_VIRIDIS, pair[0], pair[1]);
    rect_cut_left(&legend, LEGEND_GAP);
    ui_text(ui, beside ? legend : rect_cut_top(&below, 18), part_caption(ui), ALIGN_LEFT, end);
    rect_cut_top(&below, 8);
    group_rows(ui, m, below, kernels, made);
}

void view_weights(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    const Net *net = model_net(m);
    const int layer = m->cursor.channel >= 0 && net->layers[m->cursor.layer].weight >= 0 ? m->cursor.layer : m->at;
    const Layer *l = &net->layers[layer];
    char title[128], says[160], name[NET_NAME_MAX + 32];
    cursor_text(net, (Cursor){layer, -1, -1, -1}, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_WEIGHTS_OF), name);
    if (l->weight < 0) {
        part_stage_title(ui, &area, title, model_text(m, STR_NO_WEIGHTS));
        return;
    }
    const Kernels kernels = kernels_of(m, layer);
    snprintf(says, sizeof says, model_text(m, STR_WEIGHTS_SAYS), kernels.count, kernels.k, kernels.k, kernels.channels);
    part_stage_title(ui, &area, title, says);
    rect_cut_top(&area, 8);
    if (m->cursor.layer == layer && m->cursor.channel >= 0) {
        slices(ui, m, v, area, &kernels, m->cursor.channel);
    } else if (part_kernels_are_colours(net, layer)) {
        ui_panel(ui, area);
        part_kernels(ui, m, v, rect_inset(area, 16), layer, 160);
    } else {
        overview(ui, m, v, area, &kernels);
    }
}
