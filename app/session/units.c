/* units.c - the folder of photos behind the view of units; see units.h. */
#include "app/session/units.h"
#include "app/session/state_file.h"

#include <stdio.h>
#include <string.h>

static void start(Units *u, Model *m, const char *folder)
{
    unit_photos_open(&u->photos, folder, m->source, m->wake, m->wake_user);
}

void units_close(Units *u)
{
    unit_photos_close(&u->photos);
}

/* As soon as the photo is the picture: to its value. Another picture in between ends it. */
static void follow_photo(Units *u, Model *m, const Opening *opening)
{
    if (u->open[0] == '\0' || opening->job != NULL)
        return;
    if (strcmp(m->picture.path, u->open) == 0) {
        model_select(m, u->open_at);
        model_view(m, VIEW_VALUE);
    }
    u->open[0] = '\0';
}

void units_frame(Units *u, Model *m, const Opening *opening)
{
    char kept[sizeof u->photos.folder];
    if (m->view == VIEW_UNITS && !u->looked) {
        u->looked = true;
        if (u->photos.folder[0] == '\0' && u->keep && state_folder_kept("photos", kept, sizeof kept))
            start(u, m, kept);
    }
    unit_photos_frame(&u->photos, m->source, m->wake, m->wake_user);
    follow_photo(u, m, opening);
}

void units_open(Units *u, Model *m, const char *folder)
{
    char whole[sizeof u->photos.folder];
    state_folder_name(folder, whole, sizeof whole);
    start(u, m, whole);
    if (u->keep)
        state_folder_keep("photos", whole);
}

bool units_stop(Units *u)
{
    if (!unit_photos_filling(&u->photos) || u->photos.stopped)
        return false;
    unit_photos_stop(&u->photos);
    return true;
}

void units_go_on(Units *u, Model *m)
{
    if (u->photos.folder[0] != '\0')
        start(u, m, u->photos.folder);
}

bool units_channel(const Model *m, Cursor *shown, Address *unit)
{
    Err none;
    *shown = m->cursor.channel >= 0 ? m->cursor : (Cursor){m->at, 0, -1, -1};
    return examples_unit(model_net(m), (Address){.layer = shown->layer, .channel = shown->channel}, true, unit, &none);
}

bool units_open_photo(Units *u, Model *m, Opening *opening, int rank)
{
    Cursor shown;
    Address unit;
    const Examples *e = unit_photos_examples(&u->photos);
    const ExamplesUnit *of = units_channel(m, &shown, &unit) ? unit_photos_unit(&u->photos, unit, m->now) : NULL;
    if (e == NULL || of == NULL || rank >= of->count)
        return false;
    const Example *x = &of->top[rank];
    snprintf(u->open, sizeof u->open, "%s", e->photos.items[x->photo].path);
    const bool same_place = model_net(m)->layers[shown.layer].out.h == model_net(m)->layers[unit.layer].out.h; /* not behind a pool */
    u->open_at = same_place ? (Cursor){shown.layer, shown.channel, x->y, x->x} : (Cursor){unit.layer, unit.channel, x->y, x->x};
    if (strcmp(m->picture.path, u->open) != 0)
        opening_start(opening, m, u->open, false);
    return true;
}
