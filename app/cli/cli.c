/* cli.c - option parsing for the subcommands; see cli.h. */
#include "app/cli/cli.h"
#include "engine/net/words.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void cli_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("inceptoscope: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

bool cli_size(const char *text, int least_width, int least_height, int *width, int *height)
{
    enum { SIDE_MAX = 16384 };
    char rest;
    return sscanf(text, "%dx%d%c", width, height, &rest) == 2 && *width >= least_width && *height >= least_height && *width <= SIDE_MAX &&
           *height <= SIDE_MAX;
}

static bool choice_allowed(const char *choices, const char *value)
{
    size_t length = strlen(value);
    for (const char *p = choices; *p != '\0';) {
        size_t n = strcspn(p, "|");
        if (n == length && strncmp(p, value, n) == 0)
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

static bool option_set(const char *command, const Option *option, const char *value)
{
    char *end = NULL;
    errno = 0;
    switch (option->kind) {
    case OPT_FLAG:
        *(bool *)option->value = true;
        return true;
    case OPT_STRING:
        if (option->choices != NULL && !choice_allowed(option->choices, value)) {
            cli_complain("%s: %s takes one of %s, not '%s'", command, option->name, option->choices, value);
            return false;
        }
        *(const char **)option->value = value;
        return true;
    case OPT_INT: {
        long number = strtol(value, &end, 10);
        if (end == value || *end != '\0' || errno != 0 || number < INT_MIN || number > INT_MAX) {
            cli_complain("%s: %s takes a whole number, not '%s'", command, option->name, value);
            return false;
        }
        *(int *)option->value = (int)number;
        return true;
    }
    case OPT_FLOAT: {
        double number = strtod(value, &end);
        if (end == value || *end != '\0' || errno != 0) {
            cli_complain("%s: %s takes a number, not '%s'", command, option->name, value);
            return false;
        }
        *(double *)option->value = number;
        return true;
    }
    }
    return false;
}

/* An option begins with a dash and a letter: "-5 + 3" is an expression and "-" a name. */
static bool looks_like_option(const char *word)
{
    return word[0] == '-' && (word[1] == '-' || isalpha((unsigned char)word[1]));
}

/* If a file has this name, the message says how to write it; otherwise it suggests the nearest option. */
static void complain_unknown(const char *command, const char *word, const Option *options, int option_count)
{
    const char *names[64];
    char typed[64];
    const int length = (int)strcspn(word, "="), count = option_count < 64 ? option_count : 64;
    for (int o = 0; o < count; o++)
        names[o] = options[o].name;
    snprintf(typed, sizeof typed, "%.*s", length, word);
    const char *nearest = word_nearest(typed, names, count);
    if (access(word, F_OK) == 0)
        cli_complain("%s: unknown option '%s'; write './%s' for the file of that name", command, word, word);
    else if (nearest != NULL)
        cli_complain("%s: unknown option '%.*s'; did you mean '%s'?", command, length, word, nearest);
    else
        cli_complain("%s: unknown option '%.*s'; see inceptoscope --help", command, length, word);
}

bool cli_parse(int argc, char **argv, const Option *options, int option_count, const char **rest, int rest_max,
               int *rest_count)
{
    bool only_rest = false;
    *rest_count = 0;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (only_rest || !looks_like_option(word)) {
            if (*rest_count == rest_max) {
                cli_complain("%s: unexpected argument '%s'", argv[0], word);
                return false;
            }
            rest[(*rest_count)++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_rest = true;
            continue;
        }
        size_t name_length = strcspn(word, "=");
        const Option *found = NULL;
        for (int o = 0; o < option_count && found == NULL; o++)
            if (strlen(options[o].name) == name_length && strncmp(options[o].name, word, name_length) == 0)
                found = &options[o];
        if (found == NULL) {
            complain_unknown(argv[0], word, options, option_count);
            return false;
        }
        const char *value = word[name_length] == '=' ? word + name_length + 1 : NULL;
        if (found->kind == OPT_FLAG) {
            if (value != NULL) {
                cli_complain("%s: %s takes no value", argv[0], found->name);
                return false;
            }
        } else if (value == NULL) {
            if (i + 1 == argc) {
                cli_complain("%s: %s needs a value", argv[0], found->name);
                return false;
            }
            value = argv[++i];
        }
        if (!option_set(argv[0], found, value))
            return false;
    }
    return true;
}
