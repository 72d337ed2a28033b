/* netopen.c - finds the description with a given name or path, and reads it. */
#include "engine/net/netline.h"
#include "engine/net/words.h"
#include "engine/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAMES_MAX = 64 };

static Net *open_path(const char *path, const char *networks_dir, const NetOptions *options, Err *err)
{
    NetOptions all = options != NULL ? *options : (NetOptions){0};
    size_t length;
    char *text = net_text(path, &length, err);
    all.claims_dir = networks_dir;
    Net *net = text != NULL ? net_parse(text, length, path, &all, err) : NULL;
    free(text);
    return net;
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static void unknown_network(const char *name, const char *dir, Err *err)
{
    char names[NAMES_MAX][NET_NAME_MAX], all[512] = "";
    const char *words[NAMES_MAX];
    int count = 0;
    DIR *folder = opendir(dir);
    for (struct dirent *entry; folder != NULL && count < NAMES_MAX && (entry = readdir(folder)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (length > 4 && length - 4 < NET_NAME_MAX && strcmp(entry->d_name + length - 4, ".net") == 0) {
            memcpy(names[count], entry->d_name, length - 4);
            names[count++][length - 4] = '\0';
        }
    }
    if (folder != NULL)
        closedir(folder);
    qsort(names, (size_t)count, sizeof names[0], by_name);
    for (int i = 0; i < count; i++) {
        words[i] = names[i];
        if (strlen(all) + strlen(names[i]) + 3 < sizeof all)
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i > 0 ? ", " : "", names[i]);
    }
    const char *nearest = word_nearest(name, words, count);
    if (count == 0)
        err_set(err, "no network '%.80s': %s has no descriptions", name, dir);
    else if (nearest != NULL)
        err_set(err, "no network '%.80s'; did you mean '%s'? Known: %s; or the path of a .net file", name, nearest, all);
    else
        err_set(err, "no network '%.80s'; known: %s; or the path of a .net file", name, all);
}

Net *net_open(const char *name_or_path, const char *networks_dir, const NetOptions *options, Err *err)
{
    size_t length = strlen(name_or_path);
    if (strchr(name_or_path, '/') != NULL || (length > 4 && strcmp(name_or_path + length - 4, ".net") == 0))
        return open_path(name_or_path, networks_dir, options, err);
    char path[4096];
    struct stat info;
    bool fits = (size_t)snprintf(path, sizeof path, "%s/%s.net", networks_dir, name_or_path) < sizeof path;
    if (fits && name_or_path[0] != '\0' && stat(path, &info) == 0)
        return open_path(path, networks_dir, options, err);
    if (stat(name_or_path, &info) == 0 && S_ISREG(info.st_mode))
        return open_path(name_or_path, networks_dir, options, err);
    unknown_network(name_or_path, networks_dir, err);
    return NULL;
}

bool net_head(const char *text, size_t length, NetHead *out)
{
    NetLine *line = malloc(sizeof *line);
    Err reason;
    *out = (NetHead){.weights = false};
    bool good = line != NULL;
    for (const char *p = text + text_mark(text, length), *end = text + length, *stop; good && p < end; p = stop + 1) {
        stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop != NULL ? stop : end;
        if (out->name[0] != '\0') { /* the rest is only searched: its last line may be cut */
            out->weights = out->weights || ((size_t)(stop - p) > 8 && memcmp(p, "weights ", 8) == 0);
            continue;
        }
        good = line_split(line, p, stop, &reason);
        if (!good || line->count == 0)
            continue;
        good = line->count >= 2 && strcmp(line->words[0], "network") == 0 && line_name(line->words[1], "the network's name", out->name, &reason);
        const char *title_zh = line_option(line, "title-zh");
        snprintf(out->title_zh, sizeof out->title_zh, "%s", good && title_zh != NULL ? title_zh : "");
        snprintf(out->title, sizeof out->title, "%s", good && line->count >= 3 ? line->words[2] : out->name);
    }
    free(line);
    return good && out->name[0] != '\0';
}
