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

/* A folder for the state, made once. The files in it are memory files under other names: symbolic links to /proc/self/fd/N. */
static const char *folder(void)
{
    static char name[] = "/tmp/inceptoscope-fuzz-XXXXXX";
    static bool made;
    if (!made) {
        char path[64];
        made = mkdtemp(name) != NULL;
        assert(made);
        snprintf(path, sizeof path, "%s/inceptoscope", name);
        mkdir(path, 0700);
        setenv("XDG_CONFIG_HOME", name, 1);
        setenv("XDG_STATE_HOME", name, 1);
    }
    return name;
}

static void under(const FuzzFile *file, const char *name)
{
    char path[96];
    snprintf(path, sizeof path, "%s/inceptoscope/%s", folder(), name);
    unlink(path);
    const int linked = symlink(file->path, path);
    assert(linked == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    FuzzFile file = fuzz_file(bytes, size);
    under(&file, "settings");
    under(&file, "lessons");
    under(&file, "recent");
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
