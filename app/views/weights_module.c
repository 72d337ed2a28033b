/* weights_module.c - the kernels of a module's four branches, in lanes as on its stage. A kernel of k x k is shown by its strongest slice, one
 * of 1 x 1 by all its weights, row by row. The kernels with the largest weights come first; a last tile says how many more there are. See
 * weights.h. */
#include "app/views/module_layout.h"
#include "app/views/weights.h"

#include <math.h>
#include <stdio.h>

static const float GAP = 10, PAD = 10, WORDS = 17, LEAST_TILE = 24, MOST_TILE = 64;

/* The sides of a picture of `count` weights, as square as whole rows allow. */
static void block_sides(int count, int *h, int *w)
{
    *h = 1;
    for (int rows = 1; rows * rows <= count; rows++)
        if (count % rows == 0)
            *h = rows;
    *w = count / *h;
}

static MapGrid kernels_grid(const Model *m, ViewState *v, const LayerKernels *kernels, const WeightRanks *ranks)
{
    const float *pair = part_range_pair(v, -fminf(ranks->peak, ranks->largest), fminf(ranks->peak, ranks->largest));
    MapGrid grid = {.data = kernels->w, .c = kernels->count * kernels->channels, .h = kernels->k, .w = kernels->k, .picked = ranks->strongest,
                    .version = part_weights_version(m, kernels->layer, (1 << 15) + 4), .map = MAP_SIGNED, .lo = &pair[0], .hi = &pair[1], .range_count = 1, .gap = 2};
    if (kernels->taps > 1)
        return grid;
    grid.c = kernels->count;
    grid.picked = ranks->order;
    block_sides(kernels->channels, &grid.h, &grid.w);
    return grid;
}

/* How many rows of tiles with at least this edge fit r; sets tile and columns, and the size of one tile. */
static int rows_of(const Ui *ui, MapGrid *grid, Rect r, float edge, float *w, float *h)
{
    grid->tile = map_tile_least(ui, grid->h, grid->w, edge);
    grid->count = grid->columns = 1;
    *w = map_grid_width(grid);
    *h = map_grid_height(grid);
    grid->columns = (int)fmaxf(floorf((r.w + grid->gap) / (*w + grid->gap)), 1);
    return (int)fmaxf(floorf((r.h + grid->gap) / (*h + grid->gap)), 1);
}

/* The largest tiles with which all fit r; else as many of the smallest as fit, and *more is the place of the last one. */
static void fit_tiles(Ui *ui, MapGrid *grid, int count, Rect r, Rect *more)
{
    float w = 0, h = 0;
    int rows = 0;
    *more = (Rect){0};
    for (float edge = MOST_TILE; edge >= LEAST_TILE; edge -= 4) {
        rows = rows_of(ui, grid, r, edge, &w, &h);
        if (count <= grid->columns * rows && (float)rows * (h + grid->gap) <= r.h + grid->gap) {
            grid->count = count;
            return;
        }
    }
    char text[16];
    snprintf(text, sizeof text, "+%d", count);
    const int wide = (int)ceilf((ui_text_width(ui, module_more_style(ui), text) + 6) / (w + grid->gap)); /* tiles that the words take */
    const int taken = wide < grid->columns ? wide : grid->columns;
    grid->count = grid->columns * rows - taken;
    *more = (Rect){r.x + (float)(grid->columns - taken) * (w + grid->gap), r.y + (float)(rows - 1) * (h + grid->gap), (float)taken * (w + grid->gap) - grid->gap, h};
}

static void go_to_layer(Ui *ui, Model *m, int layer)
{
    model_go(m, layer);
    model_view(m, VIEW_WEIGHTS);
    ui->want_frame = true;
}

static void kernel_tip(Ui *ui, const Model *m, const LayerKernels *kernels, int kernel, int input, float sum)
{
    char text[NET_NAME_MAX + 160], name[NET_NAME_MAX + 32], number[NUM_MAX];
    cursor_text(model_net(m), (Cursor){kernels->layer, kernel, -1, -1}, name, sizeof name);
    if (input >= 0)
        snprintf(text, sizeof text, "%s · w[%d, %d] · Σ|w| %s", name, kernel, input, num_value(number, (double)sum));
    else
        snprintf(text, sizeof text, "%s · Σ|w| %s", name, num_value(number, (double)sum));
    ui_tooltip(ui, text);
}

/* The tiles; a click on one chooses its kernel. */
static void draw_tiles(Ui *ui, Model *m, Rect r, const LayerKernels *kernels, const WeightRanks *ranks, const MapGrid *grid)
{
    char address[NET_NAME_MAX + 32];
    cursor_text(model_net(m), (Cursor){kernels->layer, -1, -1, -1}, address, sizeof address);
    const MapHit hit = grid->count > 0 ? ui_maps(ui, r, grid, address) : (MapHit){-1, -1, -1};
    if (grid->count > 0)
        part_digits(ui, r, grid);
    if (hit.channel < 0)
        return;
    const bool slices = kernels->taps > 1;
    const int kernel = slices ? hit.channel / kernels->channels : hit.channel;
    ui_frame(ui, rect_inset(map_tile_rect(r, grid, hit.channel), -2), 2, ui->theme->accent);
    model_point(m, (Cursor){kernels->layer, kernel, -1, -1});
    kernel_tip(ui, m, kernels, kernel, slices ? hit.channel % kernels->channels : -1, ranks->sum[kernel]);
    if (part_pressed(ui)) {
        model_select(m, (Cursor){kernels->layer, kernel, -1, -1});
        ui->want_frame = true;
    }
}

static void more_tile(Ui *ui, Model *m, Rect r, int layer, int more)
{
    char text[16];
    if (r.w <= 0)
        return;
    const bool over = ui_hover(ui, r);
    snprintf(text, sizeof text, "+%d", more);
    ui_round(ui, r, 3, over ? ui->theme->accent_soft : ui->theme->tile_back);
    ui_text(ui, r, part_colored(module_more_style(ui), over ? ui->theme->accent : ui->theme->text_dim), ALIGN_CENTER, text);
    ui_item(ui, r, "more", text);
    if (ui_click(ui, ui_id("more kernels", layer), r))
        go_to_layer(ui, m, layer);
}

/* One layer: its words, which lead to its own page, and its kernels. */
static void layer_block(Ui *ui, Model *m, ViewState *v, Rect r, int layer, WeightRanks *ranks)
{
    const Net *net = model_net(m);
    const LayerKernels kernels = layer_kernels(net, model_weights(m), layer);
    if (!rank_kernels(&kernels, part_weights_version(m, layer, (1 << 15) + 3), ranks))
        return;
    char name[NET_NAME_MAX + 32], size[96], shown[96], reach[NUM_MAX], largest[NUM_MAX], range[128], says[384];
    cursor_text(net, (Cursor){layer, -1, -1, -1}, name, sizeof name);
    snprintf(size, sizeof size, model_text(m, STR_MODULE_KERNELS), kernels.count, kernels.k, kernels.k, kernels.channels);
    if (kernels.taps > 1)
        snprintf(shown, sizeof shown, "%s", model_text(m, STR_MODULE_SLICES));
    else
        snprintf(shown, sizeof shown, model_text(m, STR_MODULE_ROW_BY_ROW), kernels.channels);
    const MapGrid made = kernels_grid(m, v, &kernels, ranks);
    snprintf(range, sizeof range, model_text(m, STR_MODULE_REACH), num_value(reach, (double)made.hi[0]), num_value(largest, (double)ranks->largest));
    snprintf(says, sizeof says, "%s · %s · %s", size, shown, range);
    Rect words = rect_cut_top(&r, WORDS);
    const Rect link = words;
    const bool over = ui_hover(ui, link);
    rect_cut_left(&words, ui_text(ui, words, part_colored(part_bold(ui), over ? ui->theme->accent : part_layer_text(ui, &net->layers[layer])), ALIGN_LEFT, name) + 7);
    part_text_fit(ui, words, part_caption(ui), says);
    if (over)
        ui_tooltip(ui, says);
    if (ui_click(ui, ui_id("kernels of", layer), link))
        go_to_layer(ui, m, layer);
    ui_address(ui, name);
    ui_item(ui, link, "link", name);
    ui_address(ui, NULL);
    rect_cut_top(&r, 3);
    MapGrid grid = made;
    Rect more;
    fit_tiles(ui, &grid, kernels.count, r, &more);
    draw_tiles(ui, m, r, &kernels, ranks, &grid);
    more_tile(ui, m, more, layer, kernels.count - grid.count);
}

void weights_module(Ui *ui, Model *m, ViewState *v, Rect area, int concat)
{
    const Net *net = model_net(m);
    const Module *module = &net->modules[net->layers[concat].module];
    const float h = floorf((area.h - GAP * (BRANCH_COUNT - 1)) / BRANCH_COUNT);
    for (int b = 0; b < BRANCH_COUNT; b++) {
        Rect lane = rect_cut_top(&area, h);
        rect_cut_top(&area, GAP);
        int layers[2], count = 0;
        for (int l = module->first; l < module->last && count < 2; l++)
            if (net->layers[l].branch == (Branch)b && net->layers[l].weight >= 0)
                layers[count++] = l;
        ui_panel_marked(ui, lane, ui->theme->branch[b]);
        ui_item(ui, lane, "lane", part_branch_title(m, (Branch)b));
        Rect in = {lane.x + PAD + 6, lane.y + 6, lane.w - 2 * PAD - 6, lane.h - 12};
        const float w = count > 0 ? floorf((in.w - GAP * (float)(count - 1)) / (float)count) : 0;
        for (int i = 0; i < count; i++) {
            layer_block(ui, m, v, rect_cut_left(&in, w), layers[i], &v->ranked_kernels[2 * b + i]);
            rect_cut_left(&in, GAP);
        }
    }
}
