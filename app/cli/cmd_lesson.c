/* cmd_lesson.c - lists the lessons, checks every number in them, and exports hand-outs. */
#include "app/cli/class_results.h"
#include "app/cli/lesson_exercise.h"
#include "app/cli/lesson_export.h"
#include "app/cli/lesson_seen.h"
#include "app/cli/lesson_sheet.h"
#include "app/model/lesson.h"
#include "app/model/settings.h"
#include "app/model/strings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Folders { char *lessons, *networks; } Folders;

/* What lessons are checked with. */
typedef struct Checked {
    const char *networks;
    const Net *stage;           /* NULL: googlenet */
    Inceptoscope *program;      /* shows the stages; opened by the first lesson that asks something */
    const char *network;        /* of the program; NULL: the one that it has by itself */
    int files, steps, questions, mistakes;
} Checked;

/* ---- list -------------------------------------------------------------------------------------------------------------- */

static void print_length(const Lesson *l, Lang lang)
{
    fputs("    ", stdout);
    if (l->minutes.source != NULL)
        printf(str(lang, STR_LESSON_LENGTH), l->step_count, (int)strtol(l->minutes.source, NULL, 10));
    else
        printf(str(lang, STR_LESSON_STEPS), l->step_count);
    putchar('\n');
}

static bool list(const Folders *f, Lang lang)
{
    char folder[4096], **paths;
    bool good = true;
    snprintf(folder, sizeof folder, "%s/%s", f->lessons, lang_code(lang));
    const int count = lesson_list(folder, ".lesson", &paths);
    for (int i = 0; i < count; i++) {
        Lesson l;
        Err err;
        if (!lesson_load(paths[i], f->networks, NULL, &l, &err)) {
            cli_complain("%s", err.text);
            good = false;
            continue;
        }
        printf("%2d  %s\n    %s\n", l.number, l.title.prose.text, l.teaches.prose.text != NULL ? l.teaches.prose.text : "");
        print_length(&l, lang);
        lesson_free(&l);
    }
    if (count == 0)
        cli_complain("lesson: no lessons in %s", folder);
    lesson_list_free(paths, count);
    return good && count > 0;
}

/* ---- check ------------------------------------------------------------------------------------------------------------- */

static bool complain(Checked *sum, const Err *err)
{
    cli_complain("%s", err->text);
    sum->mistakes++;
    return false;
}

static bool check_file(const char *path, Lesson *out, Checked *sum)
{
    Err err;
    sum->files++;
    if (!lesson_load(path, sum->networks, sum->stage, out, &err))
        return complain(sum, &err);
    sum->steps += out->step_count;
    if (!lesson_punctuation(out, &err))
        complain(sum, &err);
    if (!lesson_keeps_secrets(out, &err))
        complain(sum, &err);
    return true;
}

/* The stages of a lesson's questions. They are the same in all languages. */
static void check_stages(const Lesson *l, Checked *sum)
{
    Err err = {""};
    bool asks = false;
    for (int i = 0; i < l->step_count; i++)
        asks = asks || secrets_any(&l->steps[i].secrets);
    if (asks && sum->program == NULL) {
        const ProgramFiles files = {.network = sum->network};
        const Settings settings = settings_default();
        const SessionOptions options = {.model = {.engine = engine_named(NULL), .look = settings.look, .screen = {.still = true}}};
        sum->program = program_open(&files, options, &err);
    }
    if (asks && (sum->program == NULL || !lesson_unseen(sum->program, l->path, &sum->questions, &err)))
        complain(sum, &err);
}

/* Checks a lesson in every language, and that all versions have the same steps. */
static void check_languages(const Folders *f, const char *english, Checked *sum)
{
    const char *file = strrchr(english, '/') + 1;
    Lesson first, other;
    const bool good = check_file(english, &first, sum);
    for (int lang = LANG_EN + 1; lang < LANG_COUNT; lang++) {
        char path[4096];
        Err err;
        snprintf(path, sizeof path, "%s/%s/%s", f->lessons, lang_code((Lang)lang), file);
        if (!check_file(path, &other, sum))
            continue;
        if (good && !lesson_same_steps(&first, &other, &err))
            complain(sum, &err);
        lesson_free(&other);
    }
    if (good) {
        check_stages(&first, sum);
        lesson_free(&first);
    }
}

/* Reports files of a language that do not exist in English. */
static void check_strays(const Folders *f, Lang lang, Checked *sum)
{
    char folder[4096], english[4096], **paths;
    snprintf(folder, sizeof folder, "%s/%s", f->lessons, lang_code(lang));
    const int count = lesson_list(folder, ".lesson", &paths);
    for (int i = 0; i < count; i++) {
        Err err;
        snprintf(english, sizeof english, "%s/%s%s", f->lessons, lang_code(LANG_EN), strrchr(paths[i], '/'));
        FILE *there = fopen(english, "r");
        if (there != NULL) {
            fclose(there);
        } else {
            err_set(&err, "%s:1: the English lesson %s does not exist", paths[i], english);
            complain(sum, &err);
        }
    }
    lesson_list_free(paths, count);
}

static bool check_all(const Folders *f, const char *network, const char *const *files, int file_count, const Net *stage)
{
    Checked sum = {.networks = f->networks, .stage = stage, .network = network};
    Lesson l;
    int exercises = 0;
    for (int i = 0; i < file_count; i++)
        if (check_file(files[i], &l, &sum)) {
            check_stages(&l, &sum);
            lesson_free(&l);
        }
    if (file_count == 0) {
        char folder[4096], **paths;
        snprintf(folder, sizeof folder, "%s/%s", f->lessons, lang_code(LANG_EN));
        const int count = lesson_list(folder, ".lesson", &paths);
        for (int i = 0; i < count; i++)
            check_languages(f, paths[i], &sum);
        for (int lang = LANG_EN + 1; lang < LANG_COUNT; lang++)
            check_strays(f, (Lang)lang, &sum);
        lesson_list_free(paths, count);
        if (count == 0)
            cli_complain("lesson: no lessons in %s", folder);
        if (!lesson_exercises_hold(&(Exercises){.lessons = f->lessons, .networks = f->networks}, &exercises))
            sum.mistakes++;
    }
    if (sum.mistakes == 0 && exercises > 0)
        printf("%d exercises: the same in all languages, and none is solved before it begins\n", exercises);
    if (sum.mistakes == 0 && sum.files > 0)
        printf("%d lesson files, %d steps: every number and every expectation holds; %d open questions: no answer is on the stage\n", sum.files, sum.steps,
               sum.questions);
    inceptoscope_free(sum.program);
    return sum.mistakes == 0 && sum.files > 0;
}

/* The steps use `network`, or googlenet if it is NULL. */
static bool check(const Folders *f, const char *network, const char *const *files, int file_count)
{
    Err err;
    Net *stage = network != NULL ? net_open(network, f->networks, NULL, &err) : NULL;
    const bool opened = network == NULL || stage != NULL;
    if (!opened)
        cli_complain("%s", err.text);
    const bool good = opened && check_all(f, network, files, file_count, stage);
    net_free(stage);
    return good;
}

/* ---- export ------------------------------------------------------------------------------------------------------------ */

/* Which pages were asked for: as many as there are flags. */
typedef struct ExportFlags { bool kinds[SHEET_KINDS]; } ExportFlags;

static bool export_pages(const Folders *f, const LessonExport *export, const ExportFlags *flags, const char *const *names, int name_count)
{
    bool any = false, good = true;
    for (int kind = 0; kind < SHEET_KINDS; kind++)
        if (flags->kinds[kind]) {
            const Sheets sheets = {(SheetKind)kind, export->lang, f->lessons, f->networks, export->folder};
            any = true;
            good = lesson_sheets(&sheets, names, name_count) && good;
        }
    return any ? good : lesson_export(export, names, name_count);
}

/* ---- the command --------------------------------------------------------------------------------------------------------- */

static const char usage[] = "lesson: expected list, check [FILE...], export [LESSON...], results FOLDER or exercise [NAME [FILE.net]]";

int cmd_lesson(int argc, char **argv)
{
    enum { FILES_MAX = 100 };
    const char *rest[FILES_MAX + 1], *lang_name = "en";
    int count;
    LessonExport export = {.folder = "."};
    int hints = 0;
    ExportFlags sheets = {{false}};
    const Option table[] = {
        {"--lang", OPT_STRING, &lang_name, "en|zh"}, {"--out", OPT_STRING, &export.folder, NULL},
        {"--weights", OPT_STRING, &export.weights, NULL}, {"--image", OPT_STRING, &export.image, NULL},
        {"--network", OPT_STRING, &export.network, NULL},
        {"--student", OPT_FLAG, &sheets.kinds[SHEET_STUDENT], NULL}, {"--key", OPT_FLAG, &sheets.kinds[SHEET_KEY], NULL},
        {"--hints", OPT_INT, &hints, NULL},
        {"--teacher", OPT_FLAG, &sheets.kinds[SHEET_TEACHER], NULL},
    };
    if (!cli_parse(argc, argv, table, sizeof table / sizeof table[0], rest, FILES_MAX + 1, &count))
        return EXIT_USAGE;
    const char *what = count > 0 ? rest[0] : "";
    const bool known = strcmp(what, "list") == 0 || strcmp(what, "check") == 0 || strcmp(what, "export") == 0 || strcmp(what, "results") == 0 || strcmp(what, "exercise") == 0;
    if (!known || (strcmp(what, "list") == 0 && count > 1) || (strcmp(what, "results") == 0 && count != 2) || (strcmp(what, "exercise") == 0 && count > 3)) {
        cli_complain("%s", usage);
        return EXIT_USAGE;
    }
    Folders f = {lessons_path(), asset_path("networks")};
    bool good = false;
    lang_parse(lang_name, &export.lang);
    if (f.lessons == NULL || f.networks == NULL)
        cli_complain("lesson: not enough memory");
    else if (strcmp(what, "list") == 0)
        good = list(&f, export.lang);
    else if (strcmp(what, "check") == 0)
        good = check(&f, export.network, rest + 1, count - 1);
    else if (strcmp(what, "exercise") == 0)
        good = lesson_exercise(&(Exercises){f.lessons, f.networks, export.lang, hints}, count > 1 ? rest[1] : NULL, count > 2 ? rest[2] : NULL);
    else if (strcmp(what, "results") == 0)
        good = class_results(rest[1], export.folder, export.lang);
    else
        good = export_pages(&f, &export, &sheets, rest + 1, count - 1);
    free(f.lessons);
    free(f.networks);
    return good ? EXIT_OK : EXIT_INPUT;
}
