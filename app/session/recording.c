/* recording.c - records the walk as a GIF; see recording.h. */
#include "app/session/recording.h"
#include "app/session/save.h"

#include <stdlib.h>

static const double FRAME_SECONDS = 0.125;
enum { WIDTH_MAX = 1280 };      /* wider frames are reduced by a whole factor */

void recording_drop(Recording *r)
{
    gif_free(r->gif);
    *r = (Recording){.gif = NULL};
}

void recording_toggle(Recording *r, Play *play, Model *m)
{
    if (!r->on) {
        *r = (Recording){.on = true, .next = m->now, .start = m->now};
        model_overlay(m, OVERLAY_NONE);
        model_view(m, VIEW_STAGE);
        play_begin(play, m, 1);
        model_say(m, false, "%s", model_text(m, STR_RECORDING));
        return;
    }
    if (r->gif != NULL)
        save_gif(m, r->gif);
    recording_drop(r);
    model_play(m, false);
}

bool recording_due(const Recording *r, const Model *m)
{
    return r->on && m->now >= r->next;
}

bool recording_wants(Recording *r, Play *play, Model *m)
{
    if (!r->on)
        return false;
    if (!m->playing && model_motion(m) >= 1) { /* the walk has ended, or the user has ended it */
        recording_toggle(r, play, m);
        return false;
    }
    if (!recording_due(r, m))
        return false;
    r->next = m->now + FRAME_SECONDS;
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

void recording_pixels(Recording *r, Model *m, const unsigned char *rgb, int w, int h)
{
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
    if (good && w == r->w && h == r->h) { /* frames with another size of the window are left out */
        shrink(rgb, w, h, by, small);
        good = gif_frame(r->gif, small, FRAME_SECONDS, &err);
    }
    free(small);
    if (!good) {
        model_say(m, true, "%s", err.text);
        recording_drop(r);
    }
}
