/* main.c - finds the subcommand; without one the window opens. */
#include "app/cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct Command {
    const char *name, *arguments, *summary;
    CommandFn *run;
} Command;

static const Command commands[] = {
#define COMMAND(name, arguments, summary) {#name, arguments, summary, cmd_##name},
#include "app/cli/commands.def"
#undef COMMAND
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

/* A command's own --help; the options come from the table that it parses, see cli_parse. */
static int command_help(const Command *command, int argc, char **argv)
{
    printf("usage: inceptoscope %s [options] %s\n%s\n", command->name, command->arguments, command->summary);
    command->run(argc, argv);
    return EXIT_OK;
}

static int help(char **argv)
{
    char *words[] = {argv[0], "--help", NULL};
    puts("usage: inceptoscope [options] [IMAGE]          open the window\n"
         "       inceptoscope COMMAND [options] ...      see COMMAND --help\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("  %-12s %s\n", commands[i].name, commands[i].summary);
    puts("\noptions of the window:");
    cmd_window(2, words);
    puts("\ninceptoscope(1) says what each of them does.");
    return EXIT_OK;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

static int run(int argc, char **argv)
{
    const bool asks = asks_for_help(argc, argv);
    for (int i = 0; argc > 1 && i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return (asks ? command_help(&commands[i], argc - 1, argv + 1) : commands[i].run(argc - 1, argv + 1));
    return asks || (argc > 1 && strcmp(argv[1], "help") == 0) ? help(argv) : cmd_window(argc, argv);
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
