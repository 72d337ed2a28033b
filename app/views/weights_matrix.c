/* weights_matrix.c - draws all kernels of a layer as matrices of kernels by input channels, one for each branch that the channels
 * come from. See weights.h. */
#include "app/views/weights.h"

#include <math.h>
#include <stdio.h>

/* Some rows of one group's matrix, and their place. */
typedef struct Piece {
    int group, first, rows;     /* kernels [first, first + rows) */
    Rect rect;                  /* of the matrix; its heading is above it */
} Piece;

enum { STRIPS_MAX = 8, PIECES_MAX = STRIPS_MAX * BRANCH_COUNT };
static const float PIECE_GAP = 14, PIECE_HEAD = 26, TWO_LINES = 420;

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

/* Places the groups one after another, wrapped like words; cells have edge `edge`. */
static Pieces place_lines(const LayerKernels *kernels, float width, float edge)
{
    Pieces out = {.count = 0};
    const float h = (float)kernels->count * edge;
    float x = 0, y = PIECE_HEAD, line = 0; /* line: the height of what is beside each other */
    for (int g = 0; g < kernels->group_count; g++) {
        const float w = (float)kernels->group[g].count * edge, shrink = fminf(1, width / w);
        if (x > 0 && x + w > width) {
            x = 0;
            y += line + PIECE_GAP + PIECE_HEAD;
            line = 0;
        }
        line = fmaxf(line, h * shrink);
        add_piece(&out, g, 0, kernels->count, (Rect){x, y, w * shrink, h * shrink});
        x += w + PIECE_GAP;
    }
    return out;
}

/* Places all groups in one line, with the kernels cut into strips side by side. */
static Pieces place_strips(const LayerKernels *kernels, float edge, int strips)
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

/* The arrangement with the largest cells, in whole pixels. */
static Pieces place_pieces(const Ui *ui, const LayerKernels *kernels, Rect in)
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

static void cell_tip(Ui *ui, const Model *m, const LayerKernels *kernels, const KernelGroup *g, int kernel, int c, float cell)
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

/* Its rows are outputs: nothing slides. */
static bool is_fc(const Model *m, const LayerKernels *kernels) { return model_net(m)->layers[kernels->layer].op == OP_FC; }

static void piece_heading(Ui *ui, const Model *m, Rect r, const LayerKernels *kernels, const Piece *piece)
{
    const KernelGroup *group = &kernels->group[piece->group];
    const Theme *t = ui->theme;
    const TextStyle style = ui_style(FACE_BOLD, t->size_caption, weights_group_color(ui, group));
    char text[64];
    if (group->branch != BRANCH_NONE)
        snprintf(text, sizeof text, "%s", part_branch_title(m, group->branch));
    else
        snprintf(text, sizeof text, model_text(m, is_fc(m, kernels) ? STR_OUTPUTS_RANGE : STR_KERNELS_RANGE), piece->first, piece->first + piece->rows - 1);
    if (ui_text_width(ui, style, text) <= r.w)
        ui_text(ui, (Rect){r.x, r.y, r.w, 17}, style, ALIGN_LEFT, text);
    ui_fill(ui, (Rect){r.x, r.y + 18, r.w, 4}, group->branch != BRANCH_NONE ? t->branch[group->branch] : t->op_chip);
}

static void draw_piece(Ui *ui, Model *m, ViewState *v, Rect place, const LayerKernels *kernels, const Piece *piece, const float *cells, const float *pair, int framed)
{
    const KernelGroup *group = &kernels->group[piece->group];
    piece_heading(ui, m, (Rect){place.x, place.y - PIECE_HEAD, place.w, PIECE_HEAD}, kernels, piece);
    const MapGrid grid = {.data = cells, .c = 1, .h = piece->rows, .w = group->count, .map = kernels->taps == 1 ? MAP_SIGNED : MAP_VIRIDIS,
                          .version = part_weights_version(m, kernels->layer, (1 << 15) + 8 + piece->group * 4096 + piece->first), .lo = &pair[0], .hi = &pair[1],
                          .range_count = 1, .columns = 1, .count = 1, .tile = fmaxf(place.w, place.h)};
    const MapHit hit = ui_maps(ui, place, &grid, "matrix");
    const int lit = (v->lit.layer == kernels->layer && v->lit.channel >= 0 ? v->lit.channel : framed) - piece->first;
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

/* A row for each group: its colour, the layer of its channels, its share of the weights of `count` kernels, whose sizes are in `sum`. */
static void group_rows(Ui *ui, const Model *m, Rect r, const LayerKernels *kernels, const double *sum, int count)
{
    char name[NET_NAME_MAX + 96], share[96];
    double all = 0;
    for (int g = 0; g < kernels->group_count; g++)
        all += sum[g];
    for (int g = 0; g < kernels->group_count; g++) {
        const KernelGroup *group = &kernels->group[g];
        const bool two = r.w < TWO_LINES; /* name and share one below the other */
        Rect row = rect_cut_top(&r, 20), mark = rect_cut_left(&row, 18);
        ui_round(ui, (Rect){mark.x, mark.y + 5, 10, 10}, 2, group->branch != BRANCH_NONE ? ui->theme->branch[group->branch] : ui->theme->op_chip);
        weights_group_name(m, group, name, sizeof name);
        const Rect place = two ? row : rect_cut_left(&row, 210);
        const TextStyle style = ui_style(FACE_BOLD, ui->theme->size_caption, weights_group_color(ui, group));
        char cut[sizeof name];
        part_cut(ui, style, name, place.w, cut, sizeof cut);
        ui_text(ui, place, style, ALIGN_LEFT, cut);
        weights_group_share(m, sum[g], (double)group->count * count * kernels->taps, all, share, sizeof share);
        if (two) {
            row = rect_cut_top(&r, 18);
            rect_cut_left(&row, 18);
        } else {
            rect_cut_left(&row, 8);
        }
        rect_cut_left(&row, part_text_fit(ui, row, part_caption(ui), share) + 14);
        const float w = fminf(row.w, 240);
        if (kernels->group_count > 1 && w > 60 && all > 0) {
            ui_round(ui, (Rect){row.x, row.y + 7, w, 6}, 2, color_alpha(ui->theme->text, 0.07f));
            const Color color = group->branch != BRANCH_NONE ? ui->theme->branch[group->branch] : ui->theme->op_chip;
            ui_round(ui, (Rect){row.x, row.y + 7, w * (float)(sum[g] / all), 6}, 2, color);
        }
    }
}

void weights_matrix(Ui *ui, Model *m, ViewState *v, Rect area, const LayerKernels *kernels, int kernel)
{
    WeightCells *made = &v->weight_cells;
    char text[160], end[160], number[NUM_MAX], largest[NUM_MAX];
    ui_panel(ui, area);
    Rect in = rect_inset(area, 16);
    if (!weight_cells_make(kernels, part_weights_version(m, kernels->layer, 1 << 15), made))
        return;
    const bool sign = kernels->taps == 1;
    if (made->reach < made->largest)
        snprintf(end, sizeof end, model_text(m, STR_COLOURS_END_MEAN), num_value(number, (double)made->reach), num_value(largest, (double)made->largest));
    else
        snprintf(end, sizeof end, model_text(m, STR_COLOURS_END_LARGEST), num_value(number, (double)made->largest));
    const float LEGEND_W = 240, LEGEND_GAP = 16;
    const bool beside = ui_text_width(ui, part_caption(ui), end) <= in.w - LEGEND_W - LEGEND_GAP;
    const float *pair = part_range_pair(v, sign ? -made->reach : 0, made->reach), rows = (in.w < TWO_LINES ? 38 : 20) * (float)kernels->group_count + 8 + (beside ? 0 : ui_paragraph_height(ui, in.w, part_caption(ui), end));
    if (sign)
        snprintf(text, sizeof text, "%s", model_text(m, is_fc(m, kernels) ? STR_CELL_IS_FC_WEIGHT : STR_CELL_IS_WEIGHT));
    else
        snprintf(text, sizeof text, model_text(m, STR_CELL_IS_MEAN), kernels->k, kernels->k);
    rect_cut_top(&in, ui_paragraph(ui, in, part_caption(ui), text) + 6);
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
        draw_piece(ui, m, v, place, kernels, piece, of_group[piece->group] + (size_t)piece->first * (size_t)kernels->group[piece->group].count, pair, kernel);
    }
    ui_scroll_end(ui);
    Rect legend = rect_cut_top(&below, 20);
    part_legend(ui, rect_cut_left(&legend, LEGEND_W), sign ? MAP_SIGNED : MAP_VIRIDIS, pair[0], pair[1]);
    rect_cut_left(&legend, LEGEND_GAP);
    if (beside)
        ui_text(ui, legend, part_caption(ui), ALIGN_LEFT, end);
    else
        rect_cut_top(&below, ui_paragraph(ui, below, part_caption(ui), end));
    rect_cut_top(&below, 8);
    const KernelSize own = kernel_size(kernels, kernel >= 0 ? kernel : 0);
    group_rows(ui, m, below, kernels, kernel >= 0 ? own.sum : made->sum, kernel >= 0 ? 1 : kernels->count);
}
