/* lesson_sheet.c - lessons on paper; see lesson_sheet.h. */
#include "app/cli/lesson_sheet.h"
#include "app/cli/html.h"
#include "app/ui/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const endings[] = {[SHEET_STUDENT] = "-student.html", [SHEET_KEY] = "-key.html", [SHEET_TEACHER] = "-teacher.html"};
_Static_assert(sizeof endings / sizeof endings[0] == SHEET_KINDS, "every kind has an ending");

/* The lines are for a pen: a line to write on is 7 mm high. */
static const char style[] =
    "@page{size:A4;margin:13mm 15mm}body{font:9.6pt/1.32 sans-serif;max-width:180mm;margin:0 auto;color:#111}h1{font-size:14pt;margin:0 0 1mm}"
    "p{margin:.6mm 0}section{break-inside:avoid;margin:1.7mm 0}h2{font-size:9.6pt;margin:0}h3{font-size:11pt;margin:4mm 0 1mm}"
    "ol,ul{list-style:none;margin:.5mm 0;padding-left:4mm}li{display:inline-block;margin-right:7mm}li.right{font-weight:bold}"
    ".ask{font-weight:bold}.gap{display:inline-block;border-bottom:1px solid #555;text-align:center;min-width:6mm}.line{border-bottom:1px solid #999;height:7mm}"
    ".who{margin:2mm 0 3mm}.who span{display:inline-block;margin-right:6mm}.who i{display:inline-block;border-bottom:1px solid #555;width:38mm}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.8mm 1.5mm;text-align:left;vertical-align:top}.small{color:#444;font-size:8.6pt}";

typedef struct Paper {
    SafeFile *file;
    const Sheets *sheets;
    const Lesson *lesson;
    Err *err;
} Paper;

static const char *words(const Paper *p, Str id)
{
    return str(p->sheets->lang, id);
}

static bool put(const Paper *p, const char *text)
{
    return html_put(p->file, text, p->err);
}

static bool put_text(const Paper *p, const char *text, size_t bytes)
{
    return html_escaped(p->file, text, bytes, p->err);
}

/* ---- what is blank -------------------------------------------------------------------------------------------------------- */

/* Bytes of the number that begins here: digits, with marks between them as in 163,328 or 2.41; 0 if none does. */
static size_t number_bytes(const char *text, size_t bytes)
{
    size_t n = 0;
    while (n < bytes && (isdigit((unsigned char)text[n]) ||
                         (n > 0 && n + 1 < bytes && (text[n] == ',' || text[n] == '.') && isdigit((unsigned char)text[n + 1]))))
        n++;
    return n;
}

static bool has_number(const char *text, const char *number, size_t bytes)
{
    for (size_t i = 0, size = strlen(text); i < size;) {
        const size_t n = number_bytes(text + i, size - i);
        if (n == bytes && strncmp(text + i, number, n) == 0)
            return true;
        i += n > 0 ? n : 1;
    }
    return false;
}

/* Whether a number answers the step's question: what is blank on the screen too, or what follows the last = of an answer that is only said. */
static bool answers_step(const LessonStep *step, const char *number, size_t bytes)
{
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)bytes, number);
    if (secrets_blank(&step->secrets, text))
        return true;
    const char *equals = lesson_question(step) == QUESTION_OPEN ? strrchr(step->reveal.prose.text, '=') : NULL;
    return equals != NULL && has_number(equals, number, bytes);
}

/* Whether a number of `step`'s text answers a question. One digit alone is too common for that, except in the question's own step. */
static bool answers(const Lesson *l, const LessonStep *step, const char *number, size_t bytes)
{
    for (int i = 0; i < l->step_count; i++)
        if ((bytes > 1 || &l->steps[i] == step) && answers_step(&l->steps[i], number, bytes))
            return true;
    return false;
}

/* A blank as wide as what belongs there is written, so that the sheet and its key have the same lines. */
static bool put_gap(const Paper *p, const char *text, size_t bytes)
{
    char open[80];
    float em = 0;
    for (size_t i = 0; i < bytes; i += utf8_size(text + i))
        em += (unsigned char)text[i] < 0x80 ? 0.75F : 1.3F;
    snprintf(open, sizeof open, "<span class=\"gap\" style=\"width:%.1fem\">", (double)em);
    return put(p, open) && (p->sheets->kind == SHEET_STUDENT ? put(p, "&nbsp;") : put_text(p, text, bytes)) && put(p, "</span>");
}

/* Text of one style; numbers that answer a question are blanks. */
static bool put_span(const Paper *p, const LessonStep *step, const char *text, size_t bytes)
{
    bool good = true;
    size_t plain = 0;
    for (size_t i = 0; good && i < bytes;) {
        const size_t n = number_bytes(text + i, bytes - i);
        if (n > 0 && answers(p->lesson, step, text + i, n)) {
            good = put_text(p, text + plain, i - plain) && put_gap(p, text + i, n);
            plain = i + n;
        }
        i += n > 0 ? n : 1;
    }
    return good && put_text(p, text + plain, bytes - plain);
}

/* A step's text with its blanks. */
static bool put_said(const Paper *p, const LessonStep *step)
{
    if (step->say.source == NULL)
        return true;
    const Prose *prose = &step->say.prose;
    const char *text = prose->text;
    bool good = put(p, "<p>");
    for (int i = 0; good && i < prose->span_count; i++) {
        const Span *span = &prose->spans[i];
        good = span->styles & (SPAN_EMPHASIS | SPAN_STRONG) ? put_gap(p, text, span->bytes) : put_span(p, step, text, span->bytes);
        text += span->bytes;
    }
    return good && put(p, "</p>\n");
}

/* ---- the sheet and its key ---------------------------------------------------------------------------------------------- */

static int index_of(const Paper *p, const LessonStep *step)
{
    return (int)(step - p->lesson->steps);
}

/* In the order of the screen, so that the class can say a number. */
static bool put_choices(const Paper *p, const LessonStep *step)
{
    int order[LIMIT_LESSON_CHOICES];
    bool good = put(p, "<ul>");
    lesson_order(p->lesson, index_of(p, step), 0, order);
    for (int i = 0; good && i < step->choice_count; i++) {
        const LessonChoice *choice = &step->choices[order[i]];
        const bool ticked = p->sheets->kind != SHEET_STUDENT && choice->right;
        good = put(p, ticked ? "<li class=\"right\">☒ " : "<li>☐ ") && html_prose(p->file, "span", &choice->field, p->err) && put(p, "</li>");
    }
    return good && put(p, "</ul>\n");
}

static bool put_number(const Paper *p, const LessonStep *step)
{
    char text[64];
    lesson_number_text(step->number.value, text, sizeof text);
    return put(p, "<p>= ") && put_gap(p, text, strlen(text)) && put(p, " ") && put_text(p, step->number.unit, strlen(step->number.unit)) && put(p, "</p>\n");
}

/* What to point at, or what to make happen: the answer as the lesson has it. */
static bool put_deed(const Paper *p, const LessonField *deed)
{
    return p->sheets->kind == SHEET_STUDENT || html_element(p->file, "p", deed->source, p->err);
}

static bool put_answer(const Paper *p, const LessonStep *step)
{
    switch (lesson_question(step)) {
    case QUESTION_CHOICE: return put_choices(p, step);
    case QUESTION_NUMBER: return put_number(p, step);
    case QUESTION_POINT: return put_deed(p, &step->point);
    case QUESTION_MAKE: return put_deed(p, &step->make);
    case QUESTION_OPEN:
    case QUESTION_NONE: break;
    }
    return true;
}

/* Two lines for an answer in words, one for the reason of another; in the key, the answer. */
static bool put_room(const Paper *p, const LessonStep *step)
{
    if (p->sheets->kind != SHEET_STUDENT)
        return html_prose(p->file, "p class=\"small\"", &step->reveal, p->err);
    return put(p, "<div class=\"line\"></div>") && (lesson_question(step) != QUESTION_OPEN || put(p, "<div class=\"line\"></div>")) && put(p, "\n");
}

static bool put_step(const Paper *p, int index)
{
    const LessonStep *step = &p->lesson->steps[index];
    char number[32];
    snprintf(number, sizeof number, "<section><h2>%d · ", index + 1);
    return put(p, number) && html_prose(p->file, "span", &step->title, p->err) && put(p, "</h2>") && put_said(p, step) &&
           html_prose(p->file, "p class=\"ask\"", &step->ask, p->err) && put_answer(p, step) && (!lesson_asks(step) || put_room(p, step)) && put(p, "</section>\n");
}

static bool put_who(const Paper *p)
{
    static const Str fields[] = {STR_SHEET_NAME, STR_SHEET_CLASS, STR_SHEET_DATE};
    bool good = put(p, "<p class=\"who\">");
    for (size_t i = 0; good && i < sizeof fields / sizeof fields[0]; i++)
        good = put(p, "<span>") && put(p, words(p, fields[i])) && put(p, " <i>&nbsp;</i></span>");
    return good && put(p, "</p>\n");
}

static bool put_sheet(const Paper *p)
{
    bool good = html_prose(p->file, "h1", &p->lesson->title, p->err) &&
                (p->sheets->kind == SHEET_STUDENT ? put_who(p) : html_element(p->file, "p class=\"small\"", words(p, STR_SHEET_KEY), p->err));
    for (int i = 0; good && i < p->lesson->step_count; i++)
        good = put_step(p, i);
    return good;
}

/* ---- the teacher's page ---------------------------------------------------------------------------------------------------- */

static bool put_heading(const Paper *p, Str heading, const LessonField *field)
{
    return field->source == NULL || (html_element(p->file, "h3", words(p, heading), p->err) && html_prose(p->file, "p", field, p->err));
}

/* The minute at which a step begins, if one with a question takes three times as long as one without. */
static int begins_at(const Lesson *l, int index)
{
    int before = 0, all = 0;
    for (int i = 0; i < l->step_count; i++) {
        const int takes = lesson_asks(&l->steps[i]) ? 3 : 1;
        before += i < index ? takes : 0;
        all += takes;
    }
    return l->minutes.source != NULL ? (int)strtol(l->minutes.source, NULL, 10) * before / all : 0;
}

/* What is said to each wrong answer, behind the answer. */
static bool put_replies(const Paper *p, const LessonStep *step)
{
    bool good = true;
    for (int i = 0; good && i < step->choice_count; i++) {
        const LessonChoice *c = &step->choices[i];
        char number[64];
        if (c->right || c->reply.source == NULL)
            continue;
        lesson_number_text(c->number, number, sizeof number);
        good = put(p, "<p class=\"small\">✗ ") &&
               (lesson_question(step) == QUESTION_NUMBER ? put_text(p, number, strlen(number)) : html_prose(p->file, "span", &c->field, p->err)) && put(p, " → ") &&
               html_prose(p->file, "i", &c->reply, p->err) && put(p, "</p>\n");
    }
    return good;
}

static bool put_question(const Paper *p, const LessonStep *step)
{
    return html_prose(p->file, "p class=\"ask\"", &step->ask, p->err) && put_answer(p, step) && html_prose(p->file, "p class=\"small\"", &step->reveal, p->err) &&
           put_replies(p, step);
}

static bool put_plan(const Paper *p)
{
    const Lesson *l = p->lesson;
    bool good = html_element(p->file, "h3", words(p, STR_SHEET_PLAN), p->err) && put(p, "<table>\n");
    for (int i = 0; good && i < l->step_count; i++) {
        const LessonStep *step = &l->steps[i];
        char row[64];
        snprintf(row, sizeof row, "<tr><td>%d′</td><td>%d</td><td>", begins_at(l, i), i + 1);
        good = put(p, row) && html_prose(p->file, "span", &step->title, p->err) && put(p, "<br><code>") &&
               put_text(p, step->at.source != NULL ? step->at.source : "", step->at.source != NULL ? strlen(step->at.source) : 0) &&
               put(p, "</code></td><td>") && put_question(p, step) && put(p, "</td></tr>\n");
    }
    return good && put(p, "</table>\n");
}

static bool put_teacher(const Paper *p)
{
    char length[64];
    const Lesson *l = p->lesson;
    snprintf(length, sizeof length, words(p, STR_LESSON_LENGTH), l->step_count, l->minutes.source != NULL ? (int)strtol(l->minutes.source, NULL, 10) : 0);
    return html_prose(p->file, "h1", &l->title, p->err) && (l->minutes.source == NULL || html_element(p->file, "p", length, p->err)) &&
           put_heading(p, STR_SHEET_GOAL, &l->teaches) && put_heading(p, STR_SHEET_BOARD, &l->board) && put_heading(p, STR_SHEET_SLIPS, &l->slips) && put_plan(p);
}

/* ---- files ------------------------------------------------------------------------------------------------------------------ */

/* `user` is the paper without its file. */
static bool put_paper(SafeFile *f, const void *user, Err *err)
{
    Paper paper = *(const Paper *)user;
    paper.file = f;
    paper.err = err;
    return paper.sheets->kind == SHEET_TEACHER ? put_teacher(&paper) : put_sheet(&paper);
}

static bool write_one(void *user, const char *path, Err *err)
{
    const Sheets *sheets = user;
    Lesson l;
    char out[1024];
    if (!lesson_load(path, sheets->networks, NULL, &l, err))
        return false;
    const Paper paper = {.sheets = sheets, .lesson = &l};
    const HtmlPage page = {sheets->lang, l.title.prose.text, style, put_paper, &paper};
    const bool good = lesson_page(sheets->out, path, endings[sheets->kind], out, sizeof out, err) && html_page(out, &page, err);
    lesson_free(&l);
    return good;
}

bool lesson_sheets(const Sheets *sheets, const char *const *names, int name_count)
{
    Err err = {""};
    Sheets copy = *sheets;
    mkdir(sheets->out, 0777); /* a failure is reported when a file is opened in the folder */
    const bool good = lesson_each(sheets->lessons, sheets->lang, names, name_count, write_one, &copy, &err);
    if (!good && err.text[0] != '\0')
        cli_complain("%s", err.text);
    return good;
}
