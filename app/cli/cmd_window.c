/* cmd_window.c - the window, and its headless forms. */
#include "app/cli/cli.h"

int cmd_window(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    cli_complain("the window is not built yet");
    return EXIT_USAGE;
}
