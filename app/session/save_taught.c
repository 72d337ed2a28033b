/* save_taught.c - see save_taught.h. */
#include "app/session/save_taught.h"
#include "app/session/save.h"
#include "engine/base/safe_file.h"
#include "engine/io/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is saved is a held source, so that the next network may come meanwhile. */
static void done(void *data)
{
    shared_source_release(data);
}

static bool write_native(void *data, const char *path, Err *err)
{
    const Source *s = &((SharedSource *)data)->source;
    const char *metadata[6] = {NULL};
    int n = 0;
    char *labels = s->info.label_count > 0 ? labels_json(s->info.labels, s->info.label_count) : NULL;
    if (labels == NULL && s->info.label_count > 0)
        return err_set(err, "%s: a class name is not UTF-8, so it cannot be saved; change it", path);
    if (labels != NULL) {
        metadata[n++] = "labels";
        metadata[n++] = labels;
    }
    if (s->info.trained != NULL) {
        metadata[n++] = "trained";
        metadata[n++] = s->info.trained;
    }
    const bool good = weights_save(path, s->net, s->weights, DTYPE_F32, metadata, err);
    free(labels);
    return good;
}

/* The names as a list, which this program and people read. */
static bool write_names(const WeightsInfo *info, const char *path, Err *err)
{
    static const char beside[] = "class_indices.json";
    char **there;
    Err unused;
    if (info->label_count == 0)
        return true;
    char *labels = labels_json(info->labels, info->label_count);
    bool good = labels != NULL || err_set(err, "%s: a class name is not UTF-8, so it cannot be saved; change it", path);
    if (good && access(beside, F_OK) == 0) {
        const bool known = labels_beside(path, info->label_count, &there, &unused);
        bool same = known;
        for (int i = 0; same && i < info->label_count; i++)
            same = strcmp(there[i], info->labels[i]) == 0;
        if (known)
            labels_free(there, info->label_count);
        good = same || err_set(err, "%s: the names of the classes have no place in it, and %s of other classes is there already; save as .safetensors, or start the program in another folder",
                               path, beside);
    } else if (good) {
        good = safe_file_put(beside, labels, strlen(labels), err);
    }
    free(labels);
    return good;
}

static bool write_pth(void *data, const char *path, Err *err)
{
    const Source *s = &((SharedSource *)data)->source;
    return write_names(&s->info, path, err) && weights_save_pth(path, s->net, s->weights, err);
}

void save_taught(Saving *saving, Model *m, bool pth)
{
    char path[256];
    save_numbered(saving, "inceptoscope-taught", pth ? ".pth" : ".safetensors", path, sizeof path);
    saving_start(saving, m, path, (SaveHow){pth ? write_pth : write_native, done}, shared_source_hold(m->source));
}
