/* fuzz_checkpoint.c - libFuzzer target of a training's checkpoints. It needs no seeds: mutations begin with a genuine one, and keep its arrays
 * whole while the header's text changes. */
#include "engine/train/checkpoint.h"
#include "engine/io/file.h"
#include "engine/io/weights.h"
#include "tests/fuzz_file.h"
#include "tests/fuzz_mutate.h"

enum { CLASSES = 2, PICTURES = 6 };

typedef struct Genuine {
    Net *net;
    Dataset set;
    unsigned char *bytes; size_t size;
} Genuine;

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);
size_t LLVMFuzzerCustomMutator(unsigned char *bytes, size_t size, size_t most, unsigned seed);

static void save(Genuine *g, const char *path)
{
    Err err;
    TrainOptions options = train_defaults();
    options.ema_decay = 0.9;
    options.batch = 2;
    Trainer *trainer = trainer_new(&reference_engine, g->net, &options, NULL, &err);
    assert(trainer != NULL);
    weights_random(g->net, 1, trainer->weights);
    History history;
    int *groups = malloc((size_t)g->net->layer_count * sizeof *groups);
    history_init(&history, g->net, NULL, groups);
    const HistoryRow row = {.epoch = 1, .phase = 1, .step = 3, .lr = 3e-4, .note = "phase 1"};
    const TrainProgress progress = {.epoch = 1, .phase = 1, .best_accuracy = 0.5, .best_loss = 1, .best_epoch = 1};
    const Identity identity = checkpoint_identity(g->net, &g->set);
    const Tuning tuning = {.from = ""};
    const bool saved = history_add(&history, &row) && checkpoint_save(path, trainer, &identity, &progress, &history, &tuning, &err);
    assert(saved);
    history_free(&history);
    free(groups);
    trainer_free(trainer);
}

/* Made once; it lives as long as the program. */
static Genuine *genuine(void)
{
    static Genuine g;
    if (g.bytes != NULL)
        return &g;
    Err err;
    const NetOptions options = {.classes = CLASSES};
    g.net = net_open("tiny", "assets/networks", &options, &err);
    assert(g.net != NULL);
    g.set = (Dataset){.count = PICTURES};
    for (int i = 0; i < CLASSES; i++)
        string_list_add(&g.set.classes, "class%d", i);
    char folder[] = "/tmp/inceptoscope-fuzz-XXXXXX", path[64];
    const bool made = mkdtemp(folder) != NULL;
    assert(made);
    snprintf(path, sizeof path, "%s/one", folder);
    save(&g, path);
    const bool read = file_read(path, 1 << 20, NULL, &g.bytes, &g.size, &err);
    assert(read);
    unlink(path);
    rmdir(folder);
    return &g;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const Genuine *g = genuine();
    FuzzFile file = fuzz_file(bytes, size);
    Err err;
    Checkpoint c;
    const Identity identity = checkpoint_identity(g->net, &g->set);
    if (checkpoint_load(file.path, g->net, &identity, &c, &err)) {
        Trainer *trainer = c.options.batch <= 64 && c.options.threads <= 4 ? trainer_new(&reference_engine, g->net, &c.options, NULL, &err) : NULL;
        if (trainer != NULL && (trainer->ema != NULL) == (c.ema != NULL))
            checkpoint_restore(&c, trainer);
        trainer_free(trainer);
        checkpoint_free(&c);
    }
    char name[NET_NAME_MAX];
    bool heads;
    (void)checkpoint_peek(file.path, name, &heads, &err);
    fuzz_file_end(&file);
    return 0;
}

size_t LLVMFuzzerCustomMutator(unsigned char *bytes, size_t size, size_t most, unsigned seed)
{
    const Genuine *g = genuine();
    if ((size < 16 || seed % 64 == 0) && g->size <= most) {
        memcpy(bytes, g->bytes, g->size);
        size = g->size;
    }
    const size_t changed = seed % 8 != 0 ? mutate_safetensors(bytes, size, most, seed / 8) : 0;
    return changed > 0 ? changed : LLVMFuzzerMutate(bytes, size, most);
}
