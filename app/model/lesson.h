/* lesson.h - reads and checks lessons, plain text that a teacher writes in an editor. A step changes the model by the same verbs
 * that a user has; a lesson contains no code.
 *
 *     # a comment
 *     title: Inside an Inception module
 *     teaches: Four branches and their concat.
 *     minutes: 15
 *
 *     step: Four branches
 *     at: 3a
 *     show: 3a/1x1, 3a/3x3
 *     say: [The concat](3a) stacks what each *branch* gives.
 *       A line that begins with a blank goes on with the one before.
 *     ask: How many channels come out?
 *     wrong: {out_c(3a/1x1)}
 *     right: {out_c(3a)}
 *     reveal: {out_c(3a/1x1)} + {out_c(3a/3x3)} + {out_c(3a/5x5)} + {out_c(3a/pool_proj)} = {out_c(3a)}.
 *     expect: out_c(3a) = 256
 *
 * Keys of the lesson: title, teaches, minutes, network (the description that the numbers are about; googlenet if missing), board and
 * slips (for the teacher's page: what is drawn on the board, what goes wrong).
 * network does not change the stage: addresses refer to the network that the window shows. Keys of a step: at (an address),
 * pos (row,column), view (a name that --view takes), show (addresses to light up, separated by commas), say, ask, right and
 * wrong (choices, in the order written), reveal, expect (a comparison that must hold; may be repeated). Texts are Markdown
 * (prose.h) with computed numbers (lesson_text.h). Everything is checked when a lesson is read; a mistake is an error with
 * file:line. */
#ifndef INCEPTOSCOPE_LESSON_H
#define INCEPTOSCOPE_LESSON_H

#include "app/model/prose.h"
#include "engine/net/net.h"

enum { LESSON_STEPS_MAX = 500, LESSON_CHOICES_MAX = 5, LESSON_EXPECTS_MAX = 20 };

typedef struct LessonField {
    char *source;               /* as written, its lines joined by '
'; NULL if the lesson does not have it */
    int line;
    Prose prose;                /* for texts: as shown; its text is NULL in other fields */
} LessonField;

typedef struct LessonChoice {
    LessonField field;
    bool right;
} LessonChoice;

typedef struct LessonStep {
    LessonField title, at, pos, view, show, say, ask, reveal;
    LessonChoice choices[LESSON_CHOICES_MAX];
    int choice_count;
    LessonField expects[LESSON_EXPECTS_MAX];
    int expect_count;
} LessonStep;

typedef struct Lesson {
    char path[1024];
    int number;                 /* from the file's name, 03-inception-3a.lesson; 0 if it has none */
    LessonField title, teaches, minutes, network, board, slips; /* title is set in every loaded lesson */
    LessonStep *steps;
    int step_count;             /* at least 1 in a loaded lesson */
} Lesson;

/* Reads, evaluates and checks. networks_dir is the folder of the lesson's network, see net_open; `stage` is the network that the
 * window shows, NULL for googlenet, which is then opened without options. False with "file:line: reason" and *out untouched. The
 * caller frees it with lesson_free. */
bool lesson_load(const char *path, const char *networks_dir, const Net *stage, Lesson *out, Err *err);
bool lesson_parse(const char *text, size_t length, const char *path, const char *networks_dir, const Net *stage, Lesson *out, Err *err);
void lesson_free(Lesson *lesson);
/* Whether every step works with this network on the stage: addresses, positions, parts to show, links. Also checks the views'
 * names. */
bool lesson_fits(const Lesson *lesson, const Net *stage, Err *err);
/* Whether two languages' texts have the same steps: at, pos, view, show, expect, choices. The message is about `b`. */
bool lesson_same_steps(const Lesson *a, const Lesson *b, Err *err);

/* Whether a Chinese lesson (by its title) has full-width punctuation beside Chinese characters: ，：；？！（）. The message is about the
 * first mark that is not. Only `lesson check` calls this, so that a wrong comma never stops a class. */
bool lesson_punctuation(const Lesson *lesson, Err *err);

/* Whether a step has something to reveal: the right choice or a text. */
bool lesson_asks(const LessonStep *step);
/* Address i of a step's `show`, trimmed; false after the last. */
bool lesson_shown(const LessonStep *step, int i, char *out, size_t size);

/* Paths of a folder's *.lesson files, sorted by name; the caller ends with lesson_list_free. */
int lesson_list(const char *folder, char ***paths);
void lesson_list_free(char **paths, int count);
/* Finds a lesson in a folder by its number ("3") or the name of its file ("inception-3a", "03-inception-3a"). */
bool lesson_find(const char *folder, const char *name, char *path, size_t size);

#endif
