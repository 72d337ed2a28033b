/* err.h - how functions of the engine report errors that a user's input can cause.
 *
 * Such a function returns false (or NULL), leaves its outputs untouched, and writes one line into an Err:
 * the file, the place, the reason and the remedy. Programmer errors assert instead. Nothing here prints or exits. */
#ifndef INCEPTOSCOPE_ERR_H
#define INCEPTOSCOPE_ERR_H

#include <stdbool.h>

typedef struct Err {
    char text[768]; /* one line, no newline at the end; "" if there was no error */
} Err;

/* Writes the message and returns false, so that a failing function can end with `return err_set(...)`.
 * `err` may be NULL if the caller does not want the reason. Control characters in the result become '?', so that a name
 * from a broken file cannot put a second line into a log. A UTF-8 character that a width in the format cut becomes '?', too.
 * A text that does not fit loses its middle. */
bool err_set(Err *err, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
