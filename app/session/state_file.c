/* state_file.c - reads and writes the files that the program keeps between runs; see state_file.h. */
#include "app/session/state_file.h"
#include "engine/base/safe_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

bool state_path(const char *name, char *out, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    const int n = state != NULL && state[0] == '/' ? snprintf(out, size, "%s/inceptoscope/%s", state, name)
                : home != NULL && home[0] == '/'   ? snprintf(out, size, "%s/.local/state/inceptoscope/%s", home, name)
                                                   : -1;
    return n > 0 && (size_t)n < size;
}

int state_lock(void)
{
    enum { TRIES = 6000 };      /* two seconds in all; many short waits, so that one falls between two saves of a busy program */
    const struct timespec moment = {.tv_nsec = 250000};
    char path[PATH_MAX];
    const int fd = state_path(".", path, sizeof path) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    for (int i = 0; fd >= 0 && i < TRIES && flock(fd, LOCK_EX | LOCK_NB) != 0; i++)
        nanosleep(&moment, NULL);
    return fd;
}

void state_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}

void state_write(const char *name, const char *text, size_t size)
{
    char path[PATH_MAX];
    if (!state_path(name, path, sizeof path))
        return;
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    safe_file_put(path, text, size, NULL);
}

void state_folder_name(const char *folder, char *out, size_t size)
{
    char whole[PATH_MAX];
    const bool found = realpath(folder, whole) != NULL && strlen(whole) < size;
    snprintf(out, size, "%s", found ? whole : folder);
}

bool state_folder_kept(const char *name, char *out, size_t size)
{
    char path[PATH_MAX];
    FILE *file = state_path(name, path, sizeof path) ? fopen(path, "r") : NULL;
    const bool read = file != NULL && fgets(out, (int)size, file) != NULL;
    if (file != NULL)
        fclose(file);
    if (read)
        out[strcspn(out, "\n")] = '\0';
    return read && out[0] == '/';
}

void state_folder_keep(const char *name, const char *folder)
{
    char line[PATH_MAX + 1];
    if (folder[0] != '/' || strchr(folder, '\n') != NULL)
        return;
    const int size = snprintf(line, sizeof line, "%s\n", folder);
    if (size < (int)sizeof line)
        state_write(name, line, (size_t)size);
}
