/* text.c - text in rectangles: alignment, ellipsis, wrapping, UTF-8. */
#include "app/ui/ui.h"
#include "app/ui/ui_list.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

size_t utf8_size(const char *p)
{
    size_t size;
    utf8_code(p, &size);
    return size;
}

/* RFC 3629: overlong forms, surrogates and what lies beyond U+10FFFF are stray bytes. */
uint32_t utf8_code(const char *p, size_t *size)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)p;
    *size = 1;
    if (s[0] < 0x80)
        return s[0];
    size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc2 ? 2 : 0;
    if (length == 0 || s[0] > 0xf4)
        return 0xfffd;
    uint32_t code = s[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0xfffd;
        code = code << 6 | (s[i] & 0x3f);
    }
    if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0xfffd;
    *size = length;
    return code;
}

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

/* One line whose left end and width are known; centred on the rectangle's middle. The box is the ink of capitals and
 * descenders, so that boxes of neighbouring lines do not touch. */
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
    Rect seen = rect_intersect(box, ui->clip[ui->clip_count - 1].rect); /* half scrolled away: the rest */
    ui_list_item(ui, seen, "text", offset)->clipped = lost;
}

float ui_text(Ui *ui, Rect r, TextStyle style, Align align, const char *text)
{
    static const char ellipsis[] = "…";
    char shortened[LINE_MAX_BYTES];
    size_t bytes = strlen(text);
    float width = measure(ui, style, text, bytes);
    bool cut = width > r.w + 0.5f;
    if (cut) { /* drop characters from the end until the ellipsis fits too */
        size_t keep = bytes < LINE_MAX_BYTES - sizeof ellipsis ? bytes : LINE_MAX_BYTES - sizeof ellipsis;
        float mark = measure(ui, style, ellipsis, sizeof ellipsis - 1);
        while (keep > 0 && measure(ui, style, text, keep) + mark > r.w) {
            do
                keep--;
            while (keep > 0 && ((unsigned char)text[keep] & 0xc0) == 0x80);
        }
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

/* Han, kana, hangul and their punctuation may be broken anywhere. */
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

/* The bytes of the first line of text in `width`; *next is where the following line begins. */
static size_t line_break(const Ui *ui, float width, TextStyle style, const char *text, const char **next)
{
    size_t i = 0, end = 0, after = 0; /* end, after: the last place where the line may be broken */
    while (text[i] != '\0' && text[i] != '\n') {
        size_t size;
        uint32_t code = utf8_code(text + i, &size);
        if (measure(ui, style, text, i + size) > width && code != ' ' && i > 0) {
            *next = text + (end > 0 ? after : i); /* a word longer than the line is broken where it must */
            return end > 0 ? end : i;
        }
        i += size;
        size_t following_size;
        uint32_t following = utf8_code(text + i, &following_size);
        if (code == ' ') {
            if (i - size > 0 && text[i - size - 1] != ' ')
                end = i - size;
            after = i;
        } else if (following != ' ' && (breaks_anywhere(code) || breaks_anywhere(following)) && may_begin_line(following)) {
            end = after = i;
        }
    }
    *next = text + i + (text[i] == '\n');
    return i;
}

static float paragraph(Ui *ui, Rect r, TextStyle style, const char *text, bool draw)
{
    float line = roundf(style.size * 1.45f), y = 0;
    while (*text != '\0') {
        const char *next;
        size_t bytes = line_break(ui, r.w, style, text, &next);
        if (draw)
            put(ui, r.x, (Rect){r.x, r.y + y, r.w, line}, measure(ui, style, text, bytes), style, text, bytes,
                r.h > 0 && y + line > r.h + style.size * 0.5f);
        y += line;
        text = next;
    }
    return y;
}

float ui_paragraph(Ui *ui, Rect r, TextStyle style, const char *text)
{
    return paragraph(ui, r, style, text, true);
}

float ui_paragraph_height(Ui *ui, float width, TextStyle style, const char *text)
{
    return paragraph(ui, (Rect){0, 0, width, 0}, style, text, false);
}
