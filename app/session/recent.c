/* recent.c - the list of files opened last; see recent.h. */
#include "app/session/recent.h"
#include "app/session/state_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void recent_load(Recent *recent)
{
    char path[PATH_MAX], line[RECENT_PATH];
    recent->count = 0;
    FILE *file = state_path("recent", path, sizeof path) ? fopen(path, "r") : NULL;
    if (file == NULL)
        return;
    while (recent->count < RECENT_MAX && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '/')
            memcpy(recent->paths[recent->count++], line, sizeof line);
    }
    fclose(file);
}

static void write_file(const Recent *recent)
{
    char text[RECENT_MAX * (RECENT_PATH + 1)];
    size_t used = 0;
    for (int i = 0; i < recent->count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s\n", recent->paths[i]);
    state_write("recent", text, used);
}

static int place_of(const Recent *recent, const char *path)
{
    int at = 0;
    while (at < recent->count && strcmp(recent->paths[at], path) != 0)
        at++;
    return at;
}

/* What the file has, as another window may have added to it; then what only this one has, if the file could not be written. */
static void take_kept(Recent *recent)
{
    Recent kept = {.keep = true};
    recent_load(&kept);
    for (int i = 0; i < recent->count && kept.count < RECENT_MAX; i++)
        if (place_of(&kept, recent->paths[i]) == kept.count)
            memcpy(kept.paths[kept.count++], recent->paths[i], RECENT_PATH);
    *recent = kept;
}

void recent_add(Recent *recent, const char *path)
{
    char whole[PATH_MAX];
    if (realpath(path, whole) == NULL || strlen(whole) >= RECENT_PATH || strchr(whole, '\n') != NULL)
        return;
    const int lock = recent->keep ? state_lock() : -1;
    if (recent->keep)
        take_kept(recent);
    int at = place_of(recent, whole);
    if (at == recent->count)
        at = recent->count < RECENT_MAX ? recent->count++ : RECENT_MAX - 1;
    memmove(recent->paths[1], recent->paths[0], (size_t)at * sizeof recent->paths[0]);
    memcpy(recent->paths[0], whole, strlen(whole) + 1);
    if (recent->keep)
        write_file(recent);
    state_unlock(lock);
}
