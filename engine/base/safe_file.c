/* safe_file.c - see safe_file.h. */
#include "engine/base/safe_file.h"
#include "engine/base/limits.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(SafeFile *f, const char *what, int error, Err *err)
{
    const char *after = f->direct ? "" : " (nothing was overwritten)";
    safe_file_abandon(f);
    if (error == ENOSPC || error == EDQUOT)
        return err_set(err, "%s: %s: the disk is full; free some space or choose another folder%s", f->path, what, after);
    return err_set(err, "%s: %s: %s%s", f->path, what, strerror(error), after);
}

/* Removes temporary files of this path whose processes no longer exist: writers that were killed left them. */
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

/* A link is kept and its target is replaced: f->path becomes the path of the target. */
static void follow_links(SafeFile *f)
{
    char *target = realpath(f->path, NULL);
    if (target != NULL && strlen(target) < sizeof f->path)
        strcpy(f->path, target);
    free(target);
}

bool safe_file_open(SafeFile *f, const char *path, Err *err)
{
    struct stat there, link;
    *f = (SafeFile){0};
    if (strlen(path) >= sizeof f->path)
        return err_set(err, "%.200s...: the path is longer than %d bytes; use a shorter one, such as a relative path", path, LIMIT_OUT_PATH);
    if (path[0] == '\0')
        return err_set(err, "the name of the file to write is empty");
    strcpy(f->path, path);
    const bool exists = stat(path, &there) == 0;
    if (exists && S_ISDIR(there.st_mode))
        return err_set(err, "%s: cannot write here: this is a folder; name a file in it", path);
    if (exists && access(path, W_OK) != 0)
        return err_set(err, "%s: cannot write here: %s", path, strerror(errno));
    /* A device or a pipe has no old content to protect, and a rename would replace it by a file. */
    f->direct = exists && !S_ISREG(there.st_mode);
    if (exists && !f->direct && lstat(path, &link) == 0 && S_ISLNK(link.st_mode))
        follow_links(f);
    if (!f->direct) {
        remove_debris(f->path);
        snprintf(f->temp, sizeof f->temp, "%s.tmp-%ld", f->path, (long)getpid());
    }
    f->file = fopen(f->direct ? path : f->temp, "wb");
    if (f->file == NULL)
        return err_set(err, "%s: cannot write here: %s", path, strerror(errno));
    if (exists && !f->direct)
        (void)fchmod(fileno(f->file), there.st_mode & 0777); /* the new file has the permissions of the old one */
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

/* Makes the rename itself survive a power cut. If the file system cannot do this, that is not an error. */
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
    if (fflush(f->file) != 0 || (!f->direct && fsync(fileno(f->file)) != 0))
        return fail(f, "writing", errno, err);
    int closed = fclose(f->file);
    f->file = NULL;
    if (f->direct)
        return closed == 0 || err_set(err, "%s: writing: %s", f->path, strerror(errno));
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
    if (!f->direct)
        unlink(f->temp);
}

bool safe_file_put(const char *path, const void *bytes, size_t size, Err *err)
{
    SafeFile f;
    return safe_file_open(&f, path, err) && safe_file_write(&f, bytes, size, err) && safe_file_commit(&f, err);
}
