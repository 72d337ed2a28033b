/* path_words.h - what a step of a path (engine/net/path.h) says, for the command and for the window: its numbers are those that add up. */
#ifndef INCEPTOSCOPE_PATH_WORDS_H
#define INCEPTOSCOPE_PATH_WORDS_H

#include "app/model/strings.h"
#include "engine/io/image.h"
#include "engine/net/path.h"

enum { PATH_LINES = 4, PATH_LINE_MAX = 512, PATH_NAME_MAX = 200 };

typedef struct PathScene {
    const Net *net;
    const float *const *maps;   /* the reference engine's, see exact.h */
    const Image *fitted;        /* the picture as the network sees it */
    Lang lang;
} PathScene;

typedef struct PathLines { int count; char text[PATH_LINES][PATH_LINE_MAX]; } PathLines;

/* "3a/3x3[78] at 12,15" */
void path_unit_text(const Net *net, Unit u, Lang lang, char out[PATH_NAME_MAX]);
/* "fc[0] at 0,0 = 2.5, the score of daisy"; label: the class whose score it is, or NULL. */
void path_head_text(const PathScene *scene, const PathStep *s, const char *label, char *out, size_t size);
/* How the value is made: the sum before the term, the term, the sum after it; batch norm and ReLU; the terms that add most; for the ops without
 * a sum, what they do. terms, order: of this step, as path_step leaves them. */
void path_lines(const PathScene *scene, const PathStep *s, const Term *terms, const int *order, PathLines *out);
/* "followed: choice 1, 12.3 % of this value, 4 % of the first"; "" where nothing is to be said: at an end, and for a copy. */
void path_followed_text(const PathScene *scene, const PathStep *s, char *out, size_t size);
/* "the path ends at a pixel: ..."; "" if it goes on. */
void path_end_text(const PathScene *scene, const PathStep *s, char *out, size_t size);
/* The step in a few words: "0.52 × 1.13, of 1,024 products", "wins among 9". */
void path_short_text(const PathScene *scene, const PathStep *s, char *out, size_t size);

#endif
