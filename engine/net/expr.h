/* expr.h - evaluates expressions about a network: "weights(3a)/1024", "out(maxpool1) = 64x56x56".
 * `eval`, lessons and claims use it.
 *
 * Numbers are exact fractions; a shape is C x H x W. Grammar, loosest first:
 *   comparison  = sum [("=" | "==" | "!=" | "<" | "<=" | ">" | ">=") sum]
 *   sum         = product {("+" | "-") product}
 *   product     = power {("*" | "/") power}        power = "-" power | factor ["^" power]
 *   factor      = number | shape | "(" sum ")" | FUNCTION "(" WHAT ")"
 * A number may have thousands separators (163,328), decimals, or a suffix: K or M (1000 each step), Ki or Mi (1024), % (1/100).
 *
 * floor, ceil and round take a sum. So do ln, exp and sqrt; their results have EXPR_DIGITS correct significant digits and are
 * marked `rounded`. Whatever is computed from a rounded number is rounded too: it is printed with that many digits, = and != with
 * it are refused, and it cannot become a whole number again. So no count ever comes from a float.
 *
 * All other functions take a name: a layer or channel in the form of net_address; a module (the sum of its layers; for shapes its
 * concat); a head (likewise; for shapes its scores); `total` (the main path), `aux` (all heads) or `training` (both). `@NETWORK`
 * after the name means another description. The functions are in the table in expr_functions.c. */
#ifndef INCEPTOSCOPE_EXPR_H
#define INCEPTOSCOPE_EXPR_H

#include "engine/net/expr_value.h"

/* Evaluates the text. False with a reason that gives the position in the text. */
bool expr_eval(const ExprScope *scope, const char *text, ExprValue *out, Err *err);
/* "163328", "159.5", "64x56x56", "true"; `commas` groups thousands. */
void expr_value_text(const ExprValue *value, bool commas, char *out, size_t size);
/* The text with every function replaced by its value: "163,328/1024". */
bool expr_substitute(const ExprScope *scope, const char *text, char *out, size_t size, Err *err);
/* The left and right side of a comparison, for a message such as "weights(3a) is 163,328, not 159,000". If the text is not a
 * comparison, returns false and leaves the right side untouched. Either may be NULL. */
bool expr_sides(const ExprScope *scope, const char *text, ExprValue *left, ExprValue *right, Err *err);

#endif
