/* count.h - formats whole numbers for people. */
#ifndef INCEPTOSCOPE_COUNT_H
#define INCEPTOSCOPE_COUNT_H

#include <stddef.h>
#include <stdint.h>

/* "1,582,671,872", "-5" */
void format_count(int64_t count, char *out, size_t size);

#endif
