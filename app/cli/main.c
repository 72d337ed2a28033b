/* main.c - finds the subcommand; without one it opens the window. */
#include "app/cli/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Subcommand {
    const char *name, *summary, *arguments;
    CommandFn *run;
} Subcommand;

static const Subcommand commands[] = {
#define COMMAND(name, summary, arguments) {#name, summary, arguments, cmd_##name},
#include "app/cli/commands.def"
#undef COMMAND
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const Subcommand *find_command(const char *name)
{
    for (int i = 0; name != NULL && i < COMMAND_COUNT; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

static void help_about(const Subcommand *command)
{
    printf("inceptoscope %s - %s\n\n", command->name, command->summary);
    for (const char *line = command->arguments; *line != '\0';) {
        const int length = (int)strcspn(line, "\n");
        if (line[0] == '[' && line != command->arguments)
            printf("           %*s %.*s\n", (int)strlen(command->name), "", length, line); /* continues the line before */
        else
            printf("usage: inceptoscope %s %.*s\n", command->name, length, line);
        line += length + (line[length] == '\n');
    }
    puts("\nSee README.md and inceptoscope(1) for more.");
}

static void help(void)
{
    puts("usage: inceptoscope [IMAGE] [--weights F] [--network NAME|FILE] [--labels F] [--engine reference|fast] [--at ADDRESS] [--pos Y,X]\n"
         "                    [--view NAME] [--stage LAYER] [--class N] [--against N] [--groups N] [--range map|layer|module|LOW,HIGH] [--map NAME]\n"
         "                    [--outliers clip|keep] [--without-reductions MODULES|all] [--third-branch-3x3 MODULES|all]\n"
         "                    [--lesson-seed N] [--photos DIR] [--eval-set DIR] [--levels N] [--seed N] [--randomize LAYER] [--of score|loss]\n"
         "                    [--choose N,N,..] [--step N] [--upwards]\n"
         "                    [--page step|chart] [--mode train|eval] [--losses main,aux1] [--label N] [--lr R]\n"
         "                    [--silence BRANCH] [--prune PERCENT] [--prune-layer LAYER] [--bits N] [--swap-channels] [--drop-reductions MODULES|all]\n"
         "                    [--lesson NAME] [--exercise NAME] [--lang en|zh]\n"
         "                    [--theme light|dark] [--size WxH] [--scale N] [--screenshot OUT.png] [--script FILE] [--dump OUT.json]   open the window\n"
         "       inceptoscope COMMAND [arguments]\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("  %-12s %s\n", commands[i].name, commands[i].summary);
    puts("\ninceptoscope COMMAND --help lists a command's arguments. See README.md and inceptoscope(1) for more.");
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return argc > 1 && strcmp(argv[1], "help") == 0;
}

static int run(int argc, char **argv)
{
    const Subcommand *command = find_command(argc > 1 ? argv[1] : NULL);
    if (asks_for_help(argc, argv)) {
        if (command == NULL && argc > 2)
            command = find_command(argv[2]); /* inceptoscope help trace */
        if (command != NULL)
            help_about(command);
        else
            help();
        return EXIT_OK;
    }
    return command != NULL ? command->run(argc - 1, argv + 1) : cmd_window(argc, argv);
}

/* A result that was not written is a failure of any command. */
static int written(int status)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno == 0) { /* an earlier write failed; another write sets errno again */
        putchar('\n');
        fflush(stdout);
    }
    cli_complain("standard output cannot be written%s%s", errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
    return status == EXIT_OK ? EXIT_INPUT : status;
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow (ulimit -f) becomes a failed write, which is reported and cleaned up */
    exit(written(run(argc, argv))); /* where threads take turns (thread_web.c), what main returns is lost */
}
