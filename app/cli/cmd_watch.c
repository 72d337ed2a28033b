/* cmd_watch.c - `inceptoscope watch HISTORY.csv`: shows the curves of a training, running or finished. */
#include "app/cli/cli.h"
#include "app/cli/watch_window.h"

#include <string.h>

int watch_window(const char *path, Lang lang, bool dark, ShellOptions *shell)
{
    Watch watch;
    Err err = {""};
    if (!watch_open(&watch, path, &err)) {
        cli_complain("%s", err.text);
        return EXIT_INPUT;
    }
    watch.lang = lang;
    watch.dark = dark;
    WatchView view = {.watch = &watch};
    App app = watch_app(&view);
    bool headless = shell->script != NULL || shell->screenshot != NULL || shell->dump != NULL;
    bool ok = headless ? shell_headless(&app, shell, &err) : shell_window(&app, shell, &err);
    if (!ok)
        cli_complain("%s", err.text);
    watch_view_free(&view);
    watch_close(&watch);
    return ok ? EXIT_OK : EXIT_INPUT;
}

int cmd_watch(int argc, char **argv)
{
    const char *size = "1280x720", *theme = "light", *language = "en", *path;
    double scale = 0;
    ShellOptions shell = {.title = "Inceptoscope"};
    int count;
    const Option options[] = {
        {"--size", OPT_STRING, &size, NULL},           {"--scale", OPT_FLOAT, &scale, NULL},
        {"--theme", OPT_STRING, &theme, "light|dark"}, {"--lang", OPT_STRING, &language, "en|zh"},
        {"--script", OPT_STRING, &shell.script, NULL}, {"--screenshot", OPT_STRING, &shell.screenshot, NULL},
        {"--dump", OPT_STRING, &shell.dump, NULL},
    };
    if (!cli_parse(argc, argv, options, sizeof options / sizeof *options, &path, 1, &count))
        return EXIT_USAGE;
    Lang lang = LANG_EN;
    if (count == 0 || !cli_size(size, 64, 64, &shell.width, &shell.height) || !(scale >= 0 && scale <= 8)) {
        cli_complain(count == 0 ? "watch: name a history.csv, or the folder of a training"
                                : "watch: --size takes WxH of at least 64x64, --scale takes a number up to 8");
        return EXIT_USAGE;
    }
    lang_parse(language, &lang);
    shell.scale = (float)scale;
    return watch_window(path, lang, strcmp(theme, "dark") == 0, &shell);
}
