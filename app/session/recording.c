/* recording.c - records the walk as a GIF; see recording.h. A frame is reduced and packed on a thread of its own, one at a time: the
 * next one waits for it. Where threads take turns nothing can wait, so there the next frame comes later, and the one before it lasts as
 * much longer. */
#include "app/session/recording.h"
#include "app/session/save.h"
#include "engine/base/thread.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const double FRAME_SECONDS = 0.125;
enum { WIDTH_MAX = 1280 };      /* wider frames are reduced by a whole factor */

/* A frame that a thread adds to the animation. */
struct FrameJob {
    Thread *thread;
    Gif *gif;
    double late;                /* seconds that the frame before lasts longer */
    int w, h, by;
    bool good;                  /* with err, read only after the thread was joined */
    Err err;
    atomic_bool ended;
    unsigned char rgb[];        /* h rows of w pixels */
};

/* Averages squares of `by` pixels; out has (w / by) x (h / by) of them. */
static void shrink(const unsigned char *rgb, int w, int h, int by, unsigned char *out)
{
    for (int y = 0; y < h / by; y++) {
        thread_yield();
        for (int x = 0; x < w / by; x++)
            for (int k = 0; k < 3; k++) {
                int sum = 0;
                for (int i = 0; i < by * by; i++)
                    sum += rgb[((size_t)(y * by + i / by) * (size_t)w + (size_t)(x * by + i % by)) * 3 + (size_t)k];
                out[((size_t)y * (size_t)(w / by) + (size_t)x) * 3 + (size_t)k] = (unsigned char)((sum + by * by / 2) / (by * by));
            }
    }
}

static void pack(void *user)
{
    FrameJob *job = user;
    unsigned char *small = malloc((size_t)(job->w / job->by) * (size_t)(job->h / job->by) * 3);
    job->good = small != NULL || err_set(&job->err, "not enough memory for the animation");
    if (job->good) {
        shrink(job->rgb, job->w, job->h, job->by, small);
        gif_extend(job->gif, job->late);
        job->good = gif_frame(job->gif, small, FRAME_SECONDS, &job->err);
    }
    free(small);
    atomic_store(&job->ended, true);
}

/* Waits for the frame and frees it. True if there is none. */
static bool frame_end(FrameJob *job, Err *err)
{
    if (job == NULL)
        return true;
    thread_join(job->thread);
    const bool good = job->good;
    if (!good)
        *err = job->err;
    free(job);
    return good;
}

void recording_drop(Recording *r)
{
    Err err;
    frame_end(r->packing, &err);
    gif_free(r->gif);
    *r = (Recording){.gif = NULL};
}

/* ---- the file ---- */

/* What is written: the animation, as soon as its last frame is packed. */
typedef struct Recorded {
    Gif *gif;
    FrameJob *packing;
} Recorded;

static bool write_gif(void *data, const char *path, Err *err)
{
    Recorded *recorded = data;
    const bool good = frame_end(recorded->packing, err);
    recorded->packing = NULL;
    return good && gif_save(recorded->gif, path, err);
}

static void recorded_free(void *data)
{
    gif_free(((Recorded *)data)->gif);
    free(data);
}

static void save(Recording *r, Saving *saving, Model *m)
{
    char path[256];
    Recorded *recorded = malloc(sizeof *recorded);
    save_numbered(saving, "inceptoscope-walk", ".gif", path, sizeof path);
    if (recorded == NULL) {
        recording_drop(r);
    } else {
        *recorded = (Recorded){r->gif, r->packing};
        *r = (Recording){.gif = NULL};
    }
    saving_start(saving, m, path, (SaveHow){write_gif, recorded_free}, recorded);
}

void recording_toggle(Recording *r, Saving *saving, Play *play, Model *m)
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
        save(r, saving, m);
    recording_drop(r);
    model_play(m, false);
}

/* ---- frames ---- */

bool recording_due(const Recording *r, const Model *m)
{
    const bool waits = thread_takes_turns() && r->packing != NULL && !atomic_load(&r->packing->ended);
    return r->on && m->now >= r->next && !waits;
}

bool recording_wants(Recording *r, Saving *saving, Play *play, Model *m)
{
    if (!r->on)
        return false;
    if (!m->playing && model_motion(m) >= 1) { /* the walk has ended, or the user has ended it */
        recording_toggle(r, saving, play, m);
        return false;
    }
    return recording_due(r, m);
}

static bool frame_start(Recording *r, double late, const unsigned char *rgb, int w, int h, Err *err)
{
    const size_t bytes = (size_t)w * (size_t)h * 3;
    FrameJob *job = malloc(sizeof *job + bytes);
    if (job == NULL)
        return err_set(err, "not enough memory for the animation");
    *job = (FrameJob){.gif = r->gif, .late = late, .w = w, .h = h, .by = (w + WIDTH_MAX - 1) / WIDTH_MAX};
    memcpy(job->rgb, rgb, bytes);
    job->thread = thread_start(pack, job);
    if (job->thread == NULL) {
        free(job);
        return err_set(err, "no thread could be started for the animation");
    }
    r->packing = job;
    return true;
}

void recording_pixels(Recording *r, Model *m, const unsigned char *rgb, int w, int h)
{
    const int by = (w + WIDTH_MAX - 1) / WIDTH_MAX;
    Err err;
    if (!r->on)
        return;
    const double late = floor((m->now - r->next) / FRAME_SECONDS) * FRAME_SECONDS; /* frames that were left out */
    r->next = m->now + FRAME_SECONDS;
    bool good = frame_end(r->packing, &err);
    r->packing = NULL;
    if (good && r->gif == NULL) {
        r->w = w;
        r->h = h;
        r->gif = gif_new(w / by, h / by, &err);
    }
    good = good && r->gif != NULL;
    if (good && w == r->w && h == r->h) /* frames with another size of the window are left out */
        good = frame_start(r, late, rgb, w, h, &err);
    if (!good) {
        model_say(m, true, "%s", err.text);
        recording_drop(r);
    }
}
