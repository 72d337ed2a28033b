/* explain_forms.h - the forms of `inceptoscope explain`, one file each; cmd_explain.c chooses. argv[0] is the form's name. */
#ifndef INCEPTOSCOPE_CLI_EXPLAIN_FORMS_H
#define INCEPTOSCOPE_CLI_EXPLAIN_FORMS_H

#include "app/cli/cli.h"

CommandFn explain_value_form;
CommandFn explain_backward;
CommandFn explain_circuit_form;
CommandFn explain_share;
CommandFn explain_groups;
CommandFn explain_examples;
CommandFn explain_wants;
CommandFn explain_gradients;
CommandFn explain_cam;
CommandFn explain_occlusion;
CommandFn explain_fool;
CommandFn explain_path_form;
CommandFn explain_sanity;
CommandFn explain_order;

#endif
