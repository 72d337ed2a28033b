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

/* Columns that a UTF-8 text takes: two for a Chinese character or punctuation mark, U+2E80 to U+A4CF and the full-width forms
 * (Unicode's East Asian Width; other wide characters are never printed). */
static int width_of(const char *text)
{
    int width = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        if ((*p & 0xC0) == 0x80)
            continue;
        const bool three = *p >= 0xE2 && *p <= 0xEF && p[1] != '\0' && p[2] != '\0';
        const int code = three ? (*p & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F) : 0;
        width += (code >= 0x2E80 && code <= 0xA4CF) || (code >= 0xF900 && code <= 0xFAFF) || (code >= 0xFF01 && code <= 0xFF60) ? 2 : 1;
    }
    return width;
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
    int blanks = width - width_of(text);
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
            if (!outside(t, i) && width_of(t->cells[i]) > widths[c])
                widths[c] = width_of(t->cells[i]);
        if (widths[c] > 0 && width_of(t->columns[c].title) > widths[c])
            widths[c] = width_of(t->columns[c].title);
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
