/* expr_functions.h - the functions that an expression may call. Only expr.c includes this; the table is in expr_functions.c. */
#ifndef INCEPTOSCOPE_EXPR_FUNCTIONS_H
#define INCEPTOSCOPE_EXPR_FUNCTIONS_H

#include "engine/net/expr_value.h"

enum { EXPR_NAME_MAX = 128 };   /* bytes between a function's parentheses */

/* Whether the function exists; if not, *nearest is the most similar name, or NULL. */
bool expr_function_known(const char *name, const char **nearest);
/* A known function of a layer, module, head or total; `what` may end in @NETWORK. At most EXPR_NAME_MAX bytes. */
bool expr_function_call(const ExprScope *scope, const char *function, const char *what, ExprValue *out, Err *err);

/* Name and one line of help of function i; false past the last. */
bool expr_functions(int i, const char **name, const char **help);

#endif
