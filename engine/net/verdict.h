/* verdict.h - a printed number beside what the arithmetic gives: exact, the same in some unit, or not. */
#ifndef INCEPTOSCOPE_VERDICT_H
#define INCEPTOSCOPE_VERDICT_H

#include "engine/base/err.h"
#include "engine/net/rational.h"

typedef enum VerdictKind {
    VERDICT_EXACT,              /* the printed number is the value */
    VERDICT_KI,                 /* value / 1024 (1024^2 for M, 1024^3 for G), rounded at the last printed digit, or cut there */
    VERDICT_K,                  /* the same with 1000 */
    VERDICT_ROUNDING,           /* at most one unit of the last printed digit off */
    VERDICT_DIFFERS,
    VERDICT_CHANGED,            /* a switch has changed what is claimed, so the claim is about another network */
    VERDICT_MEASURED,           /* found by an experiment: no arithmetic can say */
    VERDICT_COUNT,
} VerdictKind;

typedef struct Verdict {
    VerdictKind kind;
    int candidate;              /* which of the candidates it is about */
    bool binary;                /* measured in steps of 1024 */
    char unit[4];               /* "Ki", "M", ... of agreements, roundings and differences; "" where the number has no suffix */
    char slack[24];             /* VERDICT_ROUNDING: one unit of the last printed digit, "1" or "0.01" */
    int side;                   /* VERDICT_ROUNDING: -1 printed is less, 1 it is more, 0 it is the value rounded or cut */
    double off;                 /* VERDICT_DIFFERS: per cent that the printed number is above the value; NAN where that says nothing */
    bool zero;                  /* VERDICT_DIFFERS: the value is 0 */
    char text[64];              /* "exact", "agrees in Ki", "rounding: 1 Ki less", "differs: -70.6% in Ki" */
} Verdict;

/* Compares "2.7K", "163,328", "112.5", "40%" or "28*28*64" with candidates, the first that fits wins: exact ones first, then those that agree,
 * then roundings. In K steps of 1024 are tried before steps of 1000 (the paper's params column); in M and G, which are used for
 * operations, steps of 1000 before 1024; `unit` 1000 or 1024 tries that one alone, 0 both. What is cut may lose a tenth of the value, what is
 * called rounding a hundredth, and zero is close to nothing. False when `printed` is no number. */
bool audit_verdict_in(int unit, const char *printed, const Rational *candidates, int count, Verdict *out, Err *err);
bool audit_verdict(const char *printed, const Rational *candidates, int count, Verdict *out, Err *err);
/* Of a candidate that is itself rounded: it may agree, but nothing is exactly it. */
void verdict_not_exact(const char *printed, Verdict *v);
/* For what is no number: equal or not. */
Verdict verdict_of_text(bool same);

/* Whole numbers from <= n < to for which the verdict is one of the first three: at most one span for each of them. */
typedef struct NumberSpan {
    int64_t from, to;
} NumberSpan;
/* How many spans, or -1 with a reason. */
int printed_spans(int unit, const char *printed, NumberSpan out[3], Err *err);

/* The parts of a printed number: digits and suffix. Sums of what somebody printed are sums of the digits, in the same suffix. */
bool printed_parts(const char *printed, Rational *digits, char *suffix, Err *err);
/* 1000 or 1024 to the power of K 1, M 2, G or B 3; 1 for no suffix. */
int64_t printed_step(const char *printed, bool binary);

/* Whether the printed number is what the arithmetic gives, in some unit. */
static inline bool verdict_agrees(VerdictKind kind) { return kind <= VERDICT_K; }
const char *verdict_name(VerdictKind kind); /* "exact", "agrees in Ki", "agrees in K", "rounding", "differs", "changed", "measured" */
/* A mark beside a verdict's colour, so that it does not depend on colour: "=", "≈", "≈", "±", "≠", "*", "·". */
const char *verdict_mark(VerdictKind kind);

#endif
