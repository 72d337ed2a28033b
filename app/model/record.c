/* record.c - see record.h. */
#include "app/model/record.h"
#include "app/model/save.h"

#include <stdlib.h>

static const double FRAME_SECONDS = 0.125;
enum { WIDTH_MAX = 1280 };      /* wider frames are shrunk by a whole factor */

void record_drop(Model *m)
{
    gif_free(m->record.gif);
    m->record = (Record){.gif = NULL};
}

void record_toggle(Model *m)
{
    if (!m->record.on) {
        m->record = (Record){.on = true, .next = m->now};
        m->overlay = OVERLAY_NONE;
        model_view(m, VIEW_STAGE);
        m->play.on = true;
        m->play.next = m->now + 1;
        model_say(m, false, "%s", model_text(m, STR_RECORDING));
        return;
    }
    if (m->record.gif != NULL)
        save_gif(m, m->record.gif);
    record_drop(m);
    m->play.on = false;
}

bool record_wants(Model *m)
{
    if (!m->record.on)
        return false;
    if (!m->play.on && model_motion(m) >= 1) { /* the walk has ended, or somebody ended it */
        record_toggle(m);
        return false;
    }
    if (m->now < m->record.next)
        return false;
    m->record.next = m->now + FRAME_SECONDS;
    return true;
}

/* Averages squares of `by` pixels; out has (w / by) x (h / by) of them. */
static void shrink(const unsigned char *rgb, int w, int h, int by, unsigned char *out)
{
    for (int y = 0; y < h / by; y++)
        for (int x = 0; x < w / by; x++)
            for (int k = 0; k < 3; k++) {
                int sum = 0;
                for (int i = 0; i < by * by; i++)
                    sum += rgb[((size_t)(y * by + i / by) * (size_t)w + (size_t)(x * by + i % by)) * 3 + (size_t)k];
                out[((size_t)y * (size_t)(w / by) + (size_t)x) * 3 + (size_t)k] = (unsigned char)((sum + by * by / 2) / (by * by));
            }
}

void record_pixels(Model *m, const unsigned char *rgb, int w, int h)
{
    Record *r = &m->record;
    const int by = (w + WIDTH_MAX - 1) / WIDTH_MAX;
    Err err;
    if (!r->on)
        return;
    if (r->gif == NULL) {
        r->w = w;
        r->h = h;
        r->gif = gif_new(w / by, h / by, &err);
    }
    unsigned char *small = malloc((size_t)(w / by) * (size_t)(h / by) * 3);
    bool good = r->gif != NULL && (small != NULL || err_set(&err, "not enough memory for the animation"));
    if (good && w == r->w && h == r->h) { /* frames of a resized window are left out */
        shrink(rgb, w, h, by, small);
        good = gif_frame(r->gif, small, FRAME_SECONDS, &err);
    }
    free(small);
    if (!good) {
        model_say(m, true, "%s", err.text);
        record_drop(m);
    }
}
