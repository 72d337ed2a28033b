/* hand_in.c - what was answered in the open lesson; see hand_in.h. */
#include "app/session/hand_in.h"
#include "app/session/save.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The choice, or the slip of a typed number, that was given first; NULL if it was something else. */
static const LessonChoice *chosen(const LessonStep *step, char first)
{
    const int i = first - ANSWER_FIRST_CHOICE;
    return i >= 0 && i < step->choice_count && first != ANSWER_EARNED ? &step->choices[i] : NULL;
}

static Outcome outcome_of(const LessonStep *step, char first)
{
    if (first == ANSWER_OPEN || first == ANSWER_SHOWN)
        return first == ANSWER_OPEN ? OUTCOME_OPEN : OUTCOME_SHOWN;
    const LessonChoice *choice = chosen(step, first);
    return first == ANSWER_EARNED || (choice != NULL && choice->right) ? OUTCOME_RIGHT : OUTCOME_WRONG;
}

static void given_text(const LessonStep *step, char first, char *out, size_t size)
{
    const LessonChoice *choice = chosen(step, first);
    out[0] = '\0';
    if (choice == NULL)
        return;
    if (lesson_question(step) == QUESTION_NUMBER)
        lesson_number_text(choice->number, out, size);
    else
        snprintf(out, size, "%s", choice->field.prose.text);
}

static bool judged(const LessonStep *step)
{
    const Question q = lesson_question(step);
    return q != QUESTION_NONE && q != QUESTION_OPEN;
}

bool hand_in_results(const Classroom *c, Lang lang, const char *name, LessonResults *out)
{
    size_t bytes;
    const char *stem = lesson_stem(c->lesson.path, &bytes);
    *out = (LessonResults){.count = 0};
    snprintf(out->lesson, sizeof out->lesson, "%.*s", (int)(bytes < sizeof out->lesson ? bytes : 0), stem);
    snprintf(out->lang, sizeof out->lang, "%s", lang_code(lang));
    snprintf(out->name, sizeof out->name, "%s", name);
    for (int i = 0; i < c->lesson.step_count; i++) {
        const LessonStep *step = &c->lesson.steps[i];
        const char first = c->answers.first[i];
        char given[RESULT_TEXT_MAX];
        given_text(step, first, given, sizeof given);
        if (judged(step) && !lesson_results_add(out, i + 1, outcome_of(step, first), step->ask.prose.text, given))
            return false;
    }
    return true;
}

/* Letters and digits of every language; what a path could not have becomes nothing. */
static void file_name(const LessonResults *r, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "inceptoscope-%s%s", r->lesson, r->name[0] != '\0' ? "-" : "");
    for (const char *p = r->name; *p != '\0' && n + 1 < size; p++)
        if ((unsigned char)*p >= 0x80 || isalnum((unsigned char)*p))
            out[n++] = *p;
    out[n] = '\0';
}

bool hand_in_save(Model *m, const LessonResults *results)
{
    char name[sizeof results->lesson + sizeof results->name + 32];
    char *text = lesson_results_text(results);
    if (text == NULL)
        return false;
    file_name(results, name, sizeof name);
    save_text(m, name, ".json", text);
    free(text);
    return true;
}
