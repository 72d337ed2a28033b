/* train_report.c - prints the output of `inceptoscope train`; see train_report.h. Results go to standard output, progress and
 * remarks to standard error. */
#include "app/cli/train_report.h"
#include "app/cli/table.h"
#include "engine/train/confusion.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 30, NOTES_SHOWN = 20, COLUMN_MAX = 24 };

static void print_notes(const Dataset *set)
{
    for (int i = 0; i < set->notes.count && i < NOTES_SHOWN; i++)
        fprintf(stderr, "%s\n", set->notes.items[i]);
    if (set->notes.count > NOTES_SHOWN)
        fprintf(stderr, "%s: %d more entries skipped\n", set->root, set->notes.count - NOTES_SHOWN);
}

void report_start(const TrainSetup *setup, const Checkpoint *from)
{
    const Dataset *train = setup->train, *val = setup->val;
    print_notes(train);
    print_notes(val);
    for (int i = 0; i < train->classes.count; i++)
        printf("class %d: %s, %d pictures for training, %d for validation\n", i, train->classes.items[i], train->per_class[i],
               val->per_class[i]);
    printf("%s: %zu parameters; using %d images for training, %d images for validation; always answering the largest class "
           "would reach %.3f\n", setup->net->name, setup->net->weight_count, train->count, val->count, dataset_majority(val));
    if (from != NULL) {
        printf("continuing at epoch %d, batch %d, step %lld", from->progress.epoch + 1, from->progress.batch + 1,
               (long long)from->step);
        if (from->progress.best_epoch > 0)
            printf("; best so far %.3f in epoch %d", from->progress.best_accuracy, from->progress.best_epoch);
        printf("\n");
    }
    fflush(stdout);
}

/* The layers that begin with random weights, at most a few of them. */
static void print_new(const Net *net, const bool *taken)
{
    int listed = 0, layers = 0;
    for (int l = 0; l < net->layer_count; l++) {
        const int weight = net->layers[l].weight;
        if (weight < 0 || taken[weight])
            continue;
        layers++;
        if (listed < 4)
            printf("%s %s", listed++ > 0 ? "," : "; new:", net->layers[l].name);
    }
    if (layers > listed)
        printf(" and %d more layers", layers - listed);
}

void report_taken(const TrainSetup *setup, const char *path, const WeightsTaken *taken)
{
    const Net *net = setup->net;
    const TrainOptions *o = &setup->options;
    printf("%s: %d tensors taken for %s (%s)", path, taken->taken, net->name, taken->why);
    print_new(net, setup->tuning->taken);
    if (!taken->classifier && taken->classes > 0)
        printf("; the classifier for %d classes is replaced by one for %d%s", taken->classes, net_scores(net, 0),
               taken->classes == net_scores(net, 0) ? " of other names" : "");
    if (taken->left > 0)
        printf("; %d tensors of the file not used", taken->left);
    printf("\n");
    if (setup->tuning->freeze[0] != '\0') {
        printf("frozen up to %s: no gradients, ", setup->tuning->freeze);
        if (o->views == 0)
            printf("computed for new random crops in each epoch (--views 1: once for each picture)");
        else if (o->views == 1)
            printf("computed once for each picture, without random crops (--views 8: for 7 fixed crops besides; 0: for new ones in each epoch)");
        else
            printf("computed once for each picture and %d fixed crops of it", o->views - 1);
        printf("\n");
    }
    printf("new layers learn at %g, taken ones at %g (--lr, --lr-ratio)\n", o->lr, o->lr * o->lr_ratio);
    fflush(stdout);
}

static sigset_t held_back(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void report_block_signals(void)
{
    sigset_t set = held_back();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static bool stop_wanted(void *user)
{
    (void)user;
    sigset_t set = held_back();
    const struct timespec at_once = {0, 0};
    return sigtimedwait(&set, NULL, &at_once) > 0;
}

static void clear_bar(void)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\x1b[K");
}

static void show_prepare(void *user, int done, int all)
{
    (void)user;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\x1b[Kfrozen layers: %d of %d pictures", done, all);
}

static void show_step(void *user, const TrainStatus *s)
{
    (void)user;
    if (!isatty(STDERR_FILENO))
        return;
    char bar[BAR + 1];
    int full = (int)((long long)BAR * s->batch / s->batches);
    for (int i = 0; i < BAR; i++)
        bar[i] = i < full ? '=' : i == full ? '>' : ' ';
    bar[BAR] = '\0';
    int left = (int)s->seconds_left;
    fprintf(stderr, "\r\x1b[Ktrain epoch[%d/%d] [%s] %d/%d loss:%.3f  %d:%02d left", s->epoch, s->epochs, bar, s->batch,
            s->batches, s->mean.total, left / 60, left % 60);
}

typedef struct Printer {
    const History *history;     /* for the heads' names and the baseline */
} Printer;

static void show_epoch(void *user, const HistoryRow *row, bool best)
{
    const History *h = ((const Printer *)user)->history;
    clear_bar();
    printf("[epoch %d] train_loss: %.3f  val_accuracy: %.3f ", row->epoch, row->train_total, row->val_accuracy);
    if (row->ema_accuracy >= 0)
        printf(" averaged: %.3f ", row->ema_accuracy);
    printf(" (majority %.3f; losses", h->majority);
    for (int i = 0; i < h->head_count; i++)
        printf(" %s %.3f", h->head_names[i], row->train_head[i]);
    printf("; val_loss %.3f; lr %.3g; %.0f s)%s\n", row->val_loss, row->lr, row->seconds, best ? " best" : "");
    fflush(stdout);
}

static void show_note(void *user, const char *line)
{
    (void)user;
    clear_bar();
    fprintf(stderr, "%s; skipped\n", line);
}

/* A column is as wide as its class's name, within limits. */
static int column_width(const char *name, int least)
{
    const int width = text_width(name);
    return width < least ? least : width > COLUMN_MAX ? COLUMN_MAX : width;
}

static void print_confusion(const Evaluation *e, const Dataset *val)
{
    int first = 16;
    for (int c = 0; c < e->classes; c++)
        first = column_width(val->classes.items[c], first);
    printf("confusion matrix (rows: label, columns: answer)\n%*s", first, "");
    for (int c = 0; c < e->classes; c++) {
        putchar(' ');
        print_padded(stdout, val->classes.items[c], column_width(val->classes.items[c], 10), true);
    }
    printf("     recall\n");
    for (int r = 0; r < e->classes; r++) {
        const int *row = e->confusion + (size_t)r * (size_t)e->classes;
        int sum = 0;
        print_padded(stdout, val->classes.items[r], first, false);
        for (int c = 0; c < e->classes; c++) {
            printf(" %*d", column_width(val->classes.items[c], 10), row[c]);
            sum += row[c];
        }
        printf(" %10.3f\n", sum > 0 ? (double)row[r] / sum : 0.0);
    }
    printf("%d of %d correct: %.4f\n", e->correct, e->count, evaluation_accuracy(e));
}

/* Whether the parameters of `net` are the first ones of `file`, which may have heads besides. */
static bool same_params(const Net *net, const Net *file)
{
    bool same = net->param_count <= file->param_count && (net->head_count == 1 || net->param_count == file->param_count);
    for (int i = 0; same && i < net->param_count; i++)
        same = net->params[i].offset == file->params[i].offset && net->params[i].count == file->params[i].count;
    return same;
}

/* Evaluates a weight file; false with a message if it cannot be read. The caller frees *weights. */
static bool answers_of(Training *t, const TrainSetup *setup, const char *networks_dir, const char *path, float **weights,
                       Evaluation *e, Err *err)
{
    Net *net = NULL;
    WeightsInfo info;
    if (!weights_load(path, setup->net->source, networks_dir, &net, weights, &info, err))
        return false;
    weights_info_free(&info);
    bool same = same_params(setup->net, net);
    net_free(net);
    bool ok = same ? training_evaluate(t, *weights, e, err)
                   : err_set(err, "%s: its weights do not belong to the network being trained", path);
    if (!ok)
        free(*weights);
    return ok;
}

static bool export_best(Training *t, const TrainSetup *setup, const char *networks_dir, const char *best_path,
                        const float *weights, const Evaluation *best, const char *out, Err *err)
{
    TensorFile *file = tensor_file_open(best_path, err);
    if (file == NULL)
        return false;
    bool ok = training_export(t, weights, file->trained, out, DTYPE_F16, err);
    tensor_file_free(file);
    float *half = NULL;
    Evaluation e;
    if (!ok || !answers_of(t, setup, networks_dir, out, &half, &e, err))
        return false;
    printf("%s: F16, %.4f; answers differently from the F32 weights on %d of %d pictures\n", out, evaluation_accuracy(&e),
           evaluation_differences(best, &e, setup->val->count), e.count);
    evaluation_free(&e);
    free(half);
    return true;
}

static bool show_best(Training *t, const TrainSetup *setup, const char *networks_dir, const char *out, Err *err)
{
    const TrainProgress *p = training_progress(t);
    char path[TRAIN_PATH_MAX], matrix[TRAIN_PATH_MAX];
    float *weights = NULL;
    Evaluation e;
    training_path(setup->folder, "best.safetensors", path);
    if (!answers_of(t, setup, networks_dir, path, &weights, &e, err))
        return false;
    printf("best: %s of epoch %d\n", p->best_is_ema ? "averaged weights" : "weights", p->best_epoch);
    print_confusion(&e, setup->val);
    training_path(setup->folder, "confusion.csv", matrix);
    bool ok = e.classes > CONFUSION_CLASSES || confusion_save(matrix, &setup->val->classes, e.confusion, p->best_epoch, err);
    ok = ok && (out == NULL || export_best(t, setup, networks_dir, path, weights, &e, out, err));
    evaluation_free(&e);
    free(weights);
    return ok;
}

bool report_train(Training *t, const TrainSetup *setup, const char *networks_dir, const char *out, Err *err)
{
    Printer printer = {.history = training_history(t)};
    const TrainEvents events = {.user = &printer, .prepare = show_prepare, .step = show_step, .epoch = show_epoch, .note = show_note, .stop = stop_wanted};
    TrainEnd end = TRAIN_DONE;
    bool ok = training_run(t, &events, &end, err);
    clear_bar();
    if (!ok)
        return false;
    if (end == TRAIN_INTERRUPTED) {
        fprintf(stderr, "stopped; the state is in %s/last.checkpoint, continue with --resume\n", setup->folder);
        return true;
    }
    if (end == TRAIN_STOPPED_EARLY)
        printf("stopped early: no better validation accuracy in %d epochs\n", setup->options.stop_after);
    printf("Finished Training\n");
    return show_best(t, setup, networks_dir, out, err);
}
