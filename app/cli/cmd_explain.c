/* cmd_explain.c - `inceptoscope explain FORM ...`; see explain.h. */
#include "app/cli/explain_forms.h"

#include <string.h>

int cmd_explain(int argc, char **argv)
{
    static const struct {
        const char *name;
        char *whole;            /* its name in messages */
        CommandFn *run;
    } forms[] = {
        {"value", "explain value", explain_value_form},
        {"circuit", "explain circuit", explain_circuit_form},
        {"share", "explain share", explain_share},
        {"groups", "explain groups", explain_groups},
        {"gradients", "explain gradients", explain_gradients},
        {"cam", "explain cam", explain_cam},
        {"occlusion", "explain occlusion", explain_occlusion},
        {"fool", "explain fool", explain_fool},
    };
    for (size_t i = 0; argc > 1 && i < sizeof forms / sizeof *forms; i++)
        if (strcmp(argv[1], forms[i].name) == 0) {
            argv[1] = forms[i].whole;
            return forms[i].run(argc - 1, argv + 1);
        }
    cli_complain("explain: expected value, circuit, share, groups, gradients, cam, occlusion or fool, not '%s'", argc > 1 ? argv[1] : "");
    return EXIT_USAGE;
}
