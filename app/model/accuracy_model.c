/* accuracy_model.c - see accuracy_model.h. */
#include "app/model/accuracy_model.h"
#include "app/model/errand.h"
#include "engine/base/thread.h"
#include "engine/train/folders.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For maps that changed networks read. A page has less. */
enum { KEPT_MIB = 320, KEPT_MIB_PAGE = 64 };

/* While a job runs, its thread writes; the main thread reads what the atomic members say is there. */
typedef struct JudgedFolder {
    SharedSource *source;       /* held */
    const Engine *engine;
    char **labels;              /* the source's when it began; only compared */
    char path[1024];
    Dataset *set;               /* these three when `listed` */
    int *class_of;
    char said[FOLDERS_TEXT];
    atomic_bool listed;
    Judgement *judged[ACCURACY_SIDES]; /* by picture, the first `done` */
    atomic_int done[ACCURACY_SIDES];
    atomic_int milliseconds[ACCURACY_SIDES];
    atomic_int layers, kept;    /* see AccuracyCost */
    atomic_size_t each;         /* bytes of a kept picture */
    atomic_int broken;
    char first_broken[800];     /* when broken > 0 */
    JudgeMaps maps;
    Knife knife;                /* of the changed side, and whether there is one; set while no job runs */
    bool compares;
} JudgedFolder;

/* ---- on the thread -------------------------------------------------------------------------------------------------------------------- */

static bool list(JudgedFolder *f, Err *err)
{
    const Source *source = &f->source->source;
    if (!net_need_scores(source->net, err) || (f->set == NULL && (f->set = folders_judge(f->path, f->said, err)) == NULL))
        return false;
    const size_t count = (size_t)f->set->count;
    f->class_of = calloc((size_t)f->set->classes.count, sizeof *f->class_of);
    f->judged[ACCURACY_OWN] = malloc(count * sizeof(Judgement));
    f->judged[ACCURACY_CHANGED] = malloc(count * sizeof(Judgement));
    if (f->class_of == NULL || f->judged[ACCURACY_OWN] == NULL || f->judged[ACCURACY_CHANGED] == NULL)
        return err_set(err, "%s: not enough memory", f->path);
    if (!judge_classes(source, f->set, f->class_of, err))
        return false;
    atomic_store(&f->listed, true);
    return true;
}

static void note_broken(JudgedFolder *f, Judge *j)
{
    char line[sizeof f->first_broken];
    for (int i = atomic_load(&f->broken); judge_unreadable(j, i, line, sizeof line); i++) {
        if (i == 0)
            memcpy(f->first_broken, line, sizeof line);
        atomic_store(&f->broken, i + 1);
    }
}

static bool judge_side(SideJob *job, JudgedFolder *f, AccuracySide side, JudgeSetup setup, Err *err)
{
    setup.first = atomic_load(&f->done[side]);
    Judge *j = judge_new(&setup, err);
    if (j == NULL)
        return false;
    const int before = atomic_load(&f->milliseconds[side]);
    const double start = thread_seconds();
    if (side == ACCURACY_CHANGED) {
        atomic_store(&f->layers, judge_computed(j));
        atomic_store(&f->each, f->maps.each * sizeof(float));
    }
    for (int i = setup.first; !side_job_stopped(job) && judge_step(j); i++) {
        f->judged[side][i] = judge_result(j, side == ACCURACY_CHANGED)->pictures[i];
        if (side == ACCURACY_OWN)
            note_broken(f, j);
        atomic_store(&f->kept, f->maps.count);
        atomic_store(&f->milliseconds[side], before + (int)((thread_seconds() - start) * 1000 + 0.5));
        atomic_store(&f->done[side], i + 1);
        side_job_step(job);
    }
    judge_free(j);
    return true;
}

static bool judge_changed(SideJob *job, JudgedFolder *f, JudgeSetup setup, Err *err)
{
    Net net;
    float *weights = malloc(setup.net->weight_count * sizeof *weights);
    if (weights == NULL || !knife_net(&f->knife, setup.net, &net)) {
        free(weights);
        return err_set(err, "%s: not enough memory for a changed network", f->path);
    }
    knife_cut(&f->knife, setup.net, side_job_weights(job), weights);
    setup.changed_net = &net;
    setup.changed_weights = weights;
    setup.only_changed = true;
    setup.maps = &f->maps;
    const bool good = judge_side(job, f, ACCURACY_CHANGED, setup, err);
    free(net.layers);
    free(weights);
    return good;
}

static bool work(SideJob *job, void *result, Err *err)
{
    JudgedFolder *f = result;
    if (!atomic_load(&f->listed) && !list(f, err))
        return false;
    side_job_step(job);
    const Source *source = &f->source->source;
    const JudgeSetup setup = {.engine = f->engine, .net = source->net, .weights = source->weights, .set = f->set, .class_of = f->class_of, .threads = errand_threads()};
    if (atomic_load(&f->done[ACCURACY_OWN]) < f->set->count && !judge_side(job, f, ACCURACY_OWN, setup, err))
        return false;
    return !f->compares || side_job_stopped(job) || atomic_load(&f->done[ACCURACY_CHANGED]) == f->set->count || judge_changed(job, f, setup, err);
}

/* ---- on the main thread ----------------------------------------------------------------------------------------------------------------- */

static void forget(AccuracyModel *a)
{
    JudgedFolder *f = a->judged;
    for (int side = 0; side < ACCURACY_SIDES; side++) {
        accuracy_free(&a->counted[side]);
        a->over[side] = 0;
    }
    a->judged = NULL;
    if (f == NULL)
        return;
    dataset_free(f->set);
    free(f->class_of);
    free(f->judged[ACCURACY_OWN]);
    free(f->judged[ACCURACY_CHANGED]);
    judge_maps_free(&f->maps);
    shared_source_release(f->source);
    free(f);
}

static void begin(AccuracyModel *a, const SideWish *wish)
{
    forget(a);
    a->shown = (AccuracyShown){.pick = PICK_NONE};
    JudgedFolder *f = calloc(1, sizeof *f);
    if (f == NULL)
        return;
    f->source = shared_source_hold(wish->source);
    f->engine = wish->key.engine;
    f->labels = wish->source->source.info.labels;
    f->maps.budget = (size_t)(thread_takes_turns() ? KEPT_MIB_PAGE : KEPT_MIB) << 20;
    snprintf(f->path, sizeof f->path, "%s", a->folder);
    a->judged = f;
    a->failed = a->again = false;
}

static bool complete(const AccuracyModel *a)
{
    const JudgedFolder *f = a->judged;
    return atomic_load(&f->listed) && atomic_load(&f->done[ACCURACY_OWN]) == f->set->count &&
           (!f->compares || atomic_load(&f->done[ACCURACY_CHANGED]) == f->set->count);
}

/* The changed side begins again. */
static void begin_changed(AccuracyModel *a, uint64_t edits, bool compares)
{
    JudgedFolder *f = a->judged;
    a->cut = f->knife = a->knife;
    a->edits = edits;
    a->compares = f->compares = compares;
    a->failed = false;
    atomic_store(&f->done[ACCURACY_CHANGED], 0);
    atomic_store(&f->milliseconds[ACCURACY_CHANGED], 0);
    a->over[ACCURACY_CHANGED] = 0; /* as many answers as before are other answers */
    if (!compares) {
        a->shown.side = ACCURACY_OWN;
        a->shown.pick = a->shown.pick == PICK_CELL ? PICK_CELL : PICK_NONE;
    }
}

static void count_side(AccuracyModel *a, AccuracySide side, int pictures)
{
    const JudgedFolder *f = a->judged;
    Accuracy *counted = &a->counted[side];
    if (pictures < a->over[side])
        a->over[side] = 0;
    if (pictures == a->over[side])
        return;
    if (counted->pictures == NULL && !accuracy_make(counted, net_scores(f->source->source.net, 0), f->set->count)) {
        accuracy_free(counted);
        return;
    }
    if (a->over[side] == 0)
        accuracy_clear(counted);
    for (int i = a->over[side]; i < pictures; i++)
        accuracy_count(counted, i, f->class_of[f->set->samples[i].label], f->judged[side][i]);
    a->over[side] = pictures;
}

static void count(AccuracyModel *a)
{
    if (accuracy_dataset(a) == NULL)
        return;
    const int changed = a->compares ? accuracy_done(a, ACCURACY_CHANGED) : 0, own = accuracy_done(a, ACCURACY_OWN);
    count_side(a, ACCURACY_OWN, changed > 0 && changed < own ? changed : own);
    count_side(a, ACCURACY_CHANGED, changed);
}

void accuracy_want(AccuracyModel *a, const SideWish *wish, bool edited)
{
    const uint64_t edits = edited ? wish->key.weights_version : 0;
    if (a->patches == NULL)
        a->patches = patches_new(wish->wake, wish->wake_user);
    if (a->patches != NULL)
        patches_frame(a->patches, wish->source);
    if (a->folder[0] == '\0')
        return;
    const JudgedFolder *f = a->judged;
    const bool same_folder = f != NULL && f->source == wish->source && f->engine == wish->key.engine && f->labels == wish->source->source.info.labels && !a->again;
    const bool same = same_folder && a->edits == edits && knife_same(&a->cut, &a->knife);
    if (a->job != NULL) {
        side_job_tend(&a->job, same && !a->stopped, &a->problem);
        a->failed = a->job == NULL && a->problem.text[0] != '\0';
    }
    if (a->job == NULL && !same_folder)
        begin(a, wish);
    if (a->judged == NULL)
        return;
    if (a->job == NULL && !same)
        begin_changed(a, edits, edited || knife_cuts(&a->knife));
    if (a->job == NULL && !complete(a) && !a->failed && !a->stopped) {
        a->problem.text[0] = '\0';
        a->job = side_job_start(wish, work, a->judged);
        if (a->job == NULL) {
            side_job_none(&a->problem);
            a->failed = true;
        }
    }
    if (same)
        count(a);
}

void accuracy_rest(AccuracyModel *a)
{
    if (a->job != NULL)
        side_job_tend(&a->job, false, &a->problem);
}

bool accuracy_busy(const AccuracyModel *a)
{
    return a->job != NULL || (a->patches != NULL && patches_busy(a->patches));
}

void accuracy_close(AccuracyModel *a)
{
    Err none;
    side_job_quit(&a->job, &none);
    forget(a);
    patches_free(a->patches);
    *a = (AccuracyModel){.knife = knife_none};
}

void accuracy_open(AccuracyModel *a, const char *folder)
{
    char copy[sizeof a->folder];
    snprintf(copy, sizeof copy, "%s", folder);
    snprintf(a->folder, sizeof a->folder, "%s", copy);
    a->again = true;
    a->stopped = false;
}

bool accuracy_stop(AccuracyModel *a)
{
    if (a->job == NULL || a->stopped)
        return false;
    a->stopped = true;
    side_job_stop(a->job);
    return true;
}

void accuracy_go_on(AccuracyModel *a)
{
    a->stopped = false;
}

/* ---- what there is to see ---------------------------------------------------------------------------------------------------------------- */

const Dataset *accuracy_dataset(const AccuracyModel *a)
{
    return a->judged != NULL && atomic_load(&a->judged->listed) ? a->judged->set : NULL;
}

const int *accuracy_class_of(const AccuracyModel *a)
{
    return a->judged->class_of;
}

const char *accuracy_said(const AccuracyModel *a)
{
    return accuracy_dataset(a) != NULL ? a->judged->said : "";
}

int accuracy_done(const AccuracyModel *a, AccuracySide side)
{
    return a->judged != NULL ? atomic_load(&a->judged->done[side]) : 0;
}

const Accuracy *accuracy_of(const AccuracyModel *a, AccuracySide side)
{
    return a->over[side] > 0 && a->counted[side].count > 0 && (side == ACCURACY_OWN || a->compares) ? &a->counted[side] : NULL;
}

AccuracyCost accuracy_cost(const AccuracyModel *a)
{
    AccuracyCost cost = {.layers = 0};
    JudgedFolder *f = a->judged;
    if (f == NULL)
        return cost;
    cost.layers = atomic_load(&f->layers);
    cost.kept = atomic_load(&f->kept);
    cost.bytes = atomic_load(&f->each) * (size_t)cost.kept;
    for (int side = 0; side < ACCURACY_SIDES; side++)
        cost.seconds[side] = atomic_load(&f->milliseconds[side]) / 1000.0;
    return cost;
}

int accuracy_broken(const AccuracyModel *a, const char **first)
{
    const int broken = a->judged != NULL ? atomic_load(&a->judged->broken) : 0;
    *first = broken > 0 ? a->judged->first_broken : "";
    return broken;
}

static bool is_right(const Accuracy *a, int picture)
{
    return a->pictures[picture].rank == 0;
}

static bool moved(const AccuracyModel *a, int picture, AccuracyPick way)
{
    const Accuracy *own = accuracy_of(a, ACCURACY_OWN), *changed = accuracy_of(a, ACCURACY_CHANGED);
    if (own == NULL || changed == NULL || picture >= a->over[ACCURACY_CHANGED] || own->pictures[picture].answer < 0)
        return false;
    return is_right(own, picture) == (way == PICK_LOST) && is_right(changed, picture) == (way == PICK_WON);
}

int accuracy_moved(const AccuracyModel *a, AccuracyPick way)
{
    int sum = 0;
    for (int i = 0; i < a->over[ACCURACY_CHANGED]; i++)
        sum += moved(a, i, way);
    return sum;
}

/* Whether the answer is this class of the set; -1: none of them. */
static bool answers(const AccuracyModel *a, Judgement v, int class_index)
{
    if (class_index >= 0)
        return v.answer == accuracy_class_of(a)[class_index];
    for (int k = 0; k < accuracy_dataset(a)->classes.count; k++)
        if (v.answer == accuracy_class_of(a)[k])
            return false;
    return true;
}

bool accuracy_picked(const AccuracyModel *a, int picture)
{
    const AccuracyShown *s = &a->shown;
    const AccuracySide side = s->pick == PICK_BIN ? s->bin_side : s->side;
    const Accuracy *counts = accuracy_of(a, side);
    if (counts == NULL || picture >= a->over[side] || counts->pictures[picture].answer < 0)
        return false;
    const Judgement v = counts->pictures[picture];
    switch (s->pick) {
    case PICK_CELL: return accuracy_dataset(a)->samples[picture].label == s->label && answers(a, v, s->answer);
    case PICK_LOST:
    case PICK_WON: return moved(a, picture, s->pick);
    case PICK_BIN: return accuracy_bin(v.prob) == s->bin;
    case PICK_NONE: break;
    }
    return false;
}

const Patch *accuracy_patch(AccuracyModel *a, int picture, int side)
{
    const Shape in = a->judged->source->source.net->input;
    const PatchWish wish = {accuracy_dataset(a)->samples[picture].path, {.y0 = 0, .y1 = in.h, .x0 = 0, .x1 = in.w}, side};
    return a->patches != NULL ? patches_get(a->patches, &wish) : NULL;
}
