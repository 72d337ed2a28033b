/* trace_print.h - the forms in which cmd_trace.c prints. */
#ifndef INCEPTOSCOPE_TRACE_PRINT_H
#define INCEPTOSCOPE_TRACE_PRINT_H

#include "app/cli/table.h"
#include "engine/net/trace.h"

/* "table", "csv" and "markdown"; true when `name` is one of them. */
bool table_format(const char *name, TableFormat *format);
void shape_text(Shape shape, char *out, size_t size);

/* Each prints to standard output; false when that failed. aux: the heads' layers too. */
bool trace_print_table(const Trace *trace, TableFormat format, bool aux);
bool trace_print_csv(const Trace *trace, bool aux);
bool trace_print_json(const Trace *trace, bool aux);
bool trace_print_compare(const Trace *a, const Trace *b, TableFormat format, bool aux);
bool trace_print_compare_json(const Trace *a, const Trace *b, bool aux);

#endif
