/* cmd_eval.c - computes an expression about a network, in exact fractions except for ln, exp and sqrt. */
#include "app/cli/cli.h"
#include "engine/net/expr.h"
#include "engine/net/expr_functions.h"

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
            printf("%-17s %s\n", name, help);
        puts("floor ceil round  of any expression: floor(7/2)\n"
             "ln exp sqrt       of any expression, rounded to 12 significant digits: ln(5); = and != do not accept the result\n"
             "+ - * / ^         exact, in fractions of 64-bit integers; = != < <= > >= compare; the exit status is 1 if a comparison fails\n"
             "K M Ki Mi         after a number: 1000, 1000000, 1024, 1048576\n"
             "names             a layer (conv1, 3a/5x5), a module (3a), total, aux, training, aux1, aux2; total@vgg16 is another network's");
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
        printf("%s%s\n", text, value.kind == EXPR_NUMBER && value.rounded ? " (rounded)" : "");
    } else {
        cli_complain("%s", err.text[0] != '\0' ? err.text : "not enough memory");
    }
    trace_free(&trace);
    net_free(net);
    free(networks);
    return good && (value.kind != EXPR_TRUTH || value.truth) ? EXIT_OK : EXIT_INPUT;
}
