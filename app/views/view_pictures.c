/* view_pictures.c - the list of pictures to open: the program's own pictures and the files opened last, each with a thumbnail. */
#include "app/views/overlay.h"
#include "app/views/views.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The bundled pictures in the order of their names, then the files opened last. */
static void list_pictures(const Session *session, ViewState *v)
{
    static const char *const endings[] = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".ppm"};
    const char *folder = session->images_dir;
    view_list_forget(v);
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        const char *dot = strrchr(e->d_name, '.');
        bool picture = false;
        for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof endings[0]; i++)
            picture = picture || strcasecmp(dot, endings[i]) == 0;
        char path[1200];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (picture && !view_list_add(v, path))
            break;
    }
    closedir(dir);
    if (v->path_count > 0)
        qsort(v->paths, (size_t)v->path_count, sizeof *v->paths, by_name);
    v->bundled = v->path_count;
    const Recent *recent = &session->opening.recent;
    for (int i = 0; i < recent->count && view_list_add(v, recent->paths[i]); i++)
        ;
}

enum { THUMB_SIDE = 168 };      /* pixels: sharp at three pixels per logical pixel */
static const float ROW_H = 56, THUMB_W = 62, THUMB_H = 46, HEADING_H = 31;

/* A row's y below the top of the list; for the row after the last one, the list's end. */
static float row_top(const ViewState *v, int row)
{
    const bool second_heading = row >= v->bundled && v->bundled > 0 && v->path_count > v->bundled;
    return ROW_H * (float)row + HEADING_H * (second_heading ? 2 : 1);
}

static bool picture_row(Ui *ui, const ViewState *v, Rect r, int i)
{
    const char *slash = strrchr(v->paths[i], '/');
    const Thumb *thumb = thumbs_get(v->thumbs, i);
    char size[48] = "";
    if (thumb != NULL && thumb->w > 0)
        snprintf(size, sizeof size, "%d×%d", thumb->w, thumb->h);
    const bool clicked = overlay_row(ui, r, THUMB_W + 12, i, i == v->row, slash != NULL ? slash + 1 : v->paths[i], size);
    const Rect place = {r.x + 8, r.y + floorf((ROW_H - THUMB_H) / 2), THUMB_W, THUMB_H};
    if (thumb == NULL || thumb->w == 0) {
        ui_round(ui, place, 3, ui->theme->tile_back);
        return clicked;
    }
    const float scale = fminf(place.w / (float)thumb->image.w, place.h / (float)thumb->image.h);
    const Rect inner = {place.x + floorf((place.w - (float)thumb->image.w * scale) / 2), place.y, (float)thumb->image.w * scale, place.h};
    part_image(ui, &thumb->image, thumb->version, inner);
    return clicked;
}

void view_pictures(Ui *ui, Session *session, ViewState *v)
{
    Model *m = &session->model;
    const char *hint = model_text(m, STR_PICTURES_HINT);
    if (v->overlay_was != OVERLAY_PICTURES) {
        v->path[0] = '\0';
        v->row = 0;
        v->scroll[SCROLL_LIST].offset = 0;
        list_pictures(session, v);
        v->thumbs = thumbs_start(v->paths, v->path_count, THUMB_SIDE, m->wake, m->wake_user);
        ui_field_focus(ui, ui_id("picture path", 0));
    }
    const bool second = view_page(m->view)->second_picture;
    const float content = row_top(v, v->path_count) + 8;
    Rect in = overlay_dialog(ui, m, 620, content + 36 + 36 + 44 + 8, model_text(m, STR_PICTURES_TITLE));
    const bool entered = ui_field(ui, ui_id("picture path", 0), rect_cut_top(&in, 36), hint, v->path, sizeof v->path);
    const int row_was = v->row;
    overlay_keys(session, v, v->path_count);
    rect_cut_top(&in, 4);
    Scroll *scroll = &v->scroll[SCROLL_LIST];
    if (v->row != row_was) /* keep the row chosen by keys visible */
        ui_scroll_to(scroll, in.h, row_top(v, v->row) - HEADING_H, row_top(v, v->row) + ROW_H);
    const char *open = NULL;
    Rect list = ui_scroll_begin(ui, ui_id("pictures", 0), in, scroll, content);
    for (int i = 0; i < v->path_count; i++) {
        if (i == 0 || i == v->bundled)
            part_heading(ui, &list, model_text(m, i == v->bundled ? STR_RECENT : STR_BUNDLED));
        if (picture_row(ui, v, rect_cut_top(&list, ROW_H), i))
            open = v->paths[i];
    }
    ui_scroll_end(ui);
    overlay_end(ui);
    if (entered && v->path[0] != '\0')
        open = v->path;
    else if (entered && v->row < v->path_count)
        open = v->paths[v->row];
    if (open == NULL)
        return;
    model_overlay(m, OVERLAY_NONE);
    if (second)
        session_open_other(session, open);
    else
        session_open_path(session, open);
}
