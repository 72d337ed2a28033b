/* cmd_window.c - opens the window, or runs it headless: options, settings, and what is shown first. */
#include "app/cli/program.h"
#include "app/model/settings.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct WindowOptions {
    const char *image, *weights, *network, *labels, *engine, *lesson, *exercise, *lang, *theme, *size, *range, *map, *outliers, *screenshot, *script, *dump, *photos, *eval_set;
    Place place;
    double scale;
    int width, height;          /* from --size; 0 if not given */
    int lesson_seed;            /* of the order of a lesson's choices; 0: the lesson's own */
    bool headless;
} WindowOptions;

static bool known_view(const char *name)
{
    char names[240];
    ViewKind view;
    if (view_parse(name, &view))
        return true;
    view_names_text(names, sizeof names);
    cli_complain("--view takes one of %s, not '%s'", names, name);
    return false;
}

static bool parse_options(int argc, char **argv, WindowOptions *o)
{
    char maps[128];
    look_map_names_text(maps, sizeof maps);
    const Option options[] = {
        {"--weights", OPT_STRING, &o->weights, NULL},    {"--network", OPT_STRING, &o->network, NULL},
        {"--labels", OPT_STRING, &o->labels, NULL},
        {"--engine", OPT_STRING, &o->engine, engine_names}, {"--lesson", OPT_STRING, &o->lesson, NULL},
        {"--exercise", OPT_STRING, &o->exercise, NULL},
        {"--lesson-seed", OPT_INT, &o->lesson_seed, NULL},
        {"--at", OPT_STRING, &o->place.at, NULL},        {"--pos", OPT_STRING, &o->place.pos, NULL},
        {"--view", OPT_STRING, &o->place.view, NULL},    {"--stage", OPT_STRING, &o->place.stage, NULL},
        {"--photos", OPT_STRING, &o->photos, NULL},      {"--eval-set", OPT_STRING, &o->eval_set, NULL},
        {"--silence", OPT_STRING, &o->place.knife.silence, "1x1|3x3|5x5|pool"}, {"--prune", OPT_FLOAT, &o->place.knife.prune, NULL},
        {"--prune-layer", OPT_STRING, &o->place.knife.prune_layer, NULL},       {"--bits", OPT_INT, &o->place.knife.bits, NULL},
        {"--drop-reductions", OPT_STRING, &o->place.knife.drop_reductions, NULL}, {"--swap-channels", OPT_FLAG, &o->place.knife.swap, NULL},
        {"--groups", OPT_INT, &o->place.groups, NULL},
        {"--class", OPT_INT, &o->place.class_index, NULL}, {"--against", OPT_INT, &o->place.against, NULL}, {"--range", OPT_STRING, &o->range, NULL},
        {"--map", OPT_STRING, &o->map, maps}, {"--outliers", OPT_STRING, &o->outliers, "clip|keep"},
        {"--randomize", OPT_STRING, &o->place.randomize, NULL},
        {"--choose", OPT_STRING, &o->place.choose, NULL}, {"--step", OPT_INT, &o->place.step, NULL}, {"--upwards", OPT_FLAG, &o->place.upwards, NULL},
        {"--of", OPT_STRING, &o->place.of, "score|loss"},
        {"--page", OPT_STRING, &o->place.page, "step|chart"}, {"--mode", OPT_STRING, &o->place.mode, "train|eval"},
        {"--losses", OPT_STRING, &o->place.losses, NULL}, {"--label", OPT_INT, &o->place.label, NULL}, {"--lr", OPT_FLOAT, &o->place.lr, NULL},
        {"--levels", OPT_FLOAT, &o->place.levels, NULL}, {"--seed", OPT_INT, &o->place.seed, NULL},
        {"--without-reductions", OPT_STRING, &o->place.without_reductions, NULL},
        {"--third-branch-3x3", OPT_STRING, &o->place.third_3x3, NULL},
        {"--lang", OPT_STRING, &o->lang, "en|zh"},
        {"--theme", OPT_STRING, &o->theme, "light|dark"}, {"--size", OPT_STRING, &o->size, NULL},
        {"--scale", OPT_FLOAT, &o->scale, NULL},         {"--screenshot", OPT_STRING, &o->screenshot, NULL},
        {"--script", OPT_STRING, &o->script, NULL},      {"--dump", OPT_STRING, &o->dump, NULL},
    };
    int images;
    Look look;
    argv[0] = "window"; /* its name in messages */
    o->place.class_index = o->place.against = o->place.groups = o->place.seed = o->place.step = o->place.label = INT_MIN;
    o->place.levels = (double)NAN;
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], &o->image, 1, &images))
        return false;
    if (o->size != NULL && !cli_size(o->size, 320, 200, &o->width, &o->height)) {
        cli_complain("--size takes WIDTHxHEIGHT from 320x200 to 16384x16384, such as 1280x720, not '%s'", o->size);
        return false;
    }
    if (!(o->scale >= 0 && o->scale <= 8)) {
        cli_complain("--scale takes a number up to 8, such as 2, not %g", o->scale);
        return false;
    }
    o->place.has_class = o->place.class_index != INT_MIN;
    o->place.has_groups = o->place.groups != INT_MIN;
    o->place.has_against = o->place.against != INT_MIN;
    o->place.has_step = o->place.step != INT_MIN;
    o->place.has_label = o->place.label != INT_MIN;
    o->place.has_seed = o->place.seed != INT_MIN;
    o->place.has_levels = !isnan(o->place.levels);
    if (o->place.at == NULL && (o->place.pos != NULL || o->place.stage != NULL)) {
        cli_complain("%s needs --at: %s", o->place.pos != NULL ? "--pos" : "--stage",
                     o->place.pos != NULL ? "a position needs a layer" : "a stage needs the layer that it shows");
        return false;
    }
    if (o->range != NULL && !look_parse_range(o->range, &look)) {
        cli_complain("--range takes map, layer, module or LOW,HIGH such as 0,2.5, not '%s'", o->range);
        return false;
    }
    Err err;
    if (!knife_words_good(&o->place.knife, &err)) {
        cli_complain("%s", err.text);
        return false;
    }
    o->headless = o->screenshot != NULL || o->script != NULL || o->dump != NULL;
    return o->place.view == NULL || known_view(o->place.view);
}

/* Headless runs always start with the default settings; the window starts with those of the last session. */
static Settings choose_settings(const WindowOptions *o)
{
    Err err;
    Settings settings = settings_default();
    if (o->headless)
        settings.screen.lang = LANG_EN;
    else if (!settings_load(&settings, &err))
        cli_complain("%s", err.text);
    if (o->width > 0) {
        settings.width = o->width;
        settings.height = o->height;
    }
    if (o->lang != NULL)
        lang_parse(o->lang, &settings.screen.lang);
    if (o->theme != NULL)
        settings.screen.dark = strcmp(o->theme, "dark") == 0;
    if (o->range != NULL)
        look_parse_range(o->range, &settings.look);
    if (o->map != NULL)
        look_parse_map(o->map, &settings.look);
    if (o->outliers != NULL)
        settings.look.clip_outliers = strcmp(o->outliers, "clip") == 0;
    return settings;
}

/* Finds a lesson by path, by number ("3") or by the name of its file ("inception-3a", "03-inception-3a"). */
static bool open_lesson(Session *session, const char *name, Err *err)
{
    const Model *m = &session->model;
    char folder[4096], path[4096];
    snprintf(folder, sizeof folder, "%s/%s", session->classroom.lessons_dir, lang_code(m->screen.lang));
    const bool found = lesson_find(folder, ".lesson", name, path, sizeof path);
    if (!found && strchr(name, '/') == NULL && strstr(name, ".lesson") == NULL)
        return err_set(err, "no lesson '%s' in %s; inceptoscope lesson list shows their names", name, folder);
    if (!found)
        snprintf(path, sizeof path, "%s", name);
    Lesson lesson; /* read once here, so that a mistake in it is an error of the command, not a line in the window */
    if (!lesson_load(path, m->networks_dir, model_net(m), &lesson, err))
        return false;
    lesson_free(&lesson);
    session_open_lesson(session, path);
    return true;
}

/* The same for an exercise. */
static bool open_exercise(Session *session, const char *name, Err *err)
{
    const Model *m = &session->model;
    char folder[4096], path[4096];
    Exercise e;
    snprintf(folder, sizeof folder, "%s/exercises/%s", session->classroom.lessons_dir, lang_code(m->screen.lang));
    if (!lesson_find(folder, ".exercise", name, path, sizeof path))
        snprintf(path, sizeof path, "%s", name);
    if (!exercise_load(path, m->networks_dir, &e, err))
        return false;
    exercise_free(&e);
    session_open_exercise(session, path);
    return true;
}

static bool go_to_start(Session *session, const WindowOptions *o, Err *err)
{
    session->classroom.seed = (uint64_t)o->lesson_seed;
    if (o->lesson != NULL && !open_lesson(session, o->lesson, err))
        return false;
    if (o->exercise != NULL && !open_exercise(session, o->exercise, err))
        return false;
    if (o->photos != NULL)
        session_open_photos(session, o->photos);
    if (o->eval_set != NULL)
        session_judge(session, o->eval_set);
    if (o->lesson == NULL && o->exercise == NULL && o->place.at == NULL && o->place.view == NULL)
        model_view(&session->model, VIEW_OVERVIEW); /* what this is, before where one goes */
    return model_place(&session->model, &o->place, err);
}

static void keep_settings(void *user, int width, int height)
{
    const Model *m = user;
    Err err;
    Settings settings = {width, height, m->look, m->screen};
    if (settings.look.range == RANGE_LOCKED)
        settings.look.range = RANGE_LAYER;
    if (!settings_save(&settings, &err))
        cli_complain("%s", err.text);
}

/* Goes to the place that was asked for, then runs the shell until it ends. */
static bool run(Inceptoscope *program, const WindowOptions *o, const Settings *settings, Err *err)
{
    Session *session = inceptoscope_session(program);
    if (!go_to_start(session, o, err))
        return false;
    const App app = inceptoscope_app(program);
    const ShellOptions shell = {
        .width = settings->width, .height = settings->height, .scale = (float)o->scale, .title = "Inceptoscope",
        .leave = keep_settings, .leave_user = &session->model, .script = o->script, .screenshot = o->screenshot, .dump = o->dump,
    };
    return o->headless ? shell_headless(&app, &shell, err) : shell_window(&app, &shell, err);
}

int cmd_window(int argc, char **argv)
{
    WindowOptions o = {0};
    if (!parse_options(argc, argv, &o))
        return EXIT_USAGE;
    Err err = {""};
    Settings settings = choose_settings(&o);
    const ProgramFiles files = {.weights = o.weights, .network = o.network, .labels = o.labels, .image = o.image};
    const SessionOptions options = {.model = {.engine = engine_named(o.engine), .look = settings.look, .screen = settings.screen}, .keep = !o.headless};
    Inceptoscope *program = program_open(&files, options, &err);
    bool good = program != NULL && run(program, &o, &settings, &err);
    inceptoscope_free(program);
    if (!good && err.text[0] != '\0')
        cli_complain("%s", err.text);
    return good ? EXIT_OK : EXIT_INPUT;
}
