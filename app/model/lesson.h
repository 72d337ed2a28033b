/* lesson.h - reads and checks lessons, plain text that a teacher writes in an editor. A step changes the model by the same verbs
 * that a user has; a lesson contains no code.
 *
 * lessons/README.md has the whole grammar: the keys of a lesson, of a step's stage and of its question. Texts are Markdown (prose.h)
 * with computed numbers (lesson_text.h). Everything is checked when a lesson is read; a mistake is an error with file:line. */
#ifndef INCEPTOSCOPE_LESSON_H
#define INCEPTOSCOPE_LESSON_H

#include "app/model/prose.h"
#include "app/model/secrets.h"
#include "engine/base/limits.h"
#include "engine/net/net.h"

typedef struct LessonField {
    char *source;               /* as written, its lines joined by '\n'; NULL if the lesson does not have it */
    int line;
    Prose prose;                /* for texts: as shown; its text is NULL in other fields */
} LessonField;

/* One of several choices, or a wrong number that a known slip gives. */
typedef struct LessonChoice {
    LessonField field;
    LessonField reply;          /* what is said to whoever takes it */
    bool right;
    Rational number;            /* with a typed answer */
} LessonChoice;

typedef enum Question {
    QUESTION_NONE, QUESTION_OPEN /* nothing to enter, only a text to reveal */, QUESTION_CHOICE, QUESTION_NUMBER, QUESTION_POINT, QUESTION_MAKE
} Question;

/* The right number, and by how much a typed one may be off. */
typedef struct LessonNumber {
    Rational value, tolerance;
    char unit[32];              /* written behind the field */
} LessonNumber;

typedef struct LessonStep {
    LessonField title, say, ask, reveal;
    LessonField at, pos, view, show;
    LessonField network, classes, picture, chosen, map, range, switches; /* of the stage; see lesson_network and lesson_picture */
    LessonField answer, tolerance, point, make, hide;
    LessonChoice choices[LIMIT_LESSON_CHOICES];
    int choice_count;
    LessonField expects[LIMIT_LESSON_EXPECTS];
    int expect_count;
    LessonNumber number;        /* of a typed answer */
    Secrets secrets;            /* what is blank while the question is open */
} LessonStep;

typedef struct Lesson {
    char path[1024];
    int number;                 /* from the file's name, 03-inception-3a.lesson; 0 if it has none */
    LessonField title, teaches, minutes; /* title is set in every loaded lesson */
    LessonField board, slips;   /* for the teacher: what is drawn on the board, what goes wrong */
    LessonField network;        /* that the numbers are about, in steps that show the window's own; googlenet if missing */
    LessonField stage, picture; /* shown by the steps that name no other; the window's own if missing */
    LessonField seed;           /* of the order of the choices; a whole number */
    LessonStep *steps;
    int step_count;             /* at least 1 in a loaded lesson */
} Lesson;

/* Reads, evaluates and checks. networks_dir is the folder of the lesson's network, see net_open; `stage` is the network that the
 * window shows, NULL for googlenet, which is then opened without options. False with "file:line: reason" and *out untouched. The
 * caller frees it with lesson_free. */
bool lesson_load(const char *path, const char *networks_dir, const Net *stage, Lesson *out, Err *err);
bool lesson_parse(const char *text, size_t length, const char *path, const char *networks_dir, const Net *stage, Lesson *out, Err *err);
void lesson_free(Lesson *lesson);
/* What a step shows: its own network or picture, else the lesson's. Their source is NULL for the window's own. */
const LessonField *lesson_network(const Lesson *lesson, const LessonStep *step);
const LessonField *lesson_picture(const Lesson *lesson, const LessonStep *step);
/* How many classes the step's network has; 0: as in its description. */
int lesson_classes(const LessonStep *step);
/* The step whose stage is shown in step `s`: a step without `at` keeps the place of the last one before it that has one. */
int lesson_stage_step(const Lesson *lesson, int s);

/* Whether every step works with this network on the stage: addresses, positions, parts to show, links. Also checks the views'
 * names. */
bool lesson_fits(const Lesson *lesson, const Net *stage, Err *err);
/* Whether two languages' texts have the same steps: stages, questions, answers and expectations. The message is about `b`. */
bool lesson_same_steps(const Lesson *a, const Lesson *b, Err *err);

/* Whether a Chinese lesson (by its title) has full-width punctuation beside Chinese characters: ，：；？！（）. The message is about the
 * first mark that is not. Only `lesson check` calls this, so that a wrong comma never stops a class. */
bool lesson_punctuation(const Lesson *lesson, Err *err);

/* Whether no step's title, text or question contains the answer; the message is about the first that does. `lesson check` calls it. */
bool lesson_keeps_secrets(const Lesson *lesson, Err *err);

/* What a step asks for; QUESTION_NONE if it asks nothing. */
Question lesson_question(const LessonStep *step);
bool lesson_asks(const LessonStep *step); /* it asks something */
/* The order in which a step's choices are shown: order[0] is the index of the first. It depends on the lesson's file name (which is the
 * same in all languages), the step's index, and a seed, which is the lesson's own where `seed` is 0. */
void lesson_order(const Lesson *lesson, int step, uint64_t seed, int order[LIMIT_LESSON_CHOICES]);
/* Judges a typed number, with or without thousands separators: -1 if it is right, the index of the slip that gives it, or
 * LESSON_OTHER. False if the text is no number. */
enum { LESSON_RIGHT = -1, LESSON_OTHER = LIMIT_LESSON_CHOICES };
bool lesson_judge(const LessonStep *step, const char *typed, int *which);
/* A right or wrong number of such a question as a person writes it: 12,288, or six digits of a fraction. */
void lesson_number_text(Rational number, char *out, size_t size);
/* Address i of a step's `show`, trimmed; false after the last. */
bool lesson_shown(const LessonStep *step, int i, char *out, size_t size);

/* The name of a lesson's file without folder and ending, which is the same in all languages, 03-inception-3a: where it begins in the path,
 * and its bytes. */
const char *lesson_stem(const char *path, size_t *bytes);
/* Paths of a folder's files with this ending (".lesson", ".exercise"), sorted by name; the caller ends with lesson_list_free. */
int lesson_list(const char *folder, const char *ending, char ***paths);
void lesson_list_free(char **paths, int count);
/* Finds one of them by its number ("3") or the name of its file ("inception-3a", "03-inception-3a"). */
bool lesson_find(const char *folder, const char *ending, const char *name, char *path, size_t size);

#endif
