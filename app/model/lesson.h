/* lesson.h - lessons are plain text that a teacher writes in an editor. A step sets the model by the same verbs that a user has;
 * nothing in a lesson is code.
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
 * Of the lesson: title, teaches, minutes, network (a description that the numbers are about; googlenet without it). It does not change what is
 * on the stage: addresses are those of the network that the window shows. Of a step:
 * at (an address), pos (row,column), view (a name that --view takes), show (addresses to light up, separated by commas), say,
 * ask, right and wrong (a choice, in the order written), reveal, expect (a comparison that must hold; several may stand). Texts
 * are Markdown (prose.h) with numbers that are computed (lesson_text.h). Everything is checked when a lesson is read: what is
 * wrong is an error with file:line. */
#ifndef INCEPTOSCOPE_LESSON_H
#define INCEPTOSCOPE_LESSON_H

#include "app/model/prose.h"
#include "engine/net/net.h"

enum { LESSON_STEPS_MAX = 500, LESSON_CHOICES_MAX = 5, LESSON_EXPECTS_MAX = 20 };

typedef struct LessonField {
    char *source;               /* as written, its lines joined by '\n'; NULL where the lesson says nothing */
    int line;
    Prose prose;                /* of texts: as shown; text NULL in fields that are none */
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
    int number;                 /* from the file's name, 03-inception-3a.lesson; 0 without one */
    LessonField title, teaches, minutes, network; /* title is there in every loaded lesson */
    LessonStep *steps;
    int step_count;             /* at least 1 in a loaded lesson */
} Lesson;

/* Reads, evaluates and checks; networks_dir is where the lesson's network stands, see net_open; `stage` is the network that the window shows, NULL
 * for googlenet, which it opens without options. False with "file:line: reason" and *out untouched. The caller frees it with lesson_free. */
bool lesson_load(const char *path, const char *networks_dir, const Net *stage, Lesson *out, Err *err);
bool lesson_parse(const char *text, size_t length, const char *path, const char *networks_dir, const Net *stage, Lesson *out, Err *err);
void lesson_free(Lesson *lesson);
/* Whether every step can be taken with this network on the stage: addresses, positions, parts to show, links. The views' names are checked here too. */
bool lesson_fits(const Lesson *lesson, const Net *stage, Err *err);
/* Whether two languages' texts take the same steps: at, pos, view, show, expect, choices. The message is about `b`. */
bool lesson_same_steps(const Lesson *a, const Lesson *b, Err *err);

/* Whether a Chinese lesson (by its title) has full-width punctuation beside Chinese characters: ，：；？！（）. The message is about the first
 * that is not; `lesson check` asks, so that a class is not stopped by a comma. */
bool lesson_punctuation(const Lesson *lesson, Err *err);

/* A step asks something that can be revealed: by a choice or by its text. */
bool lesson_asks(const LessonStep *step);
/* Address i of a step's `show`, trimmed; false past the last. */
bool lesson_shown(const LessonStep *step, int i, char *out, size_t size);

/* Paths of a folder's *.lesson files in the order of their names; the caller frees each and the list. */
int lesson_list(const char *folder, char ***paths);
void lesson_list_free(char **paths, int count);
/* The lesson of a folder that a number ("3") or the name of its file ("inception-3a", "03-inception-3a") means. */
bool lesson_find(const char *folder, const char *name, char *path, size_t size);

#endif
