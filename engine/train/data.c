/* data.c - reads folders of labelled pictures; see data.h. */
#include "engine/train/data.h"
#include "engine/base/limits.h"

#include "engine/base/array.h"
#include "engine/base/safe_file.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool string_list_add(StringList *list, const char *format, ...)
{
    char **items = array_grow(list->items, list->count, sizeof *items);
    if (items == NULL)
        return false;
    list->items = items;
    char *line = NULL;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&line, format, args);
    va_end(args);
    if (length < 0)
        return false;
    list->items[list->count++] = line;
    return true;
}

void string_list_free(StringList *list)
{
    for (int i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (StringList){0};
}

/* strcmp compares bytes, and the byte order of UTF-8 is the order of the code points, as Python sorts. */
static int by_code_point(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(StringList *list)
{
    if (list->count > 1)
        qsort(list->items, (size_t)list->count, sizeof *list->items, by_code_point);
}

typedef enum EntryKind { ENTRY_PICTURE, ENTRY_UNREADABLE_PICTURE, ENTRY_STRAY } EntryKind;

/* torchvision's list of extensions, ignoring case, and two more names of JPEG. It includes TIFF and WebP, which are not decoded. */
static EntryKind kind_of(const char *name)
{
    static const char *const pictures[] = {"jpg", "jpeg", "png", "ppm", "bmp", "pgm", "jfif", "jpe"};
    static const char *const unreadable[] = {"tif", "tiff", "webp"};
    const char *dot = strrchr(name, '.');
    if (dot == NULL)
        return ENTRY_STRAY;
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
        if (strcasecmp(dot + 1, pictures[i]) == 0)
            return ENTRY_PICTURE;
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++)
        if (strcasecmp(dot + 1, unreadable[i]) == 0)
            return ENTRY_UNREADABLE_PICTURE;
    return ENTRY_STRAY;
}

/* Splits a folder's entries into folders and files, each sorted. Dot names become notes. */
bool dataset_list(const char *path, StringList *folders, StringList *files, StringList *notes, Err *err)
{
    DIR *dir = opendir(path);
    if (dir == NULL)
        return err_set(err, "%s: cannot read this folder: %s", path, strerror(errno));
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (name[0] == '.') {
            string_list_add(notes, "%s/%s: skipped, its name begins with a dot", path, name);
            continue;
        }
        StringList full = {0};
        struct stat info;
        ok = string_list_add(&full, "%s/%s", path, name);
        if (ok && stat(full.items[0], &info) != 0)
            string_list_add(notes, "%s: skipped, %s", full.items[0], strerror(errno));
        else if (ok && !S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))
            string_list_add(notes, "%s: skipped, a pipe, a socket or a device", full.items[0]);
        else if (ok)
            ok = string_list_add(S_ISDIR(info.st_mode) ? folders : files, "%s", name);
        string_list_free(&full);
    }
    closedir(dir);
    sort(folders);
    sort(files);
    return ok || err_set(err, "%s: out of memory while listing this folder", path);
}

bool dataset_is_picture(const char *name)
{
    return kind_of(name) == ENTRY_PICTURE;
}

/* Collects the paths of `path` and of all folders below it. */
static bool walk(const char *path, int depth, StringList *all, StringList *notes, Err *err)
{
    if (depth > LIMIT_FOLDERS)
        return err_set(err, "%s: more than %d folders deep; a symbolic link may form a loop, remove it", path,
                       LIMIT_FOLDERS);
    StringList folders = {0}, files = {0};
    bool ok = string_list_add(all, "%s", path) || err_set(err, "%s: out of memory", path);
    ok = ok && dataset_list(path, &folders, &files, notes, err);
    for (int i = 0; ok && i < folders.count; i++) {
        StringList sub = {0};
        ok = string_list_add(&sub, "%s/%s", path, folders.items[i]) || err_set(err, "%s: out of memory", path);
        ok = ok && walk(sub.items[0], depth + 1, all, notes, err);
        string_list_free(&sub);
    }
    string_list_free(&folders);
    string_list_free(&files);
    return ok;
}

static bool add_sample(Dataset *set, const char *folder, const char *name, int label)
{
    Sample *samples = array_grow(set->samples, set->count, sizeof *samples);
    if (samples == NULL)
        return false;
    set->samples = samples;
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return false;
    set->samples[set->count++] = (Sample){.path = path, .label = label};
    set->per_class[label]++;
    return true;
}

/* All pictures of one class. The folders of the walk are sorted by their whole paths, as torchvision sorts os.walk. */
static bool read_class(Dataset *set, int label, Err *err)
{
    StringList folders = {0}, root = {0}, ignored = {0};
    char other[80] = "";
    int others = 0;
    const char *name = set->classes.items[label];
    bool ok = string_list_add(&root, "%s/%s", set->root, name) || err_set(err, "%s: out of memory", set->root);
    ok = ok && walk(root.items[0], 0, &folders, &set->notes, err);
    sort(&folders);
    for (int i = 0; ok && i < folders.count; i++) {
        StringList subfolders = {0}, files = {0};
        ok = dataset_list(folders.items[i], &subfolders, &files, &ignored, err);
        for (int f = 0; ok && f < files.count; f++) {
            EntryKind kind = kind_of(files.items[f]);
            if (kind != ENTRY_PICTURE && others++ == 0)
                snprintf(other, sizeof other, "%s", files.items[f]);
            if (kind == ENTRY_PICTURE)
                ok = add_sample(set, folders.items[i], files.items[f], label) ||
                     err_set(err, "%s: out of memory", set->root);
            else if (kind == ENTRY_UNREADABLE_PICTURE)
                string_list_add(&set->notes, "%s/%s: skipped, this format cannot be decoded; convert it to PNG or JPEG",
                                folders.items[i], files.items[f]);
            else
                string_list_add(&set->notes, "%s/%s: skipped, its name is not that of a picture", folders.items[i],
                                files.items[f]);
        }
        string_list_free(&subfolders);
        string_list_free(&files);
    }
    if (ok && set->per_class[label] == 0 && others > 0)
        ok = err_set(err, "%s: the class '%s' has no picture (jpg jpeg jfif png ppm bmp pgm), only %d other file%s (%s); convert them, or fill or remove its folder",
                     root.items[0], name, others, others == 1 ? "" : "s", other);
    else if (ok && set->per_class[label] == 0)
        ok = err_set(err, "%s: the class '%s' has no picture (jpg jpeg jfif png ppm bmp pgm); fill or remove its folder", root.items[0], name);
    string_list_free(&folders);
    string_list_free(&root);
    string_list_free(&ignored);
    return ok;
}

static bool same_classes(const Dataset *set, const Dataset *like, Err *err)
{
    for (int i = 0; i < set->classes.count && i < like->classes.count; i++)
        if (strcmp(set->classes.items[i], like->classes.items[i]) != 0)
            return err_set(err, "%s: class %d is '%s' here but '%s' in %s; both need the same folders", set->root, i,
                           set->classes.items[i], like->classes.items[i], like->root);
    if (set->classes.count != like->classes.count)
        return err_set(err, "%s: %d classes here but %d in %s; both need the same folders", set->root,
                       set->classes.count, like->classes.count, like->root);
    return true;
}

static bool read_all(Dataset *set, const Dataset *like, Err *err)
{
    StringList files = {0};
    bool ok = dataset_list(set->root, &set->classes, &files, &set->notes, err);
    for (int i = 0; ok && i < files.count; i++)
        string_list_add(&set->notes, "%s/%s: skipped, a file beside the class folders", set->root, files.items[i]);
    string_list_free(&files);
    if (!ok)
        return false;
    if (set->classes.count < 2)
        return err_set(err, "%s: %d class folder%s found, training needs two or more (one folder of pictures per class)",
                       set->root, set->classes.count, set->classes.count == 1 ? "" : "s");
    if (like != NULL && !same_classes(set, like, err))
        return false;
    set->per_class = calloc((size_t)set->classes.count, sizeof *set->per_class);
    if (set->per_class == NULL)
        return err_set(err, "%s: out of memory", set->root);
    for (int label = 0; ok && label < set->classes.count; label++)
        ok = read_class(set, label, err);
    return ok;
}

Dataset *dataset_open(const char *root, const Dataset *like, Err *err)
{
    Dataset *set = calloc(1, sizeof *set);
    if (set == NULL || (set->root = strdup(root)) == NULL) {
        free(set);
        err_set(err, "%s: out of memory", root);
        return NULL;
    }
    if (!read_all(set, like, err)) {
        dataset_free(set);
        return NULL;
    }
    return set;
}

void dataset_free(Dataset *set)
{
    if (set == NULL)
        return;
    for (int i = 0; i < set->count; i++)
        free(set->samples[i].path);
    free(set->samples);
    free(set->per_class);
    free(set->root);
    string_list_free(&set->classes);
    string_list_free(&set->notes);
    free(set);
}

static Dataset *empty_like(const Dataset *set, int count)
{
    Dataset *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->root = strdup(set->root);
    made->per_class = calloc((size_t)set->classes.count, sizeof *made->per_class);
    made->samples = malloc((size_t)(count > 0 ? count : 1) * sizeof *made->samples);
    bool good = made->root != NULL && made->per_class != NULL && made->samples != NULL;
    for (int i = 0; good && i < set->classes.count; i++)
        good = string_list_add(&made->classes, "%s", set->classes.items[i]);
    if (good)
        return made;
    dataset_free(made);
    return NULL;
}

bool dataset_split(Dataset *set, const bool *chosen, Dataset **other, Err *err)
{
    int kept = 0;
    Dataset *made = empty_like(set, set->count);
    if (made == NULL)
        return err_set(err, "%s: out of memory", set->root);
    for (int i = 0; i < set->count; i++) {
        const Sample sample = set->samples[i];
        if (chosen[i]) {
            made->samples[made->count++] = sample;
            made->per_class[sample.label]++;
            set->per_class[sample.label]--;
        } else {
            set->samples[kept++] = sample;
        }
    }
    set->count = kept;
    *other = made;
    return true;
}

double dataset_majority(const Dataset *set)
{
    int most = 0;
    for (int i = 0; i < set->classes.count; i++)
        most = set->per_class[i] > most ? set->per_class[i] : most;
    return (double)most / (double)set->count;
}

bool dataset_save_classes(const Dataset *set, const char *path, Err *err)
{
    json_t *object = json_object();
    bool ok = object != NULL;
    for (int i = 0; ok && i < set->classes.count; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        ok = json_object_set_new(object, key, json_string(set->classes.items[i])) == 0;
    }
    char *text = ok ? json_dumps(object, JSON_INDENT(4)) : NULL;
    json_decref(object);
    if (text == NULL)
        return err_set(err, "%s: a class name is not valid UTF-8; rename its folder", path);
    ok = safe_file_put(path, text, strlen(text), err);
    free(text);
    return ok;
}
