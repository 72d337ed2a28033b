/* table.h - what trace and audit print: rows of cells as an aligned text table, CSV or Markdown. */
#ifndef INCEPTOSCOPE_TABLE_H
#define INCEPTOSCOPE_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 24 };

typedef enum TableFormat { TABLE_TEXT, TABLE_CSV, TABLE_MARKDOWN } TableFormat;

typedef struct TableColumn {
    const char *title;
    bool right;                 /* numbers */
} TableColumn;

typedef struct Table {
    TableFormat format;
    const TableColumn *columns;
    int column_count;
    char **cells;               /* row by row, owned; NULL: a rule, and the row's second cell is a note or empty */
    int cell_count;
    bool out_of_memory;
} Table;

Table table_make(TableFormat format, const TableColumn *columns, int column_count);
/* Adds the next cell, row by row. Text tables and Markdown group a count's digits by commas; CSV does not. */
void table_text(Table *table, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
void table_count(Table *table, int64_t count);
/* Fills the rest of the row with empty cells. */
void table_end_row(Table *table);
/* A line across, in the text format only. */
void table_rule(Table *table);
/* A separate line below the row, in the text format only. */
void table_note(Table *table, const char *text);
/* Columns of a terminal that a UTF-8 text takes, in every locale: none for a mark that combines with the letter before it, two for a Chinese,
 * Japanese or Korean character and for most emoji. A byte that is not UTF-8 takes one. */
int text_width(const char *text);
/* Prints at most `columns` of the text and fills up with blanks, before the text if `right`. No character is cut. */
void print_padded(FILE *file, const char *text, int columns, bool right);

/* Prints and frees. False if memory ran out or printing failed. */
bool table_print(Table *table, FILE *file);

#endif
