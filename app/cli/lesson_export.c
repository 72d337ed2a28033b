/* lesson_export.c - draws each step's stage headless, as in the window, and writes it into the page with the text. */
#include "app/cli/lesson_export.h"
#include "app/cli/html.h"
#include "app/cli/lesson_files.h"
#include "app/cli/program.h"
#include "app/model/settings.h"
#include "app/ui/shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PICTURE_W = 1280, PICTURE_H = 720 };

static bool put_choices(SafeFile *f, const LessonStep *step, Err *err)
{
    bool good = step->choice_count == 0 || html_put(f, "<ol>\n", err);
    for (int i = 0; good && i < step->choice_count; i++)
        good = html_prose(f, "li", &step->choices[i].field, err);
    return good && (step->choice_count == 0 || html_put(f, "</ol>\n", err));
}

/* The answer, at the end of the step in smaller type. */
static bool put_answer(SafeFile *f, const LessonStep *step, Err *err)
{
    bool good = true;
    for (int i = 0; good && i < step->choice_count; i++)
        if (step->choices[i].right)
            good = html_put(f, "<p class=\"answer\">✓ ", err) && html_prose(f, "span", &step->choices[i].field, err) && html_put(f, "</p>\n", err);
    return good && html_prose(f, "p class=\"answer\"", &step->reveal, err);
}

/* ---- pictures ----------------------------------------------------------------------------------------------------------- */

static bool put_base64(SafeFile *f, FILE *from, Err *err)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char b[3];
    bool good = true;
    for (size_t n; good && (n = fread(b, 1, 3, from)) > 0;) {
        const unsigned bits = (unsigned)b[0] << 16 | (n > 1 ? (unsigned)b[1] << 8 : 0) | (n > 2 ? b[2] : 0);
        const char four[4] = {letters[bits >> 18], letters[bits >> 12 & 63], n > 1 ? letters[bits >> 6 & 63] : '=', n > 2 ? letters[bits & 63] : '='};
        good = safe_file_write(f, four, 4, err);
    }
    return good && (!ferror(from) || err_set(err, "%s: its picture cannot be read again", f->path));
}

/* The stage of a step of the open lesson; the answer to its question is blank. */
static bool put_picture(SafeFile *f, Inceptoscope *program, int step, Err *err)
{
    Session *session = inceptoscope_session(program);
    char temp[1100];
    const App app = inceptoscope_app(program);
    snprintf(temp, sizeof temp, "%s.png", f->temp);
    const ShellOptions shell = {.width = PICTURE_W, .height = PICTURE_H, .scale = 1, .title = "Inceptoscope", .screenshot = temp};
    classroom_turn(&session->classroom, &session->model, step, false);
    if (!shell_headless(&app, &shell, err))
        return false;
    FILE *png = fopen(temp, "rb");
    bool good = png != NULL || err_set(err, "%s: cannot be opened", temp);
    good = good && html_put(f, "<img alt=\"\" src=\"data:image/png;base64,", err) && put_base64(f, png, err) && html_put(f, "\">\n", err);
    if (png != NULL)
        fclose(png);
    remove(temp);
    return good;
}

/* ---- pages -------------------------------------------------------------------------------------------------------------- */

static const char style[] =
    "body{font:16px/1.5 sans-serif;max-width:52em;margin:2em auto;padding:0 1em;color:#1d2939}img{width:100%;border:1px solid #d0d5dd}"
    "section{break-inside:avoid;margin:2.5em 0}.ask{font-weight:bold}.answer{color:#067647;font-size:.9em}h2{font-size:1.15em}";

/* A lesson that is read, and open in a program that draws its stages. */
typedef struct Shown {
    const Lesson *lesson;
    Inceptoscope *program;
} Shown;

static bool put_lesson(SafeFile *f, const void *user, Err *err)
{
    const Shown *shown = user;
    const Lesson *l = shown->lesson;
    char number[32];
    bool good = html_prose(f, "h1", &l->title, err) && html_prose(f, "p", &l->teaches, err);
    for (int i = 0; good && i < l->step_count; i++) {
        const LessonStep *step = &l->steps[i];
        snprintf(number, sizeof number, "<section><p>%d</p>", i + 1);
        good = html_put(f, number, err) && html_prose(f, "h2", &step->title, err) && put_picture(f, shown->program, i, err) && html_prose(f, "p", &step->say, err) &&
               html_prose(f, "p class=\"ask\"", &step->ask, err) && put_choices(f, step, err) && put_answer(f, step, err) && html_put(f, "</section>\n", err);
    }
    return good;
}

typedef struct Exporting {
    const LessonExport *e;
    Inceptoscope *program;
} Exporting;

static bool export_one(void *user, const char *path, Err *err)
{
    const Exporting *x = user;
    Lesson l;
    char out[1024];
    const Model *m = &inceptoscope_session(x->program)->model;
    if (!lesson_load(path, m->networks_dir, model_net(m), &l, err))
        return false;
    classroom_open(&inceptoscope_session(x->program)->classroom, &inceptoscope_session(x->program)->model, path);
    const HtmlPage page = {x->e->lang, l.title.prose.text, style, put_lesson, &(Shown){&l, x->program}};
    const bool good = lesson_page(x->e->folder, path, ".html", out, sizeof out, err) && html_page(out, &page, err);
    lesson_free(&l);
    return good;
}

bool lesson_export(const LessonExport *e, const char *const *names, int name_count)
{
    Err err = {""};
    mkdir(e->folder, 0777); /* a failure is reported when a file is opened in the folder */
    Settings settings = settings_default();
    settings.screen.lang = e->lang;
    settings.screen.still = true;
    const ProgramFiles files = {.weights = e->weights, .network = e->network, .image = e->image};
    const SessionOptions options = {.model = {.engine = engine_named(NULL), .look = settings.look, .screen = settings.screen}};
    Inceptoscope *program = program_open(&files, options, &err);
    if (program != NULL)
        inceptoscope_session(program)->classroom.bare = true;
    Exporting x = {e, program};
    const bool good = program != NULL && lesson_each(inceptoscope_session(program)->classroom.lessons_dir, e->lang, names, name_count, export_one, &x, &err);
    inceptoscope_free(program);
    if (!good && err.text[0] != '\0')
        cli_complain("%s", err.text);
    return good;
}
