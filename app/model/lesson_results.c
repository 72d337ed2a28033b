/* lesson_results.c - writes and reads what somebody answered; see lesson_results.h. */
#include "app/model/lesson_results.h"
#include "engine/base/array.h"
#include "engine/base/limits.h"
#include "engine/base/size.h"
#include "engine/io/file.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const outcomes[] = {"right", "wrong", "shown", "open"};
_Static_assert(sizeof outcomes / sizeof outcomes[0] == OUTCOMES, "every outcome has a name");

static const char MARK[] = "inceptoscope_results";

const char *outcome_name(Outcome outcome)
{
    return outcomes[outcome];
}

/* Copies what fits, cut between two characters. */
static void copy(char *out, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (n >= size)
        for (n = size - 1; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
            ;
    memcpy(out, text, n);
    out[n] = '\0';
}

bool lesson_results_add(LessonResults *r, int step, Outcome outcome, const char *question, const char *given)
{
    ResultAnswer *answers = array_grow(r->answers, r->count, sizeof *answers);
    if (answers == NULL)
        return false;
    r->answers = answers;
    ResultAnswer *a = &r->answers[r->count++];
    a->step = step;
    a->outcome = outcome;
    copy(a->question, sizeof a->question, question);
    copy(a->given, sizeof a->given, given);
    return true;
}

int lesson_results_count(const LessonResults *r, Outcome outcome)
{
    int count = 0;
    for (int i = 0; i < r->count; i++)
        count += r->answers[i].outcome == outcome;
    return count;
}

void lesson_results_free(LessonResults *r)
{
    free(r->answers);
    *r = (LessonResults){.count = 0};
}

/* ---- writing ---- */

char *lesson_results_text(const LessonResults *r)
{
    json_t *list = json_array();
    bool good = list != NULL;
    for (int i = 0; good && i < r->count; i++) {
        const ResultAnswer *a = &r->answers[i];
        json_t *row = json_pack("{s:i, s:s, s:s}", "step", a->step, "outcome", outcomes[a->outcome], "question", a->question);
        good = row != NULL && (a->given[0] == '\0' || json_object_set_new(row, "given", json_string(a->given)) == 0);
        good = good ? json_array_append_new(list, row) == 0 : (json_decref(row), false);
    }
    json_t *root = good ? json_pack("{s:i, s:s, s:s}", MARK, 1, "lesson", r->lesson, "lang", r->lang) : NULL;
    good = root != NULL && (r->name[0] == '\0' || json_object_set_new(root, "name", json_string(r->name)) == 0) && json_object_set(root, "answers", list) == 0;
    char *text = good ? json_dumps(root, JSON_INDENT(1)) : NULL;
    json_decref(root);
    json_decref(list);
    return text;
}

/* ---- reading ---- */

/* A text of an object, at most `most` bytes, without control characters; "" if it is not there and need not be. */
static bool text_of(const json_t *object, const char *key, bool needed, size_t most, char *out, Err *err)
{
    const json_t *value = json_object_get(object, key);
    out[0] = '\0';
    if (value == NULL)
        return !needed || err_set(err, "there is no \"%s\"", key);
    if (!json_is_string(value) || json_string_length(value) >= most)
        return err_set(err, "\"%s\" is not a text of at most %zu bytes", key, most - 1);
    const char *text = json_string_value(value);
    for (const char *p = text; *p != '\0'; p++)
        if ((iscntrl((unsigned char)*p) && *p != '\n'))
            return err_set(err, "\"%s\" has a control character", key);
    memcpy(out, text, json_string_length(value) + 1);
    return true;
}

static bool whole_of(const json_t *object, const char *key, int least, int most, int *out, Err *err)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most)
        return err_set(err, "\"%s\" is not a whole number from %d to %d", key, least, most);
    *out = (int)json_integer_value(value);
    return true;
}

static bool outcome_of(const json_t *object, Outcome *out, Err *err)
{
    const char *name = json_string_value(json_object_get(object, "outcome"));
    for (int v = 0; name != NULL && v < OUTCOMES; v++)
        if (strcmp(name, outcomes[v]) == 0) {
            *out = (Outcome)v;
            return true;
        }
    return err_set(err, "an outcome is neither right, wrong, shown nor open");
}

static bool take_answer(LessonResults *r, const json_t *row, Err *err)
{
    ResultAnswer a;
    if (!whole_of(row, "step", r->count > 0 ? r->answers[r->count - 1].step + 1 : 1, LIMIT_LESSON_STEPS, &a.step, err) || !outcome_of(row, &a.outcome, err) ||
        !text_of(row, "question", true, sizeof a.question, a.question, err) ||
        !text_of(row, "given", false, sizeof a.given, a.given, err))
        return false;
    return lesson_results_add(r, a.step, a.outcome, a.question, a.given) || err_set(err, "not enough memory");
}

static bool take_all(LessonResults *r, const json_t *root, Err *err)
{
    const json_t *version = json_object_get(root, MARK), *answers = json_object_get(root, "answers");
    if (!json_is_integer(version))
        return err_set(err, "these are not the results of a lesson");
    if (json_integer_value(version) != 1)
        return err_set(err, "a newer version of the program has written these results");
    if (!text_of(root, "lesson", true, sizeof r->lesson, r->lesson, err) || !text_of(root, "lang", true, sizeof r->lang, r->lang, err) ||
        !text_of(root, "name", false, sizeof r->name, r->name, err))
        return false;
    if (!json_is_array(answers))
        return err_set(err, "there is no list \"answers\"");
    for (size_t i = 0; i < json_array_size(answers); i++)
        if (!take_answer(r, json_array_get(answers, i), err))
            return false;
    return true;
}

bool lesson_results_read(const char *path, LessonResults *out, Err *err)
{
    unsigned char *bytes;
    size_t size;
    Err reason;
    json_error_t wrong;
    LessonResults results = {.count = 0};
    Stop plain_files_only = {0};
    if (!file_read(path, size_limit(LIMIT_LESSON_MB, 20), &plain_files_only, &bytes, &size, err))
        return false;
    json_t *root = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, &wrong);
    free(bytes);
    const bool good = root != NULL ? take_all(&results, root, &reason) : err_set(&reason, "this is not JSON: %s in line %d", wrong.text, wrong.line);
    json_decref(root);
    if (good)
        *out = results;
    else
        lesson_results_free(&results);
    return good || err_set(err, "%s: %s", path, reason.text);
}
