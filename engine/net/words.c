/* words.c - see words.h. */
#include "engine/net/words.h"

#include <limits.h>
#include <string.h>

enum { WORD_MAX = 64 };

static int smaller(int a, int b) { return a < b ? a : b; }

int word_distance(const char *a, const char *b)
{
    int before[WORD_MAX + 1], above[WORD_MAX + 1], row[WORD_MAX + 1];
    int n = (int)strnlen(a, WORD_MAX + 1), m = (int)strnlen(b, WORD_MAX + 1);
    if (n > WORD_MAX || m > WORD_MAX)
        return INT_MAX;
    for (int j = 0; j <= m; j++)
        above[j] = before[j] = j;
    for (int i = 1; i <= n; i++) {
        row[0] = i;
        for (int j = 1; j <= m; j++) {
            row[j] = smaller(above[j - 1] + (a[i - 1] != b[j - 1]), smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        memcpy(before, above, sizeof before);
        memcpy(above, row, sizeof above);
    }
    return above[m];
}

const char *word_nearest(const char *word, const char *const *words, int count)
{
    const char *best = NULL;
    int best_distance = INT_MAX;
    for (int i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        int distance = word_distance(word, words[i]);
        if (length >= 3 && strncmp(word, words[i], length) == 0 && distance > 1)
            distance = 1; /* "convolution" means "conv" */
        if (distance < best_distance) {
            best_distance = distance;
            best = words[i];
        }
    }
    return best != NULL && best_distance <= 1 + (int)strnlen(word, WORD_MAX) / 3 ? best : NULL;
}
