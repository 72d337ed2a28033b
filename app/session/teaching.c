/* teaching.c - the activity behind the view that teaches; see teaching.h. */
#include "app/session/teaching.h"
#include "app/model/teach_folder.h"
#include "app/session/save_taught.h"
#include "engine/base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void forget_whole(Teaching *t)
{
    teach_whole_leave(t->whole);
    t->whole = NULL;
    t->whole_runs = t->whole_given = false;
}

static void forget_result(Teaching *t)
{
    forget_whole(t);
    teach_last_leave(t->last);
    t->last = NULL;
    t->learning = false;
    teach_result_free(&t->result);
}

static void forget_former(Teaching *t)
{
    while (t->former_count > 0)
        shared_source_release(t->former[--t->former_count]);
    shared_source_release(t->own);
    t->own = NULL;
}

static void forget_dropped(Teaching *t)
{
    for (int i = 0; i < t->dropped_count; i++)
        free(t->dropped[i]);
    free(t->dropped);
    t->dropped = NULL;
    t->dropped_count = 0;
}

void teaching_close(Teaching *t)
{
    forget_result(t);
    forget_former(t);
    forget_dropped(t);
    teach_looks_close(&t->looks);
    teach_bins_free(&t->bins);
    *t = (Teaching){.bin = 0};
}

bool teaching_busy(const Teaching *t)
{
    return t->learning || t->whole_runs || t->dropped_count > 0 || teach_looks_busy(&t->looks);
}

bool teaching_stale(const Teaching *t)
{
    return t->result_version != t->bins.version;
}

static void tell(Teaching *t, Model *m, const Err *err)
{
    t->problem = *err;
    model_say(m, true, "%s", err->text);
}

/* ---- networks --------------------------------------------------------------------------------------------------------------------------- */

/* Of too many the second oldest goes; the oldest is the one that nothing was taught yet. */
static void keep_former(Teaching *t, SharedSource *before)
{
    if (t->former_count == TEACH_FORMER_MOST) {
        shared_source_release(t->former[1]);
        memmove(&t->former[1], &t->former[2], (TEACH_FORMER_MOST - 2) * sizeof t->former[0]);
        t->former_count--;
    }
    t->former[t->former_count++] = before;
}

/* The window gets the network of a result. The one from before is kept, unless this one only goes on from it. */
static bool give(Teaching *t, Model *m, TeachResult *r, bool goes_on)
{
    Err err;
    SharedSource *made = shared_source_new(r->source), *before = shared_source_hold(m->source);
    r->source = (Source){.net = NULL};
    const bool good = made != NULL ? model_take_shared(m, made, &err) : err_set(&err, "not enough memory for the network");
    if (good && !goes_on)
        keep_former(t, shared_source_hold(before));
    if (good) {
        shared_source_release(t->own);
        t->own = shared_source_hold(made);
    } else {
        tell(t, m, &err);
    }
    shared_source_release(before);
    shared_source_release(made);
    return good;
}

static void go_back(Teaching *t, Model *m)
{
    Err err;
    if (t->former_count == 0)
        return;
    SharedSource *before = t->former[t->former_count - 1];
    if (!model_take_shared(m, before, &err)) {
        tell(t, m, &err);
        return;
    }
    t->former_count--;
    shared_source_release(t->own);
    t->own = t->former_count > 0 ? shared_source_hold(before) : NULL;
    shared_source_release(before);
    forget_result(t);
    model_say(m, false, "%s", model_text(m, STR_TEACH_IS_FORMER));
}

/* ---- each frame ---------------------------------------------------------------------------------------------------------------------------- */

static void take_result(Teaching *t, Model *m)
{
    TeachResult result;
    Err err = {""};
    t->learning = false;
    if (!teach_last_take(t->last, &result, &err)) {
        tell(t, m, &err);
        return;
    }
    t->judges = give(t, m, &result, false) || t->judges;
    teach_result_free(&t->result);
    t->result = result;
}

/* At a pause or the end of the whole network's training. */
static void take_whole(Teaching *t, Model *m)
{
    TeachResult result;
    Err err = {""};
    t->whole_runs = false;
    if (!teach_whole_take(t->whole, &result, &err)) {
        tell(t, m, &err);
        forget_whole(t);
        return;
    }
    t->whole_given = give(t, m, &result, t->whole_given) || t->whole_given;
    teach_result_free(&t->result);
    t->result = result;
}

static void go_on_whole(Teaching *t, Model *m)
{
    Err err;
    if (t->whole_runs) {
        teach_whole_pause(t->whole);
        return;
    }
    if (t->own == NULL || t->result.count == 0) {
        model_say_here(m, true, "%s", model_text(m, STR_TEACH_WHOLE_NOT_YET));
        return;
    }
    t->problem.text[0] = '\0';
    if (t->whole != NULL && teach_whole_ended(t->whole))
        forget_whole(t); /* it goes on from its end */
    const TeachWholeSetup setup = {.source = t->own, .bins = &t->bins, .result = &t->result, .networks_dir = m->networks_dir, .seed = TEACH_SEED,
                                   .wake = m->wake, .wake_user = m->wake_user};
    if (t->whole == NULL)
        t->whole_runs = (t->whole = teach_whole_start(&setup, &err)) != NULL;
    else
        t->whole_runs = teach_whole_go_on(t->whole, &err);
    if (!t->whole_runs)
        tell(t, m, &err);
}

static void begin(Teaching *t, Model *m)
{
    Err err;
    const TeachLastSetup setup = {.bins = &t->bins, .looks = &t->looks, .networks_dir = m->networks_dir, .seed = TEACH_SEED, .wake = m->wake, .wake_user = m->wake_user};
    forget_result(t);
    t->asked = false;
    t->problem.text[0] = '\0';
    t->last = teach_last_start(&setup, &err);
    t->learning = t->last != NULL;
    t->result_version = t->bins.version;
    if (t->last == NULL)
        tell(t, m, &err);
}

/* Another network was opened: what was learnt is not about it. */
static void notice_network(Teaching *t, const Model *m)
{
    if (t->own == NULL || m->source == t->own)
        return;
    forget_result(t);
    forget_former(t);
}

/* Two bins to begin with. */
static void first_bins(Teaching *t, const Model *m)
{
    int bin;
    Err err;
    t->begun = true;
    for (int i = 1; i <= TEACH_BINS_LEAST; i++) {
        char name[TEACH_NAME_MAX];
        snprintf(name, sizeof name, model_text(m, STR_TEACH_CLASS_N), i);
        teach_bin_new(&t->bins, name, m->now, &bin, &err);
    }
    teach_bins_forget(&t->bins);
    teaching_choose(t, 0, -1);
}

void teaching_frame(Teaching *t, Model *m)
{
    int about;
    if (m->view == VIEW_TEACH && !t->begun)
        first_bins(t, m);
    notice_network(t, m);
    if (!t->learning)
        teach_looks_frame(&t->looks, &t->bins, t->own != NULL ? t->looks.source : m->source, m->wake, m->wake_user);
    if (t->asked) {
        const TeachReady ready = teach_ready(&t->bins, &t->looks, &about);
        if (ready == TEACH_READY)
            begin(t, m);
        else
            t->asked = ready == TEACH_LOOKING;
    }
    if (t->learning && teach_last_done(t->last))
        take_result(t, m);
    if (t->whole_runs && teach_whole_done(t->whole))
        take_whole(t, m);
}

/* ---- bins ------------------------------------------------------------------------------------------------------------------------------------ */

void teaching_choose(Teaching *t, int bin, int picture)
{
    t->bin = bin < 0 ? 0 : bin < t->bins.now.bin_count ? bin : t->bins.now.bin_count - 1;
    t->picture = picture >= 0 && t->bins.now.bin_of[picture] == t->bin ? picture : -1;
}

static void new_bin(Teaching *t, Model *m)
{
    char name[TEACH_NAME_MAX];
    Err err;
    int bin, number = t->bins.now.bin_count;
    do
        snprintf(name, sizeof name, model_text(m, STR_TEACH_CLASS_N), ++number);
    while (teach_bin_named(&t->bins, name) >= 0);
    if (teach_bin_new(&t->bins, name, m->now, &bin, &err))
        teaching_choose(t, bin, -1);
    else
        tell(t, m, &err);
}

static void choose_picture(Teaching *t, int by)
{
    const int size = teach_bin_size(&t->bins, t->bin), now = t->picture >= 0 ? teach_picture_index(&t->bins, t->picture) : by > 0 ? -1 : size;
    const int to = now + by;
    if (size > 0)
        teaching_choose(t, t->bin, to < 0 || to >= size ? -1 : teach_bin_picture(&t->bins, t->bin, to));
}

/* The chosen picture, or else the chosen bin. The picture after it is chosen then. */
static void remove_chosen(Teaching *t, const Model *m)
{
    const int picture = t->picture;
    if (picture >= 0) {
        const int index = teach_picture_index(&t->bins, picture);
        teach_picture_remove(&t->bins, picture, m->now);
        const int next = teach_bin_picture(&t->bins, t->bin, index);
        teaching_choose(t, t->bin, next >= 0 ? next : teach_bin_picture(&t->bins, t->bin, index - 1));
    } else if (t->bin < t->bins.now.bin_count && t->bin >= 0) {
        teach_bin_remove(&t->bins, t->bin, m->now);
        teaching_choose(t, t->bin, -1);
    }
}

void teaching_name(Teaching *t, const Model *m, int bin, const char *name)
{
    teach_bin_rename(&t->bins, bin, name, m->now);
}

void teaching_named(Teaching *t)
{
    t->naming = false;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static void add_to(Teaching *t, Model *m, int bin, const char *path)
{
    Err err;
    char *whole = realpath(path, NULL); /* so that a picture is known again */
    const char *file = whole != NULL ? whole : path;
    if (t->bins.now.bin_count == 0)
        new_bin(t, m);
    const int to = bin >= 0 ? bin : t->bin;
    const bool good = is_folder(file) ? teach_folder_add(&t->bins, file, bin, m->now, &err) : teach_bin_add(&t->bins, to, file, m->now, &err);
    free(whole);
    teaching_choose(t, to, -1);
    if (!good)
        tell(t, m, &err);
}

void teaching_judges(Teaching *t, bool on)
{
    t->judges = on;
}

void teaching_add(Teaching *t, Model *m, Opening *opening, const char *path)
{
    if (t->judges && !is_folder(path))
        opening_start(opening, m, path, false);
    else
        add_to(t, m, -1, path);
}

void teaching_drop(Teaching *t, Model *m, const char *path)
{
    char **grown = array_grow(t->dropped, t->dropped_count, sizeof *grown), *copy = grown != NULL ? strdup(path) : NULL;
    if (grown != NULL)
        t->dropped = grown;
    if (copy != NULL)
        t->dropped[t->dropped_count++] = copy;
    else
        model_say(m, true, "%s: not enough memory", path);
}

void teaching_place(Teaching *t, Model *m, Opening *opening, int bin)
{
    for (int i = 0; i < t->dropped_count; i++)
        if (bin >= 0)
            add_to(t, m, bin, t->dropped[i]);
        else
            teaching_add(t, m, opening, t->dropped[i]);
    forget_dropped(t);
}

/* ---- verbs ------------------------------------------------------------------------------------------------------------------------------------- */

bool teaching_stop(Teaching *t)
{
    if (t->whole_runs && !teach_whole_pausing(t->whole)) {
        teach_whole_pause(t->whole);
        return true;
    }
    if (t->learning) {
        forget_result(t);
        return true;
    }
    const bool looks = teach_looks_busy(&t->looks) && !t->looks.stopped, asked = t->asked;
    if (looks)
        teach_looks_stop(&t->looks);
    t->asked = false;
    return looks || asked;
}

static void ask(Teaching *t, Model *m)
{
    int about;
    if (t->learning)
        return;
    teach_looks_go_on(&t->looks);
    t->problem.text[0] = '\0';
    teach_looks_frame(&t->looks, &t->bins, t->own != NULL ? t->looks.source : m->source, m->wake, m->wake_user);
    const TeachReady ready = teach_ready(&t->bins, &t->looks, &about);
    t->asked = ready == TEACH_READY || ready == TEACH_LOOKING; /* what is missing is said by the view */
}

void teaching_verb(Teaching *t, Model *m, Saving *saving, Verb verb)
{
    switch (verb) {
    case VERB_TEACH: ask(t, m); break;
    case VERB_TEACH_BIN_PREV: teaching_choose(t, t->bin - 1, -1); break;
    case VERB_TEACH_BIN_NEXT: teaching_choose(t, t->bin + 1, -1); break;
    case VERB_TEACH_PICTURE_PREV: choose_picture(t, -1); break;
    case VERB_TEACH_PICTURE_NEXT: choose_picture(t, +1); break;
    case VERB_TEACH_NEW_BIN: new_bin(t, m); break;
    case VERB_TEACH_REMOVE: remove_chosen(t, m); break;
    case VERB_TEACH_NAME: t->naming = t->bins.now.bin_count > 0; break;
    case VERB_TEACH_UNDO:
        teach_bins_undo(&t->bins);
        teaching_choose(t, t->bin, t->picture);
        break;
    case VERB_TEACH_WHOLE: go_on_whole(t, m); break;
    case VERB_TEACH_JUDGE: t->judges = !t->judges; break;
    case VERB_TEACH_FORMER: go_back(t, m); break;
    case VERB_TEACH_SAVE: case VERB_TEACH_SAVE_PTH:
        if (t->own != NULL)
            save_taught(saving, m, verb == VERB_TEACH_SAVE_PTH);
        else
            model_say_here(m, true, "%s", model_text(m, STR_TEACH_NOT_YET));
        break;
    default: assert(!"a verb of the teaching's"); break;
    }
}
