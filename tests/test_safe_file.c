/* test_safe_file.c - a file is there whole or not at all. */
#include "engine/base/safe_file.h"
#include "tests/temp_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void expect_content(const char *path, const char *want)
{
    char got[64] = "";
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    got[fread(got, 1, sizeof got - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(got, want);
}

static void test_put_replaces(void **state)
{
    (void)state;
    Err err = {""};
    assert_true(safe_file_put(inside("a"), "one", 3, &err));
    expect_content(inside("a"), "one");
    assert_true(safe_file_put(inside("a"), "second", 6, &err));
    expect_content(inside("a"), "second");
    unlink(inside("a"));
}

static void test_abandon_leaves_the_old_file(void **state)
{
    (void)state;
    SafeFile f;
    Err err = {""};
    assert_true(safe_file_put(inside("b"), "old", 3, &err));
    assert_true(safe_file_open(&f, inside("b"), &err));
    assert_true(safe_file_write(&f, "new", 3, &err));
    char temp[sizeof f.temp];
    strcpy(temp, f.temp);
    assert_int_equal(access(temp, F_OK), 0);
    safe_file_abandon(&f);
    assert_int_not_equal(access(temp, F_OK), 0);
    expect_content(inside("b"), "old");
    unlink(inside("b"));
}

static void test_errors_name_the_file(void **state)
{
    (void)state;
    Err err = {""};
    assert_false(safe_file_put("/nonexistent-folder/x", "y", 1, &err));
    assert_non_null(strstr(err.text, "/nonexistent-folder/x: cannot write here"));
    assert_false(safe_file_put(temp_folder, "y", 1, &err));
    assert_non_null(strstr(err.text, "is a folder"));
    assert_false(safe_file_put("", "y", 1, &err));
    assert_non_null(strstr(err.text, "is empty"));
}

/* A device or a pipe is written into: a rename would put a plain file in its place. */
static void test_what_is_no_plain_file_stays(void **state)
{
    (void)state;
    Err err = {""};
    SafeFile f;
    struct stat info;
    char got[8] = "";
    const char *pipe_path = inside("pipe");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    int reader = open(pipe_path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_true(safe_file_put(pipe_path, "through", 7, &err));
    assert_int_equal(read(reader, got, sizeof got), 7);
    assert_memory_equal(got, "through", 7);
    assert_true(safe_file_open(&f, pipe_path, &err));
    safe_file_abandon(&f);
    assert_int_equal(stat(pipe_path, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    close(reader);
    unlink(pipe_path);

    /* A full device says so and stays a device. */
    if (stat("/dev/full", &info) == 0 && S_ISCHR(info.st_mode)) {
        assert_false(safe_file_put("/dev/full", "y", 1, &err));
        assert_non_null(strstr(err.text, "the disk is full"));
        assert_int_equal(stat("/dev/full", &info), 0);
        assert_true(S_ISCHR(info.st_mode));
    }
}

static void test_a_link_is_followed_and_the_mode_is_kept(void **state)
{
    (void)state;
    Err err = {""};
    struct stat info;
    char link_path[256];
    strcpy(link_path, inside("link"));
    assert_true(safe_file_put(inside("kept"), "old", 3, &err));
    assert_int_equal(chmod(inside("kept"), 0640), 0);
    assert_int_equal(symlink("kept", link_path), 0);
    assert_true(safe_file_put(link_path, "new", 3, &err));
    assert_int_equal(lstat(link_path, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    expect_content(inside("kept"), "new");
    assert_int_equal(stat(inside("kept"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    unlink(link_path);
    unlink(inside("kept"));
}

/* A killed writer's temporary file goes, a living one's and other files stay. */
static void test_debris_is_removed(void **state)
{
    (void)state;
    Err err = {""};
    char dead[64], alive[64], kept[70];
    pid_t child = fork(); /* its number is free again once it has been waited for */
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    snprintf(dead, sizeof dead, "c.tmp-%ld", (long)child);
    snprintf(alive, sizeof alive, "c.tmp-%ld", (long)getppid());
    snprintf(kept, sizeof kept, "%s.txt", dead); /* somebody's own */
    const char *names[] = {dead, alive, kept, "c.tmp-x", "cc.tmp-1"};
    for (int i = 0; i < 5; i++)
        fclose(fopen(inside(names[i]), "wb"));
    assert_true(safe_file_put(inside("c"), "new", 3, &err));
    assert_int_not_equal(access(inside(dead), F_OK), 0);
    for (int i = 1; i < 5; i++) {
        CHECK(access(inside(names[i]), F_OK) == 0, "%s", names[i]);
        unlink(inside(names[i]));
    }
    unlink(inside("c"));
}

static int teardown(void **state)
{
    (void)state;
    return rmdir(temp_folder); /* fails when a temporary file was left behind */
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_put_replaces),
    cmocka_unit_test(test_abandon_leaves_the_old_file),
    cmocka_unit_test(test_errors_name_the_file),
    cmocka_unit_test(test_what_is_no_plain_file_stays),
    cmocka_unit_test(test_a_link_is_followed_and_the_mode_is_kept),
    cmocka_unit_test(test_debris_is_removed),
};

int main(void) { return cmocka_run_group_tests(tests, temp_folder_make, teardown); }
