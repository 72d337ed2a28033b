/* class_results.c - a class's results in one table and on one page; see class_results.h. */
#include "app/cli/class_results.h"
#include "app/cli/cli.h"
#include "app/cli/html.h"
#include "app/model/lesson_results.h"
#include "engine/base/array.h"
#include "engine/base/limits.h"
#include "engine/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct Handed {
    char file[256];
    LessonResults results;
} Handed;

typedef struct Class {
    Handed *handed; int count;  /* by lesson, then by file */
} Class;

/* ---- reading --------------------------------------------------------------------------------------------------------------- */

static int by_lesson(const void *a, const void *b)
{
    const Handed *x = a, *y = b;
    const int lesson = strcmp(x->results.lesson, y->results.lesson);
    return lesson != 0 ? lesson : strcmp(x->file, y->file);
}

static bool is_json(const char *name)
{
    return name[0] != '.' && text_ends(name, ".json");
}

/* One that cannot be used is named, and the class goes on. False without memory. */
static bool take(Class *c, const char *folder, const char *name)
{
    char path[4400];
    Err err;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    Handed *grown = array_grow(c->handed, c->count, sizeof *grown);
    if (grown == NULL)
        return false;
    c->handed = grown;
    if (!lesson_results_read(path, &c->handed[c->count].results, &err)) {
        cli_complain("%s", err.text);
        return true;
    }
    snprintf(c->handed[c->count++].file, sizeof c->handed->file, "%s", name);
    return true;
}

static bool read_class(Class *c, const char *folder, Err *err)
{
    DIR *dir = opendir(folder);
    bool good = dir != NULL || err_set(err, "%s: this folder cannot be read: %s", folder, strerror(errno));
    for (struct dirent *e; good && (e = readdir(dir)) != NULL;)
        if (is_json(e->d_name) && c->count == LIMIT_RESULTS)
            good = err_set(err, "%s: more than %d results; sort them into several folders", folder, LIMIT_RESULTS);
        else if (is_json(e->d_name))
            good = take(c, folder, e->d_name) || err_set(err, "not enough memory for the results");
    if (dir != NULL)
        closedir(dir);
    if (good && c->count == 0)
        good = err_set(err, "%s: no results of a lesson here; the program writes them as .json files (in a lesson, \"hand in\")", folder);
    if (good)
        qsort(c->handed, (size_t)c->count, sizeof *c->handed, by_lesson);
    return good;
}

static void class_free(Class *c)
{
    for (int i = 0; i < c->count; i++)
        lesson_results_free(&c->handed[i].results);
    free(c->handed);
}

static const ResultAnswer *answer_at(const Handed *h, int step)
{
    for (int i = 0; i < h->results.count; i++)
        if (h->results.answers[i].step == step)
            return &h->results.answers[i];
    return NULL;
}

/* ---- the table -------------------------------------------------------------------------------------------------------------- */

/* A cell in quotes. One that a spreadsheet would take for a formula gets an apostrophe: names come from the class. */
static void cell(FILE *f, const char *text)
{
    fputs(strchr("=+-@", text[0]) != NULL && text[0] != '\0' ? "\"'" : "\"", f);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            fputc('"', f);
        fputc(*p == '\n' ? ' ' : *p, f);
    }
    fputc('"', f);
}

static void table_row(FILE *f, const Handed *h, const bool *steps)
{
    const LessonResults *r = &h->results;
    cell(f, h->file);
    fputc(',', f);
    cell(f, r->name);
    fputc(',', f);
    cell(f, r->lesson);
    fprintf(f, ",%d", r->count);
    for (int v = 0; v < OUTCOMES; v++)
        fprintf(f, ",%d", lesson_results_count(r, (Outcome)v));
    for (int s = 1; s <= LIMIT_LESSON_STEPS; s++)
        if (steps[s])
            fprintf(f, ",%s", answer_at(h, s) != NULL ? outcome_name(answer_at(h, s)->outcome) : "");
    fputc('\n', f);
}

/* All files in one table, with a column for each step in which some lesson asks. The first bytes tell a spreadsheet that it is UTF-8. */
static char *table_text(const Class *c)
{
    char *text = NULL;
    size_t size;
    bool steps[LIMIT_LESSON_STEPS + 1] = {false};
    FILE *f = open_memstream(&text, &size);
    if (f == NULL)
        return NULL;
    for (int i = 0; i < c->count; i++)
        for (int k = 0; k < c->handed[i].results.count; k++)
            steps[c->handed[i].results.answers[k].step] = true;
    fputs("\xef\xbb\xbf" "file,name,lesson,questions", f);
    for (int v = 0; v < OUTCOMES; v++)
        fprintf(f, ",%s", outcome_name((Outcome)v));
    for (int s = 1; s <= LIMIT_LESSON_STEPS; s++)
        if (steps[s])
            fprintf(f, ",step %d", s);
    fputc('\n', f);
    for (int i = 0; i < c->count; i++)
        table_row(f, &c->handed[i], steps);
    if (fclose(f) == 0)
        return text;
    free(text);
    return NULL;
}

/* ---- the page --------------------------------------------------------------------------------------------------------------- */

static const char style[] =
    "body{font:15px/1.45 sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#1d2939}table{border-collapse:collapse;margin:.6em 0 1.6em}"
    "td,th{border:1px solid #d0d5dd;padding:.25em .6em;text-align:left;vertical-align:top}td.n{text-align:right}.bar{background:#d92d20;height:.8em}"
    ".right{color:#067647}.wrong{color:#b42318}.shown,.open{color:#475467}";

typedef struct Page {
    SafeFile *file;
    Lang lang;
    Err *err;
} Page;

/* How a class answered one question. */
typedef struct Asked {
    int step, all, counts[OUTCOMES];
    const char *question, *slip; /* of the first file that has it; the wrong answer that most gave, NULL if there is none */
    int slips;
} Asked;

static const Str outcome_words[] = {STR_OUTCOME_RIGHT, STR_OUTCOME_WRONG, STR_OUTCOME_SHOWN, STR_OUTCOME_OPEN};

static int times_given(const Handed *first, int count, int step, const char *given)
{
    int times = 0;
    for (int i = 0; i < count; i++) {
        const ResultAnswer *a = answer_at(&first[i], step);
        times += a != NULL && a->outcome == OUTCOME_WRONG && strcmp(a->given, given) == 0;
    }
    return times;
}

static Asked asked_at(const Handed *first, int count, int step)
{
    Asked q = {.step = step};
    for (int i = 0; i < count; i++) {
        const ResultAnswer *a = answer_at(&first[i], step);
        if (a == NULL)
            continue;
        q.all++;
        q.counts[a->outcome]++;
        q.question = q.question != NULL ? q.question : a->question;
        const int times = a->outcome == OUTCOME_WRONG && a->given[0] != '\0' ? times_given(first, count, step, a->given) : 0;
        if (times > q.slips) {
            q.slips = times;
            q.slip = a->given;
        }
    }
    return q;
}

/* The one that failed most comes first: the share that did not answer it rightly. Equal ones stay in the lesson's order. */
static int by_failures(const void *a, const void *b)
{
    const Asked *x = a, *y = b;
    const long failed_x = (long)(x->all - x->counts[OUTCOME_RIGHT]) * y->all, failed_y = (long)(y->all - y->counts[OUTCOME_RIGHT]) * x->all;
    return failed_x != failed_y ? (failed_x < failed_y ? 1 : -1) : x->step - y->step;
}

static bool put_number(const Page *p, int number)
{
    char text[64];
    snprintf(text, sizeof text, "<td class=\"n\">%d</td>", number);
    return html_put(p->file, text, p->err);
}

static bool put_asked(const Page *p, const Asked *q)
{
    char bar[96], slip[RESULT_TEXT_MAX + 32] = "";
    const int failed = 100 * (q->all - q->counts[OUTCOME_RIGHT]) / q->all;
    snprintf(bar, sizeof bar, "<td style=\"width:8em\"><div class=\"bar\" style=\"width:%d%%\"></div>%d %%</td>", failed, failed);
    if (q->slip != NULL)
        snprintf(slip, sizeof slip, "%s (%d)", q->slip, q->slips);
    bool good = html_put(p->file, "<tr>", p->err) && put_number(p, q->step) && html_element(p->file, "td", q->question, p->err) && html_put(p->file, bar, p->err);
    for (int v = 0; good && v < OUTCOMES; v++)
        good = put_number(p, q->counts[v]);
    return good && html_element(p->file, "td", slip, p->err) && html_put(p->file, "</tr>\n", p->err);
}

static bool put_heads(const Page *p, const Str *heads, int count)
{
    bool good = true;
    for (int i = 0; good && i < count; i++)
        good = html_element(p->file, "th", str(p->lang, heads[i]), p->err);
    return good;
}

static bool put_questions(const Page *p, const Asked *asked, int count)
{
    static const Str heads[] = {STR_RESULTS_STEP, STR_RESULTS_QUESTION, STR_RESULTS_FAILED};
    bool good = html_element(p->file, "h3", str(p->lang, STR_RESULTS_WORST), p->err) && html_put(p->file, "<table><tr>", p->err) && put_heads(p, heads, 3) &&
                put_heads(p, outcome_words, OUTCOMES) && put_heads(p, (const Str[]){STR_RESULTS_SLIP}, 1) && html_put(p->file, "</tr>\n", p->err);
    for (int i = 0; good && i < count; i++)
        good = put_asked(p, &asked[i]);
    return good && html_put(p->file, "</table>\n", p->err);
}

static bool put_pupil(const Page *p, const Handed *h, const Asked *asked, int count)
{
    char right[64];
    snprintf(right, sizeof right, "%d / %d", lesson_results_count(&h->results, OUTCOME_RIGHT), h->results.count);
    bool good = html_put(p->file, "<tr>", p->err) && html_element(p->file, "td", h->results.name, p->err) && html_element(p->file, "td", h->file, p->err) &&
                html_element(p->file, "td", right, p->err);
    for (int i = 0; good && i < count; i++) {
        char tag[40];
        const ResultAnswer *a = answer_at(h, asked[i].step);
        snprintf(tag, sizeof tag, "td class=\"%s\"", a != NULL ? outcome_name(a->outcome) : "open");
        good = html_element(p->file, tag, a != NULL ? str(p->lang, outcome_words[a->outcome]) : "", p->err);
    }
    return good && html_put(p->file, "</tr>\n", p->err);
}

static bool put_pupils(const Page *p, const Handed *first, int handed, const Asked *asked, int count)
{
    static const Str heads[] = {STR_SHEET_NAME, STR_RESULTS_FILE, STR_OUTCOME_RIGHT};
    bool good = html_element(p->file, "h3", str(p->lang, STR_RESULTS_WHO), p->err) && html_put(p->file, "<table><tr>", p->err) && put_heads(p, heads, 3);
    for (int i = 0; good && i < count; i++) {
        char head[32];
        snprintf(head, sizeof head, "%d", asked[i].step);
        good = html_element(p->file, "th", head, p->err);
    }
    good = good && html_put(p->file, "</tr>\n", p->err);
    for (int i = 0; good && i < handed; i++)
        good = put_pupil(p, &first[i], asked, count);
    return good && html_put(p->file, "</table>\n", p->err);
}

/* One lesson: `handed` files from `first` on. */
static bool put_lesson(const Page *p, const Handed *first, int handed)
{
    Asked asked[LIMIT_LESSON_STEPS];
    int count = 0;
    for (int s = 1; s <= LIMIT_LESSON_STEPS; s++) {
        const Asked q = asked_at(first, handed, s);
        if (q.all > 0)
            asked[count++] = q;
    }
    if (!html_element(p->file, "h2", first->results.lesson, p->err))
        return false;
    Asked worst[LIMIT_LESSON_STEPS];
    for (int i = 0; i < count; i++)
        worst[i] = asked[i];
    if (count > 0)
        qsort(worst, (size_t)count, sizeof *worst, by_failures);
    return put_questions(p, worst, count) && put_pupils(p, first, handed, asked, count);
}

typedef struct ClassIn {
    const Class *class;
    Lang lang;
} ClassIn;

static bool put_class(SafeFile *f, const void *user, Err *err)
{
    const ClassIn *in = user;
    const Class *c = in->class;
    const Page page = {f, in->lang, err};
    bool good = html_element(f, "h1", str(in->lang, STR_RESULTS_TITLE), err);
    for (int i = 0, next; good && i < c->count; i = next) {
        for (next = i + 1; next < c->count && strcmp(c->handed[next].results.lesson, c->handed[i].results.lesson) == 0; next++)
            ;
        good = put_lesson(&page, &c->handed[i], next - i);
    }
    return good;
}

/* ---- files ------------------------------------------------------------------------------------------------------------------ */

static bool write_table(const Class *c, const char *out, Err *err)
{
    char path[1024];
    snprintf(path, sizeof path, "%.1000s/results.csv", out);
    char *text = table_text(c);
    const bool good = text != NULL ? safe_file_put(path, text, strlen(text), err) : err_set(err, "not enough memory for the table");
    free(text);
    if (good)
        puts(path);
    return good;
}

static bool write_page(const Class *c, const char *out, Lang lang, Err *err)
{
    char path[1024];
    const HtmlPage page = {lang, str(lang, STR_RESULTS_TITLE), style, put_class, &(ClassIn){c, lang}};
    snprintf(path, sizeof path, "%.1000s/results.html", out);
    return html_page(path, &page, err);
}

bool class_results(const char *folder, const char *out, Lang lang)
{
    Class c = {.count = 0};
    Err err;
    mkdir(out, 0777); /* a failure is reported when a file is opened in the folder */
    const bool good = read_class(&c, folder, &err) && write_table(&c, out, &err) && write_page(&c, out, lang, &err);
    class_free(&c);
    if (!good)
        cli_complain("%s", err.text);
    return good;
}
