/* json_out.h - what commands share that print JSON. */
#ifndef INCEPTOSCOPE_CLI_JSON_OUT_H
#define INCEPTOSCOPE_CLI_JSON_OUT_H

#include <jansson.h>
#include <stdbool.h>

/* Prints the value with jansson's flags and an end of line on standard output, and frees it. False if it is NULL (out of memory, or a text
 * that is not UTF-8), or if the output cannot be written: then ferror(stdout) is set, and main.c says so. */
bool json_out(json_t *value, size_t flags);
/* null for a number that is not finite: JSON has none. */
json_t *json_finite(double value);

#endif
