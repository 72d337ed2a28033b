/* program.c - opens the program with weights and a picture; see program.h. */
#include "app/cli/program.h"

#include <stdio.h>
#include <stdlib.h>

static bool open_picture(const char *path, const char *images_dir, const Net *net, Picture *out, Err *err)
{
    char own[4096];
    if (path == NULL && net->given_input != NULL)
        return picture_given(net, out, err);
    snprintf(own, sizeof own, "%s/daisy.png", images_dir);
    return picture_open(path != NULL ? path : own, net, out, err);
}

static Inceptoscope *open_in(const ProgramFiles *files, SessionOptions *options, Err *err)
{
    Source source;
    if (!cli_open_source(&source, files->weights, files->network))
        return NULL;
    if ((files->labels != NULL && !source_read_labels(&source, files->labels, err)) ||
        !open_picture(files->image, options->images_dir, source.net, &options->model.picture, err)) {
        source_free(&source);
        return NULL;
    }
    options->model.source = shared_source_new(source);
    if (options->model.source == NULL) {
        picture_free(&options->model.picture);
        err_set(err, "not enough memory");
        return NULL;
    }
    return inceptoscope_new(options, err);
}

Inceptoscope *program_open(const ProgramFiles *files, SessionOptions options, Err *err)
{
    char *networks = asset_path("networks"), *images = asset_path("images"), *weights = asset_path("weights"), *lessons = lessons_path();
    Inceptoscope *program = NULL;
    options.model.networks_dir = networks;
    options.images_dir = images;
    options.weights_dir = weights;
    options.lessons_dir = lessons;
    if (networks != NULL && images != NULL && weights != NULL && lessons != NULL)
        program = open_in(files, &options, err);
    else
        err_set(err, "not enough memory");
    free(networks);
    free(images);
    free(weights);
    free(lessons);
    return program;
}
