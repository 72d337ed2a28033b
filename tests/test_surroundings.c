/* test_surroundings.c - writers that are killed, and two programs that keep something at the same time. */
#include "app/model/settings.h"
#include "app/session/recent.h"
#include "engine/base/safe_file.h"
#include "engine/io/file.h"
#include "tests/temp_folder.h"

#include <signal.h>
#include <sys/wait.h>

/* A writer is killed anywhere: the file is one of those that it wrote, from the first to the last byte. */
static void test_a_killed_writer(void **state)
{
    enum { KILLS = 30, SIZE = 300000 };
    (void)state;
    unsigned char *bytes = malloc(SIZE), *got;
    size_t size;
    Err err = {""};
    memset(bytes, 'a', SIZE);
    CHECK(safe_file_put(inside("kept"), bytes, SIZE, &err), "%s", err.text);
    for (int i = 0; i < KILLS; i++) {
        const pid_t child = fork();
        for (unsigned char c = 'a'; child == 0; c = c == 'z' ? 'a' : c + 1) {
            memset(bytes, c, SIZE);
            safe_file_put(inside("kept"), bytes, SIZE, NULL);
        }
        usleep((useconds_t)(1000 + 700 * i));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        CHECK(file_read(inside("kept"), 1 << 20, NULL, &got, &size, &err), "%s", err.text);
        CHECK(size == SIZE, "kill %d: %zu bytes", i, size);
        for (size_t k = 1; k < size; k++)
            CHECK(got[k] == got[0], "kill %d: byte %zu is from another version", i, k);
        free(got);
    }
    free(bytes);
}

/* What two windows open is in the list that both keep. */
static void test_recent_files_of_two_programs(void **state)
{
    (void)state;
    char name[40];
    Recent one = {.keep = true}, two = {.keep = true}, now = {.count = 0};
    setenv("XDG_STATE_HOME", inside("state"), 1);
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "file%d", i);
        fclose(fopen(inside(name), "wb"));
        recent_add(i % 2 == 0 ? &one : &two, inside(name));
    }
    recent_load(&now);
    CHECK(now.count == 4, "%d files are kept", now.count);
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "/file%d", 3 - i);
        CHECK(strstr(now.paths[i], name) != NULL, "%d: %s", i, now.paths[i]);
    }
    unsetenv("XDG_STATE_HOME");
}

/* Settings that two programs save at the same time are those of one of them. */
static void test_settings_of_two_programs(void **state)
{
    enum { TIMES = 200 };
    (void)state;
    int status;
    Err err = {""};
    setenv("XDG_CONFIG_HOME", inside("config"), 1);
    Settings s = settings_default();
    s.width = s.height = 500;
    CHECK(settings_save(&s, &err), "%s", err.text);
    const pid_t child = fork();
    s.width = s.height = child == 0 ? 600 : 1700;
    for (int i = 0; i < TIMES; i++) {
        Settings read = settings_default();
        const bool good = settings_save(&s, &err) && settings_load(&read, &err) && read.width == read.height;
        if (child == 0 && !good)
            _exit(1);
        CHECK(good, "%d x %d: %s", read.width, read.height, err.text);
    }
    if (child == 0)
        _exit(0);
    CHECK(waitpid(child, &status, 0) == child && status == 0, "the second program failed");
    unsetenv("XDG_CONFIG_HOME");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_a_killed_writer),
    cmocka_unit_test(test_recent_files_of_two_programs),
    cmocka_unit_test(test_settings_of_two_programs),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
