/* cmd_eval.c - an expression about a network, evaluated exactly. */
#include "app/cli/cli.h"
#include "engine/net/expr.h"

#include <stdio.h>
#include <stdlib.h>

int cmd_eval(int argc, char **argv)
{
    const char *network = "googlenet", *rest[1];
    int count;
    bool list = false;
    const Option table[] = {{"--network", OPT_STRING, &network, NULL}, {"--list", OPT_FLAG, &list, NULL}};
    if (!cli_parse(argc, argv, table, sizeof table / sizeof table[0], rest, 1, &count))
        return EXIT_USAGE;
    if (list) {
        const char *name, *help;
        for (int i = 0; expr_functions(i, &name, &help); i++)
            printf("%-16s %s\n", name, help);
        return EXIT_OK;
    }
    if (count == 0) {
        cli_complain("eval: expected an expression such as 'weights(3a)/1024'");
        return EXIT_USAGE;
    }
    char *networks = asset_path("networks"), text[128];
    Err err = {""};
    Net *net = networks != NULL ? net_open(network, networks, NULL, &err) : NULL;
    Trace trace = {0};
    ExprValue value = {0};
    bool good = net != NULL && trace_make(net, &trace, &err) &&
                expr_eval(&(ExprScope){.trace = &trace, .networks_dir = networks}, rest[0], &value, &err);
    if (good) {
        expr_value_text(&value, false, text, sizeof text);
        puts(text);
    } else {
        cli_complain("%s", err.text[0] != '\0' ? err.text : "not enough memory");
    }
    trace_free(&trace);
    net_free(net);
    free(networks);
    return good && (value.kind != EXPR_TRUTH || value.truth) ? EXIT_OK : EXIT_INPUT;
}
