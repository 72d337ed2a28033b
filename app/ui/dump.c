/* dump.c - writes what is on the screen as JSON, and searches it for text. */
#include "app/ui/shell_frame.h"
#include "engine/base/safe_file.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hundredths of a pixel are enough, and keep the file readable. */
static double rounded(float v)
{
    return round((double)v * 100) / 100;
}

static json_t *entry(const char *role, Rect r, const char *text, const char *address, int layer, bool clipped)
{
    return json_pack("{s:s, s:[f,f,f,f], s:s, s:s, s:i, s:b}", "role", role, "rect", rounded(r.x), rounded(r.y), rounded(r.w),
                     rounded(r.h), "text", text, "address", address, "layer", layer, "clipped", (int)clipped);
}

static void add_tiles(json_t *list, const Item *item)
{
    for (int i = 0; i < item->count; i++) {
        char address[96];
        snprintf(address, sizeof address, "%s[%d]", item->address, item->picked != NULL ? item->picked[i] : item->first + i);
        Rect tile = {item->rect.x + (float)(i % item->columns) * (item->tile_w + item->gap),
                     item->rect.y + (float)(i / item->columns) * (item->tile_h + item->gap), item->tile_w, item->tile_h};
        json_array_append_new(list, entry("tile", tile, "", address, item->layer, false));
    }
}

bool dump_save(const Ui *ui, const char *path, Err *err)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ui->item_count; i++) {
        const Item *item = &ui->items[i];
        json_array_append_new(list, entry(item->role, item->rect, ui->text + item->text, item->address, item->layer,
                                          item->clipped));
        if (item->columns > 0)
            add_tiles(list, item);
    }
    json_t *root = json_pack("{s:f, s:f, s:f, s:s, s:o}", "width", (double)ui->width, "height", (double)ui->height, "scale",
                             (double)ui->scale, "theme", ui->theme->name, "items", list);
    char *text = root != NULL ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(root);
    if (text == NULL)
        return err_set(err, "%s: a text on the screen is not valid UTF-8, or memory ran out", path);
    bool ok = safe_file_put(path, text, strlen(text), err);
    free(text);
    return ok;
}

bool dump_contains(const Ui *ui, const char *text)
{
    size_t size = 2;
    for (size_t i = 0; i < ui->item_count; i++)
        size += strlen(ui->text + ui->items[i].text) + 1;
    char *all = malloc(size), *end = all;
    if (all == NULL)
        return false;
    *end = '\0';
    const Item *before = NULL;
    bool found = false;
    for (size_t i = 0; i < ui->item_count; i++) {
        const Item *item = &ui->items[i];
        const char *own = ui->text + item->text;
        found = found || (strcmp(item->role, "text") != 0 && strstr(own, text) != NULL);
        if (strcmp(item->role, "text") != 0)
            continue;
        if (before != NULL)
            *end++ = fabsf(before->rect.y - item->rect.y) < 2 && item->rect.x > before->rect.x ? ' ' : '\n';
        end = stpcpy(end, own);
        before = item;
    }
    found = found || strstr(all, text) != NULL;
    free(all);
    return found;
}
