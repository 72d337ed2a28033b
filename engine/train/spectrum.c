/* spectrum.c - Fourier transforms between a picture and its spectrum; see spectrum.h. */
#include "engine/train/spectrum.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

typedef struct Complex {
    double re, im;
} Complex;

struct Spectrum {
    int size, columns;          /* columns = size/2 + 1 */
    Complex *root;              /* (size) exp(2 pi i j / size) */
    Complex *half;              /* (columns, size) transformed along y: column after column */
    Complex *line, *out, *part; /* (size) each */
};

static Complex multiply(Complex a, Complex b)
{
    return (Complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

size_t spectrum_count(int size)
{
    return 2 * (size_t)size * ((size_t)size / 2 + 1);
}

double spectrum_frequency(int size, int ky, int kx)
{
    const double y = (double)(ky <= size / 2 ? ky : ky - size) / size, x = (double)kx / size;
    return sqrt(y * y + x * x);
}

void spectrum_free(Spectrum *s)
{
    if (s == NULL)
        return;
    free(s->root);
    free(s->half);
    free(s->line);
    free(s->out);
    free(s->part);
    free(s);
}

Spectrum *spectrum_new(int size)
{
    Spectrum *s = calloc(1, sizeof *s);
    const size_t n = (size_t)size;
    assert(size >= 1);
    if (s == NULL)
        return NULL;
    s->size = size;
    s->columns = size / 2 + 1;
    s->root = malloc(n * sizeof *s->root);
    s->half = calloc(n, (size_t)s->columns * sizeof *s->half);
    s->line = malloc(n * sizeof *s->line);
    s->out = malloc(n * sizeof *s->out);
    s->part = malloc(n * sizeof *s->part);
    if (s->root == NULL || s->half == NULL || s->line == NULL || s->out == NULL || s->part == NULL) {
        spectrum_free(s);
        return NULL;
    }
    const double turn = 2 * acos(-1) / size;
    for (int j = 0; j < size; j++)
        s->root[j] = (Complex){cos(turn * j), sin(turn * j)};
    return s;
}

/* root^j, or its conjugate for sign -1; 0 <= j < size. */
static Complex root(const Spectrum *s, int j, int sign)
{
    return (Complex){s->root[j].re, sign * s->root[j].im};
}

static int smallest_factor(int n)
{
    for (int p = 2; p * p <= n; p++)
        if (n % p == 0)
            return p;
    return n;
}

/* Joins two transforms of m values, which lie one after another in out, to one of 2 m. */
static void join_two(const Spectrum *s, Complex *out, int m, int sign)
{
    const int step = s->size / (2 * m);
    for (int k = 0; k < m; k++) {
        const Complex a = out[k], b = multiply(out[m + k], root(s, k * step, sign));
        out[k] = (Complex){a.re + b.re, a.im + b.im};
        out[m + k] = (Complex){a.re - b.re, a.im - b.im};
    }
}

/* The same for p transforms. */
static void join(Spectrum *s, Complex *out, int p, int m, int sign)
{
    const int step = s->size / (p * m);
    for (int k = 0; k < m; k++) {
        for (int r = 0; r < p; r++)
            s->part[r] = multiply(out[r * m + k], root(s, r * k * step, sign));
        for (int q = 0; q < p; q++) {
            Complex sum = {0, 0};
            for (int r = 0; r < p; r++) {
                const Complex term = multiply(s->part[r], root(s, q * r % p * (s->size / p), sign));
                sum = (Complex){sum.re + term.re, sum.im + term.im};
            }
            out[q * m + k] = sum;
        }
    }
}

/* out[k] = sum over j of in[j * stride] * exp(sign 2 pi i j k / n), not normalised. */
static void transform(Spectrum *s, const Complex *in, int stride, Complex *out, int n, int sign)
{
    if (n == 1) {
        out[0] = in[0];
        return;
    }
    if (n == 2) {
        const Complex a = in[0], b = in[stride];
        out[0] = (Complex){a.re + b.re, a.im + b.im};
        out[1] = (Complex){a.re - b.re, a.im - b.im};
        return;
    }
    const int p = smallest_factor(n), m = n / p;
    for (int r = 0; r < p; r++)
        transform(s, in + r * stride, stride * p, out + r * m, m, sign);
    if (p == 2)
        join_two(s, out, m, sign);
    else
        join(s, out, p, m, sign);
}

/* Two real rows are one complex row: a in the real part, b in the imaginary part. The second row may be missing. */
void spectrum_forward(Spectrum *s, const float *values, float *plane)
{
    const int n = s->size, columns = s->columns;
    const double scale = 1 / ((double)n * n);
    for (int kx = 0; kx < columns; kx++) {
        for (int ky = 0; ky < n; ky++) {
            const float *v = values + 2 * ((size_t)ky * (size_t)columns + (size_t)kx);
            s->line[ky] = (Complex){(double)v[0], (double)v[1]};
        }
        transform(s, s->line, 1, s->half + (size_t)kx * (size_t)n, n, 1);
    }
    for (int y = 0; y < n; y += 2) {
        const bool two = y + 1 < n;
        for (int kx = 0; kx < n; kx++) {
            const int column = kx < columns ? kx : n - kx;
            const double mirrored = kx < columns ? 1 : -1; /* of a real row: the conjugate */
            const bool single = kx == 0 || 2 * kx == n; /* its own mirror: real */
            const Complex *half = s->half + (size_t)column * (size_t)n + (size_t)y;
            Complex a = half[0], b = two ? half[1] : (Complex){0, 0};
            a.im = single ? 0 : mirrored * a.im;
            b.im = single ? 0 : mirrored * b.im;
            s->line[kx] = (Complex){a.re - b.im, a.im + b.re};
        }
        transform(s, s->line, 1, s->out, n, 1);
        for (int x = 0; x < n; x++) {
            plane[(size_t)y * (size_t)n + (size_t)x] = (float)(s->out[x].re * scale);
            if (two)
                plane[(size_t)(y + 1) * (size_t)n + (size_t)x] = (float)(s->out[x].im * scale);
        }
    }
}

void spectrum_backward(Spectrum *s, const float *dplane, float *dvalues)
{
    const int n = s->size, columns = s->columns;
    const double scale = 1 / ((double)n * n);
    for (int y = 0; y < n; y += 2) {
        const bool two = y + 1 < n;
        for (int x = 0; x < n; x++) {
            const float *g = dplane + (size_t)y * (size_t)n + (size_t)x;
            s->line[x] = (Complex){(double)g[0], two ? (double)g[n] : 0};
        }
        transform(s, s->line, 1, s->out, n, -1);
        for (int kx = 0; kx < columns; kx++) {
            const Complex z = s->out[kx], mirror = s->out[(n - kx) % n];
            Complex *half = s->half + (size_t)kx * (size_t)n + (size_t)y;
            half[0] = (Complex){(z.re + mirror.re) / 2, (z.im - mirror.im) / 2};
            if (two)
                half[1] = (Complex){(z.im + mirror.im) / 2, (mirror.re - z.re) / 2};
        }
    }
    for (int kx = 0; kx < columns; kx++) {
        const double weight = kx == 0 || 2 * kx == n ? scale : 2 * scale;
        transform(s, s->half + (size_t)kx * (size_t)n, 1, s->out, n, -1);
        for (int ky = 0; ky < n; ky++) {
            float *d = dvalues + 2 * ((size_t)ky * (size_t)columns + (size_t)kx);
            d[0] = (float)(weight * s->out[ky].re);
            d[1] = (float)(weight * s->out[ky].im);
        }
    }
}
