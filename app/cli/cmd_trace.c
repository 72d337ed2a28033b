/* cmd_trace.c - shapes, parameters and multiplications of a network, layer by layer. */
#include "app/cli/cli.h"
#include "app/cli/trace_print.h"

#include <limits.h>
#include <stdlib.h>

static bool open_trace(const char *name, const NetOptions *options, Net **net, Trace *trace)
{
    char *networks = asset_path("networks");
    Err err = {""};
    *net = networks != NULL ? net_open(name, networks, options, &err) : NULL;
    free(networks);
    if (*net == NULL) {
        cli_complain("%s", err.text[0] != '\0' ? err.text : "not enough memory");
        return false;
    }
    if (!net_check_modules(*net, options->without_reductions, &err) || !net_check_modules(*net, options->third_3x3, &err) ||
        !trace_make(*net, trace, &err)) {
        if (err.text[0] != '\0')
            cli_complain("%s", err.text);
        net_free(*net);
        *net = NULL;
        return false;
    }
    return true;
}

static int trace_one(const char *name, const NetOptions *options, const char *format, bool aux)
{
    Net *net;
    Trace trace;
    TableFormat table;
    if (!open_trace(name, options, &net, &trace))
        return EXIT_INPUT;
    const bool json = !table_format(format, &table);
    if (!json && table == TABLE_CSV && aux && net->heads_note[0] != '\0') /* the other formats print the note themselves */
        cli_complain("%s", net->heads_note);
    bool good = json ? trace_print_json(&trace, aux)
                : table == TABLE_CSV          ? trace_print_csv(&trace, aux)
                                              : trace_print_table(&trace, table, aux);
    trace_free(&trace);
    net_free(net);
    return good ? EXIT_OK : EXIT_INPUT;
}

static int trace_two(const char *const names[2], const NetOptions options[2], const char *format, bool aux)
{
    Net *nets[2];
    Trace traces[2];
    TableFormat table;
    if (!open_trace(names[0], &options[0], &nets[0], &traces[0]))
        return EXIT_INPUT;
    bool good = open_trace(names[1], &options[1], &nets[1], &traces[1]);
    if (good) {
        good = table_format(format, &table) ? trace_print_compare(&traces[0], &traces[1], table, aux)
                                            : trace_print_compare_json(&traces[0], &traces[1], aux);
        trace_free(&traces[1]);
        net_free(nets[1]);
    }
    trace_free(&traces[0]);
    net_free(nets[0]);
    return good ? EXIT_OK : EXIT_INPUT;
}

int cmd_trace(int argc, char **argv)
{
    const char *format = "table", *input = NULL, *rest[2] = {NULL, NULL};
    int classes = INT_MIN, count; /* INT_MIN: not given */
    bool aux = false, compare = false;
    NetOptions options = {0};
    const Option table[] = {
        {"--format", OPT_STRING, &format, "table|csv|json|markdown"},
        {"--input", OPT_STRING, &input, NULL},
        {"--classes", OPT_INT, &classes, NULL},
        {"--aux", OPT_FLAG, &aux, NULL},
        {"--compare", OPT_FLAG, &compare, NULL},
        {"--without-reductions", OPT_STRING, &options.without_reductions, NULL},
        {"--third-branch-3x3", OPT_STRING, &options.third_3x3, NULL},
    };
    if (!cli_parse(argc, argv, table, sizeof table / sizeof table[0], rest, 2, &count))
        return EXIT_USAGE;
    Err reason = {""};
    if (input != NULL && !net_shape(input, &options.input, &reason)) {
        cli_complain("trace: --input takes CxHxW such as 3x224x224: %s", reason.text);
        return EXIT_USAGE;
    }
    if (classes != INT_MIN && classes < 1) {
        cli_complain("trace: --classes takes a number of at least 1, not %d", classes);
        return EXIT_USAGE;
    }
    options.classes = classes != INT_MIN ? classes : 0;
    bool switched = options.without_reductions != NULL || options.third_3x3 != NULL;
    if (compare && (count == 2 || (switched && count < 2))) {
        /* One name and a switch: the network before and after. */
        NetOptions plain = options;
        if (count < 2)
            plain.without_reductions = plain.third_3x3 = NULL;
        const char *first = count > 0 ? rest[0] : "googlenet";
        return trace_two((const char *const[2]){first, count == 2 ? rest[1] : first}, (const NetOptions[2]){plain, options}, format, aux);
    }
    if (compare || count > 1) {
        cli_complain("trace: %s", compare ? "--compare needs two networks, such as --compare googlenet torchvision_googlenet"
                                          : "to compare two networks, use --compare A B");
        return EXIT_USAGE;
    }
    return trace_one(count > 0 ? rest[0] : "googlenet", &options, format, aux);
}
