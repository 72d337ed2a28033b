/* view_cam.c - the class activation map: where in the picture the score of a class comes from. It is exact, because there are
 * only an average and one fully connected layer between the last maps and the scores. */
#include "app/model/cam_model.h"
#include "app/views/why.h"
#include "app/views/views.h"
#include "engine/net/cam.h"

#include <math.h>
#include <stdio.h>

static void top_maps(Ui *ui, Model *m, ViewState *v, Rect r, const Cam *cam)
{
    LayerMap map;
    Rect in = part_panel(ui, r);
    part_heading_with(ui, &in, model_text(m, STR_CAM_TOP_MAPS), model_text(m, STR_CAM_PART));
    if (!compute_map(m->compute, cam->layer, &map))
        return;
    const float tile = map_tile_sharp(ui, map.shape.h, map.shape.w, 64);
    for (int i = 0; i < cam->top_count && in.h >= tile + 6; i++) {
        Rect row = rect_cut_top(&in, tile + 8);
        char name[NET_NAME_MAX + 32], text[64];
        MapGrid grid = part_grid(m, v, cam->layer, &map, cam->top[i].index, 1);
        grid.columns = 1;
        grid.tile = tile;
        part_maps(ui, m, v, row, cam->layer, &map, &grid);
        rect_cut_left(&row, tile + 12);
        cursor_text(model_net(m), (Cursor){cam->layer, cam->top[i].index, -1, -1}, name, sizeof name);
        ui_text(ui, (Rect){row.x, row.y + tile / 2 - 19, row.w, 18}, ui_style(FACE_MONO, ui->theme->size_small, ui->theme->text), ALIGN_LEFT, name);
        snprintf(text, sizeof text, "%+.4f", (double)cam->top[i].prob);
        ui_text(ui, (Rect){row.x, row.y + tile / 2, row.w, 18}, part_mono(ui), ALIGN_LEFT, text);
    }
}

void view_cam(Ui *ui, Session *session, ViewState *v, Rect area)
{
    Model *m = &session->model;
    Cam cam;
    Err err;
    char name[128], title[160], says[192], text[128];
    if (!cam_make(m, &cam, &err)) {
        why_title(ui, m, &area, model_text(m, STR_HELP_CAM), err.text);
        return;
    }
    part_class_name(m, cam.class_index, name, sizeof name);
    snprintf(title, sizeof title, model_text(m, STR_CAM_TITLE), name);
    if (cam_is_map(model_net(m)))
        snprintf(says, sizeof says, "%s", model_text(m, STR_CAM_SAYS_OWN));
    else
        snprintf(says, sizeof says, model_text(m, STR_CAM_SAYS), model_net(m)->layers[cam.layer].out.c);
    why_title(ui, m, &area, title, says);
    rect_cut_top(&area, 8);
    const float side_w = why_side_width(area.w);
    why_classes(ui, m, v, rect_cut_left(&area, side_w), cam.class_index);
    top_maps(ui, m, v, rect_cut_right(&area, side_w), &cam);
    Rect middle = {area.x + 14, area.y, area.w - 28, area.h};
    ui_panel(ui, middle);
    Rect in = rect_inset(middle, 16);
    why_sum_text(cam.mean, (double)cam.bias, text, sizeof text);
    const char *label = model_text(m, STR_CAM_MEAN);
    const bool beside = ui_text_width(ui, part_body(ui), label) + 16 + ui_text_width(ui, part_mono(ui), text) <= in.w;
    Rect foot = rect_cut_bottom(&in, beside ? 66 : 84);
    const float side = fminf(in.w, in.h);
    const Rect place = part_picture(ui, &m->picture, (Rect){in.x + floorf((in.w - side) / 2), in.y, side, side}, NULL);
    if (m->look.field)
        why_map(ui, place, cam.map, cam.h, cam.w, cam.reach);
    if (!beside)
        ui_text(ui, rect_cut_top(&foot, 18), part_body(ui), ALIGN_LEFT, label);
    ui_pair(ui, rect_cut_top(&foot, 24), part_body(ui), beside ? label : "", part_mono(ui), text);
    why_legend(ui, m, &foot, cam.class_index, &(WhyScale){cam.reach, cam.lo, cam.hi, cam.predicted}, STR_CAM_VALUES);
}
