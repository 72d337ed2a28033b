/* photos.c - lists the photos below a folder; see photos.h. */
#include "engine/train/photos.h"
#include "engine/base/array.h"
#include "engine/base/limits.h"
#include "engine/io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The class with this name, made if there is none yet; -1 if out of memory. */
static int class_of(Photos *photos, const char *name)
{
    for (int i = 0; i < photos->classes.count; i++)
        if (strcmp(photos->classes.items[i], name) == 0)
            return i;
    int *grown = array_grow(photos->per_class, photos->classes.count, sizeof *grown);
    if (grown == NULL)
        return -1;
    photos->per_class = grown;
    return string_list_add(&photos->classes, "%s", name) ? photos->classes.count - 1 : -1;
}

static bool add(Photos *photos, const char *folder, const char *name, int label)
{
    Photo *items = array_grow(photos->items, photos->count, sizeof *items), photo = {.label = label};
    if (items == NULL)
        return false;
    photos->items = items;
    if (asprintf(&photo.path, "%s/%s", folder, name) < 0)
        return false;
    photo.modified = file_time(photo.path, &photo.size);
    photos->items[photos->count++] = photo;
    if (label >= 0)
        photos->per_class[label]++;
    return true;
}

/* The photos among the files of one folder. */
static bool add_files(Photos *photos, const char *folder, bool root, const StringList *files, Err *err)
{
    const char *slash = strrchr(folder, '/');
    int label = -1;
    for (int i = 0; i < files->count; i++) {
        if (!dataset_is_picture(files->items[i]))
            continue;
        if (!root && label < 0)
            label = class_of(photos, slash != NULL ? slash + 1 : folder);
        if ((!root && label < 0) || !add(photos, folder, files->items[i], label))
            return err_set(err, "%s: out of memory", folder);
        if (photos->count > LIMIT_PHOTOS)
            return err_set(err, "%s: more than %d photos; name a part of the folder", photos->root, LIMIT_PHOTOS);
    }
    return true;
}

static bool read_folder(Photos *photos, const char *folder, int depth, Stop *stop, Err *err)
{
    StringList folders = {0}, files = {0}, ignored = {0};
    bool good = !stop_asked(stop) || err_set(err, "%s: stopped", photos->root);
    if (good && depth > LIMIT_FOLDERS)
        good = err_set(err, "%s: more than %d folders deep; a symbolic link may form a loop, remove it", folder, LIMIT_FOLDERS);
    good = good && dataset_list(folder, &folders, &files, &ignored, err) && add_files(photos, folder, depth == 0, &files, err);
    for (int i = 0; good && i < folders.count; i++) {
        char *below = NULL;
        good = asprintf(&below, "%s/%s", folder, folders.items[i]) >= 0 ? read_folder(photos, below, depth + 1, stop, err) : err_set(err, "%s: out of memory", folder);
        free(below);
    }
    string_list_free(&folders);
    string_list_free(&files);
    string_list_free(&ignored);
    return good;
}

bool photos_open(const char *root, Stop *stop, Photos *out, Err *err)
{
    Photos photos = {.root = strdup(root)};
    bool good = photos.root != NULL || err_set(err, "%s: out of memory", root);
    for (size_t end = good ? strlen(photos.root) : 0; end > 1 && photos.root[end - 1] == '/'; end--)
        photos.root[end - 1] = '\0';
    good = good && read_folder(&photos, photos.root, 0, stop, err);
    if (good && photos.count == 0)
        good = err_set(err, "%s: no photo in this folder or below it (jpg jpeg jfif png ppm bmp pgm); name a folder with photos", photos.root);
    if (good)
        *out = photos;
    else
        photos_free(&photos);
    return good;
}

void photos_free(Photos *photos)
{
    for (int i = 0; i < photos->count; i++)
        free(photos->items[i].path);
    free(photos->items);
    free(photos->per_class);
    free(photos->root);
    string_list_free(&photos->classes);
    *photos = (Photos){0};
}

const char *photos_name(const Photos *photos, int photo)
{
    return photos->items[photo].path + strlen(photos->root) + 1;
}

bool photos_are_training(const Photos *photos, const char *trained)
{
    static const char *const words[] = {"train", "training"};
    int count = 0;
    const char *on = trained != NULL ? strstr(trained, " on ") : NULL;
    if (on != NULL && sscanf(on, " on %d pictures", &count) == 1 && count == photos->count)
        return true;
    for (const char *at = photos->items[0].path, *end; (end = strchr(at, '/')) != NULL; at = end + 1) /* its folders, not its name */
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if ((size_t)(end - at) == strlen(words[i]) && strncasecmp(at, words[i], strlen(words[i])) == 0)
                return true;
    return false;
}
