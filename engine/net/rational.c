/* rational.c - see rational.h. */
#include "engine/net/rational.h"

#include "engine/base/count.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint64_t size_of(int64_t a) { return a < 0 ? 0 - (uint64_t)a : (uint64_t)a; }

static uint64_t divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool rational_make(int64_t num, int64_t den, Rational *out)
{
    if (den == 0)
        return false;
    uint64_t n = size_of(num), d = size_of(den), common = divisor(n, d);
    n /= common;
    d /= common;
    if (n > INT64_MAX || d > INT64_MAX)
        return false;
    *out = (Rational){(num < 0) != (den < 0) ? -(int64_t)n : (int64_t)n, (int64_t)d};
    return true;
}

bool rational_add(Rational a, Rational b, Rational *out)
{
    /* With the least common denominator, so that sums of halves and quarters stay small. */
    int64_t common = (int64_t)divisor((uint64_t)a.den, (uint64_t)b.den), left, right, sum, den;
    if (__builtin_mul_overflow(a.num, b.den / common, &left) || __builtin_mul_overflow(b.num, a.den / common, &right) ||
        __builtin_add_overflow(left, right, &sum) || __builtin_mul_overflow(a.den, b.den / common, &den))
        return false;
    return rational_make(sum, den, out);
}

bool rational_sub(Rational a, Rational b, Rational *out)
{
    if (b.num == INT64_MIN)
        return false;
    return rational_add(a, (Rational){-b.num, b.den}, out);
}

bool rational_mul(Rational a, Rational b, Rational *out)
{
    Rational x, y;
    int64_t num, den;
    if (!rational_make(a.num, b.den, &x) || !rational_make(b.num, a.den, &y))
        return false;
    if (__builtin_mul_overflow(x.num, y.num, &num) || __builtin_mul_overflow(x.den, y.den, &den))
        return false;
    return rational_make(num, den, out);
}

bool rational_div(Rational a, Rational b, Rational *out)
{
    Rational inverse;
    return b.num != 0 && rational_make(b.den, b.num, &inverse) && rational_mul(a, inverse, out);
}

int64_t rational_floor(Rational a)
{
    int64_t whole = a.num / a.den;
    return a.num % a.den < 0 ? whole - 1 : whole;
}

int64_t rational_round(Rational a)
{
    int64_t whole = rational_floor(a), rest = a.num - whole * a.den;
    return rest >= a.den - rest ? whole + 1 : whole;
}

int rational_compare(Rational a, Rational b)
{
    /* By continued fractions: compares the whole parts, then the reciprocals of the remainders, with the opposite sign. */
    int sign = 1;
    for (;;) {
        int64_t x = rational_floor(a), y = rational_floor(b);
        if (x != y)
            return x < y ? -sign : sign;
        int64_t rest_a = a.num - x * a.den, rest_b = b.num - y * b.den;
        if (rest_a == 0 || rest_b == 0)
            return rest_a == rest_b ? 0 : rest_a == 0 ? -sign : sign;
        a = (Rational){a.den, rest_a};
        b = (Rational){b.den, rest_b};
        sign = -sign;
    }
}

double rational_double(Rational a)
{
    return (double)a.num / (double)a.den;
}

void rational_text(Rational a, bool commas, char *out, size_t size)
{
    char whole[40], digits[24];
    int64_t den = a.den;
    int places = 0;             /* at least the number of decimal places, if the expansion ends */
    for (int base = 2; base <= 5; base += 3)
        for (; den % base == 0; den /= base)
            places++;
    if (den != 1 || places > 18) {
        snprintf(out, size, "%.9g", rational_double(a));
        return;
    }
    bool negative = a.num < 0;
    uint64_t n = size_of(a.num), rest = n % (uint64_t)a.den;
    if (commas)
        format_count((int64_t)(n / (uint64_t)a.den), whole, sizeof whole);
    else
        snprintf(whole, sizeof whole, "%" PRIu64, n / (uint64_t)a.den);
    int used = 0;
    for (; rest != 0 && rest <= UINT64_MAX / 10; used++) { /* long division; at most 18 digits, see above */
        digits[used] = (char)('0' + rest * 10 / (uint64_t)a.den);
        rest = rest * 10 % (uint64_t)a.den;
    }
    digits[used] = '\0';
    if (rest != 0)
        snprintf(out, size, "%.9g", rational_double(a));
    else
        snprintf(out, size, "%s%s%s%s", negative ? "-" : "", whole, used > 0 ? "." : "", digits);
}
