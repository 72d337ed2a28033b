/* examples_cache.c - files in the cache folder; see examples_cache.h. */
#include "app/model/examples_cache.h"
#include "engine/io/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool cache_folder(char *out, size_t size)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    const int n = cache != NULL && cache[0] == '/' ? snprintf(out, size, "%s/inceptoscope", cache)
                : home != NULL && home[0] == '/'   ? snprintf(out, size, "%s/.cache/inceptoscope", home)
                                                   : -1;
    if (n <= 0 || (size_t)n >= size)
        return false;
    for (char *slash = strchr(out + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(out, 0777);
        *slash = '/';
    }
    mkdir(out, 0777);
    return true;
}

/* Whether a name is maxima-KEY. */
static bool is_cache(const char *name)
{
    return strncmp(name, "maxima-", 7) == 0 && strlen(name) == 7 + 16 && strspn(name + 7, "0123456789abcdef") == 16;
}

/* How many cache files there are besides `keep`; the path of the one that was written first. */
static int oldest(const char *folder, const char *keep, char *out, size_t size)
{
    int count = 0;
    int64_t first = INT64_MAX;
    DIR *dir = opendir(folder);
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir)) {
        char path[1400];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (!is_cache(e->d_name) || strcmp(path, keep) == 0)
            continue;
        const int64_t written = file_time(path, NULL);
        count++;
        if (written < first) {
            first = written;
            snprintf(out, size, "%s", path);
        }
    }
    if (dir != NULL)
        closedir(dir);
    return count;
}

bool examples_cache_file(uint64_t key, char *out, size_t size)
{
    char folder[1024], old[1400];
    if (!cache_folder(folder, sizeof folder) || snprintf(out, size, "%s/maxima-%016llx", folder, (unsigned long long)key) >= (int)size)
        return false;
    while (oldest(folder, out, old, sizeof old) >= EXAMPLES_CACHE_FILES && unlink(old) == 0)
        ;
    return true;
}
