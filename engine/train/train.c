/* train.c - runs a training: epochs, validation, and the files that it keeps; see train.h. */
#include "engine/train/train.h"

#include "engine/base/clock.h"
#include "engine/io/labels.h"
#include "engine/train/train_log.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct Training {
    TrainSetup setup;
    Trainer *trainer;
    BatchLoader *train, *val;
    Tuning tuning;
    Frozen *frozen;             /* or NULL */
    Features *train_features, *val_features; /* what the frozen layers make of the pictures; NULL if they are not kept */
    Identity identity;
    TrainProgress progress;
    History history;
    int *group_of_layer;        /* column of the history for each layer of the net, or -1 */
    StepLog *log;
    bool begun;                 /* the train loader already works on progress.epoch */
    bool saved;                 /* a good last.checkpoint exists */
    int told_train, told_val;   /* number of unreadable pictures reported so far */
};

void training_path(const char *folder, const char *name, char out[TRAIN_PATH_MAX])
{
    const int length = snprintf(out, TRAIN_PATH_MAX, "%s/%s", folder, name);
    assert(length > 0 && length < TRAIN_PATH_MAX);
    (void)length;
}

static const char *schedule_name(ScheduleKind kind)
{
    static const char *const names[] = {[SCHEDULE_CONSTANT] = "constant", [SCHEDULE_COSINE] = "cosine", [SCHEDULE_STEP] = "step"};
    _Static_assert(sizeof names / sizeof *names == SCHEDULE_COUNT, "every schedule has a name");
    return names[kind];
}

/* --- starting ------------------------------------------------------------------------------------------------------ */

static Schedule make_schedule(const TrainOptions *o, int batches, int64_t first)
{
    return (Schedule){
        .kind = o->schedule,
        .lr = o->lr,
        .lr_min = o->lr_min,
        .first = first,
        .end = (int64_t)o->epochs * batches,
        .warmup = o->warmup,
        .step_every = (int64_t)o->step_epochs * batches,
        .step_factor = o->step_factor,
    };
}

static bool same_phase(const TrainOptions *a, const TrainOptions *b)
{
    bool same = a->lr == b->lr && a->momentum == b->momentum && a->weight_decay == b->weight_decay &&
                a->schedule == b->schedule && a->lr_min == b->lr_min && a->warmup == b->warmup &&
                a->step_epochs == b->step_epochs && a->step_factor == b->step_factor && a->label_smoothing == b->label_smoothing &&
                a->ema_decay == b->ema_decay && a->scale_min == b->scale_min && a->lr_ratio == b->lr_ratio;
    return same && (a->schedule != SCHEDULE_COSINE || a->epochs == b->epochs); /* cosine ends at the last epoch */
}

static void begin_phase(Training *t, int phase)
{
    const TrainOptions *o = &t->setup.options;
    TrainProgress *p = &t->progress;
    p->phase = phase;
    char frozen[NET_NAME_MAX + 16] = "";
    if (t->frozen != NULL)
        snprintf(frozen, sizeof frozen, "; frozen to %s", t->tuning.freeze);
    snprintf(p->phase_note, sizeof p->phase_note, "phase %d: %s lr %g %s to epoch %d; smoothing %g; average %g; seed %llu%s", phase,
             o->optimizer == OPTIMIZER_ADAM ? "adam" : "sgd", o->lr, schedule_name(o->schedule), o->epochs, o->label_smoothing,
             o->ema_decay, (unsigned long long)o->seed, frozen);
    t->trainer->schedule = make_schedule(o, batch_loader_batches(t->train), t->trainer->step);
}

static bool restore(Training *t, const Checkpoint *from, Err *err)
{
    const TrainOptions *o = &t->setup.options, *was = &from->options;
    if (o->batch != was->batch || o->seed != was->seed || o->optimizer != was->optimizer)
        return err_set(err, "%s: --batch, --seed and --optimizer cannot change on --resume (the checkpoint has batch %d, seed "
                            "%llu, %s); leave them out or choose another --checkpoint-dir", t->setup.folder, was->batch,
                       (unsigned long long)was->seed, was->optimizer == OPTIMIZER_ADAM ? "adam" : "sgd");
    if (o->views != was->views)
        return err_set(err, "%s: --views cannot change on --resume (the checkpoint has %d); leave it out or choose another --checkpoint-dir",
                       t->setup.folder, was->views);
    if (from->progress.batch > batch_loader_batches(t->train))
        return err_set(err, "%s: the checkpoint's position in its epoch is beyond the data; it is damaged", t->setup.folder);
    checkpoint_restore(from, t->trainer);
    t->progress = from->progress;
    t->saved = true;
    for (int i = 0; i < from->history.count; i++)
        if (!history_add(&t->history, &from->history.rows[i]))
            return err_set(err, "%s: out of memory", t->setup.folder);
    if (!same_phase(o, was))
        begin_phase(t, from->progress.phase + 1);
    return true;
}

bool training_fits(const Net *net, const Frozen *frozen, const Dataset *train, Err *err)
{
    if (net->input.c != 3)
        return err_set(err, "%s:%d: its input has %d channel%s, and training reads pictures with 3; write 'input 3x%dx%d' there, or choose another "
                            "network", net->source, net_line(net, 0), net->input.c, net->input.c == 1 ? "" : "s", net->input.h, net->input.w);
    if (!trainer_takes(net, frozen, err) || !run_takes(net, err))
        return false;
    const int scores = net_scores(net, 0), scorer = net_scorer(net, 0) >= 0 ? net_scorer(net, 0) : net->heads[0].logits;
    return scores == train->classes.count ||
           err_set(err, "%s:%d: '%s' gives %d class scores, but %s has %d classes; write 'classes' instead of the number in this row, so that it follows the "
                   "pictures", net->source, net_line(net, scorer), net->layers[scorer].name, scores, train->root, train->classes.count);
}

static bool open_loaders(Training *t, Err *err)
{
    const TrainSetup *s = &t->setup;
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const int decoders = s->options.decode_threads > 0 ? s->options.decode_threads : cores > 3 ? (int)cores / 2 : 1;
    BatchLoaderOptions loader = {.batch = s->options.batch, .threads = decoders, .seed = s->options.seed, .augment = true,
                            .views = s->options.views, .scale_min = s->options.scale_min,
                            .cache_bytes = size_limit((uint64_t)s->options.cache_mb, 20)};
    t->train = batch_loader_new(s->train, s->net, &loader, err);
    loader.augment = false;
    loader.cache_bytes = 0;
    t->val = t->train != NULL ? batch_loader_new(s->val, s->net, &loader, err) : NULL;
    return t->val != NULL;
}

/* What the frozen layers make of a picture is kept if the picture is always the same. */
static bool make_features(Training *t, Err *err)
{
    if (t->frozen == NULL)
        return true;
    if (t->setup.options.views > 0 && (t->train_features = features_new(t->train, t->frozen, err)) == NULL)
        return false;
    return (t->val_features = features_new(t->val, t->frozen, err)) != NULL;
}

static bool begin_tuning(Training *t, const Tuning *tuning, Err *err)
{
    if (tuning == NULL)
        return true;
    if (!tuning_copy(&t->tuning, tuning, t->setup.net))
        return err_set(err, "%s: out of memory", t->setup.folder);
    if (tuning->freeze[0] == '\0')
        return true;
    t->frozen = frozen_new(t->setup.net, tuning->freeze, err);
    return t->frozen != NULL;
}

static bool start(Training *t, const Checkpoint *from, Err *err)
{
    const TrainSetup *s = &t->setup;
    if (!begin_tuning(t, from != NULL ? &from->tuning : s->tuning, err) || !training_fits(s->net, t->frozen, s->train, err))
        return false;
    t->group_of_layer = calloc((size_t)s->net->layer_count, sizeof *t->group_of_layer);
    if (t->group_of_layer == NULL)
        return err_set(err, "%s: out of memory", s->folder);
    history_init(&t->history, s->net, t->frozen != NULL ? t->frozen->layers : NULL, t->group_of_layer);
    t->history.majority = dataset_majority(s->val);
    t->identity = checkpoint_identity(s->net, s->train);
    if (!open_loaders(t, err) || !make_features(t, err))
        return false;
    t->trainer = trainer_new(s->engine, s->net, &s->options, t->frozen, err);
    if (t->trainer == NULL)
        return false;
    if (t->tuning.taken != NULL)
        trainer_take(t->trainer, from != NULL ? from->weights : s->begin, t->tuning.taken);
    t->trainer->cached = t->train_features != NULL;
    if (from != NULL)
        return restore(t, from, err);
    t->progress.best_accuracy = -1;
    begin_phase(t, 1);
    return true;
}

/* Writes the files that belong to a checkpoint at the beginning of an epoch: a killed training may not have written them. */
static bool save_epoch(const Training *t, Err *err)
{
    char history[TRAIN_PATH_MAX], filters[TRAIN_PATH_MAX];
    training_path(t->setup.folder, "history.csv", history);
    training_path(t->setup.folder, "filters.npy", filters);
    return (t->history.count == 0 || history_save(&t->history, history, err)) &&
           filters_add(filters, t->setup.net, t->trainer->weights, t->progress.epoch, err);
}

/* Opens or creates the files that are in the folder from the beginning. */
static bool open_records(Training *t, Err *err)
{
    const TrainSetup *s = &t->setup;
    char path[TRAIN_PATH_MAX];
    training_path(s->folder, "class_indices.json", path);
    if (!dataset_save_classes(s->train, path, err))
        return false;
    training_path(s->folder, "steps.csv", path);
    t->log = step_log_open(path, s->net, t->trainer->step, err);
    return t->log != NULL && (t->progress.batch > 0 || save_epoch(t, err));
}

Training *training_new(const TrainSetup *setup, const Checkpoint *from, Err *err)
{
    Training *t = calloc(1, sizeof *t);
    if (t == NULL) {
        err_set(err, "%s: out of memory", setup->folder);
        return NULL;
    }
    t->setup = *setup;
    if (!start(t, from, err) || !open_records(t, err)) {
        training_free(t);
        return NULL;
    }
    return t;
}

void training_free(Training *t)
{
    if (t == NULL)
        return;
    step_log_close(t->log);
    features_free(t->train_features);
    features_free(t->val_features);
    batch_loader_free(t->train);
    batch_loader_free(t->val);
    trainer_free(t->trainer);
    frozen_free(t->frozen);
    tuning_free(&t->tuning);
    history_free(&t->history);
    free(t->group_of_layer);
    free(t);
}

/* --- writing files ------------------------------------------------------------------------------------------------- */

static bool save_last(Training *t, Err *err)
{
    char path[TRAIN_PATH_MAX];
    training_path(t->setup.folder, "last.checkpoint", path);
    if (!trainer_check(t->trainer, err))
        return false;
    if (!checkpoint_save(path, t->trainer, &t->identity, &t->progress, &t->history, &t->tuning, err))
        return false;
    t->saved = true;
    return true;
}

bool training_export(const Training *t, const float *weights, const char *trained, const char *path, DType dtype, Err *err)
{
    char *labels = labels_json(t->setup.train->classes.items, t->setup.train->classes.count);
    if (labels == NULL)
        return err_set(err, "%s: out of memory, or a class name is not valid UTF-8", path);
    const char *metadata[] = {"network", t->setup.net->name, "labels", labels, "trained", trained != NULL ? trained : "", NULL};
    bool ok = weights_save(path, t->setup.net, weights, dtype, metadata, err);
    free(labels);
    return ok;
}

/* Writes the best weights so far, with a line that describes them. */
static bool save_best(const Training *t, const float *weights, Err *err)
{
    const TrainOptions *o = &t->setup.options;
    const TrainProgress *p = &t->progress;
    char trained[768], begun[400] = "random initialisation", path[TRAIN_PATH_MAX];
    if (t->tuning.from[0] != '\0')
        snprintf(begun, sizeof begun, "%s%s%s", t->tuning.from, t->frozen != NULL ? " (frozen up to " : "", t->frozen != NULL ? t->tuning.freeze : "");
    if (t->frozen != NULL)
        strncat(begun, ")", sizeof begun - strlen(begun) - 1);
    snprintf(trained, sizeof trained,
             "by inceptoscope train from %s on %d pictures: %s lr %g %s, batch %d, label smoothing %g, seed "
             "%llu; %s of epoch %d, validation accuracy %.4f on %d pictures",
             begun, t->setup.train->count, o->optimizer == OPTIMIZER_ADAM ? "adam" : "sgd", o->lr, schedule_name(o->schedule),
             o->batch, o->label_smoothing, (unsigned long long)o->seed, p->best_is_ema ? "averaged weights" : "weights",
             p->best_epoch, p->best_accuracy, t->setup.val->count);
    training_path(t->setup.folder, "best.safetensors", path);
    return training_export(t, weights, trained, path, DTYPE_F32, err);
}

/* --- one epoch ----------------------------------------------------------------------------------------------------- */

static void tell_unreadable(BatchLoader *loader, int *told, const TrainEvents *events)
{
    char line[800];
    for (; batch_loader_unreadable(loader, *told, line, sizeof line); ++*told)
        if (events->note != NULL)
            events->note(events->user, line);
}

static void losses_scale(Losses *l, double by)
{
    l->total *= by;
    for (int h = 0; h < HEADS_MAX; h++)
        l->head[h] *= by;
}

static void tell_step(Training *t, const TrainEvents *events, double lr)
{
    const TrainProgress *p = &t->progress;
    TrainStatus status = {.epoch = p->epoch + 1, .epochs = t->setup.options.epochs, .batch = p->batch,
                          .batches = batch_loader_batches(t->train), .mean = p->sums, .lr = lr, .seconds = p->seconds,
                          .waited = batch_loader_waited(t->train)};
    losses_scale(&status.mean, p->seen > 0 ? 1.0 / (double)p->seen : 0);
    status.seconds_left = p->batch > 0 ? p->seconds / p->batch * (status.batches - p->batch) : 0;
    if (events->step != NULL)
        events->step(events->user, &status);
}

static bool explain_stop(const Training *t, const Err *cause, Err *err)
{
    return err_set(err, "epoch %d, batch %d: %s; %s", t->progress.epoch + 1, t->progress.batch + 1, cause->text,
                   t->saved ? "the last good checkpoint is kept, continue from it with --resume and a lower --lr"
                            : "no checkpoint was written yet, start again with a lower --lr");
}

static bool one_batch(Training *t, const Batch *batch, double *lr, Err *err)
{
    TrainProgress *p = &t->progress;
    StepResult step = {0};
    Err cause = {""};
    if (batch->n > 0 && !trainer_step(t->trainer, batch->x, batch->labels, batch->n, &step, &cause))
        return explain_stop(t, &cause, err);
    for (int h = 0; h < HEADS_MAX; h++)
        p->sums.head[h] += step.losses.head[h];
    p->sums.total += step.losses.total;
    p->sums.correct += step.losses.correct;
    p->seen += step.n;
    for (int l = 0; l < t->setup.net->layer_count && batch->n > 0; l++)
        if (t->group_of_layer[l] >= 0)
            p->norm2[t->group_of_layer[l]] += t->trainer->layer_norm2[l];
    p->batch++;
    *lr = step.lr;
    losses_scale(&step.losses, step.n > 0 ? 1.0 / step.n : 0);
    return step.n == 0 || step_log_add(t->log, t->trainer->step, step.lr, &step.losses, err);
}

/* Trains to the end of the epoch, or until events->stop; *stopped: the latter. */
static bool train_batches(Training *t, const TrainEvents *events, bool *stopped, Err *err)
{
    TrainProgress *p = &t->progress;
    const int every = t->setup.options.save_every;
    if (!t->begun)
        batches_begin(t->train, t->train_features, p->epoch, p->batch);
    t->begun = false;
    for (;;) {
        if (events->stop != NULL && events->stop(events->user)) {
            *stopped = true;
            return save_last(t, err);
        }
        double start = clock_seconds(), lr = 0;
        Batch batch;
        if (!batches_next(t->train, t->train_features, &batch))
            break;
        if (!one_batch(t, &batch, &lr, err))
            return false;
        p->seconds += clock_seconds() - start;
        tell_unreadable(t->train, &t->told_train, events);
        tell_step(t, events, lr);
        if (every > 0 && p->batch % every == 0 && p->batch < batch_loader_batches(t->train) && !save_last(t, err))
            return false;
    }
    *stopped = false;
    return p->seen > 0 || err_set(err, "%s: none of the pictures could be decoded", t->setup.train->root);
}

static bool better(const TrainProgress *p, const Evaluation *e)
{
    double accuracy = evaluation_accuracy(e);
    return accuracy > p->best_accuracy || (accuracy == p->best_accuracy && e->loss < p->best_loss);
}

/* Keeps the weights if they are better than all before. */
static bool keep_best(Training *t, const Evaluation *e, const float *weights, bool is_ema, bool *best, Err *err)
{
    if (!better(&t->progress, e))
        return true;
    *best = true;
    t->progress.best_accuracy = evaluation_accuracy(e);
    t->progress.best_loss = e->loss;
    t->progress.best_epoch = t->progress.epoch + 1;
    t->progress.best_is_ema = is_ema;
    return save_best(t, weights, err);
}

bool training_evaluate(Training *t, const float *weights, Evaluation *out, Err *err)
{
    t->trainer->packed = false; /* the frozen layers' weights may be others */
    return evaluate(t->trainer->run, weights, t->val, t->setup.val->count, out, err);
}

/* The same for weights of this training, in which the frozen layers are the same. */
static bool evaluate_own(Training *t, const float *weights, Evaluation *out, Err *err)
{
    if (t->val_features == NULL)
        return training_evaluate(t, weights, out, err);
    return evaluate_features(t->trainer->run, weights, t->frozen, t->val_features, t->setup.val->count, out, err);
}

/* The epoch's row, without validation. */
static HistoryRow make_row(const Training *t)
{
    const TrainProgress *p = &t->progress;
    const double per_picture = 1.0 / (double)p->seen;
    HistoryRow row = {.epoch = p->epoch + 1, .phase = p->phase, .step = t->trainer->step,
                      .lr = schedule_lr(&t->trainer->schedule, t->trainer->step - 1), .seconds = p->seconds,
                      .train_total = p->sums.total * per_picture, .train_accuracy = p->sums.correct * per_picture,
                      .ema_loss = -1, .ema_accuracy = -1};
    for (int h = 0; h < HEADS_MAX; h++)
        row.train_head[h] = p->sums.head[h] * per_picture;
    for (int g = 0; g < t->history.group_count; g++)
        row.norm[g] = sqrt(p->norm2[g] / p->batch);
    snprintf(row.note, sizeof row.note, "%s", p->phase_note);
    return row;
}

static bool validate(Training *t, HistoryRow *row, bool *best, Err *err)
{
    Evaluation e;
    if (!evaluate_own(t, t->trainer->weights, &e, err))
        return false;
    row->val_loss = e.loss;
    row->val_accuracy = evaluation_accuracy(&e);
    bool ok = e.count > 0 || err_set(err, "%s: none of the pictures could be decoded", t->setup.val->root);
    ok = ok && keep_best(t, &e, t->trainer->weights, false, best, err);
    evaluation_free(&e);
    if (!ok || t->trainer->ema == NULL)
        return ok;
    if (!evaluate_own(t, t->trainer->ema, &e, err))
        return false;
    row->ema_loss = e.loss;
    row->ema_accuracy = evaluation_accuracy(&e);
    ok = keep_best(t, &e, t->trainer->ema, true, best, err);
    evaluation_free(&e);
    return ok;
}

static void say_removed(const TrainEvents *events, const char *path)
{
    char line[TRAIN_PATH_MAX + 80];
    snprintf(line, sizeof line, "%s: was removed during the training; a new file was started", path);
    if (events->note != NULL)
        events->note(events->user, line);
}

/* Two files are created once and then only extended. If the user has emptied the folder, they are created again. */
static bool records_stay(Training *t, const TrainEvents *events, Err *err)
{
    const TrainSetup *s = &t->setup;
    char path[TRAIN_PATH_MAX];
    training_path(s->folder, "class_indices.json", path);
    if (access(path, F_OK) != 0) {
        say_removed(events, path);
        if (!dataset_save_classes(s->train, path, err))
            return false;
    }
    training_path(s->folder, "steps.csv", path);
    if (step_log_stays(t->log))
        return true;
    say_removed(events, path);
    step_log_close(t->log);
    t->log = step_log_open(path, s->net, t->trainer->step, err);
    return t->log != NULL;
}

static bool finish_epoch(Training *t, const TrainEvents *events, Err *err)
{
    TrainProgress *p = &t->progress;
    if (p->epoch + 1 < t->setup.options.epochs) { /* during the validation, the next epoch's first pictures are decoded */
        batches_begin(t->train, t->train_features, p->epoch + 1, 0);
        t->begun = true;
    }
    HistoryRow row = make_row(t);
    bool best = false;
    if (!trainer_check(t->trainer, err) || !validate(t, &row, &best, err))
        return false;
    tell_unreadable(t->val, &t->told_val, events);
    if (!history_add(&t->history, &row))
        return err_set(err, "%s: out of memory", t->setup.folder);
    TrainProgress next = {.epoch = p->epoch + 1, .phase = p->phase, .best_accuracy = p->best_accuracy, .best_loss = p->best_loss,
                     .best_epoch = p->best_epoch, .best_is_ema = p->best_is_ema};
    *p = next;
    if (!save_last(t, err) || !save_epoch(t, err) || !records_stay(t, events, err))
        return false;
    if (events->epoch != NULL)
        events->epoch(events->user, &row, best);
    return true;
}

/* Computes what the frozen layers make of every picture, if that is kept. False if it was stopped. */
static bool prepare(Training *t, const TrainEvents *events)
{
    Features *const sets[] = {t->val_features, t->train_features};
    const int val = t->setup.val->count, total = val + (t->train_features != NULL ? t->setup.train->count * t->setup.options.views : 0);
    run_weights(t->trainer->run, t->trainer->weights);
    for (int i = 0, done = 0, all = 0; i < 2; i++)
        while (sets[i] != NULL && features_compute(sets[i], t->trainer->run, &done, &all)) {
            if (events->prepare != NULL)
                events->prepare(events->user, i * val + done, total);
            if (events->stop != NULL && events->stop(events->user))
                return false;
        }
    tell_unreadable(t->val, &t->told_val, events);
    tell_unreadable(t->train, &t->told_train, events);
    return true;
}

bool training_run(Training *t, const TrainEvents *events, TrainEnd *end, Err *err)
{
    const TrainOptions *o = &t->setup.options;
    const TrainEvents none = {0};
    events = events != NULL ? events : &none;
    *end = TRAIN_DONE;
    if (t->frozen != NULL && t->progress.epoch < o->epochs && !prepare(t, events)) {
        *end = TRAIN_INTERRUPTED;
        return t->saved || save_last(t, err);
    }
    while (t->progress.epoch < o->epochs) {
        bool stopped = false;
        if (!train_batches(t, events, &stopped, err))
            return false;
        if (stopped) {
            *end = TRAIN_INTERRUPTED;
            return true;
        }
        if (!finish_epoch(t, events, err))
            return false;
        if (o->stop_after > 0 && t->progress.epoch - t->progress.best_epoch >= o->stop_after) {
            *end = TRAIN_STOPPED_EARLY;
            return true;
        }
    }
    return true;
}

const TrainProgress *training_progress(const Training *t)
{
    return &t->progress;
}

const History *training_history(const Training *t)
{
    return &t->history;
}
