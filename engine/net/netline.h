/* netline.h - one line of a .net file as words, and the numbers in them. For the readers of .net files. */
#ifndef INCEPTOSCOPE_NETLINE_H
#define INCEPTOSCOPE_NETLINE_H

#include "engine/net/net.h"
#include "engine/base/limits.h"

enum { LINE_TEXT_MAX = 2 * (LIMIT_NET_LINE + 1) };

typedef struct NetLine {
    char text[LINE_TEXT_MAX];   /* the words, each ended by a zero byte */
    char *words[LIMIT_NET_WORDS];
    int count, next;            /* words[next] is the next that has not been used */
    int number;                 /* in the file, from 1 */
} NetLine;

/* Splits [begin, end) at blanks; "..." keeps blanks together; # at the start of a word begins a comment. */
bool line_split(NetLine *line, const char *begin, const char *end, Err *reason);
/* The next word that has no '=', or NULL. */
const char *line_word(NetLine *line);
/* Removes `flag` from the rest of the line; false if it is not there. */
bool line_flag(NetLine *line, const char *flag);
/* Removes KEY=VALUE from the rest of the line; NULL if it is not there. */
const char *line_option(NetLine *line, const char *key);
/* A whole number in [min, max]; the reason distinguishes negative, fractional and too large numbers. */
bool line_int(const char *text, const char *what, int min, int max, int *out, Err *reason);
bool line_float(const char *text, const char *what, float *out, Err *reason);
/* "0.4" or "40%" -> 0.4, in [0, 1). */
bool line_share(const char *text, const char *what, float *out, Err *reason);
/* "7x7/2" -> k and stride; windows are square. */
bool line_window(const char *text, int *k, int *stride, Err *reason);
/* Copies a name; letters, digits and _ - . only, since / [ ] : have a meaning in addresses. */
bool line_name(const char *text, const char *what, char out[NET_NAME_MAX], Err *reason);

/* A whole text file, from malloc. NULL with path and reason, also if it is too large. Defined in netopen.c. */
char *net_text(const char *path, size_t *length, Err *err);

#endif
