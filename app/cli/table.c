/* table.c - prints rows of cells as text, CSV or Markdown; see table.h. */
#include "app/cli/table.h"

#include "engine/base/array.h"
#include "engine/base/count.h"
#include "engine/net/trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

Table table_make(TableFormat format, const TableColumn *columns, int column_count)
{
    return (Table){.format = format, .columns = columns, .column_count = column_count};
}

static void put(Table *t, const char *text)
{
    if (t->out_of_memory)
        return;
    char **cells = array_grow(t->cells, t->cell_count, sizeof *cells);
    if (cells == NULL) {
        t->out_of_memory = true;
        return;
    }
    t->cells = cells;
    char *copy = text == NULL ? NULL : strdup(text);
    t->out_of_memory = text != NULL && copy == NULL;
    t->cells[t->cell_count++] = copy;
}

void table_text(Table *t, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    put(t, text);
}

void table_count(Table *t, int64_t count)
{
    char text[40];
    if (t->format == TABLE_CSV)
        snprintf(text, sizeof text, "%" PRId64, count);
    else
        format_count(count, text, sizeof text);
    put(t, text);
}

void table_end_row(Table *t)
{
    while (!t->out_of_memory && t->cell_count % t->column_count != 0)
        put(t, "");
}

void table_rule(Table *t)
{
    table_end_row(t);
    if (t->format != TABLE_TEXT)
        return;
    put(t, NULL);
    table_end_row(t);
}

void table_note(Table *t, const char *text)
{
    table_end_row(t);
    if (t->format != TABLE_TEXT || text[0] == '\0')
        return;
    put(t, NULL);
    put(t, text);
    table_end_row(t);
}

/* A rule or a note; both are outside the columns. */
static bool outside(const Table *t, int cell)
{
    return t->cells[cell - cell % t->column_count] == NULL;
}

/* Unicode 15: marks without a width of their own (categories Mn, Me, Cf), and East Asian Width W and F. */
static const struct {
    uint32_t first, last;
    int width;
} odd_widths[] = {
    {0x0300, 0x036f, 0}, {0x0483, 0x0489, 0}, {0x0591, 0x05bd, 0}, {0x0610, 0x061a, 0}, {0x064b, 0x065f, 0}, {0x0900, 0x0902, 0}, {0x093c, 0x093c, 0},
    {0x0941, 0x0948, 0}, {0x094d, 0x094d, 0}, {0x0e31, 0x0e31, 0}, {0x0e34, 0x0e3a, 0}, {0x0e47, 0x0e4e, 0}, {0x1100, 0x115f, 2}, {0x200b, 0x200f, 0},
    {0x20d0, 0x20f0, 0}, {0x231a, 0x231b, 2}, {0x2e80, 0x303e, 2}, {0x3041, 0x4dbf, 2}, {0x4e00, 0xa4c6, 2}, {0xac00, 0xd7a3, 2}, {0xf900, 0xfaff, 2},
    {0xfe00, 0xfe0f, 0}, {0xfe20, 0xfe2f, 0}, {0xfe30, 0xfe6b, 2}, {0xfeff, 0xfeff, 0}, {0xff01, 0xff60, 2}, {0xffe0, 0xffe6, 2}, {0x1f300, 0x1f64f, 2},
    {0x1f680, 0x1f6fc, 2}, {0x1f900, 0x1faff, 2}, {0x20000, 0x3fffd, 2},
};

/* The character at the beginning of the text: its bytes, and its width. A byte that is not UTF-8 is a character. */
static int next_character(const char *text, int *width)
{
    const unsigned char *p = (const unsigned char *)text;
    const int more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : 0;
    uint32_t code = *p & (more == 3 ? 0x07 : more == 2 ? 0x0f : more == 1 ? 0x1f : 0x7f);
    *width = 1;
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 1;
        code = code << 6 | (p[i] & 0x3f);
    }
    for (size_t i = 0; more > 0 && i < sizeof odd_widths / sizeof odd_widths[0]; i++)
        if (code >= odd_widths[i].first && code <= odd_widths[i].last)
            *width = odd_widths[i].width;
    return 1 + more;
}

int text_width(const char *text)
{
    int sum = 0;
    while (*text != '\0') {
        int width;
        text += next_character(text, &width);
        sum += width;
    }
    return sum;
}

void print_padded(FILE *file, const char *text, int columns, bool right)
{
    int length = 0, sum = 0, width;
    while (text[length] != '\0') {
        const int size = next_character(text + length, &width);
        if (sum + width > columns)
            break;
        length += size;
        sum += width;
    }
    if (right)
        fprintf(file, "%*s", columns - sum, "");
    fwrite(text, 1, (size_t)length, file);
    if (!right)
        fprintf(file, "%*s", columns - sum, "");
}

static void print_csv(const Table *t, FILE *f)
{
    for (int i = 0; i < t->column_count + t->cell_count; i++) {
        const char *text = i < t->column_count ? t->columns[i].title : t->cells[i - t->column_count];
        bool quote = strpbrk(text, ",\"\n") != NULL;
        if (quote)
            fputc('"', f);
        for (const char *p = text; *p != '\0'; p++) {
            if (*p == '"')
                fputc('"', f);
            fputc(*p, f);
        }
        if (quote)
            fputc('"', f);
        fputc((i + 1) % t->column_count == 0 ? '\n' : ',', f);
    }
}

static void print_markdown(const Table *t, FILE *f)
{
    for (int c = 0; c < t->column_count; c++)
        fprintf(f, "| %s %s", t->columns[c].title, c + 1 == t->column_count ? "|\n" : "");
    for (int c = 0; c < t->column_count; c++)
        fprintf(f, "|%s%s", t->columns[c].right ? "---:" : "---", c + 1 == t->column_count ? "|\n" : "");
    for (int i = 0; i < t->cell_count; i++) {
        fputs("| ", f);
        for (const char *p = t->cells[i]; *p != '\0'; p++) {
            if (*p == '|')
                fputc('\\', f);
            fputc(*p, f);
        }
        fputs((i + 1) % t->column_count == 0 ? " |\n" : " ", f);
    }
}

static void print_cell(const char *text, int width, bool right, bool last, FILE *f)
{
    int blanks = width - text_width(text);
    if (width == 0)
        return;
    if (right)
        fprintf(f, "%*s%s", blanks, "", text);
    else
        fprintf(f, "%s%*s", text, last ? 0 : blanks, "");
    fputs(last ? "\n" : "  ", f);
}

static void print_text(const Table *t, FILE *f)
{
    int widths[TABLE_COLUMNS_MAX] = {0}, total = 0, last_column = 0;
    for (int c = 0; c < t->column_count; c++) {
        /* A column without a cell is not shown. */
        for (int i = c; i < t->cell_count; i += t->column_count)
            if (!outside(t, i) && text_width(t->cells[i]) > widths[c])
                widths[c] = text_width(t->cells[i]);
        if (widths[c] > 0 && text_width(t->columns[c].title) > widths[c])
            widths[c] = text_width(t->columns[c].title);
        total += widths[c] > 0 ? widths[c] + (c > 0 ? 2 : 0) : 0;
        last_column = widths[c] > 0 ? c : last_column;
    }
    for (int c = 0; c <= last_column; c++)
        print_cell(t->columns[c].title, widths[c], t->columns[c].right, c == last_column, f);
    for (int row = -1; row < t->cell_count / t->column_count; row++) {
        const char *const *cells = row < 0 ? NULL : (const char *const *)t->cells + row * t->column_count;
        if (cells != NULL && cells[0] == NULL && cells[1][0] != '\0') {
            fprintf(f, "    %s\n", cells[1]);
            continue;
        }
        if (cells == NULL || cells[0] == NULL) {
            for (int i = 0; i < total; i++)
                fputc('-', f);
            fputc('\n', f);
            continue;
        }
        int last = t->column_count - 1; /* no blanks at the end of a line */
        while (last > 0 && cells[last][0] == '\0')
            last--;
        for (int c = 0; c <= last; c++)
            print_cell(cells[c], widths[c], t->columns[c].right, c == last, f);
    }
}

bool table_print(Table *t, FILE *f)
{
    table_end_row(t);
    if (!t->out_of_memory && t->format == TABLE_CSV)
        print_csv(t, f);
    else if (!t->out_of_memory && t->format == TABLE_MARKDOWN)
        print_markdown(t, f);
    else if (!t->out_of_memory)
        print_text(t, f);
    for (int i = 0; i < t->cell_count; i++)
        free(t->cells[i]);
    free(t->cells);
    t->cells = NULL;
    t->cell_count = 0;
    return !t->out_of_memory && !ferror(f);
}
