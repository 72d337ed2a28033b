/* prose.h - a lesson's text with its Markdown resolved into plain characters and styled spans. md4c reads the Markdown; a lesson
 * may use only emphasis, **strong**, `code`, [links](3a), paragraphs and lists. */
#ifndef INCEPTOSCOPE_PROSE_H
#define INCEPTOSCOPE_PROSE_H

#include "engine/base/err.h"

#include <stddef.h>

enum { SPAN_EMPHASIS = 1, SPAN_STRONG = 2, SPAN_CODE = 4, SPAN_LINK_MAX = 64 };

typedef struct Span {
    size_t bytes;               /* of Prose.text, from the end of the previous span */
    unsigned styles;            /* SPAN_... */
    char link[SPAN_LINK_MAX];   /* a link's address, or "" */
} Span;

typedef struct Prose {
    char *text;                 /* UTF-8; '\n' ends a paragraph or an item; never NULL after prose_make */
    Span *spans;                /* cover the whole text */
    int span_count;
} Prose;

/* False with a reason, *out untouched, if the Markdown contains anything else. The caller ends with prose_free. */
bool prose_make(const char *markdown, Prose *out, Err *err);
void prose_free(Prose *prose);

#endif
