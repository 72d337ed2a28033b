/* save.c - saves the view, a map or a layer; see save.h. The status line tells what happened, or why not. */
#include "app/session/save.h"
#include "app/session/user_folders.h"
#include "engine/base/safe_file.h"
#include "engine/io/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "inceptoscope-3a-3x3-78.csv": never an existing file. */
static void free_name(const Model *m, bool channel, const char *extension, char *out, size_t size)
{
    char where[NET_NAME_MAX + 32], number[16] = "";
    Cursor c = m->cursor;
    c.channel = channel ? c.channel : -1;
    cursor_text(model_net(m), c, where, sizeof where);
    for (char *p = where; *p != '\0'; p++)
        if (strchr("/[", *p) != NULL)
            *p = '-';
        else if (*p == ']')
            *p = '\0';
    for (int i = 1; i < 1000; i++) {
        snprintf(out, size, "inceptoscope-%s%s%s%s%s", where, m->view != VIEW_STAGE ? "-" : "",
                 m->view != VIEW_STAGE ? view_name(m->view) : "", number, extension);
        if (access(out, F_OK) != 0)
            return;
        snprintf(number, sizeof number, "-%d", i + 1);
    }
}

static void said(Model *m, bool good, const char *path, const Err *err)
{
    char folder[1024] = "";
    if (good && user_folder_current(folder, sizeof folder))
        snprintf(folder + strlen(folder), sizeof folder - strlen(folder), "/%s", path);
    if (good)
        model_say(m, false, model_text(m, STR_SAVED), folder[0] != '\0' ? folder : path);
    else
        model_say(m, true, "%s", err->text);
}

void save_view_png(Model *m, char *wish, size_t size)
{
    char path[256];
    free_name(m, true, ".png", path, sizeof path);
    Err err;
    const bool possible = access(".", W_OK) == 0;
    if (!possible)
        err_set(&err, "%s: cannot write in this folder; start the program in another one", path);
    snprintf(wish, size, "%s", possible ? path : "");
    said(m, possible, path, &err);
}

void save_map_csv(Model *m)
{
    char path[256];
    LayerMap map;
    Err err;
    if (!compute_map(m->compute, m->cursor.layer, &map))
        return;
    free_name(m, true, ".csv", path, sizeof path);
    const int first = m->cursor.channel < 0 ? 0 : m->cursor.channel, last = m->cursor.channel < 0 ? map.shape.c - 1 : first;
    char *text = NULL;
    size_t size = 0;
    FILE *lines = open_memstream(&text, &size);
    for (int c = first; lines != NULL && c <= last; c++)
        for (int y = 0; y < map.shape.h; y++)
            for (int x = 0; x < map.shape.w; x++)
                fprintf(lines, "%.9g%c", (double)map.data[at(map.shape, 0, c, y, x)], x + 1 < map.shape.w ? ',' : '\n');
    bool good = lines != NULL && fclose(lines) == 0 ? true : err_set(&err, "%s: not enough memory", path);
    good = good && safe_file_put(path, text, size, &err);
    free(text);
    said(m, good, path, &err);
}

/* NAME.ext, NAME-2.ext, ...: the first that does not exist. */
static void free_path(const char *name, const char *extension, char *out, size_t size)
{
    char number[16] = "";
    for (int i = 2; i < 1000; i++) {
        snprintf(out, size, "%s%s%s", name, number, extension);
        if (access(out, F_OK) != 0)
            return;
        snprintf(number, sizeof number, "-%d", i);
    }
}

void save_text(Model *m, const char *name, const char *extension, const char *text)
{
    char path[256];
    Err err;
    free_path(name, extension, path, sizeof path);
    said(m, safe_file_put(path, text, strlen(text), &err), path, &err);
}

void save_gif(Model *m, Gif *gif)
{
    char path[256];
    Err err;
    free_path("inceptoscope-walk", ".gif", path, sizeof path);
    said(m, gif_save(gif, path, &err), path, &err);
}

/* The changed picture, as large as the network's rule of resizing needs it. */
static bool fooled_picture(Model *m, Image *out, Err *err)
{
    Image changed = m->picture.fitted;
    if (!m->fool.ready || m->fool.key.picture != m->picture.version)
        return err_set(err, "%s", model_text(m, STR_NOT_COMPUTED));
    if ((changed.rgb = malloc((size_t)changed.w * (size_t)changed.h * 3)) == NULL)
        return err_set(err, "not enough memory for the picture");
    sign_step_bytes(&m->fool.step, STEP_ROUNDED, step_amount(m->fool.position), changed.rgb);
    const bool good = image_unfit(&m->picture.original, &changed, model_net(m), out, err);
    free(changed.rgb);
    return good;
}

bool save_fooled(Model *m)
{
    char name[64], path[256];
    Image picture;
    Err err;
    snprintf(name, sizeof name, "inceptoscope-fool-%g", (double)step_amount(m->fool.position));
    free_path(name, ".png", path, sizeof path);
    bool good = fooled_picture(m, &picture, &err);
    if (good) {
        good = image_save_png(path, picture.rgb, picture.w, picture.h, &err);
        image_free(&picture);
    }
    if (good)
        model_step_saved(m, path);
    said(m, good, path, &err);
    return good;
}

void save_layer_npy(Model *m)
{
    char path[256];
    LayerMap map;
    Err err;
    if (!compute_map(m->compute, m->cursor.layer, &map))
        return;
    free_name(m, false, ".npy", path, sizeof path);
    said(m, npy_save(path, map.data, map.shape.c, map.shape.h, map.shape.w, &err), path, &err);
}
