/* cmd_train.c - trains a network on a folder of labelled pictures; see engine/train/train.h for what it does. */
#include "app/cli/cli.h"
#include "app/cli/train_report.h"
#include "app/cli/watch_window.h"
#include "app/model/source.h"
#include "engine/base/safe_file.h"
#include "engine/train/folders.h"
#include "engine/train/train.h"

#include <errno.h>
#include <float.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A number that was not given, so that --resume can keep the old one. Integers use INT_MIN and strings NULL. */
#define UNSET (-DBL_MAX)

/* The parsed command line. */
typedef struct TrainArguments {
    const char *data;
    int epochs, batch, micro_batch, seed, threads, decode_threads, warmup, step_epochs, save_every, stop_after, cache_mb, views;
    double lr, momentum, weight_decay, lr_min, step_factor, label_smoothing, ema_decay, scale_min, val_share, lr_ratio;
    const char *optimizer, *schedule, *engine, *network, *folder, *out, *from, *freeze;
    bool resume, watch, no_heads;
} TrainArguments;

static bool parse(int argc, char **argv, TrainArguments *w)
{
    *w = (TrainArguments){.epochs = INT_MIN, .batch = INT_MIN, .micro_batch = INT_MIN, .seed = INT_MIN, .threads = INT_MIN,
                 .decode_threads = INT_MIN, .warmup = INT_MIN, .step_epochs = INT_MIN, .save_every = INT_MIN,
                 .stop_after = INT_MIN, .cache_mb = INT_MIN, .views = INT_MIN, .lr_ratio = UNSET, .lr = UNSET, .momentum = UNSET,
                 .weight_decay = UNSET, .lr_min = UNSET, .step_factor = UNSET, .label_smoothing = UNSET,
                 .ema_decay = UNSET, .scale_min = UNSET, .val_share = 0.2, .folder = "training"};
    const Option options[] = {
        {"--epochs", OPT_INT, &w->epochs, NULL},
        {"--batch", OPT_INT, &w->batch, NULL},
        {"--chunk", OPT_INT, &w->micro_batch, NULL},
        {"--lr", OPT_FLOAT, &w->lr, NULL},
        {"--seed", OPT_INT, &w->seed, NULL},
        {"--optimizer", OPT_STRING, &w->optimizer, "adam|sgd"},
        {"--momentum", OPT_FLOAT, &w->momentum, NULL},
        {"--weight-decay", OPT_FLOAT, &w->weight_decay, NULL},
        {"--schedule", OPT_STRING, &w->schedule, "constant|cosine|step"},
        {"--lr-min", OPT_FLOAT, &w->lr_min, NULL},
        {"--warmup", OPT_INT, &w->warmup, NULL},
        {"--step-epochs", OPT_INT, &w->step_epochs, NULL},
        {"--step-factor", OPT_FLOAT, &w->step_factor, NULL},
        {"--label-smoothing", OPT_FLOAT, &w->label_smoothing, NULL},
        {"--average", OPT_FLOAT, &w->ema_decay, NULL},
        {"--crop-min", OPT_FLOAT, &w->scale_min, NULL},
        {"--val-share", OPT_FLOAT, &w->val_share, NULL},
        {"--save-every", OPT_INT, &w->save_every, NULL},
        {"--stop-after", OPT_INT, &w->stop_after, NULL},
        {"--cache-mb", OPT_INT, &w->cache_mb, NULL},
        {"--threads", OPT_INT, &w->threads, NULL},
        {"--decode-threads", OPT_INT, &w->decode_threads, NULL},
        {"--engine", OPT_STRING, &w->engine, engine_names},
        {"--network", OPT_STRING, &w->network, NULL},
        {"--checkpoint-dir", OPT_STRING, &w->folder, NULL},
        {"--out", OPT_STRING, &w->out, NULL},
        {"--from", OPT_STRING, &w->from, NULL},
        {"--freeze", OPT_STRING, &w->freeze, NULL},
        {"--views", OPT_INT, &w->views, NULL},
        {"--lr-ratio", OPT_FLOAT, &w->lr_ratio, NULL},
        {"--no-heads", OPT_FLAG, &w->no_heads, NULL},
        {"--resume", OPT_FLAG, &w->resume, NULL},
        {"--watch", OPT_FLAG, &w->watch, NULL},
    };
    const char *rest[1] = {NULL};
    int count = 0;
    if (!cli_parse(argc, argv, options, (int)(sizeof options / sizeof *options), rest, 1, &count))
        return false;
    if (count == 0) {
        cli_complain("train: name the folder that has train/ and val/ in it, each with one folder of pictures per class, or one such folder alone");
        return false;
    }
    w->data = rest[0];
    if (!(w->val_share > 0.0 && w->val_share < 1.0)) {
        cli_complain("train: --val-share takes a number between 0 and 1, not %g", w->val_share);
        return false;
    }
    if (w->resume && (w->from != NULL || w->freeze != NULL || w->no_heads)) {
        cli_complain("train: %s belongs to the beginning of a training, and its checkpoint knows it; leave it out with --resume",
                     w->from != NULL ? "--from" : w->freeze != NULL ? "--freeze" : "--no-heads");
        return false;
    }
    if (w->freeze != NULL && w->from == NULL) {
        cli_complain("train: --freeze keeps layers as they are, so they must come from a weight file; name it with --from");
        return false;
    }
    const char *const folders[] = {w->data, w->folder};
    for (int i = 0; i < 2; i++)
        if (strlen(folders[i]) > TRAIN_FOLDER_MAX) {
            cli_complain("train: the path %.40s... is longer than %d bytes; use a shorter, relative path", folders[i], TRAIN_FOLDER_MAX);
            return false;
        }
    const char *dot = w->out != NULL ? strrchr(w->out, '.') : NULL;
    if (w->out != NULL && (dot == NULL || strcasecmp(dot, ".safetensors") != 0)) {
        cli_complain("train: --out takes a name that ends in .safetensors, not '%s'; inceptoscope convert turns that file into .pth or .npz", w->out);
        return false;
    }
    return true;
}

/* Reports a place that cannot be written before the training, not after it. */
static bool can_write(const char *path, Err *err)
{
    SafeFile file;
    if (path == NULL)
        return true;
    if (!safe_file_open(&file, path, err))
        return false;
    safe_file_abandon(&file);
    return true;
}

static void set_int(int *value, int given)
{
    if (given != INT_MIN)
        *value = given;
}

static void set_real(double *value, double given)
{
    if (given != UNSET)
        *value = given;
}

/* Options that were given replace the defaults or those of a checkpoint. */
static void apply(const TrainArguments *w, TrainOptions *o)
{
    set_int(&o->epochs, w->epochs);
    set_int(&o->batch, w->batch);
    set_int(&o->micro_batch, w->micro_batch);
    set_int(&o->threads, w->threads);
    set_int(&o->decode_threads, w->decode_threads);
    set_int(&o->warmup, w->warmup);
    set_int(&o->step_epochs, w->step_epochs);
    set_int(&o->save_every, w->save_every);
    set_int(&o->stop_after, w->stop_after);
    set_int(&o->cache_mb, w->cache_mb);
    set_int(&o->views, w->views);
    set_real(&o->lr_ratio, w->lr_ratio);
    set_real(&o->lr, w->lr);
    set_real(&o->momentum, w->momentum);
    set_real(&o->weight_decay, w->weight_decay);
    set_real(&o->lr_min, w->lr_min);
    set_real(&o->step_factor, w->step_factor);
    set_real(&o->label_smoothing, w->label_smoothing);
    set_real(&o->ema_decay, w->ema_decay);
    set_real(&o->scale_min, w->scale_min);
    if (w->seed != INT_MIN)
        o->seed = (uint64_t)w->seed;
    if (w->optimizer != NULL)
        o->optimizer = strcmp(w->optimizer, "sgd") == 0 ? OPTIMIZER_SGD : OPTIMIZER_ADAM;
    if (w->schedule != NULL)
        o->schedule = strcmp(w->schedule, "cosine") == 0 ? SCHEDULE_COSINE
                      : strcmp(w->schedule, "step") == 0 ? SCHEDULE_STEP
                                                         : SCHEDULE_CONSTANT;
}

static bool in_range(const TrainOptions *o)
{
    const struct {
        const char *name;
        double value, low, high;
    } limits[] = {
#define VALUE_INT(v) (v)
#define VALUE_REAL(v) (v)
#define VALUE_INT64(v) ((double)(int64_t)(v)) /* shows a negative seed as it was given */
#define OPTION(kind, member, key, word, low, high) {word, VALUE_##kind(o->member), low, high},
#include "engine/train/options.def"
#undef OPTION
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!(limits[i].value >= limits[i].low && limits[i].value <= limits[i].high)) {
            cli_complain("train: %s takes a number from %g to %g, not %g", limits[i].name, limits[i].low, limits[i].high,
                         limits[i].value);
            return false;
        }
    return true;
}

/* Everything that is open while training. */
typedef struct TrainJob {
    Dataset *train, *val;
    char *networks;             /* the folder of descriptions */
    Net *net;
    WeightsTaken taken;         /* --from; its net is moved to `net` */
    Tuning tuning;
    Checkpoint from;
    bool resumed;
    Training *training;
} TrainJob;

static void train_job_close(TrainJob *s)
{
    training_free(s->training);
    if (s->resumed)
        checkpoint_free(&s->from);
    net_free(s->net);
    weights_taken_free(&s->taken);
    free(s->networks);
    dataset_free(s->train);
    dataset_free(s->val);
}

/* The network to train with random weights, or that of the checkpoint. */
static bool open_network(const TrainArguments *w, TrainJob *s, Err *err)
{
    char path[TRAIN_PATH_MAX], name[NET_NAME_MAX] = "googlenet";
    NetOptions options = {.classes = s->train->classes.count, .no_heads = w->no_heads};
    bool heads = true;
    training_path(w->folder, "last.checkpoint", path);
    if (w->resume && !checkpoint_peek(path, name, &heads, err))
        return false;
    options.no_heads = options.no_heads || !heads;
    s->net = net_open(w->network != NULL ? w->network : name, s->networks, &options, err);
    return s->net != NULL;
}

/* Reads --from. If the network then has heads that nothing depends on, it is read again without them. */
static bool take_weights(const TrainArguments *w, TrainJob *s, Frozen **frozen, Err *err)
{
    NetOptions options = {.classes = s->train->classes.count, .no_heads = w->no_heads};
    for (;;) {
        if (!weights_take(w->from, w->network, s->networks, &options, s->train->classes.items, &s->taken, err))
            return false;
        if (w->freeze != NULL && (*frozen = frozen_new(s->taken.net, w->freeze, err)) == NULL)
            return false;
        if (*frozen == NULL || !frozen_heads_idle(*frozen))
            break;
        printf("the auxiliary heads are left out: nothing that they read learns\n");
        frozen_free(*frozen);
        *frozen = NULL;
        weights_taken_free(&s->taken);
        options.no_heads = true;
    }
    const char *slash = strrchr(w->from, '/');
    snprintf(s->tuning.from, sizeof s->tuning.from, "%s", slash != NULL ? slash + 1 : w->from);
    if (*frozen != NULL)
        net_address_text(s->taken.net, (Address){.layer = (*frozen)->last, .channel = -1}, s->tuning.freeze, sizeof s->tuning.freeze);
    s->tuning.taken = s->taken.params;
    s->net = s->taken.net;
    s->taken.net = NULL;
    return true;
}

static bool open_data(const TrainArguments *w, TrainJob *s, Err *err)
{
    char said[FOLDERS_TEXT];
    Frozen *frozen = NULL;
    if (!folders_open(w->data, w->val_share, &s->train, &s->val, said, err))
        return false;
    if (said[0] != '\0')
        fprintf(stderr, "%s\n", said);
    s->networks = asset_path("networks");
    if (s->networks == NULL)
        return err_set(err, "not enough memory");
    bool good = w->from != NULL ? take_weights(w, s, &frozen, err) : open_network(w, s, err);
    good = good && (w->resume || training_fits(s->net, frozen, s->train, err)); /* a resumed training knows what is frozen */
    frozen_free(frozen);
    return good;
}

/* Makes the folder for checkpoints if it does not exist. An earlier run in it is continued or left alone, never overwritten. */
static bool open_folder(const TrainArguments *w, TrainJob *s, Err *err)
{
    char path[TRAIN_PATH_MAX];
    if (mkdir(w->folder, 0777) != 0 && errno != EEXIST)
        return err_set(err, "%s: cannot make this folder: %s", w->folder, strerror(errno));
    training_path(w->folder, "last.checkpoint", path);
    if (w->resume) {
        Identity identity = checkpoint_identity(s->net, s->train);
        s->resumed = checkpoint_load(path, s->net, &identity, &s->from, err);
        return s->resumed;
    }
    if (access(path, F_OK) == 0)
        return err_set(err, "%s: an earlier training is here; continue it with --resume or choose another "
                            "--checkpoint-dir", path);
    return true;
}

static int train(const TrainArguments *w, const TrainOptions *given)
{
    TrainOptions options = *given;
    TrainJob s = {0};
    Err err = {""};
    bool ok = can_write(w->out, &err) && open_data(w, &s, &err) && open_folder(w, &s, &err);
    if (ok && s.resumed) { /* options that are not on the command line keep their values */
        options = s.from.options;
        apply(w, &options);
    }
    if (ok) {
        TrainSetup setup = {.engine = engine_named(w->engine), .net = s.net, .train = s.train, .val = s.val, .options = options,
                            .tuning = w->from != NULL ? &s.tuning : NULL, .begin = s.taken.values, .folder = w->folder};
        report_start(&setup, s.resumed ? &s.from : NULL);
        if (w->from != NULL)
            report_taken(&setup, w->from, &s.taken);
        report_block_signals(); /* before the first thread starts, so that all of them inherit it */
        s.training = training_new(&setup, s.resumed ? &s.from : NULL, &err);
        if (s.resumed) {
            checkpoint_free(&s.from);
            s.resumed = false;
        }
        ok = s.training != NULL && report_train(s.training, &setup, s.networks, w->out, &err);
    }
    if (!ok)
        cli_complain("%s", err.text);
    train_job_close(&s);
    return ok ? EXIT_OK : EXIT_INPUT;
}

/* Trains in a separate process, so that the window can neither slow it down nor end it: after the window is closed the training
 * continues in the terminal. */
static int train_watched(const TrainArguments *w, const TrainOptions *options)
{
    if (mkdir(w->folder, 0777) != 0 && errno != EEXIST) {
        cli_complain("%s: cannot make this folder: %s", w->folder, strerror(errno));
        return EXIT_INPUT;
    }
    pid_t child = fork();
    if (child == 0)
        return train(w, options);
    if (child < 0) {
        cli_complain("cannot start a second process: %s", strerror(errno));
        return EXIT_INPUT;
    }
    signal(SIGINT, SIG_IGN); /* ctrl-c reaches the training, which ends with a checkpoint */
    ShellOptions shell = {.width = 1280, .height = 720, .title = "Inceptoscope"};
    if (watch_window(w->folder, LANG_EN, false, &shell) != EXIT_OK)
        cli_complain("training continues without a window");
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_INPUT;
}

int cmd_train(int argc, char **argv)
{
    TrainArguments w;
    if (!parse(argc, argv, &w))
        return EXIT_USAGE;
    TrainOptions options = train_defaults();
    if (w.freeze != NULL)
        options.views = 1; /* so that the frozen layers compute each picture once */
    apply(&w, &options);
    if (!in_range(&options))
        return EXIT_USAGE;
    return w.watch ? train_watched(&w, &options) : train(&w, &options);
}
