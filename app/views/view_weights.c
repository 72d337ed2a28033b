/* view_weights.c - the kernels of a convolution. Without a selected channel: of each kernel the mean size of its weights from
 * every input channel, as an image of kernels x input channels, grouped by the branch that the input comes from. With one: all
 * slices of that kernel. A fully connected layer is a convolution of its inputs. */
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>

typedef struct Group {          /* input channels that come from one place */
    int first, count;
    Branch branch;
} Group;

static int input_groups(const Net *net, const Layer *l, Group out[BRANCH_COUNT])
{
    const Layer *in = &net->layers[l->inputs[0]];
    const int channels = l->op == OP_FC ? (int)shape_size(l->in) : l->in.c / l->groups;
    if (in->op == OP_CONCAT && l->op == OP_CONV && l->groups == 1) {
        const Module *module = &net->modules[in->module];
        for (int b = 0; b < BRANCH_COUNT; b++)
            out[b] = (Group){module->offset[b], module->offset[b + 1] - module->offset[b], (Branch)b};
        return BRANCH_COUNT;
    }
    out[0] = (Group){0, channels, BRANCH_NONE};
    return 1;
}

static void group_label(Ui *ui, const Model *m, Rect r, const Group *g, const char *input)
{
    char text[96], from[64];
    snprintf(from, sizeof from, model_text(m, STR_FROM_BRANCH), g->branch != BRANCH_NONE ? branch_name(g->branch) : input);
    snprintf(text, sizeof text, "%s · %d–%d", from, g->first, g->first + g->count - 1);
    const Color color = g->branch != BRANCH_NONE ? ui->theme->branch_text[g->branch] : ui->theme->text_dim;
    if (g->branch != BRANCH_NONE)
        ui_round(ui, (Rect){r.x, r.y + 3, 4, r.h - 6}, 2, ui->theme->branch[g->branch]);
    ui_text(ui, (Rect){r.x + (g->branch != BRANCH_NONE ? 10 : 0), r.y, r.w - 10, r.h}, ui_style(FACE_BOLD, ui->theme->size_caption, color), ALIGN_LEFT, text);
}

static float *range_pair(ViewState *v, float lo, float hi)
{
    float *pair = v->ranges[v->range_count++ % RANGE_SLOTS];
    pair[0] = lo;
    pair[1] = hi;
    return pair;
}

/* One kernel: its slices in a grid for each group. */
static void slices(Ui *ui, Model *m, ViewState *v, Rect area, int layer, int kernel)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    const Param *p = &net->params[l->weight];
    const int k = l->op == OP_CONV ? l->k : 1, channels = (int)(p->count / (size_t)p->dims[0]) / (k * k);
    const float *w = model_weights(m) + p->offset + (size_t)kernel * (p->count / (size_t)p->dims[0]);
    Group groups[BRANCH_COUNT];
    const int count = input_groups(net, l, groups);
    char name[NET_NAME_MAX + 32], text[128], number[NUM_MAX];
    float reach = 0;
    double total = 0;
    for (int i = 0; i < channels * k * k; i++) {
        reach = fmaxf(reach, fabsf(w[i]));
        total += (double)fabsf(w[i]);
    }
    cursor_text(net, (Cursor){l->inputs[0], -1, -1, -1}, name, sizeof name);
    ui_panel(ui, area);
    Rect in = rect_inset(area, 14);
    snprintf(text, sizeof text, model_text(m, STR_KERNEL_N), kernel);
    char mean[96], right[256];
    snprintf(mean, sizeof mean, model_text(m, STR_MEAN_ABS), num_value(number, total / (double)(channels * k * k)));
    snprintf(right, sizeof right, "%s", mean);
    if (l->bias_param >= 0) {
        char bias[96];
        snprintf(bias, sizeof bias, model_text(m, STR_BIAS_IS), num_exact(number, model_weights(m)[net->params[l->bias_param].offset + (size_t)kernel]));
        snprintf(right, sizeof right, "%s · %s", bias, mean);
    }
    Rect head = rect_cut_top(&in, 22);
    ui_pair(ui, head, part_bold(ui), text, part_small(ui), right);
    ui_legend(ui, (Rect){in.x + in.w - 260, in.y + 2, 260, 18}, MAP_SIGNED, -reach, reach);
    const float *pair = range_pair(v, -reach, reach);
    /* One tile size for all groups, the largest that fits. */
    float tile = 14, height = 0;
    for (float want = 64; want >= 12; want -= 1) {
        tile = k > 1 ? map_tile_sharp(ui, k, k, want) : floorf(want / 2);
        const int columns = (int)fmaxf((in.w - 10) / (tile + 2), 1);
        height = 0;
        for (int g = 0; g < count; g++)
            height += 24 + (float)((groups[g].count + columns - 1) / columns) * (tile + 2) + 8;
        if (height <= in.h)
            break;
    }
    Rect body = ui_scroll_begin(ui, ui_id("slices", 0), in, &v->scroll[SCROLL_EXTRA], height);
    for (int g = 0; g < count; g++) {
        group_label(ui, m, rect_cut_top(&body, 24), &groups[g], name);
        MapGrid grid = {.data = w, .c = channels, .h = k, .w = k, .version = part_weights_version(m, layer, kernel),
                        .map = MAP_SIGNED, .lo = &pair[0], .hi = &pair[1], .range_count = 1, .gap = 2, .tile = tile,
                        .columns = (int)fmaxf((in.w - 10) / (tile + 2), 1), .first = groups[g].first, .count = groups[g].count};
        const MapHit hit = ui_maps(ui, body, &grid, "weights");
        if (hit.channel >= 0) {
            snprintf(text, sizeof text, "w[%d, %d, %d, %d] = %s", kernel, hit.channel, hit.y, hit.x, num_exact(number, w[(hit.channel * k + hit.y) * k + hit.x]));
            ui_tooltip(ui, text);
        }
        rect_cut_top(&body, map_grid_height(&grid) + 8);
    }
    ui_scroll_end(ui);
}

/* All kernels: a row for each, a column for each input channel, the cell's value the mean |w| of that slice. */
static void overview(Ui *ui, Model *m, ViewState *v, Rect area, int layer)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    const Param *p = &net->params[l->weight];
    const int kernels = p->dims[0], k = l->op == OP_CONV ? l->k : 1, channels = (int)(p->count / (size_t)kernels) / (k * k);
    const float *w = model_weights(m) + p->offset;
    float *mean = view_scratch(v, (size_t)kernels * (size_t)channels * sizeof *mean), reach = 0;
    Group groups[BRANCH_COUNT];
    const int count = input_groups(net, l, groups);
    char name[NET_NAME_MAX + 32], text[128], number[NUM_MAX];
    ui_panel(ui, area);
    Rect in = rect_inset(area, 14);
    ui_text(ui, rect_cut_top(&in, 22), part_bold(ui), ALIGN_LEFT, model_text(m, STR_MEAN_KERNELS));
    if (mean == NULL)
        return;
    for (int i = 0; i < kernels * channels; i++) {
        float sum = 0;
        for (int t = 0; t < k * k; t++)
            sum += fabsf(w[(size_t)i * (size_t)(k * k) + (size_t)t]);
        mean[i] = sum / (float)(k * k);
        reach += 4 * mean[i] / (float)(kernels * channels); /* a few large weights must not darken all others */
    }
    cursor_text(net, (Cursor){l->inputs[0], -1, -1, -1}, name, sizeof name);
    Rect labels = rect_cut_top(&in, 22), foot = rect_cut_bottom(&in, 20);
    const float edge = fmaxf(floorf(fminf(in.w / (float)channels, in.h / (float)kernels)), 1); /* whole pixels a cell */
    const float scale = edge >= 1 ? edge : 1, shown_w = (float)channels * scale;
    const float *pair = range_pair(v, 0, reach);
    MapGrid grid = {.data = mean, .c = 1, .h = kernels, .w = channels, .version = part_weights_version(m, layer, 1 << 15), .map = MAP_VIRIDIS,
                    .lo = &pair[0], .hi = &pair[1], .range_count = 1, .columns = 1, .count = 1,
                    .tile = fminf((float)(channels > kernels ? channels : kernels) * scale, channels > kernels ? in.w : in.h)};
    const float used = fminf(shown_w, map_grid_width(&grid));
    for (int g = 0; g < count; g++) {
        const float x0 = labels.x + used * (float)groups[g].first / (float)channels, w0 = used * (float)groups[g].count / (float)channels;
        if (groups[g].branch != BRANCH_NONE)
            ui_fill(ui, (Rect){x0, labels.y + 17, w0 - 2, 4}, ui->theme->branch[groups[g].branch]);
        if (w0 > 60)
            ui_text(ui, (Rect){x0, labels.y - 1, w0 - 4, 16}, ui_style(FACE_BOLD, ui->theme->size_caption, groups[g].branch != BRANCH_NONE ? ui->theme->branch_text[groups[g].branch] : ui->theme->text_dim),
                    ALIGN_LEFT, groups[g].branch != BRANCH_NONE ? branch_name(groups[g].branch) : name);
    }
    const MapHit hit = ui_maps(ui, in, &grid, "weights");
    ui_legend(ui, (Rect){foot.x, foot.y + 2, 260, 18}, MAP_VIRIDIS, 0, reach);
    if (hit.channel < 0)
        return;
    snprintf(text, sizeof text, "w[%d, %d]: |%s|", hit.y, hit.x, num_value(number, (double)mean[hit.y * channels + hit.x]));
    ui_tooltip(ui, text);
    if (part_pressed(ui))
        model_select(m, (Cursor){layer, hit.y, -1, -1});
}

void view_weights(Ui *ui, Model *m, ViewState *v, Rect area)
{
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
    const int k = l->op == OP_CONV ? l->k : 1;
    snprintf(says, sizeof says, model_text(m, STR_WEIGHTS_SAYS), l->out.c, k, k, l->op == OP_CONV ? l->in.c / l->groups : (int)shape_size(l->in));
    part_stage_title(ui, &area, title, says);
    rect_cut_top(&area, 8);
    if (m->cursor.layer == layer && m->cursor.channel >= 0)
        slices(ui, m, v, area, layer, m->cursor.channel);
    else
        overview(ui, m, v, area, layer);
}
