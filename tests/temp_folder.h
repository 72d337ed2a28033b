/* temp_folder.h - a folder of its own for a test program, made before the first test and gone after the last. */
#ifndef INCEPTOSCOPE_TEMP_FOLDER_H
#define INCEPTOSCOPE_TEMP_FOLDER_H

#include "tests/check.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static char temp_folder[] = "/tmp/inceptoscope-test-XXXXXX";

/* For cmocka_run_group_tests. */
static inline int temp_folder_make(void **state)
{
    (void)state;
    return mkdtemp(temp_folder) == NULL;
}

/* The same, and what `fill` puts into it. */
static inline int temp_folder_fill(void **state, void (*fill)(void))
{
    const int failed = temp_folder_make(state);
    if (!failed)
        fill();
    return failed;
}

static inline int temp_folder_remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static inline int temp_folder_remove(void **state)
{
    (void)state;
    return nftw(temp_folder, temp_folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of something in it; good until four calls later. */
static inline const char *inside(const char *name)
{
    static char paths[4][512];
    static int turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", temp_folder, name);
    return path;
}

static inline void put_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_true(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

#endif
