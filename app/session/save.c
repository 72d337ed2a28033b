/* save.c - saves the view, a map or a layer; see save.h. The status line tells what happened, or why not. */
#include "app/session/save.h"
#include "engine/base/safe_file.h"
#include "engine/base/thread.h"
#include "engine/io/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "inceptoscope-3a-3x3-78.csv": never an existing file. */
static void free_name(const Saving *saving, const Model *m, bool channel, const char *extension, char *out, size_t size)
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
        if (saving_path_free(saving, out))
            return;
        snprintf(number, sizeof number, "-%d", i + 1);
    }
}

void save_view_png(Saving *saving, Model *m, char *wish, size_t size)
{
    char path[256];
    free_name(saving, m, true, ".png", path, sizeof path);
    Err err;
    const bool possible = access(".", W_OK) == 0;
    if (!possible)
        err_set(&err, "%s: cannot write in this folder; start the program in another one", path);
    snprintf(wish, size, "%s", possible ? path : "");
    saving_said(m, possible, path, &err);
}

/* ---- maps ---- */

/* A copy of channels of a map, so that the next picture may change the map meanwhile. */
typedef struct Maps {
    int c, h, w;
    float values[];             /* (c,h,w) */
} Maps;

static Maps *maps_copy(const LayerMap *map, int first, int count)
{
    const size_t plane = (size_t)map->shape.h * (size_t)map->shape.w, values = plane * (size_t)count;
    Maps *maps = malloc(sizeof *maps + values * sizeof *maps->values);
    if (maps == NULL)
        return NULL;
    *maps = (Maps){count, map->shape.h, map->shape.w};
    memcpy(maps->values, map->data + plane * (size_t)first, values * sizeof *maps->values);
    return maps;
}

static bool write_csv(void *data, const char *path, Err *err)
{
    const Maps *maps = data;
    char *text = NULL;
    size_t size = 0;
    FILE *lines = open_memstream(&text, &size);
    const float *value = maps->values;
    for (int row = 0; lines != NULL && row < maps->c * maps->h; row++) {
        thread_yield();
        for (int x = 0; x < maps->w; x++)
            fprintf(lines, "%.9g%c", (double)*value++, x + 1 < maps->w ? ',' : '\n');
    }
    bool good = lines != NULL && fclose(lines) == 0 ? true : err_set(err, "%s: not enough memory", path);
    good = good && safe_file_put(path, text, size, err);
    free(text);
    return good;
}

static bool write_npy(void *data, const char *path, Err *err)
{
    const Maps *maps = data;
    return npy_save(path, maps->values, maps->c, maps->h, maps->w, err);
}

/* The layer of the cursor, or only its channel. */
static void save_maps(Saving *saving, Model *m, bool channel, const char *extension, SaveHow how)
{
    char path[256];
    LayerMap map;
    if (!compute_map(m->compute, m->cursor.layer, &map))
        return;
    free_name(saving, m, channel, extension, path, sizeof path);
    const bool one = channel && m->cursor.channel >= 0;
    saving_start(saving, m, path, how, maps_copy(&map, one ? m->cursor.channel : 0, one ? 1 : map.shape.c));
}

void save_map_csv(Saving *saving, Model *m)
{
    save_maps(saving, m, true, ".csv", (SaveHow){write_csv, free});
}

void save_layer_npy(Saving *saving, Model *m)
{
    save_maps(saving, m, false, ".npy", (SaveHow){write_npy, free});
}

/* ---- others ---- */

void save_numbered(const Saving *saving, const char *name, const char *extension, char *out, size_t size)
{
    char number[16] = "";
    for (int i = 2; i < 1000; i++) {
        snprintf(out, size, "%s%s%s", name, number, extension);
        if (saving_path_free(saving, out))
            return;
        snprintf(number, sizeof number, "-%d", i);
    }
}

void save_text(Model *m, const char *name, const char *extension, const char *text)
{
    char path[256];
    Err err;
    save_numbered(&(Saving){NULL}, name, extension, path, sizeof path);
    saving_said(m, safe_file_put(path, text, strlen(text), &err), path, &err);
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

bool save_fooled(const Saving *saving, Model *m)
{
    char name[64], path[256];
    Image picture;
    Err err;
    snprintf(name, sizeof name, "inceptoscope-fool-%g", (double)step_amount(m->fool.position));
    save_numbered(saving, name, ".png", path, sizeof path);
    bool good = fooled_picture(m, &picture, &err);
    if (good) {
        good = image_save_png(path, picture.rgb, picture.w, picture.h, &err);
        image_free(&picture);
    }
    if (good)
        model_step_saved(m, path);
    saving_said(m, good, path, &err);
    return good;
}
