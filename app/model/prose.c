/* prose.c - turns md4c's callbacks into spans; see prose.h. */
#include "app/model/prose.h"
#include "engine/base/array.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

typedef struct Writer {
    Prose prose;
    size_t length;
    unsigned styles;
    char link[SPAN_LINK_MAX];
    Err *err;
} Writer;

static int out_of_memory(Writer *w)
{
    err_set(w->err, "not enough memory");
    return -1;
}

/* Adds to the last span if the style is the same, else begins a new one. */
static int put(Writer *w, const char *text, size_t bytes)
{
    Prose *p = &w->prose;
    char *grown = realloc(p->text, w->length + bytes + 1);
    if (grown == NULL)
        return out_of_memory(w);
    p->text = grown;
    memcpy(p->text + w->length, text, bytes);
    w->length += bytes;
    p->text[w->length] = '\0';
    Span *last = p->span_count > 0 ? &p->spans[p->span_count - 1] : NULL;
    if (last != NULL && last->styles == w->styles && strcmp(last->link, w->link) == 0) {
        last->bytes += bytes;
        return 0;
    }
    Span *spans = array_grow(p->spans, p->span_count, sizeof *spans);
    if (spans == NULL)
        return out_of_memory(w);
    p->spans = spans;
    last = &p->spans[p->span_count++];
    *last = (Span){.bytes = bytes, .styles = w->styles};
    memcpy(last->link, w->link, sizeof last->link);
    return 0;
}

/* In a list with blank lines md4c reports a paragraph inside each item. */
static bool after_dot(const Writer *w)
{
    const size_t dot = strlen("• ");
    return w->length >= dot && memcmp(w->prose.text + w->length - dot, "• ", dot) == 0;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    Writer *w = user;
    (void)detail;
    switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_UL: return 0;
    case MD_BLOCK_P: return w->length > 0 && !after_dot(w) ? put(w, "\n", 1) : 0;
    case MD_BLOCK_LI: return put(w, w->length > 0 ? "\n• " : "• ", strlen(w->length > 0 ? "\n• " : "• "));
    default:
        err_set(w->err, "a lesson's text can have *emphasis*, **strong**, `code`, [links](3a) and lists with -, and no other Markdown");
        return -1;
    }
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    (void)type, (void)detail, (void)user;
    return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *user)
{
    Writer *w = user;
    const MD_SPAN_A_DETAIL *a = detail;
    switch (type) {
    case MD_SPAN_EM: w->styles |= SPAN_EMPHASIS; return 0;
    case MD_SPAN_STRONG: w->styles |= SPAN_STRONG; return 0;
    case MD_SPAN_CODE: w->styles |= SPAN_CODE; return 0;
    case MD_SPAN_A:
        if (a->href.size == 0 || a->href.size >= SPAN_LINK_MAX) {
            err_set(w->err, "a link names a part of the network, such as [the concat](3a)");
            return -1;
        }
        memcpy(w->link, a->href.text, a->href.size);
        w->link[a->href.size] = '\0';
        return 0;
    default: err_set(w->err, "a lesson's text cannot have pictures; the stage shows them"); return -1;
    }
}

static int leave_span(MD_SPANTYPE type, void *detail, void *user)
{
    Writer *w = user;
    (void)detail;
    switch (type) {
    case MD_SPAN_EM: w->styles &= ~(unsigned)SPAN_EMPHASIS; break;
    case MD_SPAN_STRONG: w->styles &= ~(unsigned)SPAN_STRONG; break;
    case MD_SPAN_CODE: w->styles &= ~(unsigned)SPAN_CODE; break;
    default: w->link[0] = '\0'; break;
    }
    return 0;
}

/* The lines of a paragraph are joined by a space, but not after a Chinese character or its punctuation (U+3000 and above). */
static int join_lines(Writer *w)
{
    size_t at = w->length;
    while (at > 0 && ((unsigned char)w->prose.text[at - 1] & 0xc0) == 0x80)
        at--;
    const bool wide = at > 0 && at < w->length && (unsigned char)w->prose.text[at - 1] >= 0xe3;
    return wide ? 0 : put(w, " ", 1);
}

static int text(MD_TEXTTYPE type, const MD_CHAR *from, MD_SIZE size, void *user)
{
    Writer *w = user;
    if (type == MD_TEXT_BR)
        return put(w, "\n", 1);
    return type == MD_TEXT_SOFTBR ? join_lines(w) : put(w, from, size);
}

bool prose_make(const char *markdown, Prose *out, Err *err)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS, .enter_block = enter_block, .leave_block = leave_block,
        .enter_span = enter_span, .leave_span = leave_span, .text = text,
    };
    Err reason = {""};
    Writer w = {.err = &reason};
    if (md_parse(markdown, (MD_SIZE)strlen(markdown), &parser, &w) != 0 || (w.length == 0 && put(&w, "", 0) != 0)) {
        prose_free(&w.prose);
        return err_set(err, "%s", reason.text[0] != '\0' ? reason.text : "not enough memory");
    }
    *out = w.prose;
    return true;
}

void prose_free(Prose *prose)
{
    free(prose->text);
    free(prose->spans);
    *prose = (Prose){0};
}
