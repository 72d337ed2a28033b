/* html.c - writes a page; see html.h. */
#include "app/cli/html.h"

#include <stdio.h>
#include <string.h>

bool html_put(SafeFile *f, const char *text, Err *err)
{
    return safe_file_write(f, text, strlen(text), err);
}

bool html_escaped(SafeFile *f, const char *text, size_t bytes, Err *err)
{
    bool good = true;
    for (size_t i = 0; good && i < bytes; i++)
        switch (text[i]) {
        case '<': good = html_put(f, "&lt;", err); break;
        case '>': good = html_put(f, "&gt;", err); break;
        case '&': good = html_put(f, "&amp;", err); break;
        case '"': good = html_put(f, "&quot;", err); break;
        case '\n': good = html_put(f, "<br>", err); break;
        default: good = safe_file_write(f, text + i, 1, err); break;
        }
    return good;
}

static bool put_page(SafeFile *f, const HtmlPage *page, Err *err)
{
    return html_put(f, "<!doctype html>\n<html lang=\"", err) && html_put(f, lang_code(page->lang), err) &&
           html_put(f, "\"><meta charset=\"utf-8\"><title>", err) && html_escaped(f, page->title, strlen(page->title), err) &&
           html_put(f, "</title>\n<style>", err) && html_put(f, page->style, err) && html_put(f, "</style>\n", err) && page->body(f, page->user, err) &&
           html_put(f, "</html>\n", err);
}

bool html_page(const char *path, const HtmlPage *page, Err *err)
{
    SafeFile f;
    if (!safe_file_open(&f, path, err))
        return false;
    const bool good = put_page(&f, page, err) && safe_file_commit(&f, err);
    safe_file_abandon(&f);
    if (good)
        puts(path);
    return good;
}

static bool open_tag(SafeFile *f, const char *tag, Err *err)
{
    return html_put(f, "<", err) && html_put(f, tag, err) && html_put(f, ">", err);
}

static bool close_tag(SafeFile *f, const char *tag, Err *err)
{
    return html_put(f, "</", err) && safe_file_write(f, tag, strcspn(tag, " "), err) && html_put(f, ">", err);
}

bool html_element(SafeFile *f, const char *tag, const char *text, Err *err)
{
    return text == NULL || (open_tag(f, tag, err) && html_escaped(f, text, strlen(text), err) && close_tag(f, tag, err) && html_put(f, "\n", err));
}

static const char *span_tag(const Span *span)
{
    return span->styles & SPAN_CODE ? "code" : span->styles & SPAN_STRONG ? "strong" : span->styles & SPAN_EMPHASIS ? "em" : span->link[0] != '\0' ? "b" : "span";
}

bool html_prose(SafeFile *f, const char *tag, const LessonField *field, Err *err)
{
    if (field->source == NULL)
        return true;
    const char *text = field->prose.text;
    bool good = open_tag(f, tag, err);
    for (int i = 0; good && i < field->prose.span_count; i++) {
        const Span *span = &field->prose.spans[i];
        good = open_tag(f, span_tag(span), err) && html_escaped(f, text, span->bytes, err) && close_tag(f, span_tag(span), err);
        text += span->bytes;
    }
    return good && close_tag(f, tag, err) && html_put(f, "\n", err);
}
