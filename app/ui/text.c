/* text.c - draws text in rectangles: alignment, ellipsis, wrapping. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"
#include "app/ui/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

TextStyle ui_style(Face face, float size, Color color)
{
    return (TextStyle){face, size, color};
}

static float measure(const Ui *ui, TextStyle style, const char *text, size_t bytes)
{
    return bytes == 0 ? 0 : ui->measure(ui->measure_user, style.face, style.size, text, bytes);
}

float ui_text_width(Ui *ui, TextStyle style, const char *text)
{
    return measure(ui, style, text, strlen(text));
}

/* Draws one line with known left end and width, vertically centred in the rectangle. Its box covers capitals and descenders only,
 * so that boxes of neighbouring lines do not touch. */
static void put(Ui *ui, float x, Rect r, float width, TextStyle style, const char *text, size_t bytes, bool cut)
{
    Rect box = {x, r.y + r.h / 2 - style.size * 0.5f, width, style.size * 1.1f};
    if (bytes == 0 || !ui_visible(ui, box))
        return;
    size_t offset = ui_list_text(ui, text, bytes);
    Command *command = ui_list_command(ui, CMD_TEXT, box, style.color);
    command->style = style;
    command->text = offset;
    bool lost = cut || ui_cut(ui, box);
    Rect seen = rect_intersect(box, ui->clip[ui->clip_count - 1].rect); /* the visible part, if it is half scrolled away */
    ui_list_item(ui, seen, "text", offset)->clipped = lost;
}

float ui_text(Ui *ui, Rect r, TextStyle style, Align align, const char *text)
{
    static const char ellipsis[] = "…";
    char shortened[LINE_MAX_BYTES], blanked[LINE_MAX_BYTES];
    if (ui->blank != NULL) { /* before it is measured */
        snprintf(blanked, sizeof blanked, "%s", text);
        ui->blank(ui->blank_user, blanked);
        text = blanked;
    }
    size_t bytes = strlen(text);
    float width = measure(ui, style, text, bytes);
    bool cut = width > r.w + 0.5f;
    if (cut) { /* drop characters from the end until the ellipsis fits too */
        size_t keep = bytes < LINE_MAX_BYTES - sizeof ellipsis ? bytes : LINE_MAX_BYTES - sizeof ellipsis;
        float mark = measure(ui, style, ellipsis, sizeof ellipsis - 1);
        while (keep > 0 && measure(ui, style, text, keep) + mark > r.w)
            keep = utf8_before(text, keep);
        memcpy(shortened, text, keep);
        memcpy(shortened + keep, ellipsis, sizeof ellipsis);
        text = shortened;
        bytes = keep + sizeof ellipsis - 1;
        width = measure(ui, style, text, bytes);
    }
    float room = fmaxf(r.w - width, 0);
    float x = r.x + (align == ALIGN_LEFT ? 0 : align == ALIGN_CENTER ? room / 2 : room);
    put(ui, x, r, width, style, text, bytes, cut);
    return width;
}

float ui_textf(Ui *ui, Rect r, TextStyle style, Align align, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    return ui_text(ui, r, style, align, line);
}

void ui_pair(Ui *ui, Rect r, TextStyle left_style, const char *left, TextStyle right_style, const char *right)
{
    float used = ui_text(ui, r, right_style, ALIGN_RIGHT, right);
    ui_text(ui, (Rect){r.x, r.y, r.w - used - left_style.size * 0.6f, r.h}, left_style, ALIGN_LEFT, left);
}

/* A line may be broken at any Han, kana or hangul character and their punctuation. */
static bool breaks_anywhere(uint32_t code)
{
    return (code >= 0x2e80 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
           (code >= 0xff00 && code <= 0xffef) || (code >= 0x20000 && code <= 0x3ffff);
}

/* Closing marks do not begin a line (kinsoku). */
static bool may_begin_line(uint32_t code)
{
    static const uint32_t closing[] = {0x3001, 0x3002, 0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0xff01, 0xff09,
                                       0x300d, 0x300f, 0x300b, 0x3009, 0x2019, 0x201d};
    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++)
        if (code == closing[i])
            return false;
    return true;
}

/* Opening marks do not end one. */
static bool may_end_line(uint32_t code)
{
    static const uint32_t opening[] = {0xff08, 0x300a, 0x3008, 0x300c, 0x300e, 0x3010, 0x2018, 0x201c};
    for (size_t i = 0; i < sizeof opening / sizeof opening[0]; i++)
        if (code == opening[i])
            return false;
    return true;
}

/* The text to wrap, and the runs that cover it. */
typedef struct Paragraph {
    const char *text;
    const TextRun *runs;
    int count;
} Paragraph;

/* Cuts the bytes [*from, *to) to those in a run that begins at `start`; false if there are none. */
static bool cut_to_run(const TextRun *run, size_t start, size_t *from, size_t *to)
{
    *from = *from > start ? *from : start;
    *to = *to < start + run->bytes ? *to : start + run->bytes;
    return *from < *to;
}

static float span_width(const Ui *ui, const Paragraph *p, size_t from, size_t to)
{
    float width = 0;
    size_t start = 0;
    for (int i = 0; i < p->count && start < to; start += p->runs[i].bytes, i++) {
        size_t a = from, b = to;
        if (cut_to_run(&p->runs[i], start, &a, &b))
            width += measure(ui, p->runs[i].style, p->text + a, b - a);
    }
    return width;
}

/* The end of the line that begins at `from` and fits `width`; *next is the beginning of the next line. */
static size_t line_break(const Ui *ui, float width, const Paragraph *p, size_t from, size_t *next)
{
    const char *text = p->text;
    size_t i = from, end = from, after = from; /* end, after: the last allowed break */
    while (text[i] != '\0' && text[i] != '\n') {
        size_t size;
        uint32_t code = utf8_code(text + i, &size);
        if (span_width(ui, p, from, i + size) > width && code != ' ' && i > from) {
            *next = end > from ? after : i; /* a word longer than the line is broken at its end */
            return end > from ? end : i;
        }
        i += size;
        size_t following_size;
        uint32_t following = utf8_code(text + i, &following_size);
        if (code == ' ') {
            if (i - size > from && text[i - size - 1] != ' ')
                end = i - size;
            after = i;
        } else if (following != ' ' && (breaks_anywhere(code) || breaks_anywhere(following)) && may_begin_line(following) && may_end_line(code)) {
            end = after = i;
        }
    }
    *next = i + (text[i] == '\n');
    return i;
}

/* Draws the runs of one line side by side. Returns the run under the pointer, or -1. */
static int put_line(Ui *ui, Rect row, const Paragraph *p, size_t from, size_t to, bool cut)
{
    size_t start = 0;
    int hit = -1;
    for (int i = 0; i < p->count && start < to; start += p->runs[i].bytes, i++) {
        const TextRun *run = &p->runs[i];
        size_t a = from, b = to;
        if (!cut_to_run(run, start, &a, &b))
            continue;
        const float width = measure(ui, run->style, p->text + a, b - a);
        put(ui, row.x, row, width, run->style, p->text + a, b - a, cut);
        const Rect piece = {row.x, row.y, width, row.h};
        if (run->underline)
            ui_fill(ui, (Rect){row.x, roundf(row.y + row.h / 2 + run->style.size * 0.56f), width, 1}, run->style.color);
        if (ui_hover(ui, piece))
            hit = i;
        row.x += width;
    }
    return hit;
}

static float paragraph(Ui *ui, Rect r, const Paragraph *p, bool draw, int *hit)
{
    const float size = p->count > 0 ? p->runs[0].style.size : 0, line = roundf(size * 1.45f);
    float y = 0;
    *hit = -1;
    for (size_t from = 0, next; p->text[from] != '\0'; from = next) {
        const size_t end = line_break(ui, r.w, p, from, &next);
        const int over = draw ? put_line(ui, (Rect){r.x, r.y + y, r.w, line}, p, from, end, r.h > 0 && y + line > r.h + size * 0.5f) : -1;
        *hit = over >= 0 ? over : *hit;
        y += line;
    }
    return y;
}

float ui_runs(Ui *ui, Rect r, const char *text, const TextRun *runs, int count, int *hit)
{
    return paragraph(ui, r, &(Paragraph){text, runs, count}, true, hit);
}

float ui_runs_height(Ui *ui, float width, const char *text, const TextRun *runs, int count)
{
    int hit;
    return paragraph(ui, (Rect){0, 0, width, 0}, &(Paragraph){text, runs, count}, false, &hit);
}

float ui_paragraph(Ui *ui, Rect r, TextStyle style, const char *text)
{
    int hit;
    return ui_runs(ui, r, text, &(TextRun){strlen(text), style, false}, 1, &hit);
}

float ui_paragraph_height(Ui *ui, float width, TextStyle style, const char *text)
{
    return ui_runs_height(ui, width, text, &(TextRun){strlen(text), style, false}, 1);
}
