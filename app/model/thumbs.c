/* thumbs.c - decodes small pictures of files on its own thread; see thumbs.h. */
#include "app/model/thumbs.h"
#include "app/model/errand.h"
#include "app/model/picture.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct Thumbs {
    Errand errand;
    char **paths;
    Thumb *made;
    int count, side;
    atomic_int done;            /* the first `done` are made and no longer change */
};

bool thumb_shrink(const Image *image, int side, Image *out, Err *err)
{
    const int longer = image->w > image->h ? image->w : image->h;
    const double scale = longer > side ? (double)side / longer : 1;
    const int w = (int)(image->w * scale + 0.5), h = (int)(image->h * scale + 0.5);
    return image_resize(image, w > 0 ? w : 1, h > 0 ? h : 1, out, err);
}

static void make(Stop *stop, const char *path, int side, Thumb *out)
{
    Image whole;
    Err err;
    if (!image_load_unless(stop, path, &whole, &err))
        return;
    Thumb t = {.w = whole.w, .h = whole.h};
    const bool good = thumb_shrink(&whole, side, &t.image, &err);
    image_free(&whole);
    if (!good)
        return;
    t.version = image_version(&t.image);
    *out = t;
}

static void dispose(Thumbs *t)
{
    for (int i = 0; i < t->count; i++) {
        free(t->paths != NULL ? t->paths[i] : NULL);
        if (t->made != NULL)
            image_free(&t->made[i].image);
    }
    free(t->paths);
    free(t->made);
    free(t);
}

static void work(Errand *errand)
{
    Thumbs *t = (Thumbs *)errand;
    for (int i = 0; i < t->count && !stop_asked(&errand->stop); i++) {
        make(&errand->stop, t->paths[i], t->side, &t->made[i]);
        atomic_store(&t->done, i + 1);
        errand_wake(errand);
    }
    if (errand_end(errand))
        dispose(t);
}

Thumbs *thumbs_start(char *const *paths, int count, int side, void (*wake)(void *), void *wake_user)
{
    Thumbs *t = calloc(1, sizeof *t);
    if (t == NULL || count < 1) {
        free(t);
        return NULL;
    }
    t->paths = calloc((size_t)count, sizeof *t->paths);
    t->made = calloc((size_t)count, sizeof *t->made);
    t->count = count;
    t->side = side;
    bool whole = t->paths != NULL && t->made != NULL;
    for (int i = 0; whole && i < count; i++)
        whole = (t->paths[i] = strdup(paths[i])) != NULL;
    if (!whole || !errand_start(&t->errand, work, wake, wake_user)) {
        dispose(t);
        return NULL;
    }
    return t;
}

const Thumb *thumbs_get(const Thumbs *t, int i)
{
    return t != NULL && i < atomic_load(&t->done) ? &t->made[i] : NULL;
}

bool thumbs_busy(const Thumbs *t)
{
    return t != NULL && atomic_load(&t->done) < t->count;
}

void thumbs_free(Thumbs *t)
{
    if (t != NULL && errand_leave(&t->errand))
        dispose(t);
}
