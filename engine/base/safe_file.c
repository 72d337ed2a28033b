/* safe_file.c - see safe_file.h. */
#include "engine/base/safe_file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static bool fail(SafeFile *f, const char *what, int error, Err *err)
{
    safe_file_abandon(f);
    if (error == ENOSPC || error == EDQUOT)
        return err_set(err, "%s: %s: the disk is full; free some space or choose another folder (nothing was overwritten)",
                       f->path, what);
    return err_set(err, "%s: %s: %s (nothing was overwritten)", f->path, what, strerror(error));
}

/* Removes what writers of this path left behind when they were killed: temporary files of processes that are gone. */
static void remove_debris(const char *path)
{
    char folder[1024];
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1, slash == NULL ? "." : path);
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    const size_t length = strlen(name);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        long pid;
        int end = 0;
        if (strncmp(entry->d_name, name, length) == 0 && sscanf(entry->d_name + length, ".tmp-%ld%n", &pid, &end) == 1 && pid > 0 &&
            entry->d_name[length + (size_t)end] == '\0' && kill((pid_t)pid, 0) != 0 && errno == ESRCH)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
}

bool safe_file_open(SafeFile *f, const char *path, Err *err)
{
    *f = (SafeFile){0};
    if (strlen(path) >= sizeof f->path)
        return err_set(err, "%.200s...: the path is longer than %zu bytes", path, sizeof f->path - 1);
    strcpy(f->path, path);
    remove_debris(path);
    snprintf(f->temp, sizeof f->temp, "%s.tmp-%ld", path, (long)getpid());
    f->file = fopen(f->temp, "wb");
    if (f->file == NULL)
        return err_set(err, "%s: cannot write here: %s", path, strerror(errno));
    return true;
}

bool safe_file_write(SafeFile *f, const void *bytes, size_t size, Err *err)
{
    assert(f->file != NULL);
    if (fwrite(bytes, 1, size, f->file) != size)
        return fail(f, "writing", errno, err);
    f->written += size;
    return true;
}

/* Makes the rename itself survive a power cut. A file system that cannot do this is no reason to fail. */
static void sync_folder_of(const char *path)
{
    char folder[1024];
    strcpy(folder, path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        strcpy(folder, ".");
    else
        slash[slash == folder] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

bool safe_file_commit(SafeFile *f, Err *err)
{
    assert(f->file != NULL);
    if (fflush(f->file) != 0 || fsync(fileno(f->file)) != 0)
        return fail(f, "writing", errno, err);
    int closed = fclose(f->file);
    f->file = NULL;
    if (closed != 0 || rename(f->temp, f->path) != 0) {
        int error = errno;
        unlink(f->temp);
        return fail(f, "renaming the finished file", error, err);
    }
    sync_folder_of(f->path);
    return true;
}

void safe_file_abandon(SafeFile *f)
{
    if (f->file == NULL)
        return;
    fclose(f->file);
    f->file = NULL;
    unlink(f->temp);
}

bool safe_file_put(const char *path, const void *bytes, size_t size, Err *err)
{
    SafeFile f;
    return safe_file_open(&f, path, err) && safe_file_write(&f, bytes, size, err) && safe_file_commit(&f, err);
}
