/* input_stage.c - how the picture becomes numbers: the file, what is cut or squeezed, the planes as the network reads them, and one pixel's
 * way through all of it. See input_stage.h. */
#include "app/views/input_stage.h"
#include "app/views/parts.h"
#include "app/views/value_page.h"
#include "app/views/value_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const float ARROW = 56, MIN_TILE = 12;

static void original_card(Ui *ui, const Model *m, Rect r)
{
    const Image *o = &m->picture.original;
    char size[64], fitted[96] = "";
    snprintf(size, sizeof size, "%d×%d", o->w, o->h);
    Rect in = part_card(ui, r, m->picture.name, size, 0);
    if (picture_fitting(&m->picture) != FITTED_AS_IT_IS)
        input_fitting_text(m, fitted, sizeof fitted);
    in.h -= ui_paragraph_height(ui, in.w, part_caption(ui), fitted) + 4;
    const float fits = fminf(in.w / (float)o->w, in.h / (float)o->h);
    const Rect place = part_image(ui, o, m->picture.version ^ 0x5eedu, (Rect){in.x + floorf((in.w - (float)o->w * fits) / 2), in.y, in.w, in.h});
    const float scale = place.w / (float)o->w;
    const float *c = m->picture.crop;
    ui_frame(ui, (Rect){place.x + c[0] * scale, place.y + c[1] * scale, c[2] * scale, c[3] * scale}, 2, ui->theme->selection);
    ui_paragraph(ui, (Rect){in.x, place.y + place.h + 6, in.w, 0}, part_caption(ui), fitted);
}

/* "each byte v becomes 2·v/255 − 1"; where the colours differ, each with its own formula: "v − 104 (blue), v − 117 (green), …". */
static void words_of_preparation(const Model *m, char *out, size_t size)
{
    const Net *net = model_net(m);
    const Preprocess *p = &net->preprocess;
    char formula[3][96], all[320] = "";
    bool same = true;
    for (int c = 0; c < net->input.c; c++) {
        input_channel_formula(net, c, formula[c], sizeof formula[c]);
        same = same && strcmp(formula[0], formula[c]) == 0;
    }
    if (same)
        snprintf(all, sizeof all, "%s", formula[0]);
    for (int c = 0; c < net->input.c && !same; c++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s (%s)", c > 0 ? ", " : "", formula[c], model_text(m, part_input_colour(net, c)));
    snprintf(out, size, model_text(m, p->unit_scale || same ? STR_BYTE_BECOMES : STR_BYTE_LESS_MEAN), all);
}

/* The planes one below the other, in the order in which the network reads them, each with its number, colour and range above it. */
static void planes(Ui *ui, Model *m, ViewState *v, Rect in, const LayerMap *map)
{
    const float caption = 22;
    const int count = map->shape.c;
    MapGrid grid = part_grid(m, v, 0, map, 0, count);
    char averaged[48], name[NET_NAME_MAX + 64], range[3 * NUM_MAX], lo[NUM_MAX], hi[NUM_MAX];
    grid.columns = 1;
    grid.gap = caption;
    grid.tile = map_tile_sharp(ui, grid.h, grid.w, fminf(in.w, (in.h - 18) / (float)count - caption));
    rect_cut_top(&in, caption);
    for (int c = 0; c < count; c++) {
        const Rect tile = map_tile_rect(in, &grid, c);
        Rect row = {in.x, tile.y - 19, in.w, 18};
        value_name(m, (Cursor){0, c, -1, -1}, name, sizeof name);
        if (count == 3 && ui_text_width(ui, part_caption(ui), name) > row.w)
            snprintf(name, sizeof name, "%s", model_text(m, part_input_colour(model_net(m), c)));
        rect_cut_left(&row, ui_text(ui, row, part_colored(part_caption(ui), ui->theme->text), ALIGN_LEFT, name) + 6);
        snprintf(range, sizeof range, "%s … %s", num_value(lo, (double)map->channels->lo[c]), num_value(hi, (double)map->channels->hi[c]));
        part_text_fit(ui, row, part_caption(ui), range);
    }
    part_maps(ui, m, v, in, 0, map, &grid);
    part_averaged(ui, m, &grid, averaged, sizeof averaged);
    const Rect foot = {in.x, in.y + map_grid_height(&grid) + 1, in.w, 15};
    part_text_fit(ui, foot, part_caption(ui), averaged);
    part_averaged_tip(ui, m, foot, &grid);
}

/* The pixel whose steps are shown: pointed at, selected, or the middle one. */
static Cursor pixel_of(const Model *m)
{
    const Shape in = model_net(m)->input;
    const Cursor focus = part_focus(m);
    if (focus.layer == 0 && focus.channel >= 0 && focus.y >= 0)
        return focus;
    return (Cursor){0, focus.layer == 0 && focus.channel >= 0 ? focus.channel : 0, in.h / 2, in.w / 2};
}

void input_stage(Ui *ui, Model *m, ViewState *v, Rect area)
{
    const Net *net = model_net(m);
    const Preprocess *p = &net->preprocess;
    const bool given = m->picture.path[0] == '\0'; /* the description brings the numbers themselves */
    char text[400], size[64];
    LayerMap map;
    const bool there = compute_map(m->compute, 0, &map);
    if (given)
        snprintf(text, sizeof text, "%s", model_text(m, STR_SAYS_INPUT));
    else
        words_of_preparation(m, text, sizeof text);
    part_stage_title(ui, &area, net->layers[0].name, text);
    rect_cut_top(&area, 8);
    const float maps_w = fminf(floorf(area.h / 3) + 10, area.w * 0.3f), w = floorf((area.w - maps_w - 2 * ARROW) / 2);
    Rect left = rect_cut_left(&area, w), gap = rect_cut_left(&area, ARROW), middle = rect_cut_left(&area, w);
    const float least = 230, h = fminf(area.h - least, w + 26) >= 220 ? fminf(area.h - least, w + 26) : fminf(area.h, w + 26);
    Rect below = {left.x, left.y + h + PART_CARD_PAD, middle.x + middle.w - left.x, area.h - h - PART_CARD_PAD};
    left.h = gap.h = middle.h = h;
    original_card(ui, m, left);
    const Fitting fitting = picture_fitting(&m->picture);
    part_op_arrow(ui, gap, fitting == FITTED_AS_IT_IS ? "" : model_text(m, fitting == FITTED_SQUEEZED ? STR_OP_SQUEEZE : STR_OP_RESIZE),
                  fitting == FITTED_CROPPED ? model_text(m, STR_OP_CROP) : "");
    snprintf(size, sizeof size, "%d×%d", net->input.w, net->input.h);
    Rect in = part_card(ui, middle, model_text(m, STR_AS_SEEN), size, 0);
    part_picture(ui, &m->picture, in, NULL);
    gap = rect_cut_left(&area, ARROW);
    gap.h = h;
    part_op_arrow(ui, gap, given || net->input.c != 3 ? "" : p->bgr ? "BGR" : "RGB", "");
    in = part_card(ui, area, model_text(m, STR_FED), "", 0);
    if (!there)
        return;
    if (given)
        part_maps_fit(ui, m, v, in, 0, &map, MIN_TILE, 448, SCROLL_OUTPUT);
    else
        planes(ui, m, v, in, &map);
    if (below.h < 180)
        return;
    const Cursor pixel = pixel_of(m);
    snprintf(size, sizeof size, model_text(m, STR_YX), pixel.y, pixel.x);
    in = part_card(ui, below, model_text(m, STR_ONE_PIXEL), size, 0);
    input_steps(ui, m, in, map.data, pixel);
}
