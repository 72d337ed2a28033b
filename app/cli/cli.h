/* cli.h - the subcommands. Each has its own file, cmd_NAME.c, and one row in commands.def. */
#ifndef INCEPTOSCOPE_CLI_H
#define INCEPTOSCOPE_CLI_H

#include "engine/base/err.h"

enum { EXIT_OK = 0, EXIT_INPUT = 1, EXIT_USAGE = 2 };

/* argv[0] is the subcommand's name. Returns the exit status. Writes to standard output need no check: main.c flushes it at the
 * end and reports errors. */
typedef int CommandFn(int argc, char **argv);

CommandFn cmd_trace, cmd_audit, cmd_eval, cmd_predict, cmd_activations, cmd_explain, cmd_train, cmd_watch, cmd_convert,
    cmd_accuracy, cmd_bench, cmd_lesson, cmd_window;

/* Options are declared as a table; cli_parse fills the variables. */
typedef enum OptionKind { OPT_FLAG, OPT_STRING, OPT_INT, OPT_FLOAT } OptionKind;
typedef struct Option {
    const char *name;           /* "--weights" */
    OptionKind kind;
    void *value;                /* bool *, const char **, int *, double * */
    const char *choices;        /* "table|csv|json" for strings, or NULL */
} Option;
/* Positional arguments go to `rest` (at most rest_max). Both `--name value` and `--name=value`; `--` ends options. On a wrong
 * command line prints one line to standard error and returns false; the caller returns EXIT_USAGE. main.c handles --help. */
bool cli_parse(int argc, char **argv, const Option *options, int option_count, const char **rest, int rest_max,
               int *rest_count);

/* Parses "1280x720" with both sides from the given minimum to 16384; false otherwise. */
bool cli_size(const char *text, int least_width, int least_height, int *width, int *height);

/* Prints "inceptoscope: message" on standard error. */
void cli_complain(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/* Path of something in assets/: beside the executable's tree, then in PREFIX/share/inceptoscope. "networks" ->
 * ".../assets/networks". NULL only if out of memory; the caller frees it. */
char *asset_path(const char *relative);
/* The folder of the executable, with a slash at the end. NULL if it is not known; the caller frees it. */
char *base_folder(void);
/* The folder of lessons, with one folder for each language; the same rules. */
char *lessons_path(void);

#endif
