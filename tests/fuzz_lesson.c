/* fuzz_lesson.c - libFuzzer target of lessons and exercises. The stage is tiny.net, so that an input takes little time. */
#include "app/model/exercise.h"
#include "app/model/lesson.h"
#include "tests/fuzz_file.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    static Net *stage; /* made once */
    Err err;
    if (stage == NULL) {
        const NetOptions none = {.classes = 0};
        stage = net_open("tiny", "assets/networks", &none, &err);
        assert(stage != NULL);
    }
    Lesson lesson;
    if (lesson_parse((const char *)bytes, size, "lessons/en/01-fuzz.lesson", "assets/networks", stage, &lesson, &err))
        lesson_free(&lesson);
    FuzzFile file = fuzz_file(bytes, size);
    Exercise exercise;
    if (exercise_load(file.path, "assets/networks", &exercise, &err)) {
        for (int i = 0; i < exercise.check_count; i++)
            assert(exercise.checks[i].test != NULL);
        exercise_free(&exercise);
    }
    fuzz_file_end(&file);
    return 0;
}
