/* train_case.h - what the tests of training share: pictures of three classes made in a temporary folder, small.net, and a
 * training of them that can be stopped anywhere. */
#ifndef INCEPTOSCOPE_TRAIN_CASE_H
#define INCEPTOSCOPE_TRAIN_CASE_H

#include "engine/io/image.h"
#include "engine/train/train.h"
#include "tests/temp_folder.h"

enum { CLASSES = 3, SIDE = 64 };

static inline void make_folder(const char *name)
{
    CHECK(mkdir(inside(name), 0777) == 0, "%s", name);
}

/* Class k is bright in channel k, with noise. */
static inline void make_picture(const char *name, int label, uint64_t seed)
{
    unsigned char rgb[48 * 40 * 3];
    Rng rng = rng_make(seed, 1);
    for (int i = 0; i < 48 * 40 * 3; i++)
        rgb[i] = (unsigned char)((i % 3 == label ? 120 : 40) + rng_below(&rng, 60));
    Err err = {""};
    CHECK(image_save_png(inside(name), rgb, 48, 40, &err), "%s", err.text);
}

static inline int setup(void **state)
{
    if (temp_folder_make(state) != 0)
        return 1;
    static const char *const parts[] = {"train", "val"};
    char name[64];
    for (int p = 0; p < 2; p++) {
        make_folder(parts[p]);
        for (int k = 0; k < CLASSES; k++) {
            snprintf(name, sizeof name, "%s/class%d", parts[p], k);
            make_folder(name);
            for (int i = 0; i < (p == 0 ? 7 : 3); i++) {
                snprintf(name, sizeof name, "%s/class%d/%d.png", parts[p], k, i);
                make_picture(name, k, (uint64_t)(100 * p + 10 * k + i));
            }
        }
    }
    return 0;
}

static inline Net *small_net(int classes)
{
    Err err = {""};
    NetOptions options = {.input = {1, 3, SIDE, SIDE}, .classes = classes};
    Net *net = net_open("tests/nets/small.net", "tests/nets", &options, &err);
    CHECK(net != NULL, "%s", err.text);
    return net;
}

typedef struct Case {
    Net *net;
    Dataset *train, *val;
    TrainSetup setup;
    char folder[512];
} Case;

static inline Case *open_case(const char *folder)
{
    Case *c = calloc(1, sizeof *c);
    Err err = {""};
    c->net = small_net(CLASSES);
    c->train = dataset_open(inside("train"), NULL, &err);
    c->val = dataset_open(inside("val"), c->train, &err);
    CHECK(c->val != NULL, "%s", err.text);
    snprintf(c->folder, sizeof c->folder, "%s", inside(folder));
    mkdir(c->folder, 0777);
    c->setup = (TrainSetup){.engine = &reference_engine, .net = c->net, .train = c->train, .val = c->val,
                            .options = train_defaults(), .folder = c->folder};
    c->setup.options.batch = 5; /* 21 pictures: 4 batches and one of a single picture */
    c->setup.options.epochs = 3;
    c->setup.options.lr = 2e-3;
    c->setup.options.ema_decay = 0.9;
    c->setup.options.decode_threads = 2;
    c->setup.options.scale_min = 0.3;
    return c;
}

static inline void close_case(Case *c)
{
    dataset_free(c->train);
    dataset_free(c->val);
    net_free(c->net);
    free(c);
}

static inline bool load(const Case *c, Checkpoint *out, Err *err)
{
    char path[TRAIN_PATH_MAX];
    training_path(c->folder, "last.checkpoint", path);
    Identity id = checkpoint_identity(c->net, c->train);
    return checkpoint_load(path, c->net, &id, out, err);
}

typedef struct Counter {
    int steps, limit;
} Counter;

static inline bool stop_at_limit(void *user)
{
    Counter *counter = user;
    return counter->steps == counter->limit;
}

static inline void count_step(void *user, const TrainStatus *status)
{
    (void)status;
    ((Counter *)user)->steps++;
}

/* Trains for at most `limit` steps, from the last checkpoint if `resume`. */
static inline TrainEnd run_case(Case *c, bool resume, int limit)
{
    Err err = {""};
    Checkpoint from = {0};
    if (resume)
        CHECK(load(c, &from, &err), "%s", err.text);
    Training *t = training_new(&c->setup, resume ? &from : NULL, &err);
    CHECK(t != NULL, "%s", err.text);
    checkpoint_free(&from);
    Counter counter = {.limit = limit};
    TrainEvents events = {.user = &counter, .step = count_step, .stop = stop_at_limit};
    TrainEnd end;
    CHECK(training_run(t, &events, &end, &err), "%s", err.text);
    training_free(t);
    return end;
}

#endif
