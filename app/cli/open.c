/* open.c - opens weights and pictures for commands; see open.h. */
#include "app/cli/open.h"
#include "engine/io/image.h"

#include <stdio.h>
#include <stdlib.h>

static bool open_source(Source *source, const char *weights, const char *network, bool main_only)
{
    char *networks = asset_path("networks"), *shipped = asset_path("weights/flowers.safetensors");
    SourceOptions options = {.weights = weights, .network = network, .networks_dir = networks, .shipped = shipped,
                             .main_only = main_only};
    Err err;
    bool good =
        networks != NULL && shipped != NULL ? source_open(source, &options, &err) : err_set(&err, "not enough memory");
    free(networks);
    free(shipped);
    if (!good) {
        cli_complain("%s", err.text);
        return false;
    }
    const WeightsInfo *info = &source->info;
    if (source->untrained)
        cli_complain("untrained weights: %s has seeded random weights, so its answers have no meaning; name a weight file with --weights",
                     info->network);
    else if (weights != NULL) /* only a file that the user named needs a report */
        fprintf(stderr, "%s: %s (%d class%s)%s%s\n", info->path, info->why, info->classes, info->classes == 1 ? "" : "es",
                info->note[0] != '\0' ? "; " : "", info->note);
    return true;
}

bool cli_open_source(Source *source, const char *weights, const char *network)
{
    return open_source(source, weights, network, false);
}

bool cli_open_main_path(Source *source, const char *weights, const char *network)
{
    return open_source(source, weights, network, true);
}

static int with_source(const char *weights, const char *network, bool main_only, CliUse *use, void *wanted)
{
    Source source;
    Err err = {""};
    if (!open_source(&source, weights, network, main_only))
        return EXIT_INPUT;
    const bool good = use(&source, wanted, &err);
    if (!good && err.text[0] != '\0')
        cli_complain("%s", err.text);
    source_free(&source);
    return good ? EXIT_OK : EXIT_INPUT;
}

int cli_with_source(const char *weights, const char *network, CliUse *use, void *wanted)
{
    return with_source(weights, network, false, use, wanted);
}

int cli_with_main_path(const char *weights, const char *network, CliUse *use, void *wanted)
{
    return with_source(weights, network, true, use, wanted);
}

bool cli_load_picture(const char *path, const Net *net, Image *original, Image *fitted)
{
    Err err;
    if (!image_load(path, original, &err)) {
        cli_complain("%s", err.text);
        return false;
    }
    if (original->note[0] != '\0')
        fprintf(stderr, "%s: %s\n", path, original->note);
    if (image_fit(original, net, fitted, NULL, &err))
        return true;
    cli_complain("%s: %s", path, err.text);
    image_free(original);
    return false;
}

bool cli_fit_picture(const char *path, const Net *net, Image *fitted)
{
    Image original;
    const bool good = cli_load_picture(path, net, &original, fitted);
    if (good)
        image_free(&original);
    return good;
}

float *cli_read_picture(const char *path, const Net *net)
{
    Image fitted;
    if (!cli_fit_picture(path, net, &fitted))
        return NULL;
    float *x = malloc(shape_size(net->input) * sizeof *x);
    if (x == NULL)
        cli_complain("%s: not enough memory", path);
    else
        image_values(&fitted, net, x);
    image_free(&fitted);
    return x;
}
