/* explain_forms.h - the forms of `inceptoscope explain`, one file each; cmd_explain.c chooses. argv[0] is the form's name. */
#ifndef INCEPTOSCOPE_CLI_EXPLAIN_FORMS_H
#define INCEPTOSCOPE_CLI_EXPLAIN_FORMS_H

#include "app/cli/cli.h"

CommandFn explain_value_form, explain_circuit_form, explain_share, explain_groups, explain_gradients, explain_cam, explain_occlusion,
    explain_fool;

#endif
