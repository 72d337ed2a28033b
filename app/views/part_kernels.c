/* part_kernels.c - draws kernels that read the input's colours as pictures. See parts.h. */
#include "app/model/walk.h"
#include "app/views/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool part_kernels_are_colours(const Net *net, int layer)
{
    const Layer *l = &net->layers[layer];
    return l->op == OP_CONV && l->in.c == 3 && l->groups == 1 && net->layers[walk_channels_of(net, l->inputs[0])].op == OP_INPUT;
}

Str part_input_colour(const Net *net, int c)
{
    static const Str names[3] = {STR_RED, STR_GREEN, STR_BLUE};
    return names[preprocess_colour(&net->preprocess, c)];
}

bool part_kernel_grid(const Model *m, ViewState *v, int layer, int first, int count, MapGrid *grid)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    const LayerKernels kernels = layer_kernels(net, model_weights(m), layer);
    const size_t count_all = (size_t)kernels.count * 3 * (size_t)kernels.taps;
    const bool own = m->look.range == RANGE_MAP;
    float *rgb = view_scratch(v, (count_all + 2 * (size_t)kernels.count) * sizeof *rgb);
    if (rgb == NULL)
        return false;
    float *lo = rgb + count_all, *hi = lo + kernels.count;
    kernels_as_colours(&kernels, &net->preprocess, own, rgb, lo, hi);
    *grid = (MapGrid){.data = rgb, .c = l->out.c, .h = l->k, .w = l->k, .rgb = true, .version = part_weights_version(m, layer, (1 << 15) + 1 + own),
                      .lo = lo, .hi = hi, .range_count = l->out.c, .gap = 2, .first = first, .count = count};
    return true;
}

/* The legend: the range of weights of the three colours and whose scale it is, side by side, or one below the other if it is
 * narrow. */
static void scale_rows(Ui *ui, const Model *m, Rect r, const MapGrid *grid)
{
    enum { STEPS = 16 };
    const bool own = m->look.range == RANGE_MAP;
    const TextStyle mono = ui_style(FACE_MONO, ui->theme->size_caption, ui->theme->text_dim);
    const char *says = model_text(m, own ? STR_KERNELS_OWN_SCALE : STR_KERNELS_ONE_SCALE);
    char low[NUM_MAX] = "−", high[NUM_MAX] = "+";
    if (!own) {
        num_value(low, (double)grid->lo[0]);
        num_value(high, (double)grid->hi[0]);
    }
    const float numbers = ui_text_width(ui, mono, low) + ui_text_width(ui, mono, high) + 22;
    const float step = floorf(fminf((r.w - numbers) / (3 * STEPS), 3) * ui->scale) / ui->scale;
    if (step > 0) {
        Rect row = rect_cut_top(&r, 16);
        rect_cut_left(&row, ui_text(ui, row, mono, ALIGN_LEFT, low) + 6);
        for (int plane = 0; plane < 3; plane++) {
            const Rect bar = rect_cut_left(&row, step * STEPS + 4);
            for (int i = 0; i < STEPS; i++) {
                uint32_t color = 0x808080ff;
                color &= ~(0xffu << (24 - 8 * plane));
                color |= (uint32_t)(i * 255 / (STEPS - 1)) << (24 - 8 * plane);
                ui_fill(ui, (Rect){bar.x + (float)i * step, bar.y + bar.h / 2 - 4, step, 8}, color);
            }
        }
        rect_cut_left(&row, 2);
        rect_cut_left(&row, ui_text(ui, row, mono, ALIGN_LEFT, high) + 12);
        if (ui_text_width(ui, part_caption(ui), says) <= row.w) {
            ui_text(ui, row, part_caption(ui), ALIGN_LEFT, says);
            return;
        }
    }
    ui_paragraph(ui, r, part_caption(ui), says);
}

static void kernel_tip(Ui *ui, const Model *m, int layer, MapHit hit)
{
    const Net *net = model_net(m);
    const Layer *l = &net->layers[layer];
    const float *w = model_weights(m) + net->params[l->weight].offset + (size_t)hit.channel * 3 * (size_t)l->k * (size_t)l->k;
    char text[256], number[NUM_MAX];
    snprintf(text, sizeof text, model_text(m, STR_KERNEL_N), hit.channel);
    snprintf(text + strlen(text), sizeof text - strlen(text), " · ");
    snprintf(text + strlen(text), sizeof text - strlen(text), model_text(m, STR_KERNEL_REACH), num_value(number, (double)weights_reach(w, 3 * (size_t)(l->k * l->k))));
    for (int c = 0; c < 3; c++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "\nw[%d, %d, %d, %d] = %s  %s", hit.channel, c, hit.y, hit.x,
                 num_exact(number, w[(c * l->k + hit.y) * l->k + hit.x]), model_text(m, part_input_colour(net, c)));
    ui_tooltip(ui, text);
}

void part_kernels(Ui *ui, Model *m, ViewState *v, Rect r, int layer, float max_tile)
{
    MapGrid grid;
    const int count = model_net(m)->layers[layer].out.c;
    const float foot = r.w < 480 ? 54 : 22; /* narrow: numbers, and two lines of explanation */
    if (!part_kernel_grid(m, v, layer, 0, count, &grid))
        return;
    map_grid_fit(ui, &grid, r.w, r.h - foot, 12, max_tile);
    const MapHit hit = ui_maps(ui, r, &grid, "kernels");
    const int shown = hit.channel >= 0 ? hit.channel : v->lit.layer == layer && v->lit.channel >= 0 ? v->lit.channel : m->cursor.layer == layer ? m->cursor.channel : -1;
    if (shown >= 0 && shown < count)
        ui_frame(ui, rect_inset(map_tile_rect(r, &grid, shown), -2), 2, ui->theme->selection);
    scale_rows(ui, m, (Rect){r.x, r.y + map_grid_height(&grid) + 5, r.w, foot - 5}, &grid);
    if (hit.channel < 0)
        return;
    model_point(m, (Cursor){layer, hit.channel, -1, -1});
    kernel_tip(ui, m, layer, hit);
    if (part_pressed(ui))
        model_select(m, (Cursor){layer, hit.channel, -1, -1});
}
