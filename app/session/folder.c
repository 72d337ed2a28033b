/* folder.c - lists a folder on its own thread; see folder.h. */
#include "app/session/folder.h"
#include "app/model/errand.h"
#include "engine/base/array.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

struct Folder {
    Errand errand;
    FolderList list;
    char path[1024];
};

FileSort file_sort(const char *name)
{
    static const struct { const char *ending; FileSort sort; } sorts[] = {
        {".png", FILE_PICTURE}, {".jpg", FILE_PICTURE}, {".jpeg", FILE_PICTURE}, {".bmp", FILE_PICTURE}, {".gif", FILE_PICTURE}, {".ppm", FILE_PICTURE},
        {".safetensors", FILE_WEIGHTS}, {".pth", FILE_WEIGHTS}, {".pt", FILE_WEIGHTS}, {".caffemodel", FILE_WEIGHTS}, {".onnx", FILE_WEIGHTS},
        {".npz", FILE_WEIGHTS}, {".net", FILE_NETWORK}, {".json", FILE_NAMES}, {".txt", FILE_NAMES},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof sorts / sizeof sorts[0]; i++)
        if (strcasecmp(dot, sorts[i].ending) == 0)
            return sorts[i].sort;
    return FILE_OTHER;
}

void folder_list_free(FolderList *list)
{
    for (int i = 0; i < list->count; i++)
        free(list->entries[i].name);
    free(list->entries);
    *list = (FolderList){.count = 0};
}

/* Most systems tell a folder from a file with the name; only a link needs a question of its own. */
static FileSort sort_of(const char *folder, const struct dirent *e)
{
    char path[1400];
    struct stat info;
    if (e->d_type == DT_DIR)
        return FILE_FOLDER;
    if (e->d_type == DT_LNK || e->d_type == DT_UNKNOWN) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
            return FILE_FOLDER;
    }
    return e->d_type == DT_REG || e->d_type == DT_LNK || e->d_type == DT_UNKNOWN ? file_sort(e->d_name) : FILE_OTHER;
}

static bool add(FolderList *list, const char *name, FileSort sort)
{
    FolderEntry *grown = array_grow(list->entries, list->count, sizeof *grown);
    char *copy = strdup(name);
    list->entries = grown != NULL ? grown : list->entries;
    if (grown == NULL || copy == NULL) {
        free(copy);
        return err_set(&list->err, "not enough memory");
    }
    list->entries[list->count++] = (FolderEntry){copy, sort};
    return true;
}

static int in_order(const void *a, const void *b)
{
    const FolderEntry *x = a, *y = b;
    if ((x->sort == FILE_FOLDER) != (y->sort == FILE_FOLDER))
        return x->sort == FILE_FOLDER ? -1 : 1;
    const int order = strcasecmp(x->name, y->name);
    return order != 0 ? order : strcmp(x->name, y->name);
}

/* sort FILE_OTHER: all that a list shows. What begins with a dot is hidden. */
static void read_folder(const char *path, FileSort sort, Stop *stop, FolderList *list)
{
    DIR *dir = opendir(path);
    int seen = 0;
    if (dir == NULL) {
        err_set(&list->err, "%s: %s", path, strerror(errno));
        return;
    }
    for (struct dirent *e = readdir(dir); e != NULL && !(stop != NULL && stop_asked(stop)); e = readdir(dir)) {
        if (e->d_name[0] == '.')
            continue;
        list->cut = ++seen > FOLDER_MOST;
        if (list->cut)
            break;
        const FileSort is = sort_of(path, e);
        if (is != FILE_OTHER && (sort == FILE_OTHER || is == sort) && !add(list, e->d_name, is))
            break;
    }
    closedir(dir);
    if (list->count > 0)
        qsort(list->entries, (size_t)list->count, sizeof *list->entries, in_order);
}

FolderList folder_files(const char *path, FileSort sort)
{
    FolderList list = {.count = 0};
    read_folder(path, sort, NULL, &list);
    return list;
}

static void dispose(Folder *f)
{
    folder_list_free(&f->list);
    free(f);
}

static void work(Errand *errand)
{
    Folder *f = (Folder *)errand;
    read_folder(f->path, FILE_OTHER, &errand->stop, &f->list);
    if (errand_end(errand))
        dispose(f);
}

Folder *folder_start(const char *path, void (*wake)(void *), void *wake_user)
{
    Folder *f = calloc(1, sizeof *f);
    if (f == NULL)
        return NULL;
    snprintf(f->path, sizeof f->path, "%s", path);
    if (!errand_start(&f->errand, work, wake, wake_user)) {
        dispose(f);
        return NULL;
    }
    return f;
}

const FolderList *folder_list(Folder *f)
{
    return f != NULL && !folder_busy(f) ? &f->list : NULL;
}

bool folder_busy(Folder *f)
{
    return f != NULL && !errand_done(&f->errand);
}

void folder_free(Folder *f)
{
    if (f != NULL && errand_leave(&f->errand))
        dispose(f);
}
