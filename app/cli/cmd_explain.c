/* cmd_explain.c - `inceptoscope explain FORM ...`; see explain_forms.h. */
#include "app/cli/explain_forms.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    char *whole;            /* its name in messages */
    CommandFn *run;
} forms[] = {
    {"value", "explain value", explain_value_form},
    {"path", "explain path", explain_path_form},
    {"order", "explain order", explain_order},
    {"backward", "explain backward", explain_backward},
    {"circuit", "explain circuit", explain_circuit_form},
    {"share", "explain share", explain_share},
    {"groups", "explain groups", explain_groups},
    {"examples", "explain examples", explain_examples},
    {"wants", "explain wants", explain_wants},
    {"gradients", "explain gradients", explain_gradients},
    {"cam", "explain cam", explain_cam},
    {"occlusion", "explain occlusion", explain_occlusion},
    {"fool", "explain fool", explain_fool},
    {"sanity", "explain sanity", explain_sanity},
};
enum { FORMS = sizeof forms / sizeof *forms };

int cmd_explain(int argc, char **argv)
{
    for (int i = 0; argc > 1 && i < FORMS; i++)
        if (strcmp(argv[1], forms[i].name) == 0) {
            argv[1] = forms[i].whole;
            return forms[i].run(argc - 1, argv + 1);
        }
    char names[256] = "";
    for (int i = 0; i < FORMS; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i == 0 ? "" : i == FORMS - 1 ? " or " : ", ", forms[i].name);
    cli_complain("explain: expected %s, not '%s'", names, argc > 1 ? argv[1] : "");
    return EXIT_USAGE;
}
