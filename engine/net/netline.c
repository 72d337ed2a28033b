/* netline.c - see netline.h. */
#include "engine/net/netline.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = LIMIT_NET_MB << 20 };

char *net_text(const char *path, size_t *length, Err *err)
{
    struct stat info;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &info) != 0) {
        err_set(err, "%s: %s", path, strerror(errno));
        if (file != NULL)
            fclose(file);
        return NULL;
    }
    char *text = NULL;
    bool good = false;
    *length = 0;
    if (S_ISDIR(info.st_mode))
        err_set(err, "%s: a folder; expected a network description (.net)", path);
    else if ((text = malloc(FILE_MAX + 1)) == NULL)
        err_set(err, "%s: not enough memory", path);
    else {
        *length = fread(text, 1, FILE_MAX + 1, file);
        if (ferror(file))
            err_set(err, "%s: %s", path, strerror(errno));
        else if (*length == 0)
            err_set(err, "%s: the file is empty; expected a network description (.net)", path);
        else if (*length > FILE_MAX)
            err_set(err, "%s: larger than %d MB, so it is not a network description", path, LIMIT_NET_MB);
        else
            good = true;
    }
    fclose(file);
    if (good)
        return text;
    free(text);
    return NULL;
}

bool line_split(NetLine *line, const char *begin, const char *end, Err *reason)
{
    char *out = line->text;
    line->count = line->next = 0;
    if (end - begin > LIMIT_NET_LINE)
        return err_set(reason, "a line of %lld letters is too long; at most %d", (long long)(end - begin), LIMIT_NET_LINE);
    for (const char *p = begin; p < end;) {
        if (isspace((unsigned char)*p)) {
            p++;
            continue;
        }
        if (*p == '#')
            break;
        if (line->count == LIMIT_NET_WORDS)
            return err_set(reason, "more than %d words in one line", LIMIT_NET_WORDS);
        line->words[line->count++] = out;
        bool quoted = false;
        for (; p < end && (quoted || !isspace((unsigned char)*p)); p++) {
            if (*p == '"')
                quoted = !quoted;
            else
                *out++ = *p;
        }
        *out++ = '\0';
        if (quoted)
            return err_set(reason, "a quotation mark is not closed on its line");
    }
    return true;
}

static void line_remove(NetLine *line, int i)
{
    memmove(&line->words[i], &line->words[i + 1], (size_t)(line->count - i - 1) * sizeof *line->words);
    line->count--;
}

const char *line_word(NetLine *line)
{
    for (int i = line->next; i < line->count; i++)
        if (strchr(line->words[i], '=') == NULL) {
            const char *word = line->words[i];
            line_remove(line, i);
            return word;
        }
    return NULL;
}

bool line_flag(NetLine *line, const char *flag)
{
    for (int i = line->next; i < line->count; i++)
        if (strcmp(line->words[i], flag) == 0) {
            line_remove(line, i);
            return true;
        }
    return false;
}

const char *line_option(NetLine *line, const char *key)
{
    size_t length = strlen(key);
    for (int i = line->next; i < line->count; i++)
        if (strncmp(line->words[i], key, length) == 0 && line->words[i][length] == '=') {
            const char *value = line->words[i] + length + 1;
            line_remove(line, i);
            return value;
        }
    return NULL;
}

bool line_int(const char *text, const char *what, int min, int max, int *out, Err *reason)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || (!isdigit((unsigned char)text[0]) && text[0] != '-'))
        return err_set(reason, "%s is '%.40s', which is not a whole number", what, text);
    if (errno == ERANGE)
        return err_set(reason, "%s is %.40s, which overflows 64 bits", what, text);
    if (value < 0)
        return err_set(reason, "%s is %lld; a size cannot be negative", what, value);
    if (value < min || value > max)
        return err_set(reason, "%s is %lld; expected %d to %d", what, value, min, max);
    *out = (int)value;
    return true;
}

bool line_float(const char *text, const char *what, float *out, Err *reason)
{
    char *end;
    float value = strtof(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return err_set(reason, "%s is '%.40s', which is not a number", what, text);
    *out = value;
    return true;
}

bool line_share(const char *text, const char *what, float *out, Err *reason)
{
    char *end;
    double value = strtod(text, &end);
    if (end != text && strcmp(end, "%") == 0) {
        value /= 100;
        end++;
    }
    if (end == text || *end != '\0' || !(value >= 0 && value < 1))
        return err_set(reason, "%s is '%.40s'; expected a share below 1 such as 0.4 or 40%%", what, text);
    *out = (float)value;
    return true;
}

/* Copies the part of *text before `stop` into `part`; false when there is no `stop` or the part is too long. */
static bool cut(const char **text, char stop, char part[32])
{
    size_t length = strcspn(*text, "x/");
    if (length == 0 || length >= 32 || (*text)[length] != stop)
        return false;
    memcpy(part, *text, length);
    part[length] = '\0';
    *text += length + (stop != '\0');
    return true;
}

bool net_shape(const char *text, Shape *out, Err *reason)
{
    char c[32], h[32], w[32];
    const char *p = text;
    Shape s = {.n = 1};
    if (!cut(&p, 'x', c) || !cut(&p, 'x', h) || !cut(&p, '\0', w))
        return err_set(reason, "'%.40s' is not a shape; expected CxHxW such as 3x224x224", text);
    /* Maps of up to 2^24 on a side keep the window arithmetic within int. */
    if (!line_int(c, "the number of channels", 1, LIMIT_NET_CHANNELS, &s.c, reason) ||
        !line_int(h, "the height", 1, LIMIT_NET_SIDE, &s.h, reason) || !line_int(w, "the width", 1, LIMIT_NET_SIDE, &s.w, reason))
        return false;
    *out = s;
    return true;
}

bool line_window(const char *text, int *k, int *stride, Err *reason)
{
    char a[32], b[32], s[32];
    const char *p = text;
    int other;
    if (!cut(&p, 'x', a) || !cut(&p, '/', b) || !cut(&p, '\0', s))
        return err_set(reason, "'%.40s' is not a window; expected KxK/STRIDE such as 3x3/2", text);
    if (!line_int(a, "the kernel", 1, LIMIT_NET_WINDOW, k, reason) || !line_int(b, "the kernel", 1, LIMIT_NET_WINDOW, &other, reason) ||
        !line_int(s, "the stride", 1, LIMIT_NET_WINDOW, stride, reason))
        return false;
    if (*k != other)
        return err_set(reason, "a %dx%d window is not square; only square windows are supported", *k, other);
    return true;
}

bool line_name(const char *text, const char *what, char out[NET_NAME_MAX], Err *reason)
{
    if (text == NULL)
        return err_set(reason, "%s is missing", what);
    if (strlen(text) >= NET_NAME_MAX)
        return err_set(reason, "%s '%.40s...' is longer than %d letters", what, text, LIMIT_NET_NAME);
    for (const char *p = text; *p != '\0'; p++)
        if (!isalnum((unsigned char)*p) && strchr("_-.", *p) == NULL) {
            int bytes = 1; /* bytes of a UTF-8 character, the first included */
            while (((unsigned char)p[bytes] & 0xc0) == 0x80)
                bytes++;
            return err_set(reason, "%s '%s' has a '%.*s'; letters a to z, digits and _ - . only", what, text, bytes, p);
        }
    if (text[0] == '\0' || !isalnum((unsigned char)text[0]))
        return err_set(reason, "%s '%s' does not begin with a letter or a digit", what, text);
    memcpy(out, text, strlen(text) + 1);
    return true;
}
