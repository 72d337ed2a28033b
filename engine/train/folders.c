/* folders.c - see folders.h. */
#include "engine/train/folders.h"
#include "engine/base/hash.h"
#include "engine/base/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NESTED_MAX = 3 };

static const char *const train_words[] = {"train", "training", NULL}, *const val_words[] = {"val", "valid", "validation", "test", "testing", NULL};

/* The first of these words that is a folder's name, in any case; NULL if none is. */
static const char *find_word(const StringList *folders, const char *const *words)
{
    for (; *words != NULL; words++)
        for (int i = 0; i < folders->count; i++)
            if (strcasecmp(folders->items[i], *words) == 0)
                return folders->items[i];
    return NULL;
}

static char *inside(const char *root, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", root, name) >= 0 ? path : NULL;
}

/* A picture's place in the order in which a class is split. */
typedef struct Draw {
    uint64_t key;
    int sample;
} Draw;

static int by_key(const void *a, const void *b)
{
    const Draw *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->sample - y->sample;
}

/* Marks the pictures of one class that are for validation. */
static bool draw_class(const Dataset *set, int label, double share, Draw *draws, bool *chosen, Err *err)
{
    int count = 0, taken = (int)((double)set->per_class[label] * share + 0.5);
    for (int i = 0; i < set->count; i++)
        if (set->samples[i].label == label) {
            const char *below = set->samples[i].path + strlen(set->root); /* a moved folder is split alike */
            draws[count++] = (Draw){rng_mix(hash_bytes(HASH_START, below, strlen(below)) + SPLIT_SEED), i};
        }
    if (count < 2)
        return err_set(err, "%s: the class '%s' has one picture, but a split into training and validation needs two; add one, or make train/ and val/ yourself",
                       set->root, set->classes.items[label]);
    taken = taken < 1 ? 1 : taken > count - 1 ? count - 1 : taken;
    qsort(draws, (size_t)count, sizeof *draws, by_key);
    for (int i = 0; i < taken; i++)
        chosen[draws[i].sample] = true;
    return true;
}

/* Splits the pictures of one folder. */
static bool split(const char *root, double share, Dataset **train, Dataset **val, char said[FOLDERS_TEXT], Err *err)
{
    Dataset *set = dataset_open(root, NULL, err);
    if (set == NULL)
        return false;
    Draw *draws = malloc((size_t)set->count * sizeof *draws);
    bool *chosen = calloc((size_t)set->count, sizeof *chosen);
    bool good = (draws != NULL && chosen != NULL) || err_set(err, "%s: out of memory", root);
    for (int label = 0; good && label < set->classes.count; label++)
        good = draw_class(set, label, share, draws, chosen, err);
    good = good && dataset_split(set, chosen, val, err);
    free(draws);
    free(chosen);
    if (!good) {
        dataset_free(set);
        return false;
    }
    *train = set;
    snprintf(said, FOLDERS_TEXT, "%.200s: one folder per class and no val/, so %.3g %% of each class (%d pictures) are for validation, the same in every run (seed %d)",
             root, share * 100.0, (*val)->count, SPLIT_SEED);
    return true;
}

static bool open_pair(const char *root, const char *train_name, const char *val_name, Dataset **train, Dataset **val, char said[FOLDERS_TEXT], Err *err)
{
    char *train_path = inside(root, train_name), *val_path = inside(root, val_name);
    bool good = (train_path != NULL && val_path != NULL) || err_set(err, "%s: out of memory", root);
    good = good && (*train = dataset_open(train_path, NULL, err)) != NULL;
    if (good && (*val = dataset_open(val_path, *train, err)) == NULL) {
        dataset_free(*train);
        *train = NULL;
        good = false;
    }
    if (good && (strcmp(train_name, "train") != 0 || strcmp(val_name, "val") != 0))
        snprintf(said, FOLDERS_TEXT, "%.150s: '%.60s' is for training, '%.60s' for validation", root, train_name, val_name);
    free(train_path);
    free(val_path);
    return good;
}

/* Whether ROOT/train has folders of classes itself; it may also be a class of trains. */
static bool holds_classes(const char *path)
{
    StringList folders = {0}, files = {0}, notes = {0};
    const bool holds = dataset_list(path, &folders, &files, &notes, NULL) && folders.count >= 1;
    string_list_free(&folders);
    string_list_free(&files);
    string_list_free(&notes);
    return holds;
}

static bool refuse(const char *root, const StringList *folders, const StringList *files, Err *err)
{
    char found[160] = "no folder";
    for (int i = 0, length = 0; i < folders->count && i < 4; i++)
        length += snprintf(found + length, sizeof found - (size_t)length, "%s%.30s%s", i > 0 ? ", " : "", folders->items[i], i == 3 && folders->count > 4 ? ", ..." : "");
    return err_set(err, "%s: expected train/ and val/ with one folder of pictures per class in each, or one folder of pictures per class; found %s and %d file%s",
                   root, found, files->count, files->count == 1 ? "" : "s");
}

static bool open_at(const char *root, int depth, double share, Dataset **train, Dataset **val, char said[FOLDERS_TEXT], Err *err)
{
    StringList folders = {0}, files = {0}, notes = {0};
    if (!dataset_list(root, &folders, &files, &notes, err))
        return false;
    const char *train_name = find_word(&folders, train_words), *val_name = find_word(&folders, val_words);
    char *below = train_name != NULL ? inside(root, train_name) : NULL;
    bool good;
    if (train_name != NULL && val_name != NULL) {
        good = open_pair(root, train_name, val_name, train, val, said, err);
    } else if (below != NULL && holds_classes(below)) {
        good = split(below, share, train, val, said, err);
    } else if (folders.count >= 2) {
        good = split(root, share, train, val, said, err);
    } else if (folders.count == 1 && depth < NESTED_MAX) {
        free(below);
        below = inside(root, folders.items[0]);
        good = below != NULL ? open_at(below, depth + 1, share, train, val, said, err) : err_set(err, "%s: out of memory", root);
        if (good && said[0] == '\0')
            snprintf(said, FOLDERS_TEXT, "%.200s: its folder '%.60s' is used", root, folders.items[0]);
    } else {
        good = refuse(root, &folders, &files, err);
    }
    free(below);
    string_list_free(&folders);
    string_list_free(&files);
    string_list_free(&notes);
    return good;
}

bool folders_open(const char *root, double val_share, Dataset **train, Dataset **val, char said[FOLDERS_TEXT], Err *err)
{
    *train = *val = NULL;
    said[0] = '\0';
    return open_at(root, 0, val_share, train, val, said, err);
}

Dataset *folders_judge(const char *root, char said[FOLDERS_TEXT], Err *err)
{
    StringList folders = {0}, files = {0}, notes = {0};
    said[0] = '\0';
    if (!dataset_list(root, &folders, &files, &notes, err))
        return NULL;
    const char *name = find_word(&folders, val_words);
    char *below = name != NULL ? inside(root, name) : NULL;
    const bool there = below != NULL && holds_classes(below);
    if (there)
        snprintf(said, FOLDERS_TEXT, "%.200s: its folder '%.60s' is used", root, name);
    Dataset *set = dataset_open(there ? below : root, NULL, err);
    free(below);
    string_list_free(&folders);
    string_list_free(&files);
    string_list_free(&notes);
    return set;
}
