/* expr_value.h - the value of an expression, and the network that it is about. See expr.h. */
#ifndef INCEPTOSCOPE_EXPR_VALUE_H
#define INCEPTOSCOPE_EXPR_VALUE_H

#include "engine/net/rational.h"
#include "engine/net/trace.h"

typedef struct ExprScope {
    const Trace *trace;         /* the network of names without @ */
    const char *networks_dir;   /* where @NETWORK is looked up, see net_open; NULL: @ is refused */
} ExprScope;

enum { EXPR_DIGITS = 12 };

typedef enum ExprKind { EXPR_NUMBER, EXPR_SHAPE, EXPR_TRUTH } ExprKind;

typedef struct ExprValue {
    ExprKind kind;
    Rational number;
    bool rounded;               /* for a number: ln, exp or sqrt contributed to it */
    Shape shape;
    bool truth;
} ExprValue;

#endif
