/* part_picture.c - draws images, and the picture with a receptive field over it. See parts.h. */
#include "app/views/parts.h"

#include <math.h>

Rect part_image(Ui *ui, const Image *image, uint64_t version, Rect r)
{
    enum { SMALL = 64 }; /* so small that single pixels should be visible */
    const int longer = image->w > image->h ? image->w : image->h;
    float scale = fminf(r.w / (float)image->w, r.h / (float)image->h);
    const float factor = floorf(scale * ui->scale + 0.01f);
    const bool hard = longer <= SMALL && factor >= 2;
    if (hard)
        scale = factor / ui->scale;
    Rect place = {r.x, r.y, (float)image->w * scale, (float)image->h * scale};
    if (!hard)
        place = (Rect){r.x, r.y, floorf(place.w), floorf(place.h)};
    ui_picture(ui, place, image->rgb, image->w, image->h, version, !hard);
    return place;
}

Rect part_picture(Ui *ui, const Picture *picture, Rect r, const ReceptiveField *field)
{
    const Image *image = &picture->fitted;
    const Rect place = part_image(ui, image, picture->version, r);
    if (field == NULL)
        return place;
    const float fx = place.w / (float)image->w, fy = place.h / (float)image->h;
    const Rect seen = {place.x + (float)field->x0 * fx, place.y + (float)field->y0 * fy, (float)(field->x1 - field->x0) * fx,
                       (float)(field->y1 - field->y0) * fy};
    const Rect in = rect_intersect(seen, place);
    const Color dim = 0x0b1220c8;
    const float bottom = place.y + place.h, right = place.x + place.w;
    if (in.w <= 0 || in.h <= 0) {
        ui_fill(ui, place, dim);
    } else {
        ui_fill(ui, (Rect){place.x, place.y, place.w, in.y - place.y}, dim);
        ui_fill(ui, (Rect){place.x, in.y + in.h, place.w, bottom - in.y - in.h}, dim);
        ui_fill(ui, (Rect){place.x, in.y, in.x - place.x, in.h}, dim);
        ui_fill(ui, (Rect){in.x + in.w, in.y, right - in.x - in.w, in.h}, dim);
    }
    ui_clip_push(ui, rect_inset(place, -3)); /* the frame may go around the picture's edge, but not over the text beside it */
    ui_frame(ui, rect_inset(seen, -1), 2, ui->theme->selection);
    ui_clip_pop(ui);
    return place;
}

/* ---- names and colours ------------------------------------------------------------------------------------------------------- */
