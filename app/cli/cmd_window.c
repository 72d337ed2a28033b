/* cmd_window.c - the window, and its headless forms: without a subcommand the arguments end up here. */
#include "app/cli/open.h"
#include "app/views/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct WindowOptions {
    const char *weights, *network, *engine, *at, *pos, *view, *lesson, *lang, *theme, *size, *screenshot, *script, *dump;
    double scale;
    int width, height;
} WindowOptions;

/* lessons/ stands beside assets/ in the source tree and among the other assets when installed. */
static char *lessons_path(void)
{
    char *installed = asset_path("lessons");
    if (installed != NULL && access(installed, R_OK) == 0)
        return installed;
    free(installed);
    return asset_path("../lessons");
}

/* "3", "03-inception-3a" or a path: of the first lesson that fits, from malloc; NULL when there is none. */
static char *find_lesson(const char *lessons, const char *lang, const char *name)
{
    char folder[1200], **paths;
    if (access(name, R_OK) == 0)
        return strdup(name);
    snprintf(folder, sizeof folder, "%s/%s", lessons, lang);
    const int count = lesson_list(folder, &paths);
    char *found = NULL;
    for (int i = 0; i < count; i++) {
        const char *file = strrchr(paths[i], '/') + 1;
        char *end;
        const long number = strtol(name, &end, 10);
        const bool by_number = *end == '\0' && end != name && strtol(file, NULL, 10) == number;
        if (found == NULL && (by_number || strstr(file, name) != NULL))
            found = strdup(paths[i]);
        free(paths[i]);
    }
    free(paths);
    return found;
}

static bool parse(int argc, char **argv, WindowOptions *o, const char **image)
{
    const Option options[] = {
        {"--weights", OPT_STRING, &o->weights, NULL},       {"--network", OPT_STRING, &o->network, NULL},
        {"--engine", OPT_STRING, &o->engine, engine_names}, {"--at", OPT_STRING, &o->at, NULL},
        {"--pos", OPT_STRING, &o->pos, NULL},               {"--view", OPT_STRING, &o->view, NULL},
        {"--lesson", OPT_STRING, &o->lesson, NULL},         {"--lang", OPT_STRING, &o->lang, "en|zh"},
        {"--theme", OPT_STRING, &o->theme, "light|dark"},   {"--size", OPT_STRING, &o->size, NULL},
        {"--scale", OPT_FLOAT, &o->scale, NULL},            {"--screenshot", OPT_STRING, &o->screenshot, NULL},
        {"--script", OPT_STRING, &o->script, NULL},         {"--dump", OPT_STRING, &o->dump, NULL},
    };
    int images;
    char rest;
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], image, 1, &images))
        return false;
    if (images == 0)
        *image = NULL;
    if (o->size != NULL && (sscanf(o->size, "%dx%d%c", &o->width, &o->height, &rest) != 2 || o->width < 320 || o->height < 240 ||
                            o->width > 16384 || o->height > 16384)) {
        cli_complain("--size %s: expected WIDTHxHEIGHT in pixels, such as 1600x900", o->size);
        return false;
    }
    if (o->scale < 0 || o->scale > 8) {
        cli_complain("--scale %g: expected a number up to 8", o->scale);
        return false;
    }
    return true;
}

/* Where the options say to stand. */
static bool stand(Model *m, const WindowOptions *o, const char *lessons)
{
    Err err;
    if (o->lesson != NULL) {
        char *path = find_lesson(lessons, lang_code(m->screen.lang), o->lesson);
        if (path == NULL) {
            cli_complain("there is no lesson '%s'; `inceptoscope lesson list` names them", o->lesson);
            return false;
        }
        model_lesson_open(m, path);
        free(path);
        if (m->lesson.step_count == 0) {
            cli_complain("%s", m->status);
            return false;
        }
    }
    if (o->at == NULL && o->pos == NULL && o->view == NULL)
        return true;
    if (!model_goto(m, o->at != NULL ? o->at : model_net(m)->layers[m->at].name, o->pos, o->view, &err)) {
        cli_complain("%s", err.text);
        return false;
    }
    return true;
}

static bool open_and_run(const WindowOptions *o, const char *image, const char *networks, const char *images, const char *lessons)
{
    Err err;
    Source source;
    Picture picture;
    char flower[1200];
    if (!cli_open_source(&source, o->weights, o->network))
        return false;
    snprintf(flower, sizeof flower, "%s/daisy.png", images);
    if (!picture_open(image != NULL ? image : flower, source.net, &picture, &err)) {
        cli_complain("%s", err.text);
        source_free(&source);
        return false;
    }
    ModelOptions options = {.picture = picture, .engine = engine_named(o->engine), .networks_dir = networks, .images_dir = images,
                            .lessons_dir = lessons, .look = {.range = RANGE_LAYER, .field = true, .clip_outliers = true},
                            .screen = {.dark = o->theme != NULL && strcmp(o->theme, "dark") == 0}};
    if (o->lang != NULL)
        lang_parse(o->lang, &options.screen.lang);
    options.source = shared_source_new(source);
    Inceptoscope *program = options.source != NULL ? inceptoscope_new(&options, &err) : NULL;
    if (program == NULL) {
        cli_complain("%s", options.source != NULL ? err.text : "not enough memory");
        return false;
    }
    bool good = stand(inceptoscope_model(program), o, lessons);
    if (good) {
        const App app = inceptoscope_app(program);
        const bool headless = o->script != NULL || o->screenshot != NULL || o->dump != NULL;
        const ShellOptions shell = {.width = o->width, .height = o->height, .scale = (float)o->scale, .title = "Inceptoscope",
                                    .script = o->script, .screenshot = o->screenshot, .dump = o->dump};
        good = headless ? shell_headless(&app, &shell, &err) : shell_window(&app, &shell, &err);
        if (!good)
            cli_complain("%s", err.text);
    }
    inceptoscope_free(program);
    return good;
}

int cmd_window(int argc, char **argv)
{
    WindowOptions options = {.width = 1600, .height = 900};
    const char *image = NULL;
    if (!parse(argc, argv, &options, &image))
        return EXIT_USAGE;
    char *networks = asset_path("networks"), *images = asset_path("images"), *lessons = lessons_path();
    bool good = false;
    if (networks == NULL || images == NULL || lessons == NULL)
        cli_complain("not enough memory");
    else
        good = open_and_run(&options, image, networks, images, lessons);
    free(networks);
    free(images);
    free(lessons);
    return good ? EXIT_OK : EXIT_INPUT;
}
