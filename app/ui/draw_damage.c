/* draw_damage.c - see draw_damage.h. */
#include "app/ui/draw_damage.h"
#include "app/ui/mapcache.h"
#include "engine/base/hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELL = 64 };             /* pixels */

static void add_point(float box[4], float x, float y)
{
    box[0] = fminf(box[0], x);
    box[1] = fminf(box[1], y);
    box[2] = fmaxf(box[2], x);
    box[3] = fmaxf(box[3], y);
}

SDL_Rect damage_reach(const Ui *ui, const Command *c)
{
    float box[4] = {c->rect.x, c->rect.y, c->rect.x, c->rect.y}, more = 2; /* logical; rounding, and the softness of edges */
    add_point(box, c->rect.x + c->rect.w, c->rect.y + c->rect.h);
    switch (c->kind) {
    case CMD_SHADOW: more += c->width; break;
    case CMD_LINE: more += c->width; break;
    case CMD_TEXT: more += c->style.size; break; /* overhang, accents, fallback fonts */
    case CMD_MAPS: add_point(box, c->rect.x + map_grid_width(&c->maps) + c->maps.tile, c->rect.y + map_grid_height(&c->maps) + c->maps.tile); break;
    case CMD_POLY:
    case CMD_POLYLINE:
        box[0] = box[1] = INFINITY;
        box[2] = box[3] = -INFINITY;
        for (int i = 0; i < c->point_count; i++)
            add_point(box, ui->points[c->point + 2 * (size_t)i], ui->points[c->point + 2 * (size_t)i + 1]);
        more += c->width;
        break;
    case CMD_RECT:
    case CMD_FRAME:
    case CMD_PICTURE:
    case CMD_CLIP: break;
    }
    if (!(box[0] <= box[2]))
        return (SDL_Rect){0, 0, 0, 0};
    const int x = (int)floorf((box[0] - more) * ui->scale), y = (int)floorf((box[1] - more) * ui->scale);
    return (SDL_Rect){x, y, (int)ceilf((box[2] + more) * ui->scale) - x, (int)ceilf((box[3] + more) * ui->scale) - y};
}

/* Everything that changes the command's pixels. */
static uint64_t command_hash(const Ui *ui, const Command *c, SDL_Rect clip)
{
    uint64_t hash = hash_bytes(HASH_START, &c->kind, sizeof c->kind);
    const float numbers[] = {c->rect.x, c->rect.y, c->rect.w, c->rect.h, c->radius, c->width, ui->scale};
    hash = hash_bytes(hash, numbers, sizeof numbers);
    hash = hash_bytes(hash, &c->color, sizeof c->color);
    hash = hash_bytes(hash, &clip, sizeof clip);
    if (c->kind == CMD_TEXT) {
        const char *text = ui->text + c->text;
        hash = hash_bytes(hash, &c->style.face, sizeof c->style.face);
        hash = hash_bytes(hash, &c->style.size, sizeof c->style.size);
        hash = hash_bytes(hash, &c->style.color, sizeof c->style.color);
        hash = hash_bytes(hash, text, strlen(text));
    }
    if (c->kind == CMD_POLY || c->kind == CMD_POLYLINE)
        hash = hash_bytes(hash, ui->points + c->point, 2 * (size_t)c->point_count * sizeof *ui->points);
    if (c->kind == CMD_MAPS) {
        const uint64_t key = mapcache_key(&c->maps, ui->scale);
        hash = hash_bytes(hash, &key, sizeof key);
    }
    if (c->kind == CMD_PICTURE) {
        const int size[] = {c->rgb_w, c->rgb_h, c->smooth};
        hash = hash_bytes(hash, &c->rgb, sizeof c->rgb);
        hash = hash_bytes(hash, &c->version, sizeof c->version);
        hash = hash_bytes(hash, size, sizeof size);
    }
    return hash;
}

static bool damage_size(Damage *d, int w, int h)
{
    const int columns = (w + CELL - 1) / CELL, rows = (h + CELL - 1) / CELL;
    if (d->now == NULL || d->w != w || d->h != h) {
        damage_free(d);
        d->now = malloc(2 * (size_t)columns * (size_t)rows * sizeof *d->now);
        if (d->now == NULL)
            return false;
        *d = (Damage){.now = d->now, .before = d->now + (size_t)columns * (size_t)rows, .columns = columns, .rows = rows, .w = w, .h = h};
    }
    return true;
}

static void hash_cells(Damage *d, const Ui *ui)
{
    const SDL_Rect whole = {0, 0, d->w, d->h};
    SDL_Rect clip = whole;
    for (int i = 0; i < d->columns * d->rows; i++)
        d->now[i] = hash_bytes(HASH_START, &ui->theme->page, sizeof ui->theme->page);
    for (size_t i = 0; i < ui->command_count; i++) {
        const Command *c = &ui->commands[i];
        const SDL_Rect reach = damage_reach(ui, c);
        SDL_Rect seen;
        if (c->kind == CMD_CLIP) { /* as draw.c cuts it, with the pixel that rounding may add */
            if (!SDL_IntersectRect(&reach, &whole, &clip))
                clip = (SDL_Rect){0, 0, 0, 0};
            continue;
        }
        if (!SDL_IntersectRect(&reach, &clip, &seen))
            continue;
        const uint64_t hash = command_hash(ui, c, clip);
        for (int y = seen.y / CELL; y <= (seen.y + seen.h - 1) / CELL; y++)
            for (int x = seen.x / CELL; x <= (seen.x + seen.w - 1) / CELL; x++)
                d->now[y * d->columns + x] = hash_bytes(d->now[y * d->columns + x], &hash, sizeof hash);
    }
}

/* Runs of changed cells in a row, a run of the row above with the same columns made longer. *out has at most DAMAGE_RECTS; -1: more. */
static int changed_rects(const Damage *d, SDL_Rect out[DAMAGE_RECTS])
{
    int count = 0;
    for (int y = 0; y < d->rows; y++)
        for (int x = 0; x < d->columns; x++) {
            const int first = x;
            while (x < d->columns && d->now[y * d->columns + x] != d->before[y * d->columns + x])
                x++;
            if (x == first)
                continue;
            int above = 0;
            while (above < count && !(out[above].x == first && out[above].w == x - first && out[above].y + out[above].h == y))
                above++;
            if (above < count)
                out[above].h++;
            else if (count == DAMAGE_RECTS)
                return -1;
            else
                out[count++] = (SDL_Rect){first, y, x - first, 1};
        }
    for (int i = 0; i < count; i++)
        out[i] = (SDL_Rect){out[i].x * CELL, out[i].y * CELL, out[i].w * CELL, out[i].h * CELL};
    return count;
}

int damage_find(Damage *d, const Ui *ui, int w, int h, SDL_Rect out[DAMAGE_RECTS])
{
    int count = -1;
    out[0] = (SDL_Rect){0, 0, w, h};
    if (!damage_size(d, w, h))
        return 1;
    hash_cells(d, ui);
    if (d->known)
        count = changed_rects(d, out);
    if (count < 0)
        out[0] = (SDL_Rect){0, 0, w, h};
    memcpy(d->before, d->now, (size_t)d->columns * (size_t)d->rows * sizeof *d->now);
    d->known = true;
    return count < 0 ? 1 : count;
}

void damage_forget(Damage *damage)
{
    damage->known = false;
}

void damage_free(Damage *damage)
{
    free(damage->now);
    *damage = (Damage){.now = NULL};
}
