/* main.c - finds the subcommand; without one the window opens. */
#include "app/cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct Command {
    const char *name, *summary;
    CommandFn *run;
} Command;

static const Command commands[] = {
#define COMMAND(name, summary) {#name, summary, cmd_##name},
#include "app/cli/commands.def"
#undef COMMAND
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void help(void)
{
    puts("usage: inceptoscope [IMAGE] [options]        open the window\n"
         "       inceptoscope COMMAND [arguments]\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("  %-12s %s\n", commands[i].name, commands[i].summary);
    puts("\nREADME.md and inceptoscope(1) list every option.");
}

static int run(int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        help();
        return EXIT_OK;
    }
    for (int i = 0; argc > 1 && i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return cmd_window(argc, argv);
}

int main(int argc, char **argv)
{
    const int status = run(argc, argv);
    /* What a command printed may still be in the buffer: a full disk shows only now. */
    const bool flushed = fflush(stdout) == 0;
    if (flushed && !ferror(stdout))
        return status;
    cli_complain("standard output: %s; the result is not complete", flushed ? "it could not be written" : strerror(errno));
    return status == EXIT_OK ? EXIT_INPUT : status;
}
