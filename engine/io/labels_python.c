/* labels_python.c - see labels_python.h; Python's lexical rules are in its Language Reference, section 2.4. */
#include "engine/io/labels_python.h"
#include "engine/base/byte_buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct PythonText {
    const char *at, *end;
    int line;
} PythonText;

static char peek(PythonText *r)
{
    for (; r->at < r->end; r->at++) {
        if (*r->at == '#')
            while (r->at + 1 < r->end && r->at[1] != '\n')
                r->at++;
        else if (*r->at == '\n')
            r->line++;
        else if (strchr(" \t\r", *r->at) == NULL || *r->at == '\0')
            return *r->at;
    }
    return '\0';
}

static bool take(PythonText *r, char wanted)
{
    if (peek(r) != wanted || wanted == '\0')
        return false;
    r->at++;
    return true;
}

/* A string; r, u and b before the quote are allowed. NULL if it is none. */
static json_t *read_string(PythonText *r)
{
    ByteBuffer out = {0};
    char quote = peek(r);
    if (quote == 'u' || quote == 'b' || quote == 'r')
        r->at++, quote = r->at < r->end ? *r->at : '\0';
    if (quote != '\'' && quote != '"')
        return NULL;
    for (r->at++; r->at < r->end && *r->at != quote && *r->at != '\n'; r->at++) {
        if (*r->at == '\\' && r->at + 1 < r->end) {
            r->at++;
            if (strchr("\\'\"", *r->at) == NULL)
                break; /* \n, \x and others are in no name */
        }
        bytes_put(&out, r->at, 1);
    }
    json_t *string = r->at < r->end && *r->at == quote && !out.failed ? json_stringn(out.size > 0 ? (const char *)out.bytes : "", out.size) : NULL;
    free(out.bytes);
    r->at += string != NULL;
    return string;
}

static json_t *read_number(PythonText *r)
{
    long long value = 0;
    int digits = 0;
    (void)peek(r);
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9' && digits < 18; r->at++, digits++)
        value = value * 10 + (*r->at - '0');
    return digits > 0 ? json_integer(value) : NULL;
}

static json_t *read_item(PythonText *r)
{
    json_t *string = read_string(r);
    return string != NULL ? string : read_number(r);
}

static bool set(json_t *dict, json_t *key, json_t *value)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)json_integer_value(key));
    const char *text = json_is_string(key) ? json_string_value(key) : number;
    const bool good = key != NULL && value != NULL && json_object_get(dict, text) == NULL && json_object_set(dict, text, value) == 0;
    json_decref(key);
    json_decref(value);
    return good;
}

static bool read_list(PythonText *r, json_t *list, char close)
{
    while (!take(r, close)) {
        json_t *item = read_item(r);
        if (item == NULL || json_array_append_new(list, item) != 0 || (!take(r, ',') && peek(r) != close))
            return false;
    }
    return true;
}

static bool read_dict(PythonText *r, json_t *dict)
{
    while (!take(r, '}')) {
        json_t *key = read_item(r);
        const bool pair = key != NULL && take(r, ':');
        if (!set(dict, key, pair ? read_item(r) : NULL) || (!take(r, ',') && peek(r) != '}'))
            return false;
    }
    return true;
}

json_t *labels_python(const char *text, size_t length, int *line)
{
    PythonText r = {text, text + length, 1};
    const char open = peek(&r);
    json_t *root = open == '{' ? json_object() : open == '[' || open == '(' ? json_array() : NULL;
    bool good = root != NULL;
    r.at += good;
    good = good && (open == '{' ? read_dict(&r, root) : read_list(&r, root, open == '[' ? ']' : ')')) && peek(&r) == '\0' && r.at == r.end;
    *line = r.line;
    if (!good)
        json_decref(root);
    return good ? root : NULL;
}
