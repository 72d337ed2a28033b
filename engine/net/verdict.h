/* verdict.h - compares a printed number with what the arithmetic gives: exact, equal in some unit, or different. */
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
    VERDICT_CHANGED,            /* a switch changed the row or network of the claim, so the claim is about another network */
    VERDICT_MEASURED,           /* found by an experiment; arithmetic cannot check it */
    VERDICT_COUNT,
} VerdictKind;

typedef struct Verdict {
    VerdictKind kind;
    int candidate;              /* index of the candidate that the verdict is about */
    bool binary;                /* in steps of 1024 */
    char unit[4];               /* "Ki", "M", ... for agreements, roundings and differences; "" if the number has no suffix */
    char slack[24];             /* VERDICT_ROUNDING: one unit of the last printed digit, "1" or "0.01" */
    int side;                   /* VERDICT_ROUNDING: -1 printed is less than the value, 1 more, 0 the value rounded or cut */
    double off;                 /* VERDICT_DIFFERS: printed is this many per cent above the value; NAN if that has no meaning */
    bool zero;                  /* VERDICT_DIFFERS: the value is 0 */
    char text[64];              /* "exact", "agrees in Ki", "rounding: 1 Ki less", "differs: -70.6% in Ki" */
} Verdict;

/* Compares "2.7K", "163,328", "112.5", "40%" or "28*28*64" with candidates. Exact ones win, then those that agree, then
 * roundings; among equal ones the first. K is tried in steps of 1024, then of 1000 (the paper's params column); M and G, which
 * are used for operations, in steps of 1000, then of 1024. `unit` 1000 or 1024 tries only that one, 0 both. A cut may lose at
 * most a tenth of the value, a rounding at most a hundredth, and only 0 is close to 0. False if `printed` is not a number. */
bool audit_verdict_in(int unit, const char *printed, const Rational *candidates, int count, Verdict *out, Err *err);
bool audit_verdict(const char *printed, const Rational *candidates, int count, Verdict *out, Err *err);
/* For a candidate that is itself rounded: it may agree, but it is never exact. */
void verdict_not_exact(const char *printed, Verdict *v);
/* For claims that are not numbers: equal or not. */
Verdict verdict_of_text(bool same);

/* Whole numbers from <= n < to for which the verdict is one of the first three; at most one span for each of these. */
typedef struct NumberSpan {
    int64_t from, to;
} NumberSpan;
/* The number of spans, or -1 with a reason. */
int printed_spans(int unit, const char *printed, NumberSpan out[3], Err *err);

/* Splits a printed number into digits and suffix. A sum of printed numbers is the sum of the digits, with the same suffix. */
bool printed_parts(const char *printed, Rational *digits, char *suffix, Err *err);
/* 1000 or 1024 to the power of the suffix: K 1, M 2, G or B 3; 1 if there is no suffix. */
int64_t printed_step(const char *printed, bool binary);

/* Whether the printed number equals the value, in some unit. */
static inline bool verdict_agrees(VerdictKind kind) { return kind <= VERDICT_K; }
const char *verdict_name(VerdictKind kind); /* "exact", "agrees in Ki", "agrees in K", "rounding", "differs", "changed", "measured" */
/* A mark next to the colour of a verdict, for people who do not see the colour: "=", "≈", "≈", "±", "≠", "*", "·". */
const char *verdict_mark(VerdictKind kind);

#endif
