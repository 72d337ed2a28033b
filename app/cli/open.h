/* open.h - the first steps of several commands: open weights as --weights and --network say, read pictures. */
#ifndef INCEPTOSCOPE_OPEN_H
#define INCEPTOSCOPE_OPEN_H

#include "app/cli/cli.h"
#include "app/model/source.h"
#include "engine/io/image.h"

/* Opens the weights that the options name, or the shipped ones, and says on standard error what was chosen and why
 * ("untrained weights" when there are none). False after the message was printed. */
bool cli_open_source(Source *source, const char *weights, const char *network);
/* The same for a command that never looks at the auxiliary heads: it starts sooner. */
bool cli_open_main_path(Source *source, const char *weights, const char *network);
/* What a command does with an open source: its own wishes are in `wanted`. False with a message, or with none ("") if it was printed or if
 * main.c prints it. */
typedef bool CliUse(const Source *source, void *wanted, Err *err);
/* Opens as the two above, hands the source to `use`, prints its message and closes; the exit status. */
int cli_with_source(const char *weights, const char *network, CliUse *use, void *wanted);
int cli_with_main_path(const char *weights, const char *network, CliUse *use, void *wanted);
/* A picture file as the network sees it, resized and cropped; false after the message was printed. */
bool cli_fit_picture(const char *path, const Net *net, Image *fitted);
/* The same, with the picture as it is in the file. */
bool cli_load_picture(const char *path, const Net *net, Image *original, Image *fitted);
/* The network's input values of a picture file, net->input's size, from malloc; NULL after the message was printed. */
float *cli_read_picture(const char *path, const Net *net);

#endif
