/* expr_value.h - what an expression is about, and what it gives. See expr.h. */
#ifndef INCEPTOSCOPE_EXPR_VALUE_H
#define INCEPTOSCOPE_EXPR_VALUE_H

#include "engine/net/rational.h"
#include "engine/net/trace.h"

typedef struct ExprScope {
    const Trace *trace;         /* the network that names without @ are about */
    const char *networks_dir;   /* where @NETWORK is looked up, see net_open; NULL: @ is refused */
} ExprScope;

enum { EXPR_DIGITS = 12 };

typedef enum ExprKind { EXPR_NUMBER, EXPR_SHAPE, EXPR_TRUTH } ExprKind;

typedef struct ExprValue {
    ExprKind kind;
    Rational number;
    bool rounded;               /* of a number: ln, exp or sqrt took part in it */
    Shape shape;
    bool truth;
} ExprValue;

#endif
