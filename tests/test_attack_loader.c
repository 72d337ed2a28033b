/* test_attack_loader.c - what is dropped on the window: a pipe or a device is refused, and nothing that is being loaded is ever waited for. */
#include "app/session/open_job.h"
#include "engine/io/file.h"
#include "tests/bytes.h"
#include "tests/limited.h"
#include "tests/temp_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void rest(double seconds)
{
    nanosleep(&(struct timespec){(time_t)seconds, (long)((seconds - floor(seconds)) * 1e9)}, NULL);
}

static int threads(void)
{
    DIR *tasks = opendir("/proc/self/task"); /* Linux: elsewhere none are counted */
    int count = 0;
    for (struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;)
        count += entry->d_name[0] != '.';
    if (tasks != NULL)
        closedir(tasks);
    return count;
}

static SharedSource *open_lenet(void)
{
    Source source;
    Err err;
    CHECK(source_open(&source, &(SourceOptions){.network = "lenet5", .networks_dir = "assets/networks"}, &err), "%s", err.text);
    SharedSource *shared = shared_source_new(source);
    assert_non_null(shared);
    return shared;
}

static void count_wakes(void *user)
{
    atomic_fetch_add((atomic_int *)user, 1);
}

static OpenJob *start(SharedSource *source, const char *path, bool second, atomic_int *wakes)
{
    Err err;
    OpenJob *l = open_job_start(&(OpenRequest){.path = path, .source = source, .networks_dir = "assets/networks", .second = second,
                                            .wake = count_wakes, .wake_user = wakes}, &err);
    CHECK(l != NULL, "%s", err.text);
    return l;
}

/* A minute is for a sanitizer on a machine that does much else. */
static OpenResult finish(OpenJob *l, const char *path)
{
    OpenResult result;
    const double begin = now();
    while (!open_job_finish(l, &result)) {
        CHECK(now() - begin < 60, "%s: no end", path);
        rest(0.001);
    }
    return result;
}

static void test_what_is_no_file(void **state)
{
    (void)state;
    SharedSource *source = open_lenet();
    atomic_int wakes = 0;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", temp_folder);
    const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(mkfifo(inside("pipe"), 0600), 0);
    assert_int_equal(symlink("pipe", inside("link.png")), 0);
    const struct { const char *path, *why; } cases[] = {
        {inside("pipe"), "is a pipe"}, {inside("link.png"), "is a pipe"}, {inside("socket"), "is a pipe, a socket"},
        {"/dev/zero", "device"},       {"/dev/null", "device"},           {temp_folder, "is a folder"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int second = 0; second < 2; second++) {
            const OpenResult r = finish(start(source, cases[i].path, second == 1, &wakes), cases[i].path);
            CHECK(!r.good && strstr(r.err.text, cases[i].why) != NULL && strstr(r.err.text, cases[i].path) != NULL, "%s: %s", cases[i].path, r.err.text);
        }
    close(listening);
    shared_source_release(source);
}

enum { LARGE = 4500 };

/* A grey picture of 20 megapixels. */
static void write_large_picture(const char *path)
{
    Bytes b = png_head(LARGE, LARGE, 8, 0), data = zlib_data("", 0, (size_t)(LARGE + 1) * LARGE);
    put_chunk(&b, "IDAT", data.at, data.size);
    put_chunk(&b, "IEND", "", 0);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(b.at, 1, b.size, f), b.size);
    fclose(f);
    free(data.at);
    free(b.at);
}

static void test_leaving_waits_for_nothing(void **state)
{
    (void)state;
    SharedSource *source = open_lenet();
    atomic_int wakes = 0, after = 0;
    const int before = threads(); /* a sanitizer has one of its own */
    const char *large = inside("large.png");
    write_large_picture(large);
    double begin = now();
    OpenResult r = finish(start(source, large, false, &wakes), large);
    const double whole = now() - begin;
    CHECK(r.good && r.picture.original.w == LARGE, "%s", r.err.text);
    picture_free(&r.picture);
    assert_true(wakes == 1);

    OpenJob *l = start(source, large, false, &after);
    rest(whole / 4); /* in the middle of it */
    begin = now();
    open_job_abandon(l);
    const double left = now() - begin;
    CHECK(left < whole / 4, "waited %.3f s of %.3f s", left, whole);
    const char *small = "tests/pictures/photo.jpg"; /* another one meanwhile */
    r = finish(start(source, small, false, &wakes), small);
    CHECK(r.good && r.picture.original.w == 8, "%s", r.err.text);
    picture_free(&r.picture);
    shared_source_release(source); /* the thread has a hold of its own */

    begin = now();
    while (threads() > before) {
        CHECK(now() - begin < 60, "the thread does not end");
        rest(0.01);
    }
    CHECK(after == 0, "woken for what was left");
}

/* Reading looks at the flag: a file of a gigabyte is not read to its end. */
static void test_reading_stops(void **state)
{
    (void)state;
    const char *path = inside("holes");
    const int fd = open(path, O_WRONLY | O_CREAT, 0600);
    unsigned char *bytes;
    size_t size;
    Err err;
    Stop stop = {false};
    assert_int_equal(ftruncate(fd, (off_t)1 << 30), 0);
    close(fd);
    stop_ask(&stop);
    const double begin = now();
    assert_false(file_read(path, (size_t)4 << 30, &stop, &bytes, &size, &err));
    assert_non_null(strstr(err.text, "no longer needed"));
    CHECK(LIMITED_BY_TIME_ALONE || now() - begin < 0.5, "%.3f s", now() - begin); /* a sanitizer takes long to ask for so much */
    assert_true(file_read_head(path, 100, &bytes, &size, &err));
    assert_int_equal(size, 100);
    free(bytes);
}

/* A command may be given a pipe, and reads all that comes out of it. */
static void test_a_command_reads_pipes(void **state)
{
    (void)state;
    int ends[2];
    char path[40];
    unsigned char *bytes;
    size_t size;
    Err err;
    Stop stop = {false};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "picture", 7), 7);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_false(file_read(path, 100000, &stop, &bytes, &size, &err));
    CHECK(file_read(path, 100000, NULL, &bytes, &size, &err), "%s", err.text);
    assert_int_equal(size, 7);
    assert_string_equal(bytes, "picture");
    free(bytes);
    close(ends[0]);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_is_no_file),
    cmocka_unit_test(test_leaving_waits_for_nothing),
    cmocka_unit_test(test_reading_stops),
    cmocka_unit_test(test_a_command_reads_pipes),
};

int main(void)
{
    return cmocka_run_group_tests(tests, temp_folder_make, temp_folder_remove);
}
