/* lesson_export.c - draws each step's stage headless, as in the window, and writes it into the page with the text. */
#include "app/cli/lesson_export.h"
#include "app/cli/program.h"
#include "app/model/settings.h"
#include "app/ui/shell.h"
#include "engine/base/safe_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PICTURE_W = 1280, PICTURE_H = 720 };

static bool put(SafeFile *f, const char *text, Err *err)
{
    return safe_file_write(f, text, strlen(text), err);
}

/* ---- text ------------------------------------------------------------------------------------------------------------- */

static bool put_escaped(SafeFile *f, const char *text, size_t bytes, Err *err)
{
    bool good = true;
    for (size_t i = 0; good && i < bytes; i++)
        switch (text[i]) {
        case '<': good = put(f, "&lt;", err); break;
        case '>': good = put(f, "&gt;", err); break;
        case '&': good = put(f, "&amp;", err); break;
        case '"': good = put(f, "&quot;", err); break;
        case '\n': good = put(f, "<br>", err); break;
        default: good = safe_file_write(f, text + i, 1, err); break;
        }
    return good;
}

static bool put_prose(SafeFile *f, const char *tag, const LessonField *field, Err *err)
{
    if (field->source == NULL)
        return true;
    const char *text = field->prose.text;
    bool good = put(f, "<", err) && put(f, tag, err) && put(f, ">", err);
    for (int i = 0; good && i < field->prose.span_count; i++) {
        const Span *span = &field->prose.spans[i];
        const char *style = span->styles & SPAN_CODE ? "code" : span->styles & SPAN_STRONG ? "strong" : span->styles & SPAN_EMPHASIS ? "em"
                          : span->link[0] != '\0' ? "b" : "span";
        good = put(f, "<", err) && put(f, style, err) && put(f, ">", err) && put_escaped(f, text, span->bytes, err) && put(f, "</", err) &&
               put(f, style, err) && put(f, ">", err);
        text += span->bytes;
    }
    good = good && put(f, "</", err);
    return good && safe_file_write(f, tag, strcspn(tag, " "), err) && put(f, ">\n", err);
}

static bool put_choices(SafeFile *f, const LessonStep *step, Err *err)
{
    bool good = step->choice_count == 0 || put(f, "<ol>\n", err);
    for (int i = 0; good && i < step->choice_count; i++)
        good = put_prose(f, "li", &step->choices[i].field, err);
    return good && (step->choice_count == 0 || put(f, "</ol>\n", err));
}

/* The answer, at the end of the step in smaller type. */
static bool put_answer(SafeFile *f, const LessonStep *step, Err *err)
{
    bool good = true;
    for (int i = 0; good && i < step->choice_count; i++)
        if (step->choices[i].right)
            good = put(f, "<p class=\"answer\">✓ ", err) && put_prose(f, "span", &step->choices[i].field, err) && put(f, "</p>\n", err);
    return good && put_prose(f, "p class=\"answer\"", &step->reveal, err);
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
    good = good && put(f, "<img alt=\"\" src=\"data:image/png;base64,", err) && put_base64(f, png, err) && put(f, "\">\n", err);
    if (png != NULL)
        fclose(png);
    remove(temp);
    return good;
}

/* ---- pages -------------------------------------------------------------------------------------------------------------- */

static const char style[] =
    "<style>body{font:16px/1.5 sans-serif;max-width:52em;margin:2em auto;padding:0 1em;color:#1d2939}img{width:100%;border:1px solid #d0d5dd}"
    "section{break-inside:avoid;margin:2.5em 0}.ask{font-weight:bold}.answer{color:#067647;font-size:.9em}h2{font-size:1.15em}</style>\n";

static bool put_page(SafeFile *f, Inceptoscope *program, const Lesson *l, Lang lang, Err *err)
{
    char number[32];
    bool good = put(f, "<!doctype html>\n<html lang=\"", err) && put(f, lang_code(lang), err) && put(f, "\"><meta charset=\"utf-8\"><title>", err) &&
                put_escaped(f, l->title.prose.text, strlen(l->title.prose.text), err) && put(f, "</title>\n", err) && put(f, style, err) &&
                put_prose(f, "h1", &l->title, err) && put_prose(f, "p", &l->teaches, err);
    for (int i = 0; good && i < l->step_count; i++) {
        const LessonStep *step = &l->steps[i];
        snprintf(number, sizeof number, "<section><p>%d</p>", i + 1);
        good = put(f, number, err) && put_prose(f, "h2", &step->title, err) && put_picture(f, program, i, err) && put_prose(f, "p", &step->say, err) &&
               put_prose(f, "p class=\"ask\"", &step->ask, err) && put_choices(f, step, err) && put_answer(f, step, err) && put(f, "</section>\n", err);
    }
    return good && put(f, "</html>\n", err);
}

static bool export_one(const LessonExport *e, Inceptoscope *program, const char *path, Err *err)
{
    Lesson l;
    SafeFile f;
    char out[1024];
    const Model *m = &inceptoscope_session(program)->model;
    const char *slash = strrchr(path, '/'), *file = slash != NULL ? slash + 1 : path;
    if (!lesson_load(path, m->networks_dir, model_net(m), &l, err))
        return false;
    const int n = snprintf(out, sizeof out, "%s/%.*s.html", e->folder, (int)strcspn(file, "."), file);
    classroom_open(&inceptoscope_session(program)->classroom, &inceptoscope_session(program)->model, path);
    bool good = n > 0 && (size_t)n < sizeof out ? safe_file_open(&f, out, err) : err_set(err, "%s: the path is too long", e->folder);
    if (good) {
        good = put_page(&f, program, &l, e->lang, err) && safe_file_commit(&f, err);
        safe_file_abandon(&f);
    }
    if (good)
        puts(out);
    lesson_free(&l);
    return good;
}

static bool export_all(const LessonExport *e, Inceptoscope *program, const char *const *names, int name_count, Err *err)
{
    char folder[4096], path[4096], **paths;
    bool good = true;
    snprintf(folder, sizeof folder, "%s/%s", inceptoscope_session(program)->classroom.lessons_dir, lang_code(e->lang));
    const int count = lesson_list(folder, &paths);
    for (int i = 0; good && i < (name_count > 0 ? name_count : count); i++) {
        if (name_count == 0)
            good = export_one(e, program, paths[i], err);
        else if (lesson_find(folder, names[i], path, sizeof path))
            good = export_one(e, program, path, err);
        else
            good = export_one(e, program, names[i], err);
    }
    lesson_list_free(paths, count);
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
    const bool good = program != NULL && export_all(e, program, names, name_count, &err);
    inceptoscope_free(program);
    if (!good && err.text[0] != '\0')
        cli_complain("%s", err.text);
    return good;
}
