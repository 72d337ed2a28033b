/* html.h - writes a page: escaped text, and a lesson's texts with their styles. Each returns false with a message when the file cannot be
 * written. */
#ifndef INCEPTOSCOPE_HTML_H
#define INCEPTOSCOPE_HTML_H

#include "app/model/lesson.h"
#include "app/model/strings.h"
#include "engine/base/safe_file.h"

bool html_put(SafeFile *f, const char *text, Err *err);                          /* as it is */
bool html_escaped(SafeFile *f, const char *text, size_t bytes, Err *err);        /* a line's end becomes <br> */

/* Everything is borrowed. */
typedef struct HtmlPage {
    Lang lang;
    const char *title, *style;  /* style: its style sheet */
    bool (*body)(SafeFile *f, const void *user, Err *err);
    const void *user;
} HtmlPage;

/* Writes a page whole or not at all, and prints the file's name. */
bool html_page(const char *path, const HtmlPage *page, Err *err);
/* Text within an element: "p class=\"ask\"". NULL text writes nothing. */
bool html_element(SafeFile *f, const char *tag, const char *text, Err *err);
/* A text of a lesson within an element; nothing if the lesson does not have it. */
bool html_prose(SafeFile *f, const char *tag, const LessonField *field, Err *err);

#endif
