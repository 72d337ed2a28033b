/* fuzz_state.c - libFuzzer target of what the program keeps between runs, which anybody may have edited: settings, the answers of lessons, the
 * list of recent files; and of the results that students hand in. */
#include "app/model/lesson_results.h"
#include "app/model/settings.h"
#include "app/session/answers.h"
#include "app/session/recent.h"
#include "tests/fuzz_file.h"

#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

static char state_folder[] = "/tmp/inceptoscope-fuzz-XXXXXX";
static const char *const files[] = {"settings", "lessons", "recent"};

static void remove_folder(void)
{
    char path[96];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/inceptoscope/%s", state_folder, files[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/inceptoscope", state_folder);
    rmdir(path);
    rmdir(state_folder);
}

/* A folder for the state, made once. The files in it are memory files under other names: symbolic links to /proc/self/fd/N. */
static const char *folder(void)
{
    static bool made;
    if (!made) {
        char path[64];
        atexit(remove_folder);
        made = mkdtemp(state_folder) != NULL;
        assert(made);
        snprintf(path, sizeof path, "%s/inceptoscope", state_folder);
        mkdir(path, 0700);
        setenv("XDG_CONFIG_HOME", state_folder, 1);
        setenv("XDG_STATE_HOME", state_folder, 1);
    }
    return state_folder;
}

static void under(const FuzzFile *file, const char *called)
{
    char path[96];
    snprintf(path, sizeof path, "%s/inceptoscope/%s", folder(), called);
    unlink(path);
    const int linked = symlink(file->path, path);
    assert(linked == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    FuzzFile file = fuzz_file(bytes, size);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        under(&file, files[i]);
    Err err;
    Settings settings = settings_default();
    (void)settings_load(&settings, &err);
    assert(settings.width > 0 && settings.height > 0);
    Answers answers;
    (void)answers_load("lessons/en/03-inception-3a.lesson", 12, &answers);
    assert(answers.step >= -1 && answers.step < 12);
    Recent recent;
    recent_load(&recent);
    assert(recent.count >= 0 && recent.count <= RECENT_MAX);
    LessonResults results;
    if (lesson_results_read(file.path, &results, &err)) {
        free(lesson_results_text(&results)); /* what was read can be written */
        lesson_results_free(&results);
    }
    fuzz_file_end(&file);
    return 0;
}
